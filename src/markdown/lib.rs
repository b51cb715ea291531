//! The only room that names a Markdown parser.
//!
//! pulldown-cmark gives facts with byte ranges (prose segments, links,
//! headings); comrak gives HTML, with its CJK-friendly emphasis. One option set
//! for both.

mod blank;
mod decoded;
mod fence;
mod front_matter;
mod html;
mod options;
mod prose;
mod types;
mod writer;

pub use decoded::find_decoded;
pub use fence::body_range;
pub use front_matter::{Entry, FrontMatter, Node, NodeValue, front_matter};
pub use html::render;
pub use html::render_blocks;
pub use options::RenderOptions;
pub use prose::parse_body;
pub use types::{Body, Html, Link, Piece, Prose, ProseKind, RenderedBlock};
pub use writer::{LinkKind, map_links};

#[cfg(test)]
mod laws_tests;
