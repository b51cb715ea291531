//! Punctuation: doubled marks, ellipsis, ranges, marks at the end.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family = Family {
    rules: &[&DOUBLED, &BEFORE_AND, &ELLIPSIS, &ETC, &QUOTED_STOP, &DASH],
    check: Check::Segment(check),
};

static DOUBLED: Rule = Rule {
    code: "P221",
    name: "doubled-punctuation",
    category: "punctuation",
    severity: Severity::Error,
    what: ("点号连用：。。 ，， 、， ；。", "two stops or commas in a row"),
    why: (
        "GB/T 15834—2011：一处停顿只用一个点号；叹号、问号叠用仅见于文艺作品。",
        "GB/T 15834-2011: one pause, one mark.",
    ),
    bad: "可以再延长二个月。。",
    good: "可以再延长二个月。",
    except: ("省略号、连接号不在此列。", "Ellipsis and dashes."),
};

static BEFORE_AND: Rule = Rule {
    code: "P222",
    name: "comma-before-and",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("顿号后面紧跟“和”“及”“或”", "an enumeration comma directly before 和, 及 or 或"),
    why: (
        "GB/T 15834—2011 第 4.5 条：顿号与连词作用相同，并列末项前有连词就不用顿号。",
        "GB/T 15834-2011, 4.5: the conjunction replaces the comma.",
    ),
    bad: "保障举办者、经营者、和购买者的权益。",
    good: "保障举办者、经营者和购买者的权益。",
    except: ("“和”“及”是词语一部分的（和田、及时）不查。", "Words that begin with these characters."),
};

static ELLIPSIS: Rule = Rule {
    code: "P223",
    name: "ellipsis-form",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("省略号写成点或句号", "an ellipsis typed as dots or full stops"),
    why: (
        "GB/T 15834—2011 第 4.11 条：省略号为六连点“……”，占两个字位置。",
        "GB/T 15834-2011, 4.11: six dots, two squares.",
    ),
    bad: "可以采取座谈会、听证会......多种形式。",
    good: "可以采取座谈会、听证会……多种形式。",
    except: ("外文和代码中的点不查。", "Foreign text and code."),
};

static ETC: Rule = Rule {
    code: "P224",
    name: "etc-and-ellipsis",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("“等”与省略号连用", "both 等 and an ellipsis"),
    why: (
        "GB/T 15834—2011 第 4.11 条：省略号和“等”“等等”不能同时使用。",
        "GB/T 15834-2011, 4.11: one of the two.",
    ),
    bad: "包括依据和理由等……。",
    good: "包括依据和理由等。",
    except: ("无。", "None."),
};

static QUOTED_STOP: Rule = Rule {
    code: "P225",
    name: "stop-on-both-sides",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("引号内外都有句号", "a full stop both inside and outside the closing quote"),
    why: (
        "GB/T 15834—2011：独立成句的引语句号在引号内，作句子成分的在引号外，只用一个。",
        "GB/T 15834-2011: the stop stands on one side only.",
    ),
    bad: "应当认定为“造成特别严重后果。”。",
    good: "应当认定为“造成特别严重后果”。",
    except: ("无。", "None."),
};

static DASH: Rule = Rule {
    code: "P226",
    name: "range-dash",
    category: "punctuation",
    severity: Severity::Hint,
    what: ("起止年份、数字之间用了短横线", "a hyphen in a range of years"),
    why: (
        "GB/T 15834—2011 第 4.13 条：表示起止用一字线“—”或浪纹线“～”。",
        "GB/T 15834-2011, 4.13: ranges take — or ～.",
    ),
    bad: "国土空间总体规划（2021--2025年）",
    good: "国土空间总体规划（2021—2025年）",
    except: ("日期、电话、标准号和代码中的短横线不查。", "Dates, telephone numbers, standards and codes."),
};

static DOTS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\.{3,}|。{3,}|…+|·{3,}").ok());
static LINKS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\p{Han}|\d[日月年时分%℃]?)(--|~)(\p{Han}|\d)").ok());
static YEARS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"((?:19|20)[0-9０-９]{2})年?(-{1,2}|－|–|——|~)((?:19|20)[0-9０-９]{2})年?").ok()
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    doubled(segment, sink);
    dots(segment, sink);
    links(segment, sink);
    let looks = [
        (Trigger::BeforeAnd, before_and as fn(&Segment<'_>, &mut Sink)),
        (Trigger::AfterAnd, after_and),
        (Trigger::Etc, etc),
        (Trigger::QuotedStop, quoted_stop),
        (Trigger::YearRange, years),
    ];
    for (_, look) in looks.iter().filter(|(trigger, _)| segment.awaits(*trigger)) {
        look(segment, sink);
    }
}

/// 等……: one of the two.
fn etc(segment: &Segment<'_>, sink: &mut Sink) {
    for (at, text) in segment.text.match_indices("等……") {
        let hit = Hit::new(
            &ETC,
            segment,
            at..at + text.len(),
            "“等”与省略号只用一个",
            "use either 等 or the ellipsis",
        );
        sink.push(hit.review("等"));
    }
}

/// 。”。: one of the two.
fn quoted_stop(segment: &Segment<'_>, sink: &mut Sink) {
    for stop in ["。”。", "！”。", "？”。"] {
        for (at, text) in segment.text.match_indices(stop) {
            let keep = if stop.starts_with('。') { "”。" } else { text.get(..6).unwrap_or("”") };
            let zh = format!("引号内外都有句末标点“{text}”，只用一个");
            let hit =
                Hit::new(&QUOTED_STOP, segment, at..at + text.len(), zh, "a stop on both sides of the quote");
            sink.push(hit.review(keep));
        }
    }
}

fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？')
}

/// Runs of stops.
fn doubled(segment: &Segment<'_>, sink: &mut Sink) {
    let mut index = 0;
    while let Some(&(start, first)) = segment.marks.get(index) {
        index += 1;
        if !is_stop(first) {
            continue;
        }
        let mut end = start + first.len_utf8();
        // Most marks stand alone.
        if segment.marks.get(index).is_none_or(|&(at, c)| at != end || !is_stop(c)) {
            continue;
        }
        let mut run = vec![first];
        while let Some(&(_, c)) = segment.marks.get(index).filter(|&&(at, c)| at == end && is_stop(c)) {
            end += c.len_utf8();
            run.push(c);
            index += 1;
        }
        if run.len() < 2 || is_emphatic(&run) || (run.len() > 2 && run.iter().all(|&c| c == '。')) {
            continue;
        }
        let kept = keep(&run, end == segment.text.len());
        let text = segment.slice(start..end);
        let zh = format!("标点连用“{text}”，只留一个“{kept}”");
        let hit = Hit::new(&DOUBLED, segment, start..end, zh, format!("marks in a row: `{text}`"));
        let is_same = run.iter().all(|&c| c == first);
        sink.push(if is_same { hit.safe(kept) } else { hit.review(kept) });
    }
}

/// ？！ and ！？ express one thing together.
fn is_emphatic(run: &[char]) -> bool {
    matches!(run, ['？', '！'] | ['！', '？'])
}

/// The mark that most probably was meant.
fn keep(run: &[char], is_end: bool) -> char {
    let strong: Vec<char> = run.iter().copied().filter(|&c| c != '、').collect();
    let first = strong.first().or(run.first()).copied().unwrap_or('。');
    match strong.iter().rfind(|c| matches!(c, '。' | '！' | '？')) {
        Some(&stop) if is_end || first == '，' => stop,
        _ => first,
    }
}

/// 、和 and the like.
fn before_and(segment: &Segment<'_>, sink: &mut Sink) {
    for &(at, _) in segment.marks.iter().filter(|&&(_, c)| c == '、') {
        let rest = segment.after(at + 3);
        let Some(word) = ["和", "及", "或者", "或"].iter().find(|word| rest.starts_with(**word)) else {
            continue;
        };
        let follow = rest.get(word.len()..).and_then(|rest| rest.chars().next());
        if follow.is_none_or(|c| !is_han(c))
            || follow.is_some_and(|c| is_word(word, c))
            || is_item(segment, at + 3)
            || *word == "和" && is_name(segment, at)
        {
            continue;
        }
        let end = at + 3 + word.len();
        let zh = format!("“{word}”之前不用顿号");
        let hit =
            Hit::new(&BEFORE_AND, segment, at..end, zh, format!("no enumeration comma before `{word}`"));
        sink.push(hit.review(*word));
    }
}

/// 以及、: the comma after the conjunction.
fn after_and(segment: &Segment<'_>, sink: &mut Sink) {
    for (at, text) in segment.text.match_indices("以及、") {
        let hit =
            Hit::new(&BEFORE_AND, segment, at..at + text.len(), "“以及”之后不用顿号", "no comma after 以及");
        sink.push(hit.review("以及"));
    }
}

/// Whether the conjunction's character begins another word.
fn is_word(word: &str, next: char) -> bool {
    let words = match word {
        "和" => "平谐睦解气蔼县田风硕服美龙林静顺悦合数政乐衷",
        "及" => "时格早第其至",
        "或" => "有然",
        _ => "",
    };
    words.contains(next)
}

/// Whether the word is itself an item of the enumeration (`“和”、“及”`, `、和、`).
fn is_item(segment: &Segment<'_>, at: usize) -> bool {
    let rest = segment.after(at);
    rest.chars().nth(1).is_none_or(|c| matches!(c, '、' | '，' | '。'))
}

/// Whether 和 is the surname in a list of names: 张三、和某某、李四.
fn is_name(segment: &Segment<'_>, comma: usize) -> bool {
    let ends = |c: char| !is_han(c);
    let after = segment.just_after(comma + '、'.len_utf8(), 12);
    let length =
        after.find(ends).map_or(usize::MAX, |end| after.get(..end).map_or(0, |name| name.chars().count()));
    let before = segment.just_before(comma, 12);
    let name: Vec<char> = before.chars().rev().take_while(|&c| is_han(c)).collect();
    (2..=3).contains(&length)
        && (2..=3).contains(&name.len())
        && name.last().is_some_and(|&c| super::statistics::SURNAMES.contains(c))
}

fn dots(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = DOTS.as_ref() else { return };
    if !segment.awaits(Trigger::Dots) && !segment.marks.iter().any(|&(_, c)| c == '…') {
        return;
    }
    for found in pattern.find_iter(&segment.text) {
        let is_chinese = segment.prev(found.start()).is_some_and(|c| !c.is_ascii())
            || segment.next(found.end()).is_some_and(|c| !c.is_ascii());
        let is_leader = found.as_str().chars().count() > 12
            || segment.next(found.end()).is_some_and(|c| c.is_ascii_digit());
        if !is_chinese || is_leader || matches!(found.as_str(), "……" | "…………") {
            continue;
        }
        let zh = format!("省略号应为“……”，不写作“{}”", found.as_str());
        sink.push(Hit::new(&ELLIPSIS, segment, found.range(), zh, "an ellipsis is `……`").review("……"));
    }
}

fn years(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = YEARS.as_ref() else { return };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(dash)) = (found.get(0), found.get(2)) else { continue };
        let is_code = segment.prev(whole.start()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
            || segment.next(whole.end()).is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
        if is_code {
            continue;
        }
        let before = segment.slice(whole.start()..dash.start());
        let after = segment.slice(dash.end()..whole.end());
        let right = format!("{before}—{after}");
        let zh = format!("起止年份用一字线：“{right}”");
        let severity = if dash.as_str() == "--" { Severity::Warning } else { Severity::Hint };
        let hit = Hit::new(&DASH, segment, whole.range(), zh, format!("a range of years takes —: `{right}`"));
        sink.push(hit.severity(severity).review(right));
    }
}

/// 北京--上海, 3月1日~3月15日: two things joined take — or ～.
fn links(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) =
        LINKS.as_ref().filter(|_| segment.has.ascii_mark && segment.text.contains(['-', '~']))
    else {
        return;
    };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(before), Some(mark), Some(after)) = (found.get(1), found.get(2), found.get(3)) else {
            continue;
        };
        let right = match (mark.as_str(), before.as_str().ends_with(['日', '月', '年', '时', '分'])) {
            ("--", _) => "—",
            (_, true) => "至",
            _ => "～",
        };
        // Between figures the tilde is the business of the width of signs.
        let is_figure = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        if after.as_str().starts_with('-')
            || (mark.as_str() == "~" && is_figure(after.as_str()) && before.as_str().len() == 1)
        {
            continue;
        }
        let severity = if mark.as_str() == "~" { Severity::Hint } else { Severity::Warning };
        let zh = format!("这里的“{}”应为“{right}”", mark.as_str());
        let hit = Hit::new(&DASH, segment, mark.range(), zh, format!("use `{right}`"));
        sink.push(hit.severity(severity).review(right));
    }
}
