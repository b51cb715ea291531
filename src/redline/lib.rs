//! What changed between two editions, provision by provision.
//!
//! [`compare`] lays two policy documents side by side: every provision (and
//! every paragraph outside provisions) of the new edition is matched with the
//! one it came from, so that a split, a merge, an insertion, a deletion, a move
//! and a mere renumbering are told apart from a change of words ([`Kind`]);
//! inside a matched passage the changes are shown character by character
//! ([`TextDiff`]). The method is tree alignment after `GumTree` with collinear
//! chaining; `align` says how, and names the papers.
//! [`compare_texts`] does the same, line by line, for any two texts, and
//! [`history`] follows every provision through all editions.
//!
//! Data flow: `PolicyDocument` → [`Passage`]s → tree → alignment → [`Redline`] →
//! site pages (by the site room) or [`terminal::render`].
//!
//! Invariants: `apply(redline(a, b), a)` gives b, `redline(a, a)` is empty (both
//! are property tests). The result depends on the two texts alone: no deadline,
//! no clock, no hash order. Work grows with the length of the texts; very long
//! stretches are compared by coarser units, never abandoned half-way.
//!
//! Deliberately absent: any knowledge of Markdown, HTML or git. Only this room
//! names the crate `similar`.

mod align;
mod assemble;
mod chain;
mod entry;
mod features;
mod groups;
mod history;
mod lines;
mod moved;
mod pairs;
mod passage;
mod patch;
mod relocated;
mod sequence;
pub mod terminal;
mod tree;
mod words;

#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod tests;

use jiedu_model::PolicyDocument;

pub use assemble::compare_passages;
pub use entry::{Change, Counts, Entry, FieldChange, Kind, Redline};
pub use history::{ProvisionEvent, ProvisionHistory, history};
pub use lines::{LineChange, LineDiff, compare_texts};
pub use pairs::{Pair, pairs};
pub use passage::{Passage, passages};
pub use patch::patch;
pub use terminal::notes;
pub use words::{ALGORITHM, Span, SpanKind, TextDiff, diff_text};

/// Compares two editions of a policy document.
#[must_use]
pub fn compare(old: &PolicyDocument, new: &PolicyDocument) -> Redline {
    let mut redline = compare_passages(&passages(old), &passages(new));
    let fields = passage::fields(&old.meta).into_iter().zip(passage::fields(&new.meta));
    for ((name, before), (_, after)) in fields {
        if before != after {
            redline.fields.push(FieldChange { name, text: diff_text(&before, &after) });
        }
    }
    redline
}
