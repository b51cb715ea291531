//! Contents (目录) inside a text, in whatever form: headings, paragraphs, a
//! list, a table, one paragraph; of chapters or of 一、二、三、; under a heading 目录
//! or without one.
//!
//! Contents are a run of short labelled lines after which the first label comes
//! again. Nothing in them opens a provision.

use super::label::{Label, LabelKind, read_label};
use super::regions::bare;
use jiedu_base::text::is_blank;
use jiedu_markdown::RenderedBlock;

/// Characters of a line of contents at most.
const MAX_ENTRY: usize = 60;

/// Characters of contents in one paragraph at most.
const MAX_PARAGRAPH: usize = 6_000;

/// What an entry is known by: its kind and number, or its words.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Label(LabelKind, u32),
    Words(String),
}

/// Which blocks are contents.
pub(super) fn find_contents(blocks: &[RenderedBlock]) -> Vec<bool> {
    let mut found = vec![false; blocks.len()];
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        let end = if is_contents_heading(&block.text) {
            Some(under_heading(blocks, at))
        } else {
            begins_contents(block).then(|| without_heading(blocks, at)).flatten()
        };
        match end {
            Some(end) => {
                found.get_mut(at..end).into_iter().for_each(|run| run.fill(true));
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// `目录`, `目　次`, `《目录》`, `目录：`; also with the entries behind it.
fn is_contents_heading(text: &str) -> bool {
    // Most blocks are told by their first characters.
    let text = text.trim_start_matches(|c| is_blank(c) || matches!(c, '《' | '【' | '[' | '（' | '('));
    let Some(rest) = text.strip_prefix('目') else { return false };
    let Some(rest) = rest.trim_start_matches(is_blank).strip_prefix(['录', '次', '錄']) else {
        return false;
    };
    let rest =
        rest.trim_start_matches(|c| is_blank(c) || matches!(c, '》' | '】' | ']' | '）' | ')' | '：' | ':'));
    rest.is_empty() || inline_entries(rest).is_some() || entries(rest).is_some_and(|all| all.len() > 1)
}

/// The words behind 目录 in the same block.
fn behind_heading(text: &str) -> &str {
    let at = text.find(['录', '次', '錄']).unwrap_or(0);
    let rest = text.get(at..).unwrap_or_default().trim_start_matches(['录', '次', '錄']);
    rest.trim_start_matches(|c| is_blank(c) || matches!(c, '》' | '】' | ']' | '）' | ')' | '：' | ':'))
}

/// Where contents under a heading end.
fn under_heading(blocks: &[RenderedBlock], at: usize) -> usize {
    let own = blocks.get(at).map(|block| behind_heading(&block.text)).unwrap_or_default();
    let mut run = Run::default();
    if !own.is_empty() {
        run.add(inline_entries(own).or_else(|| entries(own)).unwrap_or_default());
    }
    let mut end = at + 1;
    let mut is_repeated = false;
    // How far the run goes before its first article, in case nothing repeats.
    let mut plain_end = None;
    for (index, block) in blocks.iter().enumerate().skip(at + 1) {
        if block.text.chars().all(is_blank) {
            end = index + 1;
            continue;
        }
        let Some(keys) = inline_entries(&block.text).or_else(|| entries(&block.text)) else { break };
        if keys.first().is_some_and(|key| run.begins_with(key)) {
            is_repeated = true;
            end = index;
            break;
        }
        if plain_end.is_none() && keys.iter().any(|key| matches!(key, Key::Label(LabelKind::Article, _))) {
            plain_end = Some(index);
        }
        run.add(keys);
        end = index + 1;
    }
    if is_repeated || !own.is_empty() && run.labels > 1 {
        return end;
    }
    // Nothing comes again: the entries of a text whose parts have no headings.
    // One line alone is the text's own first heading.
    let end = plain_end.unwrap_or(end);
    if run.labels > 1 && run.is_ascending { end } else { at + 1 }
}

/// Whether a block could be the first line of contents without a heading.
fn begins_contents(block: &RenderedBlock) -> bool {
    let first = block.text.lines().next().unwrap_or_default();
    read_label(first).is_some_and(|label| {
        label.number == 1
            && matches!(
                label.kind,
                LabelKind::Part | LabelKind::SubPart | LabelKind::Chapter | LabelKind::Section
            )
    })
}

/// Where contents without a heading end: two entries or more, then the first
/// again, with the same words.
fn without_heading(blocks: &[RenderedBlock], at: usize) -> Option<usize> {
    let mut first: Option<(Key, String)> = None;
    let mut labels = 0;
    for (index, block) in blocks.iter().enumerate().skip(at) {
        if block.text.chars().all(is_blank) {
            continue;
        }
        let keys = inline_entries(&block.text).or_else(|| entries(&block.text))?;
        let words = opening(&block.text);
        if let Some((key, said)) = &first
            && keys.first() == Some(key)
        {
            let is_same = words.starts_with(said.as_str()) || said.starts_with(words.as_str());
            return Some(index).filter(|_| labels > 1 && is_same);
        }
        if keys.iter().any(|key| matches!(key, Key::Label(kind, _) if *kind >= LabelKind::Article && *kind != LabelKind::Section)) {
            return None;
        }
        labels += keys.iter().filter(|key| matches!(key, Key::Label(..))).count();
        if first.is_none() {
            first = keys.into_iter().next().map(|key| (key, words));
        }
    }
    None
}

/// The first entry of a block without blanks.
fn opening(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let second = ordinals(line).get(1).copied().unwrap_or(line.len());
    bare(without_page(line.get(..second).unwrap_or(line)))
}

/// The entries so far.
#[derive(Default)]
struct Run {
    first: Option<Key>,
    first_label: Option<Key>,
    labels: usize,
    outermost: Option<(LabelKind, u32)>,
    is_ascending: bool,
}

impl Run {
    fn begins_with(&self, key: &Key) -> bool {
        self.first.as_ref() == Some(key) || self.first_label.as_ref() == Some(key)
    }

    fn add(&mut self, keys: Vec<Key>) {
        for key in keys {
            if let Key::Label(kind, number) = key {
                self.labels += 1;
                if self.first_label.is_none() {
                    self.first_label = Some(key.clone());
                    self.is_ascending = true;
                }
                match self.outermost {
                    Some((outer, last)) if outer == kind => {
                        self.is_ascending &= number == last + 1;
                        self.outermost = Some((kind, number));
                    }
                    None => self.outermost = Some((kind, number)),
                    Some(_) => {}
                }
            }
            self.first.get_or_insert(key);
        }
    }
}

/// The entries of a block whose every line is one.
fn entries(text: &str) -> Option<Vec<Key>> {
    if text.chars().count() > MAX_PARAGRAPH {
        return None;
    }
    let lines = text.split(['\n', '\t']).filter(|line| !line.chars().all(is_blank));
    let keys: Option<Vec<Key>> = lines.filter(|line| !is_page(line)).map(entry).collect();
    keys.filter(|keys| !keys.is_empty())
}

/// A line of contents: short, no sentence.
fn entry(line: &str) -> Option<Key> {
    let line = without_page(line);
    if line.chars().count() > MAX_ENTRY
        || line.ends_with(['。', '；', ';', '，', '：', ':', '！', '？'])
        || line.contains('。')
    {
        return None;
    }
    match read_label(line) {
        // A list numbers its entries: `1. 第一章 总则`.
        Some(Label { kind: LabelKind::Number, number, rest, .. }) => Some(
            read_label(rest)
                .map_or(Key::Label(LabelKind::Number, number), |inner| Key::Label(inner.kind, inner.number)),
        ),
        Some(label) => Some(Key::Label(label.kind, label.number)),
        None => Some(Key::Words(bare(line))),
    }
}

/// Without leader dots and a page number at the end.
fn without_page(line: &str) -> &str {
    let line = line.trim_matches(is_blank);
    let figures = line.trim_end_matches(|c: char| c.is_ascii_digit() || "（）()-—".contains(c));
    let leaders = figures
        .trim_end_matches(|c: char| is_blank(c) || matches!(c, '.' | '…' | '·' | '．' | '-' | '—' | '_'));
    if leaders.len() < figures.len() { leaders } else { line }
}

fn is_page(line: &str) -> bool {
    line.chars().all(|c| c.is_ascii_digit() || is_blank(c))
}

/// The entries of contents in one paragraph: at least two labels of chapters
/// that ascend, no sentence.
fn inline_entries(text: &str) -> Option<Vec<Key>> {
    if !text.trim_start_matches(is_blank).starts_with(['第', '一', '1', '序', '前'])
        || text.contains(['。', '；'])
    {
        return None;
    }
    if text.chars().count() > MAX_PARAGRAPH || text.contains('\n') {
        return None;
    }
    let starts = ordinals(text);
    let labels: Vec<Label<'_>> = starts.iter().filter_map(|&at| read_label(text.get(at..)?)).collect();
    let keys: Vec<Key> = labels.iter().map(|label| Key::Label(label.kind, label.number)).collect();
    let outer = labels.iter().map(|label| label.kind).min()?;
    let mut numbers = labels.iter().filter(|label| label.kind == outer).map(|label| label.number);
    let mut last = numbers.next().filter(|first| *first == 1)?;
    let mut count = 1;
    for number in numbers {
        if number != last + 1 {
            return None;
        }
        (last, count) = (number, count + 1);
    }
    (count > 1).then_some(keys)
}

/// Where labels of chapters or of 一、 stand in a line.
fn ordinals(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut is_free = true;
    let is_sections = read_label(text).is_some_and(|label| label.kind == LabelKind::Section);
    for (at, c) in text.char_indices() {
        let may_begin =
            if is_sections { is_free && "一二三四五六七八九十".contains(c) } else { c == '第' };
        if may_begin
            && let Some(label) = text.get(at..).and_then(read_label)
            && (label.kind < LabelKind::Article || (is_sections && label.kind == LabelKind::Section))
        {
            starts.push(at);
        }
        is_free = is_blank(c) || !"一二三四五六七八九十".contains(c);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_one_paragraph() {
        let count = |text| inline_entries(text).map(|keys| keys.len());
        assert_eq!(count("第一章　总则 第二章　办理 第三章　附则"), Some(3));
        assert_eq!(count("第一章总则第二章办理第三章附则"), Some(3));
        assert_eq!(count("第一编 总则 第一章 基本规定 第二编 物权"), Some(3));
        assert_eq!(count("一、总体要求 二、主要任务 三、保障措施"), Some(3));
        assert_eq!(count("第一章总则"), None);
        assert_eq!(count("第一章和第二章的规定。"), None);
        assert_eq!(count("第二章　办理 第三章　附则"), None);
    }

    #[test]
    fn pages_and_leaders_are_no_words() {
        assert_eq!(without_page("第一章　总则……………1"), "第一章　总则");
        assert_eq!(without_page("第一章　总则 ........ (12)"), "第一章　总则");
        assert_eq!(without_page("2025年"), "2025年");
        assert_eq!(without_page("第3章 附则2"), "第3章 附则2");
    }
}
