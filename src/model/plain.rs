//! A text that stands alone: a file outside a repository, with or without
//! front matter.

use super::meta::read_policy_meta;
use super::provisions::read_outline;
use super::{PolicyDocument, PolicyMeta, ProvisionOrder, Spanned};
use jiedu_base::text::SourceFile;
use jiedu_markdown::{self as markdown, ProseKind, RenderOptions};

/// Reads the provisions of any Markdown text. Nothing is required of it and
/// nothing reported; its title is the one in its front matter, else its first
/// heading of the first level.
///
/// ```
/// use jiedu_base::text::SourceFile;
/// use jiedu_model::read_text;
/// let text = SourceFile::new("a.md", "# 某办法\n\n第一条为了方便群众，制定本办法。\n");
/// let policy = read_text(&text);
/// assert_eq!(policy.provisions[0].anchor, "art1");
/// assert_eq!(policy.provisions[0].words(), "为了方便群众，制定本办法。");
/// ```
#[must_use]
pub fn read_text(file: &SourceFile) -> PolicyDocument {
    let front = markdown::front_matter(file).value;
    let body = markdown::parse_body(file, front.body);
    let mut meta = if front.is_present {
        read_policy_meta(file, &front, &mut Vec::new())
    } else {
        PolicyMeta::default()
    };
    if meta.title.is_none() {
        let heading = body.prose.iter().find(|prose| prose.kind == ProseKind::Heading(1));
        meta.title = heading.map(|prose| Spanned { value: prose.text.clone(), range: prose.range });
    }
    let title = meta.title.as_ref().map(|title| title.value.clone());
    let options = RenderOptions { title, numbered_as_text: true, ..RenderOptions::default() };
    let blocks = markdown::render_blocks(file, front.body, &options);
    let outline = read_outline(&blocks, &meta);
    PolicyDocument {
        file: file.clone(),
        meta,
        body,
        order: ProvisionOrder::of(&outline.provisions),
        provisions: outline.provisions,
        enclosed_from: outline.enclosed_from,
        blocks,
    }
}
