//! What stands at the top and bottom of an official document: title, number,
//! dates, remark, and the metadata that web pages print above it.
//!
//! Layout after GB/T 9704-2012 §7.2.5 (number), §7.3.1 (title), §7.3.5
//! (signature and date), §7.3.6 (remark); the metadata names are those of
//! policy libraries (`domain.md` §1.2). Every value says where it was read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::page::{Block, Page};
use jiedu_base::text::numerals;

/// How many blocks from the top may be metadata.
const TOP: usize = 40;
/// Longest title, in characters.
const TITLE_CHARS: usize = 120;

/// A value and the printed line that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As front matter has it.
    pub value: String,
    /// The line as printed.
    pub from: String,
}

/// What was read off a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Full title.
    pub title: Option<Field>,
    /// Issuing bodies, the lead first.
    pub issuers: Vec<Field>,
    /// 发文字号, its brackets and blanks put in order.
    pub number: Option<Field>,
    /// 索引号.
    pub index: Option<Field>,
    /// 统一编号.
    pub registration: Option<Field>,
    /// 主题分类.
    pub subject: Option<Field>,
    /// 成文日期, ISO.
    pub signed: Option<Field>,
    /// 发布日期, ISO, with the time when printed.
    pub published: Option<Field>,
    /// 施行日期, ISO.
    pub effective: Option<Field>,
    /// 有效期至, ISO.
    pub expires: Option<Field>,
    /// 公开方式.
    pub disclosure: Option<Field>,
    /// Titles of whole documents in the text: its own first.
    pub titles: Vec<String>,
    /// The text without the metadata and without the printed title.
    pub text: Vec<Block>,
}

/// Names of metadata as pages print them, and what they are here.
const NAMES: [(&str, Key); 26] = [
    ("索引号", Key::Index),
    ("索引编号", Key::Index),
    ("主题分类", Key::Subject),
    ("信息分类", Key::Subject),
    ("成文日期", Key::Signed),
    ("发文日期", Key::Signed),
    ("生成日期", Key::Signed),
    ("印发日期", Key::Signed),
    ("发布日期", Key::Published),
    ("发布时间", Key::Published),
    ("公开日期", Key::Published),
    ("发布机关", Key::Issuer),
    ("发布机构", Key::Issuer),
    ("发文机关", Key::Issuer),
    ("发文机构", Key::Issuer),
    ("发文单位", Key::Issuer),
    ("统一编号", Key::Registration),
    ("规范性文件编号", Key::Registration),
    ("标题", Key::Title),
    ("发文字号", Key::Number),
    ("文号", Key::Number),
    ("施行日期", Key::Effective),
    ("实施日期", Key::Effective),
    ("失效日期", Key::Expires),
    ("有效性", Key::Other),
    ("公开方式", Key::Disclosure),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Title,
    Issuer,
    Number,
    Index,
    Registration,
    Subject,
    Signed,
    Published,
    Effective,
    Expires,
    Disclosure,
    Other,
}

static LABEL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let spaced = |name: &str| name.chars().map(String::from).collect::<Vec<_>>().join(r"\s*");
    let names = NAMES.map(|(name, _)| spaced(name)).join("|");
    Regex::new(&format!(r"(?:^|\s|[\[【])({names})\s*[\]】]?\s*[:：]")).ok()
});
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(\p{Han}{1,12})\s*[〔\[（(【﹝]\s*(\d{4})\s*年?\s*[〕\]）)】﹞]\s*第?\s*0*([1-9]\d{0,4})\s*号$",
    )
    .ok()
});
static ORDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\p{Han}{2,20}令\s*第\s*(\d{1,4})\s*号$").ok());
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*[月/.\-]\s*(\d{1,2})\s*日?(?:\s+(\d{1,2}):(\d{2})(?::\d{2})?)?$",
    )
    .ok()
});
static HAN_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^([一二三四五六七八九〇○零Ｏ]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日$",
    )
    .ok()
});
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[（(]\s*(?:此件|信息公开选项[:：]?)\s*(主动公开|公开发布|依申请公开|不予公开|不公开)\s*[）)]$",
    )
    .ok()
});
static KIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:关于.+的?(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要)|(?:办法|规定|细则|条例|规则|方案|要点|规划|计划|意见|解读|解读材料|问答|图解))(?:（[^）]*(?:试行|暂行|修订|征求意见稿)[^）]*）)?$",
    )
    .ok()
});

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<regex::Captures<'t>> {
    pattern.as_ref().and_then(|pattern| pattern.captures(text))
}

/// Whether a line prints metadata of the document.
pub(super) fn is_metadata(line: &str) -> bool {
    let line = line.trim_start();
    captures(&LABEL, line).and_then(|found| found.get(0)).is_some_and(|found| found.start() == 0)
}

/// Text without blanks, for comparing.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

impl Head {
    /// Reads what stands at the top and bottom of a page.
    #[must_use]
    pub fn read(page: &Page) -> Self {
        let mut head = Self::default();
        let mut taken = BTreeSet::new();
        for (index, block) in page.blocks.iter().enumerate().take(TOP) {
            head.metadata(block, index, &mut taken);
        }
        head.title_of(page, &mut taken);
        let text: Vec<&Block> = page
            .blocks
            .iter()
            .enumerate()
            .filter(|(index, _)| !taken.contains(index))
            .map(|(_, b)| b)
            .collect();
        head.number_line(&text);
        head.signature(&text);
        head.enclosed_titles(&text);
        head.text = text.into_iter().cloned().collect();
        head
    }

    fn metadata(&mut self, block: &Block, index: usize, taken: &mut BTreeSet<usize>) {
        let lines: Vec<String> = match block {
            Block::Line { .. } => vec![block.text()],
            Block::Table(rows) => rows.iter().map(|row| row.join(" ")).collect(),
            Block::Footnote { .. } => return,
        };
        if lines.is_empty() || !lines.iter().all(|line| is_metadata(line)) {
            return;
        }
        taken.insert(index);
        for line in lines {
            for (key, value) in pairs(&line) {
                self.set(key, &value, &line);
            }
        }
    }

    /// The first value counts.
    fn set(&mut self, key: Key, value: &str, line: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let field = |value: String| Some(Field { value, from: line.to_owned() });
        let put = |slot: &mut Option<Field>, value: Option<String>| {
            if slot.is_none() {
                *slot = value.and_then(field);
            }
        };
        match key {
            Key::Title => put(&mut self.title, Some(value.to_owned())),
            Key::Issuer if self.issuers.is_empty() => {
                let bodies = value.split([' ', '、', ',', '，', '；', ';']).filter(|body| !body.is_empty());
                self.issuers = bodies.filter_map(|body| field(body.to_owned())).collect();
            }
            Key::Number => {
                put(&mut self.number, Some(document_number(value).unwrap_or_else(|| value.to_owned())));
            }
            Key::Index => put(&mut self.index, Some(value.to_owned())),
            Key::Registration => put(&mut self.registration, Some(value.to_owned())),
            Key::Subject => put(&mut self.subject, Some(value.replace(['/', '\\'], "_"))),
            Key::Signed => put(&mut self.signed, date(value).map(|date| date.chars().take(10).collect())),
            Key::Published => put(&mut self.published, date(value)),
            Key::Effective => put(&mut self.effective, date(value)),
            Key::Expires => put(&mut self.expires, date(value)),
            Key::Disclosure => put(&mut self.disclosure, disclosure(value)),
            Key::Issuer | Key::Other => {}
        }
    }

    /// The title, and the lines that print it.
    fn title_of(&mut self, page: &Page, taken: &mut BTreeSet<usize>) {
        let lines: Vec<(usize, String)> = page
            .blocks
            .iter()
            .enumerate()
            .filter(|(index, _)| !taken.contains(index))
            .filter_map(|(index, block)| Some((index, block.line()?)))
            .take(TOP)
            .collect();
        let own = page.title.as_deref().map(|title| {
            // Page titles carry the site's name after the document's.
            let title = title.split(['_', '|']).next().unwrap_or(title).trim();
            Field { value: title.to_owned(), from: title.to_owned() }
        });
        let own = own.filter(|title| captures(&KIND, &title.value).is_some());
        let wanted = self.title.clone().or(own);
        // The longest run of lines that makes the title is the title.
        for first in 0..lines.len() {
            for count in (1..=4).rev() {
                let Some(run) = lines.get(first..first + count) else { continue };
                let joined: String = run.iter().map(|(_, line)| line.as_str()).collect();
                let is_title = match &wanted {
                    Some(title) => bare(&joined) == bare(&title.value),
                    None => looks_like_title(&joined) && run.iter().all(|(_, line)| is_title_line(line)),
                };
                if is_title {
                    taken.extend(run.iter().map(|(index, _)| *index));
                    let value = wanted.as_ref().map_or_else(|| joined.clone(), |title| title.value.clone());
                    self.titles.push(value.clone());
                    self.title.get_or_insert(Field { value, from: joined });
                    return;
                }
            }
        }
        if self.title.is_none() {
            self.title = wanted;
        }
    }

    fn number_line(&mut self, text: &[&Block]) {
        if self.number.is_some() {
            return;
        }
        let lines = text.iter().take(12).filter_map(|block| block.line());
        self.number =
            lines.into_iter().find_map(|line| Some(Field { value: document_number(&line)?, from: line }));
    }

    /// Signature, date and remark.
    fn signature(&mut self, text: &[&Block]) {
        let lines: Vec<String> = text.iter().map(|block| block.line().unwrap_or_default()).collect();
        let dated = lines.iter().enumerate().find_map(|(index, line)| Some((index, date(line)?)));
        if let Some((index, value)) = dated {
            let from = lines.get(index).cloned().unwrap_or_default();
            self.signed.get_or_insert(Field { value: value.chars().take(10).collect(), from });
            if self.issuers.is_empty() {
                let mut bodies: Vec<Field> = lines
                    .get(..index)
                    .unwrap_or_default()
                    .iter()
                    .rev()
                    .take_while(|line| is_body(line))
                    .map(|line| Field { value: bare(line), from: line.clone() })
                    .collect();
                bodies.reverse();
                self.issuers = bodies;
            }
        }
        if self.disclosure.is_none() {
            self.disclosure = lines.iter().find_map(|line| {
                let found = captures(&REMARK, line)?.get(1)?.as_str().to_owned();
                Some(Field { value: disclosure(&found)?, from: line.clone() })
            });
        }
    }

    /// The title of a text that a notice encloses (印发……的通知).
    fn enclosed_titles(&mut self, text: &[&Block]) {
        let Some(title) = self.title.as_ref().map(|title| bare(&title.value)) else { return };
        let mut after = false;
        for block in text {
            let Some(line) = block.line() else { continue };
            let bare_line = bare(&line);
            let marks: &[char] = &['《', '》', '〈', '〉'];
            if after
                && bare_line.chars().count() >= 4
                && !line.ends_with(['。', '：', ':', '；'])
                && title.contains("印发")
                && title.replace(marks, "").contains(&bare_line.replace(marks, ""))
                && bare_line != title
                && !is_body(&line)
            {
                self.titles.push(line);
                return;
            }
            after = after || date(&line).is_some() || captures(&REMARK, &line).is_some();
        }
    }
}

/// `name: value` pairs of a line.
fn pairs(line: &str) -> Vec<(Key, String)> {
    let Some(pattern) = LABEL.as_ref() else { return Vec::new() };
    let labels: Vec<_> =
        pattern.captures_iter(line).filter_map(|found| Some((found.get(0)?, found.get(1)?))).collect();
    let ends = labels.iter().skip(1).map(|(whole, _)| whole.start()).chain([line.len()]);
    labels
        .iter()
        .zip(ends)
        .filter_map(|((whole, name), end)| {
            let name = bare(name.as_str());
            let key = NAMES.iter().find(|(known, _)| *known == name)?.1;
            Some((key, line.get(whole.end()..end)?.trim().to_owned()))
        })
        .collect()
}

/// 发文字号 with its brackets in order, or an order's number as printed.
fn document_number(line: &str) -> Option<String> {
    let line = line.trim();
    if let Some(found) = captures(&NUMBER, line) {
        let part = |index| found.get(index).map_or("", |part| part.as_str());
        return Some(format!("{}〔{}〕{}号", part(1), part(2), part(3)));
    }
    captures(&ORDER, line).map(|_| bare(line))
}

/// An ISO date, with `HH:MM` when a time is printed.
fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let (year, month, day, time) = if let Some(found) = captures(&DATE, text) {
        let number = |index| found.get(index).and_then(|part| part.as_str().parse::<i16>().ok());
        let time = number(4).zip(number(5)).filter(|(hour, minute)| *hour < 24 && *minute < 60);
        (number(1)?, number(2)?, number(3)?, time)
    } else {
        let found = captures(&HAN_DATE, text)?;
        let part = |index| found.get(index).map(|part| part.as_str());
        let counted = |index| i16::try_from(numerals::read(part(index)?)?).ok();
        (digits(part(1)?)?, counted(2)?, counted(3)?, None)
    };
    let civil = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(match time {
        Some((hour, minute)) => format!("{civil} {hour:02}:{minute:02}"),
        None => civil.to_string(),
    })
}

/// `二〇二五` digit by digit.
fn digits(text: &str) -> Option<i16> {
    text.chars().try_fold(0_i16, |sum, c| {
        let digit = "〇一二三四五六七八九".chars().position(|known| known == c).or(match c {
            '○' | '零' | 'Ｏ' => Some(0),
            _ => None,
        })?;
        sum.checked_mul(10)?.checked_add(i16::try_from(digit).ok()?)
    })
}

fn disclosure(text: &str) -> Option<String> {
    let known = [
        ("主动公开", "主动公开"),
        ("公开发布", "主动公开"),
        ("依申请公开", "依申请公开"),
        ("不予公开", "不予公开"),
        ("不公开", "不予公开"),
    ];
    known.iter().find(|(printed, _)| text.contains(printed)).map(|(_, value)| (*value).to_owned())
}

fn looks_like_title(text: &str) -> bool {
    let length = text.chars().count();
    (6..=TITLE_CHARS).contains(&length)
        && captures(&KIND, &bare(text)).is_some()
        && !text.contains(['。', '；', '：', '，'])
}

fn is_title_line(line: &str) -> bool {
    document_number(line).is_none() && date(line).is_none() && !line.ends_with(['。', '：', ':', '，'])
}

/// A line that is the name of an issuing body.
fn is_body(line: &str) -> bool {
    let name = bare(line);
    let length = name.chars().count();
    (3..=30).contains(&length)
        && name.chars().all(|c| jiedu_base::text::is_han(c) || matches!(c, '（' | '）'))
        && ["局", "厅", "委", "府", "室", "部", "会", "院", "处", "中心", "办", "司", "署", "队", "所", "行"]
            .iter()
            .any(|end| name.ends_with(end))
}
