//! `jiedu lsp`: a language server on standard input and output.
//!
//! One thread reads frames, this one does everything else in the order in which
//! messages came. Findings are published when nothing has been typed for a
//! moment, so the last version wins and no stale work is queued; a request that
//! is cancelled while it waits is answered as cancelled. What the answers are is
//! the library's business (`jiedu::editor`).

mod client;
mod convert;
mod diagnostics;
mod frame;
mod requests;
mod rules_file;
mod session;
mod uri;

use std::collections::VecDeque;
use std::io::{BufReader, Stdout, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde_json::Value;

use crate::exit::Exit;
use crate::ui::{Failure, Ui};
use frame::Frame;
use session::Session;

/// What was typed after `jiedu lsp`.
#[derive(Debug, clap::Args)]
pub(crate) struct LspArgs {
    /// 用标准输入输出通信（默认）· Talk over standard input and output (default)
    // Editors pass it; there is no other way.
    #[arg(long = "stdio")]
    _stdio: bool,
}

/// Nothing typed for so long: time to look.
const PAUSE: Duration = Duration::from_millis(120);
/// Whoever never pauses sees findings at least this often.
const PATIENCE: Duration = Duration::from_millis(1500);

pub(crate) fn run(ui: Ui) -> Result<Exit, Failure> {
    let (sender, receiver) = channel();
    // The reader ends with the input or the process, whichever is first.
    std::thread::spawn(move || {
        let mut input = BufReader::new(stdin());
        loop {
            let frame = frame::read(&mut input);
            let is_last = !matches!(frame, Ok(Some(_)));
            if sender.send(frame).is_err() || is_last {
                return;
            }
        }
    });
    Server {
        session: Session::new(ui.lang),
        waiting: VecDeque::new(),
        receiver,
        out: stdout(),
        since: None,
        ui,
    }
    .run()
}

struct Server {
    session: Session,
    /// Arrived and not yet handled.
    waiting: VecDeque<Frame>,
    receiver: Receiver<std::io::Result<Option<Frame>>>,
    out: Stdout,
    /// When the first change was made that is not published yet.
    since: Option<Instant>,
    ui: Ui,
}

/// What comes next.
enum Next {
    Frame(Frame),
    Publish,
    End,
}

impl Server {
    fn run(mut self) -> Result<Exit, Failure> {
        loop {
            match self.next()? {
                Next::Frame(frame) => {
                    if let Some(exit) = self.handle(frame)? {
                        return Ok(exit);
                    }
                }
                Next::Publish => {
                    self.since = None;
                    let published = catch_unwind(AssertUnwindSafe(|| self.session.publish()));
                    self.send(published.unwrap_or_default())?;
                }
                // The client is gone without a word.
                Next::End => return Ok(Exit::Findings),
            }
        }
    }

    fn next(&mut self) -> Result<Next, Failure> {
        let is_due = self.since.is_some_and(|since| since.elapsed() >= PATIENCE);
        if is_due {
            return Ok(Next::Publish);
        }
        while let Ok(arrived) = self.receiver.try_recv() {
            match self.arrived(arrived)? {
                Some(frame) => self.waiting.push_back(frame),
                None if self.waiting.is_empty() => return Ok(Next::End),
                None => break,
            }
        }
        if let Some(frame) = self.waiting.pop_front() {
            return Ok(Next::Frame(frame));
        }
        let arrived = match self.since {
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(_) => self.receiver.recv_timeout(PAUSE),
        };
        match arrived {
            Ok(arrived) => Ok(self.arrived(arrived)?.map_or(Next::End, Next::Frame)),
            Err(RecvTimeoutError::Timeout) => Ok(Next::Publish),
            Err(RecvTimeoutError::Disconnected) => Ok(Next::End),
        }
    }

    fn arrived(&self, arrived: std::io::Result<Option<Frame>>) -> Result<Option<Frame>, Failure> {
        arrived.map_err(|error| {
            let zh = self.ui.pick("编辑器发来的内容不是语言服务协议的消息", "");
            Failure::usage(format!("{zh}：{error}"), format!("what the editor sent is no message: {error}"))
        })
    }

    fn handle(&mut self, frame: Frame) -> Result<Option<Exit>, Failure> {
        match frame {
            Frame::Garbage(id) => self.garbage(&id)?,
            Frame::Message(Message::Request(request)) => {
                let answer = self.answer(request);
                self.send(vec![Message::Response(answer)])?;
                let asked = self.session.take_requests();
                self.send(asked)?;
            }
            Frame::Message(Message::Notification(note)) => {
                if note.method == "exit" {
                    return Ok(Some(if self.session.is_shut_down() { Exit::Clean } else { Exit::Findings }));
                }
                self.note(note)?;
            }
            // Answers to what the server asked (registrations) need no action.
            Frame::Message(Message::Response(_)) => {}
        }
        Ok(None)
    }

    fn answer(&mut self, request: Request) -> Response {
        let id = request.id.clone();
        if self.is_cancelled(&request) {
            return Response::new_err(id, ErrorCode::RequestCanceled as i32, "cancelled".to_owned());
        }
        let answered =
            catch_unwind(AssertUnwindSafe(|| self.session.request(&request.method, request.params)));
        match answered {
            Ok(Ok(result)) => Response::new_ok(id, result),
            Ok(Err((code, message))) => Response::new_err(id, code as i32, message),
            Err(_) => Response::new_err(id, ErrorCode::InternalError as i32, "internal fault".to_owned()),
        }
    }

    /// Whether a cancellation of the request has already arrived.
    fn is_cancelled(&self, request: &Request) -> bool {
        let id = serde_json::to_value(&request.id).unwrap_or(Value::Null);
        self.waiting.iter().any(|frame| {
            let Frame::Message(Message::Notification(note)) = frame else { return false };
            note.method == "$/cancelRequest" && note.params.get("id") == Some(&id)
        })
    }

    fn note(&mut self, note: Notification) -> Result<(), Failure> {
        let noted = catch_unwind(AssertUnwindSafe(|| self.session.note(&note.method, note.params)));
        if noted.unwrap_or(true) {
            self.since.get_or_insert_with(Instant::now);
        }
        let asked = self.session.take_requests();
        self.send(asked)
    }

    fn send(&mut self, messages: Vec<Message>) -> Result<(), Failure> {
        for message in messages {
            self.sent(|out| frame::write(out, &message))?;
        }
        Ok(())
    }

    fn garbage(&mut self, id: &Value) -> Result<(), Failure> {
        self.sent(|out| frame::write_garbage_answer(out, id))
    }

    fn sent(&mut self, write: impl FnOnce(&mut Stdout) -> std::io::Result<()>) -> Result<(), Failure> {
        write(&mut self.out).map_err(|error| {
            Failure::usage(format!("无法回复编辑器：{error}"), format!("cannot answer the editor: {error}"))
        })
    }
}
