//! States of sets and editions along the line, from signed commits to verdicts.

use jiedu::approve::SetState;

use crate::project::project;

#[test]
fn a_complete_chain_clears_a_set() {
    let mut p = project();
    p.set("2025/a").commit("draft").approve("2025/a");
    let read = p.read().unwrap();
    let set = &read.sets[0];
    assert_eq!((set.state, set.reason), (SetState::Cleared, None), "{:#?}", set.findings);
    assert_eq!(set.editions.len(), 1);
    assert_eq!(set.editions[0].number, 1);
}
