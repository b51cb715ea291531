//! 发文字号 in running text.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;
use jiedu_base::text::numerals;

pub(crate) static FAMILY: Family =
    Family { rules: &[&FORM, &BLANK, &YEAR, &FUTURE, &SHORT], check: Check::Segment(check) };

static FORM: Rule = Rule {
    code: "P321",
    name: "document-number",
    category: "doc-number",
    severity: Severity::Error,
    what: ("发文字号的括号、“第”字、虚位和“号”字", "brackets, 第, padding and 号 of a document number"),
    why: (
        "GB/T 9704—2012 第 7.2.5 条：年份用六角括号〔〕括入，序号不加“第”、不编虚位，后加“号”。",
        "GB/T 9704-2012, 7.2.5: the year in 〔〕, the number without 第 or padding, followed by 号.",
    ),
    bad: "依据国办发[2023]07号文件。",
    good: "依据国办发〔2023〕7号文件。",
    except: (
        "令、公告、期刊期号和法院案号是另外的体例，不查。",
        "Orders, announcements, periodicals and court cases.",
    ),
};

static BLANK: Rule = Rule {
    code: "P322",
    name: "document-number-blank",
    category: "doc-number",
    severity: Severity::Warning,
    what: ("发文字号中间有空格", "a blank inside a document number"),
    why: (
        "GB/T 9704—2012 第 7.2.5 条：发文字号各部分连写；空格使检索失败。",
        "GB/T 9704-2012, 7.2.5: written together; a blank breaks searching.",
    ),
    bad: "依据国函〔2023〕 6号文件。",
    good: "依据国函〔2023〕6号文件。",
    except: ("无。", "None."),
};

static YEAR: Rule = Rule {
    code: "P323",
    name: "document-number-year",
    category: "doc-number",
    severity: Severity::Error,
    what: (
        "发文字号的年份不是四位数或不可能",
        "a year of a document number that is not four digits or impossible",
    ),
    why: ("GB/T 9704—2012 第 7.2.5 条：年份应标全称。", "GB/T 9704-2012, 7.2.5: the year in full."),
    bad: "依据国办发〔23〕7号文件。",
    good: "依据国办发〔2023〕7号文件。",
    except: ("无。", "None."),
};

static FUTURE: Rule = Rule {
    code: "P324",
    name: "document-number-future",
    category: "doc-number",
    severity: Severity::Warning,
    what: ("发文字号的年份晚于今年", "a document number of a year to come"),
    why: (
        "GB/T 9704—2012 第 7.2.5 条：年份是发文的年份；还没有到的年份多为误写。",
        "GB/T 9704-2012, 7.2.5: the year is that of issue; a year to come is a slip.",
    ),
    bad: "依据国办发〔2095〕7号文件。",
    good: "依据国办发〔2025〕7号文件。",
    except: ("不知道当天日期时，只查十年以后的年份。", "Where the day is not known, only years far ahead."),
};

static SHORT: Rule = Rule {
    code: "P325",
    name: "number-with-wen",
    category: "doc-number",
    severity: Severity::Hint,
    what: ("“号文”：只写序号，或省去“件”字", "号文 for 号文件, often without the rest of the number"),
    why: (
        "GB/T 9704—2012 第 7.2.5 条：发文字号由机关代字、年份、序号组成；只写“27号文”，读者查不到是哪份文件。",
        "GB/T 9704-2012, 7.2.5: agency, year and number; nobody finds `27号文`.",
    ),
    bad: "按照27号文要求办理。",
    good: "按照国办发〔2023〕27号文件要求办理。",
    except: ("“号文件”和引号内的简称不查。", "号文件, and short names in quotes."),
};

/// The last year that needs no calendar to be impossible.
const FAR: u32 = 2035;

/// 27号文, 〔2023〕7号文: allowed in speech, hard to look up.
fn short(segment: &Segment<'_>, sink: &mut Sink) {
    for (at, text) in segment.text.match_indices("号文") {
        let is_counted = segment.prev(at).is_some_and(|c| c.is_ascii_digit());
        let is_word = segment.after(at + text.len()).starts_with([
            '件', '书', '物', '化', '本', '档', '字', '明', '体', '旅', '种', '教', '稿', '号', '科', '案',
            '艺', '具', '学', '职',
        ]);
        if !is_counted || is_word || segment.is_quoted(at) {
            continue;
        }
        let digits = segment.before(at).trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let has_year = segment.prev(digits) == Some('〕');
        let zh = if has_year {
            "“号文”宜写作“号文件”"
        } else {
            "只写序号查不到文件，宜写全发文字号"
        };
        let hit = Hit::new(&SHORT, segment, digits..at + text.len(), zh, "give the whole document number");
        sink.push(if has_year {
            hit.review(format!("{}文件", segment.slice(digits..at + "号".len())))
        } else {
            hit
        });
    }
}

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"( ?)([〔\[\(（【［〈《「{﹝<]?)( ?)([0-9０-９OoОо]{2,5}|[〇零○一二三四五六七八九壹贰貳叁肆伍陆柒捌玖]{4})(年?)( ?)([〕\]\)）】］〉》」}﹞>])( ?)(第?)( ?)([0-9０-９]{1,5}|[一二三四五六七八九十百壹贰貳叁肆伍陆柒捌玖拾佰]{1,5})( ?)(号?)",
    )
    .ok()
});
static UNCLOSED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"〔((?:19|20)[0-9]{2}) ?([0-9]{1,4})号").ok());

static SLIPS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([〔〕]{0,2})((?:19|20)[0-9]{2})([〕〔]{1,2})(号|[Nn][oO][.．]?|№|发|办|函|字|文)?([0-9]{1,4})([〕号]{0,2})").ok()
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\p{Han}(?:发|字|函|办|规|通|知|呈|电)((?:19|20)[0-9]{2})(第?)([0-9]{1,4})号").ok()
});

/// 鲁政办发2021第12号: the brackets are missing.
fn bare(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = BARE.as_ref().filter(|_| segment.awaits(Trigger::BareNumber)) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let (Some(whole), Some(year), Some(number)) = (found.get(0), found.get(1), found.get(3)) else {
            continue;
        };
        let right = format!("〔{}〕{}号", year.as_str(), number.as_str().trim_start_matches('0'));
        let range = year.start()..whole.end();
        let zh = format!("发文字号“{}”应为“{right}”：年份用六角括号〔〕括入", segment.slice(range.clone()));
        let en = format!("document number should be `{right}`: the year takes 〔〕");
        sink.push(Hit::new(&FORM, segment, range, zh, en).review(right));
    }
}

/// 〔2025〕号7, 2025〔7〕号, 〔〔2025〕7号, 〔2025〕No.7号, 〔2025〕发7号: the parts of a
/// number at the wrong place, or one too many.
fn slips(segment: &Segment<'_>, sink: &mut Sink) {
    let Some(pattern) = SLIPS.as_ref() else { return };
    for found in pattern.captures_iter(&segment.text) {
        let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
        let Some(whole) = found.get(0) else { continue };
        let (open, close, middle, end) = (part(1), part(3), part(4), part(6));
        let is_inside_out = open.is_empty() && close == "〔" && end == "〕号";
        let is_doubled = (open == "〔〔" || close == "〕〕") && close.starts_with('〕') && !open.is_empty();
        let is_turned = middle == "号" && end.is_empty();
        let is_lettered = middle.starts_with(['N', 'n', '№']) && end == "号";
        let is_stray = open == "〔" && close == "〕" && !middle.is_empty();
        let is_code = segment.prev(whole.start()).is_some_and(is_han);
        if !is_code || !(is_inside_out || is_doubled || is_stray) {
            continue;
        }
        let certain = is_inside_out || is_turned || is_lettered || is_doubled && middle.is_empty();
        let right = format!("〔{}〕{}号", part(2), part(5).trim_start_matches('0'));
        let zh = format!("发文字号“{}”各部分的次序或符号有误", whole.as_str());
        let hit =
            Hit::new(&FORM, segment, whole.range(), zh, "the parts of this document number are out of order");
        sink.push(if certain { hit.review(right) } else { hit });
    }
}

fn check(document: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    if !segment.has.digit && !segment.marks.iter().any(|&(_, c)| c == '〔') {
        return;
    }
    let last = document.today.and_then(|day| u32::try_from(day.year()).ok()).unwrap_or(FAR);
    bare(segment, sink);
    short(segment, sink);
    let unclosed = UNCLOSED.iter().filter(|_| segment.awaits(Trigger::Unclosed));
    for found in unclosed.flat_map(|pattern| pattern.captures_iter(&segment.text)) {
        let (Some(whole), Some(year), Some(number)) = (found.get(0), found.get(1), found.get(2)) else {
            continue;
        };
        let right = format!("〔{}〕{}号", year.as_str(), number.as_str());
        let zh = format!("发文字号“{}”应为“{right}”：缺少后半括号", whole.as_str());
        let hit = Hit::new(&FORM, segment, whole.range(), zh, format!("document number should be `{right}`"));
        sink.push(hit.review(right));
    }
    let has_bracket = segment
        .marks
        .iter()
        .any(|&(_, c)| matches!(c, '〔' | '[' | '(' | '（' | '【' | '［' | '〈' | '﹝' | '〕' | '<'));
    if segment.marks.iter().any(|&(_, c)| matches!(c, '〔' | '〕')) {
        slips(segment, sink);
    }
    let Some(pattern) = NUMBER.as_ref().filter(|_| has_bracket) else { return };
    for found in pattern.captures_iter(&segment.text) {
        let part = |index| found.get(index).map_or("", |part| part.as_str());
        let Some(whole) = found.get(0) else { continue };
        let number = Parts {
            open: part(2),
            year: part(4),
            has_year_word: !part(5).is_empty(),
            close: part(7),
            ordinal: part(9),
            number: part(11),
            end: part(13),
            has_blank: [1, 3, 6, 8, 10, 12].iter().any(|&index| !part(index).is_empty()),
        };
        if number.is_document_number(segment, whole.start(), whole.end()) {
            number.future(segment, whole.range(), last, sink);
            number.judge(segment, whole.range(), sink);
        }
    }
}

/// Capital numerals (贰, 拾) and full-width figures as plain ones.
fn small_numerals(text: &str) -> String {
    const PAIRS: [(char, char); 13] = [
        ('壹', '一'),
        ('贰', '二'),
        ('貳', '二'),
        ('叁', '三'),
        ('肆', '四'),
        ('伍', '五'),
        ('陆', '六'),
        ('柒', '七'),
        ('捌', '八'),
        ('玖', '九'),
        ('拾', '十'),
        ('佰', '百'),
        ('○', '〇'),
    ];
    let narrow = |c: char| {
        u32::from(c).checked_sub(0xfee0).filter(|_| matches!(c, '０'..='９')).and_then(char::from_u32)
    };
    text.chars()
        .map(|c| {
            let small = PAIRS.iter().find(|(capital, _)| *capital == c).map(|(_, small)| *small);
            small.or_else(|| narrow(c)).unwrap_or(c)
        })
        .collect()
}

struct Parts<'t> {
    open: &'t str,
    year: &'t str,
    has_year_word: bool,
    close: &'t str,
    ordinal: &'t str,
    number: &'t str,
    end: &'t str,
    has_blank: bool,
}

impl Parts<'_> {
    /// Whether this is a document number at all: an agency's code stands before
    /// it, and with unusual brackets 号 must follow.
    fn is_document_number(&self, segment: &Segment<'_>, start: usize, end: usize) -> bool {
        let is_code = segment.before(start).trim_end().chars().next_back().is_some_and(is_han);
        let is_usual = self.open == "〔" || self.close == "〕";
        let is_year = self.year_number().is_some_and(|year| (1949..=2100).contains(&year));
        // Without its opening half only a hexagonal bracket tells a document number.
        if self.open.is_empty() && (self.close != "〕" || !is_year || self.end.is_empty()) {
            return false;
        }
        // 《2020》5号 and <2020>5号 need everything else in order.
        if matches!(self.open, "《" | "<") && (!is_year || self.end.is_empty() || !self.year.is_ascii()) {
            return false;
        }
        if self.number.starts_with(|c: char| !c.is_ascii_digit()) && !is_usual {
            return false;
        }
        if self.end.is_empty() {
            let next = segment.next(end);
            let closes = next.is_none_or(|c| {
                matches!(c, '）' | '》' | '，' | '。' | '；' | '”' | ')' | '\n') || is_han(c)
            });
            // 〔2021〕9、10号 and 〔2021〕9-12号 name several documents.
            return is_usual
                && is_code
                && is_year
                && closes
                && !matches!(next, Some('至' | '和' | '及' | '期' | '条' | '年'));
        }
        // （一）第5号 lists and （2018）鲁01民终366号 do not come here; (2)3号楼 must not.
        let is_building = segment
            .next(end)
            .is_some_and(|c| matches!(c, '楼' | '线' | '院' | '门' | '机' | '井' | '码' | '令'));
        is_code && (is_year || is_usual) && !is_building
    }

    /// The year as a number, with letters taken for the zeros they look like.
    fn year_number(&self) -> Option<u32> {
        let small = small_numerals(self.year);
        let plain: String =
            small.chars().map(|c| if matches!(c, 'O' | 'o' | 'О' | 'о') { '0' } else { c }).collect();
        let narrow: String = plain
            .chars()
            .map(|c| {
                u32::from(c)
                    .checked_sub(0xfee0)
                    .filter(|_| matches!(c, '０'..='９'))
                    .and_then(char::from_u32)
                    .unwrap_or(c)
            })
            .collect();
        narrow.parse().ok().or_else(|| numerals::read_year(&narrow))
    }

    /// A year that is still to come when the last possible one is known.
    fn future(&self, segment: &Segment<'_>, range: std::ops::Range<usize>, last: u32, sink: &mut Sink) {
        if self.year_number().is_some_and(|year| year > last && year <= 2100)
            && self.year.chars().count() == 4
        {
            let written = segment.slice(range.clone());
            let zh = format!("发文字号“{written}”的年份还没有到");
            let en = format!("the year of the document number `{written}` is still to come");
            sink.push(Hit::new(&FUTURE, segment, range, zh, en));
        }
    }

    fn judge(&self, segment: &Segment<'_>, range: std::ops::Range<usize>, sink: &mut Sink) {
        let (start, end) = (range.start, range.end);
        let counted = numerals::read(&small_numerals(self.number))
            .filter(|_| !self.number.is_ascii())
            .map(|number| number.to_string());
        let number = counted.as_deref().unwrap_or(self.number.trim_start_matches('0'));
        let year = self.year_number().unwrap_or(0);
        let right = format!("〔{year}〕{number}号");
        let written = segment.slice(start..end);
        if self.year.chars().count() != 4 || !(1949..=2100).contains(&year) {
            let zh = format!("发文字号“{written}”的年份应写四位数");
            let en = format!("the year of the document number `{written}` is not complete");
            sink.push(Hit::new(&YEAR, segment, start..end, zh, en));
            return;
        }
        let mut faults = Vec::new();
        if self.open != "〔" || self.close != "〕" {
            faults.push(("年份用六角括号〔〕", "the year takes 〔〕"));
        }
        if self.has_year_word || !self.year.bytes().all(|b| b.is_ascii_digit()) {
            faults.push(("年份只写四位阿拉伯数字", "the year is four Arabic digits"));
        }
        if !self.number.is_ascii() {
            faults.push(("序号用阿拉伯数字", "the number is in Arabic digits"));
        }
        if segment.after(end).starts_with('号') && !self.end.is_empty() {
            faults.push(("“号”字重复", "号 is typed twice"));
        }
        if !self.ordinal.is_empty() {
            faults.push(("序号前不加“第”", "no 第 before the number"));
        }
        if self.number.starts_with('0') {
            faults.push(("序号不编虚位", "no padding zero"));
        }
        if self.end.is_empty() {
            faults.push(("序号后加“号”", "the number ends in 号"));
        }
        if faults.is_empty() {
            if self.has_blank {
                let zh = format!("发文字号中有空格：“{}”", written.trim());
                let hit = Hit::new(
                    &BLANK,
                    segment,
                    start..end,
                    zh,
                    format!("blank inside the document number `{written}`"),
                );
                sink.push(hit.safe(right));
            }
            return;
        }
        let zh: Vec<&str> = faults.iter().map(|fault| fault.0).collect();
        let en: Vec<&str> = faults.iter().map(|fault| fault.1).collect();
        let zh = format!("发文字号“{written}”应为“{right}”：{}", zh.join("，"));
        let en = format!("document number `{written}` should be `{right}`: {}", en.join(", "));
        let end = if segment.after(end).starts_with('号') && !self.end.is_empty() {
            end + "号".len()
        } else {
            end
        };
        // A number given by others is theirs to correct: never changed unseen.
        sink.push(Hit::new(&FORM, segment, start..end, zh, en).review(right));
    }
}
