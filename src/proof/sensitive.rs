//! What must not be published, looked for in text that is no Markdown: cells,
//! comments, properties of attachments.
//!
//! Personal data, marks of secrecy, and what the office's lists forbid or call
//! by another name; nothing about style.

use jiedu_base::finding::Finding;
use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{Body, Piece, Prose, ProseKind};

use super::document::Document;
use super::lists::Lists;
use super::profile::Profile;
use super::registry::Check;
use super::rules::{pii, secrecy, user_list};
use super::sink::Sink;

/// The findings in passages of text, each with the index of its passage, in
/// their order. Their places are those of a text made of all passages and mean
/// nothing outside.
#[must_use]
pub fn check_passages<'t>(
    passages: impl IntoIterator<Item = &'t str>,
    lists: &Lists,
) -> Vec<(usize, Finding)> {
    let mut text = String::new();
    let mut prose = Vec::new();
    for passage in passages {
        let start = text.len();
        text.push_str(passage);
        let range = TextRange::new(start, text.len());
        let len = passage.len();
        prose.push(Prose {
            kind: ProseKind::TableCell { table: 0, row: 1, column: 0 },
            text: passage.to_owned(),
            pieces: vec![Piece { text: 0, text_len: len, source: start, source_len: len }],
            opaque: Vec::new(),
            range,
        });
        text.push('\n');
    }
    let file = SourceFile::new("", &text);
    let range = TextRange::new(0, text.len());
    let body = Body { file, range, prose, links: Vec::new(), html: Vec::new(), blocks: Vec::new() };
    let document = Document::new(&body, Profile::Official);
    let mut sink = Sink::new(&document);
    for family in [&pii::FAMILY, &secrecy::FAMILY, &user_list::FAMILY] {
        match family.check {
            Check::Segment(check) => {
                document.segments.iter().for_each(|segment| check(&document, segment, &mut sink));
            }
            Check::Document(check) => check(&document, &mut sink),
            Check::Lists(check) => check(&document, lists, &mut sink),
            Check::Elsewhere => {}
        }
    }
    let starts: Vec<usize> = body.prose.iter().map(|prose| prose.range.start).collect();
    let place = |finding: &Finding| {
        starts.partition_point(|&start| start <= finding.place.range.start).saturating_sub(1)
    };
    let mut found: Vec<(usize, Finding)> =
        sink.finish().into_iter().map(|finding| (place(&finding), finding)).collect();
    found.sort_by_key(|(passage, finding)| (*passage, finding.place.range.start, finding.code));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_judged_one_by_one_and_not_as_markdown() {
        let passages =
            ["**标题**", "身份证号：11010519491231002X", "内部资料", "# 1390000", "8858", "机密★1年"];
        let found = check_passages(passages, &Lists::default());
        let places: Vec<(usize, &str)> = found.iter().map(|(at, finding)| (*at, finding.code)).collect();
        assert_eq!(places, [(1, "P601"), (2, "P611"), (5, "P611")]);
    }
}
