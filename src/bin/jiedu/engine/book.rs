//! The folder in which answers are kept.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiedu::engine::{Answer, Fault, Limits, Record, Reply, Request, record_name};
use jiedu::finding::Severity;

use crate::ui::Failure;

/// Records are at most so long.
const LONGEST: u64 = 64 << 20;

/// Answers on record.
pub(super) struct Book {
    folder: PathBuf,
    /// Names of the records, sorted.
    names: Vec<String>,
    failure: Option<Failure>,
}

impl Book {
    /// Opens the folder; makes it when answers are to be written.
    pub(super) fn open(folder: &Path, is_replay: bool) -> Result<Self, Failure> {
        let shown = folder.display();
        let failure = |error: std::io::Error| {
            Failure::usage(
                format!("打不开校对记录文件夹 {shown}：{error}"),
                format!("cannot open the folder of answers {shown}: {error}"),
            )
        };
        if !is_replay {
            std::fs::create_dir_all(folder).map_err(failure)?;
        }
        let entries = std::fs::read_dir(folder).map_err(failure)?;
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        Ok(Self { folder: folder.to_owned(), names, failure: None })
    }

    /// Every reply to a text that is on record.
    pub(super) fn replay(&self, document: &str) -> Vec<Reply> {
        let text = document.strip_prefix("sha256:").unwrap_or(document);
        let is_its = |name: &&String| {
            let rest = name.strip_prefix(text).and_then(|rest| rest.strip_prefix('-'));
            rest.is_some_and(|rest| rest.strip_suffix(".json").is_some())
        };
        let replies: Vec<Reply> = self.names.iter().filter(is_its).map(|name| self.read(name)).collect();
        if !replies.is_empty() {
            return replies;
        }
        vec![nothing(self.folder.display().to_string(), Fault::NotRecorded)]
    }

    fn read(&self, name: &str) -> Reply {
        let path = self.folder.join(name);
        let is_fit = std::fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= LONGEST);
        match std::fs::read(&path) {
            Ok(bytes) if is_fit => Record::reply(&bytes),
            Ok(_) => nothing(name.to_owned(), Fault::Malformed { why: name.to_owned() }),
            Err(error) => nothing(name.to_owned(), Fault::Malformed { why: error.to_string() }),
        }
    }

    /// Keeps an answer that is one; the host judges the rest.
    pub(super) fn keep(&mut self, request: &Request, bytes: &[u8], grade: Severity) {
        let Ok(answer) = serde_json::from_slice::<Answer>(bytes) else { return };
        if answer.document != request.document.sha256 || answer.error.is_some() {
            return;
        }
        let Some(name) = record_name(&answer.document, &answer.engine) else { return };
        let text = Record::new(answer, grade).to_json();
        if let Err(error) = self.write(&name, &text) {
            let shown = self.folder.display();
            self.failure = Some(Failure::usage(
                format!("写不了校对记录 {shown}：{error}"),
                format!("cannot write to the folder of answers {shown}: {error}"),
            ));
        }
    }

    /// Writes in one step, so that a full disk leaves no half record.
    fn write(&self, name: &str, text: &str) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(self.folder.join(name)).map(drop).map_err(|error| error.error)
    }

    /// What could not be written.
    pub(super) fn finish(self) -> Result<(), Failure> {
        self.failure.map_or(Ok(()), Err)
    }
}

fn nothing(name: String, fault: Fault) -> Reply {
    Reply { name, grade: Severity::Hint, limits: Limits::default(), answer: Err(fault) }
}
