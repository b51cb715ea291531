//! Plain texts and tables, in whatever encoding they come.

use super::types::{Reading, Spot, Veil};

/// Reads a text line by line.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let Some(text) = decode(bytes) else {
        reading.unread(
            "看不出文字编码，没有检查；请另存为 UTF-8",
            "the encoding is not known, so nothing was checked; save it as UTF-8",
        );
        return;
    };
    for (index, line) in text.lines().enumerate() {
        reading.passage(&Spot::Line(index + 1), Veil::None, line);
        if reading.is_full() {
            return;
        }
    }
}

/// UTF-8, UTF-16 by its mark, else GB 18030 (which includes GBK). None when
/// the bytes are no text in any of them.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some(encoding.decode(bytes).0.into_owned());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let (text, _, has_errors) = encoding_rs::GB18030.decode(bytes);
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (!has_errors && controls * 50 <= text.len()).then(|| text.into_owned())
}
