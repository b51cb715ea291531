//! The rules, one file for one or for a tight family of them.

mod bracket_fix;
pub(crate) mod brackets;
pub(crate) mod link;
pub(crate) mod marks;
pub(crate) mod spacing;
pub(crate) mod titles;
pub(crate) mod width;
