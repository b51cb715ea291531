//! The attack table of `approvals.md` §8, one test a row, on real commit bytes
//! signed with seeded keys. Each states the verdict and the exact reason code.

mod chains;
mod commits;
mod drafts;
pub(super) mod kit;
mod laws;
mod rosters;
