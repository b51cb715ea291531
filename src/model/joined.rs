//! Lines that begin with a label and were joined to the paragraph above.
//!
//! Whoever comes from a word processor ends a line and expects a paragraph;
//! Markdown wants an empty line between.

use super::label::{LabelKind, read_label};
use jiedu_base::finding::{Applicability, Finding, Fix, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_markdown::RenderedBlock;

/// Reports labelled lines inside paragraphs.
pub(super) fn check_joined(file: &SourceFile, blocks: &[RenderedBlock], findings: &mut Vec<Finding>) {
    for block in blocks.iter().filter(|block| block.html.starts_with("<p>")) {
        let mut at = block.range.start;
        for (index, line) in file.slice(block.range).split_inclusive('\n').enumerate() {
            let range = TextRange::new(at, at + line.trim_end().len());
            at += line.len();
            let label = read_label(line).filter(|label| {
                matches!(label.kind, LabelKind::Section | LabelKind::Item)
                    || (label.kind <= LabelKind::Article && label.is_spaced)
            });
            let Some(label) = label.filter(|_| index > 0) else { continue };
            let message = Message::new(
                format!("“{}”前面没有空行，会和上一行连成一段", label.printed),
                format!("`{}` follows no blank line and joins the paragraph above", label.printed),
            );
            let mut finding = Finding::new(
                "M139",
                "labelled-line-joined",
                "layout",
                Severity::Warning,
                Place::range(file, range),
                message,
            );
            let start = TextRange::new(range.start, range.start);
            finding.fix = Some(Fix {
                range: start,
                replacement: "\n".to_owned(),
                applicability: Applicability::NeedsReview,
            });
            findings.push(finding);
        }
    }
}
