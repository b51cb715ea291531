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

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::SitePlan;
use super::catalogue::Entry;
use super::pages::is_readable;
use super::route::Route;
use items::Item;

pub(super) use write::text;

impl<'a> SitePlan<'a> {
    /// Adds every feed and every machine twin.
    pub(super) fn add_feeds(&self, files: &mut BTreeMap<String, Arc<[u8]>>) {
        let site = &self.config.site.name;
        let items = self.site_items();
        files.insert("feed.xml".to_owned(), self.atom(site, "feed.xml", "", &items).into());
        files.insert("feed.json".to_owned(), self.json_feed(site, "feed.json", "", &items).into());
        files.extend([Self::schema_file()]);
        for (slug, group) in self.groups.of(super::groups::By::Subject) {
            let entries = group.entries.iter().filter_map(|index| self.catalogue.entries.get(*index));
            let items = self.subject_items(entries);
            let title = format!("{}：{site}", group.name);
            files.extend(self.feeds(&title, &format!("subjects/{slug}/"), &items));
        }
        // One set's files do not depend on another's: made in parallel, kept in order.
        let twins: Vec<_> =
            self.catalogue.entries.par_iter().flat_map_iter(|entry| self.twins(entry)).collect();
        files.extend(twins);
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

    /// Feeds and machine twins of a published set.
    fn twins(&self, entry: &Entry<'a>) -> Vec<(String, Arc<[u8]>)> {
        let set = entry.set;
        let route = |rest: &str| Route::in_set(&set.id, rest).path().to_owned();
        let mut files = self.feeds(entry.title(), &entry.route().url(), &self.set_items(entry)).to_vec();
        files.push((route("set.json"), self.set_json(entry).into()));
        files.push((route("record/index.json"), self.record_json(set).into()));
        for edition in set.editions.iter().filter(|edition| is_readable(set, edition)) {
            if let Some(policy) = &edition.set.policy {
                let path = route(&format!("v{}/edition.json", edition.number));
                files.push((path, self.edition_json(set, edition, policy).into()));
            }
        }
        files
    }

    /// Both feeds of a page, beside it.
    fn feeds(&self, title: &str, page: &str, items: &[Item]) -> [(String, Arc<[u8]>); 2] {
        let (xml, json) = (format!("{page}feed.xml"), format!("{page}feed.json"));
        let feeds = [self.atom(title, &xml, page, items), self.json_feed(title, &json, page, items)];
        let [atom, list] = feeds.map(Arc::from);
        [(xml, atom), (json, list)]
    }
}
