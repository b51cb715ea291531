//! Many documents at once: a shelf of saved pages and office files becomes sets.
//!
//! Policies become sets; an interpretation goes to the policy that it explains
//! where that is sure (number, title or link), else it is listed; the same text
//! twice is one. Old addresses lead to new ones in `redirects.csv`, and
//! `migration/` holds a report on every document, from which a later run goes on.
//! A set appears whole or not at all, and nothing is overwritten.
//!
//! It is over 500 lines: the steps of a run stand in their order.

mod listing;
mod pairs;
mod report;
mod shelf;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiedu_base::name::SetId;
use jiedu_base::text::Message;
use jiedu_config::Config;
use jiff::civil::Date;
use serde_json::Value;

use super::WorkspaceError;
use super::attachments::{free_name, with_link};
use super::files::{replace, write_together};
use super::import::{Blank, Role, is_marked, policy_text, with_body};
use super::scaffold::{Cited, material_text, next_index, plan_text};
use jiedu_import::body;
use pairs::{Evidence, Index, last_part};
pub use report::{DocumentReport, Outcome, migrate_json};
use shelf::{Document, Shelf};

/// Where the report lies.
const REPORT: &str = "migration/report.json";
const SHEET: &str = "migration/report.md";
const REDIRECTS: &str = "redirects.csv";
/// Names of a list that may lie in the shelf.
const LISTS: &[&str] =
    &["list.csv", "map.csv", "清单.csv", "list.json", "map.json", "articles.json", "清单.json"];
/// Longest name of a set, in bytes.
const LONGEST_SLUG: usize = 40;

/// What was migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// A report on each document, in the order of the files.
    pub documents: Vec<DocumentReport>,
}

/// Makes sets of everything on a shelf. `map` is a list of the documents (CSV or
/// JSON); without it a list in the shelf is taken.
///
/// # Errors
/// [`WorkspaceError::Usage`] when shelf or list cannot be read; the disk's
/// answer. A document that cannot be read is reported and stops nothing.
pub fn migrate(
    root: &Path,
    source: &Path,
    map: Option<&Path>,
    config: &Config,
    today: Date,
) -> Result<Migration, WorkspaceError> {
    if !source.is_dir() {
        let shown = source.display();
        return Err(WorkspaceError::usage(
            format!("“{shown}”不是文件夹；请指明存放网页和文件的文件夹"),
            format!("`{shown}` is not a folder; name the folder of pages and files"),
        ));
    }
    let list = list_of(source, map)?;
    let shelf = shelf::read_shelf(source, &list)?;
    let earlier =
        fs::read_to_string(root.join(REPORT)).map(|text| report::earlier(&text)).unwrap_or_default();
    let mut mover = Mover {
        root,
        config,
        today,
        earlier,
        used: sets_of(root),
        next: next_serial(&next_index(root, &config.office.uscc, &today.year().to_string())),
        reports: shelf.documents.iter().map(blank_report).collect(),
        shelf: &shelf,
    };
    mover.run()?;
    let mut documents = mover.reports;
    documents.extend(shelf.failed.iter().map(|(file, problem)| DocumentReport {
        outcome: Outcome::Failed,
        reason: problem.zh.clone(),
        ..empty_report(file)
    }));
    documents.sort_by(|a, b| a.file.cmp(&b.file));
    write_reports(root, &documents)?;
    Ok(Migration { documents })
}

fn list_of(source: &Path, map: Option<&Path>) -> Result<Vec<listing::Entry>, WorkspaceError> {
    let beside = LISTS.iter().map(|name| source.join(name)).find(|path| path.is_file());
    let Some(path) = map.map(Path::to_owned).or(beside) else { return Ok(Vec::new()) };
    let bytes = fs::read(&path).map_err(|error| WorkspaceError::io(&path, error))?;
    let shown = path.display();
    listing::read(&bytes).map_err(|problem| {
        WorkspaceError::usage(format!("{shown}：{}", problem.zh), format!("{shown}: {}", problem.en))
    })
}

/// The sets that there are.
fn sets_of(root: &Path) -> BTreeSet<String> {
    let years = fs::read_dir(root.join("content/policies")).into_iter().flatten().flatten();
    let sets = years.flat_map(|year| {
        let name = year.file_name().to_string_lossy().into_owned();
        let sets = fs::read_dir(year.path()).into_iter().flatten().flatten();
        sets.map(move |set| format!("{name}/{}", set.file_name().to_string_lossy())).collect::<Vec<_>>()
    });
    sets.collect()
}

/// The number after the last dash of an index number.
fn next_serial(index: &str) -> u32 {
    index.rsplit_once('-').and_then(|(_, serial)| serial.parse().ok()).unwrap_or(1)
}

fn empty_report(file: &str) -> DocumentReport {
    DocumentReport {
        file: file.to_owned(),
        digest: String::new(),
        old: format!("/{file}"),
        new: None,
        set: None,
        role: "policy",
        path: None,
        title: String::new(),
        number: String::new(),
        outcome: Outcome::Failed,
        reason: String::new(),
        candidates: Vec::new(),
        replaces: Vec::new(),
        attachments: Vec::new(),
        missing: Vec::new(),
        lost: BTreeMap::new(),
    }
}

fn blank_report(document: &Document) -> DocumentReport {
    let value = |field: &Option<jiedu_import::Field>| {
        field.as_ref().map(|field| field.value.clone()).unwrap_or_default()
    };
    let mut lost: BTreeMap<String, usize> = BTreeMap::new();
    for loss in &document.page.lost {
        *lost.entry(loss.what.zh.clone()).or_default() += 1;
    }
    DocumentReport {
        digest: document.digest.to_string(),
        old: document.old.clone(),
        role: if document.role == Role::Policy { "policy" } else { "material" },
        title: value(&document.head.title),
        number: value(&document.head.number),
        lost,
        ..empty_report(&document.file)
    }
}

struct Mover<'a> {
    root: &'a Path,
    config: &'a Config,
    today: Date,
    earlier: BTreeMap<String, Value>,
    used: BTreeSet<String>,
    next: u32,
    reports: Vec<DocumentReport>,
    shelf: &'a Shelf,
}

impl Mover<'_> {
    fn run(&mut self) -> Result<(), WorkspaceError> {
        let documents = &self.shelf.documents;
        let copies = self.copies();
        let is_policy = |at: &usize| documents.get(*at).is_some_and(|it| it.role == Role::Policy);
        let policies: Vec<usize> = (0..documents.len()).filter(is_policy).collect();
        let originals = policies.iter().copied().filter(|at| !copies.contains_key(at));
        let index = Index::new(originals.clone().filter_map(|at| Some((at, documents.get(at)?))));
        for at in originals.collect::<Vec<_>>() {
            self.policy(at, &index)?;
        }
        for at in (0..documents.len()).filter(|at| !is_policy(at) && !copies.contains_key(at)) {
            self.material(at, &index)?;
        }
        for (copy, first) in copies {
            self.duplicate(copy, first);
        }
        Ok(())
    }

    /// Copies of a text, each with its first one.
    fn copies(&self) -> BTreeMap<usize, usize> {
        let mut seen = BTreeMap::new();
        let mut copies = BTreeMap::new();
        for (at, document) in self.shelf.documents.iter().enumerate() {
            let first = *seen.entry(document.fingerprint().to_string()).or_insert(at);
            if first != at {
                copies.insert(at, first);
            }
        }
        copies
    }

    fn duplicate(&mut self, copy: usize, first: usize) {
        let Some(original) = self.reports.get(first).cloned() else { return };
        if let Some(report) = self.reports.get_mut(copy) {
            report.outcome = Outcome::Duplicate;
            report.reason = format!("与 {} 文字相同", original.file);
            report.set = original.set;
            report.new = original.new;
            report.path = original.path;
        }
    }

    /// Takes over what an earlier run wrote. Answers whether there is nothing
    /// more to do.
    fn is_done(&mut self, at: usize) -> bool {
        let Some(report) = self.reports.get_mut(at) else { return true };
        let Some(before) = self.earlier.get(&report.file) else { return false };
        let text = |key: &str| before[key].as_str().map(str::to_owned);
        let Some(path) = text("path").filter(|path| self.root.join(path).exists()) else { return false };
        let is_same = before["digest"].as_str() == Some(&report.digest);
        report.outcome = if is_same { Outcome::Already } else { Outcome::Changed };
        (report.set, report.new, report.path) = (text("set"), text("new"), Some(path));
        for file in before["attachments"].as_array().into_iter().flatten() {
            let part = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
            report.attachments.push((part("name"), part("path")));
        }
        true
    }

    fn policy(&mut self, at: usize, index: &Index) -> Result<(), WorkspaceError> {
        let all = self.shelf;
        let Some(document) = all.documents.get(at) else { return Ok(()) };
        let repealed = index.repealed(at, document);
        let file_of = |at: usize| all.documents.get(at).map(|it| it.file.clone()).unwrap_or_default();
        if let Some(report) = self.reports.get_mut(at) {
            report.replaces =
                repealed.iter().map(|(other, found)| (file_of(*other), found.clone())).collect();
        }
        if self.is_done(at) {
            return Ok(());
        }
        let id = self.free_id(document);
        let blank = Blank { index: self.index_number(id.year()), config: self.config, today: self.today };
        let (mut text, _) = policy_text(&document.head, &blank);
        let numbers: Vec<String> = repealed
            .iter()
            .filter_map(|(other, _)| {
                all.documents.get(*other)?.head.number.as_ref().map(|number| number.value.clone())
            })
            .collect();
        text = with_repeals(&text, &numbers);
        let folder = format!("content/policies/{id}");
        let mut files = Vec::new();
        let text = self.attachments(at, document, &folder, text, &mut files);
        if self.refuse_marked(at, document) {
            return Ok(());
        }
        files.push((format!("{folder}/policy.md"), text.into_bytes()));
        let released = document.day().and_then(|day| day.parse().ok()).unwrap_or(self.today);
        files.push((format!("{folder}/plan.md"), plan_text(self.config, released).into_bytes()));
        write_together(self.root, &folder, &files)?;
        self.used.insert(id.to_string());
        let new = format!("{}policies/{id}/", self.config.site.base_url);
        if let Some(report) = self.reports.get_mut(at) {
            report.outcome = Outcome::Imported;
            report.path = Some(format!("{folder}/policy.md"));
            report.new = Some(new);
            report.set = Some(id.to_string());
        }
        Ok(())
    }

    /// A mark of secrecy keeps a document out.
    fn refuse_marked(&mut self, at: usize, document: &Document) -> bool {
        let lost = document
            .page
            .lost
            .iter()
            .flat_map(|loss| loss.text.lines().map(str::to_owned).collect::<Vec<_>>());
        let all: Vec<String> = document.lines().chain(lost).collect();
        let Some(found) = is_marked(&all) else { return false };
        if let Some(report) = self.reports.get_mut(at) {
            report.outcome = Outcome::Marked;
            report.reason = found.zh;
        }
        true
    }

    /// Adds the files that a document links to, and links to them.
    fn attachments(
        &mut self,
        at: usize,
        document: &Document,
        folder: &str,
        mut text: String,
        files: &mut Vec<(String, Vec<u8>)>,
    ) -> String {
        let mut taken = BTreeSet::new();
        let mut known = BTreeSet::new();
        let Some(report) = self.reports.get_mut(at) else { return text };
        for (target, name) in &document.links {
            if !names_attachment(target, name) {
                continue;
            }
            let Some(file) = self.shelf.linked(document, target) else {
                report.missing.push(if name.is_empty() {
                    target.clone()
                } else {
                    format!("{name}（{target}）")
                });
                continue;
            };
            if file == document.file || !known.insert(file.clone()) {
                continue;
            }
            let Ok(bytes) = fs::read(self.shelf.root.join(&file)) else {
                report.missing.push(file);
                continue;
            };
            let extension = file.rsplit_once('.').map_or("", |(_, end)| end);
            let printed =
                if name.trim().is_empty() { last_part(&file).to_owned() } else { name.trim().to_owned() };
            let named = printed.to_lowercase().ends_with(&format!(".{}", extension.to_lowercase()));
            let with_end = if named { printed.clone() } else { format!("{printed}.{extension}") };
            let safe = free_name(&with_end, &taken);
            taken.insert(safe.to_lowercase());
            text = with_link(&text, &printed, &format!("attachments/{safe}"));
            report.attachments.push((printed, format!("{folder}/attachments/{safe}")));
            files.push((format!("{folder}/attachments/{safe}"), bytes));
        }
        text
    }

    fn material(&mut self, at: usize, index: &Index) -> Result<(), WorkspaceError> {
        let all = self.shelf;
        let Some(document) = all.documents.get(at) else { return Ok(()) };
        let candidates = index.candidates(document);
        let named: Vec<(String, Vec<String>)> = candidates
            .iter()
            .take(5)
            .map(|it| {
                let report = self.reports.get(it.policy);
                let name = report
                    .and_then(|it| it.set.clone().or_else(|| Some(it.file.clone())))
                    .unwrap_or_default();
                (name, it.found.clone())
            })
            .collect();
        if let Some(report) = self.reports.get_mut(at) {
            report.candidates = named;
        }
        if self.is_done(at) || self.refuse_marked(at, document) {
            return Ok(());
        }
        let pair = settled(&candidates, document, &all.documents);
        let set = pair.and_then(|pair| self.reports.get(pair)?.set.clone());
        let Some((pair, set)) = pair.zip(set) else {
            if let Some(report) = self.reports.get_mut(at) {
                report.outcome = Outcome::Doubtful;
                report.reason = String::from("请确定对应的政策后，用 jiedu import 放入该集");
            }
            return Ok(());
        };
        let policy = all.documents.get(pair).map(|policy| &policy.head);
        let value = |field: Option<&jiedu_import::Field>| field.map(|field| field.value.clone());
        let cited = Cited {
            title: value(policy.and_then(|policy| policy.title.as_ref())).unwrap_or_default(),
            number: value(policy.and_then(|policy| policy.number.as_ref())),
            published: value(document.head.published.as_ref()),
        };
        let title = document.head.title.as_ref().map_or("〔标题〕", |title| title.value.as_str());
        let text = with_body(
            &material_text(title, &cited, self.config, self.today),
            &body(&document.head.text, &[]),
        );
        let folder = format!("content/policies/{set}");
        let stem = slug(&document.file);
        let free = |number: usize| if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        let name = (1..1000)
            .map(free)
            .find(|name| !self.root.join(format!("{folder}/materials/{name}.md")).exists());
        let name = name.unwrap_or(stem.clone());
        let path = format!("{folder}/materials/{name}.md");
        write_together(self.root, &folder, &[(path.clone(), text.into_bytes())])?;
        let new = format!("{}policies/{set}/interpretation/{name}/", self.config.site.base_url);
        if let Some(report) = self.reports.get_mut(at) {
            report.outcome = Outcome::Imported;
            (report.set, report.path, report.new) = (Some(set), Some(path), Some(new));
        }
        Ok(())
    }

    fn index_number(&mut self, year: &str) -> String {
        let index = format!("{}/{year}-{:05}", self.config.office.uscc, self.next);
        self.next += 1;
        index
    }

    /// A name for the set of a document that no other has.
    fn free_id(&self, document: &Document) -> SetId {
        let year =
            document.day().and_then(|day| day.get(..4)).map_or(self.today.year().to_string(), str::to_owned);
        let slug = slug(&document.file);
        let candidate = |number: usize| {
            if number == 1 { format!("{year}/{slug}") } else { format!("{year}/{slug}-{number}") }
        };
        let mut number = 1;
        loop {
            let name = candidate(number);
            if !self.used.contains(&name)
                && let Ok(id) = SetId::parse(&name)
            {
                return id;
            }
            number += 1;
        }
    }
}

/// The policy that an interpretation explains: the one with clearly the most
/// evidence; of editions of one title the last before it.
fn settled(candidates: &[Evidence], document: &Document, documents: &[Document]) -> Option<usize> {
    if let Some(sure) = pairs::sure(candidates) {
        return Some(sure.policy);
    }
    let first = candidates.first().filter(|first| first.weight >= 3)?;
    let best: Vec<usize> =
        candidates.iter().take_while(|it| it.weight == first.weight).map(|it| it.policy).collect();
    let title = |at: usize| {
        documents.get(at).and_then(|it| it.head.title.as_ref()).map(|title| pairs::bare(&title.value))
    };
    let same = best.iter().all(|&at| title(at) == title(first.policy));
    let day = document.day()?;
    let before = best
        .iter()
        .copied()
        .filter(|&at| documents.get(at).and_then(Document::day).is_some_and(|own| own <= day));
    before.max_by_key(|&at| documents.get(at).and_then(Document::day).map(str::to_owned)).filter(|_| same)
}

/// Whether a link leads to a file and not to a page.
fn names_attachment(target: &str, name: &str) -> bool {
    let ends = [
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "zip", "rar", "csv", "rtf",
        "odt", "ods",
    ];
    [target, name].iter().any(|text| {
        text.to_lowercase()
            .split(['?', '&', '=', '#', '\'', '"', '(', ')', ','])
            .any(|part| part.trim().rsplit_once('.').is_some_and(|(_, end)| ends.contains(&end)))
    })
}

/// `policy.md` with what it repeals.
fn with_repeals(text: &str, numbers: &[String]) -> String {
    if numbers.is_empty() {
        return text.to_owned();
    }
    let list = numbers.iter().map(|number| format!("  - {number}")).collect::<Vec<_>>().join("\n") + "\n";
    match text.split_once("\n---\n") {
        Some((head, rest)) => format!("{head}\n废止:\n{list}---\n{rest}"),
        None => text.to_owned(),
    }
}

/// A name for addresses: that of the file where it can be one, else made of it.
fn slug(file: &str) -> String {
    let stem = last_part(file).rsplit_once('.').map_or(file, |(stem, _)| stem);
    let folder = file.rsplit('/').nth(1).unwrap_or_default();
    let stem =
        if matches!(stem, "index" | "content" | "default") && !folder.is_empty() { folder } else { stem };
    let mut out = String::new();
    for c in stem.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(LONGEST_SLUG);
    let out = out.trim_matches('-').to_owned();
    let is_plain = stem.is_ascii() && out.len() >= 3;
    if is_plain {
        return out;
    }
    let digest = jiedu_base::name::Digest::of(file.as_bytes()).to_string();
    let hex: String = digest.chars().rev().take(10).collect();
    format!("doc-{hex}")
}

fn write_reports(root: &Path, documents: &[DocumentReport]) -> Result<(), WorkspaceError> {
    let folder = root.join("migration");
    fs::create_dir_all(&folder).map_err(|error| WorkspaceError::io(&folder, error))?;
    replace(&root.join(REPORT), format!("{:#}\n", migrate_json(documents)).as_bytes())?;
    replace(&root.join(SHEET), report::sheet(documents).as_bytes())?;
    let path = root.join(REDIRECTS);
    let mut text = report::redirects(documents);
    // Lines of an earlier shelf stay.
    if let Ok(before) = fs::read_to_string(&path) {
        let known: BTreeSet<&str> = text.lines().filter_map(|line| line.split(',').next()).collect();
        let kept = listing::rows(&before).into_iter().skip(1);
        let kept: Vec<String> = kept
            .filter(|row| row.first().is_some_and(|old| !known.contains(listing::quoted(old).as_str())))
            .map(|row| row.iter().map(|cell| listing::quoted(cell)).collect::<Vec<_>>().join(","))
            .collect();
        for line in kept {
            text.push_str(&line);
            text.push('\n');
        }
    }
    replace(&path, text.as_bytes())
}

/// What to do next, for people.
#[must_use]
pub fn migrate_next(documents: &[DocumentReport]) -> Vec<Message> {
    let count = |outcome: Outcome| documents.iter().filter(|it| it.outcome == outcome).count();
    let outcomes = [
        Outcome::Imported,
        Outcome::Already,
        Outcome::Duplicate,
        Outcome::Doubtful,
        Outcome::Changed,
        Outcome::Marked,
        Outcome::Failed,
    ];
    let mut out: Vec<Message> = outcomes
        .iter()
        .filter(|outcome| count(**outcome) > 0)
        .map(|outcome| {
            let words = outcome.message();
            Message::new(
                format!("{}：{} 件", words.zh, count(*outcome)),
                format!("{}: {}", words.en, count(*outcome)),
            )
        })
        .collect();
    out.push(Message::new(
        format!("逐件情况见 {SHEET}，旧地址对照见 {REDIRECTS}；处理后可以再次运行，已导入的不会重复"),
        format!("see {SHEET} for each document and {REDIRECTS} for addresses; run it again at any time, nothing is imported twice"),
    ));
    out
}
