//! Texts that belong to no set: any Markdown, with or without front matter.

use super::meta::read_policy_meta;
use super::provisions::read_outline;
use super::{PolicyDocument, PolicyMeta};
use jiedu_base::text::SourceFile;
use jiedu_markdown::{self as markdown, RenderOptions};

/// Reads a text as a policy is read, asking for nothing: what its front matter
/// lacks is left out, and nothing is reported.
#[must_use]
pub fn read_loose(file: &SourceFile) -> PolicyDocument {
    let mut findings = Vec::new();
    let front = markdown::front_matter(file).drain_into(&mut findings);
    let is_usable = front.is_present && front.is_readable;
    let meta = if is_usable { read_policy_meta(file, &front, &mut findings) } else { PolicyMeta::default() };
    let title = meta.title.as_ref().map(|title| title.value.clone());
    let options = RenderOptions { title, numbered_as_text: true, ..RenderOptions::default() };
    let blocks = markdown::render(file, front.body, &options).blocks;
    let outline = read_outline(&blocks, &meta);
    PolicyDocument {
        file: file.clone(),
        meta,
        body: markdown::parse_body(file, front.body),
        order: super::ProvisionOrder::of(&outline.provisions),
        provisions: outline.provisions,
        enclosed_from: outline.enclosed_from,
        blocks,
    }
}
