//! Lines that begin with a label and were joined to the paragraph above.
//!
//! Whoever comes from a word processor ends a line and expects a paragraph;
//! Markdown wants an empty line between.

use super::label::{LabelKind, cites_on, read_label};
use jiedu_base::finding::{Applicability, Finding, Fix, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange, is_blank};
use jiedu_markdown::RenderedBlock;

/// Reports paragraphs that open an article by their number, though they read as
/// if they cited one.
pub(super) fn check_doubtful(
    file: &SourceFile,
    blocks: &[RenderedBlock],
    doubtful: &[usize],
    findings: &mut Vec<Finding>,
) {
    for block in doubtful.iter().filter_map(|&index| blocks.get(index)) {
        let Some(label) = read_label(&block.text) else { continue };
        let printed = &label.printed;
        let message = Message::new(
            format!("这一段按序号是{printed}的正文，按语句像是引用{printed}：已当作{printed}"),
            format!(
                "by its number this paragraph is {printed}, by its words it cites {printed}: taken as {printed}"
            ),
        );
        let place = Place::range(file, block.range);
        findings.push(
            Finding::new("M151", "article-doubtful", "layout", Severity::Warning, place, message).note(
                format!(
                    "是条文的，在“{printed}”后空一格并改换开头的说法；是引用的，在前面加“本办法”等字样，并补上{printed}。"
                ),
                format!(
                    "If it is the article, reword its beginning; if it cites, write e.g. 本办法{printed} and add the article."
                ),
            ),
        );
    }
}

/// Reports labelled lines inside paragraphs.
pub(super) fn check_joined(file: &SourceFile, blocks: &[RenderedBlock], findings: &mut Vec<Finding>) {
    for block in blocks.iter().filter(|block| block.html.starts_with("<p>")) {
        let mut at = block.range.start;
        let mut before = "";
        for (index, line) in file.slice(block.range).split_inclusive('\n').enumerate() {
            let range = TextRange::new(at, at + line.trim_end().len());
            at += line.len();
            // A line that only ran full may begin with a citation.
            let follows_sentence = std::mem::replace(&mut before, line)
                .trim_end_matches(is_blank)
                .ends_with(['。', '；', '：', '！', '？', '”', '）', ';', ':']);
            let label = read_label(line).filter(|label| {
                matches!(label.kind, LabelKind::Section | LabelKind::Item)
                    || (label.kind <= LabelKind::Article
                        && !cites_on(label.rest)
                        && (follows_sentence || !label.gap.is_empty()))
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
