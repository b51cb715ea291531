//! The zip file around the parts, with limits on what it may unpack to.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{ImportError, MAX_BYTES};

/// Longest part, unpacked.
const MAX_PART: u64 = MAX_BYTES as u64;

/// An opened `.docx`.
pub(super) struct Package<'b>(ZipArchive<Cursor<&'b [u8]>>);

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ImportError> {
        ZipArchive::new(Cursor::new(bytes)).map(Self).map_err(|error| damaged("zip", &error))
    }

    /// A part as text, `None` when the package has none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ImportError> {
        let file = match self.0.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(damaged(name, &error)),
        };
        // The size in the directory is the packer's word; the bytes are counted.
        let mut text = Vec::new();
        file.take(MAX_PART + 1).read_to_end(&mut text).map_err(|error| damaged(name, &error))?;
        if text.len() as u64 > MAX_PART {
            return Err(ImportError::TooLarge);
        }
        String::from_utf8(text).map(Some).map_err(|error| damaged(name, &error.utf8_error()))
    }
}

fn damaged(part: &str, problem: &dyn std::fmt::Display) -> ImportError {
    ImportError::Damaged { part: part.to_owned(), problem: problem.to_string() }
}
