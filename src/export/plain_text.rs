//! A policy as plain text: UTF-8, one paragraph a line, an empty line between.

use super::Source;
use super::blocks::{Block, blocks};

/// The text of the policy. Table cells are parted by tabs; a text that nobody
/// approved begins with a line that says so.
#[must_use]
pub fn plain_text(source: &Source<'_>) -> String {
    let mut paragraphs = Vec::new();
    if source.edition.is_none() {
        paragraphs.push("【未审签稿，不得公开】".to_owned());
    }
    let all = blocks(&source.policy.body);
    let title = source.policy.meta.title.as_ref().map(|title| title.value.as_str());
    let has_title =
        all.iter().any(|block| matches!(block, Block::Heading(1, text) if Some(text.as_str()) == title));
    if let Some(title) = title.filter(|_| !has_title) {
        paragraphs.push(title.to_owned());
    }
    for block in all {
        match block {
            Block::Heading(_, text) | Block::Paragraph(text) | Block::Note(text) => paragraphs.push(text),
            Block::Table(rows) => {
                paragraphs.push(rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n"));
            }
        }
    }
    let mut text = paragraphs.join("\n\n");
    text.push('\n');
    text
}
