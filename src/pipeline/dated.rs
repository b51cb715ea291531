//! What depends on the day of the check: printed validity that has run out, and
//! word lists due for another look or without a reason.

use jiff::civil::Date;

use super::content::Content;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{self, Message, SourceFile, TextRange};
use jiedu_config::{OwnedBy, Wordlist};
use jiedu_model::{PolicyDocument, Validity, validity_on};
use jiedu_source::Snapshot;

/// The findings of a day.
pub(super) fn findings(content: &Content, snapshot: &Snapshot, day: Date) -> Vec<Finding> {
    let policies =
        content.corpus.sets.values().filter_map(|set| Some((set.id.to_string(), set.policy.as_ref()?)));
    let mut findings: Vec<Finding> =
        policies.filter_map(|(id, policy)| Some(validity(policy, day)?.in_set(id))).collect();
    let files = snapshot.site.files.iter().filter(|file| file.path.starts_with("wordlists/"));
    for file in files.filter_map(|file| text::decode(&file.path, &file.bytes).ok()) {
        if [".toml", ".json"].iter().any(|end| file.path().ends_with(end)) {
            overdue(&file, day, &mut findings);
        }
    }
    findings
}

/// A printed 有效性 that is not that of the day. What was wrong on the day of
/// publication already is reported where the metadata are read.
fn validity(policy: &PolicyDocument, day: Date) -> Option<Finding> {
    let meta = &policy.meta;
    let (printed, published) = (meta.validity.as_ref()?, meta.published.as_ref()?);
    let (now, then) = (validity_on(meta, day)?, validity_on(meta, published.value.date)?);
    let is_of_dates = matches!(printed.value, Validity::InForce | Validity::NotYet);
    if !is_of_dates || now == printed.value || then != printed.value || day < published.value.date {
        return None;
    }
    let message = Message::new(
        format!("按 {day} 判断，这里的有效性已经不对"),
        format!("on {day} this validity is no longer true"),
    );
    let place = Place::range(&policy.file, printed.range);
    let finding = Finding::new("M119", "validity-disagrees", "metadata", Severity::Warning, place, message);
    Some(finding.note(
        "请改写有效性；删去这一项，则由施行日期和有效期至推算",
        "correct it, or remove the key: then the effective and expiry dates decide",
    ))
}

/// Words that an office allows without saying who does and why.
fn unreasoned(file: &SourceFile, list: &Wordlist) -> Option<Finding> {
    let is_owned = list.owned.owner.is_some() && list.owned.reason.is_some();
    (!list.allow.is_empty() && !is_owned).then(|| {
        let message = Message::new(
            format!("这里允许了 {} 个词，没有写明由谁负责、为什么允许", list.allow.len()),
            format!("{} words are allowed here; nothing says who answers for it and why", list.allow.len()),
        );
        let at = Place::range(file, TextRange::default());
        let finding =
            Finding::new("W107", "allowed-without-reason", "config", Severity::Warning, at, message);
        finding.in_set("site").note(
            "请在文件开头写上 owner = \"负责科室\" 和 reason = \"理由\"",
            "put owner = \"…\" and reason = \"…\" at the beginning of the file",
        )
    })
}

/// Entries of a list whose day of review has passed; one finding for entries
/// that share it with the whole list.
fn overdue(file: &SourceFile, day: Date, findings: &mut Vec<Finding>) {
    let list = Wordlist::parse(file).value;
    findings.extend(unreasoned(file, &list));
    let is_overdue = |owned: &OwnedBy| owned.review_by.is_some_and(|due| due < day);
    let mut push = |range: TextRange, owned: &OwnedBy| {
        let Some(due) = owned.review_by else { return };
        let owner = owned.owner.as_deref().unwrap_or("——");
        let message = Message::new(
            format!("词表已过复核日期 {due}，请{owner}复核后改写 review-by"),
            format!("the list was due for review on {due} ({owner}); look through it and set review-by anew"),
        );
        let place = Place::range(file, range);
        let finding = Finding::new("W106", "wordlist-overdue", "config", Severity::Warning, place, message);
        findings.push(finding.in_set("site"));
    };
    if is_overdue(&list.owned) {
        push(TextRange::default(), &list.owned);
    }
    let terms = list.terms.iter().map(|term| (term.range, &term.owned));
    let texts = list.forbidden.iter().map(|text| (text.range, &text.owned));
    for (range, owned) in terms.chain(texts) {
        if is_overdue(owned) && owned.review_by != list.owned.review_by {
            push(range, owned);
        }
    }
}
