//! Plain text: every line is a paragraph, as editors and web pages save it.

use super::furniture::is_furniture;
use super::page::{Block, Page, Piece};
use jiedu_base::text::Message;

pub(super) fn read(text: &str) -> Page {
    let mut page = Page::default();
    for line in text.lines() {
        if is_furniture(line) {
            let line = line.trim();
            page.notes.push(Message::new(
                format!("“{line}”是网页上的文字，没有导入"),
                format!("“{line}” is part of a web page and was left out"),
            ));
        } else {
            page.blocks.extend(Block::from_pieces(0, vec![Piece::plain(line)]));
        }
    }
    page
}
