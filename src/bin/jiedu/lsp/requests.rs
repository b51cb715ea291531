//! Requests of the client, each answered from the library.

use std::path::{Path, PathBuf};

use gen_lsp_types as lsp;
use jiedu::editor::{
    Candidate, CandidateKind, Edit, Spot, Symbol, all_safe_edits, hover_findings, outline_of_text,
};
use jiedu::finding::Finding;
use jiedu::text::{Lang, SourceFile, TextRange};
use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::Client;
use super::convert::Places;
use super::rules_file::RulesFile;
use super::session::{Home, Refusal, Session, Stage};
use crate::commands::explain;

/// Characters of a replacement that the title of a fix shows.
const SHOWN: usize = 30;

impl Session {
    /// Answers a request.
    pub(super) fn request(&mut self, method: &str, params: Value) -> Result<Value, Refusal> {
        match (self.stage, method) {
            (Stage::New, "initialize") => return self.initialize(params),
            (Stage::New, _) => return refuse(ErrorCode::ServerNotInitialized, "initialize comes first"),
            (Stage::ShutDown, _) => return refuse(ErrorCode::InvalidRequest, "the server is shut down"),
            (Stage::Running, "initialize") => {
                return refuse(ErrorCode::InvalidRequest, "initialize comes once");
            }
            (Stage::Running, "shutdown") => {
                self.stage = Stage::ShutDown;
                return Ok(Value::Null);
            }
            (Stage::Running, _) => {}
        }
        self.reload();
        match method {
            "textDocument/hover" => self.hover(parse(params)?),
            "textDocument/completion" => self.completion(parse(params)?),
            "textDocument/definition" => self.definition(parse(params)?),
            "textDocument/references" => self.references(parse(params)?),
            "textDocument/documentSymbol" => self.symbols(parse(params)?),
            "textDocument/codeAction" => self.actions(parse(params)?),
            _ => refuse(ErrorCode::MethodNotFound, method),
        }
    }

    fn initialize(&mut self, params: Value) -> Result<Value, Refusal> {
        let params: lsp::InitializeParams = parse(params)?;
        self.client = Client::new(&params);
        if self.client.code_description {
            self.rules = RulesFile::write(&std::env::temp_dir(), &explain::rule_infos(), self.lang);
        }
        self.stage = Stage::Running;
        answer(lsp::InitializeResult {
            capabilities: capabilities(self.client),
            server_info: Some(lsp::ServerInfo {
                name: "jiedu".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    /// The repository, path and text of an open text; none when it lies in none.
    fn place(&self, address: &str) -> Option<(PathBuf, String, SourceFile)> {
        let open = self.open.get(address)?;
        let Home::Repository(root, path) = &open.home else { return None };
        Some((root.clone(), path.clone(), SourceFile::new(path, &open.document.judged())))
    }

    /// The text, path and findings of an open text, wherever it lies.
    fn judged(&mut self, address: &str) -> Option<(SourceFile, Vec<Finding>)> {
        if let Some((root, path, file)) = self.place(address) {
            let findings = self.desks.get_mut(&root)?.findings().iter();
            return Some((file, findings.filter(|finding| finding.place.path == path).cloned().collect()));
        }
        self.loose(address).cloned()
    }

    fn hover(&mut self, params: lsp::HoverParams) -> Result<Value, Refusal> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let (address, lang, encoding) = (text_document.uri.0, self.lang, self.client.encoding);
        let page = |code: &str| explain::page(code, lang);
        let (file, found) = if let Some((root, path, file)) = self.place(&address) {
            let offset = Places::new(&file, encoding).offset(position);
            let found = self.desks.get_mut(&root).and_then(|desk| desk.hover(&path, offset, lang, &page));
            (file, found)
        } else {
            let Some((file, findings)) = self.judged(&address) else { return Ok(Value::Null) };
            let offset = Places::new(&file, encoding).offset(position);
            let found = hover_findings(&findings, file.path(), offset, lang, &page);
            (file, found)
        };
        answer(found.map(|(value, range)| lsp::Hover {
            contents: lsp::Contents::MarkupContent(lsp::MarkupContent {
                kind: lsp::MarkupKind::Markdown,
                value,
            }),
            range: Some(Places::new(&file, encoding).range(range)),
        }))
    }

    fn completion(&mut self, params: lsp::CompletionParams) -> Result<Value, Refusal> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let Some((root, path, file)) = self.place(&text_document.uri.0) else { return Ok(Value::Null) };
        let places = Places::new(&file, self.client.encoding);
        let (offset, lang) = (places.offset(position), self.lang);
        let found =
            self.desks.get_mut(&root).map(|desk| desk.complete(&path, offset, lang)).unwrap_or_default();
        let items = found.iter().enumerate().map(|(rank, candidate)| item(candidate, rank, &places));
        answer(items.collect::<Vec<_>>())
    }

    fn definition(&mut self, params: lsp::DefinitionParams) -> Result<Value, Refusal> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let Some((root, path, file)) = self.place(&text_document.uri.0) else { return Ok(Value::Null) };
        let offset = Places::new(&file, self.client.encoding).offset(position);
        let spot = self.desks.get_mut(&root).and_then(|desk| desk.define(&path, offset));
        answer(spot.map(|spot| self.location(&root, &spot)))
    }

    fn references(&mut self, params: lsp::ReferenceParams) -> Result<Value, Refusal> {
        let lsp::TextDocumentPositionParams { text_document, position } =
            params.text_document_position_params;
        let Some((root, path, file)) = self.place(&text_document.uri.0) else { return Ok(Value::Null) };
        let offset = Places::new(&file, self.client.encoding).offset(position);
        let with_itself = params.context.include_declaration;
        let spots = self.desks.get_mut(&root).map(|desk| desk.references(&path, offset, with_itself));
        let spots = spots.unwrap_or_default();
        answer(spots.iter().map(|spot| self.location(&root, spot)).collect::<Vec<_>>())
    }

    fn location(&self, root: &Path, spot: &Spot) -> lsp::Location {
        let file = self.desks.get(root).and_then(|desk| desk.file(&spot.path));
        let range = file.map(|file| Places::new(&file, self.client.encoding).range(spot.range));
        lsp::Location { uri: lsp::Uri(self.address(root, &spot.path)), range: range.unwrap_or_default() }
    }

    fn symbols(&mut self, params: lsp::DocumentSymbolParams) -> Result<Value, Refusal> {
        let address = params.text_document.uri.0;
        let (file, symbols) = if let Some((root, path, file)) = self.place(&address) {
            let symbols = self.desks.get_mut(&root).map(|desk| desk.outline(&path));
            (file, symbols.unwrap_or_default())
        } else {
            let Some(open) = self.open.get(&address) else { return Ok(Value::Null) };
            let Home::Loose(name) = &open.home else { return Ok(Value::Null) };
            let file = SourceFile::new(name, &open.document.judged());
            let symbols = outline_of_text(&file);
            (file, symbols)
        };
        let places = Places::new(&file, self.client.encoding);
        if self.client.tree {
            return answer(symbols.iter().map(|symbol| tree(symbol, &places)).collect::<Vec<_>>());
        }
        let mut flat = Vec::new();
        flatten(&symbols, None, &mut |symbol, above| {
            flat.push(serde_json::json!({
                "name": symbol.name,
                "kind": 15,
                "containerName": above,
                "location": {"uri": address, "range": places.range(symbol.range)},
            }));
        });
        answer(flat)
    }

    fn actions(&mut self, params: lsp::CodeActionParams) -> Result<Value, Refusal> {
        let address = params.text_document.uri.0;
        let wanted = |kind: &str| wants(params.context.only.as_deref(), kind);
        let Some((file, findings)) = self.judged(&address).filter(|_| self.client.code_actions) else {
            return Ok(Value::Null);
        };
        let places = Places::new(&file, self.client.encoding);
        let range = places.bytes(params.range);
        let mut actions = Vec::new();
        if wanted("quickfix") {
            let here = |finding: &&Finding| reaches(finding.place.range, range);
            for finding in findings.iter().filter(here) {
                let Some((edit, is_safe)) = Edit::of(finding, &file) else { continue };
                let diagnostics = matching(&params.context.diagnostics, finding, &places);
                actions.push(lsp::CodeAction {
                    title: title(&edit, &file, finding.code, self.lang),
                    kind: Some(lsp::CodeActionKind::QuickFix),
                    diagnostics: Some(diagnostics).filter(|found| !found.is_empty()),
                    is_preferred: Some(is_safe),
                    edit: Some(self.workspace_edit(&address, std::slice::from_ref(&edit), &places)),
                    ..lsp::CodeAction::default()
                });
            }
        }
        if wanted("source.fixAll") {
            let edits = all_safe_edits(&file, &findings);
            if !edits.is_empty() {
                actions.push(lsp::CodeAction {
                    title: match self.lang {
                        Lang::Zh => format!("改正本文件中可以稳妥改正的 {} 处", edits.len()),
                        Lang::En => format!("Apply all {} safe fixes of this file", edits.len()),
                    },
                    kind: Some(lsp::CodeActionKind::SourceFixAll),
                    edit: Some(self.workspace_edit(&address, &edits, &places)),
                    ..lsp::CodeAction::default()
                });
            }
        }
        answer(actions)
    }

    fn workspace_edit(&self, address: &str, edits: &[Edit], places: &Places<'_>) -> lsp::WorkspaceEdit {
        let edits = edits.iter().map(|edit| places.edit(edit));
        let uri = lsp::Uri(address.to_owned());
        if !self.client.document_changes {
            let changes = std::iter::once((uri, edits.collect())).collect();
            return lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() };
        }
        let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
            version: self.open.get(address).map(|open| open.document.version),
            text_document_identifier: lsp::TextDocumentIdentifier { uri },
        };
        let edits = edits.map(lsp::Edit::TextEdit).collect();
        let change = lsp::DocumentChange::TextDocumentEdit(lsp::TextDocumentEdit { text_document, edits });
        lsp::WorkspaceEdit { document_changes: Some(vec![change]), ..lsp::WorkspaceEdit::default() }
    }
}

fn capabilities(client: Client) -> lsp::ServerCapabilities {
    let triggers = [":", "：", "(", "[", "#", "/", "\"", " "].map(str::to_owned);
    lsp::ServerCapabilities {
        position_encoding: Some(client.encoding_name()),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Incremental),
            save: Some(lsp::Save::Bool(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some(triggers.to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(lsp::HoverProvider::Bool(true)),
        definition_provider: Some(lsp::DefinitionProvider::Bool(true)),
        references_provider: Some(lsp::ReferencesProvider::Bool(true)),
        document_symbol_provider: Some(lsp::DocumentSymbolProvider::Bool(true)),
        code_action_provider: Some(lsp::CodeActionProvider::CodeActionOptions(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::SourceFixAll]),
            ..lsp::CodeActionOptions::default()
        })),
        ..lsp::ServerCapabilities::default()
    }
}

/// Whether a client that asks only for some kinds of actions wants this one:
/// `source` asks for `source.fixAll` too.
fn wants(only: Option<&[lsp::CodeActionKind]>, kind: &str) -> bool {
    let Some(only) = only else { return true };
    only.iter().any(|asked| {
        let asked = serde_json::to_value(asked).unwrap_or(Value::Null);
        let asked = asked.as_str().unwrap_or("");
        asked.is_empty()
            || kind == asked
            || kind.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'))
    })
}

fn reaches(a: TextRange, b: TextRange) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// The diagnostics of the client that stand for a finding.
fn matching(all: &[lsp::Diagnostic], finding: &Finding, places: &Places<'_>) -> Vec<lsp::Diagnostic> {
    let range = places.range(finding.place.range);
    let code = lsp::Code::String(finding.code.to_owned());
    all.iter().filter(|one| one.range == range && one.code.as_ref() == Some(&code)).cloned().collect()
}

fn title(edit: &Edit, file: &SourceFile, code: &str, lang: Lang) -> String {
    let short = |text: &str| {
        let mut shown: String = text.chars().take(SHOWN).collect();
        if text.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        shown.replace('\n', " ")
    };
    let (old, new) = (short(file.slice(edit.range)), short(&edit.replacement));
    match (lang, old.is_empty(), new.is_empty()) {
        (Lang::Zh, _, true) => format!("删去“{old}”（{code}）"),
        (Lang::Zh, true, _) => format!("补上“{new}”（{code}）"),
        (Lang::Zh, ..) => format!("“{old}”改为“{new}”（{code}）"),
        (Lang::En, _, true) => format!("Delete `{old}` ({code})"),
        (Lang::En, true, _) => format!("Insert `{new}` ({code})"),
        (Lang::En, ..) => format!("Replace `{old}` with `{new}` ({code})"),
    }
}

fn item(candidate: &Candidate, rank: usize, places: &Places<'_>) -> lsp::CompletionItem {
    let edit = Edit { range: candidate.range, replacement: candidate.insert.clone() };
    lsp::CompletionItem {
        label: candidate.label.clone(),
        kind: Some(match candidate.kind {
            CandidateKind::Key => lsp::CompletionItemKind::Property,
            CandidateKind::Value => lsp::CompletionItemKind::EnumMember,
            CandidateKind::Clause => lsp::CompletionItemKind::Reference,
            CandidateKind::Set => lsp::CompletionItemKind::Module,
            CandidateKind::File => lsp::CompletionItemKind::File,
            CandidateKind::Rule => lsp::CompletionItemKind::Keyword,
        }),
        detail: Some(candidate.detail.clone()).filter(|detail| !detail.is_empty()),
        sort_text: Some(format!("{rank:05}")),
        filter_text: Some(candidate.insert.trim_end().to_owned()),
        text_edit: Some(lsp::CompletionItemTextEdit::TextEdit(places.edit(&edit))),
        ..lsp::CompletionItem::default()
    }
}

fn tree(symbol: &Symbol, places: &Places<'_>) -> Value {
    let children: Vec<Value> = symbol.children.iter().map(|child| tree(child, places)).collect();
    let mut value = serde_json::json!({
        "name": symbol.name,
        "kind": 15,
        "range": places.range(symbol.range),
        "selectionRange": places.range(symbol.selection),
        "children": children,
    });
    if !symbol.detail.is_empty()
        && let Some(object) = value.as_object_mut()
    {
        object.insert("detail".to_owned(), Value::from(symbol.detail.as_str()));
    }
    value
}

fn flatten<'a>(
    symbols: &'a [Symbol],
    above: Option<&'a str>,
    take: &mut dyn FnMut(&'a Symbol, Option<&'a str>),
) {
    for symbol in symbols {
        take(symbol, above);
        flatten(&symbol.children, Some(&symbol.name), take);
    }
}

fn parse<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCode::InvalidParams, error.to_string()))
}

fn answer(result: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result).map_err(|error| (ErrorCode::InternalError, error.to_string()))
}

fn refuse(code: ErrorCode, message: &str) -> Result<Value, Refusal> {
    Err((code, message.to_owned()))
}
