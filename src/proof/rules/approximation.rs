//! Approximation said twice, decreases counted in multiples.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::numeral::each;

pub(crate) static FAMILY: Family = Family { rules: &[&APPROX, &TIMES, &SPLIT], check: Check::Segment(check) };

static APPROX: Rule = Rule {
    code: "P305",
    name: "double-approximation",
    category: "numeral",
    severity: Severity::Warning,
    what: ("约数重复：近…余、约…左右", "approximation said twice"),
    why: (
        "约数词前后只用一个，并用则自相矛盾。",
        "One word of approximation is enough; two contradict each other.",
    ),
    bad: "约200户左右完成搬迁。",
    good: "约200户完成搬迁。",
    except: ("无。", "None."),
};

static TIMES: Rule = Rule {
    code: "P306",
    name: "decrease-times",
    category: "numeral",
    severity: Severity::Warning,
    what: ("减少、降低用了倍数", "a decrease counted in multiples"),
    why: (
        "减少只能说几分之几或百分之几，减少一倍即为零。",
        "A decrease is a fraction; once its own size leaves nothing.",
    ),
    bad: "能耗降低了3倍。",
    good: "能耗降低了三分之二。",
    except: ("罚款倍数、增加倍数不查。", "Fines and increases."),
};

static SPLIT: Rule = Rule {
    code: "P310",
    name: "approximate-comma",
    category: "numeral",
    severity: Severity::Hint,
    what: ("相邻数字连用表约数时加了顿号：三、四天", "a comma inside an approximate number"),
    why: (
        "GB/T 15835—2011 第 4.2 条：相邻数字连用表概数用汉字，中间不加顿号。",
        "GB/T 15835-2011, 4.2: no comma in 三四天.",
    ),
    bad: "一般三、四天即可办结。",
    good: "一般三四天即可办结。",
    except: ("分别列举（三、四年级）时用顿号是对的。", "Where two things are listed."),
};

static APPROX_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(将近|接近|大约|近|约)([0-9][0-9,.]*[万亿千百十]{0,2}|[一二三四五六七八九两]?[十百千万亿][一二三四五六七八九十百千万亿]{0,6})(?:(余|多|来)|([^0-9，。；、！？：（）“”\n]{0,4}?)(左右|上下))").ok()
});
static OVER_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(超过|多于|高于|至少|不少于|不低于|不超过|最多|最少)([0-9][0-9,.]*|[一二三四五六七八九十百千万亿两]+)([^0-9，。；、！？：（）“”\n《》]{0,4}?)(以上|以下|左右|上下)|(截至|截止)([^，。；！？]{2,12}?)(为止)|(几[十百千万]+)(余|多)(个|名|人|家|户|次|项|件)|(超过|不足|多达|至少|不少于)([0-9][0-9,.]*[万亿]?|[一二三四五六七八九两]?[十百千万亿][一二三四五六七八九十百千万亿]{0,6})(余|多)(个|名|人|家|户|次|项|件|亩|元|公里|吨|处|所)").ok()
});
static TIMES_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(降低|减少|下降|缩小|缩短|减轻|减低)(?:了|到|至)?(?:近|约|超过)?([0-9.]+|[一二三四五六七八九十两]+)(?:多|余)?倍").ok()
});
static SPLIT_PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([一二三四五六七八九两]|[1-9])、([一二三四五六七八九]|[1-9])(天|年|岁|个月|个工作日|个|小时|分钟|公里|千米|里路|里地|里|十[人个名户家年天岁万亩次公]|百|千|万|成|场|层|米|亩|人|户|名|家|次|倍|斤|吨|元|处|座|辆|台|间)").ok()
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if segment.awaits(Trigger::About) {
        each(APPROX_PATTERN.as_ref(), segment, |found| approx(segment, found, sink));
    }
    if segment.awaits(Trigger::Over) {
        each(OVER_PATTERN.as_ref(), segment, |found| over(segment, found, sink));
    }
    if segment.awaits(Trigger::Times) {
        each(TIMES_PATTERN.as_ref(), segment, |found| times(segment, found, sink));
    }
    if segment.awaits(Trigger::Split) {
        each(SPLIT_PATTERN.as_ref(), segment, |found| split(segment, found, sink));
    }
}

fn approx(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(first), Some(number)) = (found.get(1), found.get(2)) else { return };
    let more = found.get(3);
    let measure = found.get(4).map_or("", |part| part.as_str());
    let around = found.get(5);
    // 临近、附近、条约 and 节约 are other words.
    if segment.prev(first.start()).is_some_and(|c| "临附最邻靠逼亲远条合节制契大".contains(c))
        && first.as_str().chars().count() == 1
    {
        return;
    }
    // 近20来 must be followed by what is counted: 近三年来 is a span of time.
    if more.is_some_and(|more| {
        more.as_str() == "来"
            && !segment.after(more.end()).starts_with(['个', '名', '人', '家', '户', '次', '项', '件'])
    }) {
        return;
    }
    // 近十多年 is a span of time, not an approximation said twice.
    if more.is_some_and(|more| segment.after(more.end()).starts_with('年')) && first.as_str() == "近" {
        return;
    }
    let (end, right) = match (more, around) {
        (Some(more), _) => (more.end(), format!("{}{}", first.as_str(), number.as_str())),
        (None, Some(around)) => (around.end(), format!("{}{}{measure}", first.as_str(), number.as_str())),
        (None, None) => return,
    };
    let written = segment.slice(first.start()..end);
    let zh = format!("约数重复：“{written}”，只用一个");
    let hit =
        Hit::new(&APPROX, segment, first.start()..end, zh, format!("approximation said twice: `{written}`"));
    sink.push(hit.review(right));
}

/// 超过…以上, 截至…为止, 几十余个.
fn over(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let right = if found.get(1).is_some() {
        // 不超过三级以上医院 and the like: the second word belongs to what follows.
        if segment
            .after(whole.end())
            .starts_with(|c: char| jiedu_base::text::is_han(c) && !"的，。；".contains(c))
            && !is_measure(part(3))
        {
            return;
        }
        format!("{}{}{}", part(1), part(2), part(3))
    } else if found.get(5).is_some() {
        format!("截至{}", part(6))
    } else if found.get(8).is_some() {
        format!("{}{}", part(8), part(10))
    } else {
        format!("{}{}{}", part(11), part(12), part(14))
    };
    let zh = format!("约数或界限说了两遍：“{}”，应为“{right}”", whole.as_str());
    let en = format!("said twice: `{}`", whole.as_str());
    sink.push(Hit::new(&APPROX, segment, whole.range(), zh, en).severity(Severity::Hint).review(right));
}

fn is_measure(text: &str) -> bool {
    text.is_empty()
        || ["人", "个", "名", "家", "户", "次", "元", "万元", "天", "年", "个月", "日", "%"].contains(&text)
}

fn times(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(whole) = found.get(0) else { return };
    let zh = format!("减少不能用倍数：“{}”，应改为几分之几或百分之几", whole.as_str());
    let en = format!("a decrease is no multiple: `{}`", whole.as_str());
    sink.push(Hit::new(&TIMES, segment, whole.range(), zh, en));
}

fn split(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(a), Some(b), Some(unit)) =
        (found.get(0), found.get(1), found.get(2), found.get(3))
    else {
        return;
    };
    if a.as_str().is_ascii() != b.as_str().is_ascii()
        || segment.prev(whole.start()).is_some_and(|c| c.is_ascii_digit() || c == '.')
    {
        return;
    }
    let (Some(x), Some(y)) = (numerals::read(a.as_str()), numerals::read(b.as_str())) else { return };
    let is_listed = segment
        .prev(whole.start())
        .is_some_and(|c| matches!(c, '第' | '、' | '十' | '前' | '周' | '期' | '初' | '高' | '大' | '老'))
        || segment.after(whole.end()).starts_with(['级', '期', '类', '组', '款', '项', '及', '和']);
    if y != x + 1 || is_listed {
        return;
    }
    let first = if a.as_str() == "两" { "两".to_owned() } else { numerals::write(x) };
    let right = format!("{first}{}{}", numerals::write(y), unit.as_str());
    let zh = format!("表示概数不加顿号：“{right}”");
    sink.push(
        Hit::new(&SPLIT, segment, whole.range(), zh, format!("no comma in an approximate number: `{right}`"))
            .review(right),
    );
}
