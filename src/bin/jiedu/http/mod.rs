//! A server for this machine alone: what `serve` answers with, and whatever
//! else shows pages of a repository to the person who sits at it.
//!
//! Connections are the business of one thread with an event loop (hyper); pages
//! are made by the caller, on its own thread and with what it borrows. Between
//! them stand [`Exchange`]s: a request that was let in, and the way back.
//!
//! 1. [`guard`] refuses what did not come from a browser of this machine that
//!    was pointed here: other hosts, other sites, methods nobody offers.
//! 2. [`Limits`] bound every part of a request, the time it may take, and how
//!    many there may be, so that no client keeps the others waiting.
//! 3. [`Router`] finds what a path means.
//!
//! Every answer forbids other sites to frame it, to read it and to guess its
//! type.

mod guard;
mod router;
mod server;

pub(crate) use hyper::Method;
pub(crate) use router::{Route, Router};
pub(crate) use server::{Exchange, Limits, Server};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// Status code.
    pub(crate) status: u16,
    /// Media type.
    pub(crate) kind: &'static str,
    /// Bytes of the body; left out for `HEAD`.
    pub(crate) body: Vec<u8>,
    /// Headers besides those that every answer has.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Reply {
    /// An answer with that status.
    pub(crate) fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, kind, body: body.into(), headers: Vec::new() }
    }

    /// A short text for people.
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", format!("{text}\n"))
    }
}
