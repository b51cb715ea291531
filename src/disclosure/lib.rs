//! The office of open government beside its policies: requests under 条例,
//! annual reports, cards for enterprises, the catalogue of what is disclosed,
//! lists and registers.
//!
//! Everything here is data in TOML, read strictly: a misspelt key is a finding
//! with a suggestion, a figure that does not agree is an error that names its
//! row, and nothing is guessed. The functions are pure; files are read and
//! written by the program.
//!
//! | file | module |
//! |---|---|
//! | requests, kept outside the repository | [`requests`] |
//! | `content/reports/<year>.toml` | [`reports`] |
//! | `content/policies/<year>/<slug>/cards.toml` | [`cards`] |
//! | `content/catalogue.toml` | [`catalogue`] |
//! | `content/lists/<name>.toml`, `.csv` | [`lists`] |

pub mod cards;
pub mod catalogue;
pub mod csv;
mod decimal;
mod decode;
pub mod lists;
pub mod reports;
pub mod requests;
mod rules;

pub use decimal::Decimal;
pub use decode::{read_text, to_gbk};

use jiedu_base::finding::{Rule, Severity};
use jiedu_config::datum::Codes;

/// Every kind of finding about these files.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter()
}

/// The codes of the form of these files.
pub(crate) const FORM: Codes = Codes {
    category: "data",
    unknown_is: Severity::Warning,
    unreadable: ("O101", "office-data-unreadable"),
    unknown: ("O102", "office-data-unknown-key"),
    missing: ("O103", "office-data-missing-key"),
    wrong: ("O104", "office-data-wrong-value"),
};
