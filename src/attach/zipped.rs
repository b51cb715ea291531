//! Zip files: office documents are zip files, and offices attach zip files.

use super::types::{Reading, Spot};
use super::{docx, odf, ooxml, pages, pptx, xlsx};
use jiedu_office::{Package, read_ofd};

/// Archives in archives deeper than this are not opened.
const DEEPEST: usize = 3;

/// Pictures of one document that are looked at, and the bytes of each: cameras
/// write about themselves before the picture.
const MOST_PICTURES: usize = 200;
const PICTURE_HEAD: usize = 192 << 10;

/// The pictures inside of a document, which keep what the camera wrote.
fn pictures(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let is_picture = |name: &&String| name.contains("/media/") || name.starts_with("Pictures/");
    let names: Vec<String> = package.names().iter().filter(is_picture).take(MOST_PICTURES).cloned().collect();
    for name in names {
        if let Some(bytes) = package.head(&name, PICTURE_HEAD, &mut reading.budget.limits)
            && super::picture::is_picture(&bytes)
        {
            reading.nested(&name, &bytes, DEEPEST);
        }
    }
}

/// Reads a zip file as what it holds.
pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8], depth: usize) {
    let Ok(mut package) = Package::open(bytes) else {
        reading.unread(
            "文件已损坏，不能打开，没有检查",
            "the file is damaged and cannot be opened; nothing was checked",
        );
        return;
    };
    let has = |name: &str| package.has(name);
    if has("word/document.xml") {
        docx::read(reading, &mut package);
    } else if has("xl/workbook.xml") {
        xlsx::read(reading, &mut package);
    } else if has("ppt/presentation.xml") {
        pptx::read(reading, &mut package);
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        odf::read(reading, &mut package);
    } else if has("OFD.xml") {
        let document = read_ofd(&mut package, &mut reading.budget.limits);
        docx::passages(reading, &document);
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
    for name in package.names().to_vec() {
        if reading.is_full() {
            return;
        }
        if !name.ends_with('/')
            && let Some(bytes) = reading.part(package, &name)
        {
            reading.nested(&name, &bytes, depth + 1);
        }
    }
}
