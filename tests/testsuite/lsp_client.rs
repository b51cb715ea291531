//! A client of the language server: the built program over a real pipe.
#![allow(clippy::needless_pass_by_value, reason = "messages are made where they are sent")]

use std::collections::BTreeMap;
use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// An editor with one server.
pub struct Client {
    child: Child,
    input: Option<ChildStdin>,
    arrived: Receiver<Value>,
    next_id: i64,
    /// Diagnostics last heard, by address, with their version.
    pub diagnostics: BTreeMap<String, (Value, Vec<Value>)>,
    /// Requests of the server.
    pub asked: Vec<Value>,
}

impl Client {
    /// Starts the server, without a word to it.
    pub fn start(args: &[&str]) -> Self {
        let temp = std::env::temp_dir();
        let mut child = Command::new(env!("CARGO_BIN_EXE_jiedu"))
            .args(args)
            .arg("lsp")
            .current_dir(temp)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, arrived) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        Self { child, input, arrived, next_id: 0, diagnostics: BTreeMap::new(), asked: Vec::new() }
    }

    /// Starts the server and shakes hands, with all abilities of a rich client.
    pub fn ready(encoding: &str) -> Self {
        let mut client = Self::start(&[]);
        let answer = client.ask("initialize", abilities(&[encoding]));
        assert_eq!(answer["result"]["capabilities"]["positionEncoding"], encoding);
        client.note("initialized", json!({}));
        client
    }

    /// Sends raw bytes.
    pub fn raw(&mut self, bytes: &[u8]) {
        // A server that has given up no longer reads.
        let _ = self.input.as_mut().unwrap().write_all(bytes);
        let _ = self.input.as_mut().unwrap().flush();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    /// Sends a notification.
    pub fn note(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and does not wait; its id.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params}));
        self.next_id
    }

    /// Sends a request and waits for its answer.
    #[track_caller]
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// Waits for the answer with an id.
    #[track_caller]
    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.hear();
            if message["id"] == id && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// The next message of the server, diagnostics taken note of.
    #[track_caller]
    pub fn hear(&mut self) -> Value {
        let message = self.arrived.recv_timeout(PATIENCE).expect("the server says nothing");
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let all = params["diagnostics"].as_array().unwrap().clone();
            let address = params["uri"].as_str().unwrap().to_owned();
            self.diagnostics.insert(address, (params["version"].clone(), all));
        } else if message.get("method").is_some() && message.get("id").is_some() {
            self.asked.push(message.clone());
        }
        message
    }

    /// Opens a text.
    pub fn open(&mut self, address: &str, text: &str) {
        let item = json!({"uri": address, "languageId": "markdown", "version": 1, "text": text});
        self.note("textDocument/didOpen", json!({"textDocument": item}));
    }

    /// Changes a text.
    pub fn change(&mut self, address: &str, version: i64, changes: Value) {
        let document = json!({"uri": address, "version": version});
        self.note("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    /// Waits for the diagnostics of a version of a text.
    #[track_caller]
    pub fn wait(&mut self, address: &str, version: i64) -> Vec<Value> {
        loop {
            if let Some((heard, all)) = self.diagnostics.get(address)
                && *heard == version
            {
                return all.clone();
            }
            self.hear();
        }
    }

    /// Asks about a place.
    #[track_caller]
    pub fn at(&mut self, method: &str, address: &str, line: u32, character: u32) -> Value {
        let mut params =
            json!({"textDocument": {"uri": address}, "position": {"line": line, "character": character}});
        if method == "textDocument/references" {
            params["context"] = json!({"includeDeclaration": true});
        }
        self.ask(method, params)["result"].take()
    }

    /// Shuts the server down; its exit code.
    #[track_caller]
    pub fn stop(mut self) -> i32 {
        let answer = self.ask("shutdown", Value::Null);
        assert!(answer["result"].is_null() && answer.get("error").is_none(), "{answer}");
        self.note("exit", Value::Null);
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Waits for the end of the server; its exit code.
    pub fn end(mut self) -> i32 {
        self.input = None;
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Only a test that has failed leaves the server running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl std::io::BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok().filter(|&count| count > 0)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// What a rich client says about itself.
pub fn abilities(encodings: &[&str]) -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {
        "general": {"positionEncodings": encodings},
        "workspace": {
            "workspaceEdit": {"documentChanges": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
        "textDocument": {
            "publishDiagnostics": {"codeDescriptionSupport": true, "relatedInformation": true},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
        },
    }})
}

/// The address of a path.
pub fn address(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap())
}
