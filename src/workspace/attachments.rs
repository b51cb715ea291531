//! Attachments of a set: files under names that every machine can hold, and
//! links to them under the names that were printed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::WorkspaceError;
use super::files::{Access, replace, write_new};
use jiedu_base::name::SetId;

/// Longest file name in bytes, with room for a number.
const LONGEST: usize = 200;

/// A file that was attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name as the office has it.
    pub printed: String,
    /// Where it lies, relative to the repository.
    pub path: String,
    /// Whether it was there already, byte for byte.
    pub is_known: bool,
}

/// A name for a file: characters outside letters, digits and `-_.` become `-`,
/// runs of them one. Compatibility forms (`①`, `Ａ`) become plain ones.
#[must_use]
pub fn safe_name(printed: &str) -> String {
    let mut out = String::new();
    for c in printed.nfkc() {
        let is_blank_letter = matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}');
        if (c.is_alphanumeric() && !is_blank_letter) || matches!(c, '_' | '.') {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out: String = out.nfc().collect();
    let trimmed = out.trim_start_matches('.').trim_end_matches('.');
    let (stem, extension) = trimmed.rsplit_once('.').unwrap_or((trimmed, ""));
    let cut = |text: &str, most: usize| {
        let at = (0..=most.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.get(..at).unwrap_or_default().to_owned()
    };
    let extension = cut(extension, 20);
    let mut stem = cut(stem, LONGEST);
    if stem.is_empty() || is_reserved(&stem) {
        stem.push_str(if stem.is_empty() { "file" } else { "-1" });
    }
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

/// Windows takes these for devices, whatever follows the first dot.
fn is_reserved(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or(stem).to_ascii_lowercase();
    let is_port = |name: &str| {
        first
            .strip_prefix(name)
            .is_some_and(|rest| rest.len() == 1 && rest.as_bytes().iter().all(u8::is_ascii_digit))
    };
    matches!(first.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || is_port("com")
        || is_port("lpt")
}

/// Whether two names would be one file somewhere.
fn folded(name: &str) -> String {
    let upper: String = name.nfkc().flat_map(char::to_uppercase).collect();
    upper.chars().flat_map(char::to_lowercase).nfkc().collect()
}

/// A free name beside those that are taken.
pub(super) fn free_name(printed: &str, taken: &BTreeSet<String>) -> String {
    let name = safe_name(printed);
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
        None => (name.clone(), String::new()),
    };
    let candidate =
        |number: usize| if number == 1 { name.clone() } else { format!("{stem}-{number}{extension}") };
    // Among one more names than are taken, one is free.
    (1..=taken.len() + 1).map(candidate).find(|name| !taken.contains(&folded(name))).unwrap_or(name.clone())
}

/// Names in the folder of attachments, folded.
pub(super) fn taken(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| folded(&entry.file_name().to_string_lossy())).collect()
}

/// Copies files into a set and links them in its policy.
///
/// # Errors
/// [`WorkspaceError::Usage`] when the set has no policy; the disk's answer. The
/// policy is written after all files, so that it never links to nothing.
pub fn attach(root: &Path, id: &SetId, files: &[(String, Vec<u8>)]) -> Result<Vec<Attached>, WorkspaceError> {
    let folder = format!("content/policies/{id}");
    let policy = root.join(&folder).join("policy.md");
    let text = match fs::read_to_string(&policy) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(WorkspaceError::usage(
                format!("还没有 {folder}/policy.md；请先导入或新建政策，再放入附件"),
                format!("there is no {folder}/policy.md yet; import or make the policy first"),
            ));
        }
        Err(error) => return Err(WorkspaceError::io(&policy, error)),
    };
    let mut linked = text.clone();
    let attached = copy(root, &format!("{folder}/attachments"), files)?;
    for file in &attached {
        let target = file.path.strip_prefix(&format!("{folder}/")).unwrap_or(&file.path);
        linked = with_link(&linked, &file.printed, target);
    }
    if linked != text {
        replace(&policy, linked.as_bytes())?;
    }
    Ok(attached)
}

/// Copies files under safe names. A file that lies there already is not copied
/// twice; nothing is overwritten.
fn copy(root: &Path, folder: &str, files: &[(String, Vec<u8>)]) -> Result<Vec<Attached>, WorkspaceError> {
    let mut taken = taken(&root.join(folder));
    let mut attached = Vec::new();
    for (printed, bytes) in files {
        let plain = format!("{folder}/{}", safe_name(printed));
        let is_known = fs::read(root.join(&plain)).is_ok_and(|there| there == *bytes);
        let path = if is_known { plain } else { format!("{folder}/{}", free_name(printed, &taken)) };
        if !is_known {
            write_new(&root.join(&path), bytes, Access::Shared)?;
            taken.insert(folded(path.rsplit('/').next().unwrap_or(&path)));
        }
        attached.push(Attached { printed: printed.clone(), path, is_known });
    }
    Ok(attached)
}

/// A text with a link to an attachment in its list of attachments: around the
/// printed name where the list has it, else in a line of its own.
pub(super) fn with_link(text: &str, printed: &str, target: &str) -> String {
    if text.contains(&format!("]({target})")) || text.contains(&format!("](<{target}>)")) {
        return text.to_owned();
    }
    let body = body_start(text);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let first = text.get(..body).map_or(0, |head| head.lines().count());
    let is_list = |line: &String| line.trim_start().starts_with("附件") || line.contains("](attachments/");
    let list = (first..lines.len()).find(|&at| lines.get(at).is_some_and(is_list));
    let stem = printed.rsplit_once('.').map_or(printed, |(stem, _)| stem);
    if let Some(list) = list {
        for at in list..lines.len() {
            let Some(line) = lines.get_mut(at) else { break };
            for name in [printed, stem] {
                let name = name.trim();
                if name.chars().count() >= 2 && line.trim_end().ends_with(name) && !line.contains("](") {
                    let before = line.trim_end().strip_suffix(name).unwrap_or_default().to_owned();
                    *line = format!("{before}[{}]({target})", escaped(name));
                    return joined(&lines);
                }
            }
        }
    }
    let label = if stem.starts_with("附件") { "" } else { "附件：" };
    let line = format!("{label}[{}]({target})", escaped(printed));
    let end = (first..lines.len()).rev().find(|&at| lines.get(at).is_some_and(is_list));
    if let Some(at) = end {
        lines.insert(at + 1, line);
        lines.insert(at + 1, String::new());
    } else {
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        lines.extend([String::new(), line]);
    }
    joined(&lines)
}

fn joined(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}

/// Where the text begins after the front matter.
fn body_start(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    rest.find("\n---\n").map_or(0, |at| at + 8)
}

/// A name as the text of a link.
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '_' | '`' | '<' | '>' | '~' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{safe_name, with_link};

    #[test]
    fn names_as_offices_have_them_become_names_that_a_set_may_hold() {
        for (printed, safe) in [
            ("附件1：表（终稿）.docx", "附件1-表-终稿-.docx"),
            ("《办法》.pdf", "-办法-.pdf"),
            ("收费 标准  2026.xlsx", "收费-标准-2026.xlsx"),
            ("a_b-c.csv", "a_b-c.csv"),
            ("①目录.pdf", "1目录.pdf"),
            ("ＡＢ.pdf", "AB.pdf"),
            (".bashrc", "bashrc"),
            ("con.txt", "con-1.txt"),
            ("……", "file"),
            ("a..b.pdf", "a..b.pdf"),
            ("表\u{202e}fdp.exe", "表-fdp.exe"),
        ] {
            assert_eq!(safe_name(printed), safe, "{printed}");
        }
        let long = "很".repeat(200) + ".docx";
        assert!(safe_name(&long).ends_with("很.docx") && safe_name(&long).len() < 255);
    }

    #[test]
    fn links_stand_in_the_list_of_attachments() {
        let text = "---\n标题: 甲\n---\n\n# 甲\n\n正文。\n\n附件：收费表\n\n某局\n";
        let linked = with_link(text, "收费表.xlsx", "attachments/收费表.xlsx");
        assert!(linked.contains("附件：[收费表](attachments/收费表.xlsx)\n\n某局\n"), "{linked}");
        assert_eq!(with_link(&linked, "收费表.xlsx", "attachments/收费表.xlsx"), linked);
        let more = with_link(&linked, "附件2：图_1.pdf", "attachments/附件2-图_1.pdf");
        assert!(more.contains(".xlsx)\n\n[附件2：图\\_1.pdf](attachments/附件2-图_1.pdf)\n\n某局"), "{more}");
        let none = with_link("---\n标题: 附件\n---\n\n正文。\n\n", "a.pdf", "attachments/a.pdf");
        assert_eq!(none, "---\n标题: 附件\n---\n\n正文。\n\n附件：[a.pdf](attachments/a.pdf)\n");
    }
}
