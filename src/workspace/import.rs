//! Draft sets from files that the office already has.
//!
//! The policy among the files becomes `policy.md`, a 解读方案 becomes `plan.md`,
//! every interpretation a material, and what is neither an attachment. What the
//! files print is taken over with its source; what they do not print stays
//! blank with a remark, for the writer to fill in. Every file is accounted for
//! in a [`FileReport`]. Files appear together or not at all.

mod alarms;
mod front_matter;
mod roles;

use std::path::Path;

use jiff::civil::Date;

use super::WorkspaceError;
use super::attachments::{free_name, taken, with_link};
use super::files::write_together;
use super::scaffold::{Cited, Scaffold, material_text, next_index, plan_text};
pub(super) use alarms::is_marked;
pub(super) use front_matter::{Blank, policy_text};
use jiedu_base::name::SetId;
use jiedu_base::text::Message;
use jiedu_config::Config;
use jiedu_import::{Changes, Field, Head, Loss, Move, body};
pub use roles::Role;
use roles::Source;
pub(super) use roles::classify;

/// How files are imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Which text counts where changes were tracked.
    pub changes: Option<Changes>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    /// The file as it was named.
    pub file: String,
    /// What it became.
    pub role: Role,
    /// Where it is now, relative to the repository.
    pub path: String,
    /// Characters of the text that was kept.
    pub kept: usize,
    /// What a reader of the original sees and the text does not hold.
    pub lost: Vec<Loss>,
    /// What the text holds in another place or form.
    pub moved: Vec<Move>,
    /// What was recognised or guessed.
    pub notes: Vec<Message>,
    /// Marks of secrecy in it, and personal data in what was left out. They are
    /// told first.
    pub alarms: Vec<Message>,
    /// Whether a mark of secrecy is among them.
    pub is_marked: bool,
}

/// What was imported, and what to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// New files and what to do next.
    pub scaffold: Scaffold,
    /// What became of each file, in the order given.
    pub files: Vec<FileReport>,
}

/// Makes a draft set of `files` (name and bytes).
///
/// # Errors
/// [`WorkspaceError::Usage`] when a file cannot be read or two of them are
/// policies; [`WorkspaceError::Exists`] when the set has such a file. Nothing
/// is written then.
pub fn import(
    root: &Path,
    id: &SetId,
    files: &[(String, Vec<u8>)],
    config: &Config,
    today: Date,
    options: ImportOptions,
) -> Result<Imported, WorkspaceError> {
    let folder = format!("content/policies/{id}");
    let has_policy = root.join(&folder).join("policy.md").exists();
    let sources = roles::sort(files, has_policy, options)?;
    let policy = sources.iter().find(|source| source.role == Role::Policy);
    let cited = match policy {
        Some(policy) => cited(&policy.head),
        None => Cited::of_set(root, id)?,
    };
    let mut draft = Draft { root, id, config, today, folder: folder.clone(), cited, texts: Vec::new() };
    let mut reports: Vec<FileReport> = sources.iter().map(|source| draft.take(source)).collect();
    let linked = draft.link_attachments(&reports)?;
    draft.plan_if_missing();
    let written: Vec<(String, Vec<u8>)> = std::mem::take(&mut draft.texts);
    write_together(root, &folder, &written)?;
    if let Some(text) = linked {
        super::files::replace(&root.join(&folder).join("policy.md"), text.as_bytes())?;
    }
    for report in &mut reports {
        alarms::raise(report, &written);
    }
    let scaffold =
        Scaffold { files: written.into_iter().map(|(path, _)| path).collect(), next: next(id, &folder) };
    Ok(Imported { scaffold, files: reports })
}

/// A set under way.
struct Draft<'a> {
    root: &'a Path,
    id: &'a SetId,
    config: &'a Config,
    today: Date,
    folder: String,
    cited: Cited,
    /// Path and bytes of what will be written.
    texts: Vec<(String, Vec<u8>)>,
}

impl Draft<'_> {
    /// Adds what a file becomes.
    fn take(&mut self, source: &Source<'_>) -> FileReport {
        let mut notes = Vec::new();
        let head = &source.head;
        let (path, text) = match source.role {
            Role::Policy => {
                let index = next_index(self.root, &self.config.office.uscc, self.id.year());
                let blank = Blank { index, config: self.config, today: self.today };
                let (text, found) = policy_text(head, &blank);
                notes.extend(found);
                (format!("{}/policy.md", self.folder), text.into_bytes())
            }
            Role::Plan => {
                let scaffold = plan_text(self.config, self.today);
                notes.push(Message::new(
                    "解读方案的正文已导入；开头的解读单位、解读形式等请照原件填写",
                    "the plan's text was imported; fill in the keys at its top from the original",
                ));
                let text = with_body(&scaffold, &body(&head.text, &[]));
                (format!("{}/plan.md", self.folder), text.into_bytes())
            }
            Role::Material => {
                let title = head.title.as_ref().map_or("〔标题〕", |title| title.value.as_str());
                let scaffold = material_text(title, &self.cited, self.config, self.today);
                let text = with_body(&scaffold, &body(&head.text, &[]));
                (self.free_material(&source.stem), text.into_bytes())
            }
            Role::Attachment => {
                let folder = format!("{}/attachments", self.folder);
                let mut names = taken(&self.root.join(&folder));
                let new = self.texts.iter().filter_map(|(path, _)| path.strip_prefix(&format!("{folder}/")));
                names.extend(new.map(str::to_lowercase));
                (format!("{folder}/{}", free_name(&source.printed, &names)), source.bytes.to_vec())
            }
        };
        self.texts.push((path.clone(), text));
        let is_whole = source.role == Role::Attachment;
        FileReport {
            file: source.file.to_owned(),
            role: source.role,
            path,
            kept: source.characters(),
            lost: if is_whole { Vec::new() } else { source.page.lost.clone() },
            moved: if is_whole { Vec::new() } else { source.moved() },
            notes: notes.into_iter().chain(source.file_notes()).collect(),
            alarms: Vec::new(),
            is_marked: false,
        }
    }

    /// Links new attachments in the policy: the text that will be written, or
    /// the one that stands there, which is then returned.
    fn link_attachments(&mut self, reports: &[FileReport]) -> Result<Option<String>, WorkspaceError> {
        let attached = reports.iter().filter(|report| report.role == Role::Attachment);
        let links: Vec<(String, String)> = attached
            .map(|report| {
                let printed = report.file.rsplit(['/', '\\']).next().unwrap_or(&report.file).to_owned();
                let target = report.path.strip_prefix(&format!("{}/", self.folder)).unwrap_or(&report.path);
                (printed, target.to_owned())
            })
            .collect();
        if links.is_empty() {
            return Ok(None);
        }
        let add = |text: &str| {
            links.iter().fold(text.to_owned(), |text, (name, target)| with_link(&text, name, target))
        };
        let path = format!("{}/policy.md", self.folder);
        if let Some((_, bytes)) = self.texts.iter_mut().find(|(known, _)| *known == path) {
            *bytes = add(&String::from_utf8_lossy(bytes)).into_bytes();
            return Ok(None);
        }
        let standing = self.root.join(&path);
        let text =
            std::fs::read_to_string(&standing).map_err(|error| WorkspaceError::io(&standing, error))?;
        Ok(Some(add(&text)))
    }

    fn plan_if_missing(&mut self) {
        let plan = format!("{}/plan.md", self.folder);
        if self.root.join(&plan).exists() || self.texts.iter().any(|(path, _)| *path == plan) {
            return;
        }
        // 三同步: what explains a policy is released with it.
        let released = self.cited.published.as_deref().and_then(|day| day.get(..10)?.parse().ok());
        self.texts.push((plan, plan_text(self.config, released.unwrap_or(self.today)).into_bytes()));
    }

    /// A file name below `materials/` that is free.
    fn free_material(&self, stem: &str) -> String {
        let plain = SetId::parse(&format!("0000/{stem}")).is_ok();
        let stem = if plain { stem } else { "article" };
        let path = |number: usize| match number {
            1 => format!("{}/materials/{stem}.md", self.folder),
            _ => format!("{}/materials/{stem}-{number}.md", self.folder),
        };
        // Among one more names than there are texts, one is free.
        let is_free = |path: &String| !self.texts.iter().any(|(taken, _)| taken == path);
        (1..=self.texts.len() + 1).map(path).find(is_free).unwrap_or_else(|| path(1))
    }
}

/// What a material cites of the policy imported with it.
fn cited(policy: &Head) -> Cited {
    let value = |field: &Option<Field>| field.as_ref().map(|field| field.value.clone());
    Cited {
        title: value(&policy.title).unwrap_or_else(|| "〔政策标题〕".to_owned()),
        number: value(&policy.number),
        published: value(&policy.published),
    }
}

fn next(id: &SetId, folder: &str) -> Vec<Message> {
    vec![
        Message::new(
            format!("对照原件核对 {folder}/policy.md 开头各项，补齐空白项"),
            format!(
                "compare the values at the top of {folder}/policy.md with the original and fill the blanks"
            ),
        ),
        Message::new(
            format!("检查：jiedu check {id}；半角标点等可用 jiedu fix {id} 一次改正"),
            format!("check it: jiedu check {id}; jiedu fix {id} mends half-width marks and the like at once"),
        ),
    ]
}

/// The front matter of a scaffold with another body.
pub(super) fn with_body(scaffold: &str, body: &str) -> String {
    let head = scaffold.splitn(3, "---\n").take(2).collect::<Vec<_>>().join("---\n");
    format!("{head}---\n\n{body}")
}
