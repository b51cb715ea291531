//! The tags of TIFF, in which EXIF is written: directories of fields of twelve
//! bytes, each with a type, a count and a value or the place of one.

use super::{AUTHOR, MODEL, OWNER, PROGRAM, REMARK, RIGHTS, SERIAL, TIME, Traces, words};

/// Fields of one directory that are looked at.
const MOST_FIELDS: u16 = 512;
/// Directories of one block: main, preview, camera, position and some more.
const MOST_DIRECTORIES: usize = 8;
/// Longest value of one field.
const LONGEST: usize = 64 << 10;

/// A block of tags.
struct Block<'b> {
    bytes: &'b [u8],
    is_little: bool,
}

/// Which directory a field stands in: numbers mean different things in them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Picture,
    Position,
}

pub(super) fn read(traces: &mut Traces, bytes: &[u8]) {
    let block = Block { bytes, is_little: bytes.starts_with(b"II") };
    let Some(first) = block.long(4) else { return };
    let mut open = vec![(first, Part::Picture)];
    let mut seen = Vec::new();
    while let Some((at, part)) = open.pop() {
        if seen.contains(&at) || seen.len() >= MOST_DIRECTORIES {
            continue;
        }
        seen.push(at);
        block.directory(traces, at, part, &mut open);
    }
}

impl<'b> Block<'b> {
    fn short(&self, at: usize) -> Option<u16> {
        let two: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.is_little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let four = super::four(self.bytes, at)?;
        let number = if self.is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        usize::try_from(number).ok()
    }

    fn directory(&self, traces: &mut Traces, at: usize, part: Part, open: &mut Vec<(usize, Part)>) {
        let Some(count) = self.short(at) else { return };
        let (mut latitude, mut longitude) = (None, None);
        let (mut south, mut west) = (false, false);
        for index in 0..count.min(MOST_FIELDS) {
            let field = at + 2 + usize::from(index) * 12;
            let Some(tag) = self.short(field) else { return };
            let is = |letter: u8| self.value(field).is_some_and(|value| value.first() == Some(&letter));
            match (part, tag) {
                (Part::Picture, 0x8769) => open.extend(self.long(field + 8).map(|at| (at, Part::Picture))),
                (Part::Picture, 0x8825) => open.extend(self.long(field + 8).map(|at| (at, Part::Position))),
                (Part::Picture, tag) => self.field(traces, tag, field),
                (Part::Position, 1) => south = is(b'S'),
                (Part::Position, 2) => latitude = self.degrees(field),
                (Part::Position, 3) => west = is(b'W'),
                (Part::Position, 4) => longitude = self.degrees(field),
                _ => {}
            }
        }
        if let Some((north, east)) = latitude.zip(longitude) {
            traces.latitude = Some(if south { -north } else { north });
            traces.longitude = Some(if west { -east } else { east });
        }
        if part == Part::Picture {
            let next = self.long(at + 2 + usize::from(count.min(MOST_FIELDS)) * 12);
            open.extend(next.filter(|next| *next != 0).map(|next| (next, Part::Picture)));
        }
    }

    fn field(&self, traces: &mut Traces, tag: u16, field: usize) {
        let name = match tag {
            0x013b | 0x9c9d => AUTHOR,
            0xa430 => OWNER,
            0xa431 | 0xa435 => SERIAL,
            0x8298 => RIGHTS,
            0x010f | 0x0110 => MODEL,
            0x0131 => PROGRAM,
            0x9003 => TIME,
            0x010e | 0x9286 | 0x9c9b | 0x9c9c => REMARK,
            _ => return,
        };
        let Some(value) = self.value(field) else { return };
        let text = match tag {
            // What Windows writes is UTF-16, always little-endian.
            0x9c9b..=0x9c9d => encoding_rs::UTF_16LE.decode_without_bom_handling(value).0.into_owned(),
            // Eight bytes name the encoding.
            0x9286 => match value.strip_prefix(b"UNICODE\0") {
                Some(rest) if self.is_little => {
                    encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0.into_owned()
                }
                Some(rest) => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
                None => words(value.get(8..).unwrap_or_default()),
            },
            _ => words(value),
        };
        traces.put(name, text.split('\0').next().unwrap_or_default());
    }

    /// The bytes of a field's value.
    fn value(&self, field: usize) -> Option<&'b [u8]> {
        let size = match self.short(field + 2)? {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = self.long(field + 4)?.checked_mul(size).filter(|length| *length <= LONGEST)?;
        let at = if length <= 4 { field + 8 } else { self.long(field + 8)? };
        self.bytes.get(at..at.checked_add(length)?)
    }

    /// Degrees, minutes and seconds, each a fraction.
    fn degrees(&self, field: usize) -> Option<f64> {
        let at = self.long(field + 8)?;
        let mut degrees = 0.0;
        for (index, unit) in [1.0, 60.0, 3600.0].into_iter().enumerate() {
            let part = |at| self.long(at).and_then(|number| u32::try_from(number).ok()).map(f64::from);
            let (above, below) = (part(at + index * 8)?, part(at + index * 8 + 4)?);
            degrees += if below > 0.0 { above / below / unit } else { 0.0 };
        }
        Some(degrees).filter(|degrees| *degrees <= 180.0)
    }
}
