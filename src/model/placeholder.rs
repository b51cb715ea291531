//! What a scaffold left for the writer to replace: `〔在此粘贴正文。〕`.

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange, is_han};

/// Fewer Han characters between the brackets are a note of the text itself,
/// such as 〔附件略〕, or the year of a document number.
const LEAST: usize = 5;

/// Reports every line, or quoted value of a line, that is one bracketed note.
pub(super) fn check(file: &SourceFile, findings: &mut Vec<Finding>) {
    let mut at = 0;
    for line in file.text().split_inclusive('\n') {
        let start = at;
        at += line.len();
        let Some((before, rest)) = line.split_once('〔') else { continue };
        let Some((inside, after)) = rest.split_once('〕') else { continue };
        let before = before.trim_end();
        let stands_alone = (before.trim_start().is_empty() || before.ends_with('"'))
            && (after.trim_start().is_empty() || after.starts_with('"'));
        if !stands_alone || inside.chars().filter(|c| is_han(*c)).count() < LEAST {
            continue;
        }
        let from = start + line.find('〔').unwrap_or_default();
        let range = TextRange::new(from, from + inside.len() + 2 * '〔'.len_utf8());
        let message = Message::new(
            "这里还是草稿的提示语，请换成正式内容",
            "this is still the prompt of the draft: replace it",
        );
        findings.push(Finding::new(
            "M124",
            "placeholder-left",
            "metadata",
            Severity::Error,
            Place::range(file, range),
            message,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_found_and_notes_of_the_text_are_not() {
        let found = |text: &str| {
            let file = SourceFile::new("policy.md", text);
            let mut findings = Vec::new();
            check(&file, &mut findings);
            findings.iter().map(|finding| file.slice(finding.place.range).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("甲\n\n〔在此粘贴正文。〕\n"), ["〔在此粘贴正文。〕"]);
        assert_eq!(found("\"内容\" = \"〔意见的要点〕\"\n"), ["〔意见的要点〕"]);
        assert_eq!(found("〔先给结论，再说怎么办。〕\"\"\"\n"), ["〔先给结论，再说怎么办。〕"]);
        assert!(found("〔附件略〕\n\n济交办〔2025〕14号\n\n依据〔中华人民共和国公路法〕执行\n").is_empty());
    }
}
