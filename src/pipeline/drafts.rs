//! Texts of a folder one by one, as `fix` needs them: read with the same lists,
//! statistics, profile and day as in `check`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::content::{self, Content};
use super::proofread::{day_of, wordlists};
use super::revision::Revision;
use jiedu_base::finding::Finding;
use jiedu_base::text::SourceFile;
use jiedu_link::shifted;
use jiedu_markdown::parse_body;
use jiedu_model::{PolicyDocument, read_loose};
use jiedu_proof::{Lists, Profile, allowed_words, body_range, check_body};
use jiedu_source::Snapshot;

/// How the texts of a folder are to be read.
#[derive(Debug, Default)]
pub struct Drafts {
    lists: Lists,
    /// The day of each set.
    days: BTreeMap<String, Date>,
    /// The text of each policy against which its references are followed.
    before: BTreeMap<String, PolicyDocument>,
}

impl Drafts {
    /// Reads the office's lists and statistics and the days of the sets. `today`
    /// is the day of texts that have none. Settings that cannot be read leave
    /// every text without a day of its own.
    #[must_use]
    pub fn of(snapshot: &Snapshot, today: Date) -> Self {
        let lists = wordlists(&snapshot.site, &mut Vec::new()).on(today);
        let mut days = BTreeMap::new();
        if let Ok((config, _)) = content::config(snapshot) {
            let sets = Content::parse(snapshot, &config).corpus.sets;
            days.extend(sets.iter().filter_map(|(id, set)| Some((id.to_string(), day_of(set)?))));
        }
        Self { lists, days, before: BTreeMap::new() }
    }

    /// The same, knowing what was published or committed before: references that
    /// a renumbering left behind are found too.
    #[must_use]
    pub fn after(mut self, head: &Revision) -> Self {
        for judged in &head.sets {
            let set = judged.standing_edition().map_or(&judged.set, |edition| &edition.set);
            if let Some(policy) = &set.policy {
                self.before.insert(judged.id.to_string(), policy.clone());
            }
        }
        self
    }

    /// What proofreading says of a text of a set, whatever it reads now.
    #[must_use]
    pub fn check(&self, set: &str, file: &SourceFile) -> Vec<Finding> {
        let body = parse_body(file, body_range(file));
        let profile = match file.path().rsplit_once('/') {
            Some((folder, _)) if folder.ends_with("/materials") => Profile::Interpretation,
            Some((_, "plan.md")) => Profile::Official,
            _ => Profile::infer(&body),
        };
        let allowed = allowed_words(file);
        let lists = self.lists.for_text(self.days.get(set).copied(), allowed.iter().map(String::as_str));
        let mut findings = check_body(&body, profile, &lists);
        let before = self.before.get(set).filter(|_| file.path().ends_with("/policy.md"));
        findings.extend(before.iter().flat_map(|before| shifted(before, &read_loose(file))));
        findings
    }
}
