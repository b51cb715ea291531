//! Drafts from what an office already has: `.html`, `.txt` and `.docx`.
//!
//! A file becomes a [`Page`]: lines, headings and tables, and notes about
//! everything that was left behind, so that nothing is lost without a word.
//! [`Head`] then reads off what stands at a page's top and bottom (title,
//! number, dates), each value with the place it came from; what is not printed
//! is not invented. [`body`] writes the rest as Markdown in which the printed
//! numbers of clauses survive.
//!
//! Pure over bytes; the files are written by `workspace::import`. Layout, text
//! boxes and pictures are not kept. A Word file with tracked changes or
//! comments is refused: which text counts is the writer's decision.

mod decode;
mod error;
mod furniture;
mod head;
mod html;
mod markdown;
mod numbering;
mod page;
mod plain;
mod word;

pub use error::ImportError;
pub use head::{Field, Head};
pub use markdown::body;
pub use page::{Block, Page, Piece};

#[cfg(test)]
mod tests;

/// Longest file read, in bytes.
pub const MAX_BYTES: usize = 50 << 20;

/// Reads a file by the extension of its name.
///
/// # Errors
/// [`ImportError`] when the kind is not known, the file is too large, damaged,
/// in an unknown encoding, or a Word file whose text is not settled.
pub fn read(name: &str, bytes: &[u8]) -> Result<Page, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let page = match extension.as_deref() {
        Some("txt" | "md") => plain::read(&decode::text(bytes)?),
        Some("html" | "htm") => html::read(&decode::html(bytes)?),
        Some("docx") => word::read(bytes)?,
        _ => return Err(ImportError::Kind),
    };
    if page.blocks.is_empty() { Err(ImportError::Empty) } else { Ok(page) }
}
