//! Facts that do not age or carry their date: the members of fixed formulas, the years of
//! five-year plans, meetings, laws that another replaced, bodies that became others.
//!
//! The facts are in `data/facts.txt`, each with its source. They are judged at the text's
//! own date, as far as its head or its end tells one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;
use jiedu_base::text::numerals;

pub(crate) static FAMILY: Family =
    Family { rules: &[&FORMULA, &PLAN, &SESSION, &LAW, &BODY], check: Check::Document(check) };

static FORMULA: Rule = Rule {
    code: "P571",
    name: "formula-members",
    category: "fact",
    severity: Severity::Warning,
    what: (
        "固定表述缺项或次序不对：四个意识、四个自信",
        "a fixed formula with a member missing or out of order",
    ),
    why: (
        "固定表述的项数和次序以中央文件为准（出处见 data/facts.txt）；缺项、错序是政治性差错。",
        "Members and order are those of the documents named in data/facts.txt.",
    ),
    bad: "增强政治意识、核心意识、大局意识、看齐意识。",
    good: "增强政治意识、大局意识、核心意识、看齐意识。",
    except: ("只提到其中一两项的不查；引文不查。", "One or two members; quotations."),
};

static PLAN: Rule = Rule {
    code: "P572",
    name: "plan-years",
    category: "fact",
    severity: Severity::Warning,
    what: ("五年规划与年份不符", "a five-year plan with the years of another"),
    why: (
        "“六五”为1981—1985年，其后每五年一个；“十四五”为2021—2025年（历次规划纲要）。",
        "The sixth plan was 1981-1985, each later one five years on.",
    ),
    bad: "“十四五”时期（2020—2025年）取得重大成就。",
    good: "“十四五”时期（2021—2025年）取得重大成就。",
    except: ("“六五”以前的不查。", "Plans before the sixth."),
};

static SESSION: Rule = Rule {
    code: "P573",
    name: "session-date",
    category: "fact",
    severity: Severity::Warning,
    what: ("会议与召开时间不符", "a meeting with the date of another"),
    why: ("召开时间以会议公报为准（出处见 data/facts.txt）。", "The dates are those of the communiqués."),
    bad: "2023年10月召开的党的二十大作出部署。",
    good: "2022年10月召开的党的二十大作出部署。",
    except: ("没有写“召开、举行”的不查。", "Where the text does not say that it was held."),
};

static LAW: Rule = Rule {
    code: "P574",
    name: "replaced-law",
    category: "fact",
    severity: Severity::Warning,
    what: ("引用了已被替代的法律", "a law that another replaced"),
    why: (
        "被替代的法律自新法施行之日起废止，不能再作依据（出处见 data/facts.txt）。",
        "From the day on which the new one came into force it is no ground.",
    ),
    bad: "根据《中华人民共和国合同法》，制定本办法。本办法自2023年5月1日起施行。",
    good: "根据《中华人民共和国民法典》，制定本办法。本办法自2023年5月1日起施行。",
    except: (
        "施行前的文件、写明“原”“废止”的不查；看不出日期的只作提示。",
        "Texts of before; where it is called former; a hint where the text has no date.",
    ),
};

static BODY: Rule = Rule {
    code: "P575",
    name: "renamed-body",
    category: "fact",
    severity: Severity::Hint,
    what: ("机构已经更名或职责已划转", "a body that was renamed or merged"),
    why: (
        "机构名称以国务院机构改革方案为准（出处见 data/facts.txt）。",
        "Names are those of the plans of reform of the State Council.",
    ),
    bad: "报环境保护部备案。本通知自2024年5月1日起执行。",
    good: "报生态环境部备案。本通知自2024年5月1日起执行。",
    except: (
        "改革前的文件、写明“原”的和书名号内的不查。",
        "Texts of before, where it is called former, titles.",
    ),
};

/// One fact.
struct Fact {
    kind: &'static str,
    name: &'static str,
    value: &'static str,
    day: (u32, u32),
    source: &'static str,
}

static FACTS: LazyLock<Vec<Fact>> = LazyLock::new(|| {
    let lines = include_str!("../data/facts.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(fact).collect()
});

fn fact(line: &'static str) -> Option<Fact> {
    let mut fields = line.split('|');
    let (kind, name, value) = (fields.next()?, fields.next()?, fields.next()?);
    let (year, month) = fields.next()?.split_once('-')?;
    let day = (year.parse().ok()?, month.parse().ok()?);
    Some(Fact { kind, name, value, day, source: fields.next()? })
}

fn of(kind: &'static str) -> impl Iterator<Item = &'static Fact> {
    FACTS.iter().filter(move |fact| fact.kind == kind)
}

/// The words one of which stands in whatever the rules here can find.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    let members = of("formula").flat_map(|fact| fact.value.split('、'));
    let names = FACTS.iter().filter(|fact| fact.kind != "formula").map(|fact| fact.name);
    members.chain(names).chain(["五”", "五（", "五时期", "五规划", "五计划"])
}

static PLANS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(十[一二三四五六七]|[六七八九十])五[”’]?(?:国民经济和社会发展)?(?:规划|计划|时期|期间)?（([0-9]{4})年?(—|-|－|–|至|～|~|——)([0-9]{4})年?）").ok()
});
static HELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([0-9]{4})年(?:([0-9]{1,2})月)?(?:[0-9]{1,2}日(?:至[0-9]{1,2}日)?)?，?(?:胜利|隆重)?(?:在北京)?(?:召开|举行)(?:的|了)?[^，。；0-9]{0,6}$").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    let mut year = None;
    for segment in document.segments.iter().filter(|segment| segment.awaits(Trigger::Fact)) {
        let year = *year.get_or_insert_with(|| own_year(document));
        let is_of_its_time = |fact: &&Fact| year.is_none_or(|year| year >= fact.day.0);
        of("formula").filter(is_of_its_time).for_each(|fact| formula(segment, fact, year.is_some(), sink));
        for found in PLANS.iter().flat_map(|plans| plans.captures_iter(&segment.text)) {
            plan(segment, &found, sink);
        }
        of("session").for_each(|fact| session(segment, fact, sink));
        of("law").for_each(|fact| law(segment, fact, year, sink));
        of("body").for_each(|fact| body(segment, fact, year, sink));
    }
}

/// The last year that the head or the end of the text names: its own.
fn own_year(document: &Document<'_>) -> Option<u32> {
    let count = document.segments.len();
    let ends = document.segments.iter().enumerate().filter(|(at, _)| *at < ENDS || at + ENDS >= count);
    ends.flat_map(|(_, segment)| {
        segment.text.match_indices('年').filter_map(|(at, _)| {
            let before = segment.text.get(..at)?;
            let digits = before.get(before.len().checked_sub(4)?..)?;
            digits.parse::<u32>().ok().filter(|year| (1949..=2100).contains(year))
        })
    })
    .max()
}

/// So many passages at either end tell the date of a text.
const ENDS: usize = 6;

/// The longest of the words that join members, in bytes.
const JOINT: usize = 6;

fn is_joint(text: &str) -> bool {
    matches!(text, "、" | "和" | "与" | "及" | "以及")
}

/// Items of an enumeration that are members of a formula, all but one of them or in
/// another order.
fn formula(segment: &Segment<'_>, fact: &Fact, is_dated: bool, sink: &mut Sink) {
    let members: Vec<&str> = fact.value.split('、').collect();
    if members.iter().filter(|member| segment.text.contains(**member)).count() < LEAST {
        return;
    }
    let mut run: Vec<(usize, Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < segment.text.len() {
        let rest = segment.after(at);
        let found = members.iter().position(|member| rest.starts_with(member));
        let joins = run.last().is_none_or(|(_, last)| is_joint(segment.slice(last.end..at)));
        match found {
            Some(member) if joins => {
                let end = at + members.get(member).map_or(0, |member| member.len());
                run.push((member, at..end));
                at = end;
            }
            _ => {
                let is_over = |last: &Range<usize>| at - last.end > JOINT || found.is_some();
                if run.last().is_some_and(|(_, last)| is_over(last)) {
                    judge(segment, (fact, is_dated), &members, &run, sink);
                    run.clear();
                    continue;
                }
                at += rest.chars().next().map_or(1, char::len_utf8);
            }
        }
    }
    judge(segment, (fact, is_dated), &members, &run, sink);
}

/// Fewer members are no enumeration of a formula.
const LEAST: usize = 3;

fn judge(
    segment: &Segment<'_>,
    (fact, is_dated): (&Fact, bool),
    members: &[&str],
    run: &[(usize, Range<usize>)],
    sink: &mut Sink,
) {
    let (Some((_, first)), Some((_, last))) = (run.first(), run.last()) else { return };
    let is_whole =
        run.len() == members.len() && run.iter().enumerate().all(|(at, (member, _))| at == *member);
    // The neighbours may be items of a longer enumeration, with other words between.
    let touches = segment.prev(first.start) == Some('、') || segment.next(last.end) == Some('、');
    if is_whole || touches || run.len() < LEAST.max(members.len() - 1) || run.len() > members.len() {
        return;
    }
    let range = first.start..last.end;
    let zh = format!("“{}”的各项依次为“{}”（{}）", fact.name, fact.value, fact.source);
    let hit =
        Hit::new(&FORMULA, segment, range, zh, format!("the members of {} are {}", fact.name, fact.value));
    // The first members in order may be what the formula was before.
    let is_start = run.iter().enumerate().all(|(at, (member, _))| at == *member);
    let severity = if is_start && !is_dated { Severity::Hint } else { Severity::Warning };
    sink.push(hit.severity(severity).review(fact.value));
}

fn plan(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(number), Some(from), Some(link), Some(until)) =
        (found.get(0), found.get(1), found.get(2), found.get(3), found.get(4))
    else {
        return;
    };
    let Some(number) = numerals::read(number.as_str()).filter(|number| (6..=20).contains(number)) else {
        return;
    };
    let start = 1981 + 5 * (number - 6);
    let right = (start.to_string(), (start + 4).to_string());
    if from.as_str() == right.0 && until.as_str() == right.1 {
        return;
    }
    let range = from.start()..until.end();
    let right = format!("{}{}{}", right.0, link.as_str(), right.1);
    let zh = format!("“{}”与年份不符，应为“{right}年”", whole.as_str());
    sink.push(Hit::new(&PLAN, segment, range, zh, format!("this plan is {right}")).review(right));
}

fn session(segment: &Segment<'_>, fact: &Fact, sink: &mut Sink) {
    for (at, name) in segment.text.match_indices(fact.name) {
        // 党的十八大 is no part of 十八大以来, and 二十大 none of 第二十大.
        let head = segment.just_before(at, 90);
        let Some(found) = HELD.as_ref().and_then(|held| held.captures(head)) else { continue };
        let (Some(year), month) = (found.get(1), found.get(2)) else { continue };
        let is_year = year.as_str().parse() == Ok(fact.day.0);
        let is_month = month.is_none_or(|month| month.as_str().parse() == Ok(fact.day.1));
        if is_year && is_month {
            continue;
        }
        let base = at - head.len();
        let end = month.map_or(year.end() + "年".len(), |month| month.end() + "月".len());
        let right = if month.is_some() {
            format!("{}年{}月", fact.day.0, fact.day.1)
        } else {
            format!("{}年", fact.day.0)
        };
        let zh = format!("“{name}”于{}年{}月召开（{}）", fact.day.0, fact.day.1, fact.source);
        let hit = Hit::new(
            &SESSION,
            segment,
            base + year.start()..base + end,
            zh,
            format!("it was held in {}-{}", fact.day.0, fact.day.1),
        );
        sink.push(hit.review(right));
    }
}

/// Whether a fact of a month concerns a text of a year, and how surely.
fn grade(fact: &Fact, year: Option<u32>) -> Option<Severity> {
    match year {
        Some(year) if year > fact.day.0 => Some(Severity::Warning),
        Some(_) => None,
        None => Some(Severity::Hint),
    }
}

fn law(segment: &Segment<'_>, fact: &Fact, year: Option<u32>, sink: &mut Sink) {
    let Some(severity) = grade(fact, year) else { return };
    for state in ["《中华人民共和国", "《"] {
        let title = format!("{state}{}》", fact.name);
        for (at, _) in segment.text.match_indices(&title) {
            let is_former = segment.just_after(at + title.len(), 90).contains("废止")
                || segment.before(at).ends_with('原');
            let before = segment.just_before(at, 36);
            let is_ground = ["根据", "依据", "依照", "按照", "违反", "适用", "、"]
                .iter()
                .any(|word| before.contains(word));
            if is_former || !is_ground {
                continue;
            }
            let name = at + state.len()..at + state.len() + fact.name.len();
            let zh = format!(
                "《{}》已由《{}》替代，自{}年{}月起废止（{}）",
                fact.name, fact.value, fact.day.0, fact.day.1, fact.source
            );
            let hit = Hit::new(&LAW, segment, name, zh, format!("replaced by 《{}》", fact.value));
            sink.push(hit.severity(severity).review(fact.value));
        }
    }
}

fn body(segment: &Segment<'_>, fact: &Fact, year: Option<u32>, sink: &mut Sink) {
    if grade(fact, year) != Some(Severity::Warning) {
        return;
    }
    for (at, name) in segment.text.match_indices(fact.name) {
        let end = at + name.len();
        let is_former = segment.before(at).ends_with(['原', '前']) || segment.is_quoted(at);
        let goes_on = segment.next(end).is_some_and(|c| is_han(c) && "令公".contains(c));
        if is_former || goes_on {
            continue;
        }
        let zh = format!("“{name}”自{}年{}月起为“{}”（{}）", fact.day.0, fact.day.1, fact.value, fact.source);
        let hit = Hit::new(&BODY, segment, at..end, zh, format!("now `{}`", fact.value));
        sink.push(hit.review(fact.value));
    }
}
