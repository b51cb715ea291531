//! Plain text: every line is a paragraph, as editors and web pages save it.

use super::boilerplate::is_boilerplate;
use super::page::{Block, Loss, Page, Piece};
use jiedu_base::text::Message;

pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    for (index, line) in text.lines().enumerate() {
        if is_boilerplate(line) {
            page.lost.push(Loss {
                what: Message::new("网页上的其他文字", "text around the document"),
                place: Message::new(format!("第 {} 行", index + 1), format!("line {}", index + 1)),
                text: line.trim().to_owned(),
            });
        } else {
            page.blocks.extend(Block::from_pieces(0, vec![Piece::plain(line)]));
        }
    }
    page
}
