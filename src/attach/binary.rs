//! Office files of before 2007, and encrypted newer ones.
//!
//! The text of Word files is read by their structure. Of others, and of what
//! Word keeps beside the text, runs of two-byte or one-byte characters are read,
//! which is enough to find numbers and marks.

use std::collections::BTreeSet;

use super::types::{Reading, Spot, Veil};
use super::{docx, pages};
use jiedu_office::{Compound, is_word, read_doc};

/// Shorter runs are noise.
const SHORTEST: usize = 6;

/// Reads the runs of characters of a compound file.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8], extension: &str) {
    if wide(bytes, 0).chain(wide(bytes, 1)).any(|run| run.contains("EncryptedPackage")) {
        reading.unread(
            "文件已加密，不能读取，没有检查；公开的附件不应当设密码",
            "the file is encrypted and was not checked; what is published needs no password",
        );
        return;
    }
    // What was read by structure is not handed out twice.
    let mut known = BTreeSet::new();
    if Compound::open(bytes).is_ok_and(|file| is_word(&file)) {
        let document = read_doc(bytes);
        docx::passages(reading, &document);
        for block in document.parts.iter().flat_map(|part| &part.blocks) {
            block.paragraphs(&mut |paragraph| {
                known.insert(
                    paragraph.runs.iter().map(|run| run.text.as_str()).collect::<String>().trim().to_owned(),
                );
            });
        }
    }
    let zh =
        if extension.is_empty() { "旧版格式".to_owned() } else { format!("旧版 .{extension} 格式") };
    reading.remark(
        &pages::OLD_FORMAT,
        Spot::File,
        format!("{zh}只能粗略检查；请另存为 .docx、.xlsx 或 PDF"),
        "an old format, checked roughly only; save it as .docx, .xlsx or PDF",
    );
    for run in wide(bytes, 0).chain(wide(bytes, 1)).chain(narrow(bytes)) {
        for line in run.split(['\r', '\n', '\u{7}']) {
            if !known.contains(line.trim()) {
                reading.passage(&Spot::File, Veil::None, line);
            }
        }
        if reading.is_full() {
            return;
        }
    }
}

/// Runs of two-byte characters that begin at even or odd places.
fn wide(bytes: &[u8], offset: usize) -> impl Iterator<Item = String> + '_ {
    let units = bytes.get(offset..).unwrap_or_default().chunks_exact(2);
    let units = units.map(|pair| {
        u16::from_le_bytes([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)])
    });
    runs(units.map(|unit| char::from_u32(u32::from(unit)).filter(|&c| is_text(c))))
}

/// Runs of ASCII.
fn narrow(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    runs(bytes.iter().map(|&byte| Some(char::from(byte)).filter(|c| c.is_ascii() && is_text(*c))))
}

fn is_text(c: char) -> bool {
    matches!(c, ' '..='~' | '\r' | '\n' | '\u{7}' | '\u{4e00}'..='\u{9fa5}' | '\u{3000}'..='\u{301f}' | '★' | '☆' | '·' | '—' | '…' | '\u{2018}'..='\u{201d}' | '\u{ff01}'..='\u{ff5e}')
}

/// Stretches of characters long enough to be text.
fn runs(chars: impl Iterator<Item = Option<char>>) -> impl Iterator<Item = String> {
    let mut run = String::new();
    let mut count = 0;
    chars.chain([None]).filter_map(move |c| {
        if let Some(c) = c {
            run.push(c);
            count += 1;
            return None;
        }
        let long = std::mem::take(&mut count) >= SHORTEST;
        let done = std::mem::take(&mut run);
        long.then_some(done)
    })
}
