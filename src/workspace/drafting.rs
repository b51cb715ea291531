//! What a person is about to sign: the statement, or the reason why it would
//! not count. Everything that would be refused later is refused here, before
//! git is asked to sign.

use super::{SigningKey, WorkspaceError};
use crate::approve::roster::{KeyUse, Person};
use crate::approve::statement::{Decision, Kind, Statement, parse_message};
use crate::approve::{Approvals, Judgement, Reason, Roster, StepState, StepStatus, Subject, step_label};
use crate::clock::Clock;
use crate::name::{Digest, PersonId};

/// What is signed, on what ground.
#[derive(Debug, Clone, Copy)]
pub struct Round<'a> {
    /// Everything known at HEAD.
    pub approvals: &'a Approvals,
    /// How the text at HEAD stands.
    pub judgement: &'a Judgement,
    /// The instant for key and role windows.
    pub at: Clock,
}

/// The person a key belongs to, with the right to make statements.
///
/// # Errors
/// `KEY_UNKNOWN`, `KEY_USE`, `KEY_EXPIRED` and their like.
pub fn signer<'a>(
    approvals: &'a Approvals,
    key: &SigningKey,
    at: Clock,
) -> Result<&'a Person, WorkspaceError> {
    let roster = newest(approvals)?;
    let Some(entry) = roster.key(&key.fingerprint) else {
        return Err(refuse(
            Reason::KeyUnknown,
            format!(
                "名册（第 {} 版）里没有这把密钥 {}；请名册管理人登记后再签",
                roster.version, key.fingerprint
            ),
            format!(
                "roster {} does not list the key {}; have it listed first",
                roster.version, key.fingerprint
            ),
        ));
    };
    if !entry.uses.contains(&KeyUse::Review) {
        let uses: Vec<&str> = entry.uses.iter().map(|purpose| purpose.as_str()).collect();
        return Err(refuse(
            Reason::KeyUse,
            format!(
                "名册规定这把密钥只用于 {}，不能用来审签；请用本人登记为 review 的密钥（--key）",
                uses.join("、")
            ),
            format!("the roster allows this key for {} only; use your review key (--key)", uses.join(", ")),
        ));
    }
    if let Some(revocation) = roster.revocation(&key.fingerprint) {
        return Err(refuse(
            Reason::KeyRevoked,
            format!("这把密钥已于 {} 停用", revocation.date),
            format!("this key ended on {}", revocation.date),
        ));
    }
    if entry.window.is_over(at) || !entry.window.has_begun(at) {
        let reason = if entry.window.is_over(at) { Reason::KeyExpired } else { Reason::KeyNotYetValid };
        return Err(refuse(
            reason,
            "这把密钥不在有效期内，请联系名册管理人",
            "this key is outside its period; ask the roster's keepers",
        ));
    }
    roster.person(&entry.person).ok_or_else(|| {
        refuse(
            Reason::KeyUnknown,
            "名册里没有这把密钥的主人",
            "the roster does not list the owner of this key",
        )
    })
}

/// The statement that opens a round for the text at HEAD.
///
/// # Errors
/// The person may not submit, an author is unknown, or a round for this text is
/// open or complete already.
pub fn submit(round: &Round<'_>, signer: &Person, authors: &[PersonId]) -> Result<Statement, WorkspaceError> {
    let Round { approvals, judgement, .. } = *round;
    let roster = newest(approvals)?;
    require_role(round, signer, "submit")?;
    refuse_open_round(judgement)?;
    let mut all = vec![signer.id.clone()];
    for author in authors {
        if roster.person(author).is_none() {
            return Err(refuse(
                Reason::AuthorUnknown,
                format!("名册里没有 {author}，请核对 --author"),
                format!("the roster does not list {author}; check --author"),
            ));
        }
        if !all.contains(author) {
            all.push(author.clone());
        }
    }
    let (revision, previous) = match last_round(approvals, &judgement.subject) {
        Some((revision, last)) => (revision + 1, Some(last)),
        None => (1, None),
    };
    let kind = (Kind::Submit, "submit", Decision::Approve);
    Ok(Statement { authors: all, ..statement(round, kind, revision, previous, signer)? })
}

/// The statement for one step of the open round.
///
/// # Errors
/// No round is open for this text, the step is not due, or not this person's.
pub fn review(
    round: &Round<'_>,
    signer: &Person,
    step: &str,
    decision: Decision,
) -> Result<Statement, WorkspaceError> {
    let Some(revision) = open_revision(round)? else { return Err(not_submitted(round)) };
    let steps = &round.judgement.steps;
    if !steps.iter().any(|status| status.step == step) || step == "submit" {
        let names: Vec<&str> = steps.iter().skip(1).map(|status| step_label(&status.step)).collect();
        return Err(WorkspaceError::usage(
            format!("这里没有“{}”这一步；可以办理的步骤是：{}", step_label(step), names.join("、")),
            format!("there is no step `{step}` here; the steps are: {}", names.join(", ")),
        ));
    }
    let previous = match decision {
        Decision::Approve => due(steps, step, signer)?,
        Decision::Reject => {
            require_role(round, signer, step)?;
            steps.iter().rev().find_map(|status| status.statement)
        }
        Decision::Retract => own(steps, step, signer)?,
    };
    if decision == Decision::Approve {
        require_candidate(round, signer, step)?;
    }
    statement(round, (Kind::Review, step, decision), revision, previous, signer)
}

/// The statement that takes a published set down: `revision`, `digest` and
/// `last` are those of the chain that cleared the published edition.
///
/// # Errors
/// The person holds neither the role `withdraw` nor a step of the profile.
pub fn withdraw(
    round: &Round<'_>,
    signer: &Person,
    (revision, digest, last): (u32, Digest, Digest),
) -> Result<Statement, WorkspaceError> {
    let in_profile = round.judgement.steps.iter().any(|status| holds(round, signer, &status.step));
    if !in_profile && !holds(round, signer, "withdraw") {
        require_role(round, signer, "withdraw")?;
    }
    let kind = (Kind::Withdraw, "withdraw", Decision::Approve);
    Ok(Statement { digest, ..statement(round, kind, revision, Some(last), signer)? })
}

fn statement(
    round: &Round<'_>,
    (kind, step, decision): (Kind, &str, Decision),
    revision: u32,
    previous: Option<Digest>,
    signer: &Person,
) -> Result<Statement, WorkspaceError> {
    let roster = newest(round.approvals)?;
    Ok(Statement {
        kind,
        site: round.approvals.site(),
        subject: round.judgement.subject.clone(),
        revision,
        step: step.to_owned(),
        decision,
        digest: round.judgement.digest,
        roster: (roster.version, roster.digest),
        previous,
        signer: signer.id.clone(),
        authors: Vec::new(),
        report: None,
    })
}

fn newest(approvals: &Approvals) -> Result<&Roster, WorkspaceError> {
    approvals.rosters().last().ok_or_else(|| {
        refuse(
            Reason::RosterSequence,
            "仓库里没有名册（roster/1.toml）",
            "the repository has no roster (roster/1.toml)",
        )
    })
}

fn refuse(reason: Reason, zh: impl Into<String>, en: impl Into<String>) -> WorkspaceError {
    WorkspaceError::refused(reason.code(), zh, en)
}

/// Whether the person holds the step now, in own right or as a substitute.
fn holds(round: &Round<'_>, person: &Person, step: &str) -> bool {
    let own = person.roles.iter().any(|role| role.step == step && role.window.contains(round.at));
    own || round.approvals.rosters().last().is_some_and(|roster| {
        let covers = |by: &PersonId| *by == person.id;
        roster
            .substitutes
            .iter()
            .any(|entry| covers(&entry.by) && entry.steps.contains(step) && entry.window.contains(round.at))
    })
}

fn require_role(round: &Round<'_>, person: &Person, step: &str) -> Result<(), WorkspaceError> {
    if holds(round, person, step) {
        return Ok(());
    }
    let own: Vec<&str> = person.roles.iter().map(|role| step_label(&role.step)).collect();
    let own = if own.is_empty() { "无".to_owned() } else { own.join("、") };
    let label = step_label(step);
    Err(refuse(
        Reason::RoleMissing,
        format!("名册没有安排 {}（{}）办理“{label}”；本人的步骤是：{own}", person.name, person.id),
        format!("the roster does not give {} the step `{step}`; theirs are: {own}", person.id),
    ))
}

/// A round that is open, complete or refused decides whether another may begin.
fn refuse_open_round(judgement: &Judgement) -> Result<(), WorkspaceError> {
    let Some(revision) = judgement.revision else { return Ok(()) };
    let over =
        matches!(judgement.reason, Some(Reason::Withdrawn | Reason::Rejected | Reason::RevisionSuperseded));
    let submitted = judgement.steps.first().is_some_and(|status| status.state == StepState::Done);
    if over || !submitted {
        return Ok(());
    }
    let (zh, en) = if judgement.cleared.is_some() {
        (
            format!("现在的文本已在第 {revision} 轮全部审签完毕，不需要再送审"),
            format!("this text was approved completely in revision {revision}"),
        )
    } else {
        (
            format!("现在的文本已经送审（第 {revision} 轮），请等候审签；进度见 jiedu status"),
            format!("this text was submitted already (revision {revision}); see `jiedu status`"),
        )
    };
    Err(WorkspaceError::usage(zh, en))
}

/// The revision of the round that is open for the text at HEAD.
fn open_revision(round: &Round<'_>) -> Result<Option<u32>, WorkspaceError> {
    let Judgement { subject, reason, revision, steps, .. } = round.judgement;
    if let Some(reason @ (Reason::Rejected | Reason::Withdrawn | Reason::RevisionSuperseded)) = *reason {
        let why = reason.explanation();
        return Err(refuse(
            reason,
            format!("{}；请修改后由拟稿人重新送审：jiedu submit {subject}", why.zh),
            format!("{}; it needs a new submission: jiedu submit {subject}", why.en),
        ));
    }
    let submitted = steps.first().is_some_and(|status| status.state == StepState::Done);
    Ok(revision.filter(|_| submitted))
}

fn not_submitted(round: &Round<'_>) -> WorkspaceError {
    let subject = &round.judgement.subject;
    if last_round(round.approvals, subject).is_some() {
        return refuse(
            Reason::DigestMismatch,
            format!("文本在上次送审之后改动过，原有签名不再有效；请拟稿人重新送审：jiedu submit {subject}"),
            format!(
                "the text was changed after it was submitted, which voids the signatures; submit it again: jiedu submit {subject}"
            ),
        );
    }
    refuse(
        Reason::StepMissing,
        format!("还没有送审；请拟稿人先运行：jiedu submit {subject}"),
        format!("nobody has submitted it yet; the writer runs: jiedu submit {subject}"),
    )
}

/// The statement that the step follows, when the step is due.
fn due(steps: &[StepStatus], step: &str, signer: &Person) -> Result<Option<Digest>, WorkspaceError> {
    let place = steps.iter().position(|status| status.step == step && status.state != StepState::Done);
    let Some(place) = place else {
        let by = steps.iter().find(|status| status.step == step).and_then(|status| status.by.as_ref());
        let by = by.map_or_else(String::new, ToString::to_string);
        let label = step_label(step);
        return Err(WorkspaceError::usage(
            format!("“{label}”已由 {by} 办理，不需要再签"),
            format!("`{step}` was taken by {by} already"),
        ));
    };
    let before = steps.get(..place).unwrap_or_default();
    if let Some(open) = before.iter().find(|status| status.state != StepState::Done) {
        let waiting: Vec<String> = open.candidates.iter().map(ToString::to_string).collect();
        return Err(refuse(
            Reason::OrderBroken,
            format!(
                "还没有轮到“{}”：“{}”尚未办理（可由 {} 办理）",
                step_label(step),
                step_label(&open.step),
                waiting.join("、")
            ),
            format!("`{step}` is not due: `{}` comes first (by {})", open.step, waiting.join(", ")),
        ));
    }
    if before.iter().skip(1).any(|status| status.step == step && status.by.as_ref() == Some(&signer.id)) {
        return Err(repeated(signer));
    }
    Ok(before.last().and_then(|status| status.statement))
}

fn repeated(signer: &Person) -> WorkspaceError {
    refuse(
        Reason::PersonRepeated,
        format!("{}（{}）已办理过本轮的另一步骤，这一步须由别人办理", signer.name, signer.id),
        format!("{} took another step of this round; somebody else must take this one", signer.id),
    )
}

/// The person's own approval of the step, to be voided.
fn own(steps: &[StepStatus], step: &str, signer: &Person) -> Result<Option<Digest>, WorkspaceError> {
    let mine = steps.iter().find(|status| {
        status.step == step && status.state == StepState::Done && status.by.as_ref() == Some(&signer.id)
    });
    match mine {
        Some(status) => Ok(status.statement),
        None => Err(WorkspaceError::usage(
            format!("{}（{}）在本轮没有签署“{}”，无可撤回", signer.name, signer.id, step_label(step)),
            format!("{} has not signed `{step}` in this round", signer.id),
        )),
    }
}

/// Role, authorship and distinctness, as the verdict will see them.
fn require_candidate(round: &Round<'_>, signer: &Person, step: &str) -> Result<(), WorkspaceError> {
    require_role(round, signer, step)?;
    let judgement = round.judgement;
    let open = judgement.steps.iter().find(|status| status.step == step && status.state != StepState::Done);
    if open.is_none_or(|status| status.candidates.contains(&signer.id)) {
        return Ok(());
    }
    let submitted = judgement.steps.first().and_then(|status| status.statement);
    let authors =
        submitted.and_then(|id| parsed(round.approvals, &id)).map(|found| found.authors).unwrap_or_default();
    let took = judgement.steps.iter().skip(1).any(|status| status.by.as_ref() == Some(&signer.id));
    if !took || authors.contains(&signer.id) {
        return Err(refuse(
            Reason::AuthorIsReviewer,
            format!("{}（{}）参与了起草，不能办理这一步；请换一位有此职责的人", signer.name, signer.id),
            format!("{} had a hand in the text and may not take this step", signer.id),
        ));
    }
    Err(repeated(signer))
}

/// The highest revision of the subject, and the statement that ended it.
fn last_round(approvals: &Approvals, subject: &Subject) -> Option<(u32, Digest)> {
    let known = approvals
        .known()
        .iter()
        .filter(|known| known.refused.is_none() && known.subject.as_ref() == Some(subject));
    let mut found: Vec<(Digest, Statement)> =
        known.filter_map(|known| Some((known.id, parse(&known.bytes)?))).collect();
    let revision = found.iter().map(|(_, statement)| statement.revision).max()?;
    found.retain(|(_, statement)| statement.revision == revision);
    let followed: Vec<Digest> = found.iter().filter_map(|(_, statement)| statement.previous).collect();
    let ends = found.iter().map(|(id, _)| *id).filter(|id| !followed.contains(id));
    ends.min().or_else(|| found.first().map(|(id, _)| *id)).map(|id| (revision, id))
}

fn parsed(approvals: &Approvals, id: &Digest) -> Option<Statement> {
    approvals.known().iter().find(|known| known.id == *id).and_then(|known| parse(&known.bytes))
}

/// The statement in raw commit bytes.
fn parse(bytes: &[u8]) -> Option<Statement> {
    let (_, text) = std::str::from_utf8(bytes).ok()?.split_once("\n\n")?;
    parse_message(text).ok()
}
