//! Annual reports on open government (条例 arts. 49–50; form 国办公开办函〔2021〕30号).
//!
//! The office writes the report from data: every row and column of the official
//! tables is checked, and a blank, `/` or `—` is not zero.

mod check;
mod file;
mod form;
#[cfg(test)]
mod tests;

pub use check::{check_against, check_sums};
pub use file::{AnnualReport, Documents, Numbers, looks_like_report, read_report};
pub use form::{APPLICANTS, OUTCOMES, RESULT_ROWS, REVIEWS, ROWS, Row, row_label};
