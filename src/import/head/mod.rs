//! What stands at the top and bottom of an official document: title, number,
//! dates, remark, and the metadata that web pages print above it.
//!
//! Layout after GB/T 9704-2012 §7.2.5 (number), §7.3.1 (title), §7.3.5
//! (signature and date), §7.3.6 (remark); the metadata names are those of
//! policy libraries (`domain.md` §1.2). Every value says where it was read.

mod dates;
mod labels;
mod number;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::page::{Block, Page, row_text};
use dates::{date, validity};
use labels::{Key, key_of, pairs};
pub(super) use labels::{is_document_metadata, is_label, is_metadata};
use number::document_number;

/// How many blocks from the top may be metadata.
const TOP: usize = 40;
/// How many lines from the top may hold the number.
const TOP_LINES: usize = 14;
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
    /// Lines of metadata, which are not in the text.
    pub metadata_lines: Vec<String>,
    /// The text without the metadata and without the printed title.
    pub text: Vec<Block>,
}

static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[（(]\s*(?:此件|信息公开选项[:：]?)\s*(主动公开|公开发布|依申请公开|不予公开|不公开)\s*[）)]$",
    )
    .ok()
});
static KIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?:关于.+的?(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|公示|说明|建议)|(?:办法|规定|细则|条例|规则|方案|要点|规划|计划|意见|解读|解读材料|解读方案|问答|解答|图解|措施|说明|指南|清单|名单|目录|章程|预案|标准|通则|准则|守则|制度|纲要|须知|手册|流程|公告|通告|公示|批复|决定|答记者问|指引|导则|政策))(?:（[^）]*(?:试行|暂行|修订|修正|征求意见稿|草案|稿|版|\d{4}年)[^）]*）|（[^）]*号）)?$",
    )
    .ok()
});

fn captures<'t>(pattern: &LazyLock<Option<Regex>>, text: &'t str) -> Option<regex::Captures<'t>> {
    pattern.as_ref().and_then(|pattern| pattern.captures(text))
}

/// Whether a line is the document's own number.
pub(super) fn is_number(line: &str) -> bool {
    document_number(line).is_some()
}

/// Whether a line may close a document: who signs, when, what is attached.
pub(super) fn is_closing(line: &str) -> bool {
    let line = line.trim();
    date(signed_day(line)).is_some()
        || !bodies(line).is_empty()
        || line.starts_with("附件")
        || captures(&REMARK, line).is_some()
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
        head.number_line(&text, &page.margins);
        head.signature(&text);
        head.stated(page);
        head.applies(&text);
        head.enclosed_titles(&text);
        head.text = text.into_iter().cloned().collect();
        head
    }

    /// What a page states in a form for machines, where nothing is printed.
    fn stated(&mut self, page: &Page) {
        for (name, value) in &page.stated {
            let from = format!("{name}：{value}");
            match (key_of(name), name.as_str()) {
                (Some(key), _) => self.set(key, value, &from),
                (None, "来源" | "信息来源" | "文章来源") if self.issuers.is_empty() && is_body(value) =>
                {
                    self.issuers = vec![Field { value: bare(value), from }];
                }
                (None, "时间" | "日期" | "更新时间") => self.set(Key::Published, value, &from),
                _ => {}
            }
        }
    }

    /// When the text applies, as it says itself.
    fn applies(&mut self, text: &[&Block]) {
        let lines: Vec<String> = text.iter().map(|block| block.line().unwrap_or_default()).collect();
        let released = self.signed.as_ref().or(self.published.as_ref()).map(|day| day.value.clone());
        let found = validity(lines.iter().map(String::as_str), released.as_deref());
        let field = |(value, from): (String, String)| Field { value, from };
        if self.effective.is_none() {
            self.effective = found.effective.map(field);
        }
        if self.expires.is_none() {
            self.expires = found.expires.map(field);
        }
    }

    fn metadata(&mut self, block: &Block, index: usize, taken: &mut BTreeSet<usize>) {
        let lines: Vec<String> = match block {
            Block::Line { .. } => vec![block.text()],
            Block::Table(rows) => rows.iter().map(|row| row_text(row)).collect(),
            Block::Item { .. } | Block::Footnote { .. } => return,
        };
        if lines.is_empty() || !lines.iter().all(|line| is_metadata(line)) {
            return;
        }
        taken.insert(index);
        for line in lines {
            for (key, value) in pairs(&line) {
                self.set(key, &value, &line);
            }
            self.metadata_lines.push(line);
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
        let own =
            page.title.as_ref().map(|title| Field { value: title.text.clone(), from: title.text.clone() });
        let is_sure = page.title.as_ref().is_some_and(|title| title.is_sure);
        let wanted = self.title.clone().filter(|_| !is_sure);
        let wanted = wanted.or_else(|| {
            own.clone().filter(|title| is_sure || captures(&KIND, &bare(&title.value)).is_some())
        });
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
                    self.title = Some(Field { value, from: joined });
                    return;
                }
            }
        }
        self.title = wanted.or_else(|| self.title.take()).or_else(|| first_line(&lines, taken)).or(own);
        if let Some(title) = &self.title {
            self.titles.push(title.value.clone());
        }
    }

    /// The number: a line of its own near the top, at the end of the title, or
    /// in the header of the pages.
    fn number_line(&mut self, text: &[&Block], margins: &[String]) {
        if self.number.is_none() {
            let lines: Vec<String> = text.iter().take(TOP_LINES).map(|block| block.text()).collect();
            let alone = lines
                .iter()
                .find_map(|line| Some(Field { value: document_number(line)?, from: line.clone() }));
            let parted = || {
                let pairs = lines.iter().zip(lines.iter().skip(1));
                pairs.into_iter().find_map(|(first, second)| {
                    Some(Field {
                        value: number::of_two_lines(first, second)?,
                        from: format!("{first} {second}"),
                    })
                })
            };
            let title = self.title.as_ref();
            let in_title = || {
                title.and_then(|title| {
                    Some(Field { value: number::in_title(&title.value)?, from: title.value.clone() })
                })
            };
            let in_margin = || {
                margins
                    .iter()
                    .find_map(|line| Some(Field { value: document_number(line)?, from: line.clone() }))
            };
            self.number = alone.or_else(parted).or_else(in_title).or_else(in_margin);
        }
        if let Some(number) = &self.number
            && let Some(issuer) = number::issuer_of(&number.value).filter(|_| self.issuers.is_empty())
        {
            self.issuers = vec![Field { value: issuer.to_owned(), from: number.from.clone() }];
        }
    }

    /// Signature, date and remark.
    fn signature(&mut self, text: &[&Block]) {
        let lines: Vec<String> = text.iter().map(|block| block.line().unwrap_or_default()).collect();
        let days =
            || lines.iter().enumerate().filter_map(|(index, line)| Some((index, date(signed_day(line))?)));
        let is_signed = |(index, _): &(usize, String)| {
            let own = lines.get(*index).is_some_and(|line| signed_day(line) != line.as_str());
            own || index
                .checked_sub(1)
                .and_then(|before| lines.get(before))
                .is_some_and(|before| !bodies(before).is_empty())
        };
        let dated = days().find(is_signed).or_else(|| days().next());
        if let Some((index, value)) = dated {
            let from = lines.get(index).cloned().unwrap_or_default();
            self.signed.get_or_insert(Field { value: value.chars().take(10).collect(), from });
            if self.issuers.is_empty() {
                let field = |value: String, at: usize| Field {
                    value,
                    from: lines.get(at).cloned().unwrap_or_default(),
                };
                let own =
                    lines.get(index).map(|line| line.strip_suffix(signed_day(line)).unwrap_or_default());
                let mut names: Vec<Field> =
                    own.into_iter().flat_map(bodies).map(|name| field(name, index)).collect();
                for (at, line) in lines.get(..index).unwrap_or_default().iter().enumerate().rev() {
                    let found = bodies(line);
                    if found.is_empty() {
                        break;
                    }
                    names.splice(0..0, found.into_iter().map(|name| field(name, at)));
                }
                self.issuers = names;
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
    let is_order = line.ends_with('令') && !line.contains("关于");
    document_number(line).is_none()
        && !number::is_serial(line)
        && !is_order
        && date(line).is_none()
        && !line.ends_with(['。', '：', ':', '，'])
}

/// The first line, where nothing is known as a title: any text has a heading.
fn first_line(lines: &[(usize, String)], taken: &mut BTreeSet<usize>) -> Option<Field> {
    let (index, line) =
        lines.iter().find(|(_, line)| document_number(line).is_none() && !number::is_serial(line))?;
    let count = line.chars().count();
    if !(4..=60).contains(&count) || line.contains(['。', '；', '，']) || line.ends_with(['：', ':']) {
        return None;
    }
    taken.insert(*index);
    Some(Field { value: line.clone(), from: line.clone() })
}

/// The day that a line ends in, after the name of who signs.
fn signed_day(line: &str) -> &str {
    line.rsplit_once(' ').map_or(line, |(_, day)| if date(day).is_some() { day } else { line })
}

/// The bodies that a line of a signature names, the lead first.
fn bodies(line: &str) -> Vec<String> {
    let parts: Vec<&str> = line.split([' ', '、']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_body(part)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    if is_body(line) { vec![bare(line)] } else { Vec::new() }
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
