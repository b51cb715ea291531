//! Cards whose clause changed while they did not.

use super::{CardSheet, Clauses};
use jiedu_base::name::Digest;

/// A card that must be looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleCard {
    /// 编号.
    pub id: String,
    /// The clauses that changed, as written in the card.
    pub clauses: Vec<String>,
}

/// The cards of the newest edition that stand word for word in an earlier one in
/// which a clause of theirs read differently. Editions oldest first.
#[must_use]
pub fn stale_cards(editions: &[(CardSheet, Clauses<'_>)]) -> Vec<StaleCard> {
    let Some(((newest, clauses), earlier)) = editions.split_last() else { return Vec::new() };
    let mut stale = Vec::new();
    for card in &newest.cards {
        let mut changed: Vec<String> = Vec::new();
        for (sheet, then) in earlier.iter().rev() {
            let same = sheet.cards.iter().find(|old| old.id == card.id);
            if same.is_none_or(|old| !card.says_the_same(old)) {
                break;
            }
            for clause in card.clauses() {
                let differs = fingerprint(then, &clause.value) != fingerprint(clauses, &clause.value);
                if differs && !changed.contains(&clause.value) {
                    changed.push(clause.value.clone());
                }
            }
        }
        if !changed.is_empty() {
            stale.push(StaleCard { id: card.id.clone(), clauses: changed });
        }
    }
    stale
}

fn fingerprint(clauses: &Clauses<'_>, written: &str) -> Option<Digest> {
    clauses.find(written).and_then(|found| found.fingerprint().copied())
}
