//! Where the missing half of a pair most probably stood.

use std::ops::Range;

use crate::document::Segment;

/// How far a bracket's partner is looked for, in bytes: a little more than the
/// farthest place that any pattern accepts.
const REACH: usize = 200;

/// A range and what should stand there, when the text itself tells.
pub(super) fn repair(
    segment: &Segment<'_>,
    at: usize,
    mark: char,
    is_opener: bool,
) -> Option<(Range<usize>, String)> {
    let end = at + mark.len_utf8();
    match (mark, is_opener) {
        ('“', true) if segment.next(end) == Some('《') => Some((at..end, String::new())),
        ('”', false) if segment.prev(at) == Some('》') => Some((at..end, String::new())),
        ('（' | '(', true) => close_bracket(segment, at, end),
        ('）', false) => open_bracket(segment, at),
        ('《', true) => close_title(segment, at, end),
        ('》', false) => open_title(segment, at, end),
        _ => None,
    }
}

/// `（以下简称《条例》` closes after the name; `（市、区` after the list;
/// `（国办发〔2020〕1号` after 号.
fn close_bracket(segment: &Segment<'_>, at: usize, end: usize) -> Option<(Range<usize>, String)> {
    let rest = segment.just_after(end, REACH);
    let length = if rest.starts_with("以下简称") || rest.starts_with("以下统称") || rest.starts_with("简称")
    {
        let close = rest.find(['》', '”']).filter(|&close| close < 120)?;
        close + 3
    } else if let Some(name) =
        ["市、区", "区、市", "县、区", "市、县", "市", "区", "试行", "暂行", "草案", "修订", "征求意见稿"]
            .iter()
            .find(|name| rest.starts_with(**name))
    {
        name.len()
    } else {
        let close = rest
            .find('号')
            .filter(|&close| close < 60 && rest.get(..close).is_some_and(|t| t.contains('〕')))?;
        close + "号".len()
    };
    insert(segment, at, end + length, '）')
}

/// `区县级市）`: the bracket opens before the name that a list of areas encloses.
fn open_bracket(segment: &Segment<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let before = segment.just_before(at, REACH);
    let name = ["以下简称", "以下统称", "县级市", "市、区", "区、市", "县、区", "试行", "暂行"]
        .iter()
        .find_map(|name| {
            let start = before.rfind(name)?;
            let between = before.get(start + name.len()..)?;
            let is_near = between.is_empty()
                || (name.starts_with("以下") && between.len() < 60 && !between.contains(['，', '。']));
            is_near.then_some(at - before.len() + start)
        })?;
    let end = at + '）'.len_utf8();
    let text = segment.slice(name..end);
    Some((name..end, format!("（{text}")))
}

/// A title usually ends in the name of its kind, or in that of a newspaper.
fn close_title(segment: &Segment<'_>, at: usize, end: usize) -> Option<(Range<usize>, String)> {
    let rest = segment.just_after(end, 300);
    let clause = rest.find(['，', '。', '；', '、', '《', '（', '“', '》']).unwrap_or(rest.len());
    let clause = rest.get(..clause)?;
    let length = KINDS.iter().filter_map(|kind| Some((clause.find(kind)? + kind.len(), kind.len()))).min()?.0;
    insert(segment, at, end + length, '》')
}

/// The title begins where a verb or preposition that governs titles ends.
fn open_title(segment: &Segment<'_>, at: usize, end: usize) -> Option<(Range<usize>, String)> {
    let before = segment.just_before(at, 300);
    let clause = before.rfind(['，', '。', '；', '、', '《', '》', '（', '“']).map_or(0, |mark| mark + 3);
    let text = before.get(clause..)?;
    let start = ["根据", "依据", "按照", "依照", "违反", "印发", "适用", "符合", "执行", "制定", "在", "《"]
        .iter()
        .filter_map(|verb| Some(text.find(verb)? + verb.len()))
        .min()
        .unwrap_or(0);
    let title = segment.slice(clause + start..end);
    (title.len() > 9).then(|| (clause + start..end, format!("《{title}")))
}

const KINDS: [&str; 28] = [
    "管理办法",
    "实施细则",
    "实施办法",
    "条例",
    "办法",
    "规定",
    "细则",
    "意见",
    "通知",
    "决定",
    "决议",
    "方案",
    "规划",
    "公报",
    "目录",
    "指南",
    "标准",
    "规范",
    "规则",
    "章程",
    "证书",
    "许可证",
    "宪法",
    "日报",
    "晚报",
    "合同法",
    "诉讼法",
    "法",
];

/// Inserts a mark: the finding covers the text from the half that is there.
fn insert(segment: &Segment<'_>, start: usize, end: usize, mark: char) -> Option<(Range<usize>, String)> {
    let text = segment.text.get(start..end)?;
    Some((start..end, format!("{text}{mark}")))
}
