//! A repository with the unsaved texts of an editor.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::finding::{Finding, Place, Severity};
use crate::markdown::Body;
use crate::model::PublicationSet;
use crate::name::SetId;
use crate::pipeline::{Content, Live};
use crate::source::{Snapshot, set_of_path};
use crate::text::{Message, SourceFile, TextRange};

use super::document::normalised;

/// One policy repository as an editor sees it.
#[derive(Debug, Default)]
pub struct Desk {
    /// The files as they were on disk.
    disk: Snapshot,
    /// Path → text of the editor, line ends normalised.
    open: BTreeMap<String, String>,
    /// Open texts that hold carriage returns.
    returns: BTreeSet<String>,
    live: Live,
    findings: Vec<Finding>,
    is_stale: bool,
    /// Whether the folder was ever looked at.
    has_looked: bool,
}

impl Desk {
    /// A desk over the files of a folder.
    #[must_use]
    pub fn new(disk: Snapshot) -> Self {
        Self { disk, is_stale: true, ..Self::default() }
    }

    /// Takes the files anew: something changed on disk.
    pub fn reload(&mut self, disk: Snapshot) {
        self.disk = disk;
        self.is_stale = true;
    }

    /// Takes the text of the editor for a path of the repository.
    pub fn write(&mut self, path: &str, text: &str) {
        if text.contains('\r') {
            self.returns.insert(path.to_owned());
        } else {
            self.returns.remove(path);
        }
        self.open.insert(path.to_owned(), normalised(text).into_owned());
        self.is_stale = true;
    }

    /// The editor has closed the text: the file on disk counts again.
    pub fn close(&mut self, path: &str) {
        self.open.remove(path);
        self.returns.remove(path);
        self.is_stale = true;
    }

    /// Whether a text of this repository is open.
    #[must_use]
    pub fn is_open(&self, path: &str) -> bool {
        self.open.contains_key(path)
    }

    /// All findings about the sets in which a text is open. Looks anew only when
    /// something changed since the last time.
    pub fn findings(&mut self) -> &[Finding] {
        self.refresh();
        &self.findings
    }

    /// Makes sure that the folder was looked at once: what is offered while
    /// somebody types need not know the last word.
    pub(super) fn look_once(&mut self) {
        if !self.has_looked {
            self.refresh();
        }
    }

    /// Takes in what changed.
    pub(super) fn refresh(&mut self) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        self.has_looked = true;
        let mut snapshot = self.disk.clone();
        for (path, text) in &self.open {
            snapshot.overlay(path, text);
        }
        let sets: BTreeSet<String> =
            self.open.keys().filter_map(|path| set_of_path(path)).map(|(set, _)| set).collect();
        let mut findings = self.live.look(&snapshot, &sets);
        findings.extend(self.returns.iter().filter_map(|path| self.has_returns(path)));
        self.findings = findings;
    }

    /// A commit with Windows line ends is refused; in an editor it is enough to
    /// say so once, since git converts them on the way.
    fn has_returns(&self, path: &str) -> Option<Finding> {
        let file = self.file(path)?;
        let message = Message::new(
            "文件用 Windows 换行（CRLF），提交入库时须为 LF",
            "the file has Windows line ends (CRLF); committed text must have LF",
        );
        let place = Place::range(&file, TextRange::new(0, 0));
        let finding = Finding::new("TEXT_EOL", "text-eol", "encoding", Severity::Hint, place, message);
        Some(finding.note(
            "仓库里有 .gitattributes（* text eol=lf）时，git 会自动转换；也可以在编辑器状态栏把换行改为 LF。",
            "With `* text eol=lf` in .gitattributes git converts by itself; or choose LF in the editor.",
        ))
    }

    /// The text at a path: the editor's, else the file's; none when there is no
    /// such file or it is no text.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<SourceFile> {
        if let Some(text) = self.open.get(path) {
            return Some(SourceFile::new(path, text));
        }
        let (set, inner) = set_of_path(path)?;
        let files = match SetId::parse(&set) {
            Ok(id) => self.disk.sets.get(&id)?,
            Err(_) => &self.disk.site,
        };
        let text = std::str::from_utf8(&files.get(inner)?.bytes).ok()?;
        Some(SourceFile::new(path, &normalised(text)))
    }

    /// The texts of the last look.
    pub(super) fn content(&self) -> &Content {
        self.live.content()
    }

    /// The settings, when they could be read.
    pub(super) fn config(&self) -> Option<&Config> {
        self.live.config()
    }

    /// The set in which a path lies, parsed.
    pub(super) fn set(&self, path: &str) -> Option<(&SetId, &PublicationSet)> {
        let (set, _) = set_of_path(path)?;
        let id = SetId::parse(&set).ok()?;
        self.content().corpus.sets.get_key_value(&id).map(|(id, set)| (id, &**set))
    }

    /// Every parsed text.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body> {
        let corpus = &self.content().corpus;
        let of_sets = corpus.sets.values().flat_map(|set| {
            let policy = set.policy.iter().map(|policy| &policy.body);
            let plan = set.plan.iter().map(|plan| &plan.body);
            policy.chain(plan).chain(set.materials.iter().map(|material| &material.body))
        });
        of_sets.chain(corpus.pages.iter().map(|page| &page.body))
    }

    /// The parsed text at a path.
    pub(super) fn body(&self, path: &str) -> Option<&Body> {
        self.bodies().find(|body| body.file.path() == path)
    }
}
