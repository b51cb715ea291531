//! Characters that only look right: what a conversion lost, characters without a
//! meaning of their own, radicals in the place of characters, traditional ones in
//! a simplified text. They come from copying out of PDF and from old encodings,
//! and no search finds a word that holds one.

use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;

pub(crate) static FAMILY: Family =
    Family { rules: &[&LOST, &PRIVATE, &RADICAL, &TRADITIONAL], check: Check::Document(check) };

static LOST: Rule = Rule {
    code: "P116",
    name: "lost-character",
    category: "characters",
    severity: Severity::Error,
    what: ("转换编码时丢失的字：�", "a character lost in a conversion: �"),
    why: (
        "U+FFFD 表示原来的字没有转换过来，读者看不到它是什么。请对照原件补上。",
        "U+FFFD stands where a character could not be converted. Put it back from the original.",
    ),
    bad: "加强\u{fffd}管。",
    good: "加强监管。",
    except: ("无。", "None."),
};

static PRIVATE: Rule = Rule {
    code: "P117",
    name: "private-character",
    category: "characters",
    severity: Severity::Error,
    what: ("造字区的字符，别的电脑上显示不出来", "a private-use character, which other machines cannot show"),
    why: (
        "造字、符号字体和 PDF 内嵌字体的字符没有统一编码，读者看到的是方框。请改用正式编码的字。",
        "Characters of private fonts have no code of their own; readers see a box. Use the encoded character.",
    ),
    bad: "加强\u{e001}监管。",
    good: "加强监管。",
    except: ("无。", "None."),
};

static RADICAL: Rule = Rule {
    code: "P118",
    name: "radical-for-character",
    category: "characters",
    severity: Severity::Error,
    what: (
        "用部首或兼容字形代替的汉字：⻄安、⾦融",
        "a radical or a compatibility form in place of a character",
    ),
    why: (
        "从 PDF 复制常把“西”“金”变成形状相同的部首字符，检索不到，读屏软件也读不出。",
        "Copying from PDF often gives the radical that looks like the character; nobody finds the word.",
    ),
    bad: "推动⾦融服务⻄部地区。",
    good: "推动金融服务西部地区。",
    except: ("讲解部首的文字请用校对注释说明。", "A text about radicals says so in a comment."),
};

static TRADITIONAL: Rule = Rule {
    code: "P119",
    name: "traditional-character",
    category: "characters",
    severity: Severity::Warning,
    what: ("简体文稿中的繁体字：依照本辦法執行", "traditional characters in a simplified text"),
    why: (
        "《国家通用语言文字法》第三条、第九条：国家机关以规范汉字为公务用字。",
        "State organs write standard characters (Law on the Standard Spoken and Written Language, 3 and 9).",
    ),
    bad: "请各单位依照本辦法執行。",
    good: "请各单位依照本办法执行。",
    except: (
        "书名、引文和整篇的繁体文本不查；单独一个字可能是人名地名，只作提示。",
        "Titles, quotations, texts that are traditional throughout; a single one may be a name and is a hint.",
    ),
};

/// What a character of the basic plane is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Lost,
    Private,
    Radical,
    Traditional,
}

/// A character that is not plain: where it stands, and what it is.
type Odd = (usize, char, Class);

/// The class of every character of the basic plane, and the pairs behind it.
struct Table {
    classes: Vec<Class>,
    traditional: Vec<(char, char)>,
    radicals: Vec<(char, char)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let traditional = pairs(include_str!("../data/traditional.txt"));
    let radicals = pairs(include_str!("../data/radicals.txt"));
    let mut classes = vec![Class::Plain; 0x1_0000];
    let mut set = |code: u32, class: Class| {
        if let Some(place) = usize::try_from(code).ok().and_then(|code| classes.get_mut(code)) {
            *place = class;
        }
    };
    for (c, _) in &traditional {
        set(u32::from(*c), Class::Traditional);
    }
    let compatible = ('\u{f900}'..='\u{faff}').filter(|c| !std::iter::once(*c).nfc().eq([*c]));
    for c in radicals.iter().map(|(c, _)| *c).chain(compatible) {
        set(u32::from(c), Class::Radical);
    }
    for code in 0xe000..=0xf8ff {
        set(code, Class::Private);
    }
    set(0xfffd, Class::Lost);
    Table { classes, traditional, radicals }
});

/// The characters of a data file, two and two, sorted.
fn pairs(text: &str) -> Vec<(char, char)> {
    let characters: Vec<char> =
        text.lines().filter(|line| !line.starts_with('#')).flat_map(str::chars).collect();
    let two = |pair: &[char]| Some((*pair.first()?, *pair.get(1)?));
    let mut pairs: Vec<(char, char)> = characters.chunks(2).filter_map(two).collect();
    pairs.sort_unstable();
    pairs
}

fn class(c: char) -> Class {
    match u32::from(c) {
        code @ 0..=0xffff => usize::try_from(code)
            .ok()
            .and_then(|code| TABLE.classes.get(code))
            .copied()
            .unwrap_or(Class::Plain),
        // Planes 15 and 16, and compatibility forms of the second plane.
        0xf_0000.. => Class::Private,
        0x2_f800..=0x2_fa1f => Class::Radical,
        _ => Class::Plain,
    }
}

fn other(pairs: &[(char, char)], c: char) -> Option<char> {
    pairs.binary_search_by_key(&c, |pair| pair.0).ok().and_then(|at| pairs.get(at)).map(|pair| pair.1)
}

/// A traditional text has at least so many of its characters in a hundred.
const TRADITIONAL_SHARE: usize = 12;

fn check(document: &Document<'_>, sink: &mut Sink) {
    let (mut han, mut traditional) = (0_usize, 0_usize);
    let mut odd: Vec<(usize, Vec<Odd>)> = Vec::new();
    for (index, segment) in document.segments.iter().enumerate() {
        let mut found = Vec::new();
        for (at, c) in segment.text.char_indices().filter(|(_, c)| !c.is_ascii()) {
            han += usize::from(is_han(c));
            let class = class(c);
            if class != Class::Plain {
                traditional += usize::from(class == Class::Traditional);
                found.push((at, c, class));
            }
        }
        if !found.is_empty() {
            odd.push((index, found));
        }
    }
    let is_simplified = traditional * 100 < han * TRADITIONAL_SHARE || han < 200;
    for (index, found) in odd {
        let Some(segment) = document.segments.get(index) else { continue };
        lost(segment, &found, sink);
        for &(at, c, _) in found.iter().filter(|(_, _, class)| *class == Class::Radical) {
            radical(segment, at, c, is_simplified, sink);
        }
        if is_simplified {
            in_simplified(segment, &found, sink);
        }
    }
}

/// Runs of lost and of private characters.
fn lost(segment: &Segment<'_>, found: &[Odd], sink: &mut Sink) {
    let mut run: Option<(Range<usize>, Class, char)> = None;
    let ends = found.iter().map(Some).chain([None]);
    for next in ends {
        let next = next.filter(|(_, _, class)| matches!(class, Class::Lost | Class::Private));
        let goes_on = match (&run, next) {
            (Some((range, class, _)), Some((at, _, other))) => range.end == *at && class == other,
            _ => false,
        };
        if let (true, Some((range, ..)), Some((at, c, _))) = (goes_on, run.as_mut(), next) {
            range.end = at + c.len_utf8();
            continue;
        }
        if let Some((range, class, c)) = run.take() {
            report(segment, range, class, c, sink);
        }
        run = next.map(|(at, c, class)| (*at..at + c.len_utf8(), *class, *c));
    }
}

fn report(segment: &Segment<'_>, range: Range<usize>, class: Class, c: char, sink: &mut Sink) {
    let code = u32::from(c);
    let hit = if class == Class::Lost {
        let zh = "这里的字在转换编码时丢失了，请对照原件补上";
        Hit::new(&LOST, segment, range, zh, "a character was lost in a conversion; put it back")
    } else {
        let zh = format!("造字区的字符（U+{code:04X}），别的电脑上显示不出来，请改用正式编码的字");
        let en = format!("private-use character (U+{code:04X}), which other machines cannot show");
        Hit::new(&PRIVATE, segment, range, zh, en)
    };
    sink.push(hit);
}

fn radical(segment: &Segment<'_>, at: usize, c: char, is_simplified: bool, sink: &mut Sink) {
    let normal = || std::iter::once(c).nfc().next().filter(|normal| *normal != c);
    let Some(right) = other(&TABLE.radicals, c).or_else(normal) else { return };
    // The radical of 户 has the traditional form only.
    let simple = other(&TABLE.traditional, right).filter(|_| is_simplified);
    let right = simple.unwrap_or(right);
    let code = u32::from(c);
    let zh = format!("“{c}”（U+{code:04X}）只是字形相同的部首或兼容字形，应为“{right}”");
    let en = format!("`{c}` (U+{code:04X}) only looks like `{right}`");
    let hit = Hit::new(&RADICAL, segment, at..at + c.len_utf8(), zh, en);
    // 亻 and the like are parts of characters: which one was meant is not certain.
    let is_certain =
        ('\u{4e00}'..='\u{9fff}').contains(&right) && !"亻刂氵扌忄犭纟艹辶讠饣冫灬钅".contains(right);
    sink.push(if is_certain { hit.safe(right) } else { hit.review(right) });
}

/// Traditional characters close together are one hit.
fn in_simplified(segment: &Segment<'_>, found: &[Odd], sink: &mut Sink) {
    let free: Vec<(usize, char)> = found
        .iter()
        .filter(|(at, _, class)| {
            *class == Class::Traditional && !segment.in_title(*at) && !segment.in_quote(*at)
        })
        .map(|(at, c, _)| (*at, *c))
        .collect();
    let is_alone = free.len() == 1;
    let mut rest = free.as_slice();
    while let Some((&(start, first), tail)) = rest.split_first() {
        let mut end = start + first.len_utf8();
        let mut taken = 0;
        for &(at, c) in tail {
            if at > end + NEAR || !segment.slice(end..at).chars().all(is_han) {
                break;
            }
            end = at + c.len_utf8();
            taken += 1;
        }
        rest = tail.get(taken..).unwrap_or_default();
        let written = segment.slice(start..end);
        let right: String = written.chars().map(|c| other(&TABLE.traditional, c).unwrap_or(c)).collect();
        let zh = format!("简体文稿中的繁体字“{written}”，应为“{right}”");
        let hit =
            Hit::new(&TRADITIONAL, segment, start..end, zh, format!("traditional `{written}`: `{right}`"));
        sink.push(if is_alone { hit.review(right).severity(Severity::Hint) } else { hit.safe(right) });
    }
}

/// Bytes between two traditional characters of one hit: two characters.
const NEAR: usize = 6;
