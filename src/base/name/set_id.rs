//! The id of a publication set: `<year>/<slug>`.

use std::fmt;

use super::NameError;

/// The id of a publication set, such as `2025/jijiaoban-14`.
///
/// Grammar: four digits, `/`, then `[a-z0-9][a-z0-9-]*` of at most 63 bytes.
/// The id is also the set's folder below `content/policies/` and its address
/// below `/policies/`.
///
/// ```
/// use jiedu_base::name::SetId;
/// let id = SetId::parse("2025/jijiaoban-14")?;
/// assert_eq!((id.year(), id.slug()), ("2025", "jijiaoban-14"));
/// assert!(SetId::parse("2025/Upper").is_err());
/// # Ok::<(), jiedu_base::name::NameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetId(String);

impl SetId {
    /// Parses an id.
    ///
    /// # Errors
    /// [`NameError`] when the text does not follow the grammar.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let error = || NameError::new(text, "a set id of the form `2025/slug`");
        let (year, slug) = text.split_once('/').ok_or_else(error)?;
        let year_ok = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        if year_ok && is_slug(slug) { Ok(Self(text.to_owned())) } else { Err(error()) }
    }

    /// The four digits before the slash.
    #[must_use]
    pub fn year(&self) -> &str {
        self.0.split_once('/').map_or("", |(year, _)| year)
    }

    /// The part after the slash.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, slug)| slug)
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the text is a slug: `[a-z0-9][a-z0-9-]*`, at most 63 bytes.
pub(crate) fn is_slug(text: &str) -> bool {
    let mut bytes = text.bytes();
    let first_ok = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    first_ok && text.len() <= 63 && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_grammar() {
        for good in ["2025/a", "0000/0", "2025/a-b-9", "2025/a--"] {
            assert!(SetId::parse(good).is_ok(), "{good}");
        }
        let long = format!("2025/{}", "a".repeat(64));
        for bad in [
            "",
            "2025",
            "2025/",
            "2025/-a",
            "2025/A",
            "2025/a/b",
            "25/a",
            "2025/..",
            "２０２５/a",
            "2025/é",
            &long,
        ] {
            assert!(SetId::parse(bad).is_err(), "{bad}");
        }
    }
}
