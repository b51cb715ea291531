//! Reading a built site back, as hostile input.
//!
//! Links are named and not followed, devices and pipes are named and not
//! opened, and every count has a bound. Only the documents below
//! `.well-known/jiedu/` are kept in memory; of other files the digest is.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::error::{At as _, OutputError};
use super::publish::evidence_folder;
use jiedu_base::name::Digest;
use jiedu_evidence::{BuiltSite, DOCUMENTS, EVIDENCE, FileFact, Odd};

/// The bounds within which a site is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files and folders altogether.
    pub entries: usize,
    /// Folders inside one another.
    pub depth: usize,
    /// Bytes of one file.
    pub file: u64,
    /// Bytes of all documents kept in memory.
    pub documents: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entries: 4_000_000, depth: 32, file: 1 << 30, documents: 512 << 20 }
    }
}

/// Reads a site, and the evidence beside it when there is any.
///
/// What is odd about single files is part of the value; only a folder that
/// cannot be read or breaks a bound altogether is an error.
///
/// # Errors
/// [`OutputError`].
pub fn read_site(folder: &Path, limits: &Limits) -> Result<BuiltSite, OutputError> {
    let beside = evidence_folder(folder);
    let present = fs::symlink_metadata(&beside).is_ok_and(|meta| meta.is_dir());
    read_site_with(folder, present.then_some(beside.as_path()), limits)
}

/// Reads a site whose evidence is kept in a folder of its own, if at all.
///
/// # Errors
/// [`OutputError`].
pub fn read_site_with(
    folder: &Path,
    evidence: Option<&Path>,
    limits: &Limits,
) -> Result<BuiltSite, OutputError> {
    let mut site = BuiltSite::default();
    read_below(folder, "", limits, &mut site)?;
    if let Some(evidence) = evidence {
        let mut archive = BuiltSite::default();
        read_below(evidence, EVIDENCE, limits, &mut archive)?;
        site.archive = Some(archive.documents);
        site.odd.extend(archive.odd);
    }
    Ok(site)
}

/// Reads all files below a folder under a common prefix.
fn read_below(folder: &Path, prefix: &str, limits: &Limits, site: &mut BuiltSite) -> Result<(), OutputError> {
    let real = fs::canonicalize(folder).at("read", folder)?;
    if !real.is_dir() {
        return Err(OutputError::NotAFolder { path: folder.to_owned() });
    }
    let names = list(&real, limits, site)?;
    site.odd = std::mem::take(&mut site.odd)
        .into_iter()
        .map(|(path, odd)| (format!("{prefix}{path}"), odd))
        .collect();
    read_files(&real, &names, prefix, limits, site)
}

/// Every plain file below a folder, sorted; the rest is noted as odd.
fn list(root: &Path, limits: &Limits, site: &mut BuiltSite) -> Result<Vec<(String, PathBuf)>, OutputError> {
    let too_much = |reason: String| OutputError::TooMuch { path: root.to_owned(), reason };
    let mut files = Vec::new();
    let mut open = vec![(root.to_owned(), String::new(), 0_usize)];
    let mut seen = 0_usize;
    while let Some((folder, prefix, depth)) = open.pop() {
        if depth > limits.depth {
            return Err(too_much(format!(
                "folders are nested more than {} deep at `{prefix}`",
                limits.depth
            )));
        }
        for entry in fs::read_dir(&folder).at("read", &folder)? {
            let entry = entry.at("read", &folder)?;
            seen += 1;
            if seen > limits.entries {
                return Err(too_much(format!("it holds more than {} files", limits.entries)));
            }
            let name = entry.file_name();
            let path = format!("{prefix}{}", name.to_string_lossy());
            let kind = entry.file_type().at("read", &entry.path())?;
            if name.to_str().is_none() {
                site.odd.insert(path, Odd::Name);
            } else if kind.is_symlink() {
                site.odd.insert(path, Odd::Link);
            } else if kind.is_dir() {
                open.push((entry.path(), format!("{path}/"), depth + 1));
            } else if kind.is_file() {
                files.push((path, entry.path()));
            } else {
                site.odd.insert(path, Odd::Special);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// One file as it was read.
enum Read {
    Fact(FileFact, Option<Arc<[u8]>>),
    Odd(Odd),
}

/// Hashes all files in parallel; the result does not depend on the order.
fn read_files(
    root: &Path,
    names: &[(String, PathBuf)],
    prefix: &str,
    limits: &Limits,
    site: &mut BuiltSite,
) -> Result<(), OutputError> {
    let mut documents = 0_u64;
    for (path, full) in names.iter().filter(|(path, _)| !prefix.is_empty() || path.starts_with(DOCUMENTS)) {
        documents += fs::symlink_metadata(full).at("read", full)?.len();
        if documents > limits.documents {
            let reason = format!("its evidence is larger than {} bytes (at `{path}`)", limits.documents);
            return Err(OutputError::TooMuch { path: root.to_owned(), reason });
        }
    }
    let read: Vec<Read> = names
        .par_iter()
        .map(|(path, full)| read_file(full, !prefix.is_empty() || path.starts_with(DOCUMENTS), limits.file))
        .collect();
    for ((path, _), read) in names.iter().zip(read) {
        let path = format!("{prefix}{path}");
        match read {
            Read::Odd(odd) => {
                site.odd.insert(path, odd);
            }
            Read::Fact(fact, bytes) => {
                if let Some(bytes) = bytes {
                    site.documents.insert(path.clone(), bytes);
                }
                site.files.insert(path, fact);
            }
        }
    }
    Ok(())
}

fn read_file(path: &Path, keep: bool, limit: u64) -> Read {
    match try_read(path, keep, limit) {
        Ok(Some((fact, bytes))) => Read::Fact(fact, bytes),
        Ok(None) => Read::Odd(Odd::TooLarge),
        Err(error) => Read::Odd(Odd::Unreadable(error.to_string())),
    }
}

/// What is known of a file, with its bytes when they are kept.
type Known = (FileFact, Option<Arc<[u8]>>);

/// Reads one file; none when it is longer than the limit.
fn try_read(path: &Path, keep: bool, limit: u64) -> io::Result<Option<Known>> {
    let file = fs::File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("not a plain file"));
    }
    let mut reader = file.take(limit + 1);
    if keep {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let fits = bytes.len() as u64 <= limit;
        return Ok(fits.then(|| (FileFact::of(&bytes), Some(Arc::from(bytes)))));
    }
    let (mut hasher, mut size, mut buffer) = (Sha256::new(), 0_u64, vec![0; 1 << 16]);
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(buffer.get(..count).unwrap_or_default());
        size += count as u64;
    }
    Ok((size <= limit)
        .then(|| (FileFact { digest: Digest::from(<[u8; 32]>::from(hasher.finalize())), size }, None)))
}

/// The bytes of one plain file below a folder, of which the length is known. A
/// longer file is cut one byte later: the caller sees that it differs.
///
/// # Errors
/// A path that could leave the folder, a link, or the operation that fails.
pub fn read_file_of(folder: &Path, path: &str, size: u64) -> Result<Vec<u8>, OutputError> {
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if path.is_empty() || !Path::new(path).components().all(plain) {
        return Err(OutputError::UnsafePath { path: path.to_owned() });
    }
    let full = folder.join(path);
    if !fs::symlink_metadata(&full).at("read", &full)?.is_file() {
        return Err(OutputError::UnsafePath { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(&full).at("read", &full)?;
    file.take(size.saturating_add(1)).read_to_end(&mut bytes).at("read", &full)?;
    Ok(bytes)
}

/// Reads the files of a folder as they are, for a comparison byte for byte.
#[cfg(test)]
pub(super) fn read_tree(root: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut site = BuiltSite::default();
    let names = list(root, &Limits::default(), &mut site).unwrap();
    names.into_iter().map(|(path, full)| (path, fs::read(full).unwrap())).collect()
}
