//! Whether a folder is one that jiedu made, and what in it is not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::error::{At as _, OutputError};
use jiedu_evidence::{MANIFEST_PATH, Manifest, RELEASE_PATH, SIGNATURE_PATH};

/// A manifest larger than this is not read.
const MANIFEST_LIMIT: u64 = 256 << 20;

/// What kind of folder is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// A built site.
    Site,
    /// Evidence kept beside a site.
    Evidence,
}

/// How a folder stands to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing in it.
    Empty,
    /// Ours; the paths in it that we did not write, folders as a whole.
    Ours {
        /// Relative paths.
        foreign: Vec<PathBuf>,
    },
}

/// Looks at a folder.
///
/// # Errors
/// [`OutputError::ForeignFolder`] when it holds something and is not ours.
pub(super) fn standing(folder: &Path, owner: Owner) -> Result<Standing, OutputError> {
    if fs::read_dir(folder).at("read", folder)?.next().is_none() {
        return Ok(Standing::Empty);
    }
    let mark = folder.join(match owner {
        Owner::Site => MANIFEST_PATH,
        Owner::Evidence => "ledger.txt",
    });
    if !fs::symlink_metadata(&mark).is_ok_and(|meta| meta.is_file()) {
        return Err(OutputError::ForeignFolder { path: folder.to_owned() });
    }
    let ours = match owner {
        Owner::Site => listed(&mark)?,
        Owner::Evidence => Some(BTreeSet::new()),
    };
    let mut foreign = Vec::new();
    match ours {
        Some(ours) => find_foreign(folder, &Listed { files: ours, owner }, &mut foreign)?,
        // The list cannot be read: nobody can say what is ours, so all is kept.
        None => {
            for entry in fs::read_dir(folder).at("read", folder)? {
                foreign.push(PathBuf::from(entry.at("read", folder)?.file_name()));
            }
        }
    }
    foreign.sort();
    Ok(Standing::Ours { foreign })
}

/// The files a manifest lists, with the three it does not list.
fn listed(mark: &Path) -> Result<Option<BTreeSet<String>>, OutputError> {
    let mut bytes = Vec::new();
    let file = fs::File::open(mark).at("read", mark)?;
    file.take(MANIFEST_LIMIT).read_to_end(&mut bytes).at("read", mark)?;
    Ok(Manifest::parse(&bytes).ok().map(|manifest| {
        let mut files: BTreeSet<String> = manifest.files.into_keys().collect();
        files.extend([MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH].map(str::to_owned));
        files
    }))
}

struct Listed {
    files: BTreeSet<String>,
    owner: Owner,
}

impl Listed {
    fn has_file(&self, path: &str) -> bool {
        match self.owner {
            Owner::Site => self.files.contains(path),
            Owner::Evidence => path == "ledger.txt" || self.has_folder(path),
        }
    }

    fn has_folder(&self, path: &str) -> bool {
        match self.owner {
            Owner::Site => {
                let below = format!("{path}/");
                self.files.range(below.clone()..).next().is_some_and(|first| first.starts_with(&below))
            }
            Owner::Evidence => {
                ["statements", "roster", "sets"].iter().any(|ours| path.split('/').next() == Some(*ours))
            }
        }
    }
}

/// Collects what is not listed; a folder without listed files as a whole.
fn find_foreign(folder: &Path, listed: &Listed, foreign: &mut Vec<PathBuf>) -> Result<(), OutputError> {
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
                Some(path) if !is_folder && listed.has_file(&path) => {}
                _ => foreign.push(below),
            }
        }
    }
    Ok(())
}
