//! Lists that an office keeps open: powers, guides, fees, inspections, tenders …
//!
//! A list is `content/lists/<name>.toml` with its kind, or a `.csv` as it comes
//! from a spreadsheet. Every kind has fields that no row may lack.

mod changes;
mod file;
mod kinds;

pub use changes::{Change, changes};
pub use file::{List, read_list};
pub use kinds::{KINDS, ListKind, list_kind};
