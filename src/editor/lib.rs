//! What an editor asks about a text that is being written: is it right, what
//! does this mean, what may stand here, where does this lead.
//!
//! A [`Desk`] is one policy repository with the unsaved texts of an editor laid
//! over its files. It answers in byte ranges of those texts; [`LineMap`] turns
//! them into the lines and characters that editors count, in the encoding that
//! the editor chose. The language server of the program (`jiedu lsp`) only moves
//! these answers over a wire.
//!
//! ```text
//! Snapshot (disk) ┐
//!                 ├─▶ Desk ─▶ findings · hover · complete · define · references · outline · fixes
//! unsaved texts ──┘
//! ```
//!
//! Everything is a function of the snapshot and the texts; nothing here reads a
//! disk or waits. A text that belongs to no set of a repository has no desk: it
//! is proofread alone ([`check_loose`]), as `check --text-only` does.
//!
//! Approvals are deliberately absent: they speak of commits, and a text that is
//! being written has none. How an editor is set up: `src/editor/README.md`.

mod complete;
mod context;
mod desk;
mod document;
mod fixes;
mod hover;
mod navigate;
mod outline;
mod position;
mod words;

pub use complete::{Candidate, CandidateKind};
pub use desk::Desk;
pub use document::{Document, normalised};
pub use fixes::{Edit, all_safe_edits};
pub use hover::hover_findings;
pub use navigate::Spot;
pub use outline::{Symbol, outline_of_text};
pub use position::{Encoding, LineMap, Point};

use jiff::civil::Date;

use jiedu_base::finding::Finding;
use jiedu_base::text::SourceFile;
use jiedu_proof::{Lists, text_only};

/// Proofreads a text that lies in no repository, on a day.
#[must_use]
pub fn check_loose(file: &SourceFile, today: Date) -> Vec<Finding> {
    // Only the program can tell whether a file lies beside the text.
    text_only(std::slice::from_ref(file), &Lists::new([]).on(today), &|_, _| true)
}
