//! The entries of feeds: what was published, and what changed.

use jiff::civil::Date;

use super::super::SitePlan;
use super::super::catalogue::{Entry, Material, came_out, listed_date, title};
use super::super::pages::is_readable;
use super::super::policy::shorten;
use super::super::policy_parts::happened;
use super::super::questions::{self, questions};
use super::super::route::Route;
use super::super::topics;
use jiedu_base::clock::{Clock, beijing_instant};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{Correction, PublishDate, Question, Stage, Topic};

/// Entries of a feed.
const ENTRIES: usize = 50;

/// Something a reader may subscribe to.
pub(super) struct Item {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
    /// When it first came out: RFC 3339 with `+08:00`.
    pub(super) published: String,
    /// When it changed last, in the same form.
    pub(super) updated: String,
    pub(super) category: &'static str,
    pub(super) label: &'static str,
    /// What changed.
    pub(super) summary: String,
    /// The comparison with the edition before; may be empty.
    pub(super) related: String,
}

/// What may become an entry; made into one only when it is new enough.
#[derive(Clone, Copy)]
enum Candidate<'a> {
    Edition(&'a PublishedSet, &'a Edition),
    Material(Material<'a>),
    Question(&'a PublishedSet, &'a Edition, &'a Question),
    Topic(&'a Topic),
    Gone(&'a PublishedSet),
}

impl<'a> SitePlan<'a> {
    /// The newest of everything.
    pub(super) fn site_items(&self) -> Vec<Item> {
        let mut found: Vec<Candidate<'_>> = self
            .events
            .iter()
            .take(ENTRIES)
            .map(|event| match event.edition.and_then(|index| event.set.editions.get(index)) {
                Some(edition) => Candidate::Edition(event.set, edition),
                None => Candidate::Gone(event.set),
            })
            .collect();
        found.extend(self.catalogue.materials.iter().map(|material| Candidate::Material(*material)));
        found.extend(self.catalogue.entries.iter().flat_map(answers));
        found.extend(self.topics.iter().map(Candidate::Topic));
        self.newest(&found)
    }

    /// The newest of the policies of a subject, with what explains them.
    pub(super) fn subject_items<'s>(&'s self, entries: impl Iterator<Item = &'s Entry<'a>>) -> Vec<Item>
    where
        'a: 's,
    {
        let of_entry = |entry: &'s Entry<'a>| {
            let policy = std::iter::once(Candidate::Edition(entry.set, entry.edition));
            policy.chain(entry.own_materials().map(Candidate::Material)).chain(answers(entry))
        };
        self.newest(&entries.flat_map(of_entry).collect::<Vec<_>>())
    }

    /// Every edition of a set, and what explains the present one.
    pub(super) fn set_items(&self, entry: &Entry<'a>) -> Vec<Item> {
        let set = entry.set;
        let editions = set.editions.iter().filter(|edition| is_readable(set, edition));
        let editions = editions.map(|edition| Candidate::Edition(set, edition));
        let rest = entry.own_materials().map(Candidate::Material).chain(answers(entry));
        self.newest(&editions.chain(rest).collect::<Vec<_>>())
    }

    /// The newest first; of one day, in order of their ids.
    fn newest(&self, found: &[Candidate<'_>]) -> Vec<Item> {
        let mut dated: Vec<(String, Candidate<'_>)> =
            found.iter().map(|candidate| (self.updated(candidate), *candidate)).collect();
        dated.sort_by(|a, b| b.0.cmp(&a.0));
        // Those of the last day are all looked at: the ids decide among them.
        let last = dated.get(ENTRIES - 1).map(|(updated, _)| updated.clone()).unwrap_or_default();
        let new = dated.into_iter().take_while(|(updated, _)| *updated >= last);
        let mut items: Vec<Item> =
            new.map(|(updated, candidate)| Item { updated, ..self.item(&candidate) }).collect();
        items.sort_by(|a, b| (&b.updated, &a.id).cmp(&(&a.updated, &b.id)));
        items.truncate(ENTRIES);
        items
    }

    fn updated(&self, candidate: &Candidate<'_>) -> String {
        match candidate {
            Candidate::Edition(set, edition) => edition_instant(set, edition),
            Candidate::Material(material) => {
                let published = instant(material.published(), material.edition);
                let corrected = material.material.meta.corrections.iter().map(|one| midnight(one.date)).max();
                corrected.filter(|corrected| *corrected > published).unwrap_or(published)
            }
            Candidate::Question(_, edition, question) => {
                midnight(question.date.unwrap_or_else(|| listed_date(edition)))
            }
            Candidate::Topic(topic) => {
                let newest = self.policies_of_topic(topic).map(Entry::date).max();
                midnight(newest.unwrap_or_else(|| self.clock.today()))
            }
            Candidate::Gone(set) => midnight(gone_date(set).unwrap_or_else(|| self.clock.today())),
        }
    }

    /// The entry; `updated` is left to the caller.
    fn item(&self, candidate: &Candidate<'_>) -> Item {
        match candidate {
            Candidate::Edition(set, edition) => self.edition_item(set, edition),
            Candidate::Material(material) => self.material_item_of_feed(material),
            Candidate::Question(set, edition, question) => self.question_entry(set, edition, question),
            Candidate::Topic(topic) => self.topic_entry(topic),
            Candidate::Gone(set) => self.withdrawal_item(set),
        }
    }

    fn edition_item(&self, set: &PublishedSet, edition: &Edition) -> Item {
        let meta = edition.set.policy.as_ref().map(|policy| &policy.meta);
        let name = meta.map_or(set.id.as_str(), |meta| title(meta, &set.id));
        let number =
            meta.and_then(|meta| meta.document_number.as_ref()).map(|number| format!("{}，", number.value));
        let draft = meta.is_some_and(|meta| meta.stage == Stage::Consultation);
        let state = if draft { "征求意见稿" } else { "政策文件" };
        let before =
            set.editions.iter().rev().find(|other| other.number < edition.number && is_readable(set, other));
        let related = before.map(|before| Route::compare(&set.id, before.number, edition.number).url());
        let related = related.map(|url| self.base.absolute(&url)).unwrap_or_default();
        let instant = edition_instant(set, edition);
        Item {
            id: self.permanent_id(&format!("{}:v{}", set.id, edition.number)),
            title: name.to_owned(),
            url: self.base.absolute(&Route::edition(&set.id, edition.number).url()),
            published: instant.clone(),
            updated: instant,
            category: if draft { "consultation" } else { "policy" },
            label: state,
            summary: format!(
                "{}第{}版（{}）。{}",
                number.unwrap_or_default(),
                edition.number,
                change(edition, before, &related),
                if set.draft { "未审签草稿。" } else { "" }
            ),
            related,
        }
    }

    fn material_item_of_feed(&self, material: &Material<'_>) -> Item {
        let policy =
            self.catalogue.entry(&material.set.id).map(|entry| entry.short().to_owned()).unwrap_or_default();
        let form = if material.form().is_empty() { "解读" } else { material.form() };
        let corrected = corrections(&material.material.meta.corrections, 0);
        Item {
            id: self.permanent_id(&format!("{}:interpretation:{}", material.set.id, material.material.name)),
            title: material.title().to_owned(),
            url: self.base.absolute(&material.route().url()),
            published: instant(material.published(), material.edition),
            updated: String::new(),
            category: "interpretation",
            label: "政策解读",
            summary: format!("{form}，解读对象：{policy}。{corrected}"),
            related: String::new(),
        }
    }

    fn question_entry(&self, set: &PublishedSet, edition: &Edition, question: &Question) -> Item {
        let older = set.editions.iter().filter(|older| older.number < edition.number);
        let known =
            |older: &Edition| questions(older).iter().find(|known| known.anchor == question.anchor).cloned();
        let answers: Vec<Question> =
            older.filter(|older| is_readable(set, older)).filter_map(known).collect();
        let note = match answers.last() {
            Some(_) if answers.iter().any(|old| old.answer != question.answer) => "答复有更新：",
            _ => "",
        };
        let policy = self.catalogue.entry(&set.id).map(|entry| entry.short().to_owned()).unwrap_or_default();
        let first = answers.iter().filter_map(|old| old.date).chain(question.date).min();
        Item {
            id: self.permanent_id(&format!("{}:{}", set.id, question.anchor)),
            title: question.question.value.clone(),
            url: self.base.absolute(&format!("{}#{}", questions::route(&set.id).url(), question.anchor)),
            published: midnight(first.unwrap_or_else(|| listed_date(edition))),
            updated: String::new(),
            category: "question",
            label: "热线问答",
            summary: format!("{note}{}（{policy}）", shorten(&question.answer.replace('\n', ""))),
            related: String::new(),
        }
    }

    fn topic_entry(&self, topic: &Topic) -> Item {
        let dates: Vec<Date> = self.policies_of_topic(topic).map(Entry::date).collect();
        let first = dates.iter().min().copied().unwrap_or_else(|| self.clock.today());
        Item {
            id: self.permanent_id(&format!("topics:{}", topic.slug)),
            title: topic.title.clone(),
            url: self.base.absolute(&topics::route(&topic.slug).url()),
            published: midnight(first),
            updated: String::new(),
            category: "topic",
            label: "政策专题",
            summary: format!("集成发布{}件政策及其解读。", dates.len()),
            related: String::new(),
        }
    }

    /// What a feed says of a set that is not shown any more.
    pub(super) fn withdrawal_item(&self, set: &PublishedSet) -> Item {
        let meta =
            set.editions.last().and_then(|edition| edition.set.policy.as_ref()).map(|policy| &policy.meta);
        let date = midnight(gone_date(set).unwrap_or_else(|| self.clock.today()));
        Item {
            id: self.permanent_id(&format!("{}:withdrawn", set.id)),
            title: meta.map_or(set.id.as_str(), |meta| title(meta, &set.id)).to_owned(),
            url: self.base.absolute(&Route::set(&set.id).url()),
            published: date.clone(),
            updated: date,
            category: "withdrawal",
            label: "撤回",
            summary: "本站不再展示该文件的文本。".to_owned(),
            related: String::new(),
        }
    }

    /// A tag URI (RFC 4151): permanent whatever happens to the address.
    pub(super) fn permanent_id(&self, rest: &str) -> String {
        format!("tag:{},2025:jiedu/{rest}", self.config.site.domain())
    }
}

/// The questions that stand on the page of a set.
fn answers<'a>(entry: &Entry<'a>) -> impl Iterator<Item = Candidate<'a>> + use<'a> {
    let (set, edition) = (entry.set, entry.edition);
    questions(edition).iter().map(move |question| Candidate::Question(set, edition, question))
}

/// The change note of an edition.
fn change(edition: &Edition, before: Option<&Edition>, related: &str) -> String {
    let count = |edition: &Edition| {
        edition.set.policy.as_ref().map_or(&[][..], |policy| policy.meta.corrections.as_slice()).len()
    };
    let opinions = |edition: &Edition| edition.set.opinions.is_some();
    let what = match happened(edition, before) {
        "timeline.consultation" => "公开征求意见".to_owned(),
        "timeline.issued" => "首次发布".to_owned(),
        "timeline.finalised" => "征求意见后定稿".to_owned(),
        "timeline.explained" => "文本未变，解读等材料有更新".to_owned(),
        "timeline.corrected" => {
            let policy = edition.set.policy.as_ref();
            let all = policy.map(|policy| policy.meta.corrections.as_slice()).unwrap_or_default();
            corrections(all, before.map_or(0, count))
        }
        _ => "修订".to_owned(),
    };
    let answered = opinions(edition) && !before.is_some_and(opinions);
    let answered = if answered { "，公布意见采纳情况" } else { "" };
    match before {
        Some(before) => format!("{what}{answered}，与第{}版的对照：{related} ", before.number),
        None => format!("{what}{answered}"),
    }
}

/// What was put right, after the first `known` corrections.
fn corrections(all: &[Correction], known: usize) -> String {
    let new: Vec<&str> = all.iter().skip(known).map(|one| one.note.trim_end_matches('。')).collect();
    if new.is_empty() { String::new() } else { format!("更正：{}", new.join("；")) }
}

/// The day a set was withdrawn, or its last day on the site.
fn gone_date(set: &PublishedSet) -> Option<Date> {
    let withdrawn = set.withdrawn.as_ref().map(|(_, when)| when.today());
    withdrawn.or_else(|| set.editions.last().map(listed_date))
}

/// When an edition came out: at the 发布时间 that it states, unless it keeps
/// that of the edition before.
fn edition_instant(set: &PublishedSet, edition: &Edition) -> String {
    let meta = edition.set.policy.as_ref().map(|policy| &policy.meta);
    let published = meta.and_then(|meta| meta.published.as_ref()).map(|published| published.value);
    let day = came_out(set, edition);
    match published.filter(|published| published.date == day) {
        Some(published) => instant(Some(published), edition),
        None => midnight(day),
    }
}

fn instant(published: Option<PublishDate>, edition: &Edition) -> String {
    match published {
        Some(published) => {
            let time = published.time.unwrap_or(jiff::civil::Time::midnight());
            Clock::at(beijing_instant(published.date.to_datetime(time))).rfc3339()
        }
        None => midnight(listed_date(edition)),
    }
}

fn midnight(date: Date) -> String {
    format!("{date}T00:00:00+08:00")
}
