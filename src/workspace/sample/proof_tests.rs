//! The sample content under our own proofreading.

use super::*;
use jiedu_base::finding::Severity;
use jiedu_base::text::SourceFile;
use jiedu_proof::{Lists, text_only};

/// Hints that a reader bears: so many in ten thousand characters.
const HINTS: usize = 3;

#[test]
fn the_sample_content_proofreads_clean() {
    let (mut bad, mut hints, mut characters) = (Vec::new(), Vec::new(), 0);
    for file in SAMPLE.iter().filter(|file| file.is_markdown()) {
        let text = SourceFile::new(file.path, std::str::from_utf8(file.bytes).unwrap());
        characters += text.text().chars().count();
        for finding in text_only(std::slice::from_ref(&text), &Lists::default(), &|_, _| true) {
            let at = finding.place.position();
            let told = if finding.severity == Severity::Hint { &mut hints } else { &mut bad };
            told.push(format!(
                "{:?} {}:{}:{} {} {}",
                finding.severity, file.path, at.line, at.column, finding.rule, finding.message.zh
            ));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert!(hints.len() * 10_000 <= HINTS * characters, "{characters} characters:\n{}", hints.join("\n"));
}
