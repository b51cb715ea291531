//! What a site carries so that anybody can check it without us.
//!
//! [`seal`] takes a rendered tree and adds the evidence (signed statements,
//! rosters, digest manifests, ledger), `manifest.json` over every file and, for
//! a release, the in-toto statement `release.json` that the publisher signs.
//! [`verify`] re-does the whole argument from the files alone: trust anchor →
//! rosters → publisher → release → manifest → every file; and for every
//! edition, digest manifest → chain of statements.
//!
//! Invariants: pure functions over bytes. Documents are read strictly (a
//! repeated or unknown key is an error), and a verdict is a list of problems,
//! never a bare yes. Without a trust anchor, and for drafts, the verdict is
//! never OK.
//!
//! `FORMAT.md` beside this file is the public specification of all of it: a
//! stranger could write a verifier from that page, and
//! `tests/second_verifier/verify.py` was written so.
//!
//! Deliberately absent: disks (the room `output` reads and writes sites), git,
//! and any judgement of signatures (the room `approve`).

mod builder;
mod json;
mod ledger;
mod manifest;
mod release;
mod seal;
mod set_manifest;
mod site;
mod verify;

#[cfg(test)]
mod tests;

pub use ledger::Ledger;
pub use manifest::{FileFact, GENERATOR, MANIFEST_PATH, Manifest, RELEASE_PATH, SIGNATURE_PATH};
pub use release::{Release, ReleasedEdition, ReleasedSet, RosterRef, SiteRef};
pub use seal::{PreviousRelease, SealInput, SealRefusal, Sealed, seal, seal_listed};
pub use set_manifest::SetManifest;
pub use site::{BuiltSite, DOCUMENTS, EVIDENCE, Odd};
pub use verify::{
    Checked, Problem, Rebuild, Recorded, VerifyInput, VerifyReport, evidence_fits, recorded, verify,
};
