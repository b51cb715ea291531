//! Word files (Office Open XML, ECMA-376): paragraphs, headings, printed
//! numbers, bold and italic, simple tables, footnotes and outward links.

mod lists;
mod package;
mod styles;
mod text;
mod xml;

use super::{ImportError, Page};

/// Reads a `.docx`.
pub(super) fn read(bytes: &[u8]) -> Result<Page, ImportError> {
    let mut package = package::Package::open(bytes)?;
    let styles = match package.part("word/styles.xml")? {
        Some(part) => styles::read(&part)?,
        None => styles::Styles::default(),
    };
    let lists = match package.part("word/numbering.xml")? {
        Some(part) => lists::read(&part)?,
        None => lists::Lists::default(),
    };
    let links = match package.part("word/_rels/document.xml.rels")? {
        Some(part) => text::links(&part)?,
        None => text::Links::default(),
    };
    let notes = package.part("word/footnotes.xml")?;
    let Some(document) = package.part("word/document.xml")? else {
        return Err(ImportError::Damaged {
            part: "word/document.xml".to_owned(),
            problem: "missing".to_owned(),
        });
    };
    text::read(&document, notes.as_deref(), &styles, lists, &links)
}
