//! `OpenDocument` (`.odt`, `.ods`, `.odp`): paragraphs and cells, and what is not
//! shown.
//!
//! One part holds text and tables alike (`content.xml`); headers and footers
//! stand in `styles.xml`. Styles say what is hidden, and come first.

use std::collections::{BTreeMap, BTreeSet};

use super::docx::Seen;
use super::pages;
use super::types::{Reading, Spot, Veil};
use super::xlsx::{is_head, letters};
use jiedu_office::Package;
use jiedu_office::xml::{Attributes, Node, walk};

/// Reads an `OpenDocument` file.
pub(super) fn read(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    if reading.part(package, "META-INF/manifest.xml").is_some_and(|it| contains(&it, b"encryption-data")) {
        reading.unread(
            "文件已加密，不能读取，没有检查；公开的附件不应当设密码",
            "the file is encrypted and was not checked; what is published needs no password",
        );
        return;
    }
    let mut seen = Seen::default();
    for (path, name) in [("content.xml", None), ("styles.xml", Some("页眉页脚"))] {
        if let Some(bytes) = reading.part(package, path) {
            part(reading, &bytes, path, name, &mut seen);
        }
    }
    seen.report(reading);
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Where the walk stands.
#[derive(Default)]
struct State {
    /// The style whose properties come by, and those that hide text or sheets.
    style: String,
    hidden_text: BTreeSet<String>,
    hidden_sheets: BTreeSet<String>,
    /// Paragraphs that are open: a note stands inside one. Their text, whether
    /// it is hidden, and how often each style hides what is inside.
    open: Vec<Paragraph>,
    count: usize,
    deleted: usize,
    notes: usize,
    hidden: usize,
    /// Whether elements that hide are open, innermost last.
    nest: Vec<bool>,
    sheet: Option<Sheet>,
    slide: usize,
    in_name: bool,
}

#[derive(Default)]
struct Paragraph {
    shown: String,
    hidden: String,
}

/// The table that is read.
#[derive(Default)]
struct Sheet {
    name: String,
    is_hidden: bool,
    hidden_columns: BTreeMap<u32, u32>,
    row: u32,
    row_is_hidden: bool,
    hidden_rows: usize,
    column: u32,
    /// Columns that the cell stands for.
    width: u32,
    heads: BTreeMap<u32, String>,
    /// Columns that were named so far.
    columns: u32,
}

fn part(reading: &mut Reading<'_>, bytes: &[u8], path: &str, name: Option<&str>, seen: &mut Seen) {
    let mut state = State::default();
    let walked = walk(path, bytes, |node| match node {
        Node::Open(element, attributes) => open(reading, &mut state, element, &attributes, seen),
        Node::Close(element) => close(reading, &mut state, element, name),
        Node::Text(text) if state.in_name => seen.name(text),
        Node::Text(text) => {
            let is_hidden = state.hidden > 0;
            if let Some(paragraph) = state.open.last_mut() {
                if is_hidden {
                    seen.hidden += usize::from(paragraph.hidden.is_empty());
                    paragraph.hidden.push_str(text);
                } else {
                    paragraph.shown.push_str(text);
                }
            }
        }
    });
    while !state.open.is_empty() {
        emit(reading, &mut state, name);
    }
    reading.walked(&walked);
}

fn open(
    reading: &mut Reading<'_>,
    state: &mut State,
    element: &str,
    attributes: &Attributes<'_>,
    seen: &mut Seen,
) {
    match element {
        "style" => state.style = attributes.get("name").unwrap_or_default(),
        "text-properties" | "paragraph-properties" | "section-properties"
            if attributes.get("display").is_some_and(|it| it == "none") =>
        {
            state.hidden_text.insert(state.style.clone());
        }
        "table-properties" if attributes.get("display").is_some_and(|it| it == "false") => {
            state.hidden_sheets.insert(state.style.clone());
        }
        "p" | "h" | "span" | "section" | "hidden-text" | "hidden-paragraph" => {
            if matches!(element, "p" | "h") {
                state.count += usize::from(state.open.is_empty());
                state.open.push(Paragraph::default());
            }
            let by_style = attributes.get("style-name").is_some_and(|name| state.hidden_text.contains(&name));
            let hides = by_style
                || (element == "section" && attributes.get("display").is_some_and(|it| it == "none"))
                || (element.starts_with("hidden-")
                    && attributes.get("is-hidden").is_none_or(|it| it == "true"));
            state.hidden += usize::from(hides);
            state.nest.push(hides);
        }
        "s" | "tab" | "line-break" => {
            if let Some(paragraph) = state.open.last_mut() {
                paragraph.shown.push(' ');
            }
        }
        "annotation" => {
            state.notes += 1;
            seen.comments += 1;
        }
        "notes" => state.notes += 1,
        "creator" => state.in_name = true,
        "insertion" => seen.inserted += 1,
        "deletion" => {
            seen.deleted += 1;
            state.deleted += 1;
        }
        "page" => state.slide += 1,
        _ => table(reading, state, element, attributes),
    }
}

/// The elements of tables.
fn table(reading: &mut Reading<'_>, state: &mut State, element: &str, attributes: &Attributes<'_>) {
    let repeated = |name| attributes.get(name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(1).max(1);
    let is_collapsed = || attributes.get("visibility").is_some_and(|it| it != "visible");
    if element == "table" {
        let name = attributes.get("name").unwrap_or_default();
        let style = attributes.get("style-name").unwrap_or_default();
        let is_hidden = state.hidden_sheets.contains(&style);
        if is_hidden {
            reading.remark(
                &pages::HIDDEN,
                Spot::Sheet(name.clone()),
                "是隐藏的工作表，公开后任何人都能显示出来",
                "is a hidden sheet that anybody can show",
            );
        }
        state.sheet = Some(Sheet { name, is_hidden, ..Sheet::default() });
    }
    let Some(sheet) = &mut state.sheet else { return };
    match element {
        "table-column" => {
            let (first, width) = (sheet.columns.saturating_add(1), repeated("number-columns-repeated"));
            sheet.columns = sheet.columns.saturating_add(width);
            if is_collapsed() {
                sheet.hidden_columns.insert(first, sheet.columns);
            }
        }
        "table-row" => {
            sheet.row = sheet.row.saturating_add(1);
            sheet.width = repeated("number-rows-repeated");
            sheet.row_is_hidden = is_collapsed();
            sheet.hidden_rows += usize::from(sheet.row_is_hidden);
            sheet.row = sheet.row.saturating_add(sheet.width - 1);
            (sheet.column, sheet.width) = (0, 1);
        }
        "table-cell" | "covered-table-cell" => {
            sheet.column = sheet.column.saturating_add(1);
            sheet.width = repeated("number-columns-repeated");
        }
        _ => {}
    }
}

fn close(reading: &mut Reading<'_>, state: &mut State, element: &str, name: Option<&str>) {
    match element {
        "p" | "h" => emit(reading, state, name),
        "annotation" | "notes" => state.notes = state.notes.saturating_sub(1),
        "creator" => state.in_name = false,
        "deletion" => state.deleted = state.deleted.saturating_sub(1),
        "table-cell" | "covered-table-cell" => {
            if let Some(sheet) = &mut state.sheet {
                sheet.column = sheet.column.saturating_add(sheet.width - 1);
            }
        }
        "table" => {
            if let Some(sheet) = state.sheet.take()
                && sheet.hidden_rows + sheet.hidden_columns.len() > 0
            {
                reading.remark(
                    &pages::HIDDEN,
                    Spot::Sheet(sheet.name),
                    "有隐藏的行或列",
                    "hides rows or columns",
                );
            }
        }
        _ => {}
    }
    if matches!(element, "p" | "h" | "span" | "section" | "hidden-text" | "hidden-paragraph") {
        let hid = state.nest.pop().unwrap_or(false);
        state.hidden = state.hidden.saturating_sub(usize::from(hid));
    }
}

/// Hands out the innermost paragraph.
fn emit(reading: &mut Reading<'_>, state: &mut State, name: Option<&str>) {
    let Some(done) = state.open.pop() else { return };
    let mut veil = match (state.notes, state.deleted) {
        (1.., _) => Veil::Comment,
        (_, 1..) => Veil::Deleted,
        _ => Veil::None,
    };
    let spot = if state.notes > 0 {
        Spot::Part("批注".to_owned())
    } else if let Some(name) = name {
        Spot::Part(name.to_owned())
    } else if state.slide > 0 {
        Spot::Page(state.slide)
    } else if let Some(sheet) = &mut state.sheet {
        let in_column = sheet
            .hidden_columns
            .range(..=sheet.column)
            .next_back()
            .is_some_and(|(_, last)| *last >= sheet.column);
        if veil == Veil::None && (sheet.is_hidden || sheet.row_is_hidden || in_column) {
            veil = Veil::Hidden;
        }
        let spot = Spot::Cell(sheet.name.clone(), format!("{}{}", letters(sheet.column), sheet.row));
        let text = done.shown.trim();
        if is_head(text) {
            sheet.heads.insert(sheet.column, text.to_owned());
        } else if let Some(head) = sheet.heads.get(&sheet.column) {
            let text = format!("{head}：{text}");
            reading.passage(&spot, veil, if done.shown.trim().is_empty() { "" } else { &text });
            reading.passage(&spot, Veil::HiddenText, &done.hidden);
            return;
        }
        spot
    } else {
        Spot::Paragraph(state.count)
    };
    reading.passage(&spot, veil, &done.shown);
    reading.passage(&spot, Veil::HiddenText, &done.hidden);
}
