//! The dialect of Markdown, said once.
//!
//! Tables and footnotes besides `CommonMark`; bold and italics that work beside
//! Chinese marks (`**很重要。**但`); no strikethrough, since `20~30元，40~50元`
//! are two ranges; no automatic links, no typographic replacements.

use comrak::Options;

/// Options for parsing with comrak.
pub(super) fn comrak_options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.cjk_friendly_emphasis = true;
    options
}

/// How blocks are rendered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RenderOptions {
    /// The page's title: a first-level heading that repeats it becomes a block
    /// of heading level 1 and does not count for the levels of the others.
    pub title: Option<String>,
    /// Whether items of numbered lists become paragraphs of their own that
    /// keep the number as text, as official documents print them.
    pub numbered_as_text: bool,
    /// Put before the ids of footnotes, for pages that hold several bodies.
    pub id_prefix: String,
}
