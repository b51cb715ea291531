//! The zip file around the parts of a document.
//!
//! Sizes in the directory are the packer's word, so bytes are counted as they
//! come out.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::Fault;

/// Longest part, unpacked.
const LARGEST: usize = 48 << 20;
/// A part may unpack to so many times its size …
const RATIO: usize = 300;
/// … when it is larger than this: small parts of blanks pack well.
const SMALL: usize = 1 << 20;

/// What may still be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Parts of archives that may be opened.
    pub parts: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 128 << 20, parts: 4_000 }
    }
}

/// An opened zip file.
pub struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Names of the parts in the order of the file.
    names: Vec<String>,
    /// The same, to look one up: a workbook may name very many.
    known: BTreeSet<String>,
}

impl<'b> Package<'b> {
    /// Opens a zip file.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when it is none.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| Fault::damaged("zip", error))?;
        let names: Vec<String> =
            archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
        let known = names.iter().cloned().collect();
        Ok(Self { archive, names, known })
    }

    /// Names of the parts in the order of the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether there is a part of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// The names that begin and end so, sorted.
    #[must_use]
    pub fn like(&self, start: &str, end: &str) -> Vec<String> {
        let fits = |name: &&String| name.starts_with(start) && name.ends_with(end);
        let mut found: Vec<String> = self.names.iter().filter(fits).cloned().collect();
        // sheet2 before sheet10.
        found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        found
    }

    /// A part, `None` when there is none of that name.
    ///
    /// # Errors
    /// [`Fault`] when it is damaged, encrypted or beyond the limits, which it is
    /// taken off.
    pub fn part(&mut self, name: &str, limits: &mut Limits) -> Result<Option<Vec<u8>>, Fault> {
        if !self.has(name) {
            return Ok(None);
        }
        limits.parts = limits.parts.checked_sub(1).ok_or(Fault::TooLarge)?;
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(zip::result::ZipError::UnsupportedArchive(text)) if text.contains("assword") => {
                return Err(Fault::Encrypted);
            }
            Err(error) => return Err(Fault::damaged(name, error)),
        };
        let packed = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        let most = LARGEST.min(limits.bytes).min(packed.saturating_mul(RATIO).max(SMALL));
        let mut bytes = Vec::new();
        let read = file.take(most as u64 + 1).read_to_end(&mut bytes);
        limits.bytes = limits.bytes.saturating_sub(bytes.len());
        if bytes.len() > most {
            return Err(Fault::TooLarge);
        }
        read.map_err(|error| Fault::damaged(name, error))?;
        Ok(Some(bytes))
    }

    /// The first bytes of a part, however long it is and even if it is damaged
    /// further on.
    pub fn head(&mut self, name: &str, most: usize, limits: &mut Limits) -> Option<Vec<u8>> {
        let most = most.min(limits.bytes);
        limits.parts = limits.parts.checked_sub(1)?;
        let mut bytes = Vec::new();
        let _ = self.archive.by_name(name).ok()?.take(most as u64).read_to_end(&mut bytes);
        limits.bytes -= bytes.len();
        Some(bytes)
    }
}
