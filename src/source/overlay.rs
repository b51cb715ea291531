//! Texts that are being edited, laid over a snapshot of the folder.
//!
//! An editor holds text that is not saved yet. The rest of the library reads
//! snapshots, so the unsaved text takes the place of the file there, judged by
//! the same rules for text as a file on disk.

use std::sync::Arc;

use super::POLICIES;
use super::gather::text_fault;
use jiedu_base::files::{SetFile, SetFiles, Snapshot};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::{is_text_path, validate};

/// Where the files of the set `site` lie (contract details 9).
const SITE: [&str; 4] = ["themes/", "wordlists/", "content/pages/", "content/topics/"];

/// The set to which a path of a repository belongs, and the path in it.
///
/// ```
/// use jiedu_source::set_of_path;
/// let policy = set_of_path("content/policies/2025/a/policy.md");
/// assert_eq!(policy, Some(("2025/a".to_owned(), "policy.md")));
/// assert_eq!(set_of_path("site.toml"), Some(("site".to_owned(), "site.toml")));
/// assert_eq!(set_of_path("docs/a.md"), None);
/// ```
#[must_use]
pub fn set_of_path(path: &str) -> Option<(String, &str)> {
    if path == "site.toml" || SITE.iter().any(|folder| path.starts_with(folder)) {
        return Some(("site".to_owned(), path));
    }
    let rest = path.strip_prefix(POLICIES)?.strip_prefix('/')?;
    let mut parts = rest.splitn(3, '/');
    let (year, slug, inner) = (parts.next()?, parts.next()?, parts.next()?);
    let id = SetId::parse(&format!("{year}/{slug}")).ok()?;
    (!inner.is_empty()).then(|| (id.to_string(), inner))
}

/// Puts a text in the place of the file at a path of the repository, or adds
/// it. False when the path belongs to no set and nothing changed.
pub fn overlay(snapshot: &mut Snapshot, path: &str, text: &str) -> bool {
    let Some((set, inner)) = set_of_path(path) else { return false };
    let files = match SetId::parse(&set) {
        Ok(id) => snapshot.sets.entry(id).or_default(),
        Err(_) => &mut snapshot.site,
    };
    replace(files, &set, path, inner, text);
    true
}

fn replace(files: &mut SetFiles, set: &str, shown: &str, inner: &str, text: &str) {
    files.faults.retain(|fault| fault.finding.place.path != shown);
    if is_text_path(inner)
        && let Err(fault) = validate(text.as_bytes())
    {
        files.faults.push(text_fault(set, shown, fault));
    }
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let file = SetFile { path: inner.to_owned(), digest: Digest::of(&bytes), bytes };
    match files.files.binary_search_by(|known| known.path.as_str().cmp(inner)) {
        Ok(at) => files.files.splice(at..=at, [file]).for_each(drop),
        Err(at) => files.files.insert(at, file),
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsaved_text_takes_the_place_of_the_file() {
        let mut snapshot = Snapshot::default();
        assert!(overlay(&mut snapshot, "content/policies/2025/a/policy.md", "一"));
        assert!(overlay(&mut snapshot, "content/policies/2025/a/materials/b.md", "二"));
        assert!(overlay(&mut snapshot, "content/policies/2025/a/policy.md", "三"));
        let files = snapshot.sets.values().next().unwrap();
        assert_eq!(files.files.len(), 2);
        assert_eq!(&*files.get("policy.md").unwrap().bytes, "三".as_bytes());
        assert!(!overlay(&mut snapshot, "content/policies/2025/a", ""));
        assert!(!overlay(&mut snapshot, "roster/1.toml", ""));
    }

    #[test]
    fn its_faults_are_found_and_forgotten() {
        let mut snapshot = Snapshot::default();
        overlay(&mut snapshot, "wordlists/a.toml", "a\u{202e}b");
        assert_eq!(snapshot.site.faults.first().map(|fault| fault.code), Some("TEXT_BIDI"));
        overlay(&mut snapshot, "wordlists/a.toml", "ab");
        assert!(snapshot.site.faults.is_empty());
    }
}
