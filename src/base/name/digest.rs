//! SHA-256 digests, written `sha256:<64 lower-case hex>`.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::NameError;

/// A SHA-256 digest.
///
/// ```
/// use jiedu_base::name::Digest;
/// let digest = Digest::of(b"");
/// assert!(digest.to_string().starts_with("sha256:e3b0c442"));
/// assert_eq!(Digest::parse(&digest.to_string())?, digest);
/// # Ok::<(), jiedu_base::name::NameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of the bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several pieces, as if they stood in one slice.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Parses `sha256:<64 lower-case hex>`.
    ///
    /// # Errors
    /// [`NameError`] for anything else, upper-case digits included.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let error = || NameError::new(text, "a digest of the form `sha256:<64 hex digits>`");
        Self::parse_hex(text.strip_prefix("sha256:").ok_or_else(error)?).map_err(|_| error())
    }

    /// Parses 64 lower-case hexadecimal digits without a prefix.
    ///
    /// # Errors
    /// [`NameError`] for anything else.
    pub fn parse_hex(text: &str) -> Result<Self, NameError> {
        let error = || NameError::new(text, "64 lower-case hexadecimal digits");
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return Err(error());
        }
        let mut out = [0; 32];
        for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            let [high, low] = [digit(pair[0]), digit(pair[1])];
            *slot = high.ok_or_else(error)? << 4 | low.ok_or_else(error)?;
        }
        Ok(Self(out))
    }

    /// The 64 hexadecimal digits without the prefix.
    #[must_use]
    pub fn hex(&self) -> String {
        // By hand: a site holds some hundred thousand of them.
        let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
        text
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The check code that people compare by eye: the first 32 hexadecimal
    /// digits in eight groups of four.
    #[must_use]
    pub fn check_code(&self) -> String {
        self.0
            .chunks(2)
            .take(8)
            .map(|pair| format!("{:02x}{:02x}", pair[0], pair[1]))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Wraps the 32 bytes of a digest that was computed piece by piece.
impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_refuses_upper_case() {
        let text = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(Digest::parse(&text).unwrap().to_string(), text);
        assert!(Digest::parse(&text.to_uppercase()).is_err());
        assert!(Digest::parse(text.trim_end_matches('a')).is_err());
    }

    #[test]
    fn check_code_has_eight_groups() {
        assert_eq!(Digest::of(b"").check_code(), "e3b0 c442 98fc 1c14 9afb f4c8 996f b924");
    }
}
