//! Feeds: Atom and JSON Feed for the site, for each subject and for each set.
//!
//! Entries ([`items`]) are editions, interpretations, questions with their
//! answers, topics and withdrawals; each says what changed. Their ids are
//! permanent: they are made from the set's address and the edition's number or
//! the entry's name, so an update of an old entry keeps its id. Ties between
//! entries of one day are broken by the id, so the feed does not move by
//! itself. A feed goes on after its set was withdrawn, and says so.

mod items;
mod write;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::catalogue::Entry;
use super::groups::By;
use super::pages::is_readable;
use super::route::Route;
use super::set_json::{CSV, JSON};
use super::{Put, SitePlan, Wanted};
use items::Item;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::PolicyDocument;

pub(super) use write::text;

impl SitePlan<'_> {
    /// Adds the feeds of lists, and what is left of withdrawn sets.
    pub(super) fn add_feeds(&self, files: &mut BTreeMap<String, Arc<[u8]>>) {
        let site = &self.config.site.name;
        let items = self.site_items();
        files.insert("feed.xml".to_owned(), self.atom(site, "feed.xml", "", &items).into());
        files.insert("feed.json".to_owned(), self.json_feed(site, "feed.json", "", &items).into());
        files.extend([Self::schema_file()]);
        for by in [By::Subject, By::Issuer] {
            for (slug, group) in self.groups.of(by) {
                let entries = group.entries.iter().filter_map(|index| self.catalogue.entries.get(*index));
                let items = self.subject_items(entries);
                let title = format!("{}：{site}", group.name);
                files.extend(self.feeds(&title, &format!("{}/{slug}/", by.folder()), &items));
            }
        }
        for set in &self.catalogue.gone {
            let item = self.withdrawal_item(set);
            let title = item.title.clone();
            files.extend(self.feeds(&title, &Route::set(&set.id).url(), &[item]));
            files.insert(Route::in_set(&set.id, "set.json").path().to_owned(), self.gone_json(set).into());
            files.insert(
                Route::in_set(&set.id, "record/index.json").path().to_owned(),
                self.record_json(set).into(),
            );
        }
    }

    /// Makes the catalogue, and the feeds and machine twins of every set that is
    /// wanted, and hands each on.
    ///
    /// # Errors
    /// What `put` answers.
    pub fn twins_into<E: Send>(&self, wanted: &Wanted<'_>, put: &Put<'_, E>) -> Result<(), E> {
        if wanted(JSON) || wanted(CSV) {
            let put = |path: &str, bytes: Cow<'_, [u8]>| if wanted(path) { put(path, bytes) } else { Ok(()) };
            self.catalogue_into(&put)?;
        }
        // One set's files do not depend on another's.
        let entries = self.catalogue.entries.par_iter();
        entries
            .filter(|entry| wanted(&twin(entry.set, "set.json")))
            .try_for_each(|entry| self.twins_of(entry, put))
    }

    /// Whether the catalogue lies at a path.
    #[must_use]
    pub fn is_catalogue(path: &str) -> bool {
        [JSON, CSV].contains(&path)
    }

    /// The catalogue, for machines and for spreadsheets.
    ///
    /// # Errors
    /// What `put` answers.
    pub fn catalogue_into<E>(&self, put: &Put<'_, E>) -> Result<(), E> {
        put(JSON, Cow::Owned(self.catalogue_json()))?;
        put(CSV, Cow::Owned(self.catalogue_csv()))
    }

    /// The feeds and machine twins of one set.
    ///
    /// # Errors
    /// What `put` answers.
    pub fn twins_of<E>(&self, entry: &Entry<'_>, put: &Put<'_, E>) -> Result<(), E> {
        let (set, url) = (entry.set, entry.route().url());
        for (path, bytes) in self.feeds(entry.title(), &url, &self.set_items(entry)) {
            put(&path, Cow::Borrowed(&bytes))?;
        }
        put(&twin(set, "set.json"), Cow::Owned(self.set_json(entry)))?;
        put(&twin(set, "record/index.json"), Cow::Owned(self.record_json(set)))?;
        for (edition, policy) in readable_policies(set) {
            let path = twin(set, &format!("v{}/edition.json", edition.number));
            put(&path, Cow::Owned(self.edition_json(set, edition, policy)))?;
        }
        Ok(())
    }

    /// The addresses of what [`twins_into`](Self::twins_into) makes.
    pub(super) fn twin_paths(&self) -> impl Iterator<Item = String> {
        let of_sets = self.catalogue.entries.iter().flat_map(|entry| {
            let set = entry.set;
            let editions = readable_policies(set)
                .map(move |(edition, _)| twin(set, &format!("v{}/edition.json", edition.number)));
            let fixed = ["feed.xml", "feed.json", "set.json", "record/index.json"];
            fixed.map(|rest| twin(set, rest)).into_iter().chain(editions)
        });
        [JSON, CSV].map(str::to_owned).into_iter().chain(of_sets)
    }

    /// Both feeds of a page, beside it.
    fn feeds(&self, title: &str, page: &str, items: &[Item]) -> [(String, Arc<[u8]>); 2] {
        let (xml, json) = (format!("{page}feed.xml"), format!("{page}feed.json"));
        let feeds = [self.atom(title, &xml, page, items), self.json_feed(title, &json, page, items)];
        let [atom, list] = feeds.map(Arc::from);
        [(xml, atom), (json, list)]
    }
}

fn twin(set: &PublishedSet, rest: &str) -> String {
    Route::in_set(&set.id, rest).path().to_owned()
}

fn readable_policies(set: &PublishedSet) -> impl Iterator<Item = (&Edition, &PolicyDocument)> {
    let editions = set.editions.iter().filter(|edition| is_readable(set, edition));
    editions.filter_map(|edition| Some((edition, edition.set.policy.as_ref()?)))
}
