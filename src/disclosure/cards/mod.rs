//! Cards of policies for enterprises and people (惠企惠民政策卡片): who may have
//! what under which conditions, each condition pinned to the clause it comes from.
//!
//! A card belongs to its publication set and is approved with it. Every value of
//! a condition must stand in its clause, so that nobody is promised what the text
//! does not say, and a condition is answered yes, no or unknown, never guessed.

mod check;
mod clause;
mod contradiction;
mod eval;
mod figures;
mod file;
mod stale;
#[cfg(test)]
mod tests;
mod wording;

pub use check::check_cards;
pub use clause::Clauses;
pub use eval::{Answer, Because, Eligibility, Facts, evaluate};
pub use file::{
    CARD_PARTS, Card, CardSheet, CardValue, Comparison, Condition, Kind, Part, Test, cards_of, read_cards,
};
pub use stale::{StaleCard, stale_cards};
