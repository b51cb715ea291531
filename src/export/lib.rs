//! One edition of a policy outside the site: a Word document for circulation
//! ([`docx`]), Akoma Ntoso for archives of law ([`akoma_ntoso`]), plain text
//! ([`plain_text`]), and everything of a set in one archive ([`archive`]).
//!
//! Each is a function from a text that was read already to bytes. Nothing here
//! reads or writes files, and the same text gives the same bytes: archives carry
//! no time, and ids are counted in reading order.

mod akoma_ntoso;
mod archive;
mod blocks;
mod docx;
mod package;
mod plain_text;
#[cfg(test)]
mod tests;
mod xml;

pub use akoma_ntoso::akoma_ntoso;
pub use archive::archive;
pub use docx::{Content, docx};
pub use plain_text::plain_text;

use jiedu_model::{PolicyDocument, PublicationSet};

/// The edition to export, and what a document says about it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The set with its texts.
    pub set: &'a PublicationSet,
    /// Its policy.
    pub policy: &'a PolicyDocument,
    /// Number of the edition, from 1; none for a text that nobody approved: the
    /// document then says so on every page.
    pub edition: Option<u32>,
    /// When the edition came into being, RFC 3339; of a text that nobody
    /// approved, of the commit it was read from.
    pub at: &'a str,
}

/// A document that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The parts could not be packed.
    #[error("cannot pack the document")]
    Package(#[from] zip::result::ZipError),
    /// The parts could not be written.
    #[error("cannot write the document")]
    Write(#[from] std::io::Error),
}
