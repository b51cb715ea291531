//! What the program knows of the language: dictionary, confusable characters,
//! and how often characters follow each other in official texts.

pub(crate) mod grams;
pub(crate) mod lexicon;
pub(crate) mod table;

pub use grams::{Model, train};
