//! Quotations and citations against the texts they are attributed to.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment};
use crate::lists::Lists;
use crate::references::{Reference, number_of};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::Message;
use jiedu_base::text::numerals;

pub(crate) static FAMILY: Family =
    Family { rules: &[&MISQUOTED, &ARTICLE, &MISSING, &REPEALED], check: Check::Lists(check) };

static MISQUOTED: Rule = Rule {
    code: "P561",
    name: "misquotation",
    category: "quotation",
    severity: Severity::Error,
    what: ("引文与原文不一致", "a quotation that differs from its source"),
    why: (
        "引用法律、文件应当与原文一字不差（GB/T 15834—2011 第 4.8 条：引号标示直接引用的话）；错引会误导适用。",
        "Quotation marks are for the very words (GB/T 15834-2011, 4.8); a wrong one misleads.",
    ),
    bad: "（与 --references 所给的《样例办法》第三条不同）《样例办法》第三条规定：“申请人应当提交真事、完整的材料。”",
    good: "《样例办法》第三条规定：“申请人应当提交真实、完整的材料。”",
    except: (
        "没有给出原文的文件不查；省略号断开的引文分段核对；标点不同不报。",
        "Documents whose text was not given; parts joined by an ellipsis one by one; marks.",
    ),
};

static ARTICLE: Rule = Rule {
    code: "P562",
    name: "wrong-article",
    category: "quotation",
    severity: Severity::Error,
    what: ("引文不在所说的那一条", "a quotation that stands in another article"),
    why: (
        "条文号是查找和适用的依据；《党政机关公文处理工作条例》第十九条要求引文准确。",
        "Readers look the article up; the Regulation on official documents, art. 19, asks for exact citation.",
    ),
    bad: "（原文在第三条）《样例办法》第五条规定：“申请人应当提交真实、完整的材料。”",
    good: "《样例办法》第三条规定：“申请人应当提交真实、完整的材料。”",
    except: ("没有给出原文的文件不查。", "Documents whose text was not given."),
};

static MISSING: Rule = Rule {
    code: "P563",
    name: "no-such-article",
    category: "quotation",
    severity: Severity::Error,
    what: ("引用的条文不存在", "a cited article that does not exist"),
    why: (
        "《党政机关公文处理工作条例》第十九条：引文准确；不存在的条文无从适用。",
        "Regulation on official documents, art. 19; nobody can apply an article that does not exist.",
    ),
    bad: "（原文共三十条）依照《样例办法》第九十条办理。",
    good: "依照《样例办法》第九条办理。",
    except: (
        "没有给出原文的文件、没有分条的文件不查。",
        "Documents whose text was not given or that have no articles.",
    ),
};

static REPEALED: Rule = Rule {
    code: "P564",
    name: "repealed-source",
    category: "quotation",
    severity: Severity::Warning,
    what: ("引用的文件已经失效", "a cited document that is no longer in force"),
    why: (
        "失效的文件不能再作依据；确需提到的，写明已经废止。",
        "What is no longer in force is no ground; say so where it must be named.",
    ),
    bad: "（原文写明失效日期）依照《样例办法》办理。",
    good: "依照现行的《样例条例》办理。",
    except: ("写明“废止、失效、原”的不查。", "Where the text says so."),
};

static CITED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"《([^《》]{2,60}(?:〈[^〈〉]{1,60}〉[^《》]{0,20})?)》(?:（[^（）]{0,40}）)?(?:第([〇零一二三四五六七八九十百千0-9]{1,9})条(之[一二三四五六七八九十]+)?)?(?:第[〇零一二三四五六七八九十0-9]{1,3}款)?(?:第?（?[一二三四五六七八九十0-9]{1,3}）?项)?([^《》“”。；]{0,16}“[^“”]{4,800}”)?").ok()
});
static BEHIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"“([^“”]{6,800})”[（(—]{1,3}《([^《》]{2,60})》(?:第([〇零一二三四五六七八九十百千0-9]{1,9})条(之[一二三四五六七八九十]+)?)?").ok()
});

fn check(document: &Document<'_>, lists: &Lists, sink: &mut Sink) {
    let Some(references) = lists.references() else { return };
    for segment in document.segments.iter().filter(|segment| segment.has.title) {
        for found in CITED.iter().flat_map(|pattern| pattern.captures_iter(&segment.text)) {
            let Some(source) = found.get(1).and_then(|title| references.find(title.as_str())) else {
                continue;
            };
            if source.file.path() != document.file.path() {
                cited(segment, &found, source, sink);
            }
        }
        for found in BEHIND.iter().flat_map(|pattern| pattern.captures_iter(&segment.text)) {
            let (Some(quote), Some(title)) = (found.get(1), found.get(2)) else { continue };
            let Some(source) = references.find(title.as_str()) else { continue };
            let article = found.get(3).map(|number| (number, found.get(4)));
            if source.file.path() != document.file.path() {
                quoted(segment, quote.range(), article, source, sink);
            }
        }
    }
}

type Number<'t> = (regex::Match<'t>, Option<regex::Match<'t>>);

fn cited(segment: &Segment<'_>, found: &Captures<'_>, source: &Reference, sink: &mut Sink) {
    let Some(title) = found.get(1) else { return };
    repealed(segment, title.range(), source, sink);
    let article: Option<Number<'_>> = found.get(2).map(|number| (number, found.get(3)));
    if let Some((number, inserted)) = article
        && source.articles().next().is_some()
        && source.article(&key(number, inserted)).is_none()
    {
        let last = source.articles().last().unwrap_or("");
        let range =
            number.start() - "第".len()..inserted.map_or(number.end() + "条".len(), |part| part.end());
        let zh = format!("《{}》没有“{}”，最后一条是第{last}条", source.title, segment.slice(range.clone()));
        let hit = Hit::new(
            &MISSING,
            segment,
            range,
            zh,
            format!("《{}》 has no such article; its last is {last}", source.title),
        );
        sink.push(hit);
    }
    if let Some(tail) = found.get(4) {
        let open = tail.as_str().find('“').map_or(tail.start(), |at| tail.start() + at + '“'.len_utf8());
        quoted(segment, open..tail.end() - '”'.len_utf8(), article, source, sink);
    }
}

fn key(number: regex::Match<'_>, inserted: Option<regex::Match<'_>>) -> String {
    number_of(number.as_str(), inserted.map_or("", |part| part.as_str()))
}

fn repealed(segment: &Segment<'_>, title: Range<usize>, source: &Reference, sink: &mut Sink) {
    let Some(day) = &source.repealed else { return };
    let near = format!("{}{}", segment.just_before(title.start, 24), segment.just_after(title.end, 60));
    if ["废止", "失效", "原《", "修订前", "终止"].iter().any(|word| near.contains(word)) {
        return;
    }
    let since = if day.is_empty() { String::new() } else { format!("（{day}起）") };
    let zh = format!("《{}》已经失效{since}", source.title);
    let hit =
        Hit::new(&REPEALED, segment, title, zh, format!("《{}》 is no longer in force {day}", source.title));
    sink.push(hit);
}

/// Compares a quotation, part by part between ellipses.
fn quoted(
    segment: &Segment<'_>,
    quote: Range<usize>,
    article: Option<Number<'_>>,
    source: &Reference,
    sink: &mut Sink,
) {
    let text = segment.slice(quote.clone());
    let mut start = 0;
    for part in text.split("……") {
        let at = quote.start + start;
        start += part.len() + "……".len();
        let letters: Vec<(char, usize)> = part
            .char_indices()
            .filter(|(_, c)| c.is_alphanumeric())
            .map(|(offset, c)| (c, at + offset))
            .collect();
        if letters.len() >= SHORTEST {
            compared(segment, &letters, article, source, sink);
        }
    }
}

/// A shorter quotation is a term.
const SHORTEST: usize = 6;

fn compared(
    segment: &Segment<'_>,
    quote: &[(char, usize)],
    article: Option<Number<'_>>,
    source: &Reference,
    sink: &mut Sink,
) {
    if let Some(at) = exact(quote, &source.letters) {
        let Some((number, inserted)) = article else { return };
        let wanted = key(number, inserted);
        let holds = source.article(&wanted).is_none_or(|own| exact(quote, own).is_some());
        let Some(right) = source.article_at(at).filter(|right| !holds && *right != wanted) else { return };
        let right = written(number.as_str(), right);
        let zh = format!("这段引文在《{}》第{right}条，不在第{}条", source.title, number.as_str());
        let en = format!("this stands in article {right} of 《{}》", source.title);
        sink.push(Hit::new(&ARTICLE, segment, number.range(), zh, en).review(right));
        return;
    }
    let Some(found) = nearest(quote, &source.letters) else { return };
    let (Some(&(_, start)), Some(&(last, at))) = (quote.first(), quote.last()) else { return };
    let (first, until) = found;
    let original = source.words(first, until);
    let own = segment.slice(start..at + last.len_utf8());
    let (range, right) = difference(own, &original, start);
    let article = source.article_at(first).map(|number| format!("第{number}条")).unwrap_or_default();
    let zh = format!("引文与《{}》{article}原文不一致，原文为“{original}”", source.title);
    let en = format!("the quotation differs from 《{}》 {article}: `{original}`", source.title);
    let note = Message::new("原文", "the original");
    sink.push_with(Hit::new(&MISQUOTED, segment, range, zh, en).review(right), |finding| {
        finding.label(&source.file, source.range(first, until), note)
    });
}

/// The number in the figures in which the text writes it.
fn written(like: &str, number: &str) -> String {
    let is_arabic = like.starts_with(|c: char| c.is_ascii_digit());
    match number.parse::<u32>() {
        Ok(value) if !is_arabic => numerals::write(value),
        _ => number.to_owned(),
    }
}

/// Where the letters of a quotation stand in a text, word for word.
fn exact(quote: &[(char, usize)], text: &[(char, usize)]) -> Option<usize> {
    text.windows(quote.len()).position(|part| part.iter().zip(quote).all(|(a, b)| a.0 == b.0))
}

/// The passage that is most like a quotation: first and last letter. `None` where
/// nothing is alike enough to be meant.
fn nearest(quote: &[(char, usize)], text: &[(char, usize)]) -> Option<(usize, usize)> {
    let center = vote(quote, text)?;
    let slack = quote.len() / 3 + 4;
    let from = center.saturating_sub(slack);
    let window = text.get(from..(center + quote.len() + slack).min(text.len()))?;
    let width = window.len() + 1;
    // Edit distance of the whole quotation to any part of the window.
    let mut costs = vec![0_usize; width * (quote.len() + 1)];
    let at = |row: usize, column: usize| row * width + column;
    for row in 1..=quote.len() {
        costs[at(row, 0)] = row;
        for column in 1..width {
            let is_same = quote.get(row - 1).map(|l| l.0) == window.get(column - 1).map(|l| l.0);
            let swap = costs[at(row - 1, column - 1)] + usize::from(!is_same);
            costs[at(row, column)] =
                swap.min(costs[at(row - 1, column)] + 1).min(costs[at(row, column - 1)] + 1);
        }
    }
    let (end, cost) =
        (1..width).map(|column| (column, costs[at(quote.len(), column)])).min_by_key(|&(_, cost)| cost)?;
    if cost * 3 > quote.len() {
        return None;
    }
    let (mut row, mut column) = (quote.len(), end);
    while row > 0 && column > 0 {
        let here = costs[at(row, column)];
        let is_same = quote.get(row - 1).map(|l| l.0) == window.get(column - 1).map(|l| l.0);
        if here == costs[at(row - 1, column - 1)] + usize::from(!is_same) {
            (row, column) = (row - 1, column - 1);
        } else if here == costs[at(row - 1, column)] + 1 {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    (column < end).then_some((from + column, from + end - 1))
}

/// Where a quotation would begin, by the places of its triples in the text.
fn vote(quote: &[(char, usize)], text: &[(char, usize)]) -> Option<usize> {
    let mut places: std::collections::BTreeMap<[char; 3], Vec<usize>> = std::collections::BTreeMap::new();
    for (at, part) in quote.windows(3).enumerate() {
        if let [a, b, c] = part {
            places.entry([a.0, b.0, c.0]).or_default().push(at);
        }
    }
    let mut votes: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for (at, part) in text.windows(3).enumerate() {
        let [a, b, c] = part else { continue };
        for &offset in places.get(&[a.0, b.0, c.0]).into_iter().flatten().take(4) {
            *votes.entry(at.saturating_sub(offset) / 4).or_default() += 1;
        }
    }
    votes
        .into_iter()
        .max_by_key(|&(place, count)| (count, std::cmp::Reverse(place)))
        .map(|(place, _)| place * 4)
}

/// The part in which two texts differ, in the coordinates of the first, and what stands
/// there in the second.
fn difference(own: &str, original: &str, start: usize) -> (Range<usize>, String) {
    let lead: usize =
        own.chars().zip(original.chars()).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum();
    let (a, b) = (own.get(lead..).unwrap_or(""), original.get(lead..).unwrap_or(""));
    let tail: usize =
        a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(c, _)| c.len_utf8()).sum();
    let end = (own.len() - tail).max(lead);
    let right = b.get(..b.len() - tail).unwrap_or("");
    if lead < end {
        return (start + lead..start + end, right.to_owned());
    }
    // What is left out shows at the character before it.
    let before = own.get(..lead).and_then(|text| text.chars().next_back());
    let width = before.map_or(0, char::len_utf8);
    (start + lead - width..start + end, before.into_iter().chain(right.chars()).collect())
}
