//! What each block of a text is, before any label is read: contents (目录),
//! signatures and dates, annexes, the title of an enclosed text.
//!
//! Contents repeat labels that open provisions further down, annexes number
//! their own, and a signature is no paragraph of the last article. All that is
//! told apart here, in one pass with bounded looks ahead.

use super::PolicyMeta;
use super::contents::find_contents;
use super::label::read_label;
use jiedu_base::text::is_blank;
use jiedu_markdown::RenderedBlock;

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Text, labelled or not.
    Text,
    /// A paragraph without a visible character.
    Blank,
    /// It belongs to no provision and closes all that are open: the title, an
    /// unlabelled heading, a signature, a date, 抄送, footnotes, contents.
    Close,
    /// The title of the enclosed text.
    Enclosed,
    /// The heading of an annex, and what the annex is called: `附件1`.
    Annex(String),
}

/// What every block is, and where the enclosed text begins.
pub(super) struct Regions {
    pub(super) roles: Vec<Role>,
    pub(super) enclosed_from: Option<usize>,
}

/// Characters of a line of a signature at most.
const MAX_SIGNATURE: usize = 50;

/// Lines of a signature at most: as many offices as issue one text jointly.
const MAX_SIGNERS: usize = 24;

/// Bytes of a title beyond which nothing is looked for in it.
const MAX_TITLE: usize = 4_000;

/// Reads what the blocks of a policy are.
pub(super) fn read_regions(blocks: &[RenderedBlock], meta: &PolicyMeta) -> Regions {
    let contents = find_contents(blocks);
    let enclosed_from = find_enclosed(blocks, meta, &contents);
    let mut roles: Vec<Role> = Vec::with_capacity(blocks.len());
    let mut signed_to = 0;
    for (index, block) in blocks.iter().enumerate() {
        let is_contents = contents.get(index) == Some(&true);
        let role = if enclosed_from == Some(index) {
            Role::Enclosed
        } else if block.heading == Some(1) || is_contents || is_notes(block) {
            Role::Close
        } else if is_empty(block) {
            Role::Blank
        } else if index < signed_to {
            Role::Close
        } else if let Some(name) = annex_name(block) {
            Role::Annex(name)
        } else if read_label(&block.text).is_some() {
            Role::Text
        } else if block.heading.is_some() || is_tail(&block.text, meta) {
            Role::Close
        } else if let Some(to) = signature_end(blocks, index) {
            signed_to = to;
            Role::Close
        } else {
            Role::Text
        };
        roles.push(role);
    }
    Regions { roles, enclosed_from }
}

/// Whether a paragraph or list shows nothing at all.
fn is_empty(block: &RenderedBlock) -> bool {
    block.text.chars().all(is_blank) && block.html.starts_with("<p>") && !block.html.contains("<img")
}

fn is_notes(block: &RenderedBlock) -> bool {
    block.html.starts_with("<section class=\"footnotes\">")
}

/// The title of the text that a wrapper notice encloses: an unlabelled heading
/// that the policy's own title names, or that comes after the notice's date.
fn find_enclosed(blocks: &[RenderedBlock], meta: &PolicyMeta, contents: &[bool]) -> Option<usize> {
    let title = bare(&meta.title.as_ref()?.value);
    let mut has_date = false;
    for (index, block) in blocks.iter().enumerate() {
        let text = bare(&block.text);
        has_date |= is_date_line(&text);
        let may_be_title = index > 0
            && !text.is_empty()
            && text != title
            && contents.get(index) != Some(&true)
            && !is_part_name(&text)
            && read_label(&block.text).is_none()
            && annex_name(block).is_none()
            && !is_tail(&block.text, meta);
        let is_top = block.heading == Some(2);
        let is_long = text.chars().count() >= 4;
        let is_named = title.len() <= MAX_TITLE
            && title.contains(&text)
            && (is_top || (is_long && has_date && block.heading.is_none()));
        if may_be_title && (is_named || (is_top && has_date)) {
            return Some(index);
        }
    }
    None
}

/// Headings of parts of one text, which begin no other text.
fn is_part_name(text: &str) -> bool {
    const NAMES: [&str; 11] =
        ["目录", "目次", "序言", "序", "前言", "引言", "总则", "分则", "附则", "结束语", "说明"];
    NAMES.contains(&text)
}

/// Without blanks and book-title marks.
pub(super) fn bare(text: &str) -> String {
    without(text, |c| is_blank(c) || matches!(c, '《' | '》'))
}

/// The text without some characters, copied in runs.
pub(super) fn without(text: &str, unwanted: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    text.split(unwanted).for_each(|run| out.push_str(run));
    out
}

/// `2025年6月29日` and nothing else but what a printer adds.
fn is_date_line(text: &str) -> bool {
    let mut parts = text.split(['年', '月', '日']);
    let figures = |part: Option<&str>| {
        part.is_some_and(|part| {
            !part.is_empty()
                && part.chars().count() <= 4
                && part.chars().all(|c| c.is_ascii_digit() || "〇○零一二三四五六七八九十".contains(c))
        })
    };
    figures(parts.next())
        && figures(parts.next())
        && figures(parts.next())
        && matches!(parts.next(), Some("" | "印发" | "印"))
        && parts.next().is_none()
}

/// What stands after the text proper: 署名, 成文日期, 附注, 抄送.
fn is_tail(text: &str, meta: &PolicyMeta) -> bool {
    const STARTS: [&str; 11] = [
        "（此件",
        "(此件",
        "抄送：",
        "抄送:",
        "主送：",
        "附注：",
        "特此通知",
        "特此通告",
        "特此公告",
        "特此函复",
        "特此批复",
    ];
    if text.len() > MAX_TITLE {
        return false;
    }
    let text = bare(text);
    STARTS.iter().any(|start| text.starts_with(start))
        || is_date_line(&text)
        || meta.issuers.iter().any(|issuer| bare(&issuer.value) == text)
}

/// Where the signature that begins here ends: lines without a mark, then a
/// date, or, at the end of the text or before an annex, the name of an office.
fn signature_end(blocks: &[RenderedBlock], from: usize) -> Option<usize> {
    let mut is_office = true;
    for (index, block) in blocks.iter().enumerate().skip(from).take(MAX_SIGNERS) {
        if is_empty(block) {
            continue;
        }
        let is_first = index == from;
        let text = bare(&block.text);
        if !is_first && is_date_line(&text) {
            return Some(index + 1);
        }
        if !is_first && annex_name(block).is_some() {
            return Some(index).filter(|_| is_office);
        }
        let is_paragraph = block.html.starts_with("<p>");
        let is_line = is_paragraph && read_label(&block.text).is_none() && is_signature_line(&block.text);
        if is_paragraph && ends_in_signature(&text) {
            return Some(index + 1);
        }
        if !is_line {
            return None;
        }
        is_office &= is_office_name(&text);
    }
    let is_last = blocks.iter().skip(from + MAX_SIGNERS).all(is_empty);
    Some(blocks.len()).filter(|_| is_office && is_last && follows_sentence(blocks, from))
}

/// A short line without a mark of a sentence.
fn is_signature_line(text: &str) -> bool {
    text.chars().count() <= MAX_SIGNATURE
        && !text.contains(['。', '，', '；', '：', '！', '？', ',', ';', ':', '“'])
}

/// `某局　2025年6月29日` in one line.
fn ends_in_signature(text: &str) -> bool {
    if text.chars().count() > MAX_SIGNATURE + 12 || !is_signature_line(&text.replace(['（', '）'], "")) {
        return false;
    }
    let Some((year, _)) = text.char_indices().rev().find(|(_, c)| *c == '年') else { return false };
    let Some(head) = text.get(..year) else { return false };
    let figures = head
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || "〇○零一二三四五六七八九".contains(*c))
        .count();
    let name: String = head.chars().take(head.chars().count().saturating_sub(figures)).collect();
    let date = text.get(name.len()..).unwrap_or_default();
    figures == 4
        && is_date_line(date)
        && (name.is_empty() || is_office_name(&name) || name.ends_with(['长', '任', '席']))
}

/// The name of an office, or of who signs for it.
fn is_office_name(text: &str) -> bool {
    const ENDS: &str = "局厅委会院部室府署司处办队站所心行团校组台馆社联盟军企庭";
    const POSTS: [&str; 11] =
        ["省长", "市长", "县长", "区长", "州长", "主任", "主席", "局长", "部长", "总理", "厅长"];
    let text = text.trim_end_matches(['）', ')', '章', '（', '(', '公', '盖']);
    let count = text.chars().count();
    let is_person = POSTS.iter().any(|post| text.contains(post)) && count <= 16;
    (2..=MAX_SIGNATURE).contains(&count) && (text.ends_with(|c| ENDS.contains(c)) || is_person)
}

/// Whether the text before ends a sentence: then a bare name is a signature.
fn follows_sentence(blocks: &[RenderedBlock], from: usize) -> bool {
    let before = blocks.get(..from).unwrap_or_default().iter().rev().find(|block| !is_empty(block));
    before.is_some_and(|block| block.text.trim_end_matches(is_blank).ends_with(['。', '；', '！', '”', '）']))
}

/// What an annex is called when the block is its heading: `附件`, `附件1`,
/// `附表`, `附录A`. A sentence about an annex is none.
pub(super) fn annex_name(block: &RenderedBlock) -> Option<String> {
    if !block.html.starts_with("<p>") && block.heading.is_none() {
        return None;
    }
    let text = block.text.trim_start_matches(is_blank).trim_start_matches(['【', '[', '（', '(']);
    let rest = text.strip_prefix('附')?;
    let rest = rest.trim_start_matches(is_blank);
    let kind = rest.chars().next().filter(|c| "件表录錄图圖".contains(*c));
    let tail = kind.map_or(rest, |kind| rest.strip_prefix(kind).unwrap_or(rest));
    let after = tail.trim_start_matches(is_blank);
    let number: String = after.chars().take_while(|c| is_annex_figure(*c)).collect();
    let after_number = after.strip_prefix(number.as_str()).unwrap_or(after).trim_start_matches(is_blank);
    let is_closed = after_number.is_empty()
        || after_number
            .starts_with(['：', ':', '）', ')', '】', ']', '（', '(', '《', '.', '．', '、', '-', '－']);
    let is_named = kind.is_some()
        && (block.heading.is_some()
            || !number.is_empty()
            || tail.len() > after.len()
            || is_name(after_number))
        && is_title_like(after_number);
    if !(is_closed && (kind.is_some() || is_colon_or_end(after_number)) || is_named) {
        return None;
    }
    if is_closed && after_number.starts_with('、') {
        // 附件一、附件二所列… cites; 附件一、名单 is a heading.
        return is_title_like(after_number).then(|| annex_label(kind, &number));
    }
    Some(annex_label(kind, &number))
}

fn annex_label(kind: Option<char>, number: &str) -> String {
    format!("附{}{number}", kind.unwrap_or('件'))
}

fn is_annex_figure(c: char) -> bool {
    c.is_ascii_alphanumeric() || "一二三四五六七八九十〇０１２３４５６７８９".contains(c)
}

fn is_colon_or_end(text: &str) -> bool {
    text.is_empty() || text.starts_with(['：', ':', '）', ')'])
}

/// A heading: short and no sentence.
fn is_title_like(text: &str) -> bool {
    text.chars().count() <= 60 && !text.contains(['。', '；', '，']) && !is_about(text)
}

/// Whether the words after 附件1 speak of the annex.
fn is_about(text: &str) -> bool {
    const VERBS: [&str; 22] = [
        "所", "中", "的", "规定", "载", "列", "由", "为", "是", "应", "内", "和", "与", "及", "、附", "至",
        "是指", "包括", "可以", "不", "执行", "另行",
    ];
    VERBS.iter().any(|verb| text.starts_with(verb))
}

/// A name that follows 附表 without a blank: a noun ending as tables do.
fn is_name(text: &str) -> bool {
    ["表", "图", "单", "录", "式", "书", "样", "明", "目", "准", "则", "案", "法"]
        .iter()
        .any(|end| text.ends_with(end))
}

#[cfg(test)]
#[path = "regions_tests.rs"]
mod tests;
