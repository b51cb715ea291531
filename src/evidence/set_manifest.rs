//! The digest manifest of a set, read back strictly (contract §3).

use std::collections::BTreeMap;

use super::manifest::FileFact;
use jiedu_base::name::Digest;

/// The files of one edition, as its digest manifest lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetManifest {
    /// The set's id, or `site`.
    pub set: String,
    /// Path relative to the set → digest and size.
    pub files: BTreeMap<String, FileFact>,
    /// SHA-256 of the manifest: the digest of the set.
    pub digest: Digest,
}

impl SetManifest {
    /// Reads a digest manifest; anything but its one canonical form is an error.
    ///
    /// # Errors
    /// What is wrong, in one phrase.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
        let body = text.strip_suffix('\n').ok_or("its last line does not end")?;
        let mut lines = body.split('\n');
        if lines.next() != Some("jiedu-set/1") {
            return Err("it does not begin with `jiedu-set/1`".into());
        }
        let set =
            lines.next().and_then(|line| line.strip_prefix("set ")).ok_or("it names no set")?.to_owned();
        let count = lines
            .next()
            .and_then(|line| line.strip_prefix("files "))
            .and_then(number)
            .ok_or("it counts no files")?;
        let mut files = BTreeMap::new();
        let mut last: Option<&str> = None;
        for line in lines {
            let mut parts = line.splitn(3, ' ');
            let (Some(hex), Some(size), Some(path)) =
                (parts.next(), parts.next().and_then(number), parts.next())
            else {
                return Err("a line has no digest, size and path".into());
            };
            if last.is_some_and(|last| last >= path) {
                return Err(format!("`{path}` is out of order"));
            }
            let digest = Digest::parse_hex(hex).map_err(|error| error.to_string())?;
            files.insert(path.to_owned(), FileFact { digest, size });
            last = Some(path);
        }
        if files.len() as u64 != count {
            return Err("the number of files is not the one it gives".into());
        }
        Ok(Self { set, files, digest: Digest::of(bytes) })
    }
}

/// A decimal number without leading zeros.
fn number(text: &str) -> Option<u64> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    canonical.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_canonical_form() {
        let hex = "0a".repeat(32);
        let good =
            format!("jiedu-set/1\nset 2025/a\nfiles 2\n{hex} 3 attachments/附件 1.pdf\n{hex} 0 policy.md\n");
        let manifest = SetManifest::parse(good.as_bytes()).unwrap();
        assert_eq!((manifest.set.as_str(), manifest.files.len()), ("2025/a", 2));
        assert_eq!(manifest.digest, Digest::of(good.as_bytes()));
        for bad in [
            good.replace("files 2", "files 3"),
            good.replace("files 2", "files 02"),
            good.replace(" 3 ", " +3 "),
            good.replace("policy.md", "a.md"),
            good.trim_end().to_owned(),
            good.replace("set 2025/a\n", ""),
        ] {
            assert!(SetManifest::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
