//! What changed between two versions of the roster, for people who sign it.

use std::collections::BTreeMap;

use super::{Key, Person, Roster, Window};
use jiedu_base::text::Message;

/// One change, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterChange {
    /// Whether roots should look twice: roots, keys, profiles, publishers.
    pub is_weighty: bool,
    /// The change.
    pub message: Message,
}

/// All changes from `old` to `new`, in a fixed order.
#[must_use]
pub fn diff(old: &Roster, new: &Roster) -> Vec<RosterChange> {
    let mut changes = Vec::new();
    let mut say = |is_weighty, zh: String, en: String| {
        changes.push(RosterChange { is_weighty, message: Message::new(zh, en) });
    };
    if old.root_members != new.root_members || old.root_threshold != new.root_threshold {
        let words = |roster: &Roster| {
            let members: Vec<&str> =
                roster.root_members.iter().map(jiedu_base::name::PersonId::as_str).collect();
            format!("{} / {}", members.join(", "), roster.root_threshold)
        };
        let (before, after) = (words(old), words(new));
        say(
            true,
            format!("名册管理人与人数：{before} → {after}"),
            format!("roots and threshold: {before} → {after}"),
        );
    }
    if old.default_profile != new.default_profile {
        let (before, after) = (&old.default_profile, &new.default_profile);
        say(true, format!("默认流程：{before} → {after}"), format!("default profile: {before} → {after}"));
    }
    compare("人员", "person", false, &people(old), &people(new), &mut say);
    compare("密钥", "key", true, &keys(old), &keys(new), &mut say);
    compare("代签", "substitution", false, &substitutes(old), &substitutes(new), &mut say);
    compare("撤销", "revocation", true, &revocations(old), &revocations(new), &mut say);
    compare("发布人", "publisher", true, &publishers(old), &publishers(new), &mut say);
    compare("流程", "profile", true, &profiles(old), &profiles(new), &mut say);
    changes
}

type Items = BTreeMap<String, String>;

fn compare(
    zh: &str,
    en: &str,
    weighty: bool,
    old: &Items,
    new: &Items,
    say: &mut impl FnMut(bool, String, String),
) {
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        match (old.get(name), new.get(name)) {
            (None, Some(after)) => {
                say(weighty, format!("新增{zh} {name}：{after}"), format!("new {en} {name}: {after}"));
            }
            (Some(before), None) => {
                say(weighty, format!("删除{zh} {name}：{before}"), format!("removed {en} {name}: {before}"));
            }
            (Some(before), Some(after)) if before != after => {
                say(
                    weighty,
                    format!("{zh} {name}：{before} → {after}"),
                    format!("{en} {name}: {before} → {after}"),
                );
            }
            _ => {}
        }
    }
}

fn window(window: &Window) -> String {
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(String::new, |date| date.to_string());
    if *window == Window::default() {
        String::new()
    } else {
        format!(" [{}…{}]", day(window.from), day(window.until))
    }
}

fn people(roster: &Roster) -> Items {
    let words = |person: &Person| {
        let roles: Vec<String> =
            person.roles.iter().map(|role| format!("{}{}", role.step, window(&role.window))).collect();
        format!("{} {} <{}> ({})", person.name, person.post, person.emails.join(", "), roles.join(", "))
    };
    roster.people.iter().map(|person| (person.id.to_string(), words(person))).collect()
}

fn keys(roster: &Roster) -> Items {
    let words = |key: &Key| {
        let uses: Vec<&str> = key.uses.iter().map(|usage| usage.as_str()).collect();
        let rsa = if key.allow_rsa_2048 { " allow_rsa_2048" } else { "" };
        let pin = if key.require_pin { " require_pin" } else { "" };
        format!("{} ({}){}{rsa}{pin}", key.person, uses.join(", "), window(&key.window))
    };
    roster.keys.iter().map(|key| (key.fingerprint.clone(), words(key))).collect()
}

fn substitutes(roster: &Roster) -> Items {
    let item = |entry: &super::Substitute| {
        let steps: Vec<&str> = entry.steps.iter().map(String::as_str).collect();
        (format!("{} → {}{}", entry.holder, entry.by, window(&entry.window)), steps.join(", "))
    };
    roster.substitutes.iter().map(item).collect()
}

fn revocations(roster: &Roster) -> Items {
    let item = |entry: &super::Revocation| {
        (format!("{} {:?}", entry.key, entry.reason).to_lowercase(), entry.date.to_string())
    };
    roster.revocations.iter().map(item).collect()
}

fn publishers(roster: &Roster) -> Items {
    roster.publishers.iter().map(|entry| (entry.person.to_string(), window(&entry.window))).collect()
}

fn profiles(roster: &Roster) -> Items {
    let words = |profile: &super::Profile| {
        let groups: Vec<String> =
            profile.groups.iter().map(|group| group.iter().cloned().collect::<Vec<_>>().join("+")).collect();
        let authors: Vec<&str> = profile.author_may.iter().map(String::as_str).collect();
        format!(
            "{} ({}) ({}) ({})",
            profile.steps.join(" → "),
            groups.join(", "),
            authors.join(", "),
            profile.important.join(", ")
        )
    };
    roster.profiles.iter().map(|profile| (profile.name.clone(), words(profile))).collect()
}
