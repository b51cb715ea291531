//! The roster: who may do what, with which key.
//!
//! The roster alone decides about keys. It is versioned, linked by digests and
//! signed by its roots; version 1 is believed because of the trust anchor.

mod chain;
mod diff;
mod export;
mod parse;
mod pending;
mod profiles;
mod raw;
mod types;

#[cfg(test)]
mod tests;

pub(crate) use chain::{RootVotes, RosterChain, read_chain};
pub use diff::{RosterChange, diff};
pub use export::allowed_signers;
pub use pending::PendingRoster;
pub use profiles::{POLICY_STEPS, SITE as SITE_PROFILE};
pub use types::{
    Key, KeyKind, KeyUse, Person, Profile, Publisher, Revocation, RevocationReason, Role, Roster, Substitute,
    Window,
};
