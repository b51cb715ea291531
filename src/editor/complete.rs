//! What may stand at a place: keys and values of front matter, sets and
//! provisions in links, rules in suppressions, steps in the roster.
//!
//! The text may be half-typed and need not parse, so the place is judged by the
//! characters before it in its line; what is offered comes from the last look at
//! the repository.

use jiedu_approve::{profile_steps, step_label};
use jiedu_base::name::SetId;
use jiedu_base::text::{Lang, SourceFile, TextRange};
use jiedu_model::{CARRIED_KINDS, KeyInfo, STATUTORY_KINDS, TextKind, front_matter_keys};
use jiedu_proof as proof;

use super::context::{front_matter, kind_of, touches};
use super::desk::Desk;
use super::words;

/// What kind of thing is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CandidateKind {
    /// A front-matter key.
    Key,
    /// A value.
    Value,
    /// A provision of a policy.
    Clause,
    /// A publication set.
    Set,
    /// A file.
    File,
    /// A proofreading rule.
    Rule,
}

/// One thing that may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is shown and searched.
    pub label: String,
    /// A word about it.
    pub detail: String,
    /// What is put into the text.
    pub insert: String,
    /// The bytes that it replaces: what was typed of it.
    pub range: TextRange,
    /// What kind of thing it is.
    pub kind: CandidateKind,
}

/// The place: its file, the line before it, and where that line begins.
struct Cursor<'a> {
    file: &'a SourceFile,
    path: &'a str,
    offset: usize,
    before: &'a str,
}

impl Cursor<'_> {
    /// A candidate that replaces the last `typed` bytes before the place.
    fn candidate(
        &self,
        kind: CandidateKind,
        label: &str,
        detail: &str,
        insert: String,
        typed: &str,
    ) -> Candidate {
        let range = TextRange::new(self.offset - typed.len(), self.offset);
        Candidate { label: label.to_owned(), detail: detail.to_owned(), insert, range, kind }
    }

    fn word(&self, kind: CandidateKind, label: &str, detail: &str, typed: &str) -> Candidate {
        self.candidate(kind, label, detail, label.to_owned(), typed)
    }
}

impl Desk {
    /// What may stand at a place of a text.
    pub fn complete(&mut self, path: &str, offset: usize, lang: Lang) -> Vec<Candidate> {
        self.look_once();
        let Some(file) = self.file(path) else { return Vec::new() };
        let start = file.text().get(..offset).map(|before| before.rfind('\n').map_or(0, |at| at + 1));
        let Some(before) = start.and_then(|start| file.text().get(start..offset)) else { return Vec::new() };
        let cursor = Cursor { file: &file, path, offset, before };
        if path.starts_with("roster/") {
            return steps(&cursor);
        }
        let Some(kind) = kind_of(path) else { return Vec::new() };
        match front_matter(file.text()) {
            Some(range) if touches(range, offset) => self.in_front_matter(&cursor, kind, lang),
            _ => self.in_body(&cursor, lang),
        }
    }

    fn in_body(&self, cursor: &Cursor<'_>, lang: Lang) -> Vec<Candidate> {
        if let Some(rest) = after_last(cursor.before, "<!--") {
            return suppression(cursor, rest, lang);
        }
        let Some(typed) = after_last(cursor.before, "](").filter(|typed| !typed.contains([')', ' '])) else {
            return Vec::new();
        };
        if let Some(clause) = typed.strip_prefix("clause:") {
            return self.clauses(cursor, clause, "");
        }
        let mut found = self.clauses(cursor, typed, "clause:");
        found.extend(self.files(cursor, typed));
        found
    }

    /// Provisions of the own set or, after `2025/other#`, of that set; then the
    /// other sets. `lead` is written before what is chosen.
    fn clauses(&self, cursor: &Cursor<'_>, typed: &str, lead: &str) -> Vec<Candidate> {
        let sets = &self.content().corpus.sets;
        if let Some((set, label)) = typed.split_once('#') {
            let Some(set) = SetId::parse(set).ok().and_then(|id| sets.get(&id)) else { return Vec::new() };
            return provisions(cursor, set, label, "");
        }
        let own = self.set(cursor.path);
        let mut found = own.map(|(_, set)| provisions(cursor, set, typed, lead)).unwrap_or_default();
        for (id, set) in sets.iter().filter(|(id, _)| own.is_none_or(|(own, _)| own != *id)) {
            let insert = format!("{lead}{id}#");
            found.push(cursor.candidate(CandidateKind::Set, id.as_str(), title(set), insert, typed));
        }
        found
    }

    /// Files beside the text that a link may name.
    fn files(&self, cursor: &Cursor<'_>, typed: &str) -> Vec<Candidate> {
        let Some((_, set)) = self.set(cursor.path) else { return Vec::new() };
        let up = if cursor.path.contains("/materials/") { "../" } else { "" };
        let files = set.files.iter().filter(|file| {
            file.path.starts_with("attachments/")
                || (file.path.starts_with("materials/") && !cursor.path.ends_with(&file.path))
        });
        let link = |path: &str| match path.strip_prefix("materials/") {
            Some(name) if !up.is_empty() => name.to_owned(),
            _ => format!("{up}{path}"),
        };
        files.map(|file| cursor.word(CandidateKind::File, &link(&file.path), "", typed)).collect()
    }

    fn in_front_matter(&self, cursor: &Cursor<'_>, kind: TextKind, lang: Lang) -> Vec<Candidate> {
        let keys = front_matter_keys(kind);
        let indent = cursor.before.len() - cursor.before.trim_start().len();
        let entry = cursor.before.trim_start().trim_start_matches("- ");
        let parent = parent_key(cursor, indent).and_then(|name| keys.iter().find(|key| key.is(name)));
        let level: &[KeyInfo] = match (parent, indent) {
            (Some(parent), _) if !parent.inside.is_empty() => &parent.inside,
            (_, 0) => &keys,
            _ => &[],
        };
        let Some((key, typed)) = entry.split_once([':', '：']) else {
            if let Some(parent) =
                parent.filter(|parent| parent.inside.is_empty() && cursor.before.contains("- "))
            {
                return self.values(cursor, kind, parent, entry, lang);
            }
            return offer_keys(cursor, level, entry, lang);
        };
        let typed = typed.rsplit(['[', ',', '，', '"']).next().unwrap_or(typed).trim_start();
        match level.iter().find(|info| info.is(key.trim())) {
            Some(info) => self.values(cursor, kind, info, typed, lang),
            None => Vec::new(),
        }
    }

    fn values(
        &self,
        cursor: &Cursor<'_>,
        kind: TextKind,
        key: &KeyInfo,
        typed: &str,
        lang: Lang,
    ) -> Vec<Candidate> {
        let value = |label: &str, detail: &str| cursor.word(CandidateKind::Value, label, detail, typed);
        if !key.values.is_empty() {
            let both = key.values.iter().flat_map(|(zh, en)| match lang {
                Lang::Zh => [value(zh, en), value(en, zh)],
                Lang::En => [value(en, zh), value(zh, en)],
            });
            return both.collect();
        }
        match (kind, key.zh) {
            (TextKind::Policy, "标题") => kinds(cursor, typed),
            (TextKind::Policy, "发文机关") | (TextKind::Plan, "解读单位" | "负责人") => {
                self.config().map(|config| value(&config.office.name, "site.toml")).into_iter().collect()
            }
            (TextKind::Policy, "主题分类") => self.subjects(cursor, typed),
            (TextKind::Policy, "修改" | "废止") => self.set_ids(cursor, typed, true),
            (TextKind::Material, "解读对象") => self.set_ids(cursor, typed, false),
            (_, "形式") => words::FORMS.iter().map(|form| value(form, "")).collect(),
            (TextKind::Plan, "材料") => {
                let materials =
                    self.set(cursor.path).map(|(_, set)| set.materials.iter()).into_iter().flatten();
                let mut found: Vec<Candidate> = materials
                    .map(|one| {
                        let title = one.meta.title.as_ref().map_or("", |title| title.value.as_str());
                        cursor.word(CandidateKind::File, &format!("{}.md", one.name), title, typed)
                    })
                    .collect();
                found.push(value("后续", "later"));
                found
            }
            _ => Vec::new(),
        }
    }

    fn subjects(&self, cursor: &Cursor<'_>, typed: &str) -> Vec<Candidate> {
        let Some(config) = self.config() else { return Vec::new() };
        let mut found = Vec::new();
        for (first, children) in &config.office.subjects.levels {
            let pairs = children.iter().map(|second| format!("{first}_{second}"));
            found.extend(pairs.map(|pair| cursor.word(CandidateKind::Value, &pair, "", typed)));
        }
        found
    }

    fn set_ids(&self, cursor: &Cursor<'_>, typed: &str, with_numbers: bool) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (id, set) in &self.content().corpus.sets {
            found.push(cursor.word(CandidateKind::Set, id.as_str(), title(set), typed));
            let number = set.policy.as_ref().and_then(|policy| policy.meta.document_number.as_ref());
            if let Some(number) = number.filter(|_| with_numbers) {
                found.push(cursor.word(CandidateKind::Set, &number.value, title(set), typed));
            }
        }
        found
    }
}

fn title(set: &jiedu_model::PublicationSet) -> &str {
    set.policy.as_ref().and_then(|policy| policy.meta.title.as_ref()).map_or("", |title| &title.value)
}

/// What follows the last occurrence of a mark.
fn after_last<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.rfind(mark).and_then(|at| text.get(at + mark.len()..))
}

fn provisions(
    cursor: &Cursor<'_>,
    set: &jiedu_model::PublicationSet,
    typed: &str,
    lead: &str,
) -> Vec<Candidate> {
    let provisions = set.policy.iter().flat_map(|policy| &policy.provisions);
    let named = provisions.filter(|one| !one.reference.is_empty());
    let candidate = |one: &jiedu_model::Provision| {
        let text = if one.heading.is_empty() { &one.text } else { &one.heading };
        let detail: String = text.chars().take(40).collect();
        let insert = format!("{lead}{}", one.reference);
        cursor.candidate(CandidateKind::Clause, &one.reference, &detail, insert, typed)
    };
    named.map(candidate).collect()
}

/// The kinds of documents, for the end of a title.
fn kinds(cursor: &Cursor<'_>, typed: &str) -> Vec<Candidate> {
    // Only what follows the last 的 is the kind.
    let typed = typed.rfind('的').and_then(|at| typed.get(at + '的'.len_utf8()..)).unwrap_or("");
    STATUTORY_KINDS
        .iter()
        .chain(&CARRIED_KINDS)
        .map(|kind| cursor.word(CandidateKind::Value, kind, "文种", typed))
        .collect()
}

/// The key under which an indented line or list item stands.
fn parent_key<'a>(cursor: &Cursor<'a>, indent: usize) -> Option<&'a str> {
    let start = cursor.offset - cursor.before.len();
    let is_item = cursor.before.trim_start().starts_with('-');
    let above = cursor.file.text().get(..start)?;
    for line in above.lines().rev() {
        let depth = line.len() - line.trim_start().len();
        let is_above = depth < indent || (is_item && depth == 0 && !line.starts_with('-'));
        if line.trim().is_empty() || !is_above {
            continue;
        }
        if line == "---" {
            return None;
        }
        let entry = line.trim_start();
        // An item of a list belongs to the key above the list.
        if entry.starts_with('-') {
            continue;
        }
        return entry.split_once([':', '：']).map(|(key, _)| key.trim());
    }
    None
}

fn offer_keys(cursor: &Cursor<'_>, keys: &[KeyInfo], typed: &str, lang: Lang) -> Vec<Candidate> {
    let front = front_matter(cursor.file.text()).map(|range| cursor.file.slice(range)).unwrap_or_default();
    let is_nested = cursor.before.starts_with(char::is_whitespace) || cursor.before.starts_with('-');
    let has = |name: &str| {
        front.lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', '：'])))
    };
    let is_given =
        |key: &KeyInfo| !is_nested && [Some(key.zh), Some(key.en), key.other].into_iter().flatten().any(has);
    let mut found = Vec::new();
    for key in keys.iter().filter(|key| !is_given(key)) {
        let (one, other) = if lang == Lang::Zh { (key.zh, key.en) } else { (key.en, key.zh) };
        for (label, detail) in [(one, other), (other, one)] {
            found.push(cursor.candidate(CandidateKind::Key, label, detail, format!("{label}: "), typed));
        }
    }
    found
}

/// `<!-- 校对:忽略 …`: the order, then the rule.
fn suppression(cursor: &Cursor<'_>, typed: &str, lang: Lang) -> Vec<Candidate> {
    let typed = typed.trim_start();
    if typed.contains("-->") {
        return Vec::new();
    }
    let orders = ["校对:忽略 ", "proof:ignore "];
    let Some(rule) = orders.iter().find_map(|order| typed.strip_prefix(order)) else {
        let order = if lang == Lang::Zh { orders[0] } else { orders[1] };
        let label = order.trim_end();
        return vec![cursor.candidate(CandidateKind::Rule, label, "", order.to_owned(), typed)];
    };
    if rule.contains(' ') {
        return Vec::new();
    }
    let rules = proof::rules().filter(|rule| rule.is_waivable());
    let pick = |what: (&'static str, &'static str)| if lang == Lang::Zh { what.0 } else { what.1 };
    rules
        .map(|one| {
            cursor.candidate(CandidateKind::Rule, one.name, pick(one.what), format!("{} ", one.name), rule)
        })
        .collect()
}

/// Names of steps and profiles in a roster.
fn steps(cursor: &Cursor<'_>) -> Vec<Candidate> {
    // Inside a string: an odd number of quotes stands before the place.
    if cursor.before.matches('"').count().is_multiple_of(2) {
        return Vec::new();
    }
    let typed = after_last(cursor.before, "\"").unwrap_or("");
    let key = cursor.before.trim_start();
    let names = |word: &str| key.starts_with(word) && key.contains('=');
    if names("default_profile") {
        return words::PROFILES.iter().map(|one| cursor.word(CandidateKind::Value, one, "", typed)).collect();
    }
    let is_step = ["steps", "groups", "author_may", "important", "roles"].into_iter().any(names);
    if !is_step && !cursor.before.contains("step = \"") {
        return Vec::new();
    }
    let steps = profile_steps().chain(["withdraw"]);
    steps.map(|step| cursor.word(CandidateKind::Value, step, step_label(step), typed)).collect()
}
