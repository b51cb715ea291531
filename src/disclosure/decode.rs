//! Bytes of files that people keep outside of a repository, in whatever encoding
//! their office programs wrote them.

use encoding_rs::{Encoding, GB18030};

/// UTF-8 with or without a mark, UTF-16 with one, or GB 18030 (GBK); none when the
/// bytes fit no encoding, or hold a NUL, as no text does.
#[must_use]
pub fn read_text(bytes: &[u8]) -> Option<String> {
    let (encoding, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, bytes),
        None => (GB18030, bytes),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(rest)?;
    (!text.contains('\0')).then(|| text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The text as GBK for a spreadsheet; none when a character is not in it.
#[must_use]
pub fn to_gbk(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, failed) = encoding_rs::GBK.encode(text);
    (!failed).then(|| bytes.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_an_office_is_read() {
        let text = "编号,名称\n1,公交\n";
        assert_eq!(read_text(text.as_bytes()).as_deref(), Some(text));
        assert_eq!(read_text(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).as_deref(), Some(text));
        assert_eq!(read_text(&to_gbk(text).unwrap()).as_deref(), Some(text));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read_text(&[b"\xff\xfe".to_vec(), utf16].concat()).as_deref(), Some(text));
        assert_eq!(read_text("a\r\nb".as_bytes()).as_deref(), Some("a\nb"));
        assert_eq!(read_text(b"\x81"), None);
        assert_eq!(read_text(b"a\0b"), None);
        assert_eq!(to_gbk("\u{1f600}"), None);
    }
}
