//! Sorting what a revision or a folder holds into sets (contract §1).
//!
//! Only the folders that the contract names are looked at; the rest of a
//! repository (`docs/`, `.ci/`, README) is nobody's business here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::gather::{Gatherer, Rules};
use super::object::ObjectId;
use super::path::shown;
use super::repository::Repository;
use super::store::{Disk, Entry, Kind, Store, Trouble};
use super::{POLICIES, SourceError};
use jiedu_base::files::{FileFault, SetFiles, Snapshot};
use jiedu_base::finding::Finding;
use jiedu_base::name::{CommitId, SetId, SmallSet};
use jiedu_base::text::Message;

/// Largest statement (approvals §7).
const STATEMENT_LIMIT: usize = 64 << 10;
/// Largest roster (approvals §7).
const ROSTER_LIMIT: usize = 4 << 20;
/// Statements of many sets and years lie in one folder.
const STATEMENT_COUNT: usize = 1_000_000;
/// Answers of external proofreaders that are looked at: one a text and engine.
const ANSWER_COUNT: usize = 10_000;

impl Repository {
    /// Everything that a commit says about policies.
    ///
    /// # Errors
    /// A refusal when the commit or one of its upper trees is missing, corrupt
    /// or malformed.
    pub fn snapshot(&self, commit: &CommitId) -> Result<Snapshot, SourceError> {
        let tree = self.tree_of(self.object(commit)?)?;
        let mut snapshot = read_root(self, &tree)?;
        snapshot.commit = Some(commit.clone());
        Ok(snapshot)
    }
}

/// Everything that a folder on disk (a work tree) says about policies.
///
/// # Errors
/// [`SourceError::Io`] with the path that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Snapshot, SourceError> {
    read_root(&Disk::new(folder), &folder.to_owned())
}

fn read_root<S: Store>(store: &S, root: &S::Node) -> Result<Snapshot, SourceError> {
    let top = list(store, root, "")?;
    let content = child_folder(store, &top, "content")?;
    let mut findings = Vec::new();
    let found = find_sets(store, &content, &mut findings)?;
    let sets = found
        .into_par_iter()
        .map(|(id, entry)| gather_set(store, &id, entry).map(|files| (id, files)))
        .collect::<Result<_, _>>()?;
    Ok(Snapshot {
        commit: None,
        sets,
        site: gather_site(store, &top, &content)?,
        small: gather_all_small(store, &content, &mut findings)?,
        roster: gather_roster(store, &top)?,
        evidence: gather_evidence(store, &top)?,
        findings,
    })
}

/// The entries of a folder on which the whole revision depends.
fn list<S: Store>(store: &S, folder: &S::Node, path: &str) -> Result<Vec<Entry<S::Node>>, SourceError> {
    store.list(folder).map_err(|trouble| match trouble {
        Trouble::Fatal(error) => error,
        Trouble::Fault(code) => SourceError::refused(
            code,
            format!("文件夹“{path}/”的目录对象不合规范（条目重复、次序错乱或残缺）"),
            format!("the tree of `{path}/` is malformed: entries repeated, out of order or cut off"),
        ),
        Trouble::TooLarge(size) => SourceError::refused(
            "OBJECT_CORRUPT",
            format!("“{path}/”过大：{size}"),
            format!("`{path}/` is too large: {size}"),
        ),
    })
}

fn find<'a, N>(entries: &'a [Entry<N>], name: &str) -> Option<&'a Entry<N>> {
    entries.iter().find(|entry| entry.name == name.as_bytes())
}

/// The entries of a folder that may be absent; something else under its name
/// counts as absent here and is reported where it matters.
fn child_folder<S: Store>(
    store: &S,
    entries: &[Entry<S::Node>],
    name: &str,
) -> Result<Vec<Entry<S::Node>>, SourceError> {
    match find(entries, name) {
        Some(entry) if entry.kind == Kind::Folder => list(store, &entry.node, name),
        _ => Ok(Vec::new()),
    }
}

fn stray(code: &'static str, path: &str, zh: &str, en: &str) -> Finding {
    // It belongs to no set, so there is nothing that it could block.
    let mut finding = FileFault::new(code, "", path, Message::new(zh, en)).finding;
    finding.blocks = false;
    finding
}

/// Sets with their folders.
type FoundSets<N> = Vec<(SetId, Entry<N>)>;

/// The folders `<year>/<slug>`; everything else there is reported.
fn find_sets<S: Store>(
    store: &S,
    content: &[Entry<S::Node>],
    findings: &mut Vec<Finding>,
) -> Result<FoundSets<S::Node>, SourceError> {
    let mut sets = Vec::new();
    let Some(policies) = find(content, "policies") else { return Ok(sets) };
    if policies.kind != Kind::Folder {
        findings.push(stray("ENTRY_MODE", POLICIES, "应当是文件夹", "must be a folder"));
        return Ok(sets);
    }
    for year in list(store, &policies.node, POLICIES)? {
        let path = format!("{POLICIES}/{}", shown(&year.name));
        let is_year = year.name.len() == 4 && year.name.iter().all(u8::is_ascii_digit);
        if !is_year || year.kind != Kind::Folder {
            findings.push(stray(
                "PATH_INVALID",
                &path,
                "不是“年份”文件夹；此处只能放 <年份>/<代号>/",
                "is not a year folder; only `<year>/<slug>/` may stand here",
            ));
            continue;
        }
        for entry in list(store, &year.node, &path)? {
            let id = std::str::from_utf8(&entry.name).ok().zip(std::str::from_utf8(&year.name).ok());
            match id.and_then(|(slug, year)| SetId::parse(&format!("{year}/{slug}")).ok()) {
                Some(id) if entry.kind != Kind::File => sets.push((id, entry)),
                _ => {
                    let path = format!("{path}/{}", shown(&entry.name));
                    findings.push(stray(
                        "PATH_INVALID",
                        &path,
                        "不是发布单元文件夹；代号只能用小写字母、数字和“-”，以字母或数字开头，不超过 63 个字符",
                        "is not a set folder; a slug has lower-case letters, digits and `-`, starts with a letter or digit, and has at most 63 characters",
                    ));
                }
            }
        }
    }
    Ok(sets)
}

fn gather_set<S: Store>(store: &S, id: &SetId, entry: Entry<S::Node>) -> Result<SetFiles, SourceError> {
    let path = format!("{POLICIES}/{id}");
    let mut gatherer = Gatherer::new(store, Rules::SET, id.as_str());
    match entry.kind {
        Kind::Other(zh, en) => {
            gatherer.fault(
                "ENTRY_MODE",
                &path,
                format!("是{zh}，应当是文件夹"),
                format!("is {en}; it must be a folder"),
            );
        }
        _ => gatherer.folder(entry.node, &path, "")?,
    }
    Ok(gatherer.finish())
}

/// The set `site` of a whole revision.
pub(crate) fn read_site<S: Store>(store: &S, root: &S::Node) -> Result<SetFiles, SourceError> {
    let top = list(store, root, "")?;
    let content = child_folder(store, &top, "content")?;
    gather_site(store, &top, &content)
}

/// The set `site` (details 9).
fn gather_site<S: Store>(
    store: &S,
    top: &[Entry<S::Node>],
    content: &[Entry<S::Node>],
) -> Result<SetFiles, SourceError> {
    let mut gatherer = Gatherer::new(store, Rules::SET, "site");
    match find(top, "site.toml") {
        Some(entry) if entry.kind == Kind::File => {
            gatherer.file(&entry.node, "site.toml", "site.toml".to_owned())?;
        }
        Some(entry) => misplaced(&mut gatherer, &entry.kind, "site.toml"),
        None => {}
    }
    if let Some(entry) = find(top, "content").filter(|entry| entry.kind != Kind::Folder) {
        misplaced(&mut gatherer, &entry.kind, "content");
    }
    let parts = [
        (top, "themes", ""),
        (top, "wordlists", ""),
        (content, "pages", "content/"),
        (content, "topics", "content/"),
    ];
    for (entries, name, prefix) in parts {
        let path = format!("{prefix}{name}");
        match find(entries, name) {
            Some(entry) if entry.kind == Kind::Folder => {
                gatherer.folder(entry.node.clone(), &path, &format!("{path}/"))?;
            }
            Some(entry) => misplaced(&mut gatherer, &entry.kind, &path),
            None => {}
        }
    }
    Ok(gatherer.finish())
}

/// The sets of one file below `content/`.
fn gather_all_small<S: Store>(
    store: &S,
    content: &[Entry<S::Node>],
    findings: &mut Vec<Finding>,
) -> Result<BTreeMap<SmallSet, SetFiles>, SourceError> {
    let mut ids: BTreeSet<SmallSet> = BTreeSet::new();
    ids.extend(find(content, "catalogue.toml").map(|_| SmallSet::Catalogue));
    for name in ["lists", "reports"] {
        for entry in child_folder(store, content, name)? {
            let path = format!("content/{name}/{}", shown(&entry.name));
            match SmallSet::of_path(&path) {
                Some(id) => drop(ids.insert(id)),
                None => findings.push(stray(
                    "PATH_INVALID",
                    &path,
                    "不是清单（<代号>.toml 或 .csv）或者年度报告（<年份>.toml）",
                    "is no list (`<name>.toml` or `.csv`) and no annual report (`<year>.toml`)",
                )),
            }
        }
    }
    ids.into_iter().map(|id| Ok((id.clone(), gather_small(store, content, &id)?))).collect()
}

/// One set of one file.
fn gather_small<S: Store>(
    store: &S,
    content: &[Entry<S::Node>],
    id: &SmallSet,
) -> Result<SetFiles, SourceError> {
    let set = id.to_string();
    let mut gatherer = Gatherer::new(store, Rules::SET, &set);
    let mut found = 0;
    for path in id.paths() {
        let inner = path.strip_prefix("content/").unwrap_or(&path);
        let entry = match inner.split_once('/') {
            Some((folder, name)) => find(&child_folder(store, content, folder)?, name).cloned(),
            None => find(content, inner).cloned(),
        };
        match entry {
            Some(entry) if entry.kind == Kind::File => {
                gatherer.file(&entry.node, &path, path.clone())?;
                found += 1;
            }
            Some(entry) => misplaced(&mut gatherer, &entry.kind, &path),
            None => {}
        }
    }
    if found > 1 {
        let (zh, en) =
            ("同一份清单有 .toml 和 .csv 两个文件，只能留一个", "is there as .toml and as .csv; keep one");
        gatherer.fault("PATH_COLLISION", &format!("content/{set}"), zh, en);
    }
    Ok(gatherer.finish())
}

/// A set of one file in a whole revision.
pub(crate) fn read_small<S: Store>(
    store: &S,
    root: &S::Node,
    id: &SmallSet,
) -> Result<SetFiles, SourceError> {
    let top = list(store, root, "")?;
    let content = child_folder(store, &top, "content")?;
    gather_small(store, &content, id)
}

/// A file where a folder belongs, a link where a file belongs …
fn misplaced<S: Store>(gatherer: &mut Gatherer<'_, S>, kind: &Kind, path: &str) {
    let (zh, en) = match kind {
        Kind::File => ("文件", "a file"),
        Kind::Folder => ("文件夹", "a folder"),
        Kind::Other(zh, en) => (zh.as_str(), en.as_str()),
    };
    gatherer.fault("ENTRY_MODE", path, format!("在此处不能是{zh}"), format!("may not be {en} here"));
}

fn gather_roster<S: Store>(store: &S, top: &[Entry<S::Node>]) -> Result<SetFiles, SourceError> {
    let rules = Rules { file_limit: ROSTER_LIMIT, check_text: false, ..Rules::SET };
    let mut gatherer = Gatherer::new(store, rules, "roster");
    match find(top, "roster") {
        Some(entry) if entry.kind == Kind::Folder => gatherer.folder(entry.node.clone(), "roster", "")?,
        Some(entry) => misplaced(&mut gatherer, &entry.kind, "roster"),
        None => {}
    }
    Ok(gatherer.finish())
}

/// Collected statements. Whatever is wrong here is reported and ignored.
fn gather_evidence<S: Store>(store: &S, top: &[Entry<S::Node>]) -> Result<SetFiles, SourceError> {
    let rules = Rules {
        file_limit: STATEMENT_LIMIT,
        count_limit: STATEMENT_COUNT,
        check_text: false,
        recurse: false,
    };
    let mut gatherer = Gatherer::new(store, rules, "");
    let folder = match find(top, "evidence") {
        Some(entry) if entry.kind == Kind::Folder => match store.list(&entry.node) {
            Ok(entries) => entries,
            Err(trouble) => {
                gatherer.trouble(trouble, "evidence")?;
                Vec::new()
            }
        },
        Some(entry) => {
            misplaced(&mut gatherer, &entry.kind, "evidence");
            Vec::new()
        }
        None => Vec::new(),
    };
    match find(&folder, "statements") {
        Some(entry) if entry.kind == Kind::Folder => {
            gatherer.folder(entry.node.clone(), "evidence/statements", "")?;
        }
        Some(entry) => misplaced(&mut gatherer, &entry.kind, "evidence/statements"),
        None => {}
    }
    let mut files = gatherer.finish();
    files.faults.iter_mut().for_each(|fault| fault.finding.blocks = false);
    Ok(files)
}

impl Repository {
    /// The files of the set `site` at a commit.
    ///
    /// # Errors
    ///
    /// What the revision rests on cannot be read; faults of single files lie in the answer.
    pub fn site_files(&self, commit: &CommitId) -> Result<SetFiles, SourceError> {
        let tree = self.tree_of(self.object(commit)?)?;
        read_site(self, &tree)
    }

    /// What external proofreaders answered, as kept in `evidence/answers/` at a
    /// commit; paths are relative to that folder. What is at fault is left out:
    /// an answer proves nothing by itself.
    ///
    /// # Errors
    ///
    /// The commit or its tree cannot be read.
    pub fn answer_files(&self, commit: &CommitId) -> Result<SetFiles, SourceError> {
        let rules = Rules { count_limit: ANSWER_COUNT, check_text: false, recurse: false, ..Rules::SET };
        let Ok(top) = self.list(&self.tree_of(self.object(commit)?)?) else { return Ok(SetFiles::default()) };
        let mut gatherer = Gatherer::new(self, rules, "");
        let folder = |entries: &[Entry<ObjectId>], name: &str| {
            find(entries, name).filter(|entry| entry.kind == Kind::Folder).map(|entry| entry.node)
        };
        let evidence = folder(&top, "evidence").and_then(|node| self.list(&node).ok());
        if let Some(node) = evidence.and_then(|entries| folder(&entries, "answers")) {
            gatherer.folder(node, "evidence/answers", "")?;
        }
        Ok(gatherer.finish())
    }

    /// The tree of a commit.
    pub(crate) fn tree_of(&self, commit: ObjectId) -> Result<ObjectId, SourceError> {
        let bytes = self.objects.commit(commit).map_err(|error| error.refuse("提交", commit))?;
        let header = super::commit::CommitHeader::parse(&self.objects, &bytes);
        header.map(|header| header.tree).ok_or_else(|| super::commit::unreadable(commit))
    }
}
