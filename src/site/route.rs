//! Addresses inside the site.

use std::fmt::{self, Write as _};

use jiedu_base::name::SetId;

/// A path from the site's root to a file: `policies/2025/a/index.html`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route(String);

impl Route {
    /// A file.
    pub fn file(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// The page of a folder; an empty folder is the site's root.
    pub fn page(folder: &str) -> Self {
        if folder.is_empty() { Self("index.html".to_owned()) } else { Self(format!("{folder}/index.html")) }
    }

    /// The `n`-th page of a list in a folder.
    pub fn list_page(folder: &str, number: usize) -> Self {
        if number <= 1 { Self::page(folder) } else { Self(format!("{folder}/page/{number}/index.html")) }
    }

    /// The page of a set.
    pub fn set(id: &SetId) -> Self {
        Self(format!("{}index.html", set_folder(id)))
    }

    /// A file below the folder of a set.
    pub fn in_set(id: &SetId, rest: &str) -> Self {
        Self(format!("{}{rest}", set_folder(id)))
    }

    /// The page of an edition.
    pub fn edition(id: &SetId, number: u32) -> Self {
        Self(format!("{}v{number}/index.html", set_folder(id)))
    }

    /// The page of an interpretation.
    pub fn interpretation(id: &SetId, name: &str) -> Self {
        Self(format!("{}interpretation/{name}/index.html", set_folder(id)))
    }

    /// The page that compares two editions.
    pub fn compare(id: &SetId, old: u32, new: u32) -> Self {
        Self(format!("{}compare/{old}-{new}/index.html", set_folder(id)))
    }

    /// The path of the file.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The address readers see, from the site's root and without `index.html`;
    /// percent-encoded.
    pub fn url(&self) -> String {
        let path = match self.0.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => &self.0,
        };
        encode_path(path)
    }

    /// The way from this page to the site's root: `./`, `../../`.
    pub fn root(&self) -> String {
        match self.0.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn set_folder(id: &SetId) -> String {
    format!("policies/{id}/")
}

/// Percent-encodes a path; `/` stays.
pub(crate) fn encode_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$'()*+,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_leave_out_the_index() {
        let id = SetId::parse("2025/a").unwrap();
        assert_eq!(Route::set(&id).url(), "policies/2025/a/");
        assert_eq!(Route::set(&id).root(), "../../../");
        assert_eq!((Route::page("").url().as_str(), Route::page("").root().as_str()), ("", "./"));
        assert_eq!(Route::list_page("policies", 3).path(), "policies/page/3/index.html");
        assert_eq!(Route::file("a/附件 1.pdf").url(), "a/%E9%99%84%E4%BB%B6%201.pdf");
    }
}
