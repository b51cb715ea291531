//! What a redline says of every passage.

use super::passage::Passage;
use super::tree::own_words;
use super::words::{SpanKind, TextDiff};
use jiedu_base::text::Message;

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The same words, in the same order among its neighbours.
    Same,
    /// Other words, another label or another place: see the entry's flags.
    Changed,
    /// One passage became several.
    Split,
    /// Several passages became one.
    Merged,
    /// Only in the new edition.
    Inserted,
    /// Only in the old edition.
    Deleted,
    /// Marks the place which a moved passage left; its new place has an entry
    /// of its own. Not counted.
    MovedAway,
}

/// What became of a provision in one word: the first that fits, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One became several.
    Split,
    /// Several became one.
    Merged,
    /// Only in the new edition.
    Inserted,
    /// Only in the old edition.
    Deleted,
    /// Under another parent, or in another order among its siblings.
    Moved,
    /// Other words.
    Changed,
    /// Only another label.
    Renumbered,
    /// As it was.
    Same,
}

impl Kind {
    /// The word of machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Inserted => "inserted",
            Self::Deleted => "deleted",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Renumbered => "renumbered",
            Self::Same => "same",
        }
    }

    /// The word for readers.
    #[must_use]
    pub fn name(self) -> Message {
        match self {
            Self::Split => Message::new("拆分", "split"),
            Self::Merged => Message::new("合并", "merged"),
            Self::Inserted => Message::new("新增", "inserted"),
            Self::Deleted => Message::new("删去", "deleted"),
            Self::Moved => Message::new("移动", "moved"),
            Self::Changed => Message::new("文字修改", "reworded"),
            Self::Renumbered => Message::new("仅改编号", "only renumbered"),
            Self::Same => Message::new("未改动", "unchanged"),
        }
    }
}

/// One passage of the redline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What became of it.
    pub change: Change,
    /// Place in the old edition's passages; of a merge, the first.
    pub old: Option<usize>,
    /// Place in the new edition's passages; of a split, the first.
    pub new: Option<usize>,
    /// The passage as it was.
    pub old_passage: Option<Passage>,
    /// The passage as it is.
    pub new_passage: Option<Passage>,
    /// The other passages of the old edition that belong to a split or merge.
    pub more_old: Vec<(usize, Passage)>,
    /// The other passages of the new edition that belong to a split or merge.
    pub more_new: Vec<(usize, Passage)>,
    /// Whether it stands elsewhere among its neighbours.
    pub moved: bool,
    /// Whether the printed label differs.
    pub renumbered: bool,
    /// Whether the words after the label differ.
    pub reworded: bool,
    /// The text, label included, with what went and what came; of a split or
    /// merge the own words of all its passages, joined, without labels.
    pub text: TextDiff,
    /// Characters of own words that came.
    pub chars_inserted: usize,
    /// Characters of own words that went.
    pub chars_deleted: usize,
}

impl Entry {
    /// The passage to name the entry by: the new one where there is one.
    #[must_use]
    pub fn passage(&self) -> Option<&Passage> {
        self.new_passage.as_ref().or(self.old_passage.as_ref())
    }

    /// What became of it, in one word; none for the mark of a place that a
    /// moved passage left.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        Some(match self.change {
            Change::MovedAway => return None,
            Change::Split => Kind::Split,
            Change::Merged => Kind::Merged,
            Change::Inserted => Kind::Inserted,
            Change::Deleted => Kind::Deleted,
            Change::Same => Kind::Same,
            Change::Changed if self.moved => Kind::Moved,
            Change::Changed if self.reworded => Kind::Changed,
            Change::Changed => Kind::Renumbered,
        })
    }

    /// All its passages in the old edition, in reading order.
    pub fn olds(&self) -> impl Iterator<Item = &Passage> {
        self.old_passage.iter().chain(self.more_old.iter().map(|(_, passage)| passage))
    }

    /// All its passages in the new edition, in reading order.
    pub fn news(&self) -> impl Iterator<Item = &Passage> {
        self.new_passage.iter().chain(self.more_new.iter().map(|(_, passage)| passage))
    }

    /// Whether it stands for several passages of one edition.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self.change, Change::Split | Change::Merged)
    }

    /// The texts of the new passages, made from those of the old edition.
    fn applied(&self, old: &[Passage]) -> Option<Vec<(usize, String)>> {
        if self.is_group() {
            let places = self.old.into_iter().chain(self.more_old.iter().map(|(at, _)| *at));
            let before: Option<String> = places.map(|at| old.get(at).map(own_words)).collect();
            let after: String = self.news().map(own_words).collect();
            if self.text.apply(&before?)? != after {
                return None;
            }
            let places = self.new.into_iter().chain(self.more_new.iter().map(|(at, _)| *at));
            return Some(places.zip(self.news().map(|passage| passage.text.clone())).collect());
        }
        let before = match self.old {
            Some(at) => old.get(at)?.text.as_str(),
            None => "",
        };
        let after = self.text.apply(before)?;
        match self.new {
            Some(at) => Some(vec![(at, after)]),
            None => after.is_empty().then(Vec::new),
        }
    }
}

/// A front-matter value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// The field's name.
    pub name: Message,
    /// Its text with what went and what came.
    pub text: TextDiff,
}

/// How much changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Passages that became several.
    pub split: usize,
    /// Passages that several became.
    pub merged: usize,
    /// Passages only in the new edition.
    pub inserted: usize,
    /// Passages only in the old edition.
    pub deleted: usize,
    /// Passages whose words differ.
    pub reworded: usize,
    /// Passages that stand elsewhere.
    pub moved: usize,
    /// Passages that only got another label.
    pub renumbered: usize,
    /// Passages that stayed as they were.
    pub same: usize,
    /// Characters that came, labels left out.
    pub chars_inserted: usize,
    /// Characters that went, labels left out.
    pub chars_deleted: usize,
}

impl Counts {
    /// Counts one entry.
    pub(super) fn add(&mut self, entry: &Entry) {
        match entry.change {
            Change::Same => self.same += 1,
            Change::Split => self.split += 1,
            Change::Merged => self.merged += 1,
            Change::Inserted => self.inserted += 1,
            Change::Deleted => self.deleted += 1,
            Change::Changed => {
                self.moved += usize::from(entry.moved);
                self.reworded += usize::from(entry.reworded);
                self.renumbered += usize::from(entry.renumbered && !entry.reworded && !entry.moved);
            }
            Change::MovedAway => return,
        }
        self.chars_inserted += entry.chars_inserted;
        self.chars_deleted += entry.chars_deleted;
    }
}

/// The difference between two editions of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redline {
    /// Front-matter values that differ.
    pub fields: Vec<FieldChange>,
    /// Every passage of both editions, in the new edition's order; what went
    /// stands after the passage that it used to follow, a split or merge where
    /// its first new passage stands.
    pub entries: Vec<Entry>,
    /// For every new passage, the old one that it is as a provision with all
    /// that stands below: an article whose first paragraph became its second
    /// is still the article.
    pub whole: Vec<Option<usize>>,
    /// How much changed.
    pub counts: Counts,
}

impl Redline {
    /// Whether the two editions read the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.entries.iter().all(|entry| entry.change == Change::Same)
    }

    /// The new edition's texts, made from the old edition's by this redline;
    /// none when it was not made from these.
    #[must_use]
    pub fn apply(&self, old: &[Passage]) -> Option<Vec<String>> {
        let mut out: Vec<(usize, String)> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.change != Change::MovedAway) {
            out.extend(entry.applied(old)?);
        }
        out.sort_by_key(|(at, _)| *at);
        Some(out.into_iter().map(|(_, text)| text).collect())
    }

    pub(super) fn add(&mut self, entry: Entry) {
        self.counts.add(&entry);
        self.entries.push(entry);
    }

    /// Characters of one kind, labels included, in all texts.
    #[must_use]
    pub fn chars(&self, kind: SpanKind) -> usize {
        self.entries.iter().map(|entry| entry.text.chars(kind)).sum()
    }
}
