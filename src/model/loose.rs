//! Texts that belong to no set: any Markdown, with or without front matter.

use super::meta::read_policy_meta;
use super::provisions::read_outline;
use super::{PolicyDocument, PolicyMeta, Spanned};
use jiedu_base::text::SourceFile;
use jiedu_markdown::{self as markdown, ProseKind, RenderOptions};

/// Reads a text as a policy is read, asking for nothing: what its front matter
/// lacks is left out, and nothing is reported. Its title is the one in the front
/// matter, else its first heading of the first level.
///
/// ```
/// use jiedu_base::text::SourceFile;
/// use jiedu_model::read_loose;
/// let policy = read_loose(&SourceFile::new("a.md", "# 某办法\n\n第一条为了方便群众，制定本办法。\n"));
/// assert_eq!(policy.provisions[0].anchor, "art1");
/// assert_eq!(policy.provisions[0].words(), "为了方便群众，制定本办法。");
/// ```
#[must_use]
pub fn read_loose(file: &SourceFile) -> PolicyDocument {
    let mut findings = Vec::new();
    let front = markdown::front_matter(file).drain_into(&mut findings);
    let is_usable = front.is_present && front.is_readable;
    let body = markdown::parse_body(file, front.body);
    let mut meta =
        if is_usable { read_policy_meta(file, &front, &mut findings) } else { PolicyMeta::default() };
    if meta.title.is_none() {
        let heading = body.prose.iter().find(|prose| prose.kind == ProseKind::Heading(1));
        meta.title = heading.map(|prose| Spanned { value: prose.text.clone(), range: prose.range });
    }
    let title = meta.title.as_ref().map(|title| title.value.clone());
    let options = RenderOptions { title, numbered_as_text: true, ..RenderOptions::default() };
    let blocks = markdown::render(file, front.body, &options).blocks;
    let outline = read_outline(&blocks, &meta);
    PolicyDocument {
        file: file.clone(),
        meta,
        body,
        order: super::ProvisionOrder::of(&outline.provisions),
        provisions: outline.provisions,
        enclosed_from: outline.enclosed_from,
        blocks,
    }
}
