//! Excel: cells, and the sheets, rows and columns that are not shown.

use std::collections::{BTreeMap, BTreeSet};

use super::ooxml::relations;
use super::pages;
use super::types::{Reading, Spot, Veil};
use jiedu_office::Package;
use jiedu_office::xml::{Attributes, Node, walk};

/// Heads that say what the numbers below them are; with one in front, a number
/// is judged as it would be in a sentence.
const TELLING: [&str; 12] =
    ["身份证", "证件", "护照", "通行证", "账户", "账号", "帐户", "帐号", "卡号", "银行", "户名", "开户"];

/// Reads an `.xlsx`.
pub(super) fn read(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let strings = shared_strings(reading, package);
    let sheets = sheets(reading, package);
    for sheet in &sheets {
        if sheet.is_hidden {
            reading.remark(
                &pages::HIDDEN,
                Spot::Sheet(sheet.name.clone()),
                "是隐藏的工作表，公开后任何人都能显示出来",
                "is a hidden sheet that anybody can show",
            );
        }
        read_sheet(reading, package, sheet, &strings);
    }
    comments(reading, package, &sheets);
}

struct Sheet {
    name: String,
    path: String,
    is_hidden: bool,
}

/// The sheets in the order of the workbook.
fn sheets(reading: &mut Reading<'_>, package: &mut Package<'_>) -> Vec<Sheet> {
    let targets = relations(reading, package, "xl/workbook.xml");
    let mut sheets = Vec::new();
    if let Some(bytes) = reading.part(package, "xl/workbook.xml") {
        let walked = walk("xl/workbook.xml", &bytes, |node| {
            if let Node::Open("sheet", attributes) = node {
                let path = attributes.get("id").and_then(|id| targets.get(&id).cloned());
                let is_hidden = attributes.get("state").is_some_and(|state| state != "visible");
                let name = attributes.get("name").unwrap_or_default();
                sheets.extend(path.map(|path| Sheet { name, path, is_hidden }));
            }
        });
        reading.walked(&walked);
    }
    // What no workbook names is still in the file.
    let known: BTreeSet<String> = sheets.iter().map(|sheet| sheet.path.clone()).collect();
    for path in package.like("xl/worksheets/", ".xml") {
        if !known.contains(&path) {
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            sheets.push(Sheet { name, path, is_hidden: true });
        }
    }
    sheets
}

fn shared_strings(reading: &mut Reading<'_>, package: &mut Package<'_>) -> Vec<String> {
    let mut strings = Vec::new();
    let Some(bytes) = reading.part(package, "xl/sharedStrings.xml") else { return strings };
    let (mut text, mut aid) = (String::new(), String::new());
    let (mut in_text, mut in_reading_aid) = (false, false);
    let spot = Spot::Part("注音".to_owned());
    let walked = walk("xl/sharedStrings.xml", &bytes, |node| match node {
        Node::Open("rPh", _) => in_reading_aid = true,
        // A reading aid is shown on demand only, and published with the file.
        Node::Close("rPh") => {
            in_reading_aid = false;
            reading.passage(&spot, Veil::HiddenText, &std::mem::take(&mut aid));
        }
        Node::Open("t", _) => in_text = true,
        Node::Close("t") => in_text = false,
        Node::Text(piece) if in_text && in_reading_aid => aid.push_str(piece),
        Node::Text(piece) if in_text => text.push_str(piece),
        // Any number of cells may show the same string: what they would all do
        // with it is done once.
        Node::Close("si") => strings.push(std::mem::take(&mut text).trim().to_owned()),
        _ => {}
    });
    reading.walked(&walked);
    strings
}

/// Where the walk through a sheet stands.
#[derive(Default)]
struct State {
    /// Hidden columns: first numbers and last numbers, apart from each other.
    hidden_columns: BTreeMap<u32, u32>,
    hidden_rows: usize,
    row: u32,
    row_is_hidden: bool,
    column: u32,
    address: String,
    kind: String,
    value: String,
    in_value: bool,
    /// Telling heads, by column.
    heads: BTreeMap<u32, String>,
}

fn read_sheet(reading: &mut Reading<'_>, package: &mut Package<'_>, sheet: &Sheet, strings: &[String]) {
    let Some(bytes) = reading.part(package, &sheet.path) else { return };
    let mut state = State::default();
    let walked = walk(&sheet.path, &bytes, |node| match node {
        Node::Open(element, attributes) => open(&mut state, element, &attributes),
        Node::Text(text) if state.in_value => state.value.push_str(text),
        Node::Close("v" | "t") => state.in_value = false,
        Node::Close("c") => cell(reading, &mut state, sheet, strings),
        _ => {}
    });
    reading.walked(&walked);
    report_hidden(reading, sheet, &state);
}

fn open(state: &mut State, element: &str, attributes: &Attributes<'_>) {
    match element {
        // A width of nothing hides as well.
        "col" if attributes.is_on("hidden") || is_zero(attributes.get("width")) => {
            let number = |name| attributes.get(name).and_then(|text| text.parse::<u32>().ok());
            if let Some((first, last)) = number("min").zip(number("max")) {
                hide_columns(&mut state.hidden_columns, first, last);
            }
        }
        "row" => {
            let next = state.row.saturating_add(1);
            state.row = attributes.get("r").and_then(|text| text.parse().ok()).unwrap_or(next);
            state.row_is_hidden = attributes.is_on("hidden") || is_zero(attributes.get("ht"));
            state.hidden_rows += usize::from(state.row_is_hidden);
            state.column = 0;
        }
        "c" => {
            let address = attributes.get("r").unwrap_or_default();
            state.column = column_of(&address).unwrap_or(state.column.saturating_add(1));
            state.address =
                if address.is_empty() { format!("{}{}", letters(state.column), state.row) } else { address };
            state.kind = attributes.get("t").unwrap_or_default();
            state.value.clear();
        }
        "v" => state.in_value = true,
        "t" => state.in_value = state.kind == "inlineStr",
        _ => {}
    }
}

fn is_zero(size: Option<String>) -> bool {
    size.and_then(|size| size.parse::<f64>().ok()).is_some_and(|size| size <= 0.0)
}

/// Adds columns to those that are hidden, joined with those they touch.
fn hide_columns(hidden: &mut BTreeMap<u32, u32>, mut first: u32, mut last: u32) {
    if first > last {
        return;
    }
    while let Some((&from, &to)) = hidden.range(..=last).next_back().filter(|(_, to)| **to >= first) {
        hidden.remove(&from);
        (first, last) = (first.min(from), last.max(to));
    }
    hidden.insert(first, last);
}

fn cell(reading: &mut Reading<'_>, state: &mut State, sheet: &Sheet, strings: &[String]) {
    let value = std::mem::take(&mut state.value);
    let text = match state.kind.as_str() {
        "s" => {
            value.trim().parse::<usize>().ok().and_then(|index| strings.get(index)).map_or("", String::as_str)
        }
        "b" | "e" => return,
        _ => value.as_str(),
    };
    let number = if matches!(state.kind.as_str(), "" | "n") { whole_number(text) } else { None };
    let text = number.as_deref().unwrap_or(text);
    let in_column = state
        .hidden_columns
        .range(..=state.column)
        .next_back()
        .is_some_and(|(_, last)| *last >= state.column);
    let hidden = sheet.is_hidden || state.row_is_hidden || in_column;
    let veil = if hidden { Veil::Hidden } else { Veil::None };
    let spot = Spot::Cell(sheet.name.clone(), state.address.clone());
    if is_head(text) {
        state.heads.insert(state.column, text.to_owned());
    }
    match state.heads.get(&state.column).filter(|head| head.as_str() != text) {
        Some(head) => reading.passage(&spot, veil, &format!("{head}：{text}")),
        None => reading.passage(&spot, veil, text),
    }
}

/// Whether a cell says what the numbers below it are.
pub(super) fn is_head(text: &str) -> bool {
    text.chars().nth(40).is_none()
        && TELLING.iter().any(|word| text.contains(word))
        && !text.chars().any(|c| c.is_ascii_digit())
}

/// A number as it was typed: `1.3900008858E10` is a telephone number.
fn whole_number(text: &str) -> Option<String> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    (number.fract() == 0.0 && (1e5..1e18).contains(&number)).then(|| format!("{number:.0}"))
}

/// `B12` → 2.
fn column_of(address: &str) -> Option<u32> {
    let letters = address.bytes().take_while(u8::is_ascii_uppercase).take(4);
    let number = letters.fold(0_u32, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (number > 0).then_some(number)
}

/// 2 → `B`.
pub(super) fn letters(mut column: u32) -> String {
    let mut out = Vec::new();
    while column > 0 {
        column -= 1;
        out.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        column /= 26;
    }
    out.iter().rev().collect()
}

fn report_hidden(reading: &mut Reading<'_>, sheet: &Sheet, state: &State) {
    let rows = state.hidden_rows;
    let columns: Vec<String> =
        state
            .hidden_columns
            .iter()
            .take(10)
            .map(|(first, last)| {
                if first == last {
                    letters(*first)
                } else {
                    format!("{}:{}", letters(*first), letters(*last))
                }
            })
            .collect();
    let spot = || Spot::Sheet(sheet.name.clone());
    if rows > 0 {
        reading.remark(&pages::HIDDEN, spot(), format!("隐藏了 {rows} 行"), format!("hides {rows} rows"));
    }
    if !columns.is_empty() {
        let list = columns.join("、");
        reading.remark(
            &pages::HIDDEN,
            spot(),
            format!("隐藏了 {list} 列"),
            format!("hides columns {}", columns.join(", ")),
        );
    }
}

/// Comments lie in parts of their own, old and new kind.
fn comments(reading: &mut Reading<'_>, package: &mut Package<'_>, sheets: &[Sheet]) {
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for sheet in sheets {
        for target in relations(reading, package, &sheet.path).into_values() {
            owners.insert(target, &sheet.name);
        }
    }
    let mut parts = package.like("xl/comments", ".xml");
    parts.extend(package.like("xl/threadedComments/", ".xml"));
    let mut count = 0;
    for path in parts {
        let Some(bytes) = reading.part(package, &path) else { continue };
        let sheet = owners.get(&path).copied().unwrap_or("?");
        let (mut text, mut address, mut inside) = (String::new(), String::new(), false);
        let walked = walk(&path, &bytes, |node| match node {
            Node::Open("comment" | "threadedComment", attributes) => {
                address = attributes.get("ref").unwrap_or_default();
                inside = true;
            }
            Node::Close("comment" | "threadedComment") => {
                count += 1;
                inside = false;
                let spot = Spot::Cell(sheet.to_owned(), address.clone());
                reading.passage(&spot, Veil::Comment, &std::mem::take(&mut text));
            }
            Node::Text(piece) if inside => text.push_str(piece),
            _ => {}
        });
        reading.walked(&walked);
    }
    if count > 0 {
        reading.remark(
            &pages::COMMENTS,
            Spot::File,
            format!("含有 {count} 条批注"),
            format!("{count} comments"),
        );
    }
}
