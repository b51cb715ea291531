//! Marks of classified or internal papers.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Document, Segment};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};

pub(crate) static FAMILY: Family = Family { rules: &[&MARK], check: Check::Segment(check) };

static MARK: Rule = Rule {
    code: "P611",
    name: "secrecy-mark",
    category: "secrecy",
    severity: Severity::Error,
    what: ("密级、份号或内部资料标识", "a mark of secrecy, a copy number or an internal-use mark"),
    why: (
        "《保守国家秘密法》：上网信息不涉密、涉密信息不上网；GB/T 9704—2012 第 7.2.1、7.2.2 条的份号和密级只见于涉密公文。",
        "State Secrets Law; copy numbers and marks of secrecy (GB/T 9704-2012, 7.2.1, 7.2.2) stand on classified papers only.",
    ),
    bad: "机密★1年\n\n关于某事项的通知",
    good: "关于某事项的通知",
    except: ("正文中论及“国家秘密”“商业秘密”的不查。", "Running text about secrets."),
};

static STAR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:绝\s?密|机\s?密|秘\s?密)\s*[★☆*＊]\s*(?:长期|[0-9]+\s?年|[0-9]+个月)?").ok()
});
static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*[（(【\[]?\s*(?:(?:密\s*级\s*[:：]\s*)?(?:绝密|机密|秘密)(?:级)?|内部(?:资料|文件|材料|使用)[，,、；;]?\s*(?:注意保存|注意保密|不得外传|请勿外传|严禁外传)?|(?:注意保密|不得外传|请勿外传|严禁外传|仅[供限]?内部(?:使用|参考|传阅|掌握))|份号\s*[:：]?\s*[0-9]{4,8})\s*[）)】\]]?\s*$").ok()
});

fn check(_: &Document<'_>, segment: &Segment<'_>, sink: &mut Sink) {
    let has_star = segment.marks.iter().any(|(_, c)| matches!(c, '★' | '☆' | '*' | '＊'));
    let is_line = segment.text.len() <= 24 * 4;
    let words = ["密", "内部", "份号", "外传"];
    if !(has_star || is_line) || !words.iter().any(|word| segment.text.contains(word)) {
        return;
    }
    let mut found: Vec<regex::Match<'_>> =
        STAR.iter().filter(|_| has_star).flat_map(|pattern| pattern.find_iter(&segment.text)).collect();
    if found.is_empty() && segment.text.chars().count() <= 24 {
        found.extend(LINE.iter().filter_map(|pattern| pattern.find(&segment.text)));
    }
    for mark in found {
        let shown = mark.as_str().trim();
        let zh = format!("出现密级或内部标识“{shown}”，公开前须经保密审查确认");
        let en = format!("mark of secrecy `{shown}`: not to be published before a secrecy review");
        sink.push(Hit::new(&MARK, segment, mark.range(), zh, en));
    }
}
