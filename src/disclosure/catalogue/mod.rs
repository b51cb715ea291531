//! The catalogue of what is disclosed on the office's own motion (主动公开事项目录).

mod subject;
mod suggest;
#[cfg(test)]
mod suggest_tests;
mod verbs;

pub use suggest::{Suggestion, suggest};
