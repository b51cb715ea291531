//! Raw commit bytes: what is a statement at all, and its id.

use jiedu_base::name::Digest;

/// What a commit looks like before anything is judged (details 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// The last paragraph starts with `Approval-Statement:`.
    Candidate,
    /// Some line starts like an approval trailer, but it is no candidate.
    NotAStatement,
    /// Nothing to do with approvals.
    Other,
}

/// What the raw commit looks like. Cheap: to be asked of every commit.
#[must_use]
pub fn looks(commit: &[u8]) -> Looks {
    let (_, message) = split(commit);
    if last_paragraph(message).starts_with(b"Approval-Statement:") {
        return Looks::Candidate;
    }
    let like = |line: &[u8]| {
        let text = line.trim_ascii_start();
        text.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"approval-"))
    };
    if message.split(|&b| b == b'\n').any(like) { Looks::NotAStatement } else { Looks::Other }
}

/// The id of a statement: SHA-256 of `jiedu-statement/1`, LF and the payload.
#[must_use]
pub fn statement_id(commit: &[u8]) -> Digest {
    Digest::of_parts(&[b"jiedu-statement/1\n", &payload(commit)])
}

/// The signed payload: the commit bytes without the signature header and its
/// continuation lines.
#[must_use]
pub fn payload(commit: &[u8]) -> Vec<u8> {
    let (header, rest) = split(commit);
    let mut payload = Vec::with_capacity(commit.len());
    let mut dropping = false;
    for line in header.split_inclusive(|&b| b == b'\n') {
        dropping = is_signature(line) || (dropping && line.starts_with(b" "));
        if !dropping {
            payload.extend_from_slice(line);
        }
    }
    let blank = commit.len().saturating_sub(header.len() + rest.len());
    payload.extend_from_slice(commit.get(header.len()..header.len() + blank).unwrap_or_default());
    payload.extend_from_slice(rest);
    payload
}

fn is_signature(line: &[u8]) -> bool {
    line.starts_with(b"gpgsig ") || line.starts_with(b"gpgsig-sha256 ")
}

/// Header lines (with their line feeds) and message, without the empty line
/// between them.
pub(crate) fn split(commit: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in commit.split_inclusive(|&b| b == b'\n') {
        if line == b"\n" {
            return (commit.get(..at).unwrap_or_default(), commit.get(at + 1..).unwrap_or_default());
        }
        at += line.len();
    }
    (commit, &[])
}

/// The last paragraph of a message with its line feed; line feeds at the very
/// end of the message do not count.
pub(crate) fn last_paragraph(message: &[u8]) -> &[u8] {
    let end = message.iter().rposition(|&b| b != b'\n').map_or(0, |at| at + 1);
    let text = message.get(..end).unwrap_or_default();
    let start = text.windows(2).rposition(|pair| pair == b"\n\n").map_or(0, |at| at + 2);
    let start = if start == 0 { text.iter().position(|&b| b != b'\n').unwrap_or(0) } else { start };
    text.get(start..).unwrap_or_default()
}
