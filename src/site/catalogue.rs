//! What is published, in the order of lists.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::clause::{Clauses, split_target};
use super::pinned::{Pin, Pinboard, followed, read_by};
use super::questions::{Asked, asked_in, named_in, questions};
use super::route::Route;
use super::validity::{Change, Force, Span, force, span_of, spans, turning_days};
use jiedu_base::clock::Clock;
use jiedu_base::name::SetId;
use jiedu_edition::pins::Redlines;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Disclosure, InterpretationMaterial, PolicyDocument, PolicyMeta, PublishDate};

/// A published policy: its current edition and what is computed from the whole
/// corpus.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The set.
    pub set: &'a PublishedSet,
    /// Its current edition.
    pub edition: &'a Edition,
    /// The policy of that edition.
    pub policy: &'a PolicyDocument,
    /// Its force at the publication instant.
    pub force: Force,
    /// Its force day by day, from when it came out.
    pub(crate) forces: Vec<Span<Force>>,
    /// Its provisions by name.
    clauses: Clauses<'a>,
}

impl<'a> Entry<'a> {
    /// The title; the id where the title could not be read.
    pub fn title(&self) -> &'a str {
        title(&self.policy.meta, &self.set.id)
    }

    /// 发文字号.
    pub fn number(&self) -> Option<&'a str> {
        self.policy.meta.document_number.as_ref().map(|number| number.value.as_str())
    }

    /// The day under which it is listed.
    pub fn date(&self) -> Date {
        listed_date(self.edition)
    }

    /// How other pages call it: number, else title.
    pub fn short(&self) -> &'a str {
        self.number().unwrap_or_else(|| self.title())
    }

    /// First level of 主题分类.
    pub fn subject(&self) -> Option<&'a str> {
        self.policy.meta.subject.as_ref().map(|subject| subject.value.0.as_str())
    }

    /// Its page.
    pub fn route(&self) -> Route {
        Route::set(&self.set.id)
    }

    /// The interpretations of its own set.
    pub(crate) fn own_materials(&self) -> impl Iterator<Item = Material<'a>> + use<'a> {
        let (set, edition) = (self.set, self.edition);
        edition.set.materials.iter().map(move |material| Material { set, edition, material })
    }

    /// Its provisions by the names that links use.
    pub(crate) fn clauses(&self) -> &Clauses<'a> {
        &self.clauses
    }
}

/// A published interpretation.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// The set that holds it.
    pub set: &'a PublishedSet,
    /// The edition.
    pub edition: &'a Edition,
    /// The material.
    pub material: &'a InterpretationMaterial,
}

impl<'a> Material<'a> {
    /// Title; the file's name where the title could not be read.
    pub fn title(&self) -> &'a str {
        self.material.meta.title.as_ref().map_or(self.material.name.as_str(), |title| title.value.as_str())
    }

    /// 形式, or nothing.
    pub fn form(&self) -> &'a str {
        self.material.meta.form.as_ref().map_or("", |form| form.value.as_str())
    }

    /// When it was published; the policy's day when it does not say.
    pub fn published(&self) -> Option<PublishDate> {
        let own = self.material.meta.published.as_ref().map(|published| published.value);
        own.or_else(|| {
            self.edition.set.policy.as_ref()?.meta.published.as_ref().map(|published| published.value)
        })
    }

    /// The day under which it is listed.
    pub fn date(&self) -> Date {
        self.published().map_or_else(|| self.edition.instant.today(), |published| published.date)
    }

    /// Its page.
    pub fn route(&self) -> Route {
        Route::interpretation(&self.set.id, &self.material.name)
    }
}

/// A section of another set's material that explains a provision.
#[derive(Debug, Clone, Copy)]
pub struct Foreign<'a> {
    /// The material.
    pub material: Material<'a>,
    /// Index of the section in it.
    pub section: usize,
    /// The provision, in the set that is explained.
    pub provision: usize,
    /// Whether its words changed since the material was written.
    pub stale: bool,
}

/// Everything that is published.
#[derive(Debug, Default)]
pub struct Catalogue<'a> {
    /// Policies with a current edition, newest first.
    pub entries: Vec<Entry<'a>>,
    /// Positions in `entries` by set.
    pub by_set: BTreeMap<&'a SetId, usize>,
    /// Interpretations, newest first.
    pub materials: Vec<Material<'a>>,
    /// Sets that were published and are not any more, by id.
    pub gone: Vec<&'a PublishedSet>,
    /// Sections that explain provisions of other sets, by the set explained.
    pub foreign: BTreeMap<SetId, Vec<Foreign<'a>>>,
    /// Materials of other sets that interpret a set, by the set interpreted.
    pub guests: BTreeMap<SetId, Vec<Material<'a>>>,
    /// Questions of other sets about provisions of a set, by the set asked about.
    pub asked: BTreeMap<SetId, Vec<Asked<'a>>>,
    /// The provisions that editions have in common, found once.
    pub(crate) redlines: Redlines,
    /// Positions in `entries` by document number.
    numbers: BTreeMap<String, usize>,
    /// Which documents are amended or repealed by which, by number or id.
    changes: BTreeMap<String, Vec<Change>>,
}

impl<'a> Catalogue<'a> {
    /// Orders the sets and computes what needs all of them.
    pub fn new(sets: &'a [PublishedSet], clock: Clock) -> Self {
        let current = || sets.iter().filter_map(|set| Some((set, shown_edition(set)?)));
        let mut catalogue = Self { changes: changes(current()), ..Self::default() };
        for (set, edition) in current() {
            let Some(policy) = &edition.set.policy else { continue };
            let changes = catalogue.changes_to(&policy.meta, &set.id);
            let turning = turning_days(&policy.meta, &changes);
            let on = |day| force(&policy.meta, &changes, day);
            let forces = spans(came_out(set, edition).min(clock.today()), &turning, on);
            let force = forces
                .get(span_of(&forces, clock.today()))
                .map_or_else(|| on(clock.today()), |span| span.said.clone());
            catalogue.entries.push(Entry {
                set,
                edition,
                policy,
                force,
                forces,
                clauses: Clauses::new(policy),
            });
            catalogue.materials.extend(edition.set.materials.iter().map(|material| Material {
                set,
                edition,
                material,
            }));
        }
        catalogue.entries.sort_by(|a, b| (b.date(), &a.set.id).cmp(&(a.date(), &b.set.id)));
        catalogue.materials.sort_by(|a, b| {
            (b.date(), &a.set.id, &a.material.name).cmp(&(a.date(), &b.set.id, &b.material.name))
        });
        catalogue.by_set =
            catalogue.entries.iter().enumerate().map(|(index, entry)| (&entry.set.id, index)).collect();
        let numbered = catalogue.entries.iter().enumerate();
        catalogue.numbers =
            numbered.filter_map(|(index, entry)| Some((normal_number(entry.number()?), index))).collect();
        catalogue.gone = sets.iter().filter(|set| is_gone(set)).collect();
        catalogue.gone.sort_by(|a, b| a.id.cmp(&b.id));
        catalogue.find_foreign();
        catalogue
    }

    /// The entry of a set.
    pub fn entry(&self, id: &SetId) -> Option<&Entry<'a>> {
        self.entries.get(*self.by_set.get(id)?)
    }

    /// The entry with a document number, given in its one spelling.
    pub(crate) fn by_number(&self, number: &str) -> Option<&Entry<'a>> {
        self.entries.get(*self.numbers.get(number)?)
    }

    /// What other sets amend or repeal of a document, by its number or its set.
    pub(crate) fn changes_to(&self, meta: &PolicyMeta, id: &SetId) -> Vec<Change> {
        let known = keys(meta, id).into_iter().filter_map(|key| self.changes.get(&key)).flatten();
        known.filter(|change| change.url != Route::set(id).url()).cloned().collect()
    }

    /// The entry that a document number or a set id names.
    pub(crate) fn named(&self, target: &str) -> Option<&Entry<'a>> {
        let by_id = SetId::parse(target).ok().and_then(|id| self.entry(&id));
        by_id.or_else(|| self.by_number(&normal_number(target)))
    }

    fn find_foreign(&mut self) {
        let mut foreign: BTreeMap<SetId, Vec<Foreign<'a>>> = BTreeMap::new();
        let mut guests: BTreeMap<SetId, Vec<Material<'a>>> = BTreeMap::new();
        for material in &self.materials {
            let others = material.material.meta.interprets.iter().filter(|id| id.value != material.set.id);
            for id in others {
                guests.entry(id.value.clone()).or_default().push(*material);
            }
            let pinboard = Pinboard::new(self, *material);
            for (section, part) in material.material.sections.iter().enumerate() {
                for target in part.heading_targets.iter().chain(&part.text_targets) {
                    let Some((Some(id), Pin { provision, stale })) = pinboard.find(section, target) else {
                        continue;
                    };
                    let found = Foreign { material: *material, section, provision, stale };
                    foreign.entry(id).or_default().push(found);
                }
            }
        }
        let asked = self.find_asked();
        (self.foreign, self.guests, self.asked) = (foreign, guests, asked);
    }
}

impl<'a> Catalogue<'a> {
    /// Questions that rest on provisions of other sets.
    fn find_asked(&self) -> BTreeMap<SetId, Vec<Asked<'a>>> {
        let mut asked: BTreeMap<SetId, Vec<Asked<'a>>> = BTreeMap::new();
        for entry in &self.entries {
            let (set, edition) = (entry.set, entry.edition);
            for question in questions(edition) {
                for name in &question.clauses {
                    let (Some(id), clause) = split_target(&name.value) else { continue };
                    let Some(other) = self.entry(&id).filter(|_| id != set.id) else { continue };
                    let named = read_by(other.set, named_in(set, edition, question, &name.value));
                    let seen = read_by(other.set, asked_in(set, edition, question));
                    let Some(pin) = followed(self, clause, (named, seen), other.policy) else { continue };
                    let Pin { provision, stale } = pin;
                    asked.entry(id).or_default().push(Asked { set, edition, question, provision, stale });
                }
            }
        }
        asked
    }
}

/// The edition that may be shown: the current one, unless the set is
/// withdrawn or not disclosed.
pub fn shown_edition(set: &PublishedSet) -> Option<&Edition> {
    if set.withdrawn.is_some() {
        return None;
    }
    set.current().filter(|edition| is_disclosed(edition))
}

/// Whether the edition may be shown to the public at all.
pub fn is_disclosed(edition: &Edition) -> bool {
    edition.set.policy.as_ref().is_some_and(|policy| policy.meta.disclosure == Disclosure::Proactive)
}

/// Whether the set had a page and has none now. A set whose newest text is not
/// to be disclosed has nothing on the site, not even a tombstone.
fn is_gone(set: &PublishedSet) -> bool {
    shown_edition(set).is_none() && set.editions.iter().all(is_disclosed) && !set.editions.is_empty()
}

/// The title of a policy.
pub fn title<'a>(meta: &'a PolicyMeta, id: &'a SetId) -> &'a str {
    meta.title
        .as_ref()
        .map(|title| title.value.as_str())
        .filter(|title| !title.trim().is_empty())
        .unwrap_or(id.as_str())
}

/// 发布日期 of an edition; the day on which it came into being when it has none.
pub fn listed_date(edition: &Edition) -> Date {
    let published = edition.set.policy.as_ref().and_then(|policy| policy.meta.published.as_ref());
    published.map_or_else(|| edition.instant.today(), |published| published.value.date)
}

/// The day on which an edition came out. One that keeps the 发布日期 of the
/// readable edition before it came out when it was corrected, or when it was
/// approved.
pub fn came_out(set: &PublishedSet, edition: &Edition) -> Date {
    let older = set.editions.iter().rev().filter(|older| older.number < edition.number);
    let before = older.into_iter().find(|older| older.void.is_none());
    let new = edition.set.policy.as_ref().map(|policy| &policy.meta);
    let old = before.and_then(|before| before.set.policy.as_ref()).map(|policy| &policy.meta);
    let (Some(new), Some(old)) = (new, old) else { return listed_date(edition) };
    if new.corrections.len() > old.corrections.len() {
        let latest = new.corrections.iter().map(|correction| correction.date).max();
        return latest.unwrap_or_else(|| listed_date(edition));
    }
    let day = |meta: &PolicyMeta| meta.published.as_ref().map(|date| date.value);
    if day(new) == day(old) { edition.instant.today() } else { listed_date(edition) }
}

/// Which documents are amended or repealed by which.
fn changes<'a>(
    current: impl Iterator<Item = (&'a PublishedSet, &'a Edition)>,
) -> BTreeMap<String, Vec<Change>> {
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for (set, edition) in current {
        let Some(policy) = &edition.set.policy else { continue };
        // A consultation draft changes nothing yet, and an unapproved text never does.
        if policy.meta.stage == jiedu_model::Stage::Consultation || set.draft {
            continue;
        }
        let number = policy.meta.document_number.as_ref().map(|number| number.value.as_str());
        let from = policy.meta.effective.as_ref().map(|date| date.value);
        let change = |repeals| Change {
            repeals,
            from: Some(from.unwrap_or_else(|| listed_date(edition))),
            document: number.unwrap_or_else(|| title(&policy.meta, &set.id)).to_owned(),
            url: Route::set(&set.id).url(),
        };
        for (targets, repeals) in [(&policy.meta.repeals, true), (&policy.meta.amends, false)] {
            for target in targets {
                changes.entry(normal_number(&target.value)).or_default().push(change(repeals));
            }
        }
    }
    changes
}

fn keys(meta: &PolicyMeta, id: &SetId) -> Vec<String> {
    let number = meta.document_number.as_ref().map(|number| normal_number(&number.value));
    std::iter::once(id.as_str().to_owned()).chain(number).collect()
}

/// A document number in one spelling: brackets of any kind become 〔〕, digits
/// become half-width, white space goes.
pub fn normal_number(number: &str) -> String {
    number
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '[' | '(' | '（' | '【' | '﹝' | '［' => '〔',
            ']' | ')' | '）' | '】' | '﹞' | '］' => '〕',
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for number in
            ["济交办〔2025〕14号", "济交办[2025]14号", "济交办（２０２５） 14号", "济交办【2025】14号"]
        {
            assert_eq!(normal_number(number), "济交办〔2025〕14号");
        }
    }
}
