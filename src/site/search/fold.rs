//! Folding: one spelling for what readers type in several.
//!
//! White space and punctuation go, full-width forms become half-width, ASCII
//! letters become small. So `济交办[2025] 14 号` is `济交办〔2025〕14号`, and a
//! quotation is found whatever its marks are. The units are those of UTF-16,
//! because a browser counts in them. `search.js` does the same to what is
//! typed and to the texts it checks; a test holds the two together.

/// Units that are not searched, as inclusive ranges: controls, blanks and
/// punctuation. Every other unit is a key.
pub(super) const DROPPED: [(u16, u16); 16] = [
    (0x0000, 0x002f),
    (0x003a, 0x0040),
    (0x005b, 0x0060),
    (0x007b, 0x00bf),
    (0x00d7, 0x00d7),
    (0x00f7, 0x00f7),
    (0x2000, 0x206f),
    (0x3000, 0x3004),
    (0x3008, 0x3020),
    (0x3030, 0x3030),
    (0xfe10, 0xfe1f),
    (0xfe30, 0xfe6f),
    (0xfeff, 0xfeff),
    (0xff5f, 0xff65),
    (0xffe0, 0xffe6),
    (0xfff0, 0xffff),
];

/// Folds a text into units. Halves of a pair move to the private use area, so
/// that a key is always valid text.
pub(crate) fn fold(text: &str) -> impl Iterator<Item = u16> {
    text.encode_utf16().filter_map(|unit| {
        // Nearly every unit is a Han character, and none of those is dropped.
        if (0x3400..=0x9fff).contains(&unit) {
            return Some(unit);
        }
        let narrow = if (0xff01..=0xff5e).contains(&unit) { unit - 0xfee0 } else { unit };
        match narrow {
            _ if DROPPED.iter().any(|(from, to)| (*from..=*to).contains(&narrow)) => None,
            0x41..=0x5a => Some(narrow + 0x20),
            0xd800..=0xdfff => Some(narrow + 0x800),
            _ => Some(narrow),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        String::from_utf16(&fold(text).collect::<Vec<u16>>()).unwrap()
    }

    #[test]
    fn spellings_of_a_number_are_one() {
        for text in
            ["济交办〔2025〕14号", "济交办[2025] 14 号", "济交办（２０２５）14号", "济交办【2025】14号"]
        {
            assert_eq!(folded(text), "济交办202514号");
        }
        assert_eq!(folded("“ＷiFi”，〇、々"), "wifi〇々");
        assert_eq!(fold("𬭚").count(), 2);
    }
}
