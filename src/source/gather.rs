//! Gathering the files of one set from a store, with every rule of the digest.

use std::sync::Arc;

use super::POLICIES;
use super::SourceError;
use super::object::BLOB_LIMIT;
use super::path::{check_name, collisions, shown};
use super::store::{Entry, Kind, Store, Trouble};
use jiedu_base::files::{FileFault, SetFile, SetFiles};
use jiedu_base::finding::Place;
use jiedu_base::name::Digest;
use jiedu_base::text::{
    Message, Position, TextFault, TextFaultKind, TextRange, is_lfs_pointer, is_text_path, validate,
};

/// Files of a set, at most (approvals §7).
const FILE_LIMIT: usize = 2_000;
/// Folders inside folders, at most.
const DEPTH_LIMIT: usize = 32;

/// How the files of a set are gathered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Largest file in bytes.
    pub(crate) file_limit: usize,
    /// Most files and most folders.
    pub(crate) count_limit: usize,
    /// Whether text files must be clean text.
    pub(crate) check_text: bool,
    /// Whether folders are entered.
    pub(crate) recurse: bool,
}

impl Rules {
    /// The rules of publication sets and of the set `site`.
    pub(crate) const SET: Self =
        Self { file_limit: BLOB_LIMIT, count_limit: FILE_LIMIT, check_text: true, recurse: true };
}

/// Collects files and faults below one or more folders of a set.
#[derive(Debug)]
pub(crate) struct Gatherer<'a, S: Store> {
    store: &'a S,
    rules: Rules,
    set: &'a str,
    folders: usize,
    seen: usize,
    out: SetFiles,
}

/// A folder still to be read.
struct Pending<N> {
    node: N,
    /// Path in the repository, for people.
    shown: String,
    /// Path in the set, with a slash at the end unless empty.
    inner: String,
    depth: usize,
}

impl<'a, S: Store> Gatherer<'a, S> {
    pub(crate) fn new(store: &'a S, rules: Rules, set: &'a str) -> Self {
        Self { store, rules, set, folders: 0, seen: 0, out: SetFiles::default() }
    }

    /// What was gathered, sorted by path.
    pub(crate) fn finish(mut self) -> SetFiles {
        if self.is_over() {
            let limit = self.rules.count_limit;
            let path =
                if self.set.contains('/') { format!("{POLICIES}/{}", self.set) } else { self.set.to_owned() };
            self.fault(
                "TOO_MANY_FILES",
                &path,
                format!("文件或文件夹超过 {limit} 个"),
                format!("more than {limit} files or folders"),
            );
        }
        self.out.files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        self.out
    }

    fn is_over(&self) -> bool {
        self.folders.max(self.seen) > self.rules.count_limit
    }

    /// Reports a fault of the whole set or of one path.
    pub(crate) fn fault(
        &mut self,
        code: &'static str,
        path: &str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.out.faults.push(FileFault::new(code, self.set, path, Message::new(zh, en)));
    }

    /// Gathers everything below a folder. `shown` is its path in the
    /// repository, `inner` its path in the set (with a slash at the end).
    pub(crate) fn folder(&mut self, node: S::Node, shown: &str, inner: &str) -> Result<(), SourceError> {
        let mut pending = vec![Pending { node, shown: shown.to_owned(), inner: inner.to_owned(), depth: 0 }];
        while let Some(folder) = pending.pop() {
            self.folders += 1;
            if self.is_over() {
                break;
            }
            match self.store.list(&folder.node) {
                Ok(entries) => self.entries(entries, &folder, &mut pending)?,
                Err(trouble) => self.trouble(trouble, &folder.shown)?,
            }
        }
        Ok(())
    }

    fn entries(
        &mut self,
        entries: Vec<Entry<S::Node>>,
        folder: &Pending<S::Node>,
        pending: &mut Vec<Pending<S::Node>>,
    ) -> Result<(), SourceError> {
        for (name, first) in collisions(entries.iter().map(|entry| entry.name.as_slice())) {
            let path = format!("{}/{}", folder.shown, shown(name));
            let first = shown(first);
            self.fault(
                "PATH_COLLISION",
                &path,
                format!("与“{first}”在一些系统上是同一个名称；请改名"),
                format!("is the same name as `{first}` on some systems; rename it"),
            );
        }
        for entry in entries {
            self.entry(entry, folder, pending)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        entry: Entry<S::Node>,
        folder: &Pending<S::Node>,
        pending: &mut Vec<Pending<S::Node>>,
    ) -> Result<(), SourceError> {
        let path = format!("{}/{}", folder.shown, shown(&entry.name));
        let name = match check_name(&entry.name) {
            Ok(name) => name.to_owned(),
            Err(why) => {
                self.fault("PATH_INVALID", &path, format!("名称{}", why.zh), format!("the name {}", why.en));
                return Ok(());
            }
        };
        let inner = format!("{}{name}", folder.inner);
        match entry.kind {
            Kind::File => self.file(&entry.node, &path, inner),
            Kind::Folder if folder.depth < DEPTH_LIMIT && self.rules.recurse => {
                pending.push(Pending {
                    node: entry.node,
                    shown: path,
                    inner: format!("{inner}/"),
                    depth: folder.depth + 1,
                });
                Ok(())
            }
            Kind::Folder => {
                self.fault("PATH_INVALID", &path, "文件夹在此处不被允许", "no folder is allowed here");
                Ok(())
            }
            Kind::Other(zh, en) => {
                self.fault(
                    "ENTRY_MODE",
                    &path,
                    format!("是{zh}；只允许普通文件（100644）"),
                    format!("is {en}; only plain files (100644) are allowed"),
                );
                Ok(())
            }
        }
    }

    /// Gathers one file.
    pub(crate) fn file(&mut self, node: &S::Node, shown: &str, inner: String) -> Result<(), SourceError> {
        self.seen += 1;
        if self.is_over() {
            return Ok(());
        }
        match self.store.load(node, self.rules.file_limit) {
            Ok(bytes) => self.keep(bytes, shown, inner),
            Err(trouble) => self.trouble(trouble, shown)?,
        }
        Ok(())
    }

    fn keep(&mut self, bytes: Arc<[u8]>, shown: &str, inner: String) {
        if self.rules.check_text {
            let fault = if is_text_path(&inner) {
                validate(&bytes).err()
            } else if is_lfs_pointer(&bytes) {
                Some(TextFault { kind: TextFaultKind::LfsPointer, offset: 0, line: 1, column: 1 })
            } else {
                None
            };
            if let Some(fault) = fault {
                self.out.faults.push(text_fault(self.set, shown, fault));
            }
        }
        self.out.files.push(SetFile { digest: Digest::of(&bytes), path: inner, bytes });
    }

    /// Turns trouble into a fault of this set, or passes on what is fatal.
    pub(crate) fn trouble(&mut self, trouble: Trouble, path: &str) -> Result<(), SourceError> {
        match trouble {
            Trouble::Fatal(error) => return Err(error),
            Trouble::TooLarge(size) => {
                let limit = self.rules.file_limit;
                // An oversized statement has its own name in the approval rules.
                let code = if limit < BLOB_LIMIT && self.set.is_empty() {
                    "STATEMENT_TOO_LARGE"
                } else {
                    "FILE_TOO_LARGE"
                };
                self.fault(
                    code,
                    path,
                    format!("有 {size} 字节，超过上限 {limit} 字节"),
                    format!("has {size} bytes, the limit is {limit}"),
                );
            }
            Trouble::Fault(code) => {
                let (zh, en) = match code {
                    "TREE_MALFORMED" => (
                        "目录对象不合规范（条目重复、次序错乱或残缺）",
                        "the tree object is malformed: entries repeated, out of order or cut off",
                    ),
                    "OBJECT_MISSING" => (
                        "文件内容不在仓库里；请换用完整克隆",
                        "the content is missing from the repository; use a full clone",
                    ),
                    _ => ("文件内容已损坏或被调换", "the content is corrupt or was exchanged"),
                };
                self.fault(code, path, zh, en);
            }
        }
        Ok(())
    }
}

/// The fault of a file that is not clean text, with its exact place.
pub(super) fn text_fault(set: &str, path: &str, fault: TextFault) -> FileFault {
    let (code, zh, en) = match fault.kind {
        TextFaultKind::NotUtf8 => (
            "TEXT_ENCODING",
            "不是 UTF-8 编码（可能是 GBK）；请另存为 UTF-8",
            "not UTF-8 (perhaps GBK); save it as UTF-8",
        ),
        TextFaultKind::ByteOrderMark => (
            "TEXT_ENCODING",
            "文件开头有 BOM；请另存为“UTF-8（无 BOM）”",
            "starts with a byte-order mark; save it as UTF-8 without BOM",
        ),
        TextFaultKind::Nul => {
            ("TEXT_ENCODING", "含有空字符（NUL），不是文本文件", "holds a NUL byte and is not text")
        }
        TextFaultKind::CarriageReturn => {
            ("TEXT_EOL", "换行符是 CRLF 或 CR；请改为 LF", "has CRLF or CR line ends; change them to LF")
        }
        TextFaultKind::Bidi => (
            "TEXT_BIDI",
            "含有双向文字控制符，会使显示与内容不一致；请删除",
            "holds a bidirectional control character, which makes text read differently than it is; delete it",
        ),
        TextFaultKind::LfsPointer => (
            "LFS_POINTER",
            "是 Git LFS 指针，不是文件内容；请改为直接提交文件",
            "is a Git LFS pointer, not the content; commit the file itself",
        ),
    };
    let mut out = FileFault::new(code, set, path, Message::new(zh, en));
    let mut place = Place::whole(path);
    place.range = TextRange::new(fault.offset, fault.offset);
    place.position = Some(Position { line: fault.line, column: fault.column });
    out.finding.place = place;
    out
}
