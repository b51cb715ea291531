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

/// None when the bytes are no text in any known encoding.
fn decode(bytes: &[u8]) -> Option<String> {
    let text = jiedu_office::decode::text(bytes).ok()?;
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (controls * 50 <= text.len()).then_some(text)
}
