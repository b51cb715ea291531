//! Published texts that a build would make disappear.
//!
//! Two ways of noticing: what is approved in reachable history but not on the
//! first-parent line ([`off_the_line`]), and what the release before showed and
//! this one does not ([`refuse_vanished`]). The first needs no memory and can
//! only warn of what looks wrong; the second is certain, and refuses.

use std::collections::BTreeMap;

use super::{Revision, Stop};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::Message;
use jiedu_edition::{Hidden, PublishedSet};
use jiedu_evidence::{PreviousRelease, ReleasedEdition, ReleasedSet};

/// An approved text beside the line.
pub(super) const EDITION_HIDDEN: &str = "EDITION_HIDDEN";
/// An edition of the release before that this one lacks.
pub(super) const EDITION_VANISHED: &str = "EDITION_VANISHED";

/// Shortest beginning of a commit id that people are shown.
const SHORT: usize = 12;

/// An approved text that the line goes around.
pub(super) fn off_the_line(id: &SetId, hidden: &Hidden) -> Finding {
    let round = hidden.revision;
    let message = Message::new(
        format!(
            "{id} 第 {round} 轮已审签完毕的文本在提交历史里，但主线（每次合并的第一个上级）没有经过它，所以不成为版本，网站上没有它"
        ),
        format!(
            "the text of {id} that round {round} approved lies in the history, but the main line (first parents) goes around it: it is no edition, and not on the site"
        ),
    );
    let place = Place::whole(format!("content/policies/{id}/policy.md"));
    let code = EDITION_HIDDEN;
    let finding = Finding::new(code, "edition-hidden", "approval", Severity::Error, place, message);
    let commit = hidden.commit.as_deref().map_or("<审签完成的提交>", short);
    finding.in_set(id.as_str()).note(
        format!(
            "这一轮若已经发布过（多半是合并时上级的先后颠倒了），请把主线接回去：jiedu sync --line {commit}；若从未发布、也不打算发布，请对现在的文本重新送审（jiedu submit {id}）"
        ),
        format!(
            "if that round was published (most likely a merge with its parents swapped), put the line back: `jiedu sync --line {commit}`; if it never was and shall not be, open a new round for the present text (`jiedu submit {id}`)"
        ),
    )
}

/// Refuses a build in which an edition of the release before is missing, or
/// has another number.
pub(super) fn refuse_vanished(
    read: &Revision,
    sets: &[PublishedSet],
    previous: Option<&PreviousRelease>,
) -> Result<(), Stop> {
    let Some(release) = previous.and_then(|previous| previous.release.as_ref()) else { return Ok(()) };
    let shown: BTreeMap<&SetId, &PublishedSet> = sets.iter().map(|set| (&set.id, set)).collect();
    let findings: Vec<Finding> = release
        .sets
        .iter()
        .flat_map(|before| {
            let now = shown.get(&before.id).copied();
            let excused = now.is_none() && is_excused(read, before);
            let held = read.set(&before.id).map(|set| set.held_back.as_slice()).unwrap_or_default();
            // A rule that holds a text back leaves out that text, not the site.
            let is_held = |edition: &ReleasedEdition| held.contains(&(edition.number, edition.digest));
            let lost = before
                .editions
                .iter()
                .filter(move |edition| !excused && !has(now, edition) && !is_held(edition));
            lost.map(move |edition| gone(before, edition, now))
        })
        .collect();
    let Some(first) = findings.first() else { return Ok(()) };
    let commit = short(&release.commit);
    let stop = Stop::refused(
        EDITION_VANISHED,
        format!(
            "上一次发布（第 {} 次）已有的版本，这次不见了 {} 个：{}。什么都没有写。若是合并时上级的先后颠倒了，请把主线接回去：jiedu sync --line {commit}，再重新生成；若 --at 早于上一次发布，请改用较晚的时刻；要撤下已发布的文件，只能用 jiedu withdraw",
            release.sequence,
            findings.len(),
            first.message.zh
        ),
        format!(
            "{} edition(s) of the release before (number {}) are gone: {}. Nothing was written. If a merge has its parents swapped, put the line back: `jiedu sync --line {commit}`, and build again; if --at is earlier than the release before, choose a later instant; only `jiedu withdraw` takes published texts down",
            findings.len(),
            release.sequence,
            first.message.en
        ),
    );
    Err(stop.with(findings))
}

/// Whether approvals took the whole set off the site: its newest approved text
/// is not for the public, or an approved set took over its address. A decision
/// older than what was published excuses nothing.
fn is_excused(read: &Revision, before: &ReleasedSet) -> bool {
    let last = before.editions.iter().map(|edition| edition.revision).max();
    let kept_back = read.set(&before.id).and_then(|set| set.kept_back);
    kept_back > last || read.sets.iter().any(|set| set.takes_over.contains(&before.id))
}

fn has(now: Option<&PublishedSet>, before: &ReleasedEdition) -> bool {
    // What was out as an undisclosed tombstone has no text to compare.
    now.is_some_and(|now| {
        now.editions.iter().any(|edition| (edition.number, edition.digest) == (before.number, before.digest))
    })
}

fn gone(before: &ReleasedSet, edition: &ReleasedEdition, now: Option<&PublishedSet>) -> Finding {
    let (id, number, digest) = (&before.id, edition.number, &edition.digest);
    let place_taken = now.is_some_and(|now| now.editions.iter().any(|edition| edition.number == number));
    let message = if place_taken {
        Message::new(
            format!("{id} 第 {number} 版换成了别的文本（原摘要 {digest}）"),
            format!("edition {number} of {id} is another text (it was {digest})"),
        )
    } else {
        Message::new(
            format!("{id} 第 {number} 版不见了（摘要 {digest}）"),
            format!("edition {number} of {id} is missing ({digest})"),
        )
    };
    let place = Place::whole(format!("content/policies/{id}/policy.md"));
    Finding::new(EDITION_VANISHED, "edition-vanished", "approval", Severity::Error, place, message)
        .in_set(id.as_str())
}

fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}
