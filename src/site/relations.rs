//! 效力: what a policy amends or repeals, what does so to it, and which force
//! an older edition has.

use jiff::civil::Date;
use serde::Serialize;

use super::SitePlan;
use super::catalogue::{Entry, normal_number};
use super::route::Route;
use super::validity::{Force, force};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{PolicyDocument, PolicyMeta, Stage};

/// One policy bearing on another.
#[derive(Debug, Serialize)]
pub struct RelationItem {
    /// Key of the relation's word.
    word: &'static str,
    /// Title or number of the other.
    title: String,
    /// Where it is; empty when it is not on this site.
    href: String,
    /// From when, ISO; may be empty.
    date: String,
}

impl<'a> SitePlan<'a> {
    /// What a policy does to others, and others to it, as declared.
    pub(super) fn relations(&self, meta: &PolicyMeta, set: &PublishedSet, root: &str) -> Vec<RelationItem> {
        let mut items = Vec::new();
        for (targets, word) in [(&meta.repeals, "relation.repeals"), (&meta.amends, "relation.amends")] {
            for target in targets {
                let other = self.by_name(&target.value).filter(|entry| entry.set.id != set.id);
                items.push(RelationItem {
                    word,
                    title: other.map_or_else(
                        || target.value.clone(),
                        |entry| match entry.number() {
                            Some(number) => format!("{}（{number}）", entry.title()),
                            None => entry.title().to_owned(),
                        },
                    ),
                    href: other
                        .map(|entry| format!("{root}{}", entry.route().url()))
                        .or_else(|| own_edition(set, &target.value, root))
                        .unwrap_or_default(),
                    date: meta.effective.as_ref().map(|date| date.value.to_string()).unwrap_or_default(),
                });
            }
        }
        for change in self.catalogue.changes_to(meta, &set.id) {
            items.push(RelationItem {
                word: if change.repeals { "relation.repealed-by" } else { "relation.amended-by" },
                title: change.document.clone(),
                href: format!("{root}{}", change.url),
                date: change.from.map(|date| date.to_string()).unwrap_or_default(),
            });
        }
        items
    }

    /// The policy that a number or a set id names.
    fn by_name(&self, name: &str) -> Option<&Entry<'a>> {
        if let Ok(id) = SetId::parse(name) {
            return self.catalogue.entry(&id);
        }
        self.catalogue.by_number(&normal_number(name))
    }

    /// The force of an edition: the policy's, unless another edition applies.
    pub(super) fn edition_force(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        today: Date,
    ) -> Option<Force> {
        let entry = self.catalogue.entry(&set.id)?;
        let own = force(&policy.meta, &self.catalogue.changes_to(&policy.meta, &set.id), today);
        let is_newest = entry.edition.number == edition.number;
        if is_newest
            || policy.meta.stage == Stage::Consultation
            || matches!(own.state, "repealed" | "expired")
        {
            return Some(own);
        }
        let terms = self.terms(set);
        let place = terms.iter().position(|term| term.holds(edition.number));
        let next = match place {
            Some(place) => terms.get(place + 1),
            // It never applied: the next one took its place at once.
            None => terms.iter().find(|term| term.number > edition.number),
        };
        match next.filter(|next| next.from <= today) {
            Some(next) => Some(Force {
                state: "superseded",
                tone: "warn",
                label: "validity.superseded".to_owned(),
                reason: "validity-source.superseded".to_owned(),
                date: next.from.to_string(),
                document: format!("第{}版", next.number),
                url: Route::edition(&set.id, next.number).url(),
            }),
            None => Some(own),
        }
    }

    /// The edition that applies on a day, when its text is not that of the
    /// newest one.
    pub(super) fn applies_on(&self, set: &PublishedSet, today: Date) -> Option<super::applies::Term> {
        let newest = self.catalogue.entry(&set.id)?.edition.number;
        let terms = self.terms(set);
        let now = terms
            .into_iter()
            .find(|term| term.from <= today && term.until.is_none_or(|until| until >= today));
        now.filter(|term| !term.holds(newest))
    }
}

/// A number under which the set itself came out before.
fn own_edition(set: &PublishedSet, name: &str, root: &str) -> Option<String> {
    let name = normal_number(name);
    let older = set.editions.iter().rev().filter(|edition| super::pages::is_readable(set, edition));
    let found = older.into_iter().find(|edition| {
        let number = edition.set.policy.as_ref().and_then(|policy| policy.meta.document_number.as_ref());
        number.is_some_and(|number| normal_number(&number.value) == name)
    })?;
    Some(format!("{root}{}", Route::edition(&set.id, found.number).url()))
}
