//! One binary for all integration tests; a file per subject.

#[expect(dead_code, reason = "shared by tests that come with their rooms")]
mod project;
