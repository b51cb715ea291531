//! Compound files (MS-CFB): the container of `.doc`, `.xls` and of encrypted
//! newer files.
//!
//! Chains of sectors are followed for no more steps than the file has sectors,
//! so a cycle ends; a stream is as long as its chain at most.

use super::Fault;

/// Marks in the table of sectors (2.1).
const END: u32 = 0xFFFF_FFFE;
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// A stream of the file.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

/// An opened compound file.
#[derive(Debug)]
pub struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    cutoff: usize,
    entries: Vec<Entry>,
}

/// A number of two bytes.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// A number of four bytes.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

impl<'b> Compound<'b> {
    /// Opens a compound file.
    ///
    /// # Errors
    /// [`Fault::Damaged`] when it is none.
    pub fn open(bytes: &'b [u8]) -> Result<Self, Fault> {
        Self::read(bytes).ok_or_else(|| Fault::damaged("OLE", "结构异常 · malformed"))
    }

    fn read(bytes: &'b [u8]) -> Option<Self> {
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        let shift = u16_at(bytes, 30)?;
        let sector = 1_usize.checked_shl(u32::from(shift)).filter(|sector| (128..=4096).contains(sector))?;
        let mut file = Self {
            bytes,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            cutoff: u32_at(bytes, 56)? as usize,
            entries: Vec::new(),
        };
        let mut places: Vec<u32> = (0..109).filter_map(|at| u32_at(bytes, 76 + at * 4)).collect();
        let mut more = u32_at(bytes, 68)?;
        for _ in 0..file.count() {
            let Some(block) = file.block(more) else { break };
            let last = block.len().saturating_sub(4);
            places.extend((0..last / 4).filter_map(|at| u32_at(block, at * 4)));
            more = u32_at(block, last)?;
        }
        places.truncate(file.count() + 1);
        for place in places {
            if let Some(block) = file.block(place) {
                let entries: Vec<u32> = (0..block.len() / 4).filter_map(|at| u32_at(block, at * 4)).collect();
                file.table.extend(entries);
            }
        }
        let small_table = file.chain(u32_at(bytes, 60)?, usize::MAX);
        file.small_table = (0..small_table.len() / 4).filter_map(|at| u32_at(&small_table, at * 4)).collect();
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        let mut root = None;
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?.min(64));
            let units = entry.get(..length.saturating_sub(2)).unwrap_or_default().chunks_exact(2);
            let units = units.map(|pair| {
                u16::from_le_bytes([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)])
            });
            let name: String = char::decode_utf16(units).filter_map(Result::ok).collect();
            let found = Entry { name, start: u32_at(entry, 116)?, size: u32_at(entry, 120)? as usize };
            match entry.get(66) {
                Some(2) => file.entries.push(found),
                Some(5) => root = Some(found),
                _ => {}
            }
        }
        if let Some(root) = root {
            file.small = file.chain(root.start, root.size);
        }
        Some(file)
    }

    /// How many sectors the file can have.
    fn count(&self) -> usize {
        self.bytes.len() / self.sector
    }

    fn block(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|block| !block.is_empty())
    }

    /// The bytes of a chain of sectors.
    fn chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = start;
        for _ in 0..=self.count() {
            if at >= END - 1 || out.len() >= size {
                break;
            }
            let Some(block) = self.block(at) else { break };
            out.extend_from_slice(block);
            let Some(&next) = self.table.get(at as usize) else { break };
            at = next;
        }
        out.truncate(size);
        out
    }

    /// The bytes of a chain of small sectors.
    fn small_chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = start;
        for _ in 0..=self.small.len() / 64 {
            if at >= END - 1 || out.len() >= size {
                break;
            }
            let from = (at as usize).saturating_mul(64);
            let Some(block) = self.small.get(from..self.small.len().min(from.saturating_add(64))) else {
                break;
            };
            out.extend_from_slice(block);
            let Some(&next) = self.small_table.get(at as usize) else { break };
            at = next;
        }
        out.truncate(size);
        out
    }

    /// Whether there is a stream of that name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// A stream by its name.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        Some(if entry.size < self.cutoff {
            self.small_chain(entry.start, entry.size)
        } else {
            self.chain(entry.start, entry.size)
        })
    }
}
