//! The roster: who may do what, with which key.

mod types;

pub use types::{Key, KeyKind, KeyUse, Person, Profile, Publisher, Revocation, RevocationReason, Role, Roster, Substitute, Window};
