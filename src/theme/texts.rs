//! The words of the interface.

use std::collections::BTreeMap;

use super::{ThemeError, ThemeFault, ThemeFile};

/// Texts by dotted key: `policy.coverage`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    entries: BTreeMap<String, String>,
}

impl Texts {
    pub(super) fn parse(files: &BTreeMap<String, ThemeFile<'_>>, path: &str) -> Result<Self, ThemeError> {
        let mut texts = Self::default();
        if let Some(file) = files.get(path) {
            texts.lay_over(file)?;
        }
        Ok(texts)
    }

    /// Lays the keys of a file over the ones that are there.
    pub(super) fn lay_over(&mut self, file: &ThemeFile<'_>) -> Result<(), ThemeError> {
        let table = toml_table(file)?;
        flatten("", &table, &mut self.entries)
            .map_err(|key| ThemeError::new(&file.origin, ThemeFault::Toml(format!("`{key}` is not a text"))))
    }

    /// The text of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(String::as_str)
    }
}

/// The file as a TOML table.
pub(super) fn toml_table(file: &ThemeFile<'_>) -> Result<toml::Table, ThemeError> {
    let text = std::str::from_utf8(file.bytes)
        .map_err(|error| ThemeError::new(&file.origin, ThemeFault::NotText(error.valid_up_to())))?;
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1);
        let fault = ThemeError::new(&file.origin, ThemeFault::Toml(error.message().to_owned()));
        match line {
            Some(line) => fault.at_line(line),
            None => fault,
        }
    })
}

/// Fills `{name}` in a text.
pub(super) fn fill<'a>(text: &str, value_of: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(name, tail)| Some((value_of(name)?, tail)));
        let (value, tail) = filled.unwrap_or(("{", after));
        out.push_str(value);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn flatten(prefix: &str, table: &toml::Table, out: &mut BTreeMap<String, String>) -> Result<(), String> {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::String(text) => {
                out.insert(key, text.clone());
            }
            toml::Value::Table(inner) => flatten(&key, inner, out)?,
            _ => return Err(key),
        }
    }
    Ok(())
}
