//! A strict parser of raw commit bytes. git's own readers are more forgiving
//! than a signature allows (`approvals.md` §4), so nothing of them is used.

use super::raw;
use crate::Reason;
use jiedu_base::name::CommitId;

/// Largest statement, in bytes.
const LIMIT: usize = 64 * 1024;

/// A commit that has exactly the headers a statement may have.
#[derive(Debug, Clone)]
pub(crate) struct Commit<'a> {
    /// Tree id in hexadecimal.
    pub(crate) tree: &'a str,
    pub(crate) parents: Vec<CommitId>,
    /// Author and committer lines without their keywords.
    pub(crate) author: &'a [u8],
    pub(crate) committer: &'a [u8],
    /// The time the committer claims, seconds since the epoch.
    pub(crate) claimed_at: i64,
    /// The armoured signature.
    pub(crate) armour: String,
    pub(crate) message: &'a str,
}

/// Parses in the order in which faults are reported: size, NUL, headers,
/// encoding, number of signatures.
pub(crate) fn parse(bytes: &[u8]) -> Result<Commit<'_>, Reason> {
    if bytes.len() > LIMIT {
        return Err(Reason::StatementTooLarge);
    }
    if bytes.contains(&0) {
        return Err(Reason::CommitNul);
    }
    let (header, message) = raw::split(bytes);
    let mut headers = Headers { lines: header.split_inclusive(|&b| b == b'\n').peekable() };
    let tree = headers.expect(b"tree ").and_then(object_id).ok_or(Reason::HeaderUnknown)?;
    let mut parents = Vec::new();
    while let Some(value) = headers.take(b"parent ") {
        let parent = object_id(value).filter(|id| id.len() == tree.len());
        let parent = parent.and_then(|id| CommitId::parse(id).ok());
        parents.push(parent.ok_or(Reason::HeaderUnknown)?);
    }
    let author = headers.expect(b"author ").ok_or(Reason::HeaderUnknown)?;
    let committer = headers.expect(b"committer ").ok_or(Reason::HeaderUnknown)?;
    let claimed_at = time(committer).ok_or(Reason::HeaderUnknown)?;
    time(author).ok_or(Reason::HeaderUnknown)?;
    let (encoded, mut signatures) =
        headers.tail(if tree.len() == 40 { b"gpgsig " } else { b"gpgsig-sha256 " })?;
    if encoded {
        return Err(Reason::EncodingHeader);
    }
    let message = std::str::from_utf8(message).map_err(|_| Reason::MessageEncoding)?;
    let armour = signatures.pop().ok_or(Reason::Unsigned)?;
    if !signatures.is_empty() {
        return Err(Reason::SigMultiple);
    }
    let armour = String::from_utf8(armour).map_err(|_| Reason::SigMalformed)?;
    Ok(Commit { tree, parents, author, committer, claimed_at, armour, message })
}

struct Headers<'a, I: Iterator<Item = &'a [u8]>> {
    lines: std::iter::Peekable<I>,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Headers<'a, I> {
    /// The value of the next line, if it has this keyword.
    fn take(&mut self, keyword: &[u8]) -> Option<&'a [u8]> {
        let line = self.lines.next_if(|line| line.starts_with(keyword))?;
        line.strip_prefix(keyword)?.strip_suffix(b"\n")
    }

    fn expect(&mut self, keyword: &[u8]) -> Option<&'a [u8]> {
        self.take(keyword)
    }

    /// What follows the committer: whether an encoding is declared, and all
    /// signatures under the one permitted keyword.
    fn tail(mut self, keyword: &[u8]) -> Result<(bool, Vec<Vec<u8>>), Reason> {
        let (mut encoded, mut signatures) = (false, Vec::new());
        while self.lines.peek().is_some() {
            if let Some(first) = self.take(keyword) {
                let mut armour = first.to_vec();
                while let Some(more) = self.take(b" ") {
                    armour.push(b'\n');
                    armour.extend_from_slice(more);
                }
                signatures.push(armour);
            } else if !encoded && self.take(b"encoding ").is_some() {
                encoded = true;
            } else {
                return Err(Reason::HeaderUnknown);
            }
        }
        Ok((encoded, signatures))
    }
}

fn object_id(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?;
    CommitId::parse(text).ok().map(|_| text)
}

/// The seconds in `Name <mail> 1751247000 +0800`.
fn time(ident: &[u8]) -> Option<i64> {
    let close = ident.iter().rposition(|&b| b == b'>')?;
    let rest = std::str::from_utf8(ident.get(close + 1..)?).ok()?;
    let (seconds, zone) = rest.strip_prefix(' ')?.split_once(' ')?;
    let digits = (1..=12).contains(&seconds.len()) && seconds.bytes().all(|b| b.is_ascii_digit());
    let (sign, offset) = zone.split_at_checked(1)?;
    let zone_ok =
        matches!(sign, "+" | "-") && offset.len() == 4 && offset.bytes().all(|b| b.is_ascii_digit());
    if digits && zone_ok { seconds.parse().ok() } else { None }
}
