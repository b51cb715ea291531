//! Drafts from what an office already has: Word and other office files, web
//! pages, PDF and plain text.
//!
//! A file becomes a [`Page`]: lines, headings and tables, and a list of
//! everything that a reader of the original sees and the text does not hold
//! ([`Loss`]) or holds elsewhere ([`Move`]), so that nothing is lost in silence.
//! [`Head`] then reads off what stands at a page's top and bottom (title,
//! number, dates), each value with the place it came from; what is not printed
//! is not invented. [`body`] writes the rest as Markdown in which the printed
//! numbers of clauses survive.
//!
//! Pure over bytes; the files are written by `workspace::import`. Where a file
//! has tracked changes, the caller says which text counts ([`Changes`]).

mod boilerplate;
mod bounds;
mod document;
mod error;
mod head;
mod html;
mod markdown;
mod page;
mod pages_of_text;
mod pdf;
mod plain;
mod sniff;

pub use error::ImportError;
pub use head::{Field, Head};
pub use markdown::body;
pub use page::{Block, CellText, Loss, Move, Page, Piece, Title};

use jiedu_base::text::Message;
use jiedu_office::{self as office, Document, Limits, Package, PartKind, decode};
use sniff::Kind;

#[cfg(test)]
mod tests;

/// Longest file read, in bytes.
pub const MAX_BYTES: usize = 50 << 20;

/// Which text counts where changes were tracked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// The new one.
    Accept,
    /// The old one.
    Reject,
    /// Both, marked.
    Show,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Which text counts where changes were tracked; none: such a file is refused.
    pub changes: Option<Changes>,
}

/// Reads a file. Its bytes say what it is; its name decides only between kinds
/// of text.
///
/// # Errors
/// [`ImportError`] when the kind is not known, the file is too large, damaged,
/// in an unknown encoding, or one whose text is not settled.
pub fn read(name: &str, bytes: &[u8], options: Options) -> Result<Page, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    let page = match sniff::kind(name, bytes) {
        Kind::Text => plain::read(&decode::text(bytes)?),
        Kind::Html => {
            let text = decode::html(bytes)?;
            let text = html::tamed(&text);
            bounds::check(&html::without_scripts(&text))?;
            html::read(&text)
        }
        Kind::Docx => {
            let mut package = Package::open(bytes)?;
            settled(&office::read_docx(&mut package, &mut Limits::default()), options)?
        }
        Kind::Rtf => settled(&office::read_rtf(bytes), options)?,
        Kind::Doc => {
            let mut page = settled(&office::read_doc(bytes), options)?;
            page.lost.push(Loss {
                what: Message::new(
                    "自动编号（旧 .doc 格式的自动编号读不出，请对照原件；另存为 .docx 再导入可以避免）",
                    "automatic numbers, which cannot be read from the old format; save it as .docx to keep them",
                ),
                place: Message::new("全文", "the whole text"),
                text: String::new(),
            });
            page
        }
        Kind::Ofd => {
            let mut package = Package::open(bytes)?;
            printed(&office::read_ofd(&mut package, &mut Limits::default()))?
        }
        Kind::Pdf => pdf::read(name, bytes)?,
        Kind::Encrypted => return Err(ImportError::Encrypted),
        Kind::OpenDocument => return Err(ImportError::NeedsProgram("OpenDocument")),
        Kind::Xlsx | Kind::Pptx | Kind::Compound | Kind::Archive | Kind::Other => {
            return Err(ImportError::Kind);
        }
    };
    if page.blocks.is_empty() { Err(ImportError::Empty) } else { Ok(page) }
}

/// A document of paragraphs.
fn settled(document: &Document, options: Options) -> Result<Page, ImportError> {
    match document.faults.first() {
        Some(fault) => Err(fault.clone().into()),
        None => document::page(document, options.changes),
    }
}

/// A document of printed pages.
fn printed(document: &Document) -> Result<Page, ImportError> {
    if let Some(fault) = document.faults.first() {
        return Err(fault.clone().into());
    }
    let mut lines = Vec::new();
    let mut beside = Vec::new();
    for part in &document.parts {
        for block in &part.blocks {
            block.paragraphs(&mut |paragraph| {
                let text: String = paragraph.runs.iter().map(office::Run::shown).collect();
                match part.kind {
                    PartKind::Page(number) => lines.push((number, text)),
                    _ => beside.push(text),
                }
            });
        }
    }
    let mut page = pages_of_text::page(&lines);
    page.lost.extend(beside.into_iter().map(|text| Loss {
        what: Message::new("批注", "note"),
        place: Message::new("页面", "a page"),
        text,
    }));
    Ok(page)
}
