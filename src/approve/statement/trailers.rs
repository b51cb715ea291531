//! The last paragraph of a statement: exactly the trailers of the contract,
//! in their order (details 17–21, 90).

use super::raw;
use super::{Decision, Kind, Statement};
use crate::steps::is_proof;
use crate::subject::parse_number;
use crate::{Reason, Subject};
use jiedu_base::name::{Digest, PersonId};

const AUTHORS: &str = "Approval-Authors";
const REPORT: &str = "Approval-Report";
const KEYS: [&str; 10] = [
    "Approval-Statement",
    "Approval-Site",
    "Approval-Set",
    "Approval-Revision",
    "Approval-Step",
    "Approval-Decision",
    "Approval-Digest",
    "Approval-Roster",
    "Approval-Previous",
    "Approval-Signer",
];
/// Lines that hooks add; they may follow the last approval trailer.
const COMPANIONS: [&str; 2] = ["Signed-off-by", "Change-Id"];
/// Most lines in the paragraph.
const LIMIT: usize = 32;

/// Parses the message of a candidate. The faults are looked for in this order:
/// a malformed line, an unknown one, a repeated one, order and completeness,
/// values.
///
/// # Errors
///
/// The reason code of the first fault in that order.
pub fn parse(message: &str) -> Result<Statement, Reason> {
    let paragraph = shape(message).ok_or(Reason::TrailerMalformed)?;
    let lines: Vec<&str> = paragraph.split('\n').collect();
    if lines.len() > LIMIT {
        return Err(Reason::TrailerMalformed);
    }
    let trailers: Option<Vec<(&str, &str)>> = lines.iter().map(|line| trailer(line)).collect();
    let trailers = trailers.ok_or(Reason::TrailerMalformed)?;
    let kind = trailers.first().map_or("", |(_, value)| *value);
    let expected = expected_keys(kind);
    let own = trailers.iter().rposition(|(key, _)| expected.contains(key)).map_or(0, |at| at + 1);
    let (approvals, companions) = trailers.split_at(own);
    let foreign = approvals.iter().any(|(key, _)| !expected.contains(key));
    if foreign || companions.iter().any(|(key, _)| !COMPANIONS.contains(key)) {
        return Err(Reason::TrailerUnknown);
    }
    let repeated =
        |(at, (key, _)): (usize, &(&str, &str))| approvals.iter().take(at).any(|(other, _)| other == key);
    if approvals.iter().enumerate().any(repeated) {
        return Err(Reason::TrailerDuplicate);
    }
    if !approvals.iter().map(|(key, _)| *key).eq(expected.iter().copied()) {
        return Err(Reason::TrailerMalformed);
    }
    let values: Vec<&str> = approvals.iter().map(|(_, value)| *value).collect();
    statement(&values).ok_or(Reason::TrailerMalformed)
}

/// The last paragraph without its final line feed, when the message has the
/// right shape: a subject before it, one line feed at the end, no control
/// characters in it.
fn shape(message: &str) -> Option<&str> {
    let body = message.strip_suffix('\n')?;
    let paragraph = std::str::from_utf8(raw::last_paragraph(body.as_bytes())).ok()?;
    let before = body.strip_suffix(paragraph)?;
    let has_subject = before.bytes().any(|b| b != b'\n') && before.ends_with("\n\n");
    let clean = !message.contains('\r') && !paragraph.chars().any(|c| c != '\n' && c.is_control());
    (has_subject && clean).then_some(paragraph)
}

/// Key and value of a well-formed line.
fn trailer(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(": ")?;
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if !key.starts_with(|c: char| c.is_ascii_alphabetic()) || !key.bytes().all(word) {
        return None;
    }
    let known = KEYS
        .iter()
        .chain(&[AUTHORS, REPORT])
        .chain(&COMPANIONS)
        .find(|known| known.eq_ignore_ascii_case(key));
    if known.is_some_and(|known| *known != key) {
        return None;
    }
    let spaced = value.starts_with(' ') || value.ends_with(' ') || value.contains("  ");
    // Names in the lines of hooks need not be ASCII.
    let ascii = COMPANIONS.contains(&key) || value.bytes().all(|b| (b' '..=b'~').contains(&b));
    let fits = (1..=200).contains(&value.len()) && !spaced && ascii;
    fits.then_some((key, value))
}

fn expected_keys(kind: &str) -> Vec<&'static str> {
    let extra = match kind {
        "submit/1" => Some(AUTHORS),
        "review/2" => Some(REPORT),
        _ => None,
    };
    KEYS.into_iter().chain(extra).collect()
}

/// Reads the values, in the order of the keys.
fn statement(values: &[&str]) -> Option<Statement> {
    let [kind, site, subject, revision, step, decision, digest, roster, previous, signer, extra @ ..] =
        values
    else {
        return None;
    };
    let (version, roster) = roster.split_once(' ')?;
    let digest_of = |text: &str| Digest::parse(text).ok();
    let mut statement = Statement {
        kind: kind_of(kind)?,
        site: digest_of(site)?,
        subject: Subject::parse(subject)?,
        revision: parse_number(revision)?,
        step: step_of(step)?,
        decision: Decision::parse(decision)?,
        digest: digest_of(digest)?,
        roster: (parse_number(version)?, digest_of(roster)?),
        previous: if *previous == "none" { None } else { Some(digest_of(previous)?) },
        signer: PersonId::parse(signer).ok()?,
        authors: Vec::new(),
        report: None,
    };
    match (*kind, extra) {
        ("submit/1", [authors]) => statement.authors = people(authors)?,
        ("review/2", [report]) => statement.report = Some(digest_of(report)?),
        _ => {}
    }
    fits_kind(&statement).then_some(statement)
}

fn kind_of(text: &str) -> Option<Kind> {
    match text {
        "submit/1" => Some(Kind::Submit),
        "review/1" | "review/2" => Some(Kind::Review),
        "withdraw/1" => Some(Kind::Withdraw),
        "roster/1" => Some(Kind::Roster),
        _ => None,
    }
}

fn step_of(text: &str) -> Option<String> {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = text.len() <= 63 && text.bytes().all(word) && !text.starts_with('-');
    fits.then(|| text.to_owned())
}

/// Persons joined by `, `, none twice.
fn people(text: &str) -> Option<Vec<PersonId>> {
    let people: Vec<PersonId> = text.split(", ").map(|id| PersonId::parse(id).ok()).collect::<Option<_>>()?;
    let distinct: std::collections::BTreeSet<_> = people.iter().collect();
    (distinct.len() == people.len()).then_some(people)
}

/// The table of details 21, as far as it needs nothing but the statement.
fn fits_kind(statement: &Statement) -> bool {
    let Statement { step, decision, subject, previous, .. } = statement;
    match statement.kind {
        Kind::Submit => {
            step == "submit" && *decision != Decision::Reject && !matches!(subject, Subject::Roster(_))
        }
        Kind::Review => {
            let reserved = matches!(step.as_str(), "submit" | "withdraw" | "roster");
            let report_ok = statement.report.is_none() || is_proof(step);
            !reserved && report_ok && !matches!(subject, Subject::Roster(_))
        }
        Kind::Withdraw => step == "withdraw" && *decision == Decision::Approve && subject.set().is_some(),
        Kind::Roster => {
            let plain = step == "roster" && *decision == Decision::Approve && previous.is_none();
            plain && matches!(subject, Subject::Roster(_))
        }
    }
}

/// What a candidate says it is about, as far as it can be read at all. Only
/// used to say where a refusal belongs, never to believe it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// The one `Approval-Set`.
    pub(crate) subject: Option<Subject>,
    pub(crate) steps: Vec<String>,
    pub(crate) digests: Vec<Digest>,
    pub(crate) revisions: Vec<u32>,
    pub(crate) is_retract: bool,
}

/// Reads the claims of a candidate from its raw bytes.
pub fn claims(commit: &[u8]) -> Claims {
    let (_, message) = raw::split(commit);
    let paragraph = String::from_utf8_lossy(raw::last_paragraph(message)).into_owned();
    let values = |key: &str| -> Vec<String> {
        let of = |line: &str| {
            let (name, value) = line.split_once(':')?;
            name.trim().eq_ignore_ascii_case(key).then(|| value.trim().to_owned())
        };
        paragraph.split('\n').take(LIMIT).filter_map(of).collect()
    };
    let subjects = values("Approval-Set");
    Claims {
        subject: if let [one] = subjects.as_slice() { Subject::parse(one) } else { None },
        steps: values("Approval-Step"),
        digests: values("Approval-Digest").iter().filter_map(|text| Digest::parse(text).ok()).collect(),
        revisions: values("Approval-Revision").iter().filter_map(|text| parse_number(text)).collect(),
        is_retract: values("Approval-Decision").iter().any(|word| word == "retract"),
    }
}
