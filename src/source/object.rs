//! Reading of git objects: the only place that calls the object database.
//!
//! Objects are read by id and nothing else. libgit2 recomputes the hash of each
//! object it hands out, so an object stored under another id is an error here;
//! loose objects never reach it ([`super::loose`]). Headers are read before
//! bodies, so that size limits cost nothing.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use git2::{ErrorCode, ObjectFormat, ObjectType, Odb, Oid};

use super::SourceError;
use super::loose::{LooseFolders, SWEEP_LIMIT};
use jiedu_base::name::CommitId;

/// The largest blob that is read (approvals §7).
pub(crate) const BLOB_LIMIT: usize = 32 << 20;
/// The largest commit or tree that is read: as large as the largest blob.
const OTHER_LIMIT: usize = 32 << 20;

/// The id of a git object of any kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId(pub(super) Oid);

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl ObjectId {
    /// The id made of raw bytes, as trees hold them.
    pub(crate) fn from_raw(bytes: &[u8]) -> Option<Self> {
        if matches!(bytes.len(), 20 | 32) { Oid::from_bytes(bytes).ok().map(Self) } else { None }
    }

    /// The id as the name that travels between rooms.
    pub(crate) fn to_commit_id(self) -> Option<CommitId> {
        CommitId::parse(&self.to_string()).ok()
    }
}

/// Why an object could not be had.
#[derive(Debug)]
pub(crate) enum ObjectError {
    /// Not in the store (a damaged repository).
    Missing,
    /// Not in the store of a partial clone, which leaves objects out on purpose.
    Promised,
    /// Stored bytes that do not belong to the id, or cannot be unpacked.
    Corrupt,
    /// Of another kind than the place where its id stands promises.
    WrongKind,
    /// Larger than the limit.
    TooLarge(usize),
}

impl ObjectError {
    /// The refusal for an object that the whole revision depends on.
    pub(crate) fn refuse(&self, what: &str, id: ObjectId) -> SourceError {
        let (code, zh, en) = match self {
            Self::Missing => (
                "OBJECT_MISSING",
                "不在仓库里；请换用完整克隆（不加 --filter、--depth）",
                "is missing; use a full clone",
            ),
            Self::Promised => return partial_clone(),
            Self::Corrupt => (
                "OBJECT_CORRUPT",
                "已损坏或被调换；请从可信的副本重新克隆",
                "is corrupt or was exchanged; clone again from a copy you trust",
            ),
            Self::WrongKind => {
                ("OBJECT_CORRUPT", "的类型与引用处不符", "is of another kind than its place says")
            }
            Self::TooLarge(_) => {
                ("OBJECT_CORRUPT", "大得不合理，已拒绝读取", "is unreasonably large and was not read")
            }
        };
        SourceError::refused(
            code,
            format!("{what}对象 {id} {zh}"),
            format!("{} object {id} {en}", english(what)),
        )
    }
}

/// The refusal of a partial clone in which something is missing.
pub(crate) fn partial_clone() -> SourceError {
    SourceError::refused(
        "REPO_PARTIAL",
        "这是部分克隆（git clone --filter），历史中的一部分内容不在本机，无法核对审签；请运行 git fetch --refetch --no-filter，或重新完整克隆",
        "this is a partial clone (`git clone --filter`): a part of the history's content is not here, so approvals cannot be checked; run `git fetch --refetch --no-filter`, or clone again without --filter",
    )
}

fn english(what: &str) -> &'static str {
    match what {
        "提交" => "commit",
        "目录" => "tree",
        _ => "blob",
    }
}

/// The object database of one repository. Safe to share between threads.
pub(crate) struct Objects {
    odb: Odb<'static>,
    loose: LooseFolders,
    format: ObjectFormat,
    /// What is missing was left out by a partial clone.
    is_partial: bool,
    /// The trees read last: comparing a history asks for each tree twice in a
    /// row, once as a commit's and once as its parent's.
    recent: Mutex<VecDeque<(ObjectId, Arc<[u8]>)>>,
}

/// How many trees are remembered: a few folders for each of a few threads.
const RECENT: usize = 32;
/// The largest tree that is remembered.
const RECENT_SIZE: usize = 1 << 20;

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").field("format", &self.format.str()).finish_non_exhaustive()
    }
}

impl Objects {
    /// Opens the folder `objects` of a repository; no configuration, no
    /// environment and no search is involved.
    pub(crate) fn open(folder: &std::path::Path, sha256: bool) -> Result<Self, SourceError> {
        let format = if sha256 { ObjectFormat::Sha256 } else { ObjectFormat::Sha1 };
        let fail =
            |error: &git2::Error| SourceError::io(folder, std::io::Error::other(error.message().to_owned()));
        let text = folder
            .to_str()
            .ok_or_else(|| SourceError::Unsupported { what: "a path that is not UTF-8".into() })?;
        let odb = Odb::new_ext(format).map_err(|error| fail(&error))?;
        odb.add_disk_alternate(text).map_err(|error| fail(&error))?;
        let loose = LooseFolders::open(folder);
        Ok(Self { odb, loose, format, is_partial: false, recent: Mutex::default() })
    }

    /// The same in a partial clone, where a missing object says nothing about
    /// the repository that was cloned.
    pub(crate) fn partial(self, is_partial: bool) -> Self {
        Self { is_partial, ..self }
    }

    /// Number of bytes of an id.
    pub(crate) fn id_len(&self) -> usize {
        match self.format {
            ObjectFormat::Sha1 => 20,
            ObjectFormat::Sha256 => 32,
        }
    }

    /// Parses the full hexadecimal form of an id.
    pub(crate) fn parse_id(&self, hex: &str) -> Option<ObjectId> {
        let full =
            hex.len() == self.id_len() * 2 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if full { Oid::from_str_ext(hex, self.format).ok().map(ObjectId) } else { None }
    }

    /// The one object whose id begins with the digits.
    pub(crate) fn by_prefix(&self, hex: &str) -> Result<Option<ObjectId>, SourceError> {
        let Ok(short) = Oid::from_str_ext(hex, self.format) else { return Ok(None) };
        match self.odb.exists_prefix(short, hex.len()) {
            Ok(id) => Ok(Some(ObjectId(id))),
            Err(error) if error.code() == ErrorCode::Ambiguous => {
                Err(SourceError::AmbiguousRevision { revision: hex.to_owned() })
            }
            Err(_) => Ok(None),
        }
    }

    /// The kind of an object, from its header.
    pub(crate) fn kind(&self, id: ObjectId) -> Result<ObjectType, ObjectError> {
        self.header(id).map(|(kind, _)| kind)
    }

    fn header(&self, id: ObjectId) -> Result<(ObjectType, usize), ObjectError> {
        if let Some(loose) = self.loose.header(id.0) {
            return loose;
        }
        self.odb.read_header(id.0).map(|(size, kind)| (kind, size)).map_err(|error| self.classify(&error))
    }

    fn read(&self, id: ObjectId, kind: ObjectType, limit: usize) -> Result<Arc<[u8]>, ObjectError> {
        if let Some(loose) = self.loose.read(id.0, self.format, limit) {
            return loose.and_then(|(found, bytes)| {
                if found == kind { Ok(bytes.into()) } else { Err(ObjectError::WrongKind) }
            });
        }
        let (found, size) = self.header(id)?;
        if found != kind {
            return Err(ObjectError::WrongKind);
        }
        if size > limit {
            // A flipped bit in a header claims any size: only what unpacks to it
            // is large, the rest is damaged.
            let large = size > SWEEP_LIMIT || self.odb.read(id.0).is_ok();
            return Err(if large { ObjectError::TooLarge(size) } else { ObjectError::Corrupt });
        }
        let object = self.odb.read(id.0).map_err(|error| self.classify(&error))?;
        if object.kind() == kind && object.len() <= limit {
            Ok(object.data().into())
        } else {
            Err(ObjectError::WrongKind)
        }
    }

    fn classify(&self, error: &git2::Error) -> ObjectError {
        match error.code() {
            ErrorCode::NotFound if self.is_partial => ObjectError::Promised,
            ErrorCode::NotFound => ObjectError::Missing,
            _ => ObjectError::Corrupt,
        }
    }

    /// The bytes of a blob of at most `limit` bytes.
    pub(crate) fn blob(&self, id: ObjectId, limit: usize) -> Result<Arc<[u8]>, ObjectError> {
        self.read(id, ObjectType::Blob, limit)
    }

    /// The raw bytes of a tree.
    pub(crate) fn tree(&self, id: ObjectId) -> Result<Arc<[u8]>, ObjectError> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = recent().iter().find(|(known, _)| *known == id) {
            return Ok(bytes.clone());
        }
        let bytes = self.read(id, ObjectType::Tree, OTHER_LIMIT)?;
        if bytes.len() <= RECENT_SIZE {
            let mut recent = recent();
            recent.truncate(RECENT - 1);
            recent.push_front((id, bytes.clone()));
        }
        Ok(bytes)
    }

    /// The raw bytes of a commit, as `git cat-file commit` shows them.
    pub(crate) fn commit(&self, id: ObjectId) -> Result<Arc<[u8]>, ObjectError> {
        self.read(id, ObjectType::Commit, OTHER_LIMIT)
    }

    /// The raw bytes of an annotated tag.
    pub(crate) fn tag(&self, id: ObjectId) -> Result<Arc<[u8]>, ObjectError> {
        self.read(id, ObjectType::Tag, OTHER_LIMIT)
    }
}
