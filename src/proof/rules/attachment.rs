//! 附件说明: the list of attachments and what refers to it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

pub(crate) static FAMILY: Family =
    Family { rules: &[&MARK, &TRAILING, &ORDER, &ABSENT, &SINGLE, &UNLISTED], check: Check::Document(check) };

static MARK: Rule = Rule {
    code: "P421",
    name: "attachment-label",
    category: "attachment",
    severity: Severity::Warning,
    what: ("附件序号后用了顿号", "an enumeration comma after an attachment's number"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：多个附件用阿拉伯数字编号，如“附件：1.××”。",
        "GB/T 9704-2012, 7.3.4: attachments are numbered 1. 2. 3.",
    ),
    bad: "附件：1、项目申报表\n\n2、联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("无。", "None."),
};

static TRAILING: Rule = Rule {
    code: "P422",
    name: "attachment-end",
    category: "attachment",
    severity: Severity::Warning,
    what: ("附件名称后有标点", "a mark after an attachment's name"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：附件名称后不加标点符号。",
        "GB/T 9704-2012, 7.3.4: no mark after the name.",
    ),
    bad: "附件：1.项目申报表；\n\n2.联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("名称本身的书名号、括号不算。", "Brackets and title marks of the name itself."),
};

static ORDER: Rule = Rule {
    code: "P423",
    name: "attachment-order",
    category: "attachment",
    severity: Severity::Warning,
    what: ("附件序号不连续", "attachments numbered with a gap"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：附件序号与附件一一对应。",
        "GB/T 9704-2012, 7.3.4: numbers and attachments correspond.",
    ),
    bad: "附件：1.项目申报表\n\n3.联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("无。", "None."),
};

static ABSENT: Rule = Rule {
    code: "P424",
    name: "attachment-absent",
    category: "attachment",
    severity: Severity::Error,
    what: ("正文引用的附件不在附件说明中", "a reference to an attachment that is not listed"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：所引附件列在附件说明中；漏列的，读者找不到。",
        "GB/T 9704-2012, 7.3.4: what is referred to is listed, or the reader cannot find it.",
    ),
    bad: "详见附件4。\n\n附件：1.项目申报表\n\n2.联系人名单",
    good: "详见附件2。\n\n附件：1.项目申报表\n\n2.联系人名单",
    except: ("引用其他文件的附件（《…》附件3）不查。", "Attachments of other documents."),
};

static SINGLE: Rule = Rule {
    code: "P425",
    name: "attachment-single",
    category: "attachment",
    severity: Severity::Warning,
    what: ("只有一个附件却编了号", "a number on the only attachment"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：只有一个附件时不编号。",
        "GB/T 9704-2012, 7.3.4: a single attachment has no number.",
    ),
    bad: "附件：1.项目申报表",
    good: "附件：项目申报表",
    except: ("无。", "None."),
};

static UNLISTED: Rule = Rule {
    code: "P426",
    name: "attachment-unlisted",
    category: "attachment",
    severity: Severity::Hint,
    what: ("写了“见附件”，文中却没有附件说明", "见附件 in a text that lists no attachment"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：有附件的，在正文下空一行编排附件说明。",
        "GB/T 9704-2012, 7.3.4: attachments are listed below the text.",
    ),
    bad: "具体名单见附件，请各单位按名单落实。",
    good: "具体名单见附件，请各单位按名单落实。\n\n附件：重点项目名单",
    except: (
        "“见附件”本身是链接的、说的是其他文件附件的不查。",
        "Where the words are a link, and attachments of other documents.",
    ),
};

static NUMBERED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|\n)\s*附件\s?([0-9]{1,2})\s*[：:.]").ok());
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*附件\s*[：:]\s*").ok());
static ITEM: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)(?:^|[\n])\s*([0-9]{1,2})([.．、，,:：])\s*").ok());
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"附件\s?([0-9]{1,2}|[一二三四五六七八九十]{1,2})").ok());

/// One listed attachment.
struct Item<'s, 'a> {
    segment: &'s Segment<'a>,
    number: u32,
    label: Range<usize>,
    mark: char,
    name: Range<usize>,
}

fn check(document: &Document<'_>, sink: &mut Sink) {
    let flow: Vec<&Segment<'_>> = document.flow().collect();
    let mut listed = None;
    for (index, segment) in flow.iter().enumerate() {
        listed = listed.max(numbered(segment));
        let Some(head) = HEAD
            .as_ref()
            .filter(|_| segment.awaits(Trigger::Attachment))
            .and_then(|head| head.find(&segment.text))
        else {
            continue;
        };
        let items = items(&flow, index, head.end());
        judge(&items, sink);
        if items.is_empty() {
            single_end(segment, head.end(), sink);
        }
        let most = items.iter().map(|item| item.number).max().unwrap_or(1);
        listed = Some(listed.map_or(most, |before: u32| before.max(most)));
    }
    match listed {
        Some(most) => references(document, most, sink),
        None => unlisted(document, sink),
    }
}

/// The highest number of lines such as 附件1：… in a segment.
fn numbered(segment: &Segment<'_>) -> Option<u32> {
    let pattern = NUMBERED.as_ref().filter(|_| segment.awaits(Trigger::Attachment))?;
    let numbers =
        pattern.captures_iter(&segment.text).filter_map(|found| found.get(1)?.as_str().parse().ok());
    numbers.max()
}

/// The items after 附件：, in the same paragraph and in those that follow.
fn items<'s, 'a>(flow: &[&'s Segment<'a>], index: usize, start: usize) -> Vec<Item<'s, 'a>> {
    let mut items: Vec<Item<'s, 'a>> = Vec::new();
    let Some(pattern) = ITEM.as_ref() else { return items };
    for (at, segment) in flow.iter().enumerate().skip(index) {
        let from = if at == index { start } else { 0 };
        let before = items.len();
        let text = segment.after(from);
        for found in pattern.captures_iter(text) {
            let (Some(whole), Some(number), Some(mark)) = (found.get(0), found.get(1), found.get(2)) else {
                continue;
            };
            if let Some(last) = items.last_mut().filter(|_| items_in(before, from + whole.start())) {
                last.name.end = last.name.end.min(from + whole.start());
            }
            items.push(Item {
                segment,
                number: number.as_str().parse().unwrap_or(0),
                label: from + number.start()..from + mark.end(),
                mark: mark.as_str().chars().next().unwrap_or('.'),
                name: from + whole.end()..segment.text.len(),
            });
        }
        let is_name = segment.text.chars().count() < 80 && !segment.text.contains('。');
        if items.len() == before || !is_name {
            items.truncate(if is_name {
                items.len()
            } else {
                before.max(usize::from(at == index) * items.len())
            });
            break;
        }
    }
    items
}

/// Whether an earlier item of the same segment must end here.
fn items_in(_before: usize, start: usize) -> bool {
    start > 0
}

fn judge(items: &[Item<'_, '_>], sink: &mut Sink) {
    for (index, item) in items.iter().enumerate() {
        let expected = u32::try_from(index).unwrap_or(0) + 1;
        if matches!(item.mark, '、' | '，' | ',' | ':' | '：') {
            let right = format!("{}.", item.number);
            let zh = format!("附件序号应写作“{right}”");
            let hit = Hit::new(
                &MARK,
                item.segment,
                item.label.clone(),
                zh,
                format!("attachment label should be `{right}`"),
            );
            sink.push(hit.review(right));
        }
        if item.number != expected
            && items.get(index.wrapping_sub(1)).is_none_or(|last| last.number + 1 != item.number)
        {
            let mark = item.mark;
            let right = format!("{expected}{mark}");
            let zh = format!("附件序号不连续：“{}”，应为“{right}”", item.segment.slice(item.label.clone()));
            let hit = Hit::new(
                &ORDER,
                item.segment,
                item.label.clone(),
                zh,
                format!("attachment number should be `{right}`"),
            );
            sink.push(hit.review(right));
        }
        let name = item.segment.slice(item.name.clone()).trim_end();
        if let Some(mark) =
            name.chars().next_back().filter(|c| matches!(c, '；' | '。' | '，' | '、' | ';' | ','))
        {
            let end = item.name.start + name.len();
            let zh = format!("附件名称后不加标点“{mark}”");
            let range = end - mark.len_utf8()..end;
            sink.push(
                Hit::new(&TRAILING, item.segment, range, zh, "no mark after an attachment's name").safe(""),
            );
        }
    }
    if let [item] = items {
        let zh = "只有一个附件时不编号";
        let hit =
            Hit::new(&SINGLE, item.segment, item.label.clone(), zh, "a single attachment takes no number");
        sink.push(hit.review(""));
    }
}

/// 附件：任务分工表。
fn single_end(segment: &Segment<'_>, start: usize, sink: &mut Sink) {
    let name = segment.after(start).trim_end();
    let is_name =
        !name.is_empty() && name.chars().count() < 40 && !name.trim_end_matches('。').contains(['。', '；']);
    let Some(mark) = name.chars().next_back().filter(|c| is_name && matches!(c, '；' | '。' | '，'))
    else {
        return;
    };
    let end = start + name.len();
    let zh = format!("附件名称后不加标点“{mark}”");
    let hit =
        Hit::new(&TRAILING, segment, end - mark.len_utf8()..end, zh, "no mark after an attachment's name");
    sink.push(hit.safe(""));
}

/// 见附件 where nothing is attached: told once.
fn unlisted(document: &Document<'_>, sink: &mut Sink) {
    let has_list = document.segments.iter().any(|segment| {
        let text = segment.text.trim_start();
        text.starts_with("附件") || text.starts_with("附：") || text.starts_with("附表")
    });
    let names_file =
        |link: &jiedu_markdown::Link| link.text.contains("附件") || link.target.contains("attachments/");
    if has_list || document.body.links.iter().any(names_file) {
        return;
    }
    for segment in document.flow() {
        for word in ["见附件", "附后附件", "附件所列"] {
            let Some(at) = segment.text.find(word) else { continue };
            let is_other = segment.before(at).trim_end().ends_with(['》', '）']);
            if !is_other {
                let zh = "文中说“见附件”，但没有附件说明（附件：…）";
                let hit = Hit::new(&UNLISTED, segment, at..at + word.len(), zh, "no attachment is listed");
                sink.push(hit);
                return;
            }
        }
    }
}

fn references(document: &Document<'_>, most: u32, sink: &mut Sink) {
    let Some(pattern) = REFERENCE.as_ref() else { return };
    let is_heading = |segment: &Segment<'_>| {
        segment.text.trim_start().starts_with("附件") && segment.text.chars().count() < 40
    };
    for segment in
        document.segments.iter().filter(|segment| segment.awaits(Trigger::Attachment) && !is_heading(segment))
    {
        for found in pattern.captures_iter(&segment.text) {
            let (Some(whole), Some(number)) = (found.get(0), found.get(1)) else { continue };
            let Some(value) = numerals::read(number.as_str()) else { continue };
            let is_other = segment.before(whole.start()).trim_end().ends_with(['》', '号', '）']);
            if value <= most || is_other {
                continue;
            }
            let zh = format!("引用了“{}”，附件说明中只有{most}个附件", whole.as_str());
            let en = format!("`{}` is not among the {most} listed attachments", whole.as_str());
            sink.push(Hit::new(&ABSENT, segment, whole.range(), zh, en));
        }
    }
}
