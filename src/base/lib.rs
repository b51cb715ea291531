//! What all crates of jiedu speak in: identifiers, texts with places, the files
//! of a set, the publication instant, and findings.
//!
//! Nothing here reads or writes anything, and nothing here knows what a policy is.

pub mod clock;
pub mod files;
pub mod finding;
pub mod name;
pub mod text;
