//! `ledger.txt`: the ids of all statements known at a release.
//!
//! Whoever controls the inputs can leave out a rejection or a withdrawal; the
//! ledger makes that visible, since the next one must hold all of this one.

use std::collections::BTreeSet;

use jiedu_approve::{KnownStatement, Reason};
use jiedu_base::name::Digest;

const HEADER: &str = "jiedu-ledger/1";

/// The sorted ids of all statements known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The ids.
    pub statements: BTreeSet<Digest>,
}

impl Ledger {
    /// The ledger of everything that was found.
    #[must_use]
    pub fn of(known: &[KnownStatement]) -> Self {
        Self {
            statements: known
                .iter()
                .filter(|statement| is_kept(statement))
                .map(|statement| statement.id)
                .collect(),
        }
    }

    /// The bytes of `ledger.txt`: a header and one id a line, sorted.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let lines = self.statements.iter().map(|id| format!("{id}\n"));
        std::iter::once(format!("{HEADER}\n")).chain(lines).collect::<String>().into_bytes()
    }

    /// Reads a ledger; anything but its one canonical form is an error.
    ///
    /// # Errors
    /// What is wrong, in one phrase.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
        let body =
            text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n')).ok_or("it has no header")?;
        let ids: Result<BTreeSet<Digest>, _> = body.lines().map(Digest::parse).collect();
        let ledger = Self { statements: ids.map_err(|error| error.to_string())? };
        if ledger.to_bytes() == bytes {
            Ok(ledger)
        } else {
            Err("it is not sorted, or a line stands twice".into())
        }
    }

    /// SHA-256 of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }
}

/// Whether a statement belongs to ledger and evidence: it was really made by
/// somebody of the roster. That its key has expired or its signer's role has
/// ended since then does not unmake it; otherwise the ledger would shrink
/// without anybody hiding anything.
pub(super) fn is_kept(statement: &KnownStatement) -> bool {
    match statement.refused {
        None => true,
        Some(reason) => matches!(
            reason,
            Reason::KeyExpired
                | Reason::KeyNotYetValid
                | Reason::KeyRetired
                | Reason::KeyRevoked
                | Reason::RoleEnded
                | Reason::RoleMissing
                | Reason::SubstituteInvalid
                | Reason::TimeImplausible
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_one_form_only() {
        let ledger = Ledger { statements: [Digest::of(b"a"), Digest::of(b"b")].into() };
        let bytes = ledger.to_bytes();
        assert_eq!(Ledger::parse(&bytes), Ok(ledger));
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert_ne!(Ledger::parse(&bad).ok(), Ledger::parse(&bytes).ok(), "byte {at}");
        }
        assert!(Ledger::parse(b"jiedu-ledger/1\n").is_ok());
        assert!(Ledger::parse(b"").is_err());
    }
}
