//! What a person is about to sign, or in plain words why it would not count.
//!
//! The verdict itself is the approval room's; here it is put into words that
//! say who must do what next, and acts that are allowed but surely not meant
//! (submitting a text that is under review) are stopped.

use super::{SigningKey, WorkspaceError};
use jiedu_approve::roster::{KeyUse, Person, Roster};
use jiedu_approve::statement::{Decision, Statement};
use jiedu_approve::{
    Approvals, Judgement, Reason, SetFacts, StepState, StepStatus, Subject, step_label, step_name,
};
use jiedu_base::name::{Digest, PersonId};

/// The text that somebody is about to sign.
#[derive(Debug, Clone, Copy)]
pub struct Matter<'a> {
    /// Everything known at HEAD.
    pub approvals: &'a Approvals,
    /// The set, or `site`.
    pub subject: &'a Subject,
    /// Its digest at HEAD; for a withdrawal that of the published edition.
    pub digest: Digest,
    /// What text and history say.
    pub facts: &'a SetFacts,
}

impl Matter<'_> {
    fn judge(&self) -> Judgement {
        self.approvals.judge(self.subject, &self.digest, self.facts)
    }
}

/// The person a key belongs to, if it may sign statements now.
///
/// # Errors
/// `KEY_UNKNOWN`, `KEY_USE`, `KEY_EXPIRED` and their like.
pub fn signer<'a>(approvals: &'a Approvals, key: &SigningKey) -> Result<&'a Person, WorkspaceError> {
    let roster = newest(approvals)?;
    let owner = approvals.owner_of(&key.fingerprint, KeyUse::Review).map_err(|reason| {
        let what = reason.explanation();
        let (zh, en) = match reason {
            Reason::KeyUnknown => (
                "请名册管理人登记这把密钥，或用 --key 指明已登记的密钥",
                "have the key listed in the roster, or give a listed one with --key",
            ),
            Reason::KeyUse => {
                ("请用 --key 指明本人登记为 review 的密钥", "give your key for `review` with --key")
            }
            _ => ("请联系名册管理人", "ask the keepers of the roster"),
        };
        let key = &key.fingerprint;
        refuse(
            reason,
            format!("密钥 {key} 不能用来审签：{}；{zh}", what.zh),
            format!("the key {key} cannot sign this: {}; {en}", what.en),
        )
    })?;
    roster.person(&owner).ok_or_else(|| {
        refuse(
            Reason::KeyUnknown,
            "名册里没有这把密钥的主人",
            "the roster does not list the owner of this key",
        )
    })
}

/// The statement that opens a round for the text at HEAD. The signer counts as
/// an author.
///
/// # Errors
/// The person may not submit, an author is unknown, or the text is approved or
/// under review already.
pub fn submit(
    matter: &Matter<'_>,
    signer: &Person,
    authors: &[PersonId],
) -> Result<Statement, WorkspaceError> {
    let judgement = matter.judge();
    refuse_second_round(&judgement)?;
    let mut all = vec![signer.id.clone()];
    all.extend(authors.iter().filter(|author| **author != signer.id).cloned());
    all.dedup();
    let drafted = matter.approvals.draft_submit(matter.subject, &matter.digest, &signer.id, &all);
    drafted.map_err(|reason| explain(matter, &judgement, signer, "submit", reason))
}

/// The statement for one step (either language) of the round under way.
///
/// # Errors
/// No round is open for this text, the step is not due, or not this person's.
pub fn review(
    matter: &Matter<'_>,
    signer: &Person,
    step: &str,
    decision: Decision,
) -> Result<Statement, WorkspaceError> {
    let step = step_name(step);
    let judgement = matter.judge();
    let is_known = judgement.steps.iter().any(|status| status.step == step);
    if !is_known || (step == "submit" && decision != Decision::Retract) {
        let names: Vec<&str> =
            judgement.steps.iter().skip(1).map(|status| step_label(&status.step)).collect();
        return Err(WorkspaceError::usage(
            format!("这里没有“{}”这一步；可以办理的步骤是：{}", step_label(step), names.join("、")),
            format!("there is no step `{step}` here; the steps are: {}", names.join(", ")),
        ));
    }
    if decision != Decision::Retract && is_over(&judgement) {
        let reason = judgement.reason.unwrap_or(Reason::Rejected);
        return Err(explain(matter, &judgement, signer, step, reason));
    }
    let Matter { approvals, subject, digest, facts } = matter;
    let drafted = approvals.draft_review(subject, digest, facts, step, decision, &signer.id);
    drafted.map_err(|reason| match decision {
        Decision::Retract => WorkspaceError::usage(
            format!("{}（{}）在本轮没有签署“{}”，无可撤回", signer.name, signer.id, step_label(step)),
            format!("{} has not signed `{step}` in this round", signer.id),
        ),
        Decision::Approve | Decision::Reject => explain(matter, &judgement, signer, step, reason),
    })
}

/// The statement that takes a published set down.
///
/// # Errors
/// Nothing of this text is approved, or the person may not withdraw.
pub fn withdraw(matter: &Matter<'_>, signer: &Person) -> Result<Statement, WorkspaceError> {
    let Matter { approvals, subject, digest, facts } = matter;
    approvals.draft_withdraw(subject, digest, facts, &signer.id).map_err(|reason| match reason {
        Reason::DigestMismatch => WorkspaceError::usage(
            format!("{subject} 没有审签完毕的版本，不需要撤下"),
            format!("no approved edition of {subject} is published, so there is nothing to withdraw"),
        ),
        _ => explain(matter, &matter.judge(), signer, "withdraw", reason),
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

fn is_submitted(judgement: &Judgement) -> bool {
    judgement.steps.first().is_some_and(|status| status.state == StepState::Done)
}

/// Whether nothing more can come of the round shown.
fn is_over(judgement: &Judgement) -> bool {
    match judgement.reason {
        Some(Reason::Rejected | Reason::RevisionSuperseded) => true,
        // A newer round may be on its way to lift the withdrawal.
        Some(Reason::Withdrawn) => {
            judgement.withdrawn.as_ref().map(|withdrawal| withdrawal.revision) >= judgement.revision
        }
        _ => false,
    }
}

/// A second submission voids what was signed, so it must be meant: the text is
/// new, or its round cannot be completed as it stands.
fn refuse_second_round(judgement: &Judgement) -> Result<(), WorkspaceError> {
    let stuck = judgement.steps.iter().any(|status| status.state == StepState::Invalid);
    if !is_submitted(judgement) || is_over(judgement) || stuck {
        return Ok(());
    }
    let revision = judgement.revision.unwrap_or(1);
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

/// Why not, and who must do what next.
fn explain(
    matter: &Matter<'_>,
    judgement: &Judgement,
    signer: &Person,
    step: &str,
    reason: Reason,
) -> WorkspaceError {
    let Matter { subject, .. } = matter;
    let (who, label) = (format!("{}（{}）", signer.name, signer.id), step_label(step));
    let id = &signer.id;
    match reason {
        Reason::RoleMissing | Reason::RoleEnded => {
            let own: Vec<&str> = signer.roles.iter().map(|role| step_label(&role.step)).collect();
            let own = if own.is_empty() { "无".to_owned() } else { own.join("、") };
            refuse(
                reason,
                format!("名册没有安排{who}办理“{label}”；本人的步骤是：{own}"),
                format!("the roster does not give {id} the step `{step}`; theirs are: {own}"),
            )
        }
        Reason::AuthorUnknown => refuse(
            reason,
            "名册里没有列为起草人的人，请核对 --author",
            "the roster does not list one of the authors; check --author",
        ),
        Reason::AuthorIsReviewer | Reason::AuthorUndeclared => refuse(
            reason,
            format!("{who}参与了起草，不能办理“{label}”；请换一位有此职责的人"),
            format!("{id} had a hand in the text and may not take `{step}`; somebody else must"),
        ),
        Reason::PersonRepeated => refuse(
            reason,
            format!("{who}已办理过本轮的另一步骤，“{label}”须由别人办理"),
            format!("{id} took another step of this round; somebody else must take `{step}`"),
        ),
        Reason::Rejected | Reason::Withdrawn | Reason::RevisionSuperseded => {
            let why = reason.explanation();
            refuse(
                reason,
                format!("{}；请修改后由拟稿人重新送审：jiedu submit {subject}", why.zh),
                format!("{}; it needs a new submission: jiedu submit {subject}", why.en),
            )
        }
        Reason::Retracted => refuse(
            reason,
            format!(
                "{who}撤回过本轮的“{label}”，不能再签；请换一位有此职责的人，或者重新送审：jiedu submit {subject}"
            ),
            format!(
                "{id} took `{step}` back in this round and cannot take it again; somebody else must, or a new round: jiedu submit {subject}"
            ),
        ),
        Reason::StepMissing => not_submitted(matter),
        Reason::OrderBroken if !is_submitted(judgement) => not_submitted(matter),
        Reason::OrderBroken => not_due(&judgement.steps, step),
        _ => {
            let why = reason.explanation();
            refuse(
                reason,
                format!("不能签署“{label}”：{}", why.zh),
                format!("`{step}` cannot be signed: {}", why.en),
            )
        }
    }
}

fn not_submitted(matter: &Matter<'_>) -> WorkspaceError {
    let Matter { subject, approvals, .. } = matter;
    let earlier = approvals
        .known()
        .iter()
        .any(|known| known.subject.as_ref() == Some(*subject) && known.refused.is_none());
    if earlier {
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

/// The step is done already, or others come first.
fn not_due(steps: &[StepStatus], step: &str) -> WorkspaceError {
    let label = step_label(step);
    let own = |status: &&StepStatus| status.step == step;
    if let Some(done) = steps.iter().rfind(own).filter(|status| status.state == StepState::Done) {
        let by = done.by.as_ref().map_or_else(String::new, ToString::to_string);
        return WorkspaceError::usage(
            format!("“{label}”已由 {by} 办理，不需要再签"),
            format!("`{step}` was taken by {by} already"),
        );
    }
    let Some(open) = steps.iter().find(|status| status.state != StepState::Done) else {
        return WorkspaceError::usage("本轮各步都已办理完毕", "every step of this round is done");
    };
    let waiting: Vec<String> = open.candidates.iter().map(ToString::to_string).collect();
    refuse(
        Reason::OrderBroken,
        format!(
            "还没有轮到“{label}”：“{}”尚未办理（可由 {} 办理）",
            step_label(&open.step),
            waiting.join("、")
        ),
        format!("`{step}` is not due: `{}` comes first (by {})", open.step, waiting.join(", ")),
    )
}
