//! Office documents: one reader of each format, for whoever looks at them.
//!
//! `attach` checks what stands in a file and `import` turns it into Markdown.
//! Both read it through this module, so that neither sees a text that the other
//! does not: one zip reader, one XML walker, one decoder of text, and one model
//! ([`Document`]) of what a document holds, shown or hidden.
//!
//! # Hostile files
//!
//! Everything is bounded: bytes and parts that are unpacked ([`Limits`]), the
//! ratio of compression, the nesting of XML and its number of nodes. A DOCTYPE is
//! refused, because entities declared in it could hide text from one reader and
//! show it to another. Past a bound reading stops with a [`Fault`]; what came
//! before stays in the document.

mod code_page;
mod compound;
pub mod decode;
mod docx;
mod fault;
mod model;
mod numbering;
mod ofd;
mod package;
mod rtf;
mod scripts;
mod tree;
mod word97;
pub mod xml;

pub use fault::Fault;
pub use model::{
    Block, Cell, Change, Document, Layer, NoteKind, Paragraph, Part, PartKind, Role, Row, Run, RunKind,
    Table, Tracked,
};
pub use package::{Limits, Package};

pub use compound::Compound;
pub use docx::read as read_docx;
pub use numbering::in_format as number_in_format;
pub use ofd::read as read_ofd;
pub use rtf::read as read_rtf;
pub use scripts::{subscript, superscript};
pub use word97::is_word;
pub use word97::read as read_doc;
