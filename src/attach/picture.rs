//! What cameras and drawing programs write into pictures: who took them, where
//! and with what.
//!
//! EXIF (CIPA DC-008) in JPEG, PNG, TIFF, WebP and HEIC, XMP beside it, the
//! older IPTC record of JPEG and the texts of PNG. Only the few fields that name
//! persons, places and devices are looked at, every field once; what a place
//! says is shown to a tenth of a degree.

mod tags;

#[cfg(test)]
pub(super) mod tests;

use std::io::Read as _;

use super::pages;
use super::types::{Reading, Spot, Veil};
use jiedu_office::xml::{Node, walk};

/// Blocks of one file that are looked at.
const MOST_BLOCKS: usize = 4_000;
/// A compressed text of a PNG unpacks to no more.
const LARGEST_TEXT: usize = 1 << 20;

/// What a picture says about those who made it.
#[derive(Debug, Default)]
struct Traces {
    /// Fields that name persons or one device, with the value.
    persons: Vec<(Field, String)>,
    /// Program, model and time.
    tools: Vec<(Field, String)>,
    /// Titles and remarks.
    texts: Vec<(Field, String)>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// A field by its name.
type Field = (&'static str, &'static str);

const AUTHOR: Field = ("作者", "author");
const OWNER: Field = ("相机所有者", "owner of the camera");
const SERIAL: Field = ("设备序列号", "serial number");
const RIGHTS: Field = ("版权", "copyright");
const MODEL: Field = ("设备型号", "device");
const PROGRAM: Field = ("制作软件", "software");
const TIME: Field = ("拍摄时间", "time");
const REMARK: Field = ("图片说明", "description");

/// The kinds of pictures that can hold such fields.
pub(super) fn is_picture(bytes: &[u8]) -> bool {
    let at = |from: usize, what: &[u8]| bytes.get(from..from + what.len()) == Some(what);
    at(0, b"\xff\xd8\xff")
        || at(0, b"\x89PNG\r\n\x1a\n")
        || at(0, b"II*\0")
        || at(0, b"MM\0*")
        || (at(0, b"RIFF") && at(8, b"WEBP"))
        || (at(4, b"ftyp") && [b"heic", b"heix", b"mif1", b"avif"].iter().any(|brand| at(8, *brand)))
}

/// Reads what a picture says beside what it shows.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let mut traces = Traces::default();
    if bytes.starts_with(b"\xff\xd8") {
        jpeg(&mut traces, bytes);
    } else if bytes.starts_with(b"\x89PNG") {
        png(&mut traces, bytes);
    } else if bytes.starts_with(b"RIFF") {
        riff(&mut traces, bytes);
    } else if bytes.starts_with(b"II") || bytes.starts_with(b"MM") {
        tags::read(&mut traces, bytes);
    } else if let Some(at) = bytes.windows(6).position(|six| six == b"Exif\0\0") {
        tags::read(&mut traces, bytes.get(at + 6..).unwrap_or_default());
    }
    traces.report(reading);
}

impl Traces {
    /// Takes a value that is not blank, shortened to what a name or remark needs.
    fn put(&mut self, field: Field, value: &str) {
        let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
        let list = match field {
            MODEL | PROGRAM | TIME => &mut self.tools,
            REMARK => &mut self.texts,
            _ => &mut self.persons,
        };
        let short: String = value.chars().take(2_000).collect();
        if !value.is_empty() && list.len() < 20 && !list.contains(&(field, short.clone())) {
            list.push((field, short));
        }
    }

    fn report(self, reading: &mut Reading<'_>) {
        for (field, value) in self.persons.iter().chain(&self.tools).chain(&self.texts) {
            reading.passage(&Spot::Property(field.0.to_owned()), Veil::Property, value);
        }
        if let Some((latitude, longitude)) = self.latitude.zip(self.longitude) {
            let (north, east) = (latitude >= 0.0, longitude >= 0.0);
            let (latitude, longitude) = (latitude.abs(), longitude.abs());
            let zh = format!(
                "图片写有拍摄地点（约{}{latitude:.1}°、{}{longitude:.1}°，原文精确到米）",
                if north { "北纬" } else { "南纬" },
                if east { "东经" } else { "西经" },
            );
            let en = format!(
                "the picture says where it was taken (about {latitude:.1}° {}, {longitude:.1}° {}, exact to metres)",
                if north { "N" } else { "S" },
                if east { "E" } else { "W" },
            );
            reading.remark(&pages::PLACE, Spot::File, zh, en);
        }
        let list = |all: &[(Field, String)], zh: bool| {
            let one = |(field, value): &(Field, String)| {
                let short: String = value.chars().take(30).collect();
                if zh { format!("{}“{short}”", field.0) } else { format!("{} `{short}`", field.1) }
            };
            all.iter().map(one).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
        };
        for (rule, all) in [(&pages::MAKER, &self.persons), (&pages::DEVICE, &self.tools)] {
            if !all.is_empty() {
                let (zh, en) = (list(all, true), list(all, false));
                reading.remark(rule, Spot::File, format!("图片写有{zh}"), format!("the picture names {en}"));
            }
        }
    }
}

/// The segments before the pixels.
fn jpeg(traces: &mut Traces, bytes: &[u8]) {
    let mut at = 2;
    for _ in 0..MOST_BLOCKS {
        let Some([0xff, marker, high, low]) = four(bytes, at) else { return };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(body) = bytes.get(at + 4..(at + 2 + length).max(at + 4)) else { return };
        match marker {
            0xda | 0xd9 => return,
            0xe1 => {
                if let Some(exif) = body.strip_prefix(b"Exif\0\0") {
                    tags::read(traces, exif);
                } else if let Some(rest) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                    xmp(traces, rest);
                }
            }
            0xed => iptc(traces, body),
            0xfe => traces.put(REMARK, &words(body)),
            _ => {}
        }
        at += 2 + length.max(2);
    }
}

/// The record of news agencies: who wrote, who holds the rights, the caption.
fn iptc(traces: &mut Traces, body: &[u8]) {
    let mut at = body
        .windows(3)
        .position(|three| three == [0x1c, 2, 80] || three == [0x1c, 2, 120] || three == [0x1c, 2, 116]);
    for _ in 0..MOST_BLOCKS {
        let Some(from) = at else { return };
        let Some([0x1c, record, kind, high]) = four(body, from) else { return };
        let Some(low) = body.get(from + 4) else { return };
        let length = usize::from(u16::from_be_bytes([high, *low]));
        let Some(value) = body.get(from + 5..from + 5 + length) else { return };
        match (record, kind) {
            (2, 80) => traces.put(AUTHOR, &words(value)),
            (2, 116) => traces.put(RIGHTS, &words(value)),
            (2, 120) => traces.put(REMARK, &words(value)),
            _ => {}
        }
        at = Some(from + 5 + length);
    }
}

fn png(traces: &mut Traces, bytes: &[u8]) {
    let mut at = 8;
    for _ in 0..MOST_BLOCKS {
        let Some(length) = four(bytes, at).map(u32::from_be_bytes) else { return };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(kind) = four(bytes, at + 4) else { return };
        let Some(end) = (at + 8).checked_add(length) else { return };
        let Some(body) = bytes.get(at + 8..end) else { return };
        match &kind {
            b"eXIf" => tags::read(traces, body),
            b"tEXt" | b"zTXt" | b"iTXt" => png_text(traces, body, kind[0]),
            _ => {}
        }
        at = end.saturating_add(4);
    }
}

/// A keyword and its text, compressed or not.
fn png_text(traces: &mut Traces, body: &[u8], kind: u8) {
    let Some(end) = body.iter().position(|byte| *byte == 0) else { return };
    let keyword = words(body.get(..end).unwrap_or_default());
    let rest = body.get(end + 1..).unwrap_or_default();
    let (is_packed, text) = match (kind, rest) {
        (b't', text) => (false, text),
        (b'z', [_, text @ ..]) => (true, text),
        (b'i', [packed, _, more @ ..]) => {
            // A language and a translated keyword come first.
            let mut parts = more.splitn(3, |byte| *byte == 0);
            (*packed == 1, parts.nth(2).unwrap_or_default())
        }
        _ => return,
    };
    let mut unpacked = Vec::new();
    if is_packed {
        // A damaged text says as much as stands before the fault.
        let _ = flate2::read::ZlibDecoder::new(text).take(LARGEST_TEXT as u64).read_to_end(&mut unpacked);
    }
    let text = if is_packed { &unpacked } else { text };
    match keyword.as_str() {
        "XML:com.adobe.xmp" => xmp(traces, text),
        "Author" => traces.put(AUTHOR, &words(text)),
        "Copyright" => traces.put(RIGHTS, &words(text)),
        "Software" => traces.put(PROGRAM, &words(text)),
        "Source" => traces.put(MODEL, &words(text)),
        "Title" | "Description" | "Comment" => traces.put(REMARK, &words(text)),
        _ => {}
    }
}

/// The chunks of a WebP file.
fn riff(traces: &mut Traces, bytes: &[u8]) {
    let mut at = 12;
    for _ in 0..MOST_BLOCKS {
        let Some(kind) = four(bytes, at) else { return };
        let Some(length) = four(bytes, at + 4).map(u32::from_le_bytes) else { return };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let Some(end) = (at + 8).checked_add(length) else { return };
        let Some(body) = bytes.get(at + 8..end) else { return };
        match &kind {
            b"EXIF" => tags::read(traces, body.strip_prefix(b"Exif\0\0").unwrap_or(body)),
            b"XMP " => xmp(traces, body),
            _ => {}
        }
        at = end + length % 2;
    }
}

/// The fields of XMP, written as elements or as attributes.
pub(super) fn xmp_author(bytes: &[u8]) -> Option<String> {
    let mut traces = Traces::default();
    xmp(&mut traces, bytes);
    traces.persons.into_iter().find(|(field, _)| *field == AUTHOR).map(|(_, value)| value)
}

fn xmp(traces: &mut Traces, bytes: &[u8]) {
    const FIELDS: [(&str, Field); 11] = [
        ("creator", AUTHOR),
        ("Artist", AUTHOR),
        ("Author", AUTHOR),
        ("OwnerName", OWNER),
        ("CameraOwnerName", OWNER),
        ("SerialNumber", SERIAL),
        ("BodySerialNumber", SERIAL),
        ("rights", RIGHTS),
        ("CreatorTool", PROGRAM),
        ("Model", MODEL),
        ("description", REMARK),
    ];
    let (mut open, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    // A damaged block says as much as stands before the fault.
    let _ = walk("xmp", bytes, |node| match node {
        Node::Open(element, attributes) => {
            for (name, field) in FIELDS {
                if let Some(value) = attributes.get(name) {
                    traces.put(field, &value);
                }
            }
            for name in ["GPSLatitude", "GPSLongitude"] {
                if let Some(value) = attributes.get(name) {
                    degrees(traces, name, &value);
                }
            }
            if open.len() < 64 {
                open.push(element.to_owned());
            }
            text.clear();
        }
        Node::Text(piece) if text.len() < LARGEST_TEXT => text.push_str(piece),
        Node::Text(_) => {}
        Node::Close(_) => {
            // The value of a list stands two elements further in.
            for element in open.iter().rev().take(3) {
                if let Some((_, field)) = FIELDS.iter().find(|(name, _)| name == element) {
                    traces.put(*field, &text);
                }
                degrees(traces, element, &text);
            }
            text.clear();
            open.pop();
        }
    });
}

/// `36,40.05N`.
fn degrees(traces: &mut Traces, name: &str, text: &str) {
    let slot = match name {
        "GPSLatitude" => &mut traces.latitude,
        "GPSLongitude" => &mut traces.longitude,
        _ => return,
    };
    let text = text.trim();
    let is_negative = text.ends_with(['S', 'W', 's', 'w']);
    let number = text
        .split(',')
        .next()
        .and_then(|whole| whole.trim_end_matches(char::is_alphabetic).parse::<f64>().ok());
    if let Some(number) = number.filter(|number| number.is_finite() && number.abs() <= 180.0) {
        *slot = Some(if is_negative { -number } else { number });
    }
}

/// Bytes as text: UTF-8, else GB 18030.
fn words(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok()
}
