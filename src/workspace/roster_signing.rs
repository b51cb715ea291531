//! A root's agreement to a roster version.
//!
//! A version that lacks signatures makes the whole roster invalid, so the
//! person is looked up in the files themselves: first in the version to be
//! signed, then in the one before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{SigningKey, WorkspaceError};
use crate::approve::roster::Person;
use crate::approve::statement::{Decision, Kind, Statement};
use crate::approve::{Reason, Subject};
use crate::name::{Digest, PersonId};

/// The statement that agrees to `roster/<version>.toml`, and who makes it.
/// `files` are those below `roster/` at HEAD; without a version the newest one
/// is meant.
///
/// # Errors
/// There is no such version, version 1 (which nobody signs), or the key is not
/// that of a root.
pub fn agree_to_roster(
    files: &BTreeMap<String, Arc<[u8]>>,
    version: Option<u32>,
    key: &SigningKey,
) -> Result<(Statement, Person), WorkspaceError> {
    let newest = (1..).take_while(|number| files.contains_key(&format!("{number}.toml"))).last().unwrap_or(0);
    let version = version.unwrap_or(newest);
    let file = |number: u32| files.get(&format!("{number}.toml"));
    let Some(wanted) = file(version) else {
        return Err(WorkspaceError::usage(
            format!("HEAD 里没有 roster/{version}.toml；请先提交这一版名册"),
            format!("there is no roster/{version}.toml at HEAD; commit it first"),
        ));
    };
    let (Some(first), Some(before)) = (file(1), file(version.wrapping_sub(1))) else {
        return Err(WorkspaceError::usage(
            "第1版名册由信任锚 trust.toml 确认，不需要签名",
            "version 1 is authorised by the trust anchor alone; nobody signs it",
        ));
    };
    let person = [wanted, before].into_iter().find_map(|bytes| find_root(bytes, key)).ok_or_else(|| {
        WorkspaceError::refused(
            Reason::KeyUse.code(),
            format!("名册没有把密钥 {} 登记为名册管理人的 root 密钥；请用 --key 指明", key.fingerprint),
            format!("the key {} is not listed as a root key; give the right one with --key", key.fingerprint),
        )
    })?;
    let statement = Statement {
        kind: Kind::Roster,
        site: Digest::of(first),
        subject: Subject::Roster(version),
        revision: version,
        step: "roster".to_owned(),
        decision: Decision::Approve,
        digest: Digest::of(wanted),
        roster: (version - 1, Digest::of(before)),
        previous: None,
        signer: person.id.clone(),
        authors: Vec::new(),
        report: None,
    };
    Ok((statement, person))
}

/// The root member whose root key this is.
fn find_root(roster: &[u8], key: &SigningKey) -> Option<Person> {
    let table: toml::Table = std::str::from_utf8(roster).ok()?.parse().ok()?;
    let array =
        |name: &str| table.get(name).and_then(toml::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let text = |entry: &toml::Value, name: &str| {
        entry.get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    };
    let texts = |value: Option<&toml::Value>| -> Vec<String> {
        let items = value.and_then(toml::Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let members = texts(table.get("root").and_then(|root| root.get("members")));
    let is_ours = |entry: &toml::Value| {
        let same = match &key.public {
            Some(public) => {
                text(entry, "public").split_whitespace().take(2).eq(public.split_whitespace().take(2))
            }
            None => text(entry, "fingerprint").replace(' ', "").to_ascii_uppercase() == key.fingerprint,
        };
        same && texts(entry.get("use")).iter().any(|purpose| purpose == "root")
    };
    let owner = text(array("key").iter().find(|entry| is_ours(entry))?, "person");
    let entry = array("person").iter().find(|entry| text(entry, "id") == owner)?;
    members.contains(&owner).then_some(())?;
    Some(Person {
        id: PersonId::parse(&owner).ok()?,
        name: text(entry, "name"),
        post: text(entry, "post"),
        emails: texts(entry.get("emails")),
        roles: Vec::new(),
    })
}
