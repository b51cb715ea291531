//! The ends of passages: a final mark that is missing, a stop after a heading.

use std::ops::Range;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::is_han;
use jiedu_markdown::ProseKind;

pub(crate) static FAMILY: Family = Family { rules: &[&FINAL, &HEADING], check: Check::Document(ends) };

static FINAL: Rule = Rule {
    code: "P231",
    name: "missing-final-stop",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("成句的段落末尾没有标点", "a paragraph of sentences without a final mark"),
    why: (
        "GB/T 15834—2011 第 4.1 条：句末用句末点号；漏标常意味着文字被截断。",
        "GB/T 15834-2011, 4.1; a missing stop often means lost text.",
    ),
    bad: "对裁定不服的，可以申请复议，并将裁定书送达双方当事人和公证机关\n\n各级人民政府应当开展培训，并给予补贴。",
    good: "对裁定不服的，可以申请复议，并将裁定书送达双方当事人和公证机关。\n\n各级人民政府应当开展培训，并给予补贴。",
    except: (
        "标题、名单、附件、落款、表格和以冒号引出下文的不查。",
        "Titles, lists, attachments, signatures, tables.",
    ),
};

static HEADING: Rule = Rule {
    code: "P232",
    name: "heading-end-stop",
    category: "punctuation",
    severity: Severity::Warning,
    what: ("一级标题末尾用了句号", "a stop after a first-level heading"),
    why: (
        "公文一级标题（一、）独立成行，末尾不加标点（GB/T 9704—2012 第 7.3.3 条的通行做法）。",
        "A first-level heading stands alone and takes no mark (practice under GB/T 9704-2012, 7.3.3).",
    ),
    bad: "## 二、工作目标。\n\n到年底全部完成。",
    good: "## 二、工作目标\n\n到年底全部完成。",
    except: ("标题后接正文的同段文字、二级标题“（一）…。”不查。", "Run-in text, second-level headings."),
};

fn ends(document: &Document<'_>, sink: &mut Sink) {
    let flow: Vec<&Segment<'_>> = document.flow().filter(|segment| !segment.text.trim().is_empty()).collect();
    let mut open = Vec::new();
    for (index, segment) in flow.iter().enumerate() {
        heading_end(segment, flow.get(index + 1).copied(), sink);
        open.extend(final_stop(&flow, index, segment));
    }
    // Many at once are lines broken by a conversion, one fault of the whole text.
    let is_habit = open.len() >= BROKEN;
    for hit in open {
        if is_habit { sink.fold(hit) } else { sink.push(hit) }
    }
}

fn heading_end(segment: &Segment<'_>, next: Option<&Segment<'_>>, sink: &mut Sink) {
    let text = segment.text.trim_end();
    if matches!(segment.prose.kind, ProseKind::Heading(1) | ProseKind::FrontMatter)
        && text.ends_with('。')
        && text.matches('。').count() == 1
    {
        let at = text.len() - '。'.len_utf8();
        sink.push(
            Hit::new(&HEADING, segment, at..text.len(), "标题末尾不加句号", "no stop after a title").safe(""),
        );
        return;
    }
    let label: String = text.chars().take_while(|&c| jiedu_base::text::numerals::is_numeral(c)).collect();
    let Some(title) = text.get(label.len()..).and_then(|rest| rest.strip_prefix('、')) else { return };
    let is_long = title.chars().count() > 20;
    if label.is_empty() || is_long || !title.ends_with('。') || title.contains('，') || next.is_none() {
        return;
    }
    if title.trim_end_matches('。').contains(['。', '；', '：'])
        || (!segment.is_heading() && !is_topic(title))
    {
        return;
    }
    let at = text.len() - '。'.len_utf8();
    let hit = Hit::new(
        &HEADING,
        segment,
        at..text.len(),
        "一级标题末尾不加句号",
        "no stop after a first-level heading",
    );
    sink.push(hit.safe(""));
}

/// A short noun phrase that heads a part, where no Markdown heading says so.
fn is_topic(title: &str) -> bool {
    ["要求", "目标", "任务", "措施", "保障", "原则", "安排", "背景", "依据", "内容", "范围", "事项", "思想"]
        .iter()
        .any(|word| title.trim_end_matches('。').ends_with(word))
}

/// So many paragraphs without a final mark are lines that were broken.
const BROKEN: usize = 4;

fn final_stop<'s, 'a>(
    flow: &[&'s Segment<'a>],
    index: usize,
    segment: &'s Segment<'a>,
) -> Option<Hit<'s, 'a>> {
    let text = segment.text.trim_end();
    let last =
        text.chars().next_back().filter(|&c| is_han(c) || matches!(c, '）' | '”' | '》' | '%' | '％'))?;
    // A quotation ends with its own stop; what stands in brackets as a whole is a note.
    let inner = text.trim_end_matches(last);
    let is_closed = matches!(last, '”' | '）') && inner.ends_with(['。', '！', '？', '；']);
    let is_note =
        last == '）' && (text.starts_with('（') || inner.rfind('（').is_none_or(|at| at * 2 < text.len()));
    if is_closed || is_note {
        return None;
    }
    let is_item = segment.prose.kind == ProseKind::ListItem;
    if is_item && !is_among_sentences(flow, index) {
        return None;
    }
    if segment.prose.kind != ProseKind::Paragraph && !is_item
        || index == 0
        || text.contains('\n') && text.chars().count() < 60
    {
        // The first paragraph of a text may be its title, unless it is plainly prose.
        let is_prose =
            index == 0 && segment.prose.kind == ProseKind::Paragraph && text.contains('，') && flow.len() > 1;
        if !is_prose {
            return None;
        }
    }
    let is_prose = is_item && text.chars().count() >= SHORTEST_ITEM || is_sentences(text);
    if !is_prose || is_listed(text) || is_head_or_formula(text) {
        return None;
    }
    let near = flow.get(index.saturating_sub(2)..(index + 3).min(flow.len())).unwrap_or(&[]);
    if !near.iter().any(|near| near.index != segment.index && ends_sentence(near)) {
        return None;
    }
    let range: Range<usize> = text.len() - last.len_utf8()..text.len();
    let hit = Hit::new(&FINAL, segment, range, "段末缺少标点", "the paragraph ends without a mark");
    let hit = hit.review(format!("{last}。"));
    let next = flow.get(index + 1);
    Some(if next.is_some_and(|next| is_topic_of(text, next)) { hit.severity(Severity::Hint) } else { hit })
}

/// A shorter item of a list is a name.
const SHORTEST_ITEM: usize = 8;

/// Whether a passage ends as sentences and their parts do.
fn ends_sentence(segment: &Segment<'_>) -> bool {
    segment.text.trim_end().ends_with(['。', '；', '：', '！', '？', '”', '）'])
}

/// Whether the items of the list beside this one end with a mark.
fn is_among_sentences(flow: &[&Segment<'_>], index: usize) -> bool {
    let is_item = |segment: &&&Segment<'_>| segment.prose.kind == ProseKind::ListItem;
    let before = index.checked_sub(1).and_then(|at| flow.get(at)).filter(is_item);
    let after = flow.get(index + 1).filter(is_item);
    let ends = |segment: &&Segment<'_>| segment.text.trim_end().ends_with(['。', '；']);
    before.or(after).is_some() && before.is_none_or(ends) && after.is_none_or(ends)
}

/// Whether a short line without any stop heads the longer paragraph after it.
fn is_topic_of(text: &str, next: &Segment<'_>) -> bool {
    let length = text.chars().count();
    length <= LONGEST_TOPIC
        && !text.contains(['。', '；', '：'])
        && next.text.chars().take(2 * length + 1).count() > 2 * length
}

/// The longest line that may head a paragraph.
const LONGEST_TOPIC: usize = 60;

/// Whether the paragraph is the heading of a chapter, if a long one, a formula, or
/// ends with the date of a signature.
fn is_head_or_formula(text: &str) -> bool {
    let text = text.trim_start();
    let is_chapter = text.strip_prefix('第').is_some_and(|rest| {
        let rest = rest.trim_start_matches(jiedu_base::text::numerals::is_numeral);
        rest.starts_with(['章', '节', '编', '篇'])
    });
    let is_dated = text.ends_with('日')
        && text
            .chars()
            .rev()
            .skip(1)
            .find(|&c| !jiedu_base::text::numerals::is_numeral(c) && !c.is_ascii_digit())
            == Some('月')
        && !text
            .trim_end_matches(|c: char| {
                c.is_ascii_digit() || jiedu_base::text::numerals::is_numeral(c) || "年月日 ".contains(c)
            })
            .ends_with(['至', '到', '自', '于', '在', '为']);
    is_chapter || is_dated || text.contains(['＝', '=', '÷', '×'])
}

/// Whether the text reads as sentences: long, with commas inside.
fn is_sentences(text: &str) -> bool {
    let length = text.chars().count();
    let commas = text.matches('，').count();
    let kinds = [
        "通知", "意见", "决定", "公告", "通告", "批复", "办法", "规定", "方案", "报告", "决议", "解释",
        "说明", "名单",
    ];
    (length >= 20 && commas >= 1 || length >= 60) && !kinds.iter().any(|kind| text.ends_with(kind))
}

/// Attachments, contacts, addresses and notes of adoption are no sentences.
fn is_listed(text: &str) -> bool {
    let ends = ["修正", "修订", "通过", "批准", "施行", "公布", "发布", "根据"];
    if ends.iter().any(|end| text.ends_with(end))
        && ["会议", "令", "发布", "公布"].iter().any(|word| text.contains(word))
    {
        return true;
    }
    let starts = ["附件", "附：", "抄送", "主送", "联系", "地址", "电话", "注：", "来源", "单位："];
    starts.iter().any(|start| text.starts_with(start))
        || text.matches('、').count() > text.matches('，').count() * 4 + 3
}
