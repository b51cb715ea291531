//! Patches: what `git apply` takes.

use similar::TextDiff;

/// A unified diff of one file, with git's names for the two sides. Empty when
/// the texts are the same.
#[must_use]
pub fn patch(path: &str, old: &str, new: &str) -> String {
    let (before, after) = (format!("a/{path}"), format!("b/{path}"));
    TextDiff::from_lines(old, new).unified_diff().header(&before, &after).to_string()
}

#[cfg(test)]
mod tests {
    use super::patch;

    #[test]
    fn names_both_sides_and_the_lines() {
        let text = patch("a.md", "一\n二,\n", "一\n二，\n");
        assert_eq!(text, "--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,2 @@\n 一\n-二,\n+二，\n");
        assert_eq!(patch("a.md", "一", "一"), "");
    }
}
