//! Zip files: office documents are zip files, and offices attach zip files.
//!
//! Sizes in the directory are the packer's word, so bytes are counted as they
//! come out.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::types::{Reading, Spot};
use super::{docx, odf, ooxml, pages, pptx, xlsx};

/// Longest part, unpacked.
const LARGEST: usize = 32 << 20;
/// A part may unpack to so many times its size …
const RATIO: usize = 300;
/// … when it is larger than this: small parts of blanks pack well.
const SMALL: usize = 1 << 20;
/// Archives in archives deeper than this are not opened.
const DEEPEST: usize = 3;

/// Pictures of one document that are looked at, and the bytes of each: cameras
/// write about themselves before the picture.
const MOST_PICTURES: usize = 200;
const PICTURE_HEAD: usize = 192 << 10;

/// An opened zip file.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Names of the parts in the order of the file.
    pub(super) names: Vec<String>,
    /// The same, to look one up: a workbook may name very many.
    known: BTreeSet<String>,
}

impl<'b> Package<'b> {
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let names: Vec<String> =
            archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
        let known = names.iter().cloned().collect();
        Some(Self { archive, names, known })
    }

    /// The names that begin and end so, sorted.
    pub(super) fn like(&self, start: &str, end: &str) -> Vec<String> {
        let mut found: Vec<String> = self
            .names
            .iter()
            .filter(|name| name.starts_with(start) && name.ends_with(end))
            .cloned()
            .collect();
        // sheet2 before sheet10.
        found.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        found
    }

    /// A part; none when it is missing, or when it cannot be read or is beyond
    /// the bounds, which is remarked.
    pub(super) fn part(&mut self, name: &str, reading: &mut Reading<'_>) -> Option<Vec<u8>> {
        if reading.is_full() || !self.known.contains(name) {
            return None;
        }
        if reading.budget.parts == 0 {
            reading.full();
            return None;
        }
        reading.budget.parts -= 1;
        let unread = |reading: &mut Reading<'_>| {
            let zh = format!("其中“{name}”已损坏或加密，没有检查");
            reading.unread(&zh, &format!("`{name}` in it is damaged or encrypted and was not checked"));
            None
        };
        let Ok(file) = self.archive.by_name(name) else { return unread(reading) };
        let packed = usize::try_from(file.compressed_size()).unwrap_or(usize::MAX);
        let most = LARGEST.min(reading.budget.bytes).min(packed.saturating_mul(RATIO).max(SMALL));
        let mut bytes = Vec::new();
        let read = file.take(most as u64 + 1).read_to_end(&mut bytes);
        reading.budget.bytes = reading.budget.bytes.saturating_sub(bytes.len());
        if bytes.len() > most {
            reading.full();
            return None;
        }
        if read.is_err() { unread(reading) } else { Some(bytes) }
    }
}

impl Package<'_> {
    /// The first bytes of a part, however long it is.
    fn head(&mut self, name: &str, most: usize, reading: &mut Reading<'_>) -> Option<Vec<u8>> {
        let most = most.min(reading.budget.bytes);
        reading.budget.parts = reading.budget.parts.checked_sub(1)?;
        let mut bytes = Vec::new();
        // A damaged picture says as much as stands before the fault.
        let _ = self.archive.by_name(name).ok()?.take(most as u64).read_to_end(&mut bytes);
        reading.budget.bytes -= bytes.len();
        Some(bytes)
    }
}

/// The pictures inside of a document, which keep what the camera wrote.
fn pictures(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let is_picture = |name: &&String| name.contains("/media/") || name.starts_with("Pictures/");
    let names: Vec<String> = package.names.iter().filter(is_picture).take(MOST_PICTURES).cloned().collect();
    for name in names {
        if let Some(bytes) = package.head(&name, PICTURE_HEAD, reading)
            && super::picture::is_picture(&bytes)
        {
            reading.nested(&name, &bytes, DEEPEST);
        }
    }
}

/// Reads a zip file as what it holds.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8], depth: usize) {
    let Some(mut package) = Package::open(bytes) else {
        reading.unread(
            "文件已损坏，不能打开，没有检查",
            "the file is damaged and cannot be opened; nothing was checked",
        );
        return;
    };
    let has = |name: &str| package.known.contains(name);
    if has("word/document.xml") {
        docx::read(reading, &mut package);
    } else if has("xl/workbook.xml") {
        xlsx::read(reading, &mut package);
    } else if has("ppt/presentation.xml") {
        pptx::read(reading, &mut package);
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        odf::read(reading, &mut package);
    } else if has("[Content_Types].xml") || has("META-INF/manifest.xml") {
        reading.unread(
            "这种办公文档格式不能读取，没有检查；请改附 .docx、.xlsx 或 PDF",
            "an office format that cannot be read; attach .docx, .xlsx or PDF",
        );
        return;
    } else {
        return files(reading, &mut package, depth);
    }
    ooxml::surroundings(reading, &mut package);
    pictures(reading, &mut package);
}

/// The files of an archive.
fn files(reading: &mut Reading<'_>, package: &mut Package<'_>, depth: usize) {
    if depth >= DEEPEST {
        reading.remark(
            &pages::TOO_LARGE,
            Spot::File,
            "压缩包层层嵌套，里层没有检查",
            "archives nested too deeply; the inner ones were not checked",
        );
        return;
    }
    for name in package.names.clone() {
        if reading.is_full() {
            return;
        }
        if !name.ends_with('/')
            && let Some(bytes) = package.part(&name, reading)
        {
            reading.nested(&name, &bytes, depth + 1);
        }
    }
}
