//! Sums and counts that do not agree.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;
use jiedu_markdown::ProseKind;

pub(crate) static FAMILY: Family = Family { rules: &[&SUM, &COUNT, &SHARE], check: Check::Document(check) };

static SUM: Rule = Rule {
    code: "P431",
    name: "table-sum",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("表格合计与各行之和不符", "a total that is not the sum of its column"),
    why: ("数字前后矛盾，读者无从判断以何为准。", "Readers cannot tell which figure holds."),
    bad: "| 单位 | 数量 |\n| --- | --- |\n| 甲镇 | 12 |\n| 乙镇 | 9 |\n| 合计 | 20 |",
    good: "| 单位 | 数量 |\n| --- | --- |\n| 甲镇 | 12 |\n| 乙镇 | 9 |\n| 合计 | 21 |",
    except: (
        "含比率、年份或非数字单元格的列不查；四舍五入的尾差不报。",
        "Rates, years, cells that are no numbers; rounding.",
    ),
};

pub(super) static COUNT: Rule = Rule {
    code: "P432",
    name: "count-list",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("“N项”与后面列举的项数不符", "a stated number of points that differs from those listed"),
    why: ("多因增删条目后未改总数。", "Usually left over from editing."),
    bad: "重点做好四项工作：一是摸清底数；二是建立台账；三是限期整改。",
    good: "重点做好三项工作：一是摸清底数；二是建立台账；三是限期整改。",
    except: ("列举分布在几段中的不查。", "Lists over several paragraphs."),
};

static SHARE: Rule = Rule {
    code: "P433",
    name: "share-sum",
    category: "arithmetic",
    severity: Severity::Warning,
    what: ("占比之和超过100%", "shares that add up to more than 100 %"),
    why: ("同一整体的占比之和不应超过100%。", "Shares of one whole cannot exceed it."),
    bad: "其中，一产占30%，二产占40%，三产占45%。",
    good: "其中，一产占20%，二产占35%，三产占45%。",
    except: (
        "名称看不出同属一个整体的只作提示；比较基数不同的可以忽略。",
        "A hint where the names do not tell that the parts are of one whole.",
    ),
};

static FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([一二三四五六七八九十两]|[0-9]{1,2})(大类|大项|个方面|方面|项|点|条|个|类|种|大)([^。；，0-9一二三四五六七八九十]{0,12})[：:，。]\s*(?:一是|第一，|首先，)").ok()
});
static ITEMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([二三四五六七八九十两]|[0-9]{1,2})(类|种|个|项|大|条|部分|方面)[^，。；：、0-9]{0,8}：([^。；：，（“《]{4,120})。").ok()
});
static SHARES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:占(?:比)?(?:分别)?(?:为|达)?|、|和)([0-9]+(?:\.[0-9]+)?)[%％]").ok());

fn check(document: &Document<'_>, sink: &mut Sink) {
    sums(document, sink);
    for segment in document.flow() {
        listed_items(segment, sink);
        if segment.awaits(Trigger::First) {
            counts(segment, sink);
        }
        if segment.has.percent {
            shares(segment, sink);
        }
    }
}

/// 共有三类：甲类、乙类。 The stated number against the items after the colon.
fn listed_items(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) =
        ITEMS.as_ref().filter(|_| segment.awaits(Trigger::Items) && segment.text.contains('：'))
    else {
        return;
    };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(number), Some(unit), Some(items)) = (found.get(1), found.get(2), found.get(3)) else {
            continue;
        };
        let Some(stated) = numerals::read(number.as_str()) else { continue };
        let is_inside = segment
            .prev(number.start())
            .is_some_and(|c| numerals::is_numeral(c) || c.is_ascii_digit() || "第每任一这两".contains(c));
        let commas = items.as_str().matches('、').count();
        let last = items.as_str().rsplit('、').next().unwrap_or("");
        let joined = usize::from(
            ["和", "及", "以及", "与"].iter().any(|word| last.find(word).is_some_and(|at| at > 3)),
        );
        let listed = u32::try_from(commas + 1).unwrap_or(0);
        // 甲、乙和丙 counts three; whether 和 joins items or is part of one is open.
        let is_right = stated == listed || (joined == 1 && stated == listed + 1);
        if is_right || is_inside || listed < 2 || !(2..=20).contains(&stated) {
            continue;
        }
        let zh = format!("文中说“{}{}”，冒号后列举了{listed}个", number.as_str(), unit.as_str());
        let hit = Hit::new(
            &COUNT,
            segment,
            number.start()..unit.end(),
            zh,
            format!("{stated} announced, {listed} listed"),
        );
        sink.push(hit.severity(Severity::Hint));
    }
}

fn counts(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = FIRST.as_ref() else { return };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(number), Some(unit)) = (found.get(0), found.get(1), found.get(2)) else {
            continue;
        };
        let Some(stated) = numerals::read(number.as_str()) else { continue };
        let listed = listed(segment.after(whole.end().saturating_sub("一是".len())), whole.as_str());
        let is_inside = segment
            .prev(number.start())
            .is_some_and(|c| numerals::is_numeral(c) || c.is_ascii_digit() || c == '第');
        // 共17个。一是…: what was counted stands before, the points are others.
        let is_before =
            found.get(3).is_some_and(|noun| noun.as_str().is_empty()) && whole.as_str().contains('。');
        if listed < 2 || listed == stated || is_inside || is_before || stated > MOST_POINTS {
            continue;
        }
        let figure = if number.as_str().starts_with(|c: char| c.is_ascii_digit()) {
            listed.to_string()
        } else {
            numerals::write(listed)
        };
        let figure = if figure == "二" && unit.as_str() != "项" { "两".to_owned() } else { figure };
        let right = format!("{figure}{}", unit.as_str());
        let zh = format!("文中说“{}{}”，实际列举了{listed}个", number.as_str(), unit.as_str());
        let en = format!("{stated} points are announced, {listed} are listed");
        sink.push(Hit::new(&COUNT, segment, number.start()..unit.end(), zh, en).review(right));
    }
}

/// Nobody announces more points than this in one sentence.
const MOST_POINTS: u32 = 15;

/// How many points follow: the highest of an unbroken 一是 二是 三是.
fn listed(rest: &str, opening: &str) -> u32 {
    let (before, after) = match () {
        () if opening.ends_with("一是") => ("", "是"),
        () if opening.ends_with("第一，") => ("第", "，"),
        () => {
            return ["其次，", "再次，", "最后，"]
                .iter()
                .fold(1, |count, word| count + u32::from(rest.contains(word)));
        }
    };
    let mut count = 1;
    while count < 20 && rest.contains(&format!("{before}{}{after}", numerals::write(count + 1))) {
        count += 1;
    }
    count
}

/// So far before the first share its name begins, in bytes.
const NAME: usize = 12;

/// Names of parts that make up a whole.
const WHOLES: [&[&str]; 9] = [
    &["一产", "二产", "三产"],
    &["第一产业", "第二产业", "第三产业"],
    &["男", "女"],
    &["城镇", "农村"],
    &["城镇", "乡村"],
    &["中央", "地方"],
    &["优", "良", "差"],
    &["东部", "中部", "西部"],
    &["国有", "民营"],
];

fn shares(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = SHARES.as_ref().filter(|_| segment.text.contains('占')) else { return };
    // Shares of one whole stand in one sentence.
    let mut sentences: BTreeMap<usize, Vec<(f64, std::ops::Range<usize>)>> = BTreeMap::new();
    let ends: Vec<usize> =
        segment.marks.iter().filter(|(_, c)| matches!(c, '。' | '；')).map(|&(at, _)| at).collect();
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(value)) =
            (found.get(0), found.get(1).and_then(|v| v.as_str().parse::<f64>().ok()))
        else {
            continue;
        };
        let sentence = ends.partition_point(|&end| end < whole.start());
        sentences.entry(sentence).or_default().push((value, whole.range()));
    }
    for shares in sentences.into_values().filter(|shares| shares.len() >= 2) {
        let total: f64 = shares.iter().map(|(value, _)| value).sum();
        let (Some(first), Some(last)) = (shares.first(), shares.last()) else { continue };
        if total > 100.6 && shares.iter().all(|(value, _)| *value < 100.0) {
            let range = first.1.start..last.1.end;
            // Parts that by their names make up one whole leave no other reading.
            let before = segment.just_before(first.1.start, NAME);
            let text = format!("{before}{}", segment.slice(range.clone()));
            let is_whole = WHOLES.iter().any(|parts| parts.iter().all(|part| text.contains(part)));
            let severity = if is_whole { Severity::Warning } else { Severity::Hint };
            let zh = format!("各项占比之和为{total:.1}%，超过100%");
            let hit = Hit::new(&SHARE, segment, range, zh, format!("the shares add up to {total:.1} %"));
            sink.push(hit.severity(severity));
        }
    }
}

type Table<'s, 'a> = BTreeMap<(usize, usize), &'s Segment<'a>>;

fn sums(document: &Document<'_>, sink: &mut Sink) {
    let mut tables: BTreeMap<usize, Table<'_, '_>> = BTreeMap::new();
    for segment in &document.segments {
        if let ProseKind::TableCell { table, row, column } = segment.prose.kind {
            tables.entry(table).or_default().insert((row, column), segment);
        }
    }
    for table in tables.values() {
        table_sums(table, sink);
        row_sums(table, sink);
    }
}

fn is_total(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    matches!(
        text.as_str(),
        "合计"
            | "总计"
            | "共计"
            | "总和"
            | "合计数"
            | "总数"
            | "总额"
            | "全市合计"
            | "全县合计"
            | "全区合计"
            | "全省合计"
    )
}

/// Headings of columns that are no parts of a whole.
fn is_no_part(header: &str) -> bool {
    ["率", "比", "%", "％", "年份", "序号", "均", "其中", "占", "编号", "电话", "备注", "位次", "排名"]
        .iter()
        .any(|word| header.contains(word))
}

/// Totals at one end of the rows: judged only where most rows of the table hold.
fn row_sums(table: &Table<'_, '_>, sink: &mut Sink) {
    let last = table.keys().map(|(_, column)| *column).max().unwrap_or(0);
    let rows = table.keys().map(|(row, _)| *row).max().unwrap_or(0);
    let header = |column: usize| table.get(&(0, column)).map_or("", |cell| cell.text.trim());
    let is_sum = |column: usize| is_total(header(column)) || header(column) == "小计";
    let (total, parts) = match last {
        3.. if is_sum(last) => (last, 1..last),
        3.. if is_sum(1) => (1, 2..last + 1),
        _ => return,
    };
    if parts.clone().any(|column| is_no_part(header(column)) || is_sum(column)) {
        return;
    }
    let (mut right, mut wrong) = (0, Vec::new());
    for row in 1..=rows {
        let Some((cell, stated)) =
            table.get(&(row, total)).and_then(|cell| Some((cell, number(&cell.text)?)))
        else {
            continue;
        };
        let figures: Option<Vec<Figure>> = parts
            .clone()
            .map(|column| number(table.get(&(row, column)).map_or("", |cell| cell.text.as_ref())))
            .collect();
        let Some(figures) = figures else { continue };
        let sum: i64 = figures.iter().map(|figure| figure.value).sum();
        if sum == stated.value {
            right += 1;
        } else {
            wrong.push((cell, sum, stated));
        }
    }
    // A single row tells nothing of what its columns are.
    let severity = if right >= 1 { Severity::Warning } else { Severity::Hint };
    if right == 0 && wrong.len() > 1 {
        return;
    }
    for (cell, sum, stated) in wrong {
        let shown = Figure { value: sum, ..stated }.shown(&stated);
        total_hit(cell, &shown, ("本行各列之和", "the columns add up to"), severity, sink);
    }
}

/// A total that is another than what it sums up.
fn total_hit(cell: &Segment<'_>, right: &str, (zh, en): (&str, &str), severity: Severity, sink: &mut Sink) {
    let text = cell.text.trim();
    let right = if text.contains(',') { grouped(right) } else { right.to_owned() };
    let start = cell.text.find(text).unwrap_or(0);
    let zh = format!("合计为{text}，{zh}为{right}");
    let hit = Hit::new(&SUM, cell, start..start + text.len(), zh, format!("{en} {right}, not {text}"));
    sink.push(hit.severity(severity).review(right));
}

/// A number with its thousands parted, as the table writes it.
fn grouped(number: &str) -> String {
    let (whole, part) = number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::new();
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    part.map_or(out.clone(), |part| format!("{out}.{part}"))
}

fn table_sums(table: &Table<'_, '_>, sink: &mut Sink) {
    let Some(total_row) = table
        .iter()
        .find(|((row, column), cell)| *row > 0 && *column <= 1 && is_total(&cell.text))
        .map(|(place, _)| place.0)
    else {
        return;
    };
    let last = table.keys().map(|(row, _)| *row).max().unwrap_or(0);
    // A total at the head of the table sums up what stands below it.
    let rows = if total_row == 1 { 2..last + 1 } else { 1..total_row };
    let columns: Vec<usize> =
        table.range((total_row, 0)..(total_row + 1, 0)).map(|((_, column), _)| *column).collect();
    for column in columns {
        let Some(cell) = table.get(&(total_row, column)) else { continue };
        let Some(stated) = number(&cell.text) else { continue };
        let header = table.get(&(0, column)).map_or("", |cell| cell.text.trim());
        if ["率", "比", "%", "年", "序号", "均"].iter().any(|word| header.contains(word)) {
            continue;
        }
        let Some(sum) = column_sum(table, rows.clone(), column) else { continue };
        let off = (sum.value - stated.value).abs();
        if off == 0 {
            continue;
        }
        // Rounded figures may miss their total by the last place; two or three seldom do.
        let is_tail = off <= sum.count;
        if is_tail && rows.len() > FEW_ROWS {
            continue;
        }
        let severity = if is_tail || total_row == 1 && rows.len() > MANY_ROWS {
            Severity::Hint
        } else {
            Severity::Warning
        };
        total_hit(cell, &sum.shown(&stated), ("各行之和", "the rows add up to"), severity, sink);
    }
}

/// In so few rows a total that is off in the last place is worth a look.
const FEW_ROWS: usize = 3;
/// A longer table with its total at the head may hold parts of parts.
const MANY_ROWS: usize = 12;

/// A number as thousandths, with the digits after its point.
#[derive(Debug, Clone, Copy)]
struct Figure {
    value: i64,
    places: usize,
    /// How many rounded figures went in: the tolerance in the last place.
    count: i64,
}

impl Figure {
    fn shown(&self, like: &Self) -> String {
        let places = self.places.max(like.places);
        let scaled = format!("{}.{:04}", self.value / 10_000, (self.value % 10_000).abs());
        let cut = scaled.len() - 4 + places;
        scaled.get(..if places == 0 { scaled.len() - 5 } else { cut }).unwrap_or(&scaled).to_owned()
    }
}

fn number(text: &str) -> Option<Figure> {
    let text: String = text.trim().chars().filter(|c| *c != ',').collect();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if whole.is_empty()
        || whole.len() > 12
        || part.len() > 4
        || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let fraction: i64 = format!("{part:0<4}").parse().ok()?;
    Some(Figure { value: whole.parse::<i64>().ok()? * 10_000 + fraction, places: part.len(), count: 0 })
}

/// The sum of the rows; `None` when one of them is no number.
fn column_sum(table: &Table<'_, '_>, range: std::ops::Range<usize>, column: usize) -> Option<Figure> {
    let mut sum = Figure { value: 0, places: 0, count: 0 };
    let mut rows = 0_i64;
    for row in range {
        let label = table.get(&(row, 0)).map_or("", |cell| cell.text.trim());
        if label.contains("小计") || label.contains("其中") || is_total(label) {
            return None;
        }
        let cell = table.get(&(row, column)).map_or("", |cell| cell.text.trim());
        if cell.is_empty() || matches!(cell, "-" | "—" | "/" | "——") {
            continue;
        }
        let figure = number(cell)?;
        sum.value += figure.value;
        sum.places = sum.places.max(figure.places);
        rows += 1;
    }
    // Rounding may cost half a unit of the last place in every row.
    sum.count =
        if sum.places == 0 { 0 } else { rows * 10_i64.pow(4 - u32::try_from(sum.places).unwrap_or(4)) / 2 };
    (rows >= 2).then_some(sum)
}
