//! The rules, one file for one or for a tight family of them.

pub(crate) mod agreement;
pub(crate) mod approximation;
pub(crate) mod arithmetic;
pub(crate) mod attachment;
mod bracket_fix;
pub(crate) mod brackets;
pub(crate) mod date;
mod dates;
pub(crate) mod doc_number;
pub(crate) mod idiom;
mod labels;
pub(crate) mod link;
pub(crate) mod marks;
pub(crate) mod numbering;
pub(crate) mod numeral;
pub(crate) mod ordinal;
pub(crate) mod pii;
pub(crate) mod quotes;
pub(crate) mod repeat;
pub(crate) mod secrecy;
pub(crate) mod spacing;
pub(crate) mod statistics;
pub(crate) mod titles;
pub(crate) mod unit;
pub(crate) mod user_list;
pub(crate) mod width;
pub(crate) mod words;
