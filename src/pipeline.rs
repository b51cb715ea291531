//! The stages in order.
// Stands in until `pipeline/mod.rs` is there; delete this file with that change.
