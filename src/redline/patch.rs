//! Patches: what `git apply` takes.

use std::fmt::Write as _;

use similar::TextDiff;

/// A unified diff of one file, with git's names for the two sides. Empty when
/// the texts are the same. Lines end in line feeds and nowhere else, as git sees
/// them; what they hold, a carriage return at their end too, is kept.
#[must_use]
pub fn patch(path: &str, old: &str, new: &str) -> String {
    let lines = |text| str::split_inclusive(text, '\n').collect::<Vec<&str>>();
    let (old, new) = (lines(old), lines(new));
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&old, &new);
    diff.unified_diff().header(&name('a', path), &name('b', path)).to_string()
}

/// The name of a side as git writes it: in quotation marks when it holds a mark
/// that means something in a patch, with a tab behind it when it holds a blank.
fn name(side: char, path: &str) -> String {
    let is_special = |c: char| c == '"' || c == '\\' || c.is_ascii_control();
    if !path.contains(is_special) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{side}/{path}{end}");
    }
    let mut out = format!("\"{side}/");
    for c in path.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii_control() => {
                // Three octal digits; writing to a string cannot fail.
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
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

    #[test]
    fn odd_names_and_line_ends_are_those_of_git() {
        let text = patch("甲 \"乙\"\t.md", "一,\r二\r\n三", "一，\r二\r\n三");
        let name = "\"a/甲 \\\"乙\\\"\\011.md\"";
        let other = name.replacen("a/", "b/", 1);
        let hunk = "@@ -1,2 +1,2 @@\n-一,\r二\r\n+一，\r二\r\n 三\n\\ No newline at end of file\n";
        assert_eq!(text, format!("--- {name}\n+++ {other}\n{hunk}"));
        assert!(patch("甲 乙.md", "一\n", "二\n").starts_with("--- a/甲 乙.md\t\n"));
    }
}
