//! Typing errors that no list holds, found by how characters follow each other.
//!
//! An input method offers words that sound alike; the wrong choice leaves characters side
//! by side that hardly ever meet. Where a sound-alike or look-alike character makes the
//! place far more likely (see `channel`), that was probably meant. What the document
//! itself says again, what stands in quotation marks and the names of persons, firms and
//! places are left alone; a warning needs evidence on every side.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::document::{Document, Segment};
use crate::lists::Lists;
use crate::model::grams::Model;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

use super::channel::{Channel, HINT, Proposal, SURE};
use super::correction::FUNCTION;
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
    bad: "本条丽由市人民政府负责解释。",
    good: "本条例由市人民政府负责解释。",
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
    bad: "依法追究刑事则人。",
    good: "依法追究刑事责任。",
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

/// A proposed correction.
struct Find {
    segment: usize,
    range: Range<usize>,
    right: String,
    rule: &'static Rule,
    severity: Severity,
    /// The characters with their neighbour: what the text says again is its own word.
    shown: [String; 2],
    gain: f64,
}

fn check(document: &Document<'_>, lists: &Lists, sink: &mut Sink) {
    if !lists.has_statistics() {
        return;
    }
    let model = lists.model();
    let mut finds = Vec::new();
    let mut text = Text::default();
    for segment in document.segments.iter().filter(|segment| segment.has.han) {
        text.read(segment);
        scan(model, segment, &text, &mut finds);
    }
    let said = occurrences(document, finds.iter().flat_map(|find| &find.shown).map(String::as_str));
    let is_said = |form: &String| said.get(form.as_str()).is_some_and(|&count| count > 1);
    for find in &finds {
        let Some(segment) = document.segments.get(find.segment) else { continue };
        let is_quoted = segment.is_quoted(find.range.start);
        let is_evident = find.gain >= EVIDENT && find.severity > Severity::Hint;
        // Names, slogans and titles are quoted; what stands there again is no slip.
        if is_quoted && !is_evident || find.shown.iter().any(is_said) {
            continue;
        }
        let wrong = segment.slice(find.range.clone());
        let (lead, tail) =
            (near(segment.before(find.range.start), true), near(segment.after(find.range.end), false));
        let zh = format!("“{lead}{wrong}{tail}”中的“{wrong}”疑为“{}”", find.right);
        let en = format!("should `{wrong}` be `{}`?", find.right);
        let severity = if is_quoted { Severity::Hint } else { find.severity };
        let hit = Hit::new(find.rule, segment, find.range.clone(), zh, en).severity(severity);
        sink.push(hit.review(find.right.as_str()));
    }
}

/// Up to two characters of the run beside a place, so that a reader sees where it is.
fn near(text: &str, is_before: bool) -> String {
    let kept = |chars: &mut dyn Iterator<Item = char>| {
        chars.take(2).take_while(|&c| is_han(c)).collect::<Vec<char>>()
    };
    if is_before {
        kept(&mut text.chars().rev()).into_iter().rev().collect()
    } else {
        kept(&mut text.chars()).into_iter().collect()
    }
}

/// How often each of the forms stands in the document, whatever is around it.
fn occurrences<'f>(
    document: &Document<'_>,
    forms: impl Iterator<Item = &'f str>,
) -> BTreeMap<&'f str, usize> {
    let forms: BTreeSet<&str> = forms.filter(|form| !form.is_empty()).collect();
    let forms: Vec<&str> = forms.into_iter().collect();
    let mut said = BTreeMap::new();
    let Some(automaton) = AhoCorasick::new(&forms).ok().filter(|_| !forms.is_empty()) else { return said };
    for segment in &document.segments {
        for found in automaton.find_overlapping_iter(segment.text.as_ref()) {
            if let Some(form) = forms.get(found.pattern().as_usize()) {
                *said.entry(*form).or_default() += 1;
            }
        }
    }
    said
}

/// A segment as the model sees it; room that is used again for every segment.
#[derive(Default)]
struct Text {
    /// Han characters; anything else is the edge.
    chars: Vec<char>,
    places: Vec<usize>,
}

impl Text {
    fn read(&mut self, segment: &Segment<'_>) {
        self.chars.clear();
        self.places.clear();
        for (at, c) in segment.text.char_indices() {
            self.chars.push(if is_han(c) { c } else { '\n' });
            self.places.push(at);
        }
        self.places.push(segment.text.len());
    }
}

fn scan(model: &Model<'_>, segment: &Segment<'_>, text: &Text, finds: &mut Vec<Find>) {
    let channel = Channel::new(model, &text.chars);
    let mut at = 0;
    while at < text.chars.len() {
        if text.chars.get(at) == Some(&'\n') || !channel.is_doubtful(at, 1) {
            at += 1;
            continue;
        }
        let Some(found) = best_found(model, &channel, &text.chars, at) else {
            at += 1;
            continue;
        };
        let end = found.start + found.written;
        let (Some(&from), Some(&until)) = (text.places.get(found.start), text.places.get(end)) else { break };
        let piece = |range: Range<usize>| text.chars.get(range).map(|chars| chars.iter().collect::<String>());
        let is_text = |form: &String| form.chars().all(is_han);
        let shown = [found.start.saturating_sub(1)..end, found.start..end + 1];
        finds.push(Find {
            segment: segment.index,
            range: from..until,
            right: found.right.iter().collect(),
            rule: found.rule,
            severity: found.severity,
            shown: shown.map(|range| piece(range).filter(is_text).unwrap_or_default()),
            gain: found.gain,
        });
        at = end.max(at + 1);
    }
}

/// What may be wrong at a place.
struct Found {
    start: usize,
    written: usize,
    right: Vec<char>,
    rule: &'static Rule,
    severity: Severity,
    gain: f64,
}

/// The likeliest slip at a place: one character, a word of two, two changed round, one
/// left out.
fn best_found(model: &Model<'_>, channel: &Channel<'_, '_>, chars: &[char], at: usize) -> Option<Found> {
    let one = channel.one(at).filter(|found| found.gain >= HINT + lightness(chars, at));
    let two = channel.is_doubtful(at, 2).then(|| channel.two(at)).flatten();
    let two = two.filter(|found| found.gain >= HINT + TWO_MORE);
    let single = match (one, two) {
        (Some(one), Some(two)) if two.gain > one.gain => Some((two, &HOMOPHONE)),
        (Some(one), _) => Some((one, &LIKELY)),
        (None, two) => two.map(|two| (two, &HOMOPHONE)),
    };
    if let Some((found, rule)) = single {
        return substituted(chars, at, found, rule);
    }
    let turned = swapped(model, chars, at).map(|found| (found, &SWAPPED));
    let (found, rule) = turned.or_else(|| missing(model, chars, at).map(|found| (found, &MISSING)))?;
    let gain = channel.judged(found.start, found.written, &found.right);
    let is_sure = rule.code == SWAPPED.code && gain >= SURE && found.gain >= USUAL;
    (gain >= SLIP).then_some(Found {
        start: found.start,
        written: found.written,
        right: found.right,
        rule,
        severity: if is_sure { Severity::Warning } else { Severity::Hint },
        gain,
    })
}

/// How much more a proposal must gain where a small word is written, which stands beside
/// anything, and where only one side tells.
fn lightness(chars: &[char], at: usize) -> f64 {
    let is_edge = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_none_or(|&c| c == '\n');
    let is_small = chars.get(at).is_some_and(|&c| FUNCTION.contains(c));
    let is_open = is_edge(at.checked_sub(1)) || is_edge(Some(at + 1));
    LIGHT * f64::from(u8::from(is_small) + u8::from(is_open))
}

/// What a small word or an open side costs.
const LIGHT: f64 = 2.0;

/// A proposal for what is written, graded by its evidence.
fn substituted(chars: &[char], at: usize, found: Proposal, rule: &'static Rule) -> Option<Found> {
    let written = found.right.len();
    // 番禺|区: the name of a place is in no dictionary.
    let is_place = written == 2 && chars.get(at + written).is_some_and(|&c| PLACES.contains(c));
    let is_named = is_place || is_name(chars, at) || is_in_name(chars, at + written);
    if is_named && !found.is_attested {
        return None;
    }
    let is_sure = found.is_attested && found.gain >= SURE + 2.0 * lightness(chars, at);
    let is_likely = is_sure && !is_named && (written == 1 || found.gain >= SURE_OF_TWO);
    let severity = if is_likely { Severity::Warning } else { Severity::Hint };
    let rule = if rule.code == LIKELY.code && !is_likely { &DOUBTFUL } else { rule };
    Some(Found { start: at, written, right: found.right, rule, severity, gain: found.gain })
}

/// A word of two characters must gain so much more than one character.
const TWO_MORE: f64 = 5.0;
/// From this gain on a word of two is a warning.
const SURE_OF_TWO: f64 = 24.0;
/// From this gain on even a quotation is doubted.
const EVIDENT: f64 = 20.0;
/// From this gain on a swap or a lost character is a hint.
const SLIP: f64 = 15.0;
/// The least level of both triples around a swapped word that is a warning: seen 128 times.
const USUAL: u32 = 8;

/// Whether the place may be in the name of a person: a surname at the beginning of a run or
/// after a post.
fn is_name(chars: &[char], at: usize) -> bool {
    (at.saturating_sub(2)..=at).any(|start| {
        let is_surname = chars.get(start).is_some_and(|c| SURNAMES.contains(*c));
        let before = start.checked_sub(1).and_then(|at| chars.get(at));
        is_surname && before.is_none_or(|&c| c == '\n' || POSTS.contains(c))
    })
}

/// Whether the name of a firm, a place, a road or a school ends shortly after the place.
fn is_in_name(chars: &[char], end: usize) -> bool {
    (end..end + 4).any(|from| {
        NAMES.iter().any(|name| name.chars().enumerate().all(|(at, c)| chars.get(from + at) == Some(&c)))
    })
}

/// What follows the name of a place.
const PLACES: &str = "区市州县旗盟镇乡村";

/// How names end.
const NAMES: [&str; 34] = [
    "公司", "集团", "铁路", "高铁", "高速", "中学", "小学", "大学", "学院", "医院", "街道", "机场", "大桥",
    "水库", "电站", "同志", "先生", "女士", "县", "镇", "乡", "村", "寺", "山", "湖", "江", "河", "路", "岛",
    "港", "峡", "洲", "湾", "桥",
];

/// The last characters of posts and of words that stand before a name.
const POSTS: &str = "长员任记者家授士师手队人说席理民工生同志由和与经";
/// The commonest surnames that are no small words.
pub(super) const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// Whether the character often stands as a word of its own, beside anything.
pub(super) fn is_free(c: char) -> bool {
    FREE.contains(&c)
}

static FREE: LazyLock<BTreeSet<char>> =
    LazyLock::new(|| include_str!("../data/free.txt").trim().chars().collect());
