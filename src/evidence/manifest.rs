//! `manifest.json`: every file of a site with its digest.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use jiedu_base::clock::Clock;
use jiedu_base::name::Digest;

/// Where the manifest stands in a site.
pub const MANIFEST_PATH: &str = ".well-known/jiedu/manifest.json";
/// Where the release statement stands.
pub const RELEASE_PATH: &str = ".well-known/jiedu/release.json";
/// Where the publisher's signature stands.
pub const SIGNATURE_PATH: &str = ".well-known/jiedu/release.sshsig";

/// A larger one is not read: a million files fit.
const LIMIT: usize = 192 << 20;

const SCHEMA: &str = "jiedu.manifest/1";

/// The program's name and version, as artifacts name it.
pub const GENERATOR: &str = concat!("jiedu ", env!("CARGO_PKG_VERSION"));

/// What is known of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFact {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Its length.
    pub size: u64,
}

impl FileFact {
    /// The facts of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { digest: Digest::of(bytes), size: bytes.len() as u64 }
    }
}

/// The facts of every file of a tree.
pub(super) fn facts(files: &BTreeMap<String, Arc<[u8]>>) -> BTreeMap<String, FileFact> {
    files.par_iter().map(|(path, bytes)| (path.clone(), FileFact::of(bytes))).collect()
}

/// The manifest of a site: every file except itself, the release statement and
/// its signature (contract §7, details 77).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The revision that was built.
    pub revision: String,
    /// The publication instant, RFC 3339 with +08:00.
    pub at: String,
    /// Which program built it.
    pub generator: String,
    /// Whether the site holds drafts: such a site never verifies as OK.
    pub drafts: bool,
    /// The files, by path without a leading slash.
    pub files: BTreeMap<String, FileFact>,
}

impl Manifest {
    /// The manifest of a tree. Hashes in parallel; the result does not depend
    /// on the number of threads.
    #[must_use]
    pub fn of(files: &BTreeMap<String, Arc<[u8]>>, revision: &str, clock: &Clock, drafts: bool) -> Self {
        Self::listing(facts(files), revision, clock, drafts)
    }

    /// The manifest of files of which these facts are known.
    #[must_use]
    pub fn listing(
        mut files: BTreeMap<String, FileFact>,
        revision: &str,
        clock: &Clock,
        drafts: bool,
    ) -> Self {
        for unlisted in [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH] {
            files.remove(unlisted);
        }
        Self {
            revision: revision.to_owned(),
            at: clock.rfc3339(),
            generator: GENERATOR.to_owned(),
            drafts,
            files,
        }
    }

    /// The bytes of `manifest.json`.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let files = self
            .files
            .iter()
            .map(|(path, fact)| (path.as_str(), FileEntry { sha256: fact.digest.hex(), size: fact.size }));
        let document = Document {
            schema: SCHEMA,
            revision: &self.revision,
            at: &self.at,
            generator: &self.generator,
            drafts: self.drafts.then_some(true),
            files: files.collect(),
        };
        // Texts and whole numbers always serialise.
        let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a manifest strictly: unknown and repeated keys are errors.
    ///
    /// # Errors
    /// What is wrong, in one phrase.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LIMIT {
            return Err(format!("it is larger than {LIMIT} bytes"));
        }
        // Straight into the list: a tree of values would take twenty times the
        // memory, and whoever made the file chooses its size.
        let read: Said = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if read.schema != SCHEMA {
            return Err(format!("the schema is not `{SCHEMA}`"));
        }
        let Said { revision, at, generator, drafts, files: Listed(files), .. } = read;
        Ok(Self { revision, at, generator, drafts, files })
    }
}

/// A manifest as it is read. Fields that stand twice are errors, too.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    schema: String,
    revision: String,
    at: String,
    generator: String,
    #[serde(default)]
    drafts: bool,
    files: Listed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidEntry {
    sha256: String,
    size: u64,
}

/// The files, each once.
struct Listed(BTreeMap<String, FileFact>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ListedVisitor)
    }
}

struct ListedVisitor;

impl<'de> Visitor<'de> for ListedVisitor {
    type Value = Listed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the files of a site")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Listed, A::Error> {
        let mut files = BTreeMap::new();
        while let Some((path, entry)) = entries.next_entry::<String, SaidEntry>()? {
            let digest = Digest::parse_hex(&entry.sha256).map_err(de::Error::custom)?;
            let short: String = path.chars().take(40).collect();
            if files.insert(path, FileFact { digest, size: entry.size }).is_some() {
                return Err(de::Error::custom(format!("the key `{short}` stands twice")));
            }
        }
        Ok(Listed(files))
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    revision: &'a str,
    at: &'a str,
    generator: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    drafts: Option<bool>,
    files: BTreeMap<&'a str, FileEntry>,
}

#[derive(Serialize)]
struct FileEntry {
    sha256: String,
    size: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_everything_but_itself_and_reads_back() {
        let bytes: Arc<[u8]> = Arc::from(b"x".as_slice());
        let files = [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH, "index.html", "政策/a.html"]
            .map(|path| (path.to_owned(), bytes.clone()))
            .into();
        let clock = Clock::parse("2025-06-30T00:00:00Z").unwrap();
        let manifest = Manifest::of(&files, "abc", &clock, false);
        assert_eq!(manifest.files.keys().collect::<Vec<_>>(), ["index.html", "政策/a.html"]);
        let json = manifest.to_json();
        assert_eq!(Manifest::parse(&json), Ok(manifest));
        let text = String::from_utf8(json).unwrap();
        assert!(!text.contains("drafts"));
        assert!(Manifest::parse(text.replacen("\"at\"", "\"extra\": 1, \"at\"", 1).as_bytes()).is_err());
        for (from, to) in [
            ("\"at\"", "\"at\": \"x\", \"at\""),
            ("\"size\"", "\"size\": 1, \"size\""),
            ("\"size\": 1", "\"size\": -1"),
            ("\"size\": 1", "\"size\": 1.0"),
            ("\"size\": 1", "\"size\": 1, \"more\": 2"),
            ("\"index.html\"", "\"政策/a.html\""),
            ("\"files\"", "\"drafts\": null, \"files\""),
        ] {
            assert!(Manifest::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{from} {to}");
        }
        assert!(Manifest::parse(format!("{text} x").as_bytes()).is_err());
        let draft = Manifest::of(&files, "abc", &clock, true);
        assert!(Manifest::parse(&draft.to_json()).unwrap().drafts);
    }
}
