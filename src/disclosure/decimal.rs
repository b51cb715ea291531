//! Exact decimal numbers, as offices write them.

use std::cmp::Ordering;
use std::fmt;

/// A decimal number without rounding: `0.1` is one tenth.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    /// Value times ten to the power of `scale`.
    mantissa: i128,
    scale: u32,
}

/// Digits that a number may have.
const MOST: usize = 30;

impl Decimal {
    /// Reads `300`, `-0.5`, `1_000`, `1,000`, `1e3`. None for anything else and
    /// for numbers of more than thirty digits.
    ///
    /// ```
    /// use jiedu_disclosure::Decimal;
    /// assert_eq!(Decimal::parse("0.50"), Decimal::parse("5e-1"));
    /// assert!(Decimal::parse("0.1") < Decimal::parse("0.2"));
    /// assert_eq!(Decimal::parse("NaN"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits.strip_prefix('+').unwrap_or(digits)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let has_point = digits.contains('.');
        let clean: String = whole.chars().filter(|c| !matches!(c, '_' | ',')).collect();
        let all = format!("{clean}{fraction}");
        let sound = !clean.is_empty() && all.len() <= MOST && all.bytes().all(|b| b.is_ascii_digit());
        if !sound || (has_point && fraction.is_empty()) || exponent.unsigned_abs() > 30 {
            return None;
        }
        let value: i128 = all.parse().ok()?;
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        let (mantissa, scale) = match u32::try_from(scale) {
            // Beyond that comparing would overflow.
            Ok(scale) if scale > 36 => return None,
            Ok(scale) => (value, scale),
            Err(_) => (value.checked_mul(10_i128.checked_pow(scale.unsigned_abs())?)?, 0),
        };
        Some(Self { mantissa: if negative { -mantissa } else { mantissa }, scale }.reduced())
    }

    /// A whole number.
    #[must_use]
    pub fn from_integer(value: i64) -> Self {
        Self { mantissa: i128::from(value), scale: 0 }.reduced()
    }

    /// The number times ten to a power.
    #[must_use]
    pub fn times_ten_to(self, power: u32) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(10_i128.checked_pow(power)?)?;
        Some(Self { mantissa, scale: self.scale }.reduced())
    }

    /// A number a little below, by less than the numbers of any text differ.
    #[must_use]
    pub fn just_below(self) -> Option<Self> {
        let scale = self.scale.checked_add(7).filter(|&scale| scale <= 36)?;
        let mantissa = self.mantissa.checked_mul(10_000_000)?.checked_sub(1)?;
        Some(Self { mantissa, scale })
    }

    /// A number a little above.
    #[must_use]
    pub fn just_above(self) -> Option<Self> {
        let scale = self.scale.checked_add(7).filter(|&scale| scale <= 36)?;
        let mantissa = self.mantissa.checked_mul(10_000_000)?.checked_add(1)?;
        Some(Self { mantissa, scale })
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// One form for equal numbers.
    fn reduced(self) -> Self {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }

    /// Integer part and the digits after the point.
    fn parts(self) -> (i128, i128) {
        let unit = 10_i128.checked_pow(self.scale).unwrap_or(i128::MAX);
        (self.mantissa.div_euclid(unit), self.mantissa.rem_euclid(unit))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.parts(), other.parts());
        a.0.cmp(&b.0).then_with(|| {
            // Fractions below one, compared digit by digit.
            let digits = |part: i128, scale: u32| format!("{part:0>width$}", width = scale as usize);
            let (x, y) = (digits(a.1, self.scale), digits(b.1, other.scale));
            x.trim_end_matches('0').cmp(y.trim_end_matches('0'))
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        if fraction.is_empty() { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(n("300"), n("300.0"));
        assert_eq!(n("1,000"), n("1e3"));
        assert!(n("299.999999999999999999") < n("300"));
        assert!(n("-1.5") < n("-1.25") && n("-0.1") < n("0") && n("0.09") < n("0.1"));
        assert_eq!(n("0.50").to_string(), "0.5");
        assert_eq!(n("-12.30").to_string(), "-12.3");
        assert_eq!(Decimal::from_integer(i64::MIN).to_string(), i64::MIN.to_string());
        for bad in ["", "-", ".", "1.", "NaN", "inf", "0x10", "1e99", "1 000", "９", &"9".repeat(31)] {
            assert!(Decimal::parse(bad).is_none(), "{bad}");
        }
    }
}
