//! Built sites on disk: writing one, replacing one, reading one back.
//!
//! A [`Publication`] takes the files of a site one by one and replaces the site
//! before it in one step; it never deletes what jiedu did not write; [`read_site`] reads any folder that claims to be a site, within
//! bounds and without following links; [`sign_release`] makes the publisher's
//! signature (an external program is asked only when the key is not a plain
//! Ed25519 key file).
//!
//! Data flow: `render` → [`Publication`], `evidence::seal_listed` →
//! [`Publication`] → disk → [`read_site`] → `evidence::verify`.
//!
//! Invariants: a failed or killed build leaves the old site whole; no path
//! leaves the target folder; nothing outside a site is read by following a
//! link out of it.
//!
//! Deliberately absent: any judgement of content, and any decision what a site
//! holds.

mod error;
mod heal;
mod lock;
mod owned;
mod publish;
mod read;
mod signing;
mod staging;

#[cfg(test)]
mod tests;

pub use error::OutputError;
pub use heal::heal_evidence;
pub use publish::{Publication, Published, check_target, evidence_folder, publish, publish_evidence};
pub use read::{Limits, read_file_of, read_site, read_site_with};
pub use signing::sign_release;
pub use staging::{Files, is_safe};
