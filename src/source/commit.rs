//! The few facts of a commit that every commit must yield, from raw bytes.
//!
//! This is not the strict parser of statements (that is the approval room's):
//! it reads any commit that git would write. Parents come from here and never
//! from libgit2, which can be talked into others by grafts and shallow files.

use super::SourceError;
use super::object::{ObjectId, Objects};

/// Facts read from the headers of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitHeader<'a> {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    /// Seconds since the epoch, as the committer line claims; 0 if unreadable.
    pub(crate) committer_time: i64,
    /// E-mail addresses of author, committer and co-authors, as written.
    pub(crate) emails: Vec<&'a str>,
    /// Whether the message has a line that speaks of approvals.
    pub(crate) mentions_approval: bool,
}

impl<'a> CommitHeader<'a> {
    /// Parses the raw bytes; nothing when there is no tree where it belongs.
    pub(crate) fn parse(objects: &Objects, bytes: &'a [u8]) -> Option<Self> {
        let mut header = Self {
            tree: id_line(objects, lines(bytes).next()?, b"tree ")?,
            parents: Vec::new(),
            committer_time: 0,
            emails: Vec::new(),
            mentions_approval: false,
        };
        let mut in_message = false;
        for line in lines(bytes).skip(1) {
            if in_message {
                header.message_line(line);
            } else if line.is_empty() {
                in_message = true;
            } else if line.starts_with(b"parent ") {
                header.parents.push(id_line(objects, line, b"parent ")?);
            } else if let Some(ident) = line.strip_prefix(b"author ") {
                header.emails.extend(email(ident));
            } else if let Some(ident) = line.strip_prefix(b"committer ") {
                header.emails.extend(email(ident));
                header.committer_time = time(ident).unwrap_or(0);
            }
        }
        Some(header)
    }

    fn message_line(&mut self, line: &'a [u8]) {
        let line = line.trim_ascii_start();
        if starts_with_ignoring_case(line, b"approval-") {
            self.mentions_approval = true;
        } else if let Some(people) = co_authors(line) {
            self.emails.extend(addresses(people));
        }
    }
}

/// What follows `Co-authored-by:`, with or without a blank before the colon.
fn co_authors(line: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"co-authored-by";
    let rest = starts_with_ignoring_case(line, KEY).then(|| line.get(KEY.len()..))??;
    rest.trim_ascii_start().strip_prefix(b":")
}

/// Every address on a line, in angle brackets or bare, however they are parted.
fn addresses(line: &[u8]) -> impl Iterator<Item = &str> {
    // An address is ASCII; all other bytes part words as blanks do.
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.@".contains(b);
    line.split(move |b| !is_part(b)).filter_map(|word| {
        let word = std::str::from_utf8(word).ok()?.trim_matches('.');
        let (name, host) = word.split_once('@')?;
        (!name.is_empty() && !host.is_empty()).then_some(word)
    })
}

/// The refusal for a commit whose headers make no sense.
pub(crate) fn unreadable(id: ObjectId) -> SourceError {
    SourceError::refused(
        "OBJECT_CORRUPT",
        format!("提交对象 {id} 不合规范"),
        format!("commit object {id} is malformed"),
    )
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|&b| b == b'\n')
}

fn starts_with_ignoring_case(line: &[u8], word: &[u8]) -> bool {
    line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn id_line(objects: &Objects, line: &[u8], key: &[u8]) -> Option<ObjectId> {
    objects.parse_id(std::str::from_utf8(line.strip_prefix(key)?).ok()?)
}

/// What stands between the angle brackets of `Name <mail> time zone`.
fn email(ident: &[u8]) -> Option<&str> {
    let open = ident.iter().position(|&b| b == b'<')?;
    let rest = ident.get(open + 1..)?;
    let close = rest.iter().position(|&b| b == b'>')?;
    std::str::from_utf8(rest.get(..close)?).ok().map(str::trim).filter(|mail| !mail.is_empty())
}

fn time(ident: &[u8]) -> Option<i64> {
    let close = ident.iter().rposition(|&b| b == b'>')?;
    let tail = std::str::from_utf8(ident.get(close + 1..)?).ok()?;
    tail.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_git_writes() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path(), false).unwrap();
        let (tree, parent) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "tree {tree}\nparent {parent}\nauthor 张三 <Zhang@Office.example> 1 +0800\ncommitter L <li@x> 1751216400 +0800\n\
             encoding GBK\n\nsubject\n\n  APPROVAL-Statement: x\nCo-Authored-By: W <w@x>\n"
        );
        let header = CommitHeader::parse(&objects, text.as_bytes()).unwrap();
        assert_eq!(header.parents.len(), 1);
        assert_eq!(header.committer_time, 1_751_216_400);
        assert_eq!(header.emails, ["Zhang@Office.example", "li@x", "w@x"]);
        assert!(header.mentions_approval);
        let more = format!(
            "tree {tree}\nauthor A <a@x> 1 +0800\ncommitter A <a@x> 1 +0800\n\nx\n\nCo-authored-by: B <b@x>, C <c@x>;D<d@x> e@x\n\
             co-authored-by : \"F, G\" <f@x> （g@x）\nCO-AUTHORED-BY:王五<wang.wu@x>\nCo-authored-by: nobody\n"
        );
        let header = CommitHeader::parse(&objects, more.as_bytes()).unwrap();
        assert_eq!(header.emails, ["a@x", "a@x", "b@x", "c@x", "d@x", "e@x", "f@x", "g@x", "wang.wu@x"]);
        assert!(CommitHeader::parse(&objects, b"parent x\n").is_none());
        assert!(CommitHeader::parse(&objects, b"").is_none());
    }
}
