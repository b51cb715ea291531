//! Proofreading a publication set as a whole: what only shows when title,
//! number, policy and interpretation are laid side by side.
//!
//! Facts and citations of the interpretation are the business of the
//! three-synchronous rules; here are the form of titles and numbers, the head of
//! the document against its metadata, and interpretations that only repeat.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::{Message, SourceFile, is_han};
use jiedu_markdown::{Body, Piece, Prose, ProseKind};
use jiedu_model::{InterpretationMaterial, PolicyDocument, PublicationSet, Spanned, document_kind};

use super::lists::Lists;
use super::profile::Profile;
use super::registry::{Check, Family};
use super::runner::check_body;
use super::{attached, closing};

pub(crate) static FAMILY: Family = Family {
    rules: &[
        &KIND,
        &STUTTER,
        &NUMBER,
        &HEAD,
        &attached::MISSING,
        &closing::ISSUER,
        &closing::MARKS,
        &closing::SIGNATURE,
        &closing::SIGNED,
        &closing::REQUEST,
        &closing::ADDRESSEE,
        &EXCERPT,
    ],
    check: Check::Elsewhere,
};

static KIND: Rule = Rule {
    code: "P801",
    name: "title-kind",
    category: "set",
    severity: Severity::Hint,
    what: ("标题没有文种", "a title that does not name the kind of document"),
    why: (
        "《党政机关公文处理工作条例》第九条：标题由发文机关名称、事由和文种组成；办法、要点等以“印发…的通知”行文。",
        "Regulation on official documents, art. 9: issuer, subject and kind of document.",
    ),
    bad: "标题: 关于加强政务公开",
    good: "标题: 关于加强政务公开的通知",
    except: (
        "随通知印发的办法、要点、方案等本身作为标题的不查。",
        "Measures, work points and plans issued under a notice.",
    ),
};

static STUTTER: Rule = Rule {
    code: "P802",
    name: "title-stutter",
    category: "set",
    severity: Severity::Warning,
    what: ("标题重复或文种混用：的通知的通知、请示报告", "a doubled or mixed kind of document in the title"),
    why: (
        "《党政机关公文处理工作条例》第八条：一文一种；转发层层套叠应当简化。",
        "Regulation on official documents, art. 8: one kind for one document.",
    ),
    bad: "标题: 关于转发关于做好工作的通知的通知",
    good: "标题: 转发关于做好工作的通知",
    except: ("书名号内的标题不查。", "Titles inside 《》."),
};

static NUMBER: Rule = Rule {
    code: "P803",
    name: "head-number",
    category: "set",
    severity: Severity::Error,
    what: (
        "正文版头的发文字号与文件信息不一致",
        "the number at the head of the text differs from the metadata",
    ),
    why: (
        "GB/T 9704—2012 第 7.2.5 条：同一文件只有一个发文字号，读者据此引用。",
        "GB/T 9704-2012, 7.2.5: a document has one number, by which it is cited.",
    ),
    bad: "发文字号: 济交办〔2025〕14号；正文首行：济交办〔2025〕41号",
    good: "发文字号: 济交办〔2025〕14号；正文首行：济交办〔2025〕14号",
    except: ("正文没有单列发文字号的不查。", "Texts without a line of their own for the number."),
};

static HEAD: Rule = Rule {
    code: "P804",
    name: "head-title",
    category: "set",
    severity: Severity::Warning,
    what: (
        "正文标题与文件信息的标题不一致",
        "the heading of the text differs from the title in the metadata",
    ),
    why: ("页面、目录和引用都取自文件信息，两处须一致。", "Pages, lists and citations use the metadata."),
    bad: "标题: 关于甲事项的通知；正文：# 关于乙事项的通知",
    good: "标题: 关于甲事项的通知；正文：# 关于甲事项的通知",
    except: ("所附文本（要点、办法）的标题不查。", "The title of an enclosed text."),
};

static EXCERPT: Rule = Rule {
    code: "P811",
    name: "mere-excerpt",
    category: "set",
    severity: Severity::Hint,
    what: ("解读材料只是摘抄原文", "an interpretation that only repeats the policy"),
    why: (
        "各地解读办法要求：解读不得是文件的摘抄或缩写，应当说明背景、依据、举措和办理方法。",
        "Local rules: an interpretation is not an excerpt or abridgement; it explains.",
    ),
    bad: "解读材料六成以上文字与文件原文相同（site.toml 的 [rules] excerpt_percent 可改）",
    good: "解读材料用自己的话说明为什么、是什么、怎么办",
    except: ("征求意见稿说明、短于300字的材料不查。", "Materials of fewer than 300 characters."),
};

static STUTTERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:的?通知的通知|的?意见的意见|请示报告|的通知的函|关于关于|的的)").ok());
static OWN_NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(\p{Han}{2,14}〔[0-9]{4}〕[0-9]{1,5}号)\s*$").ok());

/// Proofreads a set as a whole, front-matter titles included.
#[must_use]
pub fn check_set(set: &PublicationSet, lists: &Lists) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(policy) = &set.policy {
        title_form(policy, &mut findings);
        head(policy, &mut findings);
        attached::check(set, policy, &mut findings);
        closing::check(policy, &mut findings);
        if let Some(title) = &policy.meta.title {
            findings.extend(front_matter(&policy.file, title, lists));
        }
        for material in &set.materials {
            excerpt(policy, material, lists.excerpt_percent(), &mut findings);
        }
    }
    for material in &set.materials {
        if let Some(title) = &material.meta.title {
            findings.extend(front_matter(&material.file, title, lists));
        }
    }
    let id = set.id.to_string();
    for finding in &mut findings {
        finding.set = Some(id.clone());
    }
    findings
}

fn finding(rule: &'static Rule, place: Place, zh: String, en: String) -> Finding {
    Finding::new(rule.code, rule.name, rule.category, rule.severity, place, Message::new(zh, en))
}

/// The rules for text over a front-matter value that is prose.
pub(super) fn front_matter(file: &SourceFile, value: &Spanned<String>, lists: &Lists) -> Vec<Finding> {
    let written = file.slice(value.range);
    let Some(at) = written.find(&value.value) else { return Vec::new() };
    let (source, length) = (value.range.start + at, value.value.len());
    let prose = Prose {
        kind: ProseKind::FrontMatter,
        text: value.value.clone(),
        pieces: vec![Piece { text: 0, text_len: length, source, source_len: length }],
        opaque: Vec::new(),
        range: value.range,
    };
    let body = Body {
        file: file.clone(),
        range: value.range,
        prose: vec![prose],
        links: Vec::new(),
        html: Vec::new(),
        blocks: Vec::new(),
    };
    check_body(&body, Profile::Interpretation, lists)
}

fn title_form(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let Some(title) = &policy.meta.title else { return };
    let text = title.value.trim();
    let place = || Place::range(&policy.file, title.range);
    if document_kind(text).is_none() && !text.ends_with(['）', '》']) {
        let zh = format!("标题没有文种：“{text}”");
        findings.push(finding(&KIND, place(), zh, format!("the title names no kind of document: `{text}`")));
    }
    if let Some(found) = STUTTERS.as_ref().and_then(|pattern| pattern.find(text)) {
        let zh = format!("标题中“{}”重复或混用文种", found.as_str());
        let en = format!("doubled or mixed kind of document in the title: `{}`", found.as_str());
        findings.push(finding(&STUTTER, place(), zh, en));
    }
}

/// The first lines of the text against the metadata.
fn head(policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let first = policy.body.prose.iter().take(6);
    if let (Some(number), Some(pattern)) = (&policy.meta.document_number, OWN_NUMBER.as_ref()) {
        let own =
            first.clone().find_map(|prose| pattern.captures(&prose.text)?.get(1).map(|found| (prose, found)));
        if let Some((prose, found)) = own.filter(|(_, found)| bare(found.as_str()) != bare(&number.value)) {
            let range = prose.source_range(found.start(), found.end());
            let zh = format!("正文发文字号“{}”与文件信息“{}”不一致", found.as_str(), number.value);
            let en = format!("the text says `{}`, the metadata `{}`", found.as_str(), number.value);
            let note = Message::new("文件信息中的发文字号", "the number in the metadata");
            let place = Place::range(&policy.file, range);
            findings.push(finding(&NUMBER, place, zh, en).label(&policy.file, number.range, note));
        }
    }
    let Some(title) = &policy.meta.title else { return };
    let heading = policy.body.prose.first().filter(|prose| prose.kind == ProseKind::Heading(1));
    let Some(heading) = heading.filter(|prose| !is_part(&bare(&prose.text), &bare(&title.value))) else {
        return;
    };
    let zh = format!("正文标题“{}”与文件信息“{}”不一致", heading.text.trim(), title.value);
    let en = format!("the heading `{}` differs from the title `{}`", heading.text.trim(), title.value);
    let note = Message::new("文件信息中的标题", "the title in the metadata");
    findings.push(finding(&HEAD, Place::range(&policy.file, heading.range), zh, en).label(
        &policy.file,
        title.range,
        note,
    ));
}

/// The text without blanks and marks that titles add or drop freely.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '《' | '》' | '〈' | '〉' | '“' | '”'))
        .collect()
}

/// Whether one title is the other or its end (the issuer may be left out), or
/// names the enclosed text.
fn is_part(a: &str, b: &str) -> bool {
    a.contains(b) || b.contains(a)
}

/// The length of the pieces that are compared, in characters.
const PIECE: usize = 8;
/// Texts of fewer characters are not compared.
const SHORTEST: usize = 300;

fn excerpt(
    policy: &PolicyDocument,
    material: &InterpretationMaterial,
    percent: u32,
    findings: &mut Vec<Finding>,
) {
    let own: BTreeSet<u64> = pieces(&han(&policy.body)).collect();
    let text = han(&material.body);
    if text.len() < SHORTEST || own.is_empty() {
        return;
    }
    let (mut all, mut shared) = (0_usize, 0_usize);
    for piece in pieces(&text) {
        all += 1;
        shared += usize::from(own.contains(&piece));
    }
    let share = shared * 100 / all.max(1);
    if share < percent as usize {
        return;
    }
    let place = Place::whole(material.file.path());
    let zh = format!("解读材料约{share}%的文字与文件原文相同，只是摘抄");
    findings.push(finding(
        &EXCERPT,
        place,
        zh,
        format!("about {share} % of the interpretation is the policy's own text"),
    ));
}

fn han(body: &Body) -> Vec<char> {
    body.prose.iter().flat_map(|prose| prose.text.chars()).filter(|&c| is_han(c)).collect()
}

/// A rolling hash over the pieces of a text.
fn pieces(text: &[char]) -> impl Iterator<Item = u64> {
    text.windows(PIECE).map(|piece| {
        piece.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &c| {
            (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
        })
    })
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
