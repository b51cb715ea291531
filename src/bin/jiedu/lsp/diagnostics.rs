//! Findings as diagnostics.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location,
    PublishDiagnosticsParams, Range, Uri,
};
use jiedu::finding::{Finding, Severity};
use jiedu::source::set_of_path;
use jiedu::text::SourceFile;
use lsp_server::{Message, Notification};

use super::convert::Places;
use super::session::{Home, Session};

/// Diagnostics by the address of their text, with its version when it is open.
type ByAddress = BTreeMap<String, (Option<i32>, Vec<Diagnostic>)>;

impl Session {
    /// What to tell the client now: every text whose diagnostics are not what
    /// it was last told.
    pub(super) fn publish(&mut self) -> Vec<Message> {
        self.reload();
        let mut all = ByAddress::new();
        for (address, open) in &self.open {
            all.insert(address.clone(), (Some(open.document.version), Vec::new()));
        }
        let roots: Vec<PathBuf> = self.desks.keys().cloned().collect();
        for root in roots {
            self.publish_repository(&root, &mut all);
        }
        let addresses: Vec<String> = self.open.keys().cloned().collect();
        for address in addresses {
            let Some((file, findings)) = self.loose(&address).cloned() else { continue };
            let places = Places::new(&file, self.client.encoding);
            let found = findings.iter().map(|finding| self.diagnostic(finding, &places, Path::new("")));
            if let Some((_, diagnostics)) = all.get_mut(&address) {
                diagnostics.extend(found);
            }
        }
        let before = std::mem::take(&mut self.published);
        let mut out = Vec::new();
        for address in before.keys().filter(|address| !all.contains_key(*address)) {
            out.push(message(address, None, Vec::new()));
        }
        for (address, (version, diagnostics)) in &all {
            if before.get(address) != Some(&(*version, diagnostics.clone())) {
                out.push(message(address, *version, diagnostics.clone()));
            }
        }
        self.published = all;
        out
    }

    fn publish_repository(&mut self, root: &Path, all: &mut ByAddress) {
        let Some(mut desk) = self.desks.remove(root) else { return };
        let findings = desk.findings().to_vec();
        let mut by_path: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in findings {
            let path = &finding.place.path;
            let path = if desk.file(path).is_some() {
                Some(path.clone())
            } else {
                self.stand_in(root, &desk, &finding)
            };
            by_path.entry(path.unwrap_or_else(|| finding.place.path.clone())).or_default().push(finding);
        }
        for (path, findings) in by_path {
            let address = self.address(root, &path);
            let file = desk.file(&path).unwrap_or_else(|| SourceFile::new(&path, ""));
            let places = Places::new(&file, self.client.encoding);
            let found = findings.iter().map(|finding| {
                let mut diagnostic = self.diagnostic(finding, &places, root);
                if finding.place.path != path {
                    // The place is in another file or in none.
                    diagnostic.range = Range::default();
                }
                diagnostic
            });
            let found: Vec<Diagnostic> = found.collect();
            all.entry(address).or_default().1.extend(found);
        }
        self.desks.insert(root.to_owned(), desk);
    }

    /// Where a finding about a file that is not there is shown: at the top of
    /// the set's policy, else of an open text of the set.
    fn stand_in(&self, root: &Path, desk: &jiedu::editor::Desk, finding: &Finding) -> Option<String> {
        let named = || set_of_path(&finding.place.path).map(|(set, _)| set);
        let set = finding.set.clone().or_else(named)?;
        let policy = format!("content/policies/{set}/policy.md");
        if desk.file(&policy).is_some() {
            return Some(policy);
        }
        let homes = self.open.values().filter_map(|open| match &open.home {
            Home::Repository(folder, path) if folder == root => Some(path),
            _ => None,
        });
        let mut of_set = homes.filter(|path| set_of_path(path).is_some_and(|(own, _)| own == set));
        of_set.next().cloned()
    }

    pub(super) fn diagnostic(&self, finding: &Finding, places: &Places<'_>, root: &Path) -> Diagnostic {
        let mut text = finding.message.get(self.lang).to_owned();
        for note in &finding.notes {
            text.push('\n');
            text.push_str(note.get(self.lang));
        }
        let href = self.rules.as_ref().and_then(|rules| rules.href(finding.code));
        Diagnostic {
            range: places.range(finding.place.range),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
                // Editors hide their own hints almost completely.
                Severity::Hint => DiagnosticSeverity::Information,
            }),
            code: Some(Code::String(finding.code.to_owned())),
            code_description: href.map(|href| CodeDescription { href: Uri(href) }),
            source: Some("jiedu".to_owned()),
            message: gen_lsp_types::Message::String(text),
            tags: None,
            related_information: self.related(finding, root),
            data: None,
        }
    }

    fn related(&self, finding: &Finding, root: &Path) -> Option<Vec<DiagnosticRelatedInformation>> {
        if !self.client.related || finding.labels.is_empty() {
            return None;
        }
        let labels = finding.labels.iter().map(|label| {
            let range = Places::new(&label.file, self.client.encoding).range(label.range);
            let uri = Uri(self.address(root, label.file.path()));
            let message = label.message.get(self.lang).to_owned();
            DiagnosticRelatedInformation { location: Location { uri, range }, message }
        });
        Some(labels.collect())
    }
}

fn message(address: &str, version: Option<i32>, diagnostics: Vec<Diagnostic>) -> Message {
    let params = PublishDiagnosticsParams { uri: Uri(address.to_owned()), version, diagnostics };
    Message::Notification(Notification::new("textDocument/publishDiagnostics".to_owned(), params))
}
