//! Who approved what: statements, roster, trust anchor, verdicts.
//!
//! Pure functions over bytes. No git, no disk, no clock of its own.

mod types;

pub use types::{SetState, StepRecord, StepState, StepStatus};
