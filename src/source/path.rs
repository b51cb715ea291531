//! Which names a file or folder of a set may have (approvals §6.1).
//!
//! A name must mean the same file on every machine that a reviewer, a web
//! server or a reader may use: no name that another system reserves, hides,
//! re-composes or takes for a different name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use jiedu_base::text::{Message, is_default_ignorable};

/// Windows takes these for devices, whatever follows the first dot.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Longest name in bytes.
const NAME_LIMIT: usize = 255;

/// Checks one path component.
///
/// # Errors
/// Why the name is not allowed, as a phrase in both languages.
pub(crate) fn check_name(name: &[u8]) -> Result<&str, Message> {
    let refuse = |zh: &str, en: &str| Err(Message::new(zh, en));
    let Ok(text) = std::str::from_utf8(name) else { return refuse("不是 UTF-8", "not UTF-8") };
    if text == "." || text == ".." || text.eq_ignore_ascii_case(".git") {
        return refuse("是保留名", "is reserved");
    }
    if text.is_empty() || text.len() > NAME_LIMIT {
        return refuse("为空或超过 255 字节", "is empty or longer than 255 bytes");
    }
    if text.starts_with('.') {
        return refuse("以点开头", "starts with a dot");
    }
    if text.ends_with('.') {
        return refuse("以点结尾", "ends in a dot");
    }
    // A letter without a glyph is a letter too.
    let is_fine = |c: char| (c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) && !is_default_ignorable(c);
    if let Some(bad) = text.chars().find(|&c| !is_fine(c)) {
        let shown = match bad {
            ' ' => "（空格）".to_owned(),
            bad if bad.is_control() || is_default_ignorable(bad) => bad.escape_unicode().to_string(),
            bad => format!("“{bad}”"),
        };
        return Err(Message::new(
            format!(
                "含有不允许的字符{shown}（只能用文字、数字、“-”“_”“.”）；jiedu attach 会改成可用的名称并保留原名作链接文字"
            ),
            format!(
                "holds {shown} (letters, digits, `-`, `_` and `.` only); `jiedu attach` gives it a safe name and keeps the printed one as link text"
            ),
        ));
    }
    if !is_nfc(text) {
        return refuse("不是 Unicode NFC 形式", "is not in Unicode form NFC");
    }
    if text.nfkc().ne(text.chars()) {
        return refuse(
            "含有全角或兼容字符，容易与别的名称混淆；请改用普通字符",
            "holds full-width or compatibility characters that look like others",
        );
    }
    let stem = text.split('.').next().unwrap_or(text).to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    if RESERVED.contains(&stem.as_str()) || numbered("com") || numbered("lpt") {
        return refuse("是 Windows 的设备名", "is a device name on Windows");
    }
    Ok(text)
}

/// The form under which two names collide: compatibility form, case folded.
pub(crate) fn fold(name: &[u8]) -> String {
    let text = String::from_utf8_lossy(name);
    // Upper case first, so that ß and SS, ſ and S fold together.
    let upper: String = text.nfkc().flat_map(char::to_uppercase).collect();
    upper.chars().flat_map(char::to_lowercase).nfkc().collect()
}

/// The names of one folder that collide with an earlier one, with that one.
pub(crate) fn collisions<'a>(names: impl Iterator<Item = &'a [u8]>) -> Vec<(&'a [u8], &'a [u8])> {
    let mut seen: BTreeMap<String, &[u8]> = BTreeMap::new();
    let mut found = Vec::new();
    for name in names {
        let folded = fold(name);
        match seen.get(&folded) {
            Some(first) => found.push((name, *first)),
            None => {
                seen.insert(folded, name);
            }
        }
    }
    found
}

/// A name as it can be shown: control characters and bytes that are not UTF-8
/// escaped.
pub(crate) fn shown(name: &[u8]) -> String {
    let mut out = String::new();
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if !c.is_control() && !is_default_ignorable(c) {
                out.push(c);
            } else {
                out.extend(c.escape_unicode());
            }
        }
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_the_rules() {
        for good in ["policy.md", "附件1.docx", "a-b_c.2.png", "café.md", "com10.txt", "〇一.md"] {
            assert!(check_name(good.as_bytes()).is_ok(), "{good}");
        }
        let long = "a".repeat(256);
        for bad in [
            "",
            ".",
            "..",
            ".git",
            ".GIT",
            ".gitkeep",
            "a/b",
            "a\\b",
            "a b",
            "a.",
            "CON.md",
            "nul",
            "Com1.txt",
            "lpt9",
            "a\u{202e}b",
            "表\u{115f}.txt",
            "表\u{3164}.txt",
            "a\u{1160}b",
            "a\u{ad}b",
            "cafe\u{301}.md",
            "ｐolicy.md",
            "a\nb",
            "a:b",
            "附件（1）.pdf",
            &long,
        ] {
            assert!(check_name(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(check_name(b"\xff.md").is_err());
    }

    #[test]
    fn look_alikes_collide() {
        let pairs = [
            ("Policy.md", "policy.md"),
            ("café.md", "cafe\u{301}.md"),
            ("straße", "STRASSE"),
            ("ｐolicy.md", "policy.md"),
        ];
        for (a, b) in pairs {
            assert_eq!(collisions([a.as_bytes(), b.as_bytes()].into_iter()).len(), 1, "{a} {b}");
        }
        assert!(collisions([&b"a"[..], b"b"].into_iter()).is_empty());
    }
}
