//! What names a finding from one run to the next.
//!
//! A fingerprint is a hash of the rule, the text concerned, sixteen characters
//! of the same line on either side (blanks left out), and the ordinal among
//! equal ones of the file. It stays when the paragraph moves, when lines come or
//! go above it, or when the file is renamed; a change of the sentence voids it,
//! and with it whatever was said about the finding.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::Finding;

/// So many characters on either side belong to the place.
const CONTEXT: usize = 16;

/// The fingerprints of findings, in their order: 32 hexadecimal digits each.
///
/// Equal findings of one file are told apart by their order, so all findings of
/// the file must be given at once, sorted.
#[must_use]
pub fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let mut seen: BTreeMap<(&str, [u8; 32]), u64> = BTreeMap::new();
    findings
        .iter()
        .map(|finding| {
            let base = base(finding);
            let ordinal = seen.entry((finding.place.path.as_str(), base)).or_default();
            let mut hash = Sha256::new();
            hash.update(base);
            hash.update(ordinal.to_be_bytes());
            *ordinal += 1;
            format!("{:.32x}", hash.finalize())
        })
        .collect()
}

/// The hash without the ordinal.
fn base(finding: &Finding) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        // Lengths keep the parts apart.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    part("jiedu.fingerprint/1");
    part(finding.rule);
    let place = &finding.place;
    let Some(file) = &place.file else {
        // No text: what is missing, and where.
        part(&place.path);
        part(&finding.message.zh);
        return hash.finalize().into();
    };
    let text = file.text();
    let solid = |c: &char| !c.is_whitespace();
    let matched: String = file.slice(place.range).chars().filter(solid).collect();
    if matched.is_empty() {
        part(&finding.message.zh);
    }
    let before = text.get(..place.range.start).unwrap_or("").chars().rev();
    let after = text.get(place.range.end..).unwrap_or("").chars();
    let near = |side: &mut dyn Iterator<Item = char>| -> String {
        side.take(16 * CONTEXT).take_while(|&c| c != '\n').filter(solid).take(CONTEXT).collect()
    };
    part(&matched);
    part(&near(&mut before.into_iter()));
    part(&near(&mut after.into_iter()));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Message, Place, Severity};
    use crate::text::{SourceFile, TextRange};

    fn of(path: &str, text: &str, word: &str) -> Vec<String> {
        let file = SourceFile::new(path, text);
        let findings: Vec<Finding> = text
            .match_indices(word)
            .map(|(at, word)| {
                let place = Place::range(&file, TextRange::new(at, at + word.len()));
                Finding::new("P521", "wrong-word", "wrong-word", Severity::Error, place, Message::new("", ""))
            })
            .collect();
        fingerprints(&findings)
    }

    #[test]
    fn moves_keep_it_and_changes_void_it() {
        let one = of("a.md", "要捡查落实。\n", "捡查");
        assert_eq!(one.first().map(String::len), Some(32));
        assert_eq!(one, of("b.md", "# 题\n\n新的一段。\n\n要捡查落实。\n", "捡查"));
        assert_eq!(one, of("a.md", "  要 捡查落实。", "捡查"));
        assert_ne!(one, of("a.md", "须捡查落实。\n", "捡查"));
        let twice = of("a.md", "要捡查落实。\n\n要捡查落实。\n", "捡查");
        assert_eq!((twice.len(), twice.first()), (2, one.first()));
        assert_ne!(twice.first(), twice.last());
    }
}
