//! Draft sets from files that the office already has.
//!
//! The first policy among the files becomes `policy.md`, a 解读方案 becomes
//! `plan.md` and every interpretation a material. What the files print is
//! taken over with its source; what they do not print stays blank with a
//! remark, for the writer to fill in.

mod front_matter;

use std::path::Path;

use jiff::civil::Date;

use super::WorkspaceError;
use super::scaffold::{Cited, Scaffold, material_text, plan_text, write_all};
use front_matter::{Blank, policy_text};
use jiedu_base::name::SetId;
use jiedu_base::text::Message;
use jiedu_config::Config;
use jiedu_import::{Block, Field, Head, Page, body, read};

/// What a file is in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Policy,
    Plan,
    Material,
}

/// One file that was read.
struct Read {
    role: Role,
    head: Head,
    page: Page,
    stem: String,
}

/// What was imported, and what to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// New files and what to do next.
    pub scaffold: Scaffold,
    /// What was recognised, guessed or left behind, per file.
    pub notes: Vec<(String, Message)>,
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
) -> Result<Imported, WorkspaceError> {
    let folder = format!("content/policies/{id}");
    let mut notes = Vec::new();
    let mut reads = Vec::new();
    for (name, bytes) in files {
        let page = read(name, bytes).map_err(|error| {
            let message = error.message();
            WorkspaceError::usage(format!("{name}：{}", message.zh), format!("{name}: {}", message.en))
        })?;
        reads.push((name.clone(), classify(name, page)));
    }
    let has_policy = root.join(&folder).join("policy.md").exists();
    // A single file without a telling title is the policy.
    let policies = reads.iter().filter(|(_, read)| read.role == Role::Policy).count();
    if policies > 1 || (policies == 0 && !has_policy) {
        return Err(one_policy(policies));
    }
    let mut texts: Vec<(String, String)> = Vec::new();
    let cited = match reads.iter().find(|(_, read)| read.role == Role::Policy) {
        Some((_, policy)) => cited(&policy.head),
        None => Cited::of_set(root, id)?,
    };
    for (name, read) in &reads {
        let mut say = |message: Message| notes.push((name.clone(), message));
        read.page.notes.iter().cloned().for_each(&mut say);
        match read.role {
            Role::Policy => {
                let blank = Blank { root, id, config, today };
                let (text, found) = policy_text(&read.head, &blank);
                texts.push((format!("{folder}/policy.md"), text));
                found.into_iter().for_each(&mut say);
            }
            Role::Plan => {
                let head = plan_text(config, today);
                texts.push((format!("{folder}/plan.md"), with_body(&head, &body(&read.head.text, &[]))));
                say(Message::new(
                    "解读方案的正文已导入；开头的解读单位、解读形式等请照原件填写",
                    "the plan's text was imported; fill in the keys at its top from the original",
                ));
            }
            Role::Material => {
                let path = free_name(&folder, &read.stem, &texts);
                let title = read.head.title.as_ref().map_or("〔标题〕", |title| title.value.as_str());
                let head = material_text(title, &cited, config, today);
                texts.push((path, with_body(&head, &body(&read.head.text, &[]))));
            }
        }
    }
    let plan = format!("{folder}/plan.md");
    // 三同步: what explains a policy is released with it.
    let released = cited.published.as_deref().and_then(|day| day.get(..10)?.parse().ok()).unwrap_or(today);
    if !root.join(&plan).exists() && !texts.iter().any(|(path, _)| *path == plan) {
        texts.push((plan, plan_text(config, released)));
    }
    write_all(root, &texts)?;
    let scaffold =
        Scaffold { files: texts.into_iter().map(|(path, _)| path).collect(), next: next(id, &folder) };
    Ok(Imported { scaffold, notes })
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

fn one_policy(count: usize) -> WorkspaceError {
    if count == 0 {
        return WorkspaceError::usage(
            "没有认出政策文件：请把政策原文（不是解读）也一并导入",
            "no policy among the files: import the policy itself too",
        );
    }
    WorkspaceError::usage(
        format!(
            "一次只能导入一个政策文件，这里有 {count} 个；解读材料的标题应含“解读”，附件请直接放入 attachments 文件夹"
        ),
        format!(
            "one policy at a time, here are {count}; the title of an interpretation contains 解读, and attachments go straight into the attachments folder"
        ),
    )
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

/// What a file is, by its title.
fn classify(name: &str, page: Page) -> Read {
    let head = Head::read(&page);
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
    let title = head.title.as_ref().map_or(stem.as_str(), |title| title.value.as_str());
    let first = head.text.first().and_then(Block::line).unwrap_or_default();
    let says = |word: &str| title.contains(word) || (head.title.is_none() && first.contains(word));
    let role = if head.number.is_some() && !says("解读方案") {
        Role::Policy
    } else if says("解读方案") {
        Role::Plan
    } else if says("解读") || says("政策问答") || says("一图读懂") {
        Role::Material
    } else {
        Role::Policy
    };
    Read { role, head, page, stem }
}

/// A file name below `materials/` that is free among the new texts.
fn free_name(folder: &str, stem: &str, texts: &[(String, String)]) -> String {
    let plain = SetId::parse(&format!("0000/{stem}")).is_ok();
    let stem = if plain { stem } else { "article" };
    let path = |number: usize| match number {
        1 => format!("{folder}/materials/{stem}.md"),
        _ => format!("{folder}/materials/{stem}-{number}.md"),
    };
    // Among one more names than there are texts, one is free.
    let free = (1..=texts.len() + 1).map(path).find(|path| !texts.iter().any(|(taken, _)| taken == path));
    free.unwrap_or_else(|| path(1))
}

/// The front matter of a scaffold with another body.
fn with_body(scaffold: &str, body: &str) -> String {
    let head = scaffold.splitn(3, "---\n").take(2).collect::<Vec<_>>().join("---\n");
    format!("{head}---\n\n{body}")
}
