//! What the rules need to know and the texts do not say.

/// Facts from approvals, history and the built site about one set. Whatever is
/// empty or none is unknown, and the rule concerned is silent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SynchronyFacts {
    /// TS-03: whether the plan lay in the text that was first submitted, by
    /// commit ancestry.
    pub plan_at_first_submit: Option<bool>,
    /// TS-04: approvals whose digest covers a part of the set only.
    pub partial_approvals: Vec<PartialApproval>,
    /// TS-05: approvals that a later change made void.
    pub voided_approvals: Vec<VoidedApproval>,
    /// TS-06: persons whose final review counts for policy, plan or material of
    /// the present text; more than one means they differ.
    pub final_approvers: Vec<String>,
    /// TS-09: members (paths in the set) that are due and not in the release.
    pub absent_members: Vec<String>,
    /// TS-10: links between policy and material that the pages lack.
    pub missing_links: Vec<MissingLink>,
    /// TS-15: materials (paths in the set) of an earlier edition that the
    /// present text no longer holds.
    pub removed_materials: Vec<String>,
    /// TS-17: how the secrecy review stands.
    pub secrecy_review: Option<SecrecyReview>,
    /// TS-18: signatures refused because of key, role or time.
    pub refused_signers: Vec<RefusedSigner>,
}

/// An approval of a part of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialApproval {
    /// The step.
    pub step: String,
    /// Who signed.
    pub signer: String,
    /// The members it does not cover, as paths in the set.
    pub missing: Vec<String>,
}

/// An approval of an earlier text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoidedApproval {
    /// The step.
    pub step: String,
    /// Who signed.
    pub signer: String,
    /// The members changed since, as paths in the set; empty when unknown.
    pub changed: Vec<String>,
}

/// A link that the pages should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingLink {
    /// Address of the page without the link.
    pub from: String,
    /// Address that it should link.
    pub to: String,
}

/// How the secrecy review stands (保密条例第四十二条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecrecyReview {
    /// It came before the other reviews.
    First,
    /// It came after another review.
    Late,
    /// There is none although others have signed.
    Missing,
}

/// A signature that does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedSigner {
    /// The step.
    pub step: String,
    /// Who signed.
    pub signer: String,
    /// Reason code.
    pub code: String,
}
