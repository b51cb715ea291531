//! What Markdown spells with character references.
//!
//! `&#x202E;` is not in the bytes of a text and is in what readers see. Only a
//! parser knows where a reference is one: in code it stands for itself.

use pulldown_cmark::{Event, Parser, Tag};

use super::prose::options;
use jiedu_base::text::{SourceFile, TextRange};

/// The first place at which the rendered text, or the target or title of a
/// link, holds a character that fits.
#[must_use]
pub fn find_decoded(file: &SourceFile, body: TextRange, fits: impl Fn(char) -> bool) -> Option<TextRange> {
    let text = file.slice(body);
    // Without a reference the text is what its bytes say.
    if !text.contains('&') && !text.contains(&fits) {
        return None;
    }
    let holds = |text: &str| text.contains(&fits);
    let found = Parser::new_ext(text, options()).into_offset_iter().find(|(event, _)| match event {
        Event::Text(text) | Event::Code(text) | Event::FootnoteReference(text) => holds(text),
        Event::Start(Tag::Link { dest_url, title, .. } | Tag::Image { dest_url, title, .. }) => {
            holds(dest_url) || holds(title)
        }
        _ => false,
    });
    found.map(|(_, range)| TextRange::new(body.start + range.start, body.start + range.end))
}
