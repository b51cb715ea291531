//! A repository whose only fault is the attack.

use git2::ObjectType;
use jiedu::approve::statement::{Statement, message};
use jiedu::approve::{SetState, StepState};
use jiedu::name::SetId;
use ssh_key::{HashAlg, LineEnding, PrivateKey};

use crate::project::{Project, STRICT, ident, key, project};

/// The set under attack.
pub const SET: &str = "2025/a";
/// The step that is forged, and who holds it.
pub const STEP: (&str, &str) = ("final-review", "final");

/// A repository with one set, not submitted yet.
pub fn drafted() -> Project {
    let mut p = project();
    p.set(SET).commit("draft");
    p
}

/// The same under a changed first roster.
pub fn drafted_under(roster: &str) -> Project {
    let mut p = Project::with_roster(roster);
    p.set(SET).commit("draft");
    p
}

/// A sound chain but for the final review, which `make` writes as raw commit
/// bytes on the tip.
pub fn chain(mut p: Project, make: impl FnOnce(&mut Project, &Statement) -> Vec<u8>) -> Project {
    p.submit(SET);
    let mut make = Some(make);
    for (step, signer) in STRICT {
        if step == STEP.0 {
            let mut draft = p.draft(SET, signer);
            step.clone_into(&mut draft.step);
            let raw = make.take().unwrap()(&mut p, &draft);
            let id = p.write(ObjectType::Commit, &raw);
            p.reset(id);
            p.adopt(&draft, id);
        } else {
            p.step(SET, step, signer);
        }
    }
    p
}

/// The code under which the forged step is refused; none when it counts. The
/// set must clear exactly when it does.
#[track_caller]
pub fn refused(p: &Project) -> Option<&'static str> {
    step_refused(p, STEP.0)
}

/// The same for any step.
#[track_caller]
pub fn step_refused(p: &Project, step: &str) -> Option<&'static str> {
    let read = p.read().unwrap();
    let set = read.set(&SetId::parse(SET).unwrap()).unwrap();
    let status = set.steps.iter().find(|status| status.step == step).unwrap();
    let counts = status.state == StepState::Done && set.state == SetState::Cleared;
    if counts {
        assert!(!set.editions.is_empty());
        return None;
    }
    assert_eq!(set.state, SetState::Blocked);
    assert!(set.editions.is_empty(), "nothing of it is published");
    status.reason.or(set.reason)
}

/// Why the whole revision is refused.
#[track_caller]
pub fn stopped(p: &Project) -> Option<&'static str> {
    p.read().err().and_then(|stop| stop.code)
}

/// Commit bytes on the tip without a signature, by the holder of the step.
pub fn payload(p: &mut Project, text: &str) -> String {
    let raw = String::from_utf8_lossy(&p.raw(p.head())).into_owned();
    let tree = raw.lines().next().unwrap().to_owned();
    p.now += 60;
    let who = ident(STEP.1, p.now);
    format!("{tree}\nparent {}\nauthor {who}\ncommitter {who}\n\n{text}", p.head())
}

/// Adds a signature by a key for a purpose.
pub fn signed_for(payload: &[u8], key: &PrivateKey, namespace: &str) -> Vec<u8> {
    let signature = key.sign(namespace, HashAlg::Sha512, payload).unwrap();
    with_armour(payload, &signature.to_pem(LineEnding::LF).unwrap())
}

/// Adds a signature by the named person's key.
pub fn signed(payload: impl AsRef<[u8]>, who: &str) -> Vec<u8> {
    signed_for(payload.as_ref(), &key(who), "git")
}

/// Puts an armoured signature into the header.
pub fn with_armour(payload: &[u8], armour: &str) -> Vec<u8> {
    insert(payload, &format!("gpgsig {}\n", armour.trim_end().replace('\n', "\n ")))
}

/// Inserts lines at the end of the header.
pub fn insert(commit: &[u8], lines: &str) -> Vec<u8> {
    let at = commit.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    [&commit[..at], lines.as_bytes(), &commit[at..]].concat()
}

/// Replaces the first occurrence in bytes that are text.
pub fn swap(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

/// Why a final review with a changed, but well signed, message is refused.
#[track_caller]
pub fn message_refused(change: impl Fn(&str) -> String) -> Option<&'static str> {
    refused(&chain(drafted(), |p, draft| {
        let text = change(&message(draft));
        signed(payload(p, &text), STEP.1)
    }))
}

/// Why a final review is refused whose payload is changed before signing.
#[track_caller]
pub fn payload_refused(change: impl Fn(String) -> Vec<u8>) -> Option<&'static str> {
    refused(&chain(drafted(), |p, draft| signed(change(payload(p, &message(draft))), STEP.1)))
}

/// Why a final review is refused whose finished commit is changed.
#[track_caller]
pub fn bytes_refused(change: impl Fn(Vec<u8>) -> Vec<u8>) -> Option<&'static str> {
    refused(&chain(drafted(), |p, draft| change(signed(payload(p, &message(draft)), STEP.1))))
}

/// The signature header as it stands in a commit.
pub fn signature_of(bytes: &[u8]) -> String {
    const END: &str = "-----END SSH SIGNATURE-----\n";
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let start = text.find("gpgsig ").unwrap();
    let end = text.find(END).unwrap() + END.len();
    text[start..end].to_owned()
}

/// Decodes the armour, changes the blob, armours it again.
pub fn with_blob(bytes: &[u8], change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    use base64ct::{Base64, Encoding as _};
    let signature = signature_of(bytes);
    let lines: Vec<&str> = signature.lines().map(str::trim).collect();
    let blob = Base64::decode_vec(&lines[1..lines.len() - 1].concat()).unwrap();
    let encoded = Base64::encode_string(&change(blob));
    let folded = format!("gpgsig -----BEGIN SSH SIGNATURE-----\n {encoded}\n -----END SSH SIGNATURE-----\n");
    swap(bytes, &signature, &folded)
}

/// Replaces a part of bytes.
pub fn patched(blob: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = blob.windows(from.len()).position(|part| part == from).unwrap();
    [&blob[..at], to, &blob[at + from.len()..]].concat()
}
