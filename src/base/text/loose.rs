//! From bytes of any usual encoding to text, saying what had to be put right:
//! for reading files outside a repository, and for fixes of files inside one.
//! What is committed is judged by [`super::validate`], which repairs nothing.

use encoding_rs::{Encoding, GB18030};

use super::TextFaultKind;

/// A text read from bytes, in UTF-8 with LF and without a byte-order mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    /// The text.
    pub text: String,
    /// What was put right, each kind once: encoding, mark, line ends.
    pub repaired: Vec<TextFaultKind>,
}

/// Reads UTF-8, UTF-16 with its mark, or GB 18030 (which includes GBK and
/// GB 2312). None when the bytes are none of them for certain: where GB 18030
/// gives control characters, private ones or hardly any Chinese.
///
/// ```
/// use jiedu_base::text::decode_loosely;
/// let read = decode_loosely(b"\xef\xbb\xbfa\r\nb").unwrap();
/// assert_eq!(read.text, "a\nb");
/// assert_eq!(read.repaired.len(), 2);
/// ```
#[must_use]
pub fn decode_loosely(bytes: &[u8]) -> Option<Loose> {
    let mut repaired = Vec::new();
    let text = if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let is_utf_8 = encoding == encoding_rs::UTF_8;
        repaired.push(if is_utf_8 { TextFaultKind::ByteOrderMark } else { TextFaultKind::NotUtf8 });
        encoding.decode_without_bom_handling_and_without_replacement(bytes.get(length..)?)?.into_owned()
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        text.to_owned()
    } else {
        repaired.push(TextFaultKind::NotUtf8);
        let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes)?;
        is_chinese(&text).then(|| text.into_owned())?
    };
    if !text.contains('\r') {
        return Some(Loose { text, repaired });
    }
    repaired.push(TextFaultKind::CarriageReturn);
    Some(Loose { text: text.replace("\r\n", "\n").replace('\r', "\n"), repaired })
}

/// Whether a text reads as Chinese: of what is not ASCII nearly all is common.
fn is_chinese(text: &str) -> bool {
    let (mut common, mut odd) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii() || (c.is_control() && !c.is_whitespace())) {
        let is_common = matches!(c,
            '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}'
            | '\u{2010}'..='\u{2026}' | '\u{2460}'..='\u{24ff}' | '\u{b0}' | '\u{b1}' | '\u{b7}' | '\u{d7}' | '\u{2103}');
        if is_common { common += 1 } else { odd += 1 }
    }
    common > 0 && odd * 20 <= common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_encodings_are_read_and_others_are_not() {
        let text = "关于停车的通知\n正文，共3项。\n";
        let gbk = encoding_rs::GBK.encode(text).0;
        let read = decode_loosely(&gbk).unwrap();
        assert_eq!(
            (read.text.as_str(), read.repaired.as_slice()),
            (text, [TextFaultKind::NotUtf8].as_slice())
        );
        let both = [b"\xef\xbb\xbf", text.replace('\n', "\r\n").as_bytes()].concat();
        let read = decode_loosely(&both).unwrap();
        assert_eq!(read.text, text);
        assert_eq!(read.repaired, [TextFaultKind::ByteOrderMark, TextFaultKind::CarriageReturn]);
        assert_eq!(decode_loosely(text.as_bytes()).unwrap().repaired, []);
        for bytes in
            [b"ok \xd5".as_slice(), b"\xff\xd8\xff\xe0\x00\x10JFIF", b"caf\xe9 noir", b"\x80\x81\x82\x83"]
        {
            assert_eq!(decode_loosely(bytes), None, "{bytes:?}");
        }
    }
}
