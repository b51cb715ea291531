//! Words typed twice around a small word (落实了落实), doubled suffixes (信息化化), and one
//! item twice in an enumeration.

use std::collections::BTreeSet;

use crate::document::{Document, Segment};
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family = Family { rules: &[&AROUND, &ITEM], check: Check::Segment(check) };

static AROUND: Rule = Rule {
    code: "P505",
    name: "repeat-around",
    category: "repeat",
    severity: Severity::Warning,
    what: (
        "隔着“了、和”等字重复的词：落实了落实；重复的词缀：信息化化",
        "a word typed twice around 了 or 和; a suffix typed twice",
    ),
    why: ("多由删改或粘贴造成，影响文意。", "Left over from editing."),
    bad: "各地要落实了落实各项措施。",
    good: "各地要落实各项措施。",
    except: ("“部门和部门之间”“人与人”等对举不查。", "Where two of a kind are meant, as in 部门和部门之间."),
};

static ITEM: Rule = Rule {
    code: "P506",
    name: "repeat-item",
    category: "repeat",
    severity: Severity::Warning,
    what: ("一处并列中同一项写了两遍：教育、医疗、教育", "one item twice in an enumeration"),
    why: (
        "并列各项应当不同；重复的一项多为误写或粘贴。",
        "Items of an enumeration differ; a second time is a slip.",
    ),
    bad: "涉及就业、教育、医疗、教育、养老等领域。",
    good: "涉及就业、教育、医疗、住房、养老等领域。",
    except: ("单字、数字和表示重复的并列不查。", "Single characters, figures."),
};

/// Small words around which a word is typed twice by mistake, with the grade.
const BETWEEN: [(char, Severity); 5] = [
    ('了', Severity::Warning),
    ('和', Severity::Warning),
    ('及', Severity::Hint),
    ('与', Severity::Hint),
    ('并', Severity::Warning),
];
/// Suffixes that are never doubled.
const SUFFIXES: &str = "化性者们率";

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if segment.has.repeat {
        let run: Vec<(usize, char)> = segment.text.char_indices().collect();
        for at in 0..run.len() {
            around(segment, &run, at, sink);
            suffix(segment, &run, at, sink);
        }
    }
    if segment.marks.iter().filter(|(_, c)| *c == '、').count() > 1 {
        items(segment, sink);
    }
}

/// 落实了落实 at `at`.
fn around(segment: &Segment<'_>, run: &[(usize, char)], at: usize, sink: &mut Sink) {
    let char_at = |at: usize| run.get(at).map(|&(_, c)| c);
    let (Some(a), Some(b), Some(small)) = (char_at(at), char_at(at + 1), char_at(at + 2)) else { return };
    let Some(&(_, severity)) = BETWEEN.iter().find(|(c, _)| *c == small) else { return };
    if char_at(at + 3) != Some(a) || char_at(at + 4) != Some(b) || a == b || !lexicon::is_common(&[a, b]) {
        return;
    }
    let (before, after) = (at.checked_sub(1).and_then(char_at), char_at(at + 5));
    // 部门和部门之间, 民族和民族|地区: two of a kind, or the second belongs to what follows.
    let is_bound = if small == '了' {
        after == Some('又')
    } else {
        after.is_some_and(is_han) || before.is_some_and(|c| "各个有某种项一两".contains(c))
    };
    let is_quoted = segment.is_quoted(run.get(at).map_or(0, |&(start, _)| start));
    let (Some(&(start, _)), Some(&(last, c))) = (run.get(at), run.get(at + 4)) else { return };
    if is_bound || is_quoted {
        return;
    }
    let range = start..last + c.len_utf8();
    let right: String = [a, b].into_iter().collect();
    let zh = format!("“{}”疑为“{right}”写了两遍", segment.slice(range.clone()));
    let hit = Hit::new(&AROUND, segment, range, zh, format!("`{right}` is typed twice"));
    sink.push(hit.severity(severity).review(right));
}

/// 信息化化 at the second character of the suffix.
fn suffix(segment: &Segment<'_>, run: &[(usize, char)], at: usize, sink: &mut Sink) {
    let char_at = |at: usize| run.get(at).map(|&(_, c)| c);
    let Some(c) = char_at(at).filter(|c| SUFFIXES.contains(*c)) else { return };
    if char_at(at + 1) != Some(c) || at < 2 {
        return;
    }
    let word: Vec<char> = run.get(at - 2..=at).unwrap_or(&[]).iter().map(|&(_, c)| c).collect();
    // 公益性|性质, 两性|性别: the second begins a word.
    let begins = char_at(at + 2).is_some_and(|next| is_han(next) && lexicon::word(&[c, next]).is_some());
    let is_word = lexicon::word(&word).is_some() || word.get(..2).is_some_and(lexicon::is_common);
    let (Some(&(start, _)), Some(&(last, _))) = (run.get(at - 2), run.get(at + 1)) else { return };
    if begins || !is_word {
        return;
    }
    let range = start..last + c.len_utf8();
    let right: String = word.iter().collect();
    let zh = format!("“{c}”重复：“{}”应为“{right}”", segment.slice(range.clone()));
    let hit = Hit::new(&AROUND, segment, range, zh, format!("`{c}` is typed twice"));
    sink.push(hit.review(right));
}

/// What stands in an item of one word.
fn is_item(c: char) -> bool {
    is_han(c) && !"某等和及或与的本各该其".contains(c)
}

/// An item between two enumeration commas that stands there a second time.
fn items(segment: &Segment<'_>, sink: &mut Sink) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut start: Option<usize> = None;
    for &(at, c) in &segment.marks {
        if c != '、' {
            if !matches!(c, '（' | '）') && !c.is_ascii_alphanumeric() {
                seen.clear();
            }
            start = None;
            continue;
        }
        if let Some(from) = start {
            let item = segment.slice(from..at);
            let is_plain = (2..=4).contains(&item.chars().count()) && item.chars().all(is_item);
            if !is_plain {
                // 运输以及动物产品生产: another enumeration begins.
                seen.clear();
            } else if !seen.insert(item) && !segment.is_quoted(from) {
                let zh = format!("“{item}”在同一处并列中写了两遍");
                let hit = Hit::new(&ITEM, segment, from..at, zh, format!("`{item}` is listed twice"));
                sink.push(hit);
            }
        }
        start = Some(at + c.len_utf8());
    }
}
