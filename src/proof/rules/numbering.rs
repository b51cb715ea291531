//! The order of labels.
//!
//! （一）…（十九） may restart under every 一、 or run through the whole text; the
//! document itself says which. Every level is followed on its own; a level whose
//! numbers jump all over the place is a quotation or an extract and is left alone.
//!
//! It is over 500 lines: all rules here share one reading of a text's labels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::profile::Profile;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use jiedu_base::text::Message;

use super::labels::{Label, Level, labels, rewrite};

pub(crate) static FAMILY: Family =
    Family { rules: &[&ORDER, &ARTICLE, &INLINE, &TWICE, &STYLE, &DEPTH], check: Check::Document(check) };

static ORDER: Rule = Rule {
    code: "P401",
    name: "numbering-order",
    category: "numbering",
    severity: Severity::Error,
    what: ("层次序数跳号、重号", "a label skipped or repeated"),
    why: (
        "GB/T 9704—2012 第 7.3.3 条：结构层次序数依次为“一、”“（一）”“1.”“（1）”；跳号使条款无法引用。",
        "GB/T 9704-2012, 7.3.3; a skipped or repeated number cannot be cited.",
    ),
    bad: "## 一、总体要求\n\n正文。\n\n## 三、主要目标\n\n正文。\n\n## 四、重点任务\n\n正文。",
    good: "## 一、总体要求\n\n正文。\n\n## 二、主要目标\n\n正文。\n\n## 三、重点任务\n\n正文。",
    except: (
        "“（一）”可以逐节重新编号，也可以全文连续编号，按文中实际方式推断。",
        "（一） may restart in every part or run through; the text itself decides.",
    ),
};

static ARTICLE: Rule = Rule {
    code: "P402",
    name: "article-order",
    category: "numbering",
    severity: Severity::Error,
    what: ("条、章、节、编跳号或重号", "articles, chapters, sections or parts out of order"),
    why: (
        "立法技术规范：条的序号全文连续，章、节依次排列。",
        "Articles are numbered through; chapters and sections follow in order.",
    ),
    bad: "第一条 为了加强管理，制定本办法。\n\n第三条 本办法自公布之日起施行。",
    good: "第一条 为了加强管理，制定本办法。\n\n第二条 本办法自公布之日起施行。",
    except: ("摘引其他法规条文、“第十条之一”不查。", "Quoted articles, inserted articles."),
};

static INLINE: Rule = Rule {
    code: "P403",
    name: "inline-ordinal",
    category: "numbering",
    severity: Severity::Warning,
    what: ("“一是、二是、三是”缺号或重号", "一是, 二是, 三是 with a gap or a repeat"),
    why: (
        "层次序数应当连续（GB/T 9704—2012 第 7.3.3 条）；段内列举缺号，多因删改后未重新编号。",
        "Ordinals follow one another (GB/T 9704-2012, 7.3.3); a gap is left over from editing.",
    ),
    bad: "主要做法：一是加强领导。三是强化保障。",
    good: "主要做法：一是加强领导。二是强化保障。",
    except: ("只出现一个的不查。", "A single one."),
};

static TWICE: Rule = Rule {
    code: "P404",
    name: "label-twice",
    category: "numbering",
    severity: Severity::Warning,
    what: ("序号写了两遍：一、一、", "a label typed twice"),
    why: (
        "GB/T 9704—2012 第 7.3.3 条：一层一个序数；多为自动编号转换后又手工加了序号。",
        "GB/T 9704-2012, 7.3.3: one label each; automatic numbering plus a typed one.",
    ),
    bad: "一、一、总体要求",
    good: "一、总体要求",
    except: ("无。", "None."),
};

static STYLE: Rule = Rule {
    code: "P405",
    name: "mixed-labels",
    category: "numbering",
    severity: Severity::Warning,
    what: ("同一层次混用两种序号：一、2、三、", "labels of two kinds at one level: 一、2、三、"),
    why: (
        "GB/T 9704—2012 第 7.3.3 条：同一层次用同一种序数。",
        "GB/T 9704-2012, 7.3.3: one level has one kind of label.",
    ),
    bad: "一、总体要求\n\n2、主要目标\n\n三、重点任务",
    good: "一、总体要求\n\n二、主要目标\n\n三、重点任务",
    except: (
        "下一层次的序号不查，按各自的顺序判断。",
        "Labels of the level below, which have an order of their own.",
    ),
};

static DEPTH: Rule = Rule {
    code: "P406",
    name: "level-skipped",
    category: "numbering",
    severity: Severity::Hint,
    what: ("结构层次跳级：（一）下面直接用（1）", "a level left out: （1） directly under 一、"),
    why: (
        "GB/T 9704—2012 第 7.3.3 条：层次依次为“一、”“（一）”“1.”“（1）”。",
        "GB/T 9704-2012, 7.3.3: the levels follow one another.",
    ),
    bad: "一、总体要求\n\n（1）摸清底数。\n\n（2）建立台账。",
    good: "一、总体要求\n\n（一）摸清底数。\n\n（二）建立台账。",
    except: (
        "只有两个层次的，“一、”下面可以直接用“1.”；法规的条、款、项不查。",
        "With two levels in all 1. may stand under 一、; articles of law.",
    ),
};

static IS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:^|[：:，,；;。、！？\s”）])(?:([一二三四五六七八九十]{1,2})是|第([一二三四五六七八九十]{1,2})，)").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    let labels = labels(document);
    twice(document, &labels, sink);
    let mut breaks = Vec::new();
    for level in [Level::Part, Level::Chapter, Level::Section, Level::Article] {
        let of_level: Vec<&Label> = labels.iter().filter(|label| label.level == level).collect();
        let mut found = straight(&of_level, level, &labels);
        if level == Level::Article {
            found.extend(begun_again(document, &of_level));
        }
        plausible(&mut breaks, found, of_level.len(), level == Level::Article);
    }
    for level in [Level::First, Level::Second, Level::Third, Level::Fourth] {
        let of_level = labels.iter().filter(|label| label.level == level).count();
        plausible(&mut breaks, nested(document, &labels, level), of_level, false);
    }
    mixed_labels(document, &labels, &mut breaks, sink);
    depth(document, &labels, sink);
    breaks.sort_by_key(|found| (found.label.segment, found.label.start));
    for found in &breaks {
        report(document, found, sink);
    }
    inline(document, sink);
}

/// A label that is not the one expected.
struct Break {
    label: Label,
    expected: Vec<u32>,
}

/// Takes the breaks of a level over, unless there are so many that the numbers
/// are not this text's own.
fn plausible(all: &mut Vec<Break>, breaks: Vec<Break>, labels: usize, is_strict: bool) {
    let most = if is_strict { 2.max(labels / 20) } else { 3.max(labels / 8) };
    if breaks.len() <= most {
        all.extend(breaks);
    }
}

/// So many labels back the one before is looked for.
const NEAR: usize = 16;

/// 一、2、三、: the number that one level misses stands there in the dress of another.
fn mixed_labels(document: &Document<'_>, labels: &[Label], breaks: &mut Vec<Break>, sink: &mut Sink) {
    let places: BTreeMap<usize, usize> =
        labels.iter().enumerate().map(|(at, label)| (label.segment, at)).collect();
    breaks.retain(|found| {
        let level = found.label.level;
        let between = places.get(&found.label.segment).and_then(|&at| {
            let before = labels.get(at.saturating_sub(NEAR)..at)?;
            let from = before.iter().rposition(|label| label.level == level)?;
            before.get(from + 1..)
        });
        let missing: Vec<&Label> = between
            .unwrap_or_default()
            .iter()
            .filter(|label| label.marker.is_none() && level >= Level::First && label.level >= Level::First)
            .collect();
        let [alone] = missing.as_slice() else { return true };
        let is_it = found.expected == [alone.number] && found.label.number == alone.number + 1;
        let (Some(segment), Some(model)) =
            (document.segments.get(alone.segment), document.segments.get(found.label.segment))
        else {
            return true;
        };
        if !is_it {
            return true;
        }
        let written = segment.slice(alone.start..alone.start + alone.len);
        let like = model.slice(found.label.start..found.label.start + found.label.len);
        let right = rewrite(like, alone.number);
        let zh = format!("同一层次的序号写法不一致：“{written}”应为“{right}”");
        let en = format!("label `{written}` is of another kind than its neighbours: `{right}`");
        let range = alone.start..alone.start + alone.len;
        sink.push(Hit::new(&STYLE, segment, range, zh, en).review(right));
        false
    });
}

/// Labels two levels below the one before: told once for each pair of levels.
fn depth(document: &Document<'_>, labels: &[Label], sink: &mut Sink) {
    let own: Vec<&Label> = labels.iter().filter(|label| label.marker.is_none()).collect();
    if own.iter().any(|label| label.level == Level::Article) {
        return;
    }
    let levels: BTreeSet<Level> = own.iter().map(|label| label.level).collect();
    let mut told = BTreeSet::new();
    for pair in own.windows(2) {
        let [before, label] = pair else { continue };
        let step = label.level as usize - (before.level as usize).min(label.level as usize);
        let is_short_form = levels.len() == 2 && label.level == Level::Third;
        if before.level < Level::First
            || step < 2
            || label.number != 1
            || is_short_form
            || !told.insert((before.level, label.level))
        {
            continue;
        }
        let Some(segment) = document.segments.get(label.segment) else { continue };
        let range = label.start..label.start + label.len;
        let zh = format!(
            "层次跳级：“{}”上面缺一级，依次为“一、”“（一）”“1.”“（1）”",
            segment.slice(range.clone())
        );
        sink.push(Hit::new(&DEPTH, segment, range, zh, "a level is left out above this label"));
    }
}

/// Levels that are numbered through: articles over the whole text, chapters in
/// a part, sections in a chapter.
fn straight(of_level: &[&Label], level: Level, labels: &[Label]) -> Vec<Break> {
    let mut breaks = Vec::new();
    let mut last: Option<u32> = None;
    let mut outer =
        labels.iter().filter(|label| label.level < level && label.level < Level::Article).peekable();
    if level == Level::Article && of_level.first().is_none_or(|label| label.number != 1) {
        return breaks;
    }
    let known: BTreeSet<u32> = of_level.iter().map(|label| label.number).collect();
    for (at, label) in of_level.iter().enumerate() {
        let mut is_new = false;
        while outer.next_if(|upper| upper.segment < label.segment).is_some() {
            is_new = true;
        }
        let is_restart = label.number == 1 || (is_new && level == Level::Section);
        let next = of_level.get(at + 1).map(|next| next.number);
        match last.filter(|_| !is_restart && !label.is_inserted) {
            // One label in a wrong place: the numbers go on after it, and the gap it
            // left elsewhere is its own.
            Some(last) if label.number <= last && next == Some(last + 1) => {
                breaks.push(Break { label: (*label).clone(), expected: vec![last + 1] });
                continue;
            }
            Some(last) if label.number == last + 2 && known.contains(&(last + 1)) => {}
            Some(last) if label.number != last + 1 => {
                breaks.push(Break { label: (*label).clone(), expected: vec![last + 1] });
            }
            _ => {}
        }
        last = Some(label.number);
    }
    breaks
}

/// 第一条 again in the midst of a text: between the two stand sentences only, no
/// title with which another text could begin.
fn begun_again(document: &Document<'_>, articles: &[&Label]) -> Vec<Break> {
    let is_sentence = |segment: &Segment<'_>| {
        !segment.is_heading()
            && segment.text.trim_end().ends_with(['。', '；', '：', '”', '）', '！', '？', '，', ';', ':'])
    };
    let again = |pair: &[&Label]| {
        let [before, label] = pair else { return None };
        let between = document.segments.get(before.segment..label.segment)?;
        let is_again = label.number == 1 && !label.is_inserted && between.iter().all(is_sentence);
        is_again.then(|| Break { label: (*label).clone(), expected: vec![before.number + 1] })
    };
    articles.windows(2).filter_map(again).collect()
}

/// What is known of a level while walking through the text.
#[derive(Default)]
struct Track {
    last: Option<u32>,
    segment: usize,
    is_fresh: bool,
}

/// Levels that restart under the level above, or run on.
fn nested(document: &Document<'_>, labels: &[Label], level: Level) -> Vec<Break> {
    let mut breaks = Vec::new();
    let mut track = Track { last: None, segment: 0, is_fresh: true };
    let habit = Habit::of(labels, level);
    let (mut outer, mut heading) = (None, 0);
    for label in labels {
        if label.level < level {
            track.is_fresh = true;
            outer = outer.or(Some(label.number));
            heading = label.segment;
            continue;
        }
        if label.level != level {
            continue;
        }
        let next = track.last.map_or(1, |last| last + 1);
        // Under 一、 the first is （一）; an extract may begin anywhere.
        let is_begun = outer == Some(1)
            && label.segment <= heading + 1
            && document.profile != Profile::Regulation
            && label.marker.is_none();
        let begins = track.is_fresh && track.last.is_none() && !is_begun;
        let is_right = label.number == next || label.number == 1 || begins;
        let is_again = label.number == 1
            && track.last == Some(1)
            && !track.is_fresh
            && document.profile != Profile::Regulation
            && is_heading_pair(document, &track, label);
        // One part that goes on where all others begin anew.
        let goes_on =
            track.is_fresh && track.last.is_some() && label.number == next && habit.restarts_but_once();
        if is_again {
            breaks.push(Break { label: label.clone(), expected: vec![2] });
        } else if goes_on && label.marker.is_none() && document.profile != Profile::Regulation {
            breaks.push(Break { label: label.clone(), expected: vec![1] });
        } else if !is_right && !follows_inline(document, label, level) {
            let mut expected = vec![next];
            if track.is_fresh && !habit.runs_on() {
                expected = vec![1];
            }
            breaks.push(Break { label: label.clone(), expected });
        }
        track = Track { last: Some(label.number), segment: label.segment, is_fresh: false };
    }
    breaks
}

/// Whether two labels head parts of one text: both are headings, or paragraphs
/// close together that introduce nothing.
fn is_heading_pair(document: &Document<'_>, track: &Track, label: &Label) -> bool {
    let between = document.segments.get(track.segment..label.segment).unwrap_or(&[]);
    between.len() <= 3 && !between.iter().any(|segment| segment.text.trim_end().ends_with(['：', ':']))
}

/// Whether the label before this one stands inside the paragraph before:
/// `提交下列材料：（一）申请书；` followed by `（二）…` on its own line.
fn follows_inline(document: &Document<'_>, label: &Label, level: Level) -> bool {
    let Some(before) = label.number.checked_sub(1).filter(|_| level == Level::Second) else { return false };
    let inline = format!("（{}）", numerals::write(before));
    label
        .segment
        .checked_sub(1)
        .and_then(|at| document.segments.get(at))
        .is_some_and(|segment| segment.text.contains(&inline))
}

/// How a level goes on at the changes of the level above.
struct Habit {
    /// So often it begins anew at one.
    restarts: usize,
    /// So often its number goes on.
    runs: usize,
}

impl Habit {
    fn of(labels: &[Label], level: Level) -> Self {
        let mut habit = Self { restarts: 0, runs: 0 };
        let mut last: Option<u32> = None;
        let mut is_fresh = false;
        for label in labels {
            if label.level < level {
                is_fresh = true;
            } else if label.level == level {
                if let Some(last) = last.filter(|_| is_fresh) {
                    habit.restarts += usize::from(label.number == 1);
                    habit.runs += usize::from(label.number == last + 1 && label.number != 1);
                }
                last = Some(label.number);
                is_fresh = false;
            }
        }
        habit
    }

    /// Whether the level runs through the whole text.
    fn runs_on(&self) -> bool {
        self.runs > self.restarts
    }

    /// Whether a single part goes on where the others begin anew.
    fn restarts_but_once(&self) -> bool {
        self.runs == 1 && self.restarts >= 1
    }
}

fn report(document: &Document<'_>, found: &Break, sink: &mut Sink) {
    let Break { label, expected } = found;
    let Some(segment) = document.segments.get(label.segment) else { return };
    let range = label.start..label.start + label.len;
    let written = segment.slice(range.clone());
    let Some(&first) = expected.first() else { return };
    if let Some(marker) = label.marker {
        let message = Message::new(
            format!("列表序号“{}.”不连续，应为“{first}.”；页面会按顺序重新编号", label.number),
            format!(
                "list number `{}.` is out of sequence, expected `{first}.`; the page renumbers it",
                label.number
            ),
        );
        sink.at(&ORDER, marker, message);
        return;
    }
    let right = rewrite(written, first);
    let kind = if label.number < first {
        ("重号或倒号", "repeated or out of order")
    } else {
        ("跳号", "skipped")
    };
    let rule = if label.level <= Level::Article { &ARTICLE } else { &ORDER };
    let zh = format!("序号{}：“{written}”，按顺序应为“{right}”", kind.0);
    let en = format!("label `{written}` is {}, expected `{right}`", kind.1);
    sink.push(Hit::new(rule, segment, range, zh, en).review(right));
}

fn twice(document: &Document<'_>, labels: &[Label], sink: &mut Sink) {
    for label in labels.iter().filter(|label| label.marker.is_none()) {
        let Some(segment) = document.segments.get(label.segment) else { continue };
        let end = label.start + label.len;
        let written = segment.slice(label.start..end);
        if segment.after(end).trim_start().starts_with(written) {
            let gap = segment.after(end).len() - segment.after(end).trim_start().len();
            let zh = format!("序号“{written}”写了两遍");
            let hit = Hit::new(
                &TWICE,
                segment,
                label.start..end + gap + label.len,
                zh,
                format!("label `{written}` is typed twice"),
            );
            sink.push(hit.review(written));
        }
    }
}

fn inline(document: &Document<'_>, sink: &mut Sink) {
    let Some(pattern) = IS.as_ref() else { return };
    let (mut last, mut ordinals) = (BTreeMap::new(), BTreeMap::new());
    for segment in document.flow() {
        if segment.awaits(Trigger::First) {
            adverbs(segment, sink);
        }
        if !segment.awaits(Trigger::Point) {
            continue;
        }
        for found in pattern.captures_iter(&segment.text) {
            if let Some(number) = found.get(1) {
                inline_step(segment, &number, Style::Is, &mut last, sink);
            } else if let Some(number) = found.get(2) {
                inline_step(segment, &number, Style::Ordinal, &mut ordinals, sink);
            }
        }
    }
}

/// 首先，…其次，…其次，…: the second 其次 is 再次.
fn adverbs(segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.text.contains("首先，") {
        return;
    }
    let Some((second, _)) = segment.text.match_indices("其次，").nth(1) else { return };
    let word = second..second + "其次".len();
    let right = if segment.text.contains("再次，") { "最后" } else { "再次" };
    let zh = format!("“其次”用了两遍，这里应为“{right}”");
    sink.push(Hit::new(&INLINE, segment, word, zh, format!("其次 twice: use {right}")).review(right));
}

/// How points are counted within a text.
#[derive(Clone, Copy)]
enum Style {
    /// 一是
    Is,
    /// 第一，
    Ordinal,
}

impl Style {
    fn write(self, number: u32) -> String {
        match self {
            Self::Is => format!("{}是", numerals::write(number)),
            Self::Ordinal => format!("第{}，", numerals::write(number)),
        }
    }
}

/// One 三是: checked against the one before it, which stands in this segment or
/// in the one just before.
fn inline_step(
    segment: &Segment<'_>,
    number: &regex::Match<'_>,
    style: Style,
    last: &mut BTreeMap<usize, u32>,
    sink: &mut Sink,
) {
    let Some(value) = numerals::read(number.as_str()) else { return };
    let recent = last.range(segment.index.saturating_sub(1)..).next_back().map(|(_, &value)| value);
    last.insert(segment.index, value);
    let Some(before) = recent.filter(|&before| value != 1 && value != before + 1) else { return };
    let range = match style {
        Style::Is => number.start()..number.end() + '是'.len_utf8(),
        Style::Ordinal => number.start() - '第'.len_utf8()..number.end() + '，'.len_utf8(),
    };
    let right = style.write(before + 1);
    let zh = format!("“{}”之后应为“{right}”", style.write(before));
    let hit = Hit::new(&INLINE, segment, range, zh, format!("expected `{right}`"));
    sink.push(hit.review(right));
}
