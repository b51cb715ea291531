//! Rows about chains: who, in which order, about what.

use super::kit::*;
use crate::approve::{Reason, StepState};

#[test]
fn row_01_complete_chain() {
    let mut office = Office::new();
    let ids = office.chain();
    let judgement = office.judge();
    assert_eq!(judgement.reason, None);
    let cleared = judgement.cleared.unwrap();
    assert_eq!(cleared.statements(), ids);
    assert_eq!((cleared.revision(), cleared.profile()), (1, "strict"));
    assert!(office.errors().is_empty());
}

#[test]
fn row_02_one_step_missing() {
    let mut office = Office::new();
    office.chain();
    office.sources.remove(4);
    assert_eq!(office.verdict(), Some(Reason::StepMissing));
    assert_eq!(office.step("final-review"), (StepState::Missing, Some("STEP_MISSING")));
    assert_eq!(office.step("first-proof"), (StepState::Invalid, Some("ORDER_BROKEN")));
}
