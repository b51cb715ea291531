//! The only room that names a Markdown parser.
//!
//! pulldown-cmark gives facts with byte ranges (prose segments, links,
//! headings); comrak gives HTML, with its CJK-friendly emphasis. One option set
//! for both.

mod front_matter;
mod prose;
mod types;

pub use front_matter::{Entry, FrontMatter, Node, NodeValue, front_matter};
pub use prose::parse_body;
pub use types::{Body, Html, Link, Piece, Prose, ProseKind, RenderedBlock};
