//! A built site as it was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::manifest::FileFact;

/// Below this, files are kept in memory when a site is read back.
pub const DOCUMENTS: &str = ".well-known/jiedu/";
/// Where the evidence stands in a site.
pub const EVIDENCE: &str = ".well-known/jiedu/evidence/";

/// Why something in a folder is not a file of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Odd {
    /// A symbolic link.
    Link,
    /// A pipe, socket or device.
    Special,
    /// A name that is not UTF-8.
    Name,
    /// Larger than any file of a site may be.
    TooLarge,
    /// It could not be read.
    Unreadable(String),
}

/// A built site as it was found: the digest of every file, and the documents
/// below `.well-known/jiedu/` with their bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuiltSite {
    /// Every plain file.
    pub files: BTreeMap<String, FileFact>,
    /// The documents' bytes, by path in the site.
    pub documents: BTreeMap<String, Arc<[u8]>>,
    /// What is not a plain file.
    pub odd: BTreeMap<String, Odd>,
    /// Evidence found beside the site instead (`[record] evidence =
    /// "private"`), by the path it would have inside.
    pub archive: Option<BTreeMap<String, Arc<[u8]>>>,
}

impl BuiltSite {
    /// A site that is still in memory, as it would be read back.
    #[must_use]
    pub fn of(files: &BTreeMap<String, Arc<[u8]>>) -> Self {
        let documents = files.iter().filter(|(path, _)| path.starts_with(DOCUMENTS));
        Self {
            files: files.iter().map(|(path, bytes)| (path.clone(), FileFact::of(bytes))).collect(),
            documents: documents.map(|(path, bytes)| (path.clone(), bytes.clone())).collect(),
            ..Self::default()
        }
    }

    /// The bytes of a document.
    #[must_use]
    pub fn document(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.documents.get(path)
    }
}
