//! Title marks: which pair stands where.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

use super::brackets::FIX_LIMIT;
use super::width::shorten;

pub(crate) static FAMILY: Family = Family {
    rules: &[&NESTED, &OUTSIDE, &SWAPPED, &ANGLE, &COMMA, &CERTIFICATE],
    check: Check::Segment(check),
};

static NESTED: Rule = Rule {
    code: "P211",
    name: "nested-title",
    category: "book-title",
    severity: Severity::Warning,
    what: ("书名号里又用双书名号", "double title marks inside double title marks"),
    why: (
        "GB/T 15834—2011 第 4.15 条：书名号里还要用书名号时，外面用《》，里面用〈〉。",
        "GB/T 15834-2011, 4.15: 《》 outside, 〈〉 inside.",
    ),
    bad: "根据《关于印发《若干意见》的通知》办理。",
    good: "根据《关于印发〈若干意见〉的通知》办理。",
    except: ("第三层重新用《》。", "The third level is 《》 again."),
};

static OUTSIDE: Rule = Rule {
    code: "P212",
    name: "single-title-outside",
    category: "book-title",
    severity: Severity::Warning,
    what: ("单书名号用在最外层", "single title marks at the outer level"),
    why: (
        "GB/T 15834—2011：单书名号〈〉只用在双书名号《》里面。",
        "GB/T 15834-2011: 〈〉 stand only inside 《》.",
    ),
    bad: "按照〈国务院关于加强监管的通知〉执行。",
    good: "按照《国务院关于加强监管的通知》执行。",
    except: ("无。", "None."),
};

static SWAPPED: Rule = Rule {
    code: "P213",
    name: "mismatched-title",
    category: "book-title",
    severity: Severity::Error,
    what: ("双书名号与单书名号混配", "a double title mark closed by a single one or the reverse"),
    why: (
        "GB/T 15834—2011 第 4.15 条：《与》、〈与〉各自成对。",
        "GB/T 15834-2011, 4.15: 《 goes with 》, 〈 with 〉.",
    ),
    bad: "依据《若干意见〉制定本细则。",
    good: "依据《若干意见》制定本细则。",
    except: ("无。", "None."),
};

static ANGLE: Rule = Rule {
    code: "P214",
    name: "angle-title",
    category: "book-title",
    severity: Severity::Warning,
    what: ("用小于号、大于号代替书名号", "less-than and greater-than signs for title marks"),
    why: (
        "书名号是〈〉《》；<> 是数学符号，在网页上还会被当作标签。",
        "< > are mathematical signs and may be taken for tags.",
    ),
    bad: "关于修改<办法>的决定。",
    good: "关于修改《办法》的决定。",
    except: ("数学式中的大小比较不查。", "Comparisons of numbers."),
};

static COMMA: Rule = Rule {
    code: "P215",
    name: "comma-between-titles",
    category: "book-title",
    severity: Severity::Hint,
    what: ("并列的书名号之间用了顿号", "an enumeration comma between adjacent titles"),
    why: (
        "GB/T 15834—2011 第 4.5.3.5 条：标有书名号的并列成分之间通常不用顿号。",
        "GB/T 15834-2011, 4.5.3.5: adjacent titles usually take no comma.",
    ),
    bad: "落实《甲办法》、《乙办法》要求。",
    good: "落实《甲办法》《乙办法》要求。",
    except: ("书名号之间有其他成分（如括注）时可用顿号。", "When something else stands between them."),
};

static CERTIFICATE: Rule = Rule {
    code: "P216",
    name: "certificate-title",
    category: "book-title",
    severity: Severity::Hint,
    what: ("证件、会议、活动、奖项用了书名号", "title marks around a certificate, meeting, event or prize"),
    why: (
        "GB/T 15834—2011 附录 A：书名号用于作品和文件，证件名称一般不用。",
        "GB/T 15834-2011: title marks are for works and documents, not for certificates.",
    ),
    bad: "申请人应当持《居住证》办理。",
    good: "申请人应当持居住证办理。",
    except: ("法律法规条文沿用的写法可以保留。", "Where a law itself writes it so."),
};

static ANGLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[<＜﹤]([^<>＜＞﹤﹥\x1a\n]{2,60})[>＞﹥]").ok());
static CERTIFIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"《([^《》〈〉关于]{1,20}(?:许可证|执照|证书|证明|身份证|居住证|资格证|登记证|证|大会|工作会议|工作会|活动|专项行动))》").ok()
});

static EVENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"《([^《》〈〉]{2,24})》(?:主题|系列|专题|专项)?(?:活动|大赛|比赛|竞赛|行动|会议|论坛|讲座|培训班|工程|展览|奖项|称号)").ok()
});
/// Ends of names that are works or documents even before 活动.
const WORKS: [&str; 22] = [
    "法", "条例", "办法", "规定", "规则", "细则", "公约", "协定", "意见", "通知", "方案", "规划", "计划",
    "决定", "报告", "公告", "读本", "手册", "纲要", "守则", "准则", "制度",
];

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.has.title {
        return;
    }
    events(segment, sink);
    angles(segment, sink);
    commas(segment, sink);
    certificates(segment, sink);
}

/// Called by the pairing pass for every pair of marks.
pub(super) fn matched(
    segment: &Segment<'_>,
    range: Range<usize>,
    open: char,
    outer: impl DoubleEndedIterator<Item = char>,
    sink: &mut Sink,
) {
    if !matches!(open, '《' | '〈') {
        return;
    }
    let level = outer.rev().find(|c| matches!(c, '《' | '〈'));
    let inner = segment.slice(range.start + 3..range.end - 3);
    let shown = shorten(inner);
    match (open, level) {
        // 《关于修改<…《…》…>的决定》: the angle brackets are the second level.
        ('《', Some('《')) if !in_angles(segment, range.start) => {
            let zh = format!("书名号内的书名号应为〈{shown}〉");
            let en = format!("a title inside a title takes 〈〉: `{shown}`");
            let hit = Hit::new(&NESTED, segment, range, zh, en);
            sink.push(if inner.len() <= FIX_LIMIT { hit.review(format!("〈{inner}〉")) } else { hit });
        }
        ('〈', None) => {
            let zh = format!("最外层书名号应为《{shown}》");
            let en = format!("an outer title takes 《》: `{shown}`");
            let hit = Hit::new(&OUTSIDE, segment, range, zh, en);
            sink.push(if inner.len() <= FIX_LIMIT { hit.review(format!("《{inner}》")) } else { hit });
        }
        _ => {}
    }
}

/// Called by the pairing pass when a title is closed by the other kind.
pub(super) fn swapped(segment: &Segment<'_>, at: usize, written: char, right: char, sink: &mut Sink) {
    let zh = format!("书名号前后不一致，这里应为“{right}”");
    let en = format!("mismatched title marks, use `{right}` here");
    sink.push(Hit::new(&SWAPPED, segment, at..at + written.len_utf8(), zh, en).review(right));
}

fn angles(segment: &Segment<'_>, sink: &mut Sink) {
    let is_angled = segment.marks.iter().any(|(_, c)| matches!(c, '<' | '＜' | '﹤'));
    let Some(pattern) = ANGLED.as_ref().filter(|_| is_angled) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
        if !inner.as_str().contains(is_han) {
            continue;
        }
        let right = if segment.in_title(whole.start()) {
            format!("〈{}〉", inner.as_str())
        } else {
            format!("《{}》", inner.as_str())
        };
        let zh = format!("书名号误用尖括号，应为{}", shorten(&right));
        let hit = Hit::new(&ANGLE, segment, whole.range(), zh, "angle brackets used as title marks");
        sink.push(hit.review(right));
    }
}

fn commas(segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.awaits(Trigger::TitleComma) {
        return;
    }
    for (at, _) in segment.text.match_indices("》、《") {
        let comma = at + 3..at + 6;
        let hit = Hit::new(
            &COMMA,
            segment,
            comma,
            "并列书名号之间通常不用顿号",
            "adjacent titles usually take no comma",
        );
        sink.push(hit.review(""));
    }
}

fn certificates(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = CERTIFIED.as_ref().filter(|_| segment.awaits(Trigger::Holder)) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(inner)) = (found.get(0), found.get(1)) else { continue };
        let zh = format!("证件、会议、活动、奖项的名称一般不用书名号：{}", inner.as_str());
        let en = format!("certificates take no title marks: `{}`", inner.as_str());
        sink.push(Hit::new(&CERTIFICATE, segment, whole.range(), zh, en).review(inner.as_str()));
    }
}

/// 参加《创建文明城市》活动: an event takes quotation marks.
fn events(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = EVENT.as_ref().filter(|_| segment.awaits(Trigger::Event)) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let Some(inner) = found.get(1) else { continue };
        let name = inner.as_str();
        if WORKS.iter().any(|end| name.ends_with(end)) || name.contains("关于") {
            continue;
        }
        let range = inner.start() - '《'.len_utf8()..inner.end() + '》'.len_utf8();
        let zh = format!("活动、会议等的名称不用书名号，可用引号：“{name}”");
        let hit = Hit::new(&CERTIFICATE, segment, range, zh, "events take quotation marks, not title marks");
        sink.push(hit.review(format!("“{name}”")));
    }
}

/// Whether an angle bracket was opened shortly before and not closed.
fn in_angles(segment: &Segment<'_>, at: usize) -> bool {
    let near: Vec<char> = segment.before(at).chars().rev().take(30).collect();
    near.iter()
        .find(|c| matches!(c, '<' | '＜' | '>' | '＞' | '《' | '》'))
        .is_some_and(|c| matches!(c, '<' | '＜'))
}
