//! Which file is the policy, which its plan, its interpretations, its
//! attachments.

use super::{ImportOptions, WorkspaceError};
use jiedu_base::text::Message;
use jiedu_import::{Block, Head, Move, Options, Page, read};

/// What a file is in its set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `policy.md`.
    Policy,
    /// `plan.md`.
    Plan,
    /// A file in `materials`.
    Material,
    /// A file in `attachments`, as it is.
    Attachment,
}

impl Role {
    /// The word for it in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Plan => "plan",
            Self::Material => "material",
            Self::Attachment => "attachment",
        }
    }
}

/// One file that was read.
pub(super) struct Source<'f> {
    pub(super) role: Role,
    pub(super) head: Head,
    pub(super) page: Page,
    /// The name as it was given.
    pub(super) file: &'f str,
    /// Its last part, and that without the extension.
    pub(super) printed: String,
    pub(super) stem: String,
    pub(super) bytes: &'f [u8],
}

impl Source<'_> {
    /// Characters of the text.
    pub(super) fn characters(&self) -> usize {
        self.page.blocks.iter().map(|block| block.text().chars().count()).sum()
    }

    /// What was moved on the way, the metadata among it.
    pub(super) fn moved(&self) -> Vec<Move> {
        let stated = self.head.metadata_lines.iter().map(|line| Move {
            what: Message::new(format!("元数据“{line}”"), format!("metadata “{line}”")),
            place: Message::new("正文前", "before the text"),
            to: Message::new("文件开头各项", "the values at the top of the file"),
        });
        self.page.moved.iter().cloned().chain(stated).collect()
    }

    /// Files that the page links to.
    pub(super) fn file_notes(&self) -> Vec<Message> {
        let note = |(target, name): &(String, String)| {
            let shown = if name.is_empty() || name == target {
                format!("“{target}”")
            } else {
                format!("“{name}”（{target}）")
            };
            Message::new(
                format!("链接的文件{shown}没有下载；请下载后用 jiedu attach 放入"),
                format!(
                    "the linked file {shown} was not downloaded; download it and add it with `jiedu attach`"
                ),
            )
        };
        self.page.files.iter().map(note).collect()
    }
}

/// Reads all files and says what each is.
pub(super) fn sort(
    files: &[(String, Vec<u8>)],
    has_policy: bool,
    options: ImportOptions,
) -> Result<Vec<Source<'_>>, WorkspaceError> {
    let mut sources = Vec::new();
    for (file, bytes) in files {
        sources.push(source(file, bytes, files.len() > 1 || has_policy, options)?);
    }
    let count =
        |sources: &[Source<'_>], role: Role| sources.iter().filter(|source| source.role == role).count();
    if !has_policy && count(&sources, Role::Policy) == 0 {
        // A text of any kind may be what a set publishes.
        let rank = |source: &&mut Source<'_>| match source.role {
            Role::Material => 0,
            Role::Attachment => 1,
            _ => 2,
        };
        if let Some(best) =
            sources.iter_mut().filter(|source| !source.page.blocks.is_empty()).min_by_key(rank)
        {
            best.role = Role::Policy;
        }
    }
    let mut policies = count(&sources, Role::Policy);
    if policies > 1 {
        // A notice and what it sends out: the one with a number is the policy.
        let numbered = |source: &Source<'_>| source.role == Role::Policy && source.head.number.is_some();
        if sources.iter().filter(|source| numbered(source)).count() == 1 {
            for source in sources
                .iter_mut()
                .filter(|source| source.role == Role::Policy && source.head.number.is_none())
            {
                source.role = Role::Attachment;
            }
            policies = 1;
        }
    }
    if policies > 1 || (policies == 0 && !has_policy) {
        return Err(one_policy(policies));
    }
    Ok(sources)
}

fn source<'f>(
    file: &'f str,
    bytes: &'f [u8],
    may_be_attachment: bool,
    options: ImportOptions,
) -> Result<Source<'f>, WorkspaceError> {
    let printed = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
    let (stem, extension) = printed.rsplit_once('.').unwrap_or((&printed, ""));
    let (stem, extension) = (stem.to_owned(), extension.to_ascii_lowercase());
    let is_table = matches!(extension.as_str(), "xls" | "xlsx" | "et" | "csv" | "ods");
    let is_named = ["附件", "附表", "附图", "附录"].iter().any(|start| stem.starts_with(start));
    let is_attachment = may_be_attachment && (is_table || is_named);
    let page = match read(file, bytes, Options { changes: options.changes }) {
        Ok(page) => page,
        Err(_) if is_attachment => Page::default(),
        Err(error) => {
            let message = error.message();
            return Err(WorkspaceError::usage(
                format!("{file}：{}", message.zh),
                format!("{file}: {}", message.en),
            ));
        }
    };
    let head = Head::read(&page);
    let role = if is_attachment { Role::Attachment } else { classify(&head, &stem) };
    Ok(Source { role, head, page, file, printed, stem, bytes })
}

/// What a text is, by its title.
pub(crate) fn classify(head: &Head, stem: &str) -> Role {
    let title = head.title.as_ref().map_or(stem, |title| title.value.as_str());
    let first = head.text.first().and_then(Block::line).unwrap_or_default();
    let says = |word: &str| title.contains(word) || (head.title.is_none() && first.contains(word));
    if says("解读方案") {
        Role::Plan
    } else if head.number.is_some() {
        Role::Policy
    } else if ["解读", "政策问答", "一图读懂", "图解", "答记者问", "起草说明", "热点问答"]
        .iter()
        .any(|word| says(word))
    {
        Role::Material
    } else {
        Role::Policy
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
            "一次只能导入一个政策文件，这里有 {count} 个；解读材料的标题应含“解读”，附件请用 jiedu attach 放入"
        ),
        format!(
            "one policy at a time, here are {count}; the title of an interpretation contains 解读, and attachments are added with `jiedu attach`"
        ),
    )
}
