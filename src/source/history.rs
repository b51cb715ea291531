//! The commits behind a revision, each read once.
//!
//! Order and dates prove nothing (approvals §5); history is asked only which
//! commits are reachable, what their trees were, who wrote them, and what stood
//! on the first-parent line. Full bytes are kept only for commits whose message
//! speaks of approvals.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::SourceError;
use super::commit::{CommitHeader, unreadable};
use super::object::ObjectId;
use super::repository::Repository;
use jiedu_base::name::CommitId;

/// One commit of a [`History`].
#[derive(Debug, Clone)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// Its tree.
    pub tree: ObjectId,
    /// Parents as places in [`History::commits`], first parent first.
    pub parents: Vec<usize>,
    /// Seconds since the epoch that the committer line claims.
    pub committer_time: i64,
    /// The earliest place on the first-parent line from which it is reachable.
    pub since: usize,
    /// The raw bytes, when the message has a line that starts with `approval-`.
    pub raw: Option<Arc<[u8]>>,
    emails: Vec<u32>,
}

/// All commits reachable from a revision, by all parents.
#[derive(Debug, Clone)]
pub struct History {
    commits: Vec<Commit>,
    places: BTreeMap<ObjectId, usize>,
    emails: Vec<Arc<str>>,
    line: Vec<usize>,
    /// The longest way to a root, by place.
    generations: Vec<u32>,
}

impl Repository {
    /// Reads all commits reachable from a commit.
    ///
    /// # Errors
    /// A refusal when one of them is missing, corrupt or malformed.
    pub fn history(&self, head: &CommitId) -> Result<History, SourceError> {
        let mut reader = Reader::default();
        reader.place(self.object(head)?);
        let mut next = 0;
        while let Some(&id) = reader.queue.get(next) {
            let bytes = self.objects.commit(id).map_err(|error| error.refuse("提交", id))?;
            let header = CommitHeader::parse(&self.objects, &bytes).ok_or_else(|| unreadable(id))?;
            let commit = Commit {
                id: id.to_commit_id().ok_or_else(|| unreadable(id))?,
                tree: header.tree,
                parents: header.parents.iter().map(|&parent| reader.place(parent)).collect(),
                committer_time: header.committer_time,
                since: usize::MAX,
                emails: header.emails.iter().map(|mail| reader.email(mail)).collect(),
                raw: header.mentions_approval.then(|| bytes.clone()),
            };
            reader.commits.push(commit);
            next += 1;
        }
        Ok(reader.finish())
    }
}

#[derive(Debug, Default)]
struct Reader {
    queue: Vec<ObjectId>,
    places: BTreeMap<ObjectId, usize>,
    commits: Vec<Commit>,
    emails: Vec<Arc<str>>,
    email_places: BTreeMap<Arc<str>, u32>,
}

impl Reader {
    fn place(&mut self, id: ObjectId) -> usize {
        *self.places.entry(id).or_insert_with(|| {
            self.queue.push(id);
            self.queue.len() - 1
        })
    }

    fn email(&mut self, mail: &str) -> u32 {
        let mail = mail.to_ascii_lowercase();
        if let Some(&place) = self.email_places.get(mail.as_str()) {
            return place;
        }
        let place = u32::try_from(self.emails.len()).unwrap_or(u32::MAX);
        let mail: Arc<str> = mail.into();
        self.emails.push(mail.clone());
        self.email_places.insert(mail, place);
        place
    }

    fn finish(self) -> History {
        let Self { places, mut commits, emails, .. } = self;
        let mut line = Vec::new();
        let mut at = (!commits.is_empty()).then_some(0);
        // A cycle cannot be hashed, so the line ends.
        while let Some(place) = at {
            line.push(place);
            at = commits.get(place).and_then(|commit| commit.parents.first().copied());
        }
        line.reverse();
        for (position, &start) in line.iter().enumerate() {
            let mut pending = vec![start];
            while let Some(place) = pending.pop() {
                if let Some(commit) = commits.get_mut(place).filter(|commit| commit.since == usize::MAX) {
                    commit.since = position;
                    pending.extend(&commit.parents);
                }
            }
        }
        let generations = generations(&commits);
        History { commits, places, emails, line, generations }
    }
}

/// The longest way from each commit to a root. Children come before parents on
/// the way down, so each is counted once.
fn generations(commits: &[Commit]) -> Vec<u32> {
    let mut children = vec![0_usize; commits.len()];
    for &parent in commits.iter().flat_map(|commit| &commit.parents) {
        if let Some(count) = children.get_mut(parent) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = if commits.is_empty() { Vec::new() } else { vec![0] };
    let mut next = 0;
    while let Some(commit) = order.get(next).and_then(|&place| commits.get(place)) {
        next += 1;
        for &parent in &commit.parents {
            if let Some(count) = children.get_mut(parent) {
                *count -= 1;
                if *count == 0 {
                    order.push(parent);
                }
            }
        }
    }
    let mut generations = vec![0_u32; commits.len()];
    for &place in order.iter().rev() {
        let parents = commits.get(place).map_or(&[][..], |commit| &commit.parents);
        let highest = parents.iter().filter_map(|&parent| generations.get(parent)).max();
        let own = highest.map_or(1, |highest| highest.saturating_add(1));
        if let Some(slot) = generations.get_mut(place) {
            *slot = own;
        }
    }
    generations
}

impl History {
    /// The longest way from each commit to a root, by place.
    pub(super) fn generations(&self) -> &[u32] {
        &self.generations
    }

    /// All commits, the revision itself first.
    #[must_use]
    pub fn commits(&self) -> &[Commit] {
        &self.commits
    }

    /// The revision itself.
    #[must_use]
    pub fn head(&self) -> Option<&Commit> {
        self.commits.first()
    }

    /// The first-parent line, oldest first.
    pub fn line(&self) -> impl DoubleEndedIterator<Item = &Commit> + ExactSizeIterator {
        self.line.iter().map(|&place| &self.commits[place])
    }

    /// The first-parent line as places in [`History::commits`], oldest first.
    pub(crate) fn line_places(&self) -> impl Iterator<Item = usize> {
        self.line.iter().copied()
    }

    /// The commit with that id, when it is reachable.
    #[must_use]
    pub fn get(&self, repository: &Repository, id: &CommitId) -> Option<&Commit> {
        let object = repository.objects.parse_id(id.as_str())?;
        self.places.get(&object).and_then(|&place| self.commits.get(place))
    }

    /// Commits whose message speaks of approvals, with their raw bytes, in
    /// order of their ids.
    #[must_use]
    pub fn candidates(&self) -> Vec<(&Commit, &Arc<[u8]>)> {
        let places = self.places.values().filter_map(|&place| self.commits.get(place));
        places.filter_map(|commit| commit.raw.as_ref().map(|raw| (commit, raw))).collect()
    }

    /// E-mail addresses, in lower case, of everyone who had a hand in a commit.
    pub fn emails(&self, commit: &Commit) -> BTreeSet<&str> {
        commit.emails.iter().filter_map(|&place| self.emails.get(place as usize)).map(AsRef::as_ref).collect()
    }

    /// E-mail addresses behind those of the commits (given by place) that are
    /// reachable from the place `until` on the line but not from `after`.
    #[must_use]
    pub fn emails_within(&self, places: &[usize], after: Option<usize>, until: usize) -> BTreeSet<String> {
        let commits = places.iter().filter_map(|&place| self.commits.get(place));
        let within =
            commits.filter(|commit| after.is_none_or(|after| commit.since > after) && commit.since <= until);
        within.flat_map(|commit| self.emails(commit)).map(str::to_owned).collect()
    }

    /// The latest committer time among all reachable commits (details 6).
    #[must_use]
    pub fn latest_time(&self) -> i64 {
        self.commits.iter().map(|commit| commit.committer_time).max().unwrap_or(0)
    }
}
