//! (floor plan: see the crate's front page)
