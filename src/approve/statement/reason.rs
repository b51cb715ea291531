//! The reason of a rejection: its digest is signed, its words lie beside.
//!
//! Reasons are for the office and never public, while statements may be. So the
//! signed message holds only `Reason: sha256:<hex>` above the trailers, and the
//! words stand in `evidence/reasons/<statement id>.txt`. Short sentences could
//! be guessed from a plain digest; the first line of the file, 32 random
//! hexadecimal digits, prevents that.

use super::raw;
use super::{Statement, message};
use jiedu_base::name::Digest;
use jiedu_base::text::Message;

/// Most characters of a reason.
pub const REASON_LIMIT: usize = 2_000;
const KEY: &str = "Reason: ";
/// Random hexadecimal digits before the words.
const SALT: usize = 32;

/// What keeps a text from being a reason, if anything.
#[must_use]
pub fn reason_fault(words: &str) -> Option<Message> {
    // U+2028 and its like break lines where people see none.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if words.trim().is_empty() {
        return Some(Message::new("退回理由是空的", "the reason is empty"));
    }
    let count = words.chars().count();
    if count > REASON_LIMIT {
        return Some(Message::new(
            format!("退回理由有 {count} 个字，最多 {REASON_LIMIT} 个；请写要点，细节写在稿件批注里"),
            format!("the reason has {count} characters, at most {REASON_LIMIT} are allowed"),
        ));
    }
    let at = words.chars().position(hidden)?;
    Some(Message::new(
        format!("退回理由第 {} 个字是控制符或换行，不能使用；请写成一段连续的文字", at + 1),
        format!(
            "character {} of the reason is a control or direction character; write one paragraph",
            at + 1
        ),
    ))
}

/// The bytes of the file that holds a reason.
#[must_use]
pub fn reason_file(salt: [u8; SALT / 2], words: &str) -> Vec<u8> {
    let digits: Vec<String> = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}\n{words}\n", digits.concat()).into_bytes()
}

/// The words in a reason file, when it is the one that was signed.
#[must_use]
pub fn reason_words(file: &[u8], signed: &Digest) -> Option<String> {
    if Digest::of(file) != *signed {
        return None;
    }
    let (salt, words) = std::str::from_utf8(file).ok()?.split_once('\n')?;
    let is_salt = salt.len() == SALT && salt.bytes().all(|b| b.is_ascii_hexdigit());
    is_salt.then(|| words.strip_suffix('\n').unwrap_or(words).to_owned())
}

/// The message of a rejection whose reason lies in a file with this digest.
#[must_use]
pub fn message_with_reason(statement: &Statement, reason: &Digest) -> String {
    let text = message(statement);
    let Some((headline, trailers)) = text.split_once("\n\n") else { return text };
    format!("{headline}\n\n{KEY}{reason}\n\n{trailers}")
}

/// The digest of the reason that a signed commit names: in the one line of the
/// paragraph above the trailers.
#[must_use]
pub fn reason_of(commit: &[u8]) -> Option<Digest> {
    let (_, message) = raw::split(commit);
    let text = message.get(..message.iter().rposition(|&b| b != b'\n')? + 1)?;
    let trailers = raw::last_paragraph(text);
    let before = text.get(..text.len().checked_sub(trailers.len())?)?;
    // Line feeds at the very end belong to no paragraph.
    let before = before.get(..before.iter().rposition(|&b| b != b'\n')? + 1)?;
    let line = before.rsplit(|&b| b == b'\n').next()?;
    Digest::parse(std::str::from_utf8(line).ok()?.strip_prefix(KEY)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_paragraph_of_visible_text() {
        assert!(reason_fault("第二条的期限与上位法不一致，请核对。").is_none());
        for bad in ["", "  ", "两\n行", "a\tb", "反\u{202e}转", "行\u{2028}尾", "零\u{200f}宽", "\u{7f}"]
        {
            assert!(reason_fault(bad).is_some(), "{bad:?}");
        }
        assert!(reason_fault(&"字".repeat(REASON_LIMIT)).is_none());
        assert!(reason_fault(&"字".repeat(REASON_LIMIT + 1)).is_some());
    }

    #[test]
    fn only_the_file_that_was_signed_is_believed() {
        let file = reason_file([7; 16], "理由");
        assert_eq!(file, format!("{}\n理由\n", "07".repeat(16)).into_bytes());
        let signed = Digest::of(&file);
        assert_eq!(reason_words(&file, &signed).as_deref(), Some("理由"));
        assert_eq!(reason_words(&reason_file([8; 16], "理由"), &signed), None);
    }

    #[test]
    fn the_digest_is_read_from_the_line_above_the_trailers() {
        let digest = Digest::of(b"x");
        let commit = |above: &str| format!("tree x\n\n退回\n\n{above}Approval-Statement: review/1\nA: b\n");
        assert_eq!(reason_of(commit(&format!("Reason: {digest}\n\n")).as_bytes()), Some(digest));
        assert_eq!(reason_of(commit("").as_bytes()), None);
        assert_eq!(reason_of(commit(&format!("Reason: {digest}\n\nother\n\n")).as_bytes()), None);
        assert_eq!(reason_of(b"tree x\n\nApproval-Statement: review/1\n"), None);
    }
}
