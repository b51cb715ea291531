//! Half-width marks in Chinese text, full-width digits and letters.

use crate::document::{Document, Segment, is_cjk_mark};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family =
    Family { rules: &[&MARK, &BRACKET, &ALNUM, &SIGN], check: Check::Segment(check) };

static MARK: Rule = Rule {
    code: "P101",
    name: "half-width-mark",
    category: "width",
    severity: Severity::Error,
    what: ("中文之间的半角标点 , . : ; ? !", "half-width , . : ; ? ! in Chinese text"),
    why: (
        "GB/T 15834—2011 规定中文标点占一个字位置；半角标点多为输入法切换失误。",
        "GB/T 15834-2011 gives Chinese marks a full square; half-width ones are slips of the input method.",
    ),
    bad: "加强监管,抓好落实.",
    good: "加强监管，抓好落实。",
    except: (
        "数字之间（1,000、3.5、9:00）、外文之间、网址和代码中的不查。",
        "Between digits and foreign words, in addresses and code.",
    ),
};

static BRACKET: Rule = Rule {
    code: "P102",
    name: "half-width-bracket",
    category: "width",
    severity: Severity::Warning,
    what: ("括住中文的半角括号", "half-width brackets around Chinese text"),
    why: (
        "GB/T 15834—2011 第 4.9 条：中文用全角括号（）。",
        "GB/T 15834-2011, 4.9: Chinese text takes full-width brackets.",
    ),
    bad: "具体(计算)办法另行制定。",
    good: "具体（计算）办法另行制定。",
    except: ("括号内外都没有汉字的不查。", "Brackets with no Han inside or before them."),
};

static ALNUM: Rule = Rule {
    code: "P103",
    name: "full-width-alnum",
    category: "width",
    severity: Severity::Warning,
    what: ("全角数字和字母", "full-width digits and letters"),
    why: (
        "GB/T 15835—2011 要求阿拉伯数字用半角；全角数字无法检索和计算。",
        "GB/T 15835-2011 wants half-width digits; full-width ones cannot be searched or added up.",
    ),
    bad: "每１０年开展一次。",
    good: "每10年开展一次。",
    except: ("无。", "None."),
};

static SIGN: Rule = Rule {
    code: "P104",
    name: "sign-width",
    category: "width",
    severity: Severity::Hint,
    what: ("全角百分号，数字之间的半角波浪线", "full-width percent sign, half-width tilde between figures"),
    why: (
        "GB/T 15835—2011 第 5.1.3 条：范围用 ～ 或 —；百分号通常用半角 %，全文应当一致。",
        "GB/T 15835-2011, 5.1.3: ranges take ～ or —; the percent sign is usually half-width.",
    ),
    bad: "增长６％左右，约20~30元。",
    good: "增长6%左右，约20～30元。",
    except: ("旧文件引文可保留原样。", "Old texts that are quoted."),
};

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if segment.has.ascii_mark {
        half_marks(segment, sink);
        half_brackets(segment, sink);
    }
    if segment.has.wide {
        wide_runs(segment, sink);
    }
    if segment.has.percent || segment.has.ascii_mark {
        signs(segment, sink);
    }
}

fn is_chinese(c: char) -> bool {
    is_han(c) || is_cjk_mark(c)
}

fn half_marks(segment: &Segment<'_>, sink: &mut Sink) {
    for &(at, mark) in &segment.marks {
        let Some(full) = full_width(mark) else { continue };
        let (prev, next) = (segment.prev(at), segment.next(at + 1));
        let follows = prev.is_some_and(is_chinese);
        let precedes = next.is_some_and(is_han)
            && prev.is_some_and(|c| c.is_ascii_alphanumeric() || c == '%' || c == ')');
        let is_wrong = match mark {
            '.' => {
                follows
                    && !is_dotted(segment, at)
                    && next.is_none_or(|c| is_chinese(c) || c == '\n' || c == ' ')
            }
            ':' => (follows || precedes) && next != Some('/'),
            _ => follows || precedes,
        };
        if !is_wrong || is_label_dot(segment, at, mark) {
            continue;
        }
        let context = format!("{}{mark}", prev.map(String::from).unwrap_or_default());
        let hit = Hit::new(
            &MARK,
            segment,
            at..at + 1,
            format!("中文后用了半角标点“{context}”，应为“{full}”"),
            format!("half-width `{mark}` in Chinese text, use `{full}`"),
        );
        sink.push(hit.safe(full));
    }
}

fn full_width(mark: char) -> Option<&'static str> {
    Some(match mark {
        ',' => "，",
        ';' => "；",
        ':' => "：",
        '?' => "？",
        '!' => "！",
        '.' => "。",
        _ => return None,
    })
}

/// Whether the dot is one of several; they are the ellipsis' business.
fn is_dotted(segment: &Segment<'_>, at: usize) -> bool {
    segment.prev(at) == Some('.') || segment.next(at + 1) == Some('.')
}

/// Whether the mark ends a label (`一.`), which the ordinals rule judges.
fn is_label_dot(segment: &Segment<'_>, at: usize, mark: char) -> bool {
    let before = segment.before(at);
    matches!(mark, '.' | ',')
        && at > 0
        && at <= 9
        && before.chars().all(jiedu_base::text::numerals::is_numeral)
}

fn half_brackets(segment: &Segment<'_>, sink: &mut Sink) {
    let mut open: Vec<usize> = Vec::new();
    for &(at, mark) in &segment.marks {
        match mark {
            '(' => open.push(at),
            '（' | '）' => open.clear(),
            ')' => {
                let Some(start) = open.pop() else { continue };
                let inner = segment.slice(start + 1..at);
                let is_label = start == 0
                    && inner.bytes().all(|b| b.is_ascii_digit())
                    && segment.next(at + 1).is_some_and(is_han);
                if !inner.contains(is_han) && !segment.prev(start).is_some_and(is_han) && !is_label {
                    continue;
                }
                let hit = Hit::new(
                    &BRACKET,
                    segment,
                    start..at + 1,
                    format!("中文用了半角括号“({})”", shorten(inner)),
                    format!("half-width brackets around Chinese text: `({})`", shorten(inner)),
                );
                sink.push(hit.safe(format!("（{inner}）")));
            }
            _ => {}
        }
    }
}

/// The text, cut when it is long.
pub(crate) fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(20).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// The half-width form of a full-width digit or letter.
fn narrow(c: char) -> Option<char> {
    let code = u32::from(c);
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ').then(|| char::from_u32(code - 0xfee0)).flatten()
}

fn wide_runs(segment: &Segment<'_>, sink: &mut Sink) {
    let mut run: Option<(usize, usize, String)> = None;
    for &(at, mark) in &segment.marks {
        let after_digit = run
            .as_ref()
            .is_some_and(|(_, end, text)| *end == at && text.ends_with(|c: char| c.is_ascii_digit()));
        let narrowed = match mark {
            '．' if after_digit && segment.next(at + 3).is_some_and(|c| narrow(c).is_some()) => Some('.'),
            _ => narrow(mark),
        };
        let Some(c) = narrowed else { continue };
        match &mut run {
            Some((_, end, text)) if *end == at => {
                text.push(c);
                *end = at + mark.len_utf8();
            }
            _ => {
                if let Some(done) = run.replace((at, at + mark.len_utf8(), c.to_string())) {
                    push_wide(segment, &done, sink);
                }
            }
        }
    }
    if let Some(done) = run {
        push_wide(segment, &done, sink);
    }
}

fn push_wide(segment: &Segment<'_>, (start, end, text): &(usize, usize, String), sink: &mut Sink) {
    let old = segment.slice(*start..*end);
    let hit = Hit::new(
        &ALNUM,
        segment,
        *start..*end,
        format!("全角数字或字母“{old}”，应为“{text}”"),
        format!("full-width `{old}`, use `{text}`"),
    );
    sink.push(hit.safe(text.as_str()));
}

fn signs(segment: &Segment<'_>, sink: &mut Sink) {
    for &(at, mark) in &segment.marks {
        let right = match mark {
            '％' => "%",
            '~' if is_figure(segment.prev(at)) && is_figure(segment.next(at + 1)) => "～",
            _ => continue,
        };
        let hit = Hit::new(
            &SIGN,
            segment,
            at..at + mark.len_utf8(),
            format!("“{mark}”通常写作“{right}”"),
            format!("`{mark}` is usually written `{right}`"),
        );
        sink.push(hit.safe(right));
    }
}

fn is_figure(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '%' | '％' | '元' | '年' | '万'))
}
