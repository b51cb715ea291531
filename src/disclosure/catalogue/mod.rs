//! The catalogue of what is disclosed on the office's own motion (主动公开事项目录).

mod check;
mod file;
mod layouts;
mod subject;
mod suggest;
#[cfg(test)]
mod suggest_tests;
mod verbs;

pub use check::{Holding, check_catalogue};
pub use file::{Catalogue, Item, read_catalogue};
pub use layouts::{Field, LAYOUTS, Layout, cell, layout, read_table, table, to_toml};
pub use suggest::{Suggestion, suggest};
