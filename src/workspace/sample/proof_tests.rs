//! The sample content under our own proofreading.

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_proof::{Lists, text_only};

#[test]
fn the_sample_content_proofreads_clean() {
    let mut bad = Vec::new();
    for file in SAMPLE.iter().filter(|file| file.is_markdown()) {
        let text = SourceFile::new(file.path, std::str::from_utf8(file.bytes).unwrap());
        for finding in text_only(std::slice::from_ref(&text), &Lists::default(), &|_, _| true) {
            let at = finding.place.position();
            bad.push(format!(
                "{:?} {}:{}:{} {} {}",
                finding.severity, file.path, at.line, at.column, finding.rule, finding.message.zh
            ));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
