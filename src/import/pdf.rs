//! PDF with text that can be selected: the reader of attachments, its lines put
//! together to paragraphs.

use super::page::{Loss, Page};
use super::{ImportError, pages_of_text};
use jiedu_attach::{Spot, Veil, extract};
use jiedu_base::text::{Lang, Message};

/// Code of a remark about pages without text.
const SCANNED: &str = "A105";
/// Code of a remark about a file that cannot be read.
const UNREAD: &str = "A101";

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Page, ImportError> {
    let read = extract(name, bytes);
    let mut lines = Vec::new();
    let mut lost = Vec::new();
    for passage in &read.passages {
        match (&passage.spot, passage.veil) {
            (Spot::Page(number), Veil::None) => {
                lines.extend(passage.text.lines().map(|line| (*number, line.to_owned())));
            }
            (_, Veil::Property) => {}
            (spot, veil) => {
                let what = if veil == Veil::None {
                    Message::new("表单或附注", "form or note")
                } else {
                    veil.describe()
                };
                let place = Message::new(spot.describe(Lang::Zh), spot.describe(Lang::En));
                lost.push(Loss { what, place, text: passage.text.clone() });
            }
        }
    }
    if lines.is_empty() {
        let has = |code: &str| read.remarks.iter().any(|remark| remark.rule.code == code);
        let is_locked = bytes.windows(8).any(|window| window == b"/Encrypt");
        return Err(match (has(SCANNED), has(UNREAD)) {
            (_, true) if is_locked => ImportError::Encrypted,
            (true, _) => ImportError::Scanned,
            _ => ImportError::Damaged {
                part: "PDF".to_owned(),
                problem: "没有可以读取的文字 · no text".to_owned(),
            },
        });
    }
    let mut page = pages_of_text::page(&lines);
    page.lost.extend(lost);
    for remark in &read.remarks {
        if [SCANNED, UNREAD].contains(&remark.rule.code) {
            let place = Message::new(remark.spot.describe(Lang::Zh), remark.spot.describe(Lang::En));
            page.lost.push(Loss { what: remark.message.clone(), place, text: String::new() });
        }
    }
    Ok(page)
}
