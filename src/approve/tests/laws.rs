//! Laws that hold for every input.

use proptest::prelude::*;

use super::kit::*;
use crate::statement::{looks, parse_commit, parse_message, payload, statement_id};
use crate::{Anchor, Carrier, Reason, StatementSource, TrustAnchor};

/// One office with a complete chain, made once.
fn office() -> Office {
    static OFFICE: std::sync::OnceLock<Office> = std::sync::OnceLock::new();
    let complete = || {
        let mut office = Office::new();
        office.chain();
        office
    };
    OFFICE.get_or_init(complete).clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn one_flipped_bit_is_never_accepted(which in 0_usize..8, at in 0_usize..10_000, bit in 0_u8..8) {
        let mut office = office();
        let mut bytes = office.sources[which].bytes.to_vec();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let carrier = office.sources[which].carrier.clone();
        office.sources[which] = StatementSource { bytes: bytes.into(), carrier };
        prop_assert!(office.verdict().is_some(), "byte {at}, bit {bit}");
    }

    #[test]
    fn removing_an_approval_never_clears(gone in prop::collection::btree_set(0_usize..8, 1..8)) {
        let mut office = office();
        let mut index = 0;
        office.sources.retain(|_| { index += 1; !gone.contains(&(index - 1)) });
        prop_assert!(office.verdict().is_some());
    }

    #[test]
    fn the_order_of_inputs_never_matters(seed in any::<u64>()) {
        let mut office = office();
        let before = (office.judge(), office.read().unwrap().findings);
        let mut state = seed;
        for at in (1..office.sources.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            office.sources.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        prop_assert_eq!((office.judge(), office.read().unwrap().findings), before);
    }
}

/// Rosters under an anchor: no bit of any version can change unseen.
#[test]
fn no_flipped_bit_of_a_roster_is_accepted() {
    let mut office = office();
    office.next_roster("", &members());
    let digest = office.roster_digest(2);
    let anchor =
        TrustAnchor { min_roster: 2, min_roster_digest: Some(digest), ..TrustAnchor::first(office.site()) };
    for (remembered, first) in [(true, "1.toml"), (true, "2.toml"), (false, "1.toml"), (false, "2.toml")] {
        if remembered {
            office.anchor = Some(Anchor::Trusted(anchor.clone()));
        } else {
            office.anchor = Some(Anchor::Trusted(TrustAnchor::first(office.site())));
        }
        assert!(office.read().is_ok());
        let good = office.files[first].clone();
        for at in (0..good.len()).step_by(23) {
            let mut bytes = good.to_vec();
            bytes[at] ^= 1 << (at % 8);
            office.files.insert(first.to_owned(), bytes.into());
            assert!(office.read().is_err(), "{first}, byte {at}");
        }
        office.files.insert(first.to_owned(), good);
    }
}

/// Evidence kept as files: no bit of a statement can change unseen, and what
/// is changed never counts as something else.
#[test]
fn no_flipped_bit_of_collected_evidence_is_accepted() {
    let mut office = office();
    office.git.is_reachable = false;
    for source in &mut office.sources {
        source.carrier = Carrier::File(format!("{}.commit", statement_id(&source.bytes).hex()));
    }
    assert_eq!(office.verdict(), None);
    for which in [0, 4, 7] {
        let good = office.sources[which].clone();
        for at in (0..good.bytes.len()).step_by(17) {
            let mut bytes = good.bytes.to_vec();
            bytes[at] ^= 1 << (at % 8);
            office.sources[which].bytes = bytes.clone().into();
            assert!(office.verdict().is_some(), "statement {which}, byte {at}");
            // Not under the name that fits the changed bytes either.
            let name = format!("{}.commit", statement_id(&bytes).hex());
            office.sources[which].carrier = Carrier::File(name);
            assert!(office.verdict().is_some(), "statement {which}, byte {at}, renamed");
            office.sources[which] = good.clone();
        }
    }
}

proptest! {
    #[test]
    fn parsers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,200}") {
        let _ = (looks(&bytes), payload(&bytes), statement_id(&bytes), parse_commit(&bytes));
        let _ = parse_message(&text);
        let _ = parse_message(&format!("x\n\nApproval-Statement: {text}\n"));
        let toml = Office { files: [("1.toml".to_owned(), bytes.into())].into(), ..office() };
        prop_assert!(toml.read().is_err());
    }

    #[test]
    fn mangled_commits_never_panic(at in 0_usize..2_000, with in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = office().sources[0].bytes.to_vec();
        let at = at % bytes.len();
        bytes.splice(at..at, with);
        let _ = parse_commit(&bytes);
        let _ = crate::statement::claims(&bytes);
    }
}

#[test]
fn huge_hostile_input_is_refused_quickly() {
    let lines = "Approval-Step: x\n".repeat(200_000);
    let message = format!("x\n\nApproval-Statement: review/1\n{lines}");
    assert_eq!(parse_commit(&unsigned(&message)).err(), Some(Reason::StatementTooLarge));
    assert_eq!(parse_message(&message), Err(Reason::TrailerMalformed));
    assert_eq!(looks("\n".repeat(3_000_000).as_bytes()), crate::statement::Looks::Other);
}
