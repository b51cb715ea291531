//! Running the rules over one document.

use jiff::civil::Date;

use jiedu_base::finding::{self, Finding};
use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{self as markdown, Body, Node, NodeValue, body_range};
use jiedu_model::Spanned;

use super::document::Document;
use super::lists::{Entry, Lists};
use super::profile::Profile;
use super::registry::{Check, FAMILIES};
use super::sink::Sink;
use super::suppress::{self, SetAside};

/// Proofreads a text: all rules that need nothing but the text itself.
///
/// ```
/// use jiedu_base::text::{SourceFile, TextRange};
/// let file = SourceFile::new("a.md", "加强监管,抓好落实。");
/// let body = TextRange::new(0, file.text().len());
/// let findings = jiedu_proof::check_text(&file, body, jiedu_proof::Profile::Official, &jiedu_proof::Lists::default());
/// assert_eq!(findings[0].rule, "half-width-mark");
/// ```
#[must_use]
pub fn check_text(file: &SourceFile, body: TextRange, profile: Profile, lists: &Lists) -> Vec<Finding> {
    check_body(&markdown::parse_body(file, body), profile, lists)
}

/// The same for a body that is parsed already.
#[must_use]
pub fn check_body(body: &Body, profile: Profile, lists: &Lists) -> Vec<Finding> {
    check_body_with(body, profile, lists, Vec::new())
}

/// The same with findings of others about this body: the suppressions in the
/// text apply to them too.
#[must_use]
pub fn check_body_with(body: &Body, profile: Profile, lists: &Lists, others: Vec<Finding>) -> Vec<Finding> {
    read_body(body, profile, lists, others).open
}

/// A body after proofreading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proofread {
    /// What is to be dealt with, sorted.
    pub open: Vec<Finding>,
    /// What the text itself sets aside, with its reasons.
    pub aside: Vec<SetAside>,
}

/// As [`check_body_with`], keeping what the text sets aside: for the record.
#[must_use]
pub fn read_body(body: &Body, profile: Profile, lists: &Lists, others: Vec<Finding>) -> Proofread {
    let document = Document::new(body, profile).on(lists.today());
    let mut sink = Sink::new(&document);
    for family in FAMILIES {
        match family.check {
            Check::Segment(check) => {
                document.segments.iter().for_each(|segment| check(&document, segment, &mut sink));
            }
            Check::Document(check) => check(&document, &mut sink),
            Check::Lists(check) => check(&document, lists, &mut sink),
            Check::Elsewhere => {}
        }
    }
    let mut findings = sink.finish();
    drop_echoes(&mut findings);
    findings.extend(others);
    let mut aside = drop_allowed(&document, lists, &mut findings);
    let (suppressions, remarks) = suppress::read(body);
    aside.extend(suppress::apply(body, &suppressions, &mut findings));
    findings.extend(remarks);
    finding::sort(&mut findings);
    Proofread { open: findings, aside }
}

/// The same on the day of the text, with words that its own front matter allows;
/// those that excuse nothing are told.
#[must_use]
pub fn read_allowing(
    body: &Body,
    profile: Profile,
    lists: &Lists,
    day: Option<Date>,
    allowed: &[String],
    others: Vec<Finding>,
) -> Proofread {
    let with = |words: &[&str], others| {
        let lists = lists.for_text(day, words.iter().copied());
        read_body(body, profile, &lists, others)
    };
    let all: Vec<&str> = allowed.iter().map(String::as_str).collect();
    if all.is_empty() {
        return with(&all, others);
    }
    let mut read = with(&all, others.clone());
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let excused: Vec<String> = read.aside.iter().map(|aside| plain(&aside.reason)).collect();
    let is_used = |word: &&str| excused.iter().any(|reason| reason.ends_with(&plain(word)));
    let (used, idle): (Vec<&str>, Vec<&str>) = all.into_iter().partition(is_used);
    // A word may also keep a list of the office from matching inside of it.
    if !idle.is_empty() && with(&used, others).open.len() == read.open.len() {
        read.open.extend(idle.iter().map(|word| suppress::idle(body, word)));
        finding::sort(&mut read.open);
    }
    read
}

/// What a list knows to be wrong, statistics need not doubt again.
fn drop_echoes(findings: &mut Vec<Finding>) {
    let mut known: Vec<TextRange> = findings
        .iter()
        .filter(|finding| finding.category == "wrong-word" || finding.rule == "confused-word")
        .map(|finding| finding.place.range)
        .collect();
    known.sort();
    findings.retain(|finding| {
        let range = finding.place.range;
        let next = known.partition_point(|known| known.start < range.end);
        let overlaps =
            next.checked_sub(1).and_then(|at| known.get(at)).is_some_and(|known| known.overlaps(range));
        !is_statistical(finding) || !overlaps
    });
}

fn is_statistical(finding: &Finding) -> bool {
    finding.category == "wrong-word-open" || finding.rule == "homophone-word"
}

/// Removes doubts about words that the office or the document allows.
fn drop_allowed(document: &Document<'_>, lists: &Lists, findings: &mut Vec<Finding>) -> Vec<SetAside> {
    let mut allowed: Vec<TextRange> = Vec::new();
    for segment in &document.segments {
        let found = lists.matches(&segment.text).filter(|(_, entry)| matches!(entry, Entry::Allow));
        allowed.extend(found.map(|(range, _)| segment.prose.source_range(range.start, range.end)));
    }
    let mut aside = Vec::new();
    if allowed.is_empty() {
        return aside;
    }
    let is_word = |finding: &Finding| {
        matches!(finding.category, "wrong-word" | "wrong-word-open" | "contextual" | "repeat")
    };
    findings.retain(|finding| {
        let word = allowed.iter().find(|word| is_word(finding) && word.overlaps(finding.place.range));
        let reason = word.map(|word| format!("允许的用词：{}", document.file.slice(*word)));
        aside.extend(reason.map(|reason| SetAside { finding: finding.clone(), reason }));
        word.is_none()
    });
    aside
}

/// Proofreads files outside of any repository, as `check --text-only` does.
/// `exists` answers whether a link target of a file leads to something.
#[must_use]
pub fn text_only(
    files: &[SourceFile],
    lists: &Lists,
    exists: &dyn Fn(&SourceFile, &str) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let body = markdown::parse_body(file, body_range(file));
        let targets = super::rules::link::missing_targets(&body, exists);
        let allowed = allowed_words(file);
        findings.extend(read_allowing(&body, Profile::infer(&body), lists, None, &allowed, targets).open);
        if let Some(title) = title(file) {
            let lists = lists.for_text(None, allowed.iter().map(String::as_str));
            findings.extend(super::set::front_matter(file, &title, &lists));
        }
    }
    finding::sort(&mut findings);
    findings
}

/// The title that the front matter of a text gives it.
fn title(file: &SourceFile) -> Option<Spanned<String>> {
    if body_range(file).start == 0 {
        return None;
    }
    let head = markdown::front_matter(file).value;
    let value = &head.get(&["标题", "title"])?.value;
    Some(Spanned { value: value.as_text()?.to_owned(), range: value.range })
}

/// The words that the front matter of a text allows: `校对: {允许: [词, …]}`.
/// What else the front matter says, or gets wrong, is not looked at.
#[must_use]
pub fn allowed_words(file: &SourceFile) -> Vec<String> {
    if body_range(file).start == 0 {
        return Vec::new();
    }
    let head = markdown::front_matter(file).value;
    let Some(proof) = head.get(&["校对", "proof"]) else { return Vec::new() };
    let NodeValue::Map(inner) = &proof.value.value else { return Vec::new() };
    let lists = inner.iter().filter(|entry| ["允许", "allow"].contains(&entry.key.as_str()));
    let items = lists.flat_map(|entry| match &entry.value.value {
        NodeValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    });
    items.filter_map(Node::as_text).map(str::to_owned).collect()
}
