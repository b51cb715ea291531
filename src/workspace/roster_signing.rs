//! A root's agreement to a roster version.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{SigningKey, WorkspaceError};
use jiedu_approve::roster::Person;
use jiedu_approve::{Anchor, Reason, Statement, draft_roster, read_rosters};

/// The statement that agrees to the newest version below `roster/` (`files`,
/// as at HEAD), and who makes it. A version that still lacks signatures makes
/// the whole roster invalid, so no approvals are needed here.
///
/// # Errors
/// There is nothing to sign, or the key is not that of a root.
pub fn agree_to_roster(
    files: &BTreeMap<String, Arc<[u8]>>,
    anchor: &Anchor,
    key: &SigningKey,
) -> Result<(Statement, Person), WorkspaceError> {
    let refuse = |reason: Reason, what: Option<jiedu_base::text::Message>| {
        let why = what.unwrap_or_else(|| reason.explanation());
        WorkspaceError::Refused { code: reason.code(), message: why }
    };
    if files.contains_key("1.toml") && !files.contains_key("2.toml") {
        return Err(WorkspaceError::usage(
            "第1版名册由信任锚 trust.toml 确认，不需要签名；请先提交 roster/2.toml",
            "version 1 is authorised by the trust anchor alone; commit roster/2.toml first",
        ));
    }
    let public = key.public.as_deref().unwrap_or(&key.fingerprint);
    let statement = draft_roster(files, anchor, public).map_err(|refusal| {
        let first = refusal.findings.into_iter().next();
        refuse(refusal.reason, first.map(|finding| finding.message))
    })?;
    let rosters = read_rosters(files).map_err(|refusal| refuse(refusal.reason, None))?;
    let person = rosters.iter().rev().find_map(|roster| roster.person(&statement.signer));
    let person = person.cloned().ok_or_else(|| refuse(Reason::KeyUnknown, None))?;
    Ok((statement, person))
}
