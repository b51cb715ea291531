//! `allowed_signers` for stock git and ssh-keygen: a second opinion.

use std::fmt::Write as _;

use super::{KeyKind, KeyUse, Roster};

/// The SSH keys of the roster in the form of `ssh-keygen`'s ALLOWED SIGNERS:
/// statement keys for the namespace `git`, publishers' keys for releases.
///
/// Windows are left out on purpose: stock git judges them at the date a commit
/// claims, which its signer may choose.
#[must_use]
pub fn allowed_signers(roster: &Roster) -> String {
    let mut text = String::new();
    for key in roster.keys.iter().filter(|key| key.kind == KeyKind::Ssh) {
        let signs = key.uses.contains(&KeyUse::Review) || key.uses.contains(&KeyUse::Root);
        let publishes = key.uses.contains(&KeyUse::Publish);
        let namespaces = match (signs, publishes) {
            (true, true) => "git,jiedu-release@1",
            (true, false) => "git",
            (false, true) => "jiedu-release@1",
            (false, false) => continue,
        };
        let person = roster.person(&key.person);
        let mails = person.map(|person| person.emails.join(",")).filter(|mails| !mails.is_empty());
        let principals = mails.unwrap_or_else(|| key.person.to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{principals} namespaces=\"{namespaces}\" {}", key.public);
    }
    text
}
