//! Whether a folder is one that jiedu made, and what in it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::error::{At as _, OutputError};
use jiedu_base::name::Digest;
use jiedu_evidence::{FileFact, MANIFEST_PATH, Manifest, RELEASE_PATH, SIGNATURE_PATH};

/// A manifest larger than this is not read.
const MANIFEST_LIMIT: u64 = 256 << 20;
/// A release statement or signature larger than this is not ours.
const RELEASE_LIMIT: u64 = 1 << 20;

/// What kind of folder is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A built site.
    Site,
    /// Evidence kept beside a site.
    Evidence,
}

impl Owner {
    /// The file by which a folder of this kind is known.
    fn mark(self) -> &'static str {
        match self {
            Self::Site => MANIFEST_PATH,
            Self::Evidence => "ledger.txt",
        }
    }
}

/// Refuses a target that holds something and that jiedu did not make.
///
/// # Errors
/// [`OutputError::ForeignFolder`].
pub(super) fn refuse_foreign(folder: &Path, owner: Owner) -> Result<(), OutputError> {
    let is_empty = fs::read_dir(folder).at("read", folder)?.next().is_none();
    if is_empty || is_ours(folder, owner) {
        Ok(())
    } else {
        Err(OutputError::ForeignFolder { path: folder.to_owned() })
    }
}

/// Whether this is a real folder that carries the mark of its kind.
pub(super) fn is_ours(folder: &Path, owner: Owner) -> bool {
    fs::symlink_metadata(folder).is_ok_and(|meta| meta.is_dir())
        && fs::symlink_metadata(folder.join(owner.mark())).is_ok_and(|meta| meta.is_file())
}

/// The paths in a folder of ours that we did not write as they are, relative
/// and sorted; folders without anything of ours as a whole.
///
/// A file is ours when its bytes are those that the manifest lists: a file that
/// somebody edited, or that stood here before a manifest was copied beside it,
/// is not.
///
/// # Errors
/// The operation that failed.
pub(super) fn foreign_files(folder: &Path, owner: Owner) -> Result<Vec<PathBuf>, OutputError> {
    let ours = match owner {
        Owner::Site => Listed::read(folder)?,
        Owner::Evidence => Some(Listed::Evidence),
    };
    let mut foreign = if let Some(ours) = ours {
        find_foreign(folder, &ours)?
    } else {
        // The list cannot be read: nobody can say what is ours, so all is kept.
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).at("read", folder)? {
            all.push(PathBuf::from(entry.at("read", folder)?.file_name()));
        }
        all
    };
    foreign.sort();
    Ok(foreign)
}

/// What we wrote to a folder.
enum Listed {
    /// The files of the manifest of a site.
    Site {
        files: BTreeMap<String, FileFact>,
        /// Those of the three unlisted files that belong to this manifest.
        unlisted: BTreeSet<&'static str>,
    },
    /// Evidence is known by the form of its names.
    Evidence,
}

impl Listed {
    /// What the manifest of a site lists; nothing when it cannot be read.
    fn read(folder: &Path) -> Result<Option<Self>, OutputError> {
        let mark = folder.join(MANIFEST_PATH);
        let bytes = read_up_to(&mark, MANIFEST_LIMIT).at("read", &mark)?;
        let Ok(manifest) = Manifest::parse(&bytes) else { return Ok(None) };
        let mut unlisted = BTreeSet::from([MANIFEST_PATH]);
        let digest = Digest::of(&bytes).hex();
        let text = |path| read_up_to(&folder.join(path), RELEASE_LIMIT).unwrap_or_default();
        let release = text(RELEASE_PATH);
        // A release statement names its manifest, and its signature follows it.
        if String::from_utf8_lossy(&release).contains(&digest) {
            unlisted.insert(RELEASE_PATH);
            if text(SIGNATURE_PATH).starts_with(b"-----BEGIN SSH SIGNATURE-----") {
                unlisted.insert(SIGNATURE_PATH);
            }
        }
        Ok(Some(Self::Site { files: manifest.files, unlisted }))
    }

    /// Whether the file at that path is as we wrote it.
    fn has_file(&self, path: &str, full: &Path) -> bool {
        match self {
            Self::Site { unlisted, .. } if unlisted.contains(path) => true,
            Self::Site { files, .. } => files.get(path).is_some_and(|fact| is_as_listed(full, fact)),
            Self::Evidence => is_evidence_name(path),
        }
    }

    fn has_folder(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let begins = |first: &str| first.starts_with(&below);
        match self {
            Self::Site { files, unlisted } => {
                files.range(below.clone()..).next().is_some_and(|(first, _)| begins(first))
                    || unlisted.iter().any(|path| begins(path))
            }
            Self::Evidence => {
                ["statements", "roster", "sets"].iter().any(|ours| path.split('/').next() == Some(*ours))
            }
        }
    }
}

/// Whether evidence is ever written under that path.
fn is_evidence_name(path: &str) -> bool {
    let Some((folder, _)) = path.split_once('/') else { return path == "ledger.txt" };
    let ending = match folder {
        "statements" => [".commit", ".commits"].as_slice(),
        "roster" => [".toml", ".txt"].as_slice(),
        "sets" => [".txt"].as_slice(),
        _ => return false,
    };
    ending.iter().any(|ending| path.ends_with(ending))
}

fn read_up_to(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a file has the length and the digest that the list says.
fn is_as_listed(path: &Path, fact: &FileFact) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == fact.size)
        && digest_of(path).is_ok_and(|digest| digest == fact.digest)
}

fn digest_of(path: &Path) -> io::Result<Digest> {
    let (mut file, mut hasher) = (fs::File::open(path)?, Sha256::new());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(Digest::from(<[u8; 32]>::from(hasher.finalize())));
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Collects what is not listed; a folder without listed files as a whole.
fn find_foreign(folder: &Path, listed: &Listed) -> Result<Vec<PathBuf>, OutputError> {
    let mut foreign = Vec::new();
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    let mut open: BTreeMap<PathBuf, String> = BTreeMap::from([(PathBuf::new(), String::new())]);
    while let Some((relative, prefix)) = open.pop_first() {
        let here = folder.join(&relative);
        for entry in fs::read_dir(&here).at("read", &here)? {
            let entry = entry.at("read", &here)?;
            let below = relative.join(entry.file_name());
            let path = entry.file_name().to_str().map(|name| format!("{prefix}{name}"));
            let is_folder = entry.file_type().at("read", &here)?.is_dir();
            match path {
                Some(path) if is_folder && listed.has_folder(&path) => {
                    open.insert(below, format!("{path}/"));
                }
                Some(path) if !is_folder => files.push((path, below)),
                _ => foreign.push(below),
            }
        }
    }
    let others = files.into_par_iter().filter(|(path, below)| !listed.has_file(path, &folder.join(below)));
    foreign.extend(others.map(|(_, below)| below).collect::<Vec<_>>());
    Ok(foreign)
}
