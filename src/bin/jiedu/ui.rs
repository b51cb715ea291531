//! The terminal: the only place that prints.
//!
//! What a command was asked for, for people or for machines, goes to standard
//! output; notes, progress and errors go to standard error. A reader who closes
//! the pipe early is no error. Texts of the repository are hostile: no character
//! that a terminal would obey leaves here, whichever command prints it.

use std::io::{IsTerminal as _, Write as _};

use jiedu::text::{Lang, Message, printable, printable_styled};

use crate::args::{Cli, ColorArg, LangArg};
use crate::exit::Exit;

/// How to speak: language and colour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ui {
    pub(crate) lang: Lang,
    /// Whether notes and errors may be coloured.
    pub(crate) color: bool,
    /// Whether answers may be coloured.
    pub(crate) color_out: bool,
    /// Whether notes are left out (`-q`).
    pub(crate) quiet: bool,
}

impl Ui {
    pub(crate) fn new(cli: &Cli) -> Self {
        let color = |is_terminal: bool| match cli.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => wants_colour(is_terminal),
        };
        let lang = match cli.lang.unwrap_or_else(default_lang) {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        };
        Self {
            lang,
            color: color(std::io::stderr().is_terminal()),
            color_out: color(std::io::stdout().is_terminal()),
            quiet: cli.quiet,
        }
    }

    /// One of two texts, in the user's language.
    pub(crate) fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A note for people, beside the answer.
    pub(crate) fn say(self, zh: impl AsRef<str>, en: impl AsRef<str>) {
        if !self.quiet {
            note(self.pick(zh.as_ref(), en.as_ref()));
        }
    }

    /// A message for people, beside the answer.
    pub(crate) fn message(self, message: &Message) {
        if !self.quiet {
            note(message.get(self.lang));
        }
    }

    /// A line of the answer itself.
    pub(crate) fn answer(self, zh: impl AsRef<str>, en: impl AsRef<str>) -> Result<(), Failure> {
        line(self.pick(zh.as_ref(), en.as_ref()))
    }

    /// A failure: what happened, then what to do.
    pub(crate) fn failure(self, failure: &Failure) {
        let (red, bold, plain) =
            if self.color { ("\u{1b}[31m", "\u{1b}[1m", "\u{1b}[0m") } else { ("", "", "") };
        let word = match failure.exit {
            Exit::Refused => self.pick("拒绝", "refused"),
            _ => self.pick("错误", "error"),
        };
        let code = failure.code.map(|code| format!("[{code}]")).unwrap_or_default();
        let message = printable(failure.message.get(self.lang));
        styled(&format!("{red}{word}{code}{plain}{bold}：{message}{plain}"));
        for hint in &failure.hints {
            note(&format!("  {}{}", self.pick("办法：", "help: "), hint.get(self.lang)));
        }
    }
}

/// Writes a line to standard error.
pub(crate) fn note(line: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "{}", printable(line));
}

/// Writes text with colours of ours to standard error; whoever coloured it made
/// the texts inside it printable.
pub(crate) fn styled(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", printable_styled(text));
}

/// Writes a result for people to standard output.
pub(crate) fn show(text: &str) -> Result<(), Failure> {
    write_out(&printable_styled(text))
}

/// Writes a line of the answer to standard output.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    write_out(&format!("{}\n", printable(text)))
}

/// The language of messages when none is asked for: `$JIEDU_LANG`, else Chinese.
#[expect(clippy::disallowed_methods, reason = "the program may read the environment")]
pub(crate) fn default_lang() -> LangArg {
    match std::env::var("JIEDU_LANG").as_deref() {
        Ok(lang) if lang == "en" || lang.starts_with("en_") || lang.starts_with("en-") => LangArg::En,
        _ => LangArg::Zh,
    }
}

/// Whether a stream is coloured when nobody said so: `NO_COLOR` (no-color.org)
/// forbids it, `CLICOLOR_FORCE` asks for it, else a terminal that can has it.
#[expect(clippy::disallowed_methods, reason = "the program may read the environment")]
fn wants_colour(is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    if std::env::var("CLICOLOR_FORCE").is_ok_and(|value| !value.is_empty() && value != "0") {
        return true;
    }
    let is_dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    let is_off = std::env::var("CLICOLOR").is_ok_and(|value| value == "0");
    is_terminal && !is_dumb && !is_off
}

/// Writes what machines read to standard output: as it is into a file or a
/// pipe, and printable where a terminal shows it.
pub(crate) fn output(text: &str) -> Result<(), Failure> {
    if std::io::stdout().is_terminal() { show(text) } else { write_out(text) }
}

fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::usage(format!("写不出结果：{error}"), format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) code: Option<&'static str>,
    pub(crate) message: Message,
    pub(crate) hints: Vec<Message>,
}

impl Failure {
    /// Wrong usage, configuration or environment.
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, code: None, message: Message::new(zh, en), hints: Vec::new() }
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.hints.push(Message::new(zh, en));
        self
    }
}
