//! Bytes to text: UTF-8, UTF-16 with a mark, or GB 18030 (which contains GBK
//! and GB 2312). A byte that fits none is an error with its place; nothing is
//! replaced by a question mark.

use std::sync::LazyLock;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;

/// Where text in no known encoding begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodingFault {
    /// Line, from 1.
    pub line: usize,
    /// Byte of the line, from 1.
    pub column: usize,
}

/// How far into a page its encoding is looked for (HTML Standard, 13.2.3.2).
const PRESCAN: usize = 1024;

static CHARSET: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)charset\s*=\s*["']?([A-Za-z0-9_:.-]+)"#).ok());

/// Plain text.
///
/// # Errors
/// Where no known encoding fits.
pub fn text(bytes: &[u8]) -> Result<String, EncodingFault> {
    decode(bytes, None)
}

/// A web page, which may name its encoding.
///
/// # Errors
/// Where no known encoding fits.
pub fn html(bytes: &[u8]) -> Result<String, EncodingFault> {
    let start = bytes.get(..PRESCAN.min(bytes.len())).unwrap_or(bytes);
    let named = CHARSET
        .as_ref()
        .and_then(|pattern| pattern.captures(start))
        .and_then(|found| found.get(1).and_then(|label| Encoding::for_label(label.as_bytes())));
    // GB 2312 and GBK are read as the larger GB 18030.
    decode(bytes, named.map(|found| if found == encoding_rs::GBK { GB18030 } else { found }))
}

/// The XML of a part: UTF-8, or what its mark or declaration says.
pub fn xml(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return std::borrow::Cow::Borrowed(text);
    }
    let head = bytes.get(..120.min(bytes.len())).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_lowercase();
    let is_chinese = head.contains("encoding=\"gb") || head.contains("encoding='gb");
    if is_chinese { GB18030.decode(bytes).0 } else { String::from_utf8_lossy(bytes) }
}

fn decode(bytes: &[u8], named: Option<&'static Encoding>) -> Result<String, EncodingFault> {
    if let Some((marked, length)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        return whole(marked, rest).ok_or_else(|| fault(bytes));
    }
    // A page that names an encoding and does not keep to it is common; text
    // that happens to be whole UTF-8 is UTF-8.
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(lines(text));
    }
    let named = named.filter(|named| ![UTF_8, UTF_16LE, UTF_16BE].contains(named));
    named.into_iter().chain([GB18030]).find_map(|encoding| whole(encoding, bytes)).ok_or_else(|| fault(bytes))
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| lines(&text))
}

/// One kind of line end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Where UTF-8 ends.
fn fault(bytes: &[u8]) -> EncodingFault {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let before = bytes.get(..valid).unwrap_or_default();
    let line = before.split(|&byte| byte == b'\n');
    let (count, last) = line.fold((0, 0), |(count, _), line| (count + 1, line.len()));
    EncodingFault { line: count, column: last + 1 }
}
