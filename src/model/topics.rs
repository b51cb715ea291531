//! Topics (`content/topics/<slug>.md`): policies of several sets and issuers
//! shown together (集成式发布). They are part of the set `site` and approved
//! with it (contract §3, details 88).

use std::collections::BTreeSet;

use super::meta::{Fields, Key};
use super::set::read_text;
use super::{Spanned, Topic};
use jiedu_base::files::SetFiles;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{self, Message, SourceFile};

/// Where topics lie in a repository.
const TOPICS: &str = "content/topics/";

const TITLE: Key = Key::new("标题", "title");
const POLICIES: Key = Key::new("政策", "policies");

/// Reads every topic, sorted by slug.
pub(super) fn read_topics(site: &SetFiles, findings: &mut Vec<Finding>) -> Vec<Topic> {
    let mut topics = Vec::new();
    for file in &site.files {
        let Some(name) = file.path.strip_prefix(TOPICS) else { continue };
        let Ok(source) = text::decode(&file.path, &file.bytes) else { continue };
        let before = findings.len();
        match name.strip_suffix(".md").filter(|slug| is_slug(slug)) {
            Some(slug) => topics.push(read_topic(slug, &source, findings)),
            None => findings.push(bad_name(&source)),
        }
        for finding in findings.iter_mut().skip(before) {
            finding.set = Some("site".to_owned());
        }
    }
    topics.sort_by(|a, b| a.slug.cmp(&b.slug));
    topics
}

fn read_topic(slug: &str, file: &SourceFile, findings: &mut Vec<Finding>) -> Topic {
    let (mut title, mut policies) = (None, Vec::new());
    let read = read_text(
        file,
        |fields| {
            fields.only(&[TITLE, POLICIES, Key::new("校对", "proof")]);
            fields.require(TITLE);
            fields.require(POLICIES);
            title = fields.text(TITLE).map(|title| title.value);
            policies = read_policies(fields);
            title.clone()
        },
        findings,
    );
    Topic {
        slug: slug.to_owned(),
        title: title.unwrap_or_else(|| slug.to_owned()),
        policies,
        file: file.clone(),
        body: read.body,
        blocks: read.blocks,
    }
}

/// The sets in the order written, each once.
fn read_policies(fields: &mut Fields<'_>) -> Vec<Spanned<SetId>> {
    let mut seen = BTreeSet::new();
    let mut policies = Vec::new();
    for text in fields.texts(POLICIES) {
        let Ok(value) = SetId::parse(&text.value) else {
            let en = "a set id such as 2025/jijiaoban-14";
            fields.wrong(text.range, "文件编号，如 2025/jijiaoban-14", en, false);
            continue;
        };
        if seen.insert(value.clone()) {
            policies.push(Spanned { value, range: text.range });
        } else {
            let message = Message::new(
                format!("`{value}` 在这个专题里列了两次"),
                format!("`{value}` is listed twice in this topic"),
            );
            let place = Place::range(fields.file, text.range);
            let finding =
                Finding::new("M141", "topic-policy-twice", "layout", Severity::Warning, place, message);
            fields.findings.push(finding);
        }
    }
    policies
}

/// The slug is an address.
fn is_slug(slug: &str) -> bool {
    SetId::parse(&format!("0000/{slug}")).is_ok()
}

fn bad_name(file: &SourceFile) -> Finding {
    let message = Message::new(
        "专题的文件名会成为网址，直接放在 content/topics/ 下，只能用小写字母、数字和连字符，如 lvse-chuxing.md",
        "a topic's file name becomes its address: directly below content/topics/, small letters, digits and hyphens only",
    );
    Finding::new("M140", "topic-name", "layout", Severity::Error, Place::whole(file.path()), message)
}
