//! Patterns of numbers that differ from place to place (索引号, 统一编号).
//!
//! A pattern is written with placeholders, so that an office can set its own
//! without knowing regular expressions: `{uscc}/{year}-{serial}`.

use super::uscc;

/// One piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// These characters.
    Literal(String),
    /// 18 characters of a credit code.
    Uscc,
    /// 9 characters of an organisation code.
    Organisation,
    /// Four digits.
    Year,
    /// Two digits 01–12.
    Month,
    /// Digits; exactly so many when a width is given.
    Serial(Option<usize>),
    /// Capital letters.
    Letters,
}

/// A pattern of a number, such as `{uscc}/{year}-{serial}`.
///
/// Placeholders: `{uscc}` (with its check character), `{org}`, `{year}`,
/// `{month}`, `{serial}`, `{serial:5}`, `{letters}`; all else is literal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberPattern {
    text: String,
    pieces: Vec<Piece>,
}

/// What a pattern read from a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberParts {
    /// The credit code.
    pub uscc: Option<String>,
    /// The year.
    pub year: Option<i16>,
}

impl NumberPattern {
    /// Parses a pattern; none when a placeholder is unknown or a brace is open.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let (name, tail) = tail.split_once('}')?;
            pieces.push(match name {
                "uscc" => Piece::Uscc,
                "org" => Piece::Organisation,
                "year" => Piece::Year,
                "month" => Piece::Month,
                "serial" => Piece::Serial(None),
                "letters" => Piece::Letters,
                _ => Piece::Serial(Some(
                    name.strip_prefix("serial:")?.parse().ok().filter(|width| *width > 0)?,
                )),
            });
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Some(Self { text: text.to_owned(), pieces })
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a number; none when it does not have the pattern's shape. Check
    /// characters are not judged here.
    #[must_use]
    pub fn read(&self, number: &str) -> Option<NumberParts> {
        let mut parts = NumberParts::default();
        let mut rest = number;
        for piece in &self.pieces {
            let upper = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
            let taken = match piece {
                Piece::Literal(literal) => rest.strip_prefix(literal.as_str()).map(|_| literal.len()),
                Piece::Uscc => leading(rest, upper, Some(18)),
                Piece::Organisation => leading(rest, upper, Some(9)),
                Piece::Year => leading(rest, |c| c.is_ascii_digit(), Some(4)),
                Piece::Month => leading(rest, |c| c.is_ascii_digit(), Some(2)),
                Piece::Serial(width) => leading(rest, |c| c.is_ascii_digit(), *width),
                Piece::Letters => leading(rest, |c| c.is_ascii_uppercase(), None),
            }?;
            let (value, tail) = rest.split_at_checked(taken)?;
            match piece {
                Piece::Uscc => parts.uscc = Some(value.to_owned()),
                Piece::Year => parts.year = value.parse().ok(),
                Piece::Month if !("01"..="12").contains(&value) => return None,
                Piece::Organisation if !uscc::has_valid_organisation_code(value) => return None,
                _ => {}
            }
            rest = tail;
        }
        rest.is_empty().then_some(parts)
    }
}

/// Length in bytes of the leading ASCII characters that fit, exactly `width`
/// of them when given, else at least one.
fn leading(text: &str, fits: impl Fn(char) -> bool, width: Option<usize>) -> Option<usize> {
    let count = text.chars().take_while(|&c| fits(c)).take(width.unwrap_or(usize::MAX)).count();
    (count > 0 && width.is_none_or(|width| width == count)).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_met_in_practice() {
        for (pattern, number) in [
            ("{uscc}/{year}-{serial}", "113701000041890072/2025-00432"),
            ("{uscc}/{year}-{serial:5}", "113701000041890072/2025-00432"),
            ("{uscc}-A/{year}-{serial}", "1137018100420588XX-A/2025-6667894"),
            ("{uscc}/{year}{month}-{serial}", "11341702486344515H/202110-00013"),
            ("{org}/{year}-{serial}", "000014349/2018-00222"),
            ("{letters}-{year}-{serial:7}", "JNCR-2025-0140001"),
        ] {
            assert!(NumberPattern::parse(pattern).unwrap().read(number).is_some(), "{pattern} {number}");
        }
        let national = NumberPattern::parse("{uscc}/{year}-{serial}").unwrap();
        for bad in
            ["", "11370306004220545G/2018-None", "113701000041890072/2025-", "113701000041890072/2025-00432 "]
        {
            assert_eq!(national.read(bad), None, "{bad}");
        }
        assert_eq!(national.read("113701000041890072/2025-1").unwrap().year, Some(2025));
    }

    #[test]
    fn refuses_unknown_placeholders() {
        for bad in ["{", "{x}", "{serial:0}", "{serial:x}", "{uscc"] {
            assert_eq!(NumberPattern::parse(bad), None, "{bad}");
        }
    }
}
