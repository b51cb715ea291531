//! Typing errors that no list holds, found by how characters follow each other.
//!
//! An input method offers words that sound alike; the wrong choice leaves two
//! characters side by side that form no word and hardly ever meet. Where a
//! sound-alike or look-alike character makes a common word with its neighbours
//! and the place far more likely, that was probably meant. Dictionary words are
//! never doubted, nor what the document itself says three times.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::document::{Document, Segment};
use crate::lists::Lists;
use crate::model::grams::Model;
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

use super::correction::{Candidate, FUNCTION, best_at, homophones};
use super::slip::{missing, swapped};

pub(crate) static FAMILY: Family =
    Family { rules: &[&LIKELY, &DOUBTFUL, &HOMOPHONE, &SWAPPED, &MISSING], check: Check::Lists(check) };

static LIKELY: Rule = Rule {
    code: "P531",
    name: "likely-typo",
    category: "wrong-word-open",
    severity: Severity::Warning,
    what: ("不成词的音近、形近错字", "a sound-alike or look-alike slip that forms no word"),
    why: (
        "输入法选错字常得到不成词的组合；按字的接续频率和词典判断，命中多为真错。",
        "The wrong choice of an input method; judged by frequency and dictionary.",
    ),
    bad: "当事人应当提交民视诉讼材料。",
    good: "当事人应当提交民事诉讼材料。",
    except: (
        "词典中的词、文中反复出现的词和书名不查。",
        "Dictionary words, words the text uses three times, titles.",
    ),
};

static DOUBTFUL: Rule = Rule {
    code: "P532",
    name: "doubtful-typo",
    category: "wrong-word-open",
    severity: Severity::Hint,
    what: ("可能的音近、形近错字", "a possible slip"),
    why: ("依据同上，把握较小，供校对人参考。", "As before, with less confidence."),
    bad: "中国科学院药勿研究所负责评审。",
    good: "中国科学院药物研究所负责评审。",
    except: ("同上。", "As before."),
};

static HOMOPHONE: Rule = Rule {
    code: "P533",
    name: "homophone-word",
    category: "contextual",
    severity: Severity::Hint,
    what: ("可能错成了另一个读音或字形相近的词", "possibly another word that sounds or looks alike"),
    why: (
        "输入法给出的同音词本身成词，只有放在上下文里才看得出；该词与前后字从未相接，而另一个词常见。",
        "The wrong word is a word: it has never been seen between these neighbours, and another often has.",
    ),
    bad: "行政机关应当依法旅行职责。",
    good: "行政机关应当依法履行职责。",
    except: ("文中反复出现的词、书名和引文不查。", "Words the text uses three times, titles and quotations."),
};

static SWAPPED: Rule = Rule {
    code: "P535",
    name: "swapped-characters",
    category: "wrong-word-open",
    severity: Severity::Warning,
    what: ("词中两字颠倒", "two characters of a word in the wrong order"),
    why: (
        "录入时前后两字易颠倒；写成的两字从未在此处相接，颠倒过来才是常用的词。",
        "Typed in the wrong order; as written they have never met here, the other way round often.",
    ),
    bad: "应当及时知通有关单位。",
    good: "应当及时通知有关单位。",
    except: (
        "词典中的词、文中反复出现的词和书名不查。",
        "Dictionary words, words the text uses three times, titles.",
    ),
};

static MISSING: Rule = Rule {
    code: "P536",
    name: "missing-character",
    category: "wrong-word-open",
    severity: Severity::Hint,
    what: ("疑似漏字", "a character seems to be missing"),
    why: (
        "漏字使一个字孤立而不成词；补上一字即为常用的词，且前后文均常见。",
        "One character is left alone; with one more it is a usual word in usual company.",
    ),
    bad: "由公安关依法给予处罚。",
    good: "由公安机关依法给予处罚。",
    except: (
        "词典中的词、文中反复出现的词和书名不查。",
        "Dictionary words, words the text uses three times, titles.",
    ),
};

/// From this gain on a find is reported: a warning where the word has been seen
/// between both neighbours.
const HINT: u32 = 14;
/// So much makes a warning in a short run: 公钥 and 防渍 stand in lists.
const SURE_IN_LIST: u32 = 34;
/// So much makes a hint where neither side has been seen.
const LONELY: u32 = 22;
/// So much makes a warning even where only one side has been seen.
const SURE: u32 = 40;

/// The least gain of a warning.
const FAIR: u32 = 30;
/// So much leaves no doubt, whatever the characters may mean elsewhere, even in a title.
const EVIDENT: u32 = 80;

/// Pairs up to this level are doubted where neither triple around them has been seen.
const RARE: u32 = 6;

/// A proposed correction.
struct Find {
    segment: usize,
    range: Range<usize>,
    wrong: String,
    right: String,
    rule: &'static Rule,
    severity: Severity,
    /// Doubted even in a quotation or where it stands twice.
    is_evident: bool,
}

fn check(document: &Document<'_>, lists: &Lists, sink: &mut Sink) {
    if !lists.has_statistics() {
        return;
    }
    let model = lists.model();
    let mut finds = Vec::new();
    for segment in &document.segments {
        runs(model, segment, &mut finds);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for find in &finds {
        *counts.entry(&find.wrong).or_default() += 1;
    }
    let said = occurrences(document, counts.keys().copied());
    for find in &finds {
        let Some(segment) = document.segments.get(find.segment) else { continue };
        // What the text says again and again is its own word.
        if counts.get(find.wrong.as_str()).is_some_and(|&count| count >= 3) {
            continue;
        }
        // Names and slogans are quoted: doubts about them are not worth a hint.
        if find.severity == Severity::Hint && segment.is_quoted(find.range.start) {
            continue;
        }
        let zh = format!("“{}”疑为“{}”", find.wrong, find.right);
        let en = format!("should `{}` be `{}`?", find.wrong, find.right);
        let is_quoted = segment.is_quoted(find.range.start);
        // What stands there a second time is no slip of the keys.
        let is_doubted = is_quoted || said.get(find.wrong.as_str()).is_some_and(|&count| count > 1);
        let severity = if is_doubted && !find.is_evident { Severity::Hint } else { find.severity };
        let hit = Hit::new(find.rule, segment, find.range.clone(), zh, en).severity(severity);
        sink.push(hit.review(find.right.as_str()));
    }
}

/// How often each of the forms stands in the document, whatever is around it.
fn occurrences<'f>(
    document: &Document<'_>,
    forms: impl Iterator<Item = &'f str>,
) -> BTreeMap<&'f str, usize> {
    let forms: Vec<&str> = forms.collect();
    let mut said = BTreeMap::new();
    let Some(automaton) = AhoCorasick::new(&forms).ok().filter(|_| !forms.is_empty()) else { return said };
    for segment in &document.segments {
        for found in automaton.find_iter(segment.text.as_ref()) {
            if let Some(form) = forms.get(found.pattern().as_usize()) {
                *said.entry(*form).or_default() += 1;
            }
        }
    }
    said
}

/// The shortest run of Han that is looked at.
const SHORTEST: usize = 2;
/// In runs shorter than this, names among them, both sides must fit.
const SHORT: usize = 4;

fn runs(model: &Model<'_>, segment: &Segment<'_>, finds: &mut Vec<Find>) {
    let mut run: Vec<(usize, char)> = Vec::new();
    for (at, c) in segment.text.char_indices().chain([(segment.text.len(), '\n')]) {
        if is_han(c) {
            run.push((at, c));
            continue;
        }
        if run.len() >= SHORTEST {
            scan(model, segment, &run, finds);
        }
        run.clear();
    }
}

fn scan(model: &Model<'_>, segment: &Segment<'_>, run: &[(usize, char)], finds: &mut Vec<Find>) {
    let chars: Vec<char> = run.iter().map(|&(_, c)| c).collect();
    let char_at = |at: usize| chars.get(at).copied().unwrap_or('\n');
    // The level of the triple that begins before each place.
    let triples: Vec<u32> = (0..chars.len())
        .map(|at| model.triple(if at == 0 { '\n' } else { char_at(at - 1) }, char_at(at), char_at(at + 1)))
        .collect();
    let mut at = 0;
    while at < chars.len() {
        let is_new = |at: usize| triples.get(at).is_some_and(|&level| level == 0);
        let is_stranger = is_new(at) && is_new(at + 1);
        let found = best_found(model, &chars, at, is_stranger);
        let Some((best, rule, severity)) = found else {
            at += 1;
            continue;
        };
        let end = best.start + best.written;
        // 100亿元: what counts a figure stands beside anything.
        let is_measure = best.start == 0
            && rule.code == HOMOPHONE.code
            && run.first().and_then(|&(from, _)| segment.prev(from)).is_some_and(|c| c.is_ascii_digit());
        if is_measure {
            at += 1;
            continue;
        }
        let (Some(&(from, _)), Some(&(last, c))) = (run.get(best.start), run.get(end - 1)) else { break };
        let range = from..last + c.len_utf8();
        let wrong = segment.slice(range.clone()).to_owned();
        let right = best.right.iter().collect();
        let is_evident = severity > Severity::Hint && rule.code == LIKELY.code && best.gain >= EVIDENT;
        finds.push(Find { segment: segment.index, range, wrong, right, rule, severity, is_evident });
        at = end.max(at + 1);
    }
}

/// What may be wrong at a place, the surest first.
fn best_found(model: &Model<'_>, chars: &[char], at: usize, is_stranger: bool) -> Option<Found> {
    let odd = odd_pair(model, chars, at, is_stranger);
    if !is_stranger || odd.as_ref().is_some_and(|(_, _, severity)| *severity > Severity::Hint) {
        return odd;
    }
    let swapped = || {
        let found = swapped(model, chars, at)?;
        // At an edge only one side tells: 天蓝、地绿的家园.
        let is_edge = at == 0 || at + 2 == chars.len();
        let least = if is_edge { OFTEN } else { FEW };
        let severity = if found.gain >= least { Severity::Warning } else { Severity::Hint };
        Some((found, &SWAPPED, severity))
    };
    // Slogans clip words: 促落实、优服务.
    let missing = || {
        let found = (chars.len() >= SHORT).then(|| missing(model, chars, at)).flatten();
        found.map(|found| (found, &MISSING, Severity::Hint))
    };
    let homophone = || homophone(model, chars, at);
    swapped().or_else(missing).or(odd).or_else(homophone)
}

type Found = (Candidate, &'static Rule, Severity);

/// Two neighbours that form no word and hardly ever meet, or not in this
/// company: 安派 is common in 公安派出所 and nowhere else.
fn odd_pair(model: &Model<'_>, chars: &[char], at: usize, is_stranger: bool) -> Option<Found> {
    let (&a, &b) = (chars.get(at)?, chars.get(at + 1)?);
    let level = model.pair(a, b);
    // 既 stands before any verb: 既可, 既管.
    if a == '既' {
        return None;
    }
    // What has been seen is doubted in strange company only, and not where a
    // function word stands beside anything.
    let is_function = FUNCTION.contains(a) || FUNCTION.contains(b);
    if level > 0 && (is_function || !is_stranger || level > RARE) {
        return None;
    }
    let is_open = |at: usize| chars.get(at).is_some_and(|&c| !is_free(c)) && !lexicon::is_covered(chars, at);
    let open = (is_open(at), is_open(at + 1));
    // Only the neighbourhood is copied and changed: a run may be long.
    let from = at.saturating_sub(REACH);
    let near = chars.get(from..(at + 2 + REACH).min(chars.len())).unwrap_or(&[]);
    let best =
        best_at(model, near, at - from, open).map(|best| Candidate { start: best.start + from, ..best });
    let fit = best.as_ref().map_or(0, |best| context(model, chars, best));
    if chars.len() < SHORT && fit < 2 {
        return None;
    }
    let Some(best) = best.filter(|best| best.gain >= if fit > 0 { HINT } else { LONELY }) else {
        return if level == 0 { known_slip(model, chars, at) } else { None };
    };
    let is_open = open != (false, false);
    let is_likely = is_open && (fit == 2 && best.gain >= FAIR || (best.gain >= SURE && fit == 1));
    let is_list_item = chars.len() < SHORT && best.gain < SURE_IN_LIST;
    let is_meant =
        is_list_item || is_own_word(chars, &best) || is_parallel(chars, &best) || is_name(chars, &best);
    let is_likely = is_likely && !is_meant || fit == 2 && best.gain >= EVIDENT;
    let (rule, severity) = if is_likely { (&LIKELY, Severity::Warning) } else { (&DOUBTFUL, Severity::Hint) };
    Some((best, rule, severity))
}

/// Whether a character that would be replaced stands again nearby: 好事办好、实事办实,
/// 上云用云, 产业兴省 after 科教兴省. What is said twice in a breath is meant.
fn is_parallel(chars: &[char], found: &Candidate) -> bool {
    let Some(written) = chars.get(found.start..found.start + found.written) else { return true };
    let from = found.start.saturating_sub(REACH);
    let end = found.start + found.written;
    let before = chars.get(from..found.start).unwrap_or(&[]);
    let after = chars.get(end..(end + REACH).min(chars.len())).unwrap_or(&[]);
    let replaced = written.iter().filter(|c| !found.right.contains(c));
    replaced.into_iter().any(|c| before.contains(c) || after.contains(c))
}

/// Whether the pair may be the name of a person: a surname at the beginning of a run or
/// after a post, and no word.
fn is_name(chars: &[char], found: &Candidate) -> bool {
    let before = found.start.checked_sub(1).and_then(|at| chars.get(at));
    let is_placed = before.is_none_or(|c| POSTS.contains(*c));
    is_placed && chars.get(found.start).is_some_and(|c| SURNAMES.contains(*c))
}

/// The last characters of posts and of words that stand before a name.
const POSTS: &str = "长员任记者家授士师手队人说席理民工生同志由和与经";
/// The commonest surnames that are no small words.
pub(super) const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// Whether what is written is a word, if a rare one, or begins or ends with a
/// small word that stands beside anything (仅有, 于己, 之责).
fn is_own_word(chars: &[char], found: &Candidate) -> bool {
    let Some(written) = chars.get(found.start..found.start + found.right.len()) else { return true };
    let is_light = |c: Option<&char>| c.is_some_and(|&c| LIGHT.contains(c));
    lexicon::word(written).is_some() || is_light(written.first()) || is_light(written.last())
}

/// Small words that stand beside anything, beyond [`FUNCTION`].
const LIGHT: &str = "提仅且之于未均须有无与及或但并则即若如凡因由以为本该各某乙丙丁";

/// A pair that has never been seen, where a character is written that belongs to
/// no word here and that people are known to confuse with that of a word.
fn known_slip(model: &Model<'_>, chars: &[char], at: usize) -> Option<Found> {
    let (&a, &b) = (chars.get(at)?, chars.get(at + 1)?);
    // A character that belongs to a word is not the wrong one.
    let open = |at: usize, c: char| {
        if lexicon::is_covered(chars, at) { [].iter() } else { lexicon::confused(c).iter() }
    };
    let firsts = open(at, a).map(|&first| [first, b]);
    let seconds = open(at + 1, b).map(|&second| [a, second]);
    let level = |word: &[char; 2]| if lexicon::is_common(word) { model.pair(word[0], word[1]) } else { 0 };
    let best = firsts.chain(seconds).max_by_key(level).filter(|word| level(word) >= SEEN_WORD)?;
    Some((
        Candidate { start: at, right: best.to_vec(), written: 2, gain: level(&best) },
        &DOUBTFUL,
        Severity::Hint,
    ))
}

/// The least level of both triples around a word that is offered instead of
/// another, within a run and beside an edge.
const SEEN: u32 = 2;
const SEEN_AT_EDGE: u32 = 4;
/// Up to this level a word is rare in official texts, and seldom met: seen 4 and
/// 256 times.
const RARELY: u32 = 3;
const SELDOM: u32 = 9;
/// Up to this level of both the company is not usual: seen four times.
const FEW: u32 = 3;
/// From this level of both on the company is usual: seen 32 times.
const OFTEN: u32 = 6;
/// The least level of the word that is offered.
const SEEN_WORD: u32 = 4;

/// A pair that has never been seen between these neighbours, where a word that
/// sounds or looks alike has.
fn homophone(model: &Model<'_>, chars: &[char], at: usize) -> Option<Found> {
    let (&a, &b) = (chars.get(at)?, chars.get(at + 1)?);
    let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or('\n');
    let after = chars.get(at + 2).copied().unwrap_or('\n');
    // 一件 and 一校 stand beside anything, and 五十 would.
    if FUNCTION.contains(a) || FUNCTION.contains(b) {
        return None;
    }
    // The text may part elsewhere: 同意外 is no 意外.
    if lexicon::is_common(&[before, a]) || lexicon::is_common(&[b, after]) || in_long_word(chars, at) {
        return None;
    }
    let is_edge = before == '\n' || after == '\n';
    let least = if is_edge { SEEN_AT_EDGE } else { SEEN };
    let mut best: Option<(u32, [char; 2])> = None;
    let mut offer = |first: char, second: char| {
        // The cheap tests first: most offers fall at the pair.
        if model.pair(first, second) < SEEN_WORD || FUNCTION.contains(first) && FUNCTION.contains(second) {
            return;
        }
        let left = model.triple(before, first, second);
        if left < least || best.is_some_and(|(most, _)| left <= most) {
            return;
        }
        let fits = left.min(model.triple(first, second, after));
        let is_better = fits >= least && best.is_none_or(|(most, _)| fits > most);
        if is_better && lexicon::is_common(&[first, second]) {
            best = Some((fits, [first, second]));
        }
    };
    near(a).for_each(|first| offer(first, b));
    near(b).filter(|&second| model.pair(second, after) > 0).for_each(|second| offer(a, second));
    let seconds: Vec<char> = homophones(b).filter(|&second| model.pair(second, after) >= SEEN).collect();
    if !seconds.is_empty() {
        for first in homophones(a).filter(|&first| model.pair(before, first) >= SEEN) {
            for &second in &seconds {
                offer(first, second);
            }
        }
    }
    let (fits, right) = best?;
    // Beside a small word anything may stand, and what is usual elsewhere is
    // doubted less: 行动和旅行的自由.
    let small = usize::from(FUNCTION.contains(before)) + usize::from(FUNCTION.contains(after));
    let written = model.pair(a, b);
    let is_likely = match (before == '\n', after == '\n') {
        (true, true) => false,
        (false, false) => match small {
            0 => fits > SEEN && (written <= RARELY || written <= SELDOM && fits > FEW),
            1 => written <= SELDOM && fits >= OFTEN,
            _ => false,
        },
        _ => small == 0 && fits >= OFTEN,
    };
    let severity = if is_likely { Severity::Warning } else { Severity::Hint };
    Some((Candidate { start: at, right: right.to_vec(), written: 2, gain: fits }, &HOMOPHONE, severity))
}

/// What may be meant by a character, apart from itself.
fn near(c: char) -> impl Iterator<Item = char> {
    homophones(c).chain(lexicon::shapes(c)).chain(lexicon::confused(c).iter().copied())
}

/// Whether a word of three or four characters holds the pair.
fn in_long_word(chars: &[char], at: usize) -> bool {
    [3, 4].into_iter().any(|length: usize| {
        ((at + 2).saturating_sub(length)..=at)
            .any(|start| chars.get(start..start + length).is_some_and(|word| lexicon::word(word).is_some()))
    })
}

/// On how many sides the corrected word has been seen beside its neighbour
/// here: a frequent word alone is no reason.
fn context(model: &Model<'_>, chars: &[char], found: &Candidate) -> usize {
    let end = found.start + found.right.len();
    let before = found.start.checked_sub(1).and_then(|at| chars.get(at)).copied().unwrap_or('\n');
    let after = chars.get(end).copied().unwrap_or('\n');
    let left = matches!(found.right.as_slice(), [a, b, ..] if model.triple(before, *a, *b) > 0);
    let right = matches!(found.right.as_slice(), [.., a, b] if model.triple(*a, *b, after) > 0);
    usize::from(left) + usize::from(right)
}

/// Whether the character often stands as a word of its own, beside anything.
pub(super) fn is_free(c: char) -> bool {
    FREE.contains(&c)
}

static FREE: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| include_str!("../data/free.txt").trim().chars().collect());

/// So far to each side words and triples reach.
const REACH: usize = 6;
