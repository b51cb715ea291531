//! What changed between two editions, provision by provision.
//!
//! [`compare`] lays two policy documents side by side: every provision (and
//! every paragraph outside provisions) of the new edition is matched with the
//! one it came from, so that an insertion, a deletion, a move and a mere
//! renumbering are told apart from a change of words; inside a matched passage
//! the changes are shown character by character ([`TextDiff`]).
//! [`compare_texts`] does the same, line by line, for any two texts, and
//! [`history`] follows every provision through all editions.
//!
//! Data flow: `PolicyDocument` → [`Passage`]s → alignment → [`Redline`] →
//! site pages (by the site room) or [`terminal::render`].
//!
//! Invariants: `apply(redline(a, b), a)` gives b, `redline(a, a)` is empty (both
//! are property tests). The result depends on the two texts alone: no deadline,
//! no clock, no hash order. Work grows with the length of the texts; very long
//! stretches are compared by coarser units, never abandoned half-way.
//!
//! Deliberately absent: any knowledge of Markdown, HTML or git. Only this room
//! names the crate `similar`.

mod align;
mod history;
mod lines;
mod passage;
mod patch;
pub mod terminal;
mod words;

#[cfg(test)]
mod history_tests;
#[cfg(test)]
mod tests;

use jiedu_base::text::Message;
use jiedu_model::PolicyDocument;

pub use history::{ProvisionEvent, ProvisionHistory, history};
pub use lines::{LineChange, LineDiff, compare_texts};
pub use passage::{Passage, passages};
pub use patch::patch;
pub use words::{ALGORITHM, Span, SpanKind, TextDiff, diff_text};

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The same words, in the same order among its neighbours.
    Same,
    /// Other words, another label or another place: see the entry's flags.
    Changed,
    /// Only in the new edition.
    Inserted,
    /// Only in the old edition.
    Deleted,
    /// Marks the place which a moved passage left; its new place has an entry
    /// of its own. Not counted.
    MovedAway,
}

/// One passage of the redline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What became of it.
    pub change: Change,
    /// Place in the old edition's passages.
    pub old: Option<usize>,
    /// Place in the new edition's passages.
    pub new: Option<usize>,
    /// The passage as it was.
    pub old_passage: Option<Passage>,
    /// The passage as it is.
    pub new_passage: Option<Passage>,
    /// Whether it stands elsewhere among its neighbours.
    pub moved: bool,
    /// Whether the printed label differs.
    pub renumbered: bool,
    /// Whether the words after the label differ.
    pub reworded: bool,
    /// The text, label included, with what went and what came.
    pub text: TextDiff,
}

impl Entry {
    /// The passage to name the entry by: the new one where there is one.
    #[must_use]
    pub fn passage(&self) -> Option<&Passage> {
        self.new_passage.as_ref().or(self.old_passage.as_ref())
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
    /// Characters that came.
    pub chars_inserted: usize,
    /// Characters that went.
    pub chars_deleted: usize,
}

/// The difference between two editions of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redline {
    /// Front-matter values that differ.
    pub fields: Vec<FieldChange>,
    /// Every passage of both editions, in the new edition's order; what went
    /// stands after the passage that it used to follow.
    pub entries: Vec<Entry>,
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
        let mut out = Vec::new();
        for entry in &self.entries {
            let before = match entry.old {
                Some(at) => old.get(at)?.text.as_str(),
                None => "",
            };
            if entry.change == Change::MovedAway {
                continue;
            }
            let after = entry.text.apply(before)?;
            if entry.new.is_some() {
                out.push(after);
            } else if !after.is_empty() {
                return None;
            }
        }
        Some(out)
    }
}

/// Compares two editions of a policy document.
#[must_use]
pub fn compare(old: &PolicyDocument, new: &PolicyDocument) -> Redline {
    let mut redline = compare_passages(&passages(old), &passages(new));
    let fields = passage::fields(&old.meta).into_iter().zip(passage::fields(&new.meta));
    for ((name, before), (_, after)) in fields {
        if before != after {
            redline.fields.push(FieldChange { name, text: diff_text(&before, &after) });
        }
    }
    redline
}

/// Compares two documents given as passages.
///
/// ```
/// use jiedu_redline::{Change, Passage, compare_passages};
/// let old = ["总体要求。", "及时解读政策文件。"].map(Passage::paragraph);
/// let new = ["总体要求。", "按时解读政策文件。", "加强审核。"].map(Passage::paragraph);
/// let redline = compare_passages(&old, &new);
/// let changes: Vec<Change> = redline.entries.iter().map(|entry| entry.change).collect();
/// assert_eq!(changes, [Change::Same, Change::Changed, Change::Inserted]);
/// ```
#[must_use]
pub fn compare_passages(old: &[Passage], new: &[Passage]) -> Redline {
    let from = align::align(old, new);
    let in_place = align::in_place(&from);
    let mut gone = Gone::new(old, &from, &in_place);
    let mut redline = Redline::default();
    gone.take_until_fixed(&mut redline, None);
    for (at, passage) in new.iter().enumerate() {
        let source = from.get(at).copied().flatten();
        let fixed = in_place.get(at).copied().unwrap_or(false);
        let entry = match source.and_then(|place| old.get(place).map(|passage| (place, passage))) {
            Some((place, before)) => matched((place, before), (at, passage), !fixed),
            None => one_sided(passage, Some(at), None),
        };
        redline.add(entry);
        if fixed {
            gone.take_until_fixed(&mut redline, source);
        }
    }
    redline
}

impl Redline {
    fn add(&mut self, entry: Entry) {
        let counts = &mut self.counts;
        match entry.change {
            Change::Same => counts.same += 1,
            Change::Inserted => counts.inserted += 1,
            Change::Deleted => counts.deleted += 1,
            Change::Changed => {
                counts.moved += usize::from(entry.moved);
                counts.reworded += usize::from(entry.reworded);
                counts.renumbered += usize::from(entry.renumbered && !entry.reworded && !entry.moved);
            }
            Change::MovedAway => {}
        }
        if entry.change != Change::MovedAway {
            counts.chars_inserted += entry.text.chars(SpanKind::Insert);
            counts.chars_deleted += entry.text.chars(SpanKind::Delete);
        }
        self.entries.push(entry);
    }
}

/// A passage that stands in both editions.
fn matched((place, before): (usize, &Passage), (at, passage): (usize, &Passage), moved: bool) -> Entry {
    let renumbered = before.printed_label() != passage.printed_label();
    let reworded = before.body() != passage.body();
    let mut text = TextDiff::default();
    if renumbered {
        text.push(SpanKind::Delete, before.printed_label());
        text.push(SpanKind::Insert, passage.printed_label());
        for span in diff_text(before.body(), passage.body()).spans {
            text.push(span.kind, &span.text);
        }
        text = words::settle(&text);
    } else {
        text = diff_text(&before.text, &passage.text);
    }
    let changed = moved || renumbered || reworded;
    Entry {
        change: if changed { Change::Changed } else { Change::Same },
        old: Some(place),
        new: Some(at),
        old_passage: Some(before.clone()),
        new_passage: Some(passage.clone()),
        moved,
        renumbered,
        reworded,
        text,
    }
}

/// A passage that stands in one edition only.
fn one_sided(passage: &Passage, new: Option<usize>, old: Option<usize>) -> Entry {
    let (change, kind) = match new {
        Some(_) => (Change::Inserted, SpanKind::Insert),
        None => (Change::Deleted, SpanKind::Delete),
    };
    Entry {
        change,
        old,
        new,
        old_passage: old.map(|_| passage.clone()),
        new_passage: new.map(|_| passage.clone()),
        moved: false,
        renumbered: false,
        reworded: false,
        text: TextDiff::whole(kind, &passage.text),
    }
}

/// What happens to an old passage at its old place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Moves(usize),
    Goes,
}

/// The old passages, handed out in order as their neighbours are passed.
struct Gone<'a> {
    old: &'a [Passage],
    fates: Vec<Fate>,
    next: usize,
}

impl<'a> Gone<'a> {
    fn new(old: &'a [Passage], from: &[Option<usize>], in_place: &[bool]) -> Self {
        let mut fates = vec![Fate::Goes; old.len()];
        for (at, (source, fixed)) in from.iter().zip(in_place).enumerate() {
            if let Some(fate) = source.and_then(|place| fates.get_mut(place)) {
                *fate = if *fixed { Fate::Stays } else { Fate::Moves(at) };
            }
        }
        Self { old, fates, next: 0 }
    }

    /// Writes what went after the fixed passage `after` (or from the start),
    /// up to the next fixed passage.
    fn take_until_fixed(&mut self, redline: &mut Redline, after: Option<usize>) {
        self.next = after.map_or(self.next, |at| at + 1);
        while let (Some(passage), Some(fate)) = (self.old.get(self.next), self.fates.get(self.next)) {
            match *fate {
                Fate::Stays => break,
                Fate::Goes => redline.add(one_sided(passage, None, Some(self.next))),
                Fate::Moves(to) => {
                    let mut entry = one_sided(passage, None, Some(self.next));
                    (entry.change, entry.moved, entry.new) = (Change::MovedAway, true, Some(to));
                    redline.add(entry);
                }
            }
            self.next += 1;
        }
    }
}
