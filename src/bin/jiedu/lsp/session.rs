//! The open texts and the repositories they lie in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Diagnostic, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, TextDocumentContentChangeEvent,
};
use jiedu::clock::Clock;
use jiedu::editor::{Desk, Document, check_loose};
use jiedu::finding::Finding;
use jiedu::source::read_folder;
use jiedu::text::{Lang, SourceFile};
use lsp_server::{ErrorCode, Message, Notification, Request};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::Client;
use super::convert::point;
use super::rules_file::RulesFile;
use super::uri;
use crate::commands::judge::machine_time;

/// Larger texts are not judged (approvals §7: blob limit).
const LARGEST: usize = 32 << 20;

/// Where an open text lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// In a policy repository: its folder and the path in it.
    Repository(PathBuf, String),
    /// Anywhere else: proofread alone, under this name.
    Loose(String),
    /// Not a text for this server.
    Nowhere,
}

/// A text that is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) document: Document,
    pub(super) home: Home,
    /// What was found in it when it was last looked at by itself; none after a
    /// change.
    read: Option<(SourceFile, Vec<Finding>)>,
}

/// What a request is refused with.
pub(super) type Refusal = (ErrorCode, String);

/// Everything between `initialize` and `exit`.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) lang: Lang,
    pub(super) client: Client,
    pub(super) open: BTreeMap<String, Open>,
    pub(super) desks: BTreeMap<PathBuf, Desk>,
    /// What the client was last told, by address.
    pub(super) published: BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>,
    pub(super) rules: Option<RulesFile>,
    /// Folders in which something changed on disk.
    changed: BTreeSet<PathBuf>,
    /// Requests and notes to the client that wait to be sent.
    pub(super) asked: Vec<Message>,
    pub(super) stage: Stage,
}

/// How far the conversation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    New,
    Running,
    ShutDown,
}

impl Session {
    pub(super) fn new(lang: Lang) -> Self {
        Self {
            lang,
            client: Client::default(),
            open: BTreeMap::new(),
            desks: BTreeMap::new(),
            published: BTreeMap::new(),
            rules: None,
            changed: BTreeSet::new(),
            asked: Vec::new(),
            stage: Stage::New,
        }
    }

    pub(super) fn is_shut_down(&self) -> bool {
        self.stage == Stage::ShutDown
    }

    /// What waits to be sent to the client.
    pub(super) fn take_requests(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.asked)
    }

    /// Takes a notification; true when findings may have changed by it. What
    /// cannot be read is passed over, as the protocol has no answer for it.
    pub(super) fn note(&mut self, method: &str, params: Value) -> bool {
        if self.stage != Stage::Running {
            return false;
        }
        let taken = match method {
            "initialized" => {
                self.watch();
                return false;
            }
            "textDocument/didOpen" => read(params).map(|params| self.did_open(params)),
            "textDocument/didChange" => read(params).map(|params| self.did_change(params)),
            "textDocument/didClose" => read(params).map(|params| self.did_close(&params)),
            "textDocument/didSave" => read(params).map(|params| self.did_save(&params)),
            "workspace/didChangeWatchedFiles" => read(params).map(|params| self.did_change_files(&params)),
            _ => return false,
        };
        taken.is_some()
    }

    fn did_open(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let address = item.uri.0;
        let home = if item.text.len() > LARGEST {
            self.show(match self.lang {
                Lang::Zh => "文件超过 32 MiB，没有检查",
                Lang::En => "the file exceeds 32 MiB and is not checked",
            });
            Home::Nowhere
        } else {
            self.home(&address, &serde_json::to_value(&item.language_id).unwrap_or(Value::Null))
        };
        self.open.insert(
            address.clone(),
            Open { document: Document::new(item.version, item.text), home, read: None },
        );
        self.write(&address);
    }

    fn did_change(&mut self, params: DidChangeTextDocumentParams) {
        let address = params.text_document.text_document_identifier.uri.0;
        let encoding = self.client.encoding;
        let Some(open) = self.open.get_mut(&address) else { return };
        for change in params.content_changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    open.document.edit(point(part.range.start), point(part.range.end), &part.text, encoding);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    open.document.replace(whole.text);
                }
            }
        }
        open.document.version = params.text_document.version;
        open.read = None;
        if open.document.text().len() <= LARGEST {
            self.write(&address);
        }
    }

    /// Gives the text of the editor to the repository it lies in.
    fn write(&mut self, address: &str) {
        let Some(open) = self.open.get(address) else { return };
        if let Home::Repository(root, path) = &open.home
            && let Some(desk) = self.desks.get_mut(root)
        {
            desk.write(path, open.document.text());
        }
    }

    fn did_close(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(open) = self.open.remove(&params.text_document.uri.0) else { return };
        let Home::Repository(root, path) = open.home else { return };
        if self
            .open
            .values()
            .any(|other| matches!(&other.home, Home::Repository(folder, _) if *folder == root))
        {
            if let Some(desk) = self.desks.get_mut(&root) {
                desk.close(&path);
            }
            self.changed.insert(root);
        } else {
            self.desks.remove(&root);
        }
    }

    fn did_save(&mut self, params: &DidSaveTextDocumentParams) {
        if let Some(Home::Repository(root, _)) =
            self.open.get(&params.text_document.uri.0).map(|open| &open.home)
        {
            self.changed.insert(root.clone());
        }
    }

    fn did_change_files(&mut self, params: &DidChangeWatchedFilesParams) {
        for path in params.changes.iter().filter_map(|change| uri::to_path(&change.uri.0)) {
            self.changed.extend(self.desks.keys().filter(|root| path.starts_with(root)).cloned());
        }
    }

    /// Where a text lies; reads the repository when it is the first of it.
    fn home(&mut self, address: &str, language: &Value) -> Home {
        let language = language.as_str().unwrap_or("");
        let path = uri::to_path(address);
        if let Some(path) = &path
            && let Some(root) = path.ancestors().skip(1).find(|folder| folder.join("site.toml").is_file())
            && let Some(inner) = relative(root, path)
        {
            if jiedu::source::set_of_path(&inner).is_none() && !inner.starts_with("roster/") {
                return Home::Nowhere;
            }
            if self.desk(root) {
                return Home::Repository(root.to_owned(), inner);
            }
        }
        let name = path.as_ref().map_or(address, |path| path.to_str().unwrap_or(address)).to_owned();
        let ends = |end: &str| name.to_ascii_lowercase().ends_with(end);
        if matches!(language, "markdown" | "plaintext") || ends(".md") || ends(".txt") {
            Home::Loose(name)
        } else {
            Home::Nowhere
        }
    }

    /// Makes sure that a repository is read; false when it cannot be.
    fn desk(&mut self, root: &Path) -> bool {
        if self.desks.contains_key(root) {
            return true;
        }
        match read_folder(root) {
            Ok(snapshot) => {
                self.desks.insert(root.to_owned(), Desk::new(snapshot));
                true
            }
            Err(error) => {
                let message = error.message();
                self.show(message.get(self.lang));
                false
            }
        }
    }

    /// Reads again the folders in which something changed, and the calendar.
    pub(super) fn reload(&mut self) {
        for root in std::mem::take(&mut self.changed) {
            if let Some(desk) = self.desks.get_mut(&root)
                && let Ok(snapshot) = read_folder(&root)
            {
                desk.reload(snapshot);
            }
        }
        // A session may last for days.
        let today = Clock::from_unix(machine_time()).today();
        self.desks.values_mut().for_each(|desk| desk.set_today(today));
    }

    /// The findings about an open text that lies in no repository; looks only
    /// when the text changed.
    pub(super) fn loose(&mut self, address: &str) -> Option<&(SourceFile, Vec<Finding>)> {
        let open = self.open.get_mut(address)?;
        let Home::Loose(name) = &open.home else { return None };
        if open.document.text().len() > LARGEST {
            return None;
        }
        let read = open.read.take().unwrap_or_else(|| {
            let file = SourceFile::new(name, &open.document.judged());
            let today = Clock::from_unix(machine_time()).today();
            let findings = check_loose(&file, today);
            (file, findings)
        });
        Some(open.read.insert(read))
    }

    /// The address of a path of a repository: the editor's own when it is open.
    pub(super) fn address(&self, root: &Path, path: &str) -> String {
        let here = |open: &Open| matches!(&open.home, Home::Repository(folder, inner) if folder == root && inner == path);
        let known = self.open.iter().find(|(_, open)| here(open)).map(|(address, _)| address.clone());
        known.unwrap_or_else(|| uri::from_path(&root.join(path)))
    }

    /// Asks the client to watch the files of repositories.
    fn watch(&mut self) {
        if !self.client.watches {
            return;
        }
        let patterns = ["**/site.toml", "**/content/**", "**/wordlists/*"]
            .map(|glob| serde_json::json!({"globPattern": glob}));
        let registration = serde_json::json!({"registrations": [{
            "id": "jiedu-files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": {"watchers": patterns},
        }]});
        let id = "jiedu-files".to_owned().into();
        self.asked.push(Message::Request(Request::new(
            id,
            "client/registerCapability".to_owned(),
            registration,
        )));
    }

    /// Shows a warning to the person at the editor.
    fn show(&mut self, text: &str) {
        let params = serde_json::json!({"type": 2, "message": text});
        self.asked.push(Message::Notification(Notification::new("window/showMessage".to_owned(), params)));
    }
}

/// The path below a folder with `/` between its parts; none when it is no text.
fn relative(root: &Path, path: &Path) -> Option<String> {
    let inner = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = inner.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/")).filter(|path| !path.split('/').any(|part| part == ".."))
}

/// Parameters of a message; none when they are not what the protocol says.
pub(super) fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}
