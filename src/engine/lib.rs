//! External proofreaders: a licensed checker, a language model, the terminology
//! service of a province.
//!
//! One process, JSON in, JSON out. The host (the program) starts it and hands
//! over bytes; this room says what is asked ([`Prepared`]), what of an answer is
//! believed ([`accept`]) and how answers are kept so that a check can be repeated
//! without the engine ([`Record`]). The protocol: `src/engine/README.md`.
//!
//! ```text
//! text ─ Prepared ─▶ Request ─(program: process, limits, records)─▶ bytes ─ accept ─▶ findings
//!        masks personal data                                              ranges, quotes, grades
//! ```
//!
//! An answer is hostile input. What does not match the text that was sent is
//! dropped and counted; nothing an engine says is an error, blocks a set or is
//! ever applied by itself. An engine that fails is a warning, never a pass.
//!
//! Which program is run is never a matter of the repository under check: whoever
//! could push a text could otherwise run a program on the checker's machine. The
//! settings of an engine are a file outside of it, named on the command line.

mod accept;
mod conformance;
mod fault;
mod pages;
mod prepare;
mod protocol;
mod record;
mod reference;

pub use accept::{Accepted, accept};
pub use conformance::{Case, Outcome, cases, judge};
pub use fault::Fault;
pub use prepare::{Audience, Limits, Lists, Prepared};
pub use protocol::{Answer, AnswerFinding, Declined, EngineId, REQUEST, Request, Segment};
pub use record::{Record, record_name};
pub use reference::reference_answer;

use jiedu_base::finding::{Finding, Rule, Severity};
use jiedu_markdown::Body;

/// What an engine said to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Which engine, as the settings or the record call it.
    pub name: String,
    /// The highest severity its findings may have.
    pub grade: Severity,
    /// The limits on its answer.
    pub limits: Limits,
    /// Its answer, or why there is none.
    pub answer: Result<Vec<u8>, Fault>,
}

/// Whoever can put a request to one or more engines: the program, or a test.
pub trait Ask {
    /// The replies to a request, in a fixed order. Each engine is told its own
    /// limits ([`Request::with_limits`]).
    fn ask(&mut self, request: &Request) -> Vec<Reply>;
}

/// Every kind of finding about external proofreaders.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    pages::PAGES.iter()
}

/// Puts one text to the engines. `own` is what the program itself found in it:
/// the source of what is masked, and not to be said twice. The suppressions of
/// the text apply.
pub fn consult(body: &Body, prepared: &Prepared, own: &[Finding], ask: &mut dyn Ask) -> Vec<Finding> {
    let mut findings = hear(body, prepared, own, ask);
    jiedu_proof::suppress::set_aside(body, &mut findings);
    findings
}

/// The same before the suppressions of the text are looked at.
pub fn hear(body: &Body, prepared: &Prepared, own: &[Finding], ask: &mut dyn Ask) -> Vec<Finding> {
    let mut findings = Vec::new();
    for reply in ask.ask(&prepared.request) {
        match reply.answer {
            Ok(bytes) => match accept(prepared, own, &bytes, reply.limits, reply.grade) {
                Ok(accepted) => findings.extend(accepted.into_findings()),
                Err(fault) => findings.push(fault.finding(&body.file, &reply.name)),
            },
            Err(fault) => findings.push(fault.finding(&body.file, &reply.name)),
        }
    }
    findings
}

#[cfg(test)]
mod tests;
