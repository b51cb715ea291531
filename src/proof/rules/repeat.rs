//! Characters, words, clauses and sentences typed twice.

use crate::document::{Document, Segment};
use crate::model::grams::BUILTIN as MODEL;
use crate::model::lexicon;
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;
use jiedu_base::text::numerals;

use super::width::shorten;

pub(crate) static FAMILY: Family =
    Family { rules: &[&PARTICLE, &WORD, &CLAUSE], check: Check::Segment(check) };

pub(crate) static TEXTS: Family = Family { rules: &[&PARAGRAPH], check: Check::Document(paragraphs) };

static PARTICLE: Rule = Rule {
    code: "P501",
    name: "repeat-character",
    category: "repeat",
    severity: Severity::Warning,
    what: ("虚词重复：的的、和和", "a function word typed twice"),
    why: ("多由删改或粘贴造成，影响文意。", "Left over from editing."),
    bad: "新选聘的的企业办理交接手续。",
    good: "新选聘的企业办理交接手续。",
    except: ("“目的的”“在在线”等不同词语相接的不查。", "Where two words meet, as in 目的的."),
};

static WORD: Rule = Rule {
    code: "P502",
    name: "repeat-word",
    category: "repeat",
    severity: Severity::Warning,
    what: ("词语重复：组织组织", "a word typed twice"),
    why: ("多由删改或粘贴造成。", "Left over from editing."),
    bad: "每三年组织组织一次评估。",
    good: "每三年组织一次评估。",
    except: ("“一个一个”“逐户逐户”等重叠不查。", "Reduplication that is meant."),
};

static CLAUSE: Rule = Rule {
    code: "P503",
    name: "repeat-clause",
    category: "repeat",
    severity: Severity::Warning,
    what: ("分句、句子连着写了两遍", "a clause or sentence typed twice in a row"),
    why: ("多由粘贴造成。", "Usually pasted twice."),
    bad: "坚持系统推进，发挥群众主体作用，发挥群众主体作用，形成长效机制。",
    good: "坚持系统推进，发挥群众主体作用，形成长效机制。",
    except: ("不相邻的重复和短语不查。", "Repeats that are not adjacent, short ones."),
};

static PARAGRAPH: Rule = Rule {
    code: "P504",
    name: "repeat-paragraph",
    category: "repeat",
    severity: Severity::Warning,
    what: ("整段写了两遍", "a paragraph that stands in the text twice in a row"),
    why: (
        "多由粘贴造成；引用时读者不知以哪一处为准。",
        "Usually pasted twice; readers cannot tell which one holds.",
    ),
    bad: "各单位要加强领导，压实责任，按时完成各项任务。\n\n各单位要加强领导，压实责任，按时完成各项任务。",
    good: "各单位要加强领导，压实责任，按时完成各项任务。",
    except: (
        "表格和不足12字的段落不查；不相邻的、各在一个标题下的不查。",
        "Tables, short paragraphs, and repeats that are not neighbours.",
    ),
};

/// A shorter paragraph may well be meant twice, in characters.
const SHORT: usize = 12;

/// A paragraph that the one directly before it says word for word, number aside.
fn paragraphs(document: &Document<'_>, sink: &mut Sink) {
    let label = |text: &str| {
        text.trim_start_matches(|c: char| {
            c.is_ascii_digit()
                || numerals::is_numeral(c)
                || matches!(c, '（' | '）' | '(' | ')' | '.' | '．' | '、' | ' ' | '\u{3000}')
        })
        .trim_end()
        .to_owned()
    };
    let mut before = String::new();
    for segment in document.flow().filter(|segment| segment.has.han) {
        let text = segment.text.trim();
        let bare = if segment.is_heading() { String::new() } else { label(text) };
        let is_sentence = bare.contains(['，', '。', '；']) && bare.chars().count() >= SHORT;
        if is_sentence && before == bare {
            let start = segment.text.find(text).unwrap_or(0);
            let zh = format!("这一段与上一段重复：“{}”", shorten(text));
            let range = start..start + text.len();
            sink.push(Hit::new(&PARAGRAPH, segment, range, zh, "this paragraph repeats the one before"));
        }
        before = bare;
    }
}

/// A function word that may be typed twice, with the characters that may rightly
/// stand before the pair (目的的) and after it (在在线).
const PARTICLES: [(char, &str, &str); 25] = [
    ('的', "目标有众", "确士话当"),
    ('了', "罢", "解结却断"),
    ('和', "共调温缓中平饱祥谐随柔人", "平谐睦解气蔼县田风硕服美龙林静顺悦合数政"),
    ('与', "参给赋授", "会时众否"),
    ('及', "以涉普危波顾", "时格早第其至"),
    ('或', "", "有然许"),
    ('在', "存现实内潜所外正旨", "线校职岗建册编产读押途逃场野世位任案库网乎地华京外身于读室先前座家学"),
    ('是', "就凡于但可求", "否非"),
    ('为', "行作成认以因人", "了民何止期人此主"),
    ('对', "针反相绝核比校应", "外方象策口接于待手应照比抗等话称立付"),
    ('由', "自理事", "于此来"),
    ('被', "棉", "告申害保征执诉处审监检调查选拆收侵继委代批强动"),
    ('将', "即", "来要军近士领"),
    ('向', "方导面去意取走流动倾定", "上下前后外内导往"),
    ('从', "服", "业事而严未来此前轻重属众中宽优快速紧"),
    ('于', "对由关基至处属用位限等低高大小终善便勇敢", "是此"),
    ('并', "合兼吞归", "处且购联轨网入行列发举存"),
    ('但', "不非", "是书凡"),
    ('则', "原规准守细否", ""),
    ('其', "尤极与", "他它中余实次间"),
    ('应', "适响供相对反顺效感呼", "当急用对届邀付变收聘试诉纳税"),
    ('以', "可所足难予加得", "下上内外及来前后往免便"),
    ('之', "总", ""),
    ('把', "", "关握手柄守"),
    ('且', "而并尚", ""),
];

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if segment.has.repeat {
        let text: Vec<(usize, char)> = segment.text.char_indices().collect();
        words(segment, &text, sink);
    }
    clauses(segment, sink);
}

/// Walks over runs of Han characters.
fn words(segment: &Segment<'_>, text: &[(usize, char)], sink: &mut Sink) {
    let mut start = 0;
    while start < text.len() {
        let run = text.get(start..).unwrap_or(&[]);
        let length = run.iter().take_while(|(_, c)| is_han(*c)).count();
        let run = run.get(..length).unwrap_or(&[]);
        let mut at = 0;
        while at + 1 < run.len() {
            let step = particle(segment, run, at, sink)
                .or_else(|| character(segment, run, at, sink))
                .or_else(|| word(segment, run, at, sink));
            at += step.unwrap_or(1);
        }
        start += length.max(1);
    }
}

/// A doubled function word at `at`; how far to go on.
fn particle(segment: &Segment<'_>, run: &[(usize, char)], at: usize, sink: &mut Sink) -> Option<usize> {
    let &(start, c) = run.get(at)?;
    let &(second, again) = run.get(at + 1)?;
    if c != again {
        return None;
    }
    let (_, before, after) = PARTICLES.iter().find(|(particle, ..)| *particle == c)?;
    let prev = at.checked_sub(1).and_then(|prev| run.get(prev)).map(|&(_, c)| c);
    let next = run.get(at + 2).map(|&(_, c)| c);
    let is_triple = next == Some(c);
    if prev.is_some_and(|c| before.contains(c))
        || next.is_some_and(|c| after.contains(c))
        || (is_triple && c != '的')
    {
        return Some(2);
    }
    let end = second + c.len_utf8();
    let zh = format!("“{c}”重复");
    let hit = Hit::new(&PARTICLE, segment, start..end, zh, format!("`{c}` is typed twice"));
    // The particle 的 twice is never meant; others may belong to a name.
    sink.push(if c == '的' { hit.safe(c) } else { hit.review(c) });
    Some(2)
}

/// Another small word doubled at `at`, where no words meet in between
/// (重要|要求) and the pair is no word itself (各各 is none, 层层 is).
fn character(segment: &Segment<'_>, run: &[(usize, char)], at: usize, sink: &mut Sink) -> Option<usize> {
    let &(start, c) = run.get(at)?;
    let &(second, again) = run.get(at + 1)?;
    if c != again || numerals::is_numeral(c) || !(SMALL.contains(c) || is_typed_twice(run, at, c)) {
        return None;
    }
    let near: Vec<char> =
        run.get(at.saturating_sub(3)..(at + 5).min(run.len()))?.iter().map(|&(_, c)| c).collect();
    let place = at.min(3);
    let pair = [c, c];
    let evidence = single(run, at, c);
    let is_doubled = |at: usize| matches!((near.get(at), near.get(at + 1)), (Some(a), Some(b)) if a == b);
    let is_plural =
        is_doubled(place + 2) || is_doubled(place + 1) || place.checked_sub(2).is_some_and(is_doubled);
    let ends =
        (0..place).any(|from| near.get(from..=place).is_some_and(|word| lexicon::word(word).is_some()));
    let starts = (place + 2..near.len())
        .any(|to| near.get(place + 1..=to).is_some_and(|word| lexicon::word(word).is_some()));
    let covered = (0..=place).any(|from| {
        (place + 1..near.len())
            .any(|to| near.get(from..=to).is_some_and(|word| lexicon::word(word).is_some()))
    });
    let is_word = lexicon::word(&pair).is_some() || covered;
    // 一张张, 一枚枚.
    let is_each = at.checked_sub(1).and_then(|at| run.get(at)).is_some_and(|&(_, c)| c == '一');
    if is_plural || is_each || is_word && evidence < COMMON || ends && starts && evidence < EVIDENT {
        return None;
    }
    let zh = format!("“{c}”重复");
    let hit = Hit::new(&PARTICLE, segment, start..second + c.len_utf8(), zh, format!("`{c}` is typed twice"));
    sink.push(hit.review(c));
    Some(2)
}

/// Whether a character never stands twice in a row in official texts, and once
/// is usual between these neighbours: 三十日内内 is, the names 李丽丽 and 滴滴 are not.
fn is_typed_twice(run: &[(usize, char)], at: usize, c: char) -> bool {
    let single = single(run, at, c);
    single >= COMMON
        || MODEL.pair(c, c) == 0
            && (single > 0 || !BODIES.contains(c) && ends_word(run, at) && !starts_word(run, at + 1))
}

/// Last characters of bodies and places that their heads and matters begin with:
/// 宣传部部务会议, 加利福尼亚州州长.
const BODIES: &str = "部厅司局委院州镇县区省市乡村科处室会所站校";

/// Whether a common word of two or three characters ends at the place.
fn ends_word(run: &[(usize, char)], at: usize) -> bool {
    (1..=2).any(|reach| at.checked_sub(reach).is_some_and(|from| is_common(run, from, at + 1)))
}

/// Whether one begins there.
fn starts_word(run: &[(usize, char)], at: usize) -> bool {
    (2..=3).any(|length| is_common(run, at, at + length))
}

fn is_common(run: &[(usize, char)], from: usize, to: usize) -> bool {
    let word: Option<Vec<char>> = run.get(from..to).map(|word| word.iter().map(|&(_, c)| c).collect());
    word.is_some_and(|word| lexicon::is_common(&word))
}

/// How usual the character is once between these neighbours, where twice has never
/// been seen beside either.
fn single(run: &[(usize, char)], at: usize, c: char) -> u32 {
    let char_at = |at: Option<usize>| at.and_then(|at| run.get(at)).map_or('\n', |&(_, c)| c);
    let (before, after) = (char_at(at.checked_sub(1)), char_at(Some(at + 2)));
    let is_seam = MODEL.triple(before, c, c) > 0 || MODEL.triple(c, c, after) > 0;
    if is_seam { 0 } else { MODEL.triple(before, c, after) }
}

/// From this level on a character that stands once between its neighbours is doubted
/// twice even where two words meet (人民民法院): seen 64 times.
const EVIDENT: u32 = 7;

/// The level from which on a triple is among the most common: seen 256 times.
const COMMON: u32 = 9;

/// Small words that never stand twice in a row. Nouns do: 全市|市政.
const SMALL: &str = "要不各也都已再到给使让就才请按因如若每该此这那很更最没";

/// A word of two to six characters typed twice at `at`.
fn word(segment: &Segment<'_>, run: &[(usize, char)], at: usize, sink: &mut Sink) -> Option<usize> {
    // Most positions fail at the first comparison.
    for length in 2..=8.min((run.len() - at) / 2) {
        let (first, second) = (run.get(at..at + length)?, run.get(at + length..at + 2 * length)?);
        if !first.iter().zip(second).all(|(a, b)| a.1 == b.1) {
            continue;
        }
        let chars: Vec<char> = first.iter().map(|&(_, c)| c).collect();
        // 等级|分级|分类 repeats 级分, which is no word.
        if !is_words(&chars) {
            continue;
        }
        let word: String = chars.into_iter().collect();
        if is_meant(
            &word,
            run.get(at + 2 * length).map(|&(_, c)| c),
            at.checked_sub(1).and_then(|at| run.get(at)).map(|&(_, c)| c),
        ) {
            return Some(2 * length);
        }
        if joins_next(run, at + length, length) {
            return Some(2 * length);
        }
        let start = first.first()?.0;
        let &(last, c) = second.last()?;
        let zh = format!("“{word}”重复");
        let hit =
            Hit::new(&WORD, segment, start..last + c.len_utf8(), zh, format!("`{word}` is typed twice"));
        sink.push(hit.review(word));
        return Some(2 * length);
    }
    None
}

/// Whether the second of two equal words begins a longer one with what follows
/// (出版|出版物, 代表|代表团), or ends in the middle of one (申请人|申请|人民法院).
fn joins_next(run: &[(usize, char)], second: usize, length: usize) -> bool {
    let end = second + length;
    (second..end).any(|from| {
        (end + 1..=(end + 3).min(run.len())).any(|to| {
            let chars: Option<Vec<char>> =
                run.get(from..to).map(|word| word.iter().map(|&(_, c)| c).collect());
            chars.is_some_and(|chars| lexicon::is_common(&chars))
        })
    })
}

/// Whether the characters are a word, or two or three words side by side.
fn is_words(chars: &[char]) -> bool {
    if lexicon::word(chars).is_some() {
        return true;
    }
    chars.len() >= 4
        && (2..=chars.len() - 2).any(|at| {
            let (first, rest) = chars.split_at(at);
            lexicon::word(first).is_some() && is_words(rest)
        })
}

/// Reduplication that is meant, or two words that happen to meet.
fn is_meant(word: &str, next: Option<char>, prev: Option<char>) -> bool {
    let first = word.chars().next().unwrap_or(' ');
    let is_short = word.chars().count() == 2;
    if word.chars().all(numerals::is_numeral) || word.chars().all(|c| c == first) {
        return true;
    }
    let starts = ['一', '逐', '很', '某', '每', '几', '半'];
    let words = [
        "非常", "研究", "讨论", "商量", "考虑", "休息", "分级", "分类", "等等", "试试", "种种", "点点",
        "哈哈",
    ];
    if starts.contains(&first) || words.contains(&word) {
        return true;
    }
    // 公司公司法, 合同合同法, 会议会议纪要, 北京北京大学: the second begins a name.
    let names = ["公司", "合同", "会议", "保险", "证券", "行政", "海关", "土地", "选举", "国家"];
    // 有关规定|规定的事项, 上一年度|年度报告, 集装箱|装箱检查, 经济组织|组织开展.
    let nouns = [
        ("规定", "本关该", "的"),
        ("年度", "一本", "报"),
        ("装箱", "集", "现检作"),
        ("组织", "济业", "开实召利协"),
        ("部门", "理", "颁规"),
        ("设计", "图", "专"),
    ];
    let is_of = |(noun, before, after): (&str, &str, &str)| {
        noun == word && prev.is_some_and(|c| before.contains(c)) && next.is_some_and(|c| after.contains(c))
    };
    if nouns.into_iter().any(is_of) {
        return true;
    }
    (is_short && names.contains(&word) && next.is_some_and(|c| "法纪室证监强复处管权".contains(c)))
        || prev == Some('·')
}

/// The shortest clause and sentence whose repeat is a fault, in characters.
const SHORTEST: usize = 5;

fn clauses(segment: &Segment<'_>, sink: &mut Sink) {
    repeated(segment, &['，', '；', '。', '！', '？', '：'], sink);
    repeated(segment, &['。', '！', '？'], sink);
}

/// Adjacent parts between marks that say the same.
fn repeated(segment: &Segment<'_>, marks: &[char], sink: &mut Sink) {
    let is_sentences = marks.len() == 3;
    let mut last: Option<(usize, usize, char)> = None;
    let mut start = 0;
    for &(at, mark) in segment.marks.iter().filter(|(_, c)| marks.contains(c)) {
        let part = segment.slice(start..at);
        if let Some((from, to, before)) = last
            && part == segment.slice(from..to)
            && part.chars().count() >= SHORTEST
            && (!is_sentences || part.contains('，'))
        {
            // One of the two goes, with the mark that joined them.
            let (range, kept) = if is_sentences || before == '。' {
                (start..at + mark.len_utf8(), String::new())
            } else {
                (from..at, part.to_owned())
            };
            let zh = format!("“{}”连着写了两遍", shorten(part));
            let hit = Hit::new(&CLAUSE, segment, range, zh, format!("`{}` is typed twice", shorten(part)));
            sink.push(hit.review(kept));
        }
        last = Some((start, at, mark));
        start = at + mark.len_utf8();
    }
}
