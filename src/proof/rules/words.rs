//! Wrong words: a curated list, one automaton over all of it.

use std::ops::Range;
use std::sync::LazyLock;

use crate::document::{Document, Segment};
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family =
    Family { rules: &[&WRONG, &VARIANT, &CONFUSED], check: Check::Segment(check) };

pub(crate) static WRONG: Rule = Rule {
    code: "P521",
    name: "wrong-word",
    category: "wrong-word",
    severity: Severity::Error,
    what: ("常见错别字", "a common wrong character"),
    why: (
        "《国家通用语言文字法》第九条：国家机关以规范汉字为公务用字；错别字是网站检查的扣分项。",
        "National Common Language Law, art. 9: organs of state use standard characters.",
    ),
    bad: "加强督促捡查。",
    good: "加强督促检查。",
    except: (
        "两个词相接而成的（先予审议）不查；引文和书名中的只作提示。",
        "Where two words meet; in quotations and titles it is a hint.",
    ),
};

static VARIANT: Rule = Rule {
    code: "P522",
    name: "word-variant",
    category: "wrong-word",
    severity: Severity::Hint,
    what: ("非推荐词形或须看语境的词", "a form that is not preferred, or that depends on context"),
    why: (
        "《第一批异形词整理表》推荐一种词形；公文宜用推荐词形，旧文件引文除外。",
        "The table of variant forms recommends one; official texts should use it.",
    ),
    bad: "设立专门帐户。",
    good: "设立专门账户。",
    except: ("引用旧法律、旧文件的原文保留。", "Quotations of old texts."),
};

pub(super) static CONFUSED: Rule = Rule {
    code: "P524",
    name: "confused-word",
    category: "contextual",
    severity: Severity::Warning,
    what: ("易混词用错了搭配", "a word confused with its like in this company"),
    why: (
        "截止与截至、权利与权力、必须与必需各有分工；法律文件的用词见全国人大常委会法工委《立法技术规范（试行）》。",
        "Such words divide the work between them; for legal texts see the NPC's Rules on Legislative Technique.",
    ),
    bad: "报名截至日期另行通知。",
    good: "报名截止日期另行通知。",
    except: (
        "只列错用明显的搭配；引文和书名中的只作提示。",
        "Only company in which the word is plainly wrong; in quotations and titles a hint.",
    ),
};

/// One entry of the list.
struct Entry {
    rule: &'static Rule,
    wrong: &'static str,
    right: &'static str,
    severity: Severity,
    /// Phrases inside which the form is right.
    guards: Vec<&'static str>,
}

static LIST: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = include_str!("../data/words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).filter_map(entry).collect()
});

/// The wrong forms in the order of the list. They are found with the
/// [triggers](crate::triggers).
pub(crate) fn forms() -> impl Iterator<Item = &'static str> {
    LIST.iter().map(|entry| entry.wrong)
}

/// Reads `wrong=right-guard-guard`, with a mark of its grade before it.
fn entry(text: &'static str) -> Option<Entry> {
    let (rule, severity, text) = match text.chars().next()? {
        '?' => (&VARIANT, Severity::Hint, text.get(1..)?),
        '~' => (&WRONG, Severity::Warning, text.get(1..)?),
        '+' => (&WRONG, Severity::Error, text.get(1..)?),
        '!' => (&CONFUSED, Severity::Warning, text.get(1..)?),
        '*' => (&CONFUSED, Severity::Hint, text.get(1..)?),
        _ => (&WRONG, Severity::Error, text),
    };
    let (wrong, rest) = text.split_once('=')?;
    let mut parts = rest.split('-');
    let right = parts.next()?;
    Some(Entry { rule, wrong, right, severity, guards: parts.collect() })
}

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let mut end = 0;
    for &(start, form) in &segment.met().listed {
        let Some(entry) = LIST.get(form).filter(|_| start >= end) else { continue };
        let range = start..start + entry.wrong.len();
        end = range.end;
        if is_guarded(segment, &range, entry) || crosses_words(segment, &range, &changed(entry)) {
            continue;
        }
        let Entry { wrong, right, .. } = entry;
        let is_hint = entry.severity == Severity::Hint;
        let (zh, en) = if is_hint {
            (format!("“{wrong}”宜作“{right}”"), format!("`{wrong}`: `{right}` is preferred"))
        } else {
            (format!("“{wrong}”应为“{right}”"), format!("`{wrong}` should be `{right}`"))
        };
        let severity = if segment.in_title(range.start) { Severity::Hint } else { entry.severity };
        sink.push(Hit::new(entry.rule, segment, range, zh, en).severity(severity).review(*right));
    }
}

/// Which characters of the wrong form differ from the right one.
fn changed(entry: &Entry) -> Vec<bool> {
    let right: Vec<char> = entry.right.chars().collect();
    let is_same_length = entry.wrong.chars().count() == right.len();
    entry.wrong.chars().enumerate().map(|(at, c)| !is_same_length || right.get(at) != Some(&c)).collect()
}

/// Whether the list has exactly these characters as a wrong form.
pub(super) fn is_listed(chars: &[char]) -> bool {
    let text: String = chars.iter().collect();
    LIST.iter().any(|entry| entry.wrong == text)
}

fn is_guarded(segment: &Segment<'_>, range: &Range<usize>, entry: &Entry) -> bool {
    entry.guards.iter().any(|guard| {
        guard.match_indices(entry.wrong).any(|(at, _)| {
            range.start.checked_sub(at).is_some_and(|start| segment.after(start).starts_with(guard))
        })
    })
}

/// Whether the form is only the seam of other words (先予|审议, 天然|气): a word
/// in common use reaches over one of its ends and takes one of the `changed`
/// characters with it. In 瞻|养老 it takes none: 瞻养 stays wrong.
fn crosses_words(segment: &Segment<'_>, range: &Range<usize>, changed: &[bool]) -> bool {
    let wrong: Vec<char> = segment.slice(range.clone()).chars().collect();
    if wrong.len() > 3 {
        return false;
    }
    let before: Vec<char> =
        segment.before(range.start).chars().rev().take(2).take_while(|&c| is_han(c)).collect();
    let after: Vec<char> = segment.after(range.end).chars().take(2).take_while(|&c| is_han(c)).collect();
    let lead = before.len();
    let window: Vec<char> = before.into_iter().rev().chain(wrong.iter().copied()).chain(after).collect();
    let tail = lead + wrong.len();
    let takes = |range: Range<usize>| {
        let is_changed =
            |at: usize| at.checked_sub(lead).and_then(|at| changed.get(at)).is_some_and(|&is| is);
        range.clone().any(is_changed) && window.get(range).is_some_and(lexicon::is_common)
    };
    let ends_inside = (0..lead).any(|start| (lead + 1..=tail).any(|end| takes(start..end)));
    let starts_inside = (lead..tail).any(|start| (tail + 1..=window.len()).any(|end| takes(start..end)));
    ends_inside || starts_inside || is_seam(&window, lead, wrong.len())
}

/// Whether two words, rare ones among them, meet inside the form: 摊销|费用; or a
/// small word follows the first: 相符|和.
fn is_seam(window: &[char], lead: usize, length: usize) -> bool {
    (lead + 1..lead + length).any(|seam| {
        let is_word =
            |range: Range<usize>| window.get(range).is_some_and(|word| lexicon::word(word).is_some());
        let ends = (0..lead).any(|from| is_word(from..seam));
        let begins = (lead + length + 1..=window.len()).any(|to| is_word(seam..to));
        let is_small =
            seam + 1 == lead + length && window.get(seam).is_some_and(|c| "和与已在的".contains(*c));
        ends && (begins || is_small)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::grams::Model;

    /// How often a form occurs in the texts the statistics were made from: the
    /// level of its rarest part.
    fn level(form: &str) -> u32 {
        let chars: Vec<char> = form.chars().collect();
        let model = Model::builtin();
        let parts = chars.windows(3).map(|part| match part {
            [a, b, c] => model.triple(*a, *b, *c),
            _ => 0,
        });
        match chars.as_slice() {
            [a, b] => model.pair(*a, *b),
            _ => parts.min().unwrap_or(0),
        }
    }

    /// The gate: an entry that counts as an alarm and that eleven million
    /// characters of real regulations hold often needs phrases in which it is
    /// right, or goes. What is seen a few times may be the faults themselves.
    #[test]
    fn no_entry_alarms_on_real_regulations() {
        let suspects: Vec<&str> = LIST
            .iter()
            .filter(|entry| entry.severity > Severity::Hint && entry.guards.is_empty())
            .filter(|entry| level(entry.wrong) >= SUSPICIOUS && !SEAMS.contains(&entry.wrong))
            .filter(|entry| !LOOKED_UP.contains(&entry.wrong))
            .map(|entry| entry.wrong)
            .collect();
        assert_eq!(suspects, [""; 0], "give these a context or drop them");
    }

    /// 由其 for 尤其 looks safe and stands in 由其所在单位 a thousand times over; 的
    /// is as common as can be.
    #[test]
    fn the_gate_closes_before_poisonous_entries() {
        for poison in ["由其", "有关部门", "构通"] {
            assert!(level(poison) >= SUSPICIOUS, "{poison}");
        }
        assert!(level("帮佣阁") < SUSPICIOUS);
    }

    /// What the list calls wrong is no word of the dictionary: else it would guard
    /// itself. When this fails, make the tables anew (tests/tables).
    #[test]
    fn wrong_forms_are_no_words() {
        let words: Vec<&str> = LIST
            .iter()
            .filter(|entry| entry.rule.code == WRONG.code && entry.severity > Severity::Hint)
            .map(|entry| entry.wrong)
            .filter(|wrong| lexicon::word(&wrong.chars().collect::<Vec<char>>()).is_some())
            .collect();
        assert_eq!(words, [""; 0]);
    }

    /// Seen sixteen times.
    const SUSPICIOUS: u32 = 5;
    /// Long names of which every three characters are common, and which the corpus
    /// holds once at most, as a fault.
    const LOOKED_UP: &[&str] = &[
        "中国人民共和国",
        "习近平新时代中国特色社会主义理论",
        "全国人民代表会议",
        "中华人民共和国行政处罚条例",
        "中华人民共和国城乡规划条例",
        "中华人民共和国食品安全条例",
    ];
    /// Met where two words join (机构|通过, 规定|立即), which the guard for seams
    /// leaves alone.
    const SEAMS: &[&str] = &["构通", "定立", "合做", "工做"];

    #[test]
    fn entries_are_read_and_change_something() {
        assert!(LIST.len() > 2_000, "{}", LIST.len());
        for entry in LIST.iter() {
            assert_ne!(entry.wrong, entry.right);
            assert!(!entry.guards.contains(&entry.wrong), "{} never counts", entry.wrong);
        }
    }
}
