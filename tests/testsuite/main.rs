//! One integration binary: one link step, shared helpers, no forgotten file.

mod floors;
mod house;
#[expect(dead_code, reason = "shared by tests that come with their rooms")]
mod project;
