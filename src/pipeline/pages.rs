//! What the pages as they were built say to the three-synchronous rules: that
//! all members due are there (TS-09), and that policy and interpretation link
//! each other (TS-10). The built-in theme sees to both; a theme of the office's
//! own may have lost them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use memchr::memmem;

use super::Revision;
use super::state::has_come;
use jiedu_base::clock::Clock;
use jiedu_base::finding::Finding;
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_site::Route;
use jiedu_synchrony::{self as synchrony, MissingLink, SynchronyFacts};

/// The pages of policies and interpretations, as they go by.
pub(super) struct Pages {
    wanted: BTreeSet<String>,
    /// Which others of them each of them links.
    seen: Mutex<BTreeMap<String, BTreeSet<String>>>,
}

impl Pages {
    /// Will look at the pages of the current editions.
    pub(super) fn of(sets: &[PublishedSet]) -> Self {
        let wanted = current(sets).flat_map(|(id, edition)| {
            let names = edition.set.materials.iter().map(|material| material.name.as_str());
            names.map(|name| Route::interpretation(id, name)).chain([Route::set(id)])
        });
        Self { wanted: wanted.map(|route| route.path().to_owned()).collect(), seen: Mutex::default() }
    }

    /// Looks at a file of the site; they come in any order.
    pub(super) fn see(&self, path: &str, bytes: &[u8]) {
        if self.wanted.contains(path) {
            let found = links(path, bytes, &self.wanted);
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), found);
        }
    }

    /// Findings of TS-09 and TS-10 about the current editions.
    pub(super) fn findings(&self, read: &Revision, sets: &[PublishedSet]) -> Vec<Finding> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let found = current(sets).flat_map(|(id, edition)| {
            let facts = facts(read.instant.at, id, edition, &seen);
            if facts == SynchronyFacts::default() {
                return Vec::new();
            }
            let mut found = synchrony::check(&edition.set, &read.content.graph, &read.config, &facts);
            found.retain(|finding| matches!(finding.code, "TS-09" | "TS-10"));
            found
        });
        found.collect()
    }
}

/// The editions that have pages of their own.
fn current(sets: &[PublishedSet]) -> impl Iterator<Item = (&SetId, &Edition)> {
    let shown = sets.iter().filter(|set| !set.draft && set.withdrawn.is_none());
    shown.filter_map(|set| Some((&set.id, set.current()?)))
}

fn facts(
    at: Clock,
    id: &SetId,
    edition: &Edition,
    seen: &BTreeMap<String, BTreeSet<String>>,
) -> SynchronyFacts {
    let mut facts = SynchronyFacts::default();
    let policy = Route::set(id).path().to_owned();
    let Some(links) = seen.get(&policy) else {
        facts.absent_members.push("policy.md".to_owned());
        return facts;
    };
    let due = edition
        .set
        .materials
        .iter()
        .filter(|material| material.meta.published.as_ref().is_none_or(|date| has_come(date.value, at)));
    for material in due {
        let page = Route::interpretation(id, &material.name).path().to_owned();
        let Some(back) = seen.get(&page) else {
            facts.absent_members.push(format!("materials/{}.md", material.name));
            continue;
        };
        if !links.contains(&page) {
            facts.missing_links.push(MissingLink { from: policy.clone(), to: page.clone() });
        }
        if !back.contains(&policy) {
            facts.missing_links.push(MissingLink { from: page, to: policy.clone() });
        }
    }
    facts
}

/// Those of some pages that a page links, as paths of files.
fn links(page: &str, html: &[u8], wanted: &BTreeSet<String>) -> BTreeSet<String> {
    let values = memmem::find_iter(html, b"href=").filter_map(|at| value(html.get(at + "href=".len()..)?));
    values.filter_map(|value| target(page, value)).filter(|page| wanted.contains(page)).collect()
}

/// The value of an attribute; `rest` begins at it. What is no text is no link.
fn value(rest: &[u8]) -> Option<&str> {
    let quote = rest.first().copied().filter(|b| matches!(b, b'"' | b'\''));
    let value = match quote {
        Some(quote) => rest.get(1..)?.split(|b| *b == quote).next()?,
        None => rest.split(|b| matches!(b, b' ' | b'>' | b'\n' | b'\t')).next()?,
    };
    std::str::from_utf8(value).ok()
}

/// The file that a relative link names.
fn target(page: &str, value: &str) -> Option<String> {
    let value = value.split(['#', '?']).next().filter(|value| !value.is_empty() && !value.contains(':'))?;
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    for part in value.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    let path = folders.join("/");
    Some(if value.ends_with(['/', '.']) { format!("{path}/index.html") } else { path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_a_browser_would_go() {
        let html = "<a href=\"../../../policies/2025/a/\">x</a><a href='interpretation/b/#s2'>\
                    <a href=https://example.com/><a href=\"#top\"><link href=\"../feed.xml\"><a href=\"..\">";
        let expected = [
            "policies/2025/a/index.html",
            "policies/2025/a/interpretation/b/index.html",
            "policies/2025/feed.xml",
            "policies/2025/index.html",
        ];
        let wanted = expected.iter().map(|path| (*path).to_owned()).collect();
        let found = links("policies/2025/a/index.html", html.as_bytes(), &wanted);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }

    /// A set with a policy, a material that is due and one that is not.
    fn set() -> (SetId, Edition) {
        use std::sync::Arc;

        use jiedu_base::name::{CommitId, Digest};
        use jiedu_base::text::SourceFile;
        use jiedu_config::Config;
        use jiedu_edition::Birth;
        use jiedu_source::{SetFile, SetFiles};

        const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";
        let material = |date: &str| {
            format!(
                "---\n标题: 解读\n形式: 文字解读\n来源: 某局\n发布日期: {date}\n---\n\n## 背景\n\n文字。\n"
            )
        };
        let files = [
            ("materials/due.md", material("2025-06-30")),
            ("materials/later.md", material("2035-06-30")),
            ("policy.md", "---\n标题: 某局关于某事的通知\n---\n\n一、甲\n".to_owned()),
        ];
        let files = files.map(|(path, text)| SetFile {
            path: path.to_owned(),
            digest: Digest::of(text.as_bytes()),
            bytes: Arc::from(text.into_bytes()),
        });
        let config = Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap();
        let id = SetId::parse("2025/a").unwrap();
        let files = SetFiles { files: files.into(), faults: Vec::new() };
        let set = jiedu_model::parse_set(&id, &files, &config).value;
        let birth = Birth {
            number: 1,
            commit: CommitId::parse(&"0".repeat(40)).unwrap(),
            instant: Clock::from_unix(0),
        };
        (id, Edition::draft(birth, Arc::new(set)))
    }

    #[test]
    fn members_that_are_due_and_absent_and_links_that_are_missing_are_facts() {
        let (id, edition) = set();
        let at = Clock::parse("2025-07-01T00:00:00+08:00").unwrap();
        let (policy, due) = ("policies/2025/a/index.html", "policies/2025/a/interpretation/due/index.html");
        let found = |pages: &[(&str, &[&str])]| {
            let pages = pages.iter().map(|(page, links)| {
                ((*page).to_owned(), links.iter().map(|link| (*link).to_owned()).collect())
            });
            facts(at, &id, &edition, &pages.collect())
        };
        assert_eq!(found(&[(policy, &[due]), (due, &[policy])]), SynchronyFacts::default());
        // TS-09: both ways round. What is not due yet is not missed.
        assert_eq!(found(&[(due, &[policy])]).absent_members, ["policy.md"]);
        assert_eq!(found(&[(policy, &[due])]).absent_members, ["materials/due.md"]);
        // TS-10: both ways round.
        let link = |from: &str, to: &str| MissingLink { from: from.to_owned(), to: to.to_owned() };
        assert_eq!(found(&[(policy, &[]), (due, &[policy])]).missing_links, [link(policy, due)]);
        assert_eq!(found(&[(policy, &[due]), (due, &[])]).missing_links, [link(due, policy)]);
    }
}
