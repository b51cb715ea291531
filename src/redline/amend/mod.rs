//! Amending documents: what they instruct, and what comes of it.
//!
//! [`instructions`] reads the usual forms (“第三条修改为：…”, “删去第四条”, “增加一条，作为
//! 第五条”, “将第…条中的‘…’修改为‘…’”, “原第四条作为第五条”; 立法技术规范（试行）（二） for
//! how amendments are written) from the paragraphs of a decision; [`amend`] applies
//! them to the text that they amend, as it was before: every provision is named by
//! its old number. Legislation.gov.uk calls these effects; as there, what is
//! proposed here is no statement of law until an edition that holds it is signed.

mod apply;
mod parse;

#[cfg(test)]
mod tests;

pub use apply::{Amended, amend};
pub use parse::{Action, Instruction, instructions};
