//! 附件说明: the list of attachments and what refers to it.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use crate::triggers::Trigger;
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::numerals;

use super::attachment_items::{self, Form, Head, Item};

pub(crate) static FAMILY: Family = Family {
    rules: &[&MARK, &TRAILING, &ORDER, &ABSENT, &SINGLE, &UNLISTED, &HEADED, &TITLED, &CROWDED],
    check: Check::Document(check),
};

static MARK: Rule = Rule {
    code: "P421",
    name: "attachment-label",
    category: "attachment",
    severity: Severity::Warning,
    what: ("附件序号的写法：1、、一、、（一）", "the number of an attachment in another form than `1.`"),
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

static HEADED: Rule = Rule {
    code: "P427",
    name: "attachment-head",
    category: "attachment",
    severity: Severity::Warning,
    what: ("附件说明的开头不是“附件：”", "a list of attachments that does not begin with 附件："),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：左空二字编排“附件”二字，后标全角冒号和附件名称，各部分之间不空格。",
        "GB/T 9704-2012, 7.3.4: 附件, a full-width colon, the names; no blanks between.",
    ),
    bad: "附：1.项目申报表\n\n2.联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("附件正文前的“附件1”、单列的“附：”不查。", "附件1 above an enclosed text, 附： on its own."),
};

static TITLED: Rule = Rule {
    code: "P428",
    name: "attachment-title-marks",
    category: "attachment",
    severity: Severity::Hint,
    what: ("附件说明中的附件名称加了书名号", "title marks around an attachment's name in the list"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条的示例“附件：1.××××”：名称不加书名号。",
        "GB/T 9704-2012, 7.3.4 shows the names without title marks.",
    ),
    bad: "附件：1.《项目申报表》\n\n2.联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("名称中引用的其他文件（关于印发《…》的通知）不查。", "Titles inside a name."),
};

static CROWDED: Rule = Rule {
    code: "P429",
    name: "attachment-line",
    category: "attachment",
    severity: Severity::Warning,
    what: ("两个附件写在一行", "two attachments on one line"),
    why: (
        "GB/T 9704—2012 第 7.3.4 条：多个附件逐个分行列出，序号对齐。",
        "GB/T 9704-2012, 7.3.4: each on a line of its own.",
    ),
    bad: "附件：1.项目申报表 2.联系人名单",
    good: "附件：1.项目申报表\n\n2.联系人名单",
    except: ("正文中提到几个附件的不查。", "Attachments mentioned in the text."),
};

static NUMBERED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|\n)\s*附件\s?([0-9]{1,2})\s*[：:.]").ok());
static REFERENCE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"附件\s?([0-9]{1,2}|[一二三四五六七八九十]{1,2})").ok());

fn check(document: &Document<'_>, sink: &mut Sink) {
    let flow: Vec<&Segment<'_>> = document.flow().collect();
    let mut listed = None;
    let mut is_told = false;
    for (index, segment) in flow.iter().enumerate() {
        listed = listed.max(numbered(segment));
        if !segment.awaits(Trigger::Attachment) || segment.is_heading() {
            continue;
        }
        let Some(head) = attachment_items::head(segment) else { continue };
        let Some(items) = listed_under(&flow, index, &head) else { continue };
        headed(segment, &head, &items, &mut is_told, sink);
        judge(&items, &head, sink);
        if items.is_empty() {
            single_end(segment, head.range.end, sink);
        }
        let most = items.iter().map(|item| item.number).max().unwrap_or(1);
        listed = Some(listed.map_or(most, |before: u32| before.max(most)));
    }
    match listed {
        Some(most) => references(document, most, sink),
        None => unlisted(document, sink),
    }
}

/// The items, where the segment begins a list: none for a single name. What only begins
/// with the word (附件中所列…, the heading 附件1) is no list.
fn listed_under<'s, 'a>(flow: &[&'s Segment<'a>], index: usize, head: &Head) -> Option<Vec<Item<'s, 'a>>> {
    let segment = flow.get(index)?;
    let rest = segment.after(head.range.end);
    let is_plain = head.word == "附件" && head.number.is_none();
    let is_colon = matches!(head.mark, Some('：' | ':'));
    if head.number.is_some() {
        // 附件1：甲 and 附件2：乙, each with its own head.
        let name = rest.trim();
        let is_one = head.number == Some(1) && is_colon && !name.is_empty() && name.chars().count() < 60;
        return is_one.then(Vec::new);
    }
    let items = attachment_items::items(flow, index, head.range.end);
    let is_listed = match head.mark {
        Some(_) => !items.is_empty(),
        None => is_plain && items.len() > 1,
    };
    if is_plain && is_colon || is_listed {
        return Some(items);
    }
    None
}

/// 附：, 附 件：, 附件；: what the list should begin with.
fn headed(segment: &Segment<'_>, head: &Head, items: &[Item<'_, '_>], is_told: &mut bool, sink: &mut Sink) {
    let written = segment.slice(head.range.clone());
    for blank in &head.blanks {
        let hit = Hit::new(
            &HEADED,
            segment,
            blank.clone(),
            "附件说明中不空格",
            "no blank in the list of attachments",
        );
        sink.push(hit.severity(Severity::Hint).safe(""));
    }
    if let Some(number) = head.number {
        // Told once: a text that does it does it throughout.
        if !std::mem::replace(is_told, true) {
            let right = format!("附件：{number}.");
            let zh = format!("附件说明写作“{right}”，其余附件只写序号");
            let hit =
                Hit::new(&HEADED, segment, head.range.clone(), zh, format!("begin the list with `{right}`"));
            sink.push(hit.severity(Severity::Hint).review(right));
        }
        return;
    }
    let bare: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    if bare == "附件：" || bare == "附件:" {
        return;
    }
    let zh = format!("附件说明以“附件：”开头，不写作“{written}”");
    let hit = Hit::new(&HEADED, segment, head.range.clone(), zh, "the list begins with `附件：`");
    let is_sure = items.len() > 1;
    sink.push(hit.severity(if is_sure { Severity::Warning } else { Severity::Hint }).review("附件："));
}

/// The highest number of lines such as 附件1：… in a segment.
fn numbered(segment: &Segment<'_>) -> Option<u32> {
    let pattern = NUMBERED.as_ref().filter(|_| segment.awaits(Trigger::Attachment))?;
    let numbers =
        pattern.captures_iter(&segment.text).filter_map(|found| found.get(1)?.as_str().parse().ok());
    numbers.max()
}

fn judge(items: &[Item<'_, '_>], head: &Head, sink: &mut Sink) {
    let mut is_crowded = false;
    for (index, item) in items.iter().enumerate() {
        let expected = u32::try_from(index).unwrap_or(0) + 1;
        label_form(item, sink);
        let is_out_of_order = item.number != expected
            && items.get(index.wrapping_sub(1)).is_none_or(|last| last.number + 1 != item.number);
        if is_out_of_order && !is_crowded && !matches!(item.form, Form::List | Form::Repeated) {
            out_of_order(item, expected, sink);
        }
        trailing(item, sink);
        title_marks(item, sink);
        if let Some((range, number)) = attachment_items::crowded(item) {
            is_crowded = true;
            let right = format!("\n\n{number}");
            let hit = Hit::new(&CROWDED, item.segment, range, "每个附件另起一行", "one attachment a line");
            sink.push(hit.review(right));
        }
    }
    if let [item] = items
        && !is_crowded
        && head.number.is_none()
        && matches!(item.form, Form::Dotted | Form::Wide | Form::Marked)
    {
        let zh = "只有一个附件时不编号";
        let hit =
            Hit::new(&SINGLE, item.segment, item.label.clone(), zh, "a single attachment takes no number");
        sink.push(hit.review(""));
    }
}

/// 1、, 一、, （一）, ①: the number is Arabic with a dot.
fn label_form(item: &Item<'_, '_>, sink: &mut Sink) {
    let right = format!("{}.", item.number);
    let written = item.written();
    let severity = match item.form {
        Form::List | Form::Repeated => return,
        Form::Dotted | Form::Wide => {
            blanks(item, sink);
            if item.form == Form::Dotted || written.contains([' ', '\u{3000}']) {
                return;
            }
            Severity::Hint
        }
        _ => Severity::Warning,
    };
    let zh = format!("附件序号应写作“{right}”");
    let hit = Hit::new(
        &MARK,
        item.segment,
        item.label.clone(),
        zh,
        format!("attachment label should be `{right}`"),
    );
    sink.push(hit.severity(severity).review(right));
}

/// Blanks before the dot and after it.
fn blanks(item: &Item<'_, '_>, sink: &mut Sink) {
    let blank = |c: char| matches!(c, ' ' | '\u{3000}');
    let label = item.written();
    let inside = label.find(blank).map(|at| {
        let length = label.get(at..).map_or(0, |rest| rest.len() - rest.trim_start_matches(blank).len());
        item.label.start + at..item.label.start + at + length
    });
    let name = item.segment.slice(item.name.clone());
    let lead = name.len() - name.trim_start_matches(blank).len();
    let after = (lead > 0).then(|| item.name.start..item.name.start + lead);
    for range in inside.into_iter().chain(after) {
        let hit =
            Hit::new(&HEADED, item.segment, range, "附件序号与名称之间不空格", "no blank beside the number");
        sink.push(hit.severity(Severity::Hint).safe(""));
    }
}

fn out_of_order(item: &Item<'_, '_>, expected: u32, sink: &mut Sink) {
    let right = super::labels::rewrite(item.written(), expected);
    let zh = format!("附件序号不连续：“{}”，应为“{right}”", item.written());
    let hit = Hit::new(
        &ORDER,
        item.segment,
        item.label.clone(),
        zh,
        format!("attachment number should be `{right}`"),
    );
    sink.push(hit.review(right));
}

/// A mark after the name.
fn trailing(item: &Item<'_, '_>, sink: &mut Sink) {
    let name = item.segment.slice(item.name.clone()).trim_end();
    let is_mark = |c: &char| matches!(c, '；' | '。' | '，' | '、' | ';' | ',' | '：' | ':');
    let Some(mark) = name.chars().next_back().filter(is_mark) else { return };
    let end = item.name.start + name.len();
    let zh = format!("附件名称后不加标点“{mark}”");
    let range = end - mark.len_utf8()..end;
    sink.push(Hit::new(&TRAILING, item.segment, range, zh, "no mark after an attachment's name").safe(""));
}

/// 1.《项目申报表》: the name alone.
fn title_marks(item: &Item<'_, '_>, sink: &mut Sink) {
    let name = item.named();
    let start = item.name.start + item.segment.slice(item.name.clone()).find(name).unwrap_or(0);
    titled(item.segment, name, start, sink);
}

fn titled(segment: &Segment<'_>, name: &str, start: usize, sink: &mut Sink) {
    let bare = name.trim_end_matches(['；', '。', '，']);
    let Some(inner) = bare.strip_prefix('《').and_then(|name| name.strip_suffix('》')) else { return };
    if inner.contains(['《', '》']) {
        return;
    }
    let zh = format!("附件说明中的名称不加书名号：“{inner}”");
    let hit = Hit::new(&TITLED, segment, start..start + bare.len(), zh, "no title marks around the name");
    sink.push(hit.review(inner));
}

/// 附件：任务分工表。
fn single_end(segment: &Segment<'_>, start: usize, sink: &mut Sink) {
    let name = segment.after(start).trim_end();
    let lead = name.len() - name.trim_start().len();
    titled(segment, name.trim_start(), start + lead, sink);
    let is_name = !name.is_empty()
        && name.chars().count() < 40
        && !name.trim_end_matches(['。', '；']).contains(['。', '；']);
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
