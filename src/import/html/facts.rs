//! What a page states about its document: the tags of 国办发〔2017〕47号, tables
//! of metadata, headings, files that it leads to.

use super::distinct;
use super::dom::{Dom, Id};
use crate::head::{is_label, is_metadata};
use crate::page::{Block, Piece, Title, row_text};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// Most files that are listed.
const MOST_FILES: usize = 500;
/// Names of elements that hold the title, as [`Dom::tokens`] writes them.
const TITLES: &[&str] = &[
    "title",
    "titles",
    "tit",
    "bt",
    "biaoti",
    "articletitle",
    "arttitle",
    "arttit",
    "newstitle",
    "newstit",
    "xltit",
    "xltitle",
    "showtitle",
    "detailtitle",
    "detailtit",
    "infotitle",
    "contenttitle",
    "contit",
    "wztitle",
    "wzbt",
    "lbltitle",
    "pagetitle",
    "contenttit",
    "maintitle",
    "maintit",
    "titlebt",
    "sptitle",
    "xxgktitle",
    "zwtitle",
    "filetitle",
    "ivstitle",
    "subtitle",
    "conbt",
    "btname",
    "doctitle",
    "arctitle",
];
/// Extensions of files that are documents of their own.
const FILES: &[&str] = &[
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd", "zip", "rar", "7z", "csv",
    "rtf", "odt", "ods", "ceb",
];
/// Names of tags, in lower case, and what they state.
const TAGS: &[(&str, &str)] = &[
    ("pubdate", "发布日期"),
    ("maketime", "发布日期"),
    ("publishdate", "发布日期"),
    ("contentsource", "来源"),
    ("source", "来源"),
];

/// What the tags in the page's head state.
pub(super) fn stated(dom: &Dom) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for id in metas(dom) {
        let name = dom.attribute(id, "name").unwrap_or_default().to_lowercase();
        let value = dom.attribute(id, "content").unwrap_or_default().trim();
        if let Some((_, label)) = TAGS.iter().find(|(tag, _)| *tag == name)
            && !value.is_empty()
        {
            out.push(((*label).to_owned(), value.to_owned()));
        }
    }
    out
}

fn metas(dom: &Dom) -> impl Iterator<Item = Id> + '_ {
    (1..dom.nodes.len()).filter(|&id| dom.name(id) == "meta")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The title, with what vouches for it.
pub(super) fn title(dom: &Dom, lines: &[String], is_furniture: &dyn Fn(Id) -> bool) -> Option<Title> {
    let tagged = metas(dom).find_map(|id| {
        let is_title =
            dom.attribute(id, "name").is_some_and(|name| name.eq_ignore_ascii_case("ArticleTitle"));
        let text = one_line(dom.attribute(id, "content").unwrap_or_default());
        (is_title && text.chars().count() > 1).then_some(text)
    });
    if let Some(text) = tagged {
        let text = completed(dom, &text).unwrap_or(text);
        return Some(Title { text, is_sure: true });
    }
    let window =
        (1..dom.nodes.len()).find(|&id| dom.name(id) == "title").map(|id| one_line(&dom.text_of_title(id)));
    let window = window.unwrap_or_default();
    let printed = headings(dom, is_furniture);
    let plain_window = bare(&window);
    // A heading that the window repeats.
    if let Some(text) = printed
        .iter()
        .find(|text| text.chars().count() >= 4 && plain_window.contains(&bare(text)) && !is_site(text))
    {
        return Some(Title { text: text.clone(), is_sure: true });
    }
    // A part of the window's title that the page prints.
    let parts = window_parts(&window);
    let lines: Vec<String> = lines.iter().map(|line| bare(line)).collect();
    if let Some(part) =
        parts.iter().find(|part| part.chars().count() >= 4 && lines.contains(&bare(part)) && !is_site(part))
    {
        return Some(Title { text: part.clone(), is_sure: true });
    }
    if let Some(text) =
        printed.into_iter().find(|text| (4..=LONGEST_TITLE).contains(&text.chars().count()) && !is_site(text))
    {
        return Some(Title { text, is_sure: false });
    }
    let longest = parts.into_iter().filter(|part| !is_site(part)).max_by_key(|part| part.chars().count());
    longest.map(|text| Title { text, is_sure: false })
}

/// A tag that was cut short, as the page prints it in full.
fn completed(dom: &Dom, text: &str) -> Option<String> {
    let start = text.strip_suffix("...").or_else(|| text.strip_suffix('…'))?.trim_end_matches(['.', '…']);
    let start = bare(start);
    let mut all = (1..dom.nodes.len()).filter(|&id| is_title_like(dom, id)).map(|id| dom.text(id));
    all.find(|text| bare(text).starts_with(&start) && text.chars().count() <= LONGEST_TITLE)
}

fn is_title_like(dom: &Dom, id: Id) -> bool {
    matches!(dom.name(id), "h1" | "h2" | "h3")
        || (!dom.name(id).is_empty() && dom.tokens(id).iter().any(|token| TITLES.contains(&token.as_str())))
}

/// Headings by their rank: h1, then named elements, then h2 and h3.
fn headings(dom: &Dom, is_furniture: &dyn Fn(Id) -> bool) -> Vec<String> {
    let all: Vec<Id> = (1..dom.nodes.len())
        .filter(|&id| is_title_like(dom, id) && !is_furniture(id) && !dom.is_hidden(id))
        .collect();
    let rank = |id: Id| match dom.name(id) {
        "h1" => 0,
        "h2" | "h3" => 2,
        _ => 1,
    };
    let mut found = Vec::new();
    for wanted in 0..3 {
        for &id in all.iter().filter(|&&id| rank(id) == wanted).take(60) {
            // The page itself may be named so.
            let text = dom.text(id);
            if !text.is_empty() && text.chars().count() <= LONGEST_TITLE {
                found.push(text);
            }
        }
    }
    distinct(found.into_iter())
}

/// The parts of `题目_栏目_站名` and `站名-栏目-题目`.
fn window_parts(window: &str) -> Vec<String> {
    let parts =
        window.split(['_', '|', '｜']).flat_map(|part| part.split(" - ")).flat_map(|part| part.split("--"));
    let parts: Vec<String> = parts.map(one_line).filter(|part| !part.is_empty()).collect();
    let more: Vec<String> = parts
        .iter()
        .flat_map(|part| part.split(['-', '—']))
        .map(one_line)
        .filter(|part| part.chars().count() > 5)
        .collect();
    distinct(parts.into_iter().chain(more))
}

/// Whether a text is the name of a site or column and no title.
fn is_site(text: &str) -> bool {
    let plain = bare(text);
    let count = plain.chars().count();
    let ends =
        ["门户网站", "政府网", "政务网", "官网", "网站", "人民政府", "委员会", "管理局", "信息公开平台"];
    let columns =
        ["政务公开", "信息公开", "政府信息公开", "政策文件", "通知公告", "政策解读", "首页", "正文"];
    if columns.contains(&plain.as_str()) || crate::boilerplate::heads_other_pages(text) {
        return true;
    }
    let is_office = count <= 16 && plain.ends_with(['局', '厅', '委', '办', '院', '府', '网', '署', '会']);
    is_office || count <= 24 && ends.iter().any(|end| plain.ends_with(end)) && !plain.contains("关于")
}

/// A table or line of metadata as lines `label：value`; `None` for other blocks.
pub(super) fn metadata_lines(block: &Block) -> Option<Vec<Block>> {
    let line = |text: String| Block::Line { level: 0, pieces: vec![Piece::plain(text)] };
    match block {
        Block::Line { .. } | Block::Item { .. } => {
            let text = block.text();
            is_metadata(&text).then(|| vec![line(text)])
        }
        Block::Table(rows) => {
            let mut lines = Vec::new();
            let mut labels = 0;
            for row in rows {
                let cells: Vec<String> =
                    row.iter().map(|cell| row_text(std::slice::from_ref(cell)).trim().to_owned()).collect();
                let cells: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
                let mut at = 0;
                while let Some(cell) = cells.get(at) {
                    let next = cells.get(at + 1);
                    if is_label(cell) {
                        labels += 1;
                        let has_value = next.is_some_and(|next| !is_label(next));
                        let value = next.filter(|_| has_value).map_or("", String::as_str);
                        lines.push(line(format!("{}：{value}", cell.trim_end_matches(['：', ':']).trim())));
                        at += 1 + usize::from(has_value);
                    } else if is_metadata(cell) {
                        labels += 1;
                        lines.push(line(cell.clone()));
                        at += 1;
                    } else {
                        lines.push(line(cell.clone()));
                        at += 1;
                    }
                }
            }
            (labels >= 2 && labels * 3 >= lines.len()).then_some(lines)
        }
        Block::Footnote { .. } => None,
    }
}

/// Whether a text is or names a file.
pub(super) fn names_file(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split(['?', '&', '=', '#', '\'', '"', '(', ')', ',', ' ', '；']).any(|part| {
        part.rsplit_once('.').is_some_and(|(name, extension)| {
            !name.is_empty() && FILES.contains(&extension.trim_end_matches(['；', '。', ';']))
        })
    })
}

/// Files that the page leads to, behind scripts as well, with their printed
/// names.
pub(super) fn files(dom: &Dom, is_around: &dyn Fn(Id) -> bool) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for id in 1..dom.nodes.len() {
        if out.len() >= MOST_FILES {
            break;
        }
        let target = match dom.name(id) {
            "a" => dom.attribute(id, "href").unwrap_or_default(),
            "embed" | "iframe" | "source" => dom.attribute(id, "src").unwrap_or_default(),
            "object" => dom.attribute(id, "data").unwrap_or_default(),
            _ => continue,
        };
        let click = dom.attribute(id, "onclick").unwrap_or_default();
        let name = dom.text(id);
        let is_file = [target, click, name.as_str()].into_iter().any(names_file);
        if !is_file || is_around(id) {
            continue;
        }
        let is_script = target.is_empty() || target.starts_with("javascript") || target.starts_with('#');
        let target = if is_script && !click.is_empty() { click } else { target };
        let found = (target.trim().to_owned(), name);
        if !out.contains(&found) {
            out.push(found);
        }
    }
    out
}

/// Other pages that the text links to.
pub(super) fn links(dom: &Dom, (start, end): (Id, Id)) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for id in (start..=end).filter(|&id| dom.name(id) == "a").take(MOST_FILES) {
        let target = dom.attribute(id, "href").unwrap_or_default().trim();
        if !target.is_empty() && !target.starts_with(['#', 'j']) {
            out.push((target.to_owned(), dom.text(id)));
        }
    }
    out
}

/// The page's own address (国办发〔2017〕47号 `Url`, or the canonical link).
pub(super) fn address(dom: &Dom) -> Option<String> {
    let by_tag = metas(dom).find_map(|id| {
        let is_url = dom.attribute(id, "name").is_some_and(|name| name.eq_ignore_ascii_case("Url"));
        dom.attribute(id, "content").map(str::trim).filter(|url| is_url && !url.is_empty())
    });
    by_tag.map(str::to_owned)
}
