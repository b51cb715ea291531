//! What each rule reports in the corpus: `src/proof/data/alarms.txt`.

use std::collections::BTreeMap;
use std::path::Path;

use jiedu::proof::{Lists, text_only};
use jiedu::text::SourceFile;

use crate::Outcome;
use crate::sources::texts;

/// Prints the table.
pub fn print(corpus: &Path) -> Outcome<()> {
    let texts = texts(corpus)?;
    let lists = Lists::default();
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for text in &texts {
        let file = SourceFile::new("a.md", text);
        for finding in text_only(&[file], &lists, &|_, _| true) {
            *found.entry(finding.code).or_default() += 1;
        }
    }
    println!("# What the rules report in published regulations; made by tests/tables.");
    println!("texts {}", texts.len());
    println!("chars {}", texts.iter().map(|text| text.chars().count()).sum::<usize>());
    for (code, count) in found {
        println!("{code} {count}");
    }
    Ok(())
}
