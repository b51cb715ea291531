//! The content of a statement and the exact text that is signed.

use crate::Subject;
use jiedu_base::name::{Digest, PersonId};

/// The kind of a statement, as named in `Approval-Statement`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `submit/1`: opens a round of approval.
    Submit,
    /// `review/1`, or `review/2` when a proofreading report is named.
    Review,
    /// `withdraw/1`.
    Withdraw,
    /// `roster/1`.
    Roster,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// 通过.
    Approve,
    /// 退回: blocks this revision of this text for good.
    Reject,
    /// 撤回: voids the signer's own approval.
    Retract,
}

impl Decision {
    /// The word in the trailer.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Retract => "retract",
        }
    }

    /// Parses the word in the trailer.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Approve, Self::Reject, Self::Retract].into_iter().find(|decision| decision.as_str() == text)
    }
}

/// The content of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What it does.
    pub kind: Kind,
    /// Digest of `roster/1.toml`.
    pub site: Digest,
    /// What it is about.
    pub subject: Subject,
    /// The round, from 1; for a roster its version.
    pub revision: u32,
    /// English name of the step; `withdraw` and `roster` for those kinds.
    pub step: String,
    /// What was decided.
    pub decision: Decision,
    /// Digest of the set, or of the roster file.
    pub digest: Digest,
    /// Version and digest of the roster in force.
    pub roster: (u32, Digest),
    /// The statement before it.
    pub previous: Option<Digest>,
    /// Who signs.
    pub signer: PersonId,
    /// Who wrote the text (`submit/1` only).
    pub authors: Vec<PersonId>,
    /// Digest of the proofreading report (`review/2` only).
    pub report: Option<Digest>,
}

impl Statement {
    /// The value of `Approval-Statement`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match (self.kind, self.report) {
            (Kind::Submit, _) => "submit/1",
            (Kind::Review, None) => "review/1",
            (Kind::Review, Some(_)) => "review/2",
            (Kind::Withdraw, _) => "withdraw/1",
            (Kind::Roster, _) => "roster/1",
        }
    }
}

/// The whole commit message of a statement: a subject line and the trailers.
///
/// Signing it with `git commit --allow-empty -S -F <file>` is all that it
/// takes to approve.
#[must_use]
pub fn message(statement: &Statement) -> String {
    let Statement { subject, revision, step, decision, digest, roster, signer, .. } = statement;
    let mut text = format!("{}\n\n", headline(statement));
    let mut line = |key: &str, value: &str| {
        text.push_str(key);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    };
    line("Approval-Statement", statement.kind_name());
    line("Approval-Site", &statement.site.to_string());
    line("Approval-Set", &subject.to_string());
    line("Approval-Revision", &revision.to_string());
    line("Approval-Step", step);
    line("Approval-Decision", decision.as_str());
    line("Approval-Digest", &digest.to_string());
    line("Approval-Roster", &format!("{} {}", roster.0, roster.1));
    line("Approval-Previous", &statement.previous.map_or_else(|| "none".to_owned(), |id| id.to_string()));
    line("Approval-Signer", signer.as_str());
    if statement.kind == Kind::Submit {
        let authors: Vec<&str> = statement.authors.iter().map(PersonId::as_str).collect();
        line("Approval-Authors", &authors.join(", "));
    }
    if let Some(report) = statement.report {
        line("Approval-Report", &report.to_string());
    }
    text
}

/// One line for people who read the log.
fn headline(statement: &Statement) -> String {
    let Statement { subject, revision, step, .. } = statement;
    let step = crate::step_label(step);
    match (statement.kind, statement.decision) {
        (Kind::Roster, _) => format!("名册第 {revision} 版：同意"),
        (Kind::Withdraw, _) => format!("撤下 {subject}（第 {revision} 轮）"),
        (Kind::Submit, Decision::Approve) => format!("{step} {subject}（第 {revision} 轮）"),
        (_, Decision::Approve) => format!("{step}通过 {subject}（第 {revision} 轮）"),
        (_, Decision::Reject) => format!("{step}退回 {subject}（第 {revision} 轮）"),
        (_, Decision::Retract) => format!("{step}撤回 {subject}（第 {revision} 轮）"),
    }
}
