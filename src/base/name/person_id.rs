//! The id of a person in the roster.

use std::fmt;

use super::NameError;

/// The id of a person in the roster, such as `li.si`: `[a-z0-9][a-z0-9._-]{0,62}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(String);

impl PersonId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`NameError`] when the text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let mut bytes = text.bytes();
        let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let first_ok = bytes.next().is_some_and(word);
        if first_ok && text.len() <= 63 && bytes.all(|b| word(b) || b"._-".contains(&b)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::new(text, "a person id such as `li.si`"))
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
