//! The history of every provision over all editions of a document.
//!
//! Neighbouring editions are compared as any two are; a provision keeps its
//! line for as long as an edition's provision came from the one before. What
//! is gone keeps its line too, and what comes back later begins a new one:
//! whether it is the same is for people to say.

use super::{Change, Entry, Passage, compare_passages, passages};
use jiedu_model::PolicyDocument;

/// The line of one provision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvisionHistory {
    /// Its anchor in the newest edition; none when it is gone.
    pub anchor: Option<String>,
    /// How links name it, in the last edition that has it.
    pub reference: String,
    /// Its label and heading, in the last edition that has it.
    pub name: String,
    /// The first edition that has it.
    pub since: u32,
    /// What happened to it after the first edition of all, oldest first.
    pub events: Vec<ProvisionEvent>,
}

/// What happened to a provision from one edition to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four things may happen at once, and each is yes or no")]
pub struct ProvisionEvent {
    /// The edition before.
    pub from: u32,
    /// The edition in which it happened.
    pub to: u32,
    /// Index of the entry in the redline of the two.
    pub entry: usize,
    /// Whether it came.
    pub inserted: bool,
    /// Whether it went.
    pub deleted: bool,
    /// Whether its words changed.
    pub reworded: bool,
    /// Whether it stands elsewhere.
    pub moved: bool,
    /// Its name before and after, where its label changed.
    pub renumbered: Option<(String, String)>,
}

/// The provisions of the newest edition in reading order, then those that are
/// gone, the last to go first. `editions` are numbers and texts, oldest first.
#[must_use]
pub fn history(editions: &[(u32, &PolicyDocument)]) -> Vec<ProvisionHistory> {
    let texts: Vec<(u32, Vec<Passage>)> =
        editions.iter().map(|(number, document)| (*number, passages(document))).collect();
    let mut lines = Lines::default();
    for (index, (number, passages)) in texts.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| texts.get(before));
        match before {
            None => lines.begin(*number, passages),
            Some((old, before)) => lines.step(*old, before, *number, passages),
        }
    }
    lines.finish()
}

/// The lines so far.
#[derive(Default)]
struct Lines {
    /// By place among the passages of the edition reached; none for a
    /// paragraph outside all provisions.
    here: Vec<Option<ProvisionHistory>>,
    gone: Vec<ProvisionHistory>,
}

impl Lines {
    fn begin(&mut self, number: u32, passages: &[Passage]) {
        self.here = passages.iter().map(|passage| line(passage, number)).collect();
    }

    fn step(&mut self, from: u32, before: &[Passage], to: u32, passages: &[Passage]) {
        let redline = compare_passages(before, passages);
        let mut old = std::mem::take(&mut self.here);
        self.here = passages.iter().map(|_| None).collect();
        for (index, entry) in redline.entries.iter().enumerate() {
            if entry.change == Change::MovedAway {
                continue;
            }
            let event = event(entry, index, from, to);
            let known = entry.old.and_then(|place| old.get_mut(place)).and_then(Option::take);
            let new = entry.new.zip(entry.new_passage.as_ref()).filter(|(_, new)| new.anchor.is_some());
            match (known, new) {
                (Some(mut known), Some((place, passage))) => {
                    (known.reference, known.name) = (passage.reference.clone(), name(passage));
                    known.anchor.clone_from(&passage.anchor);
                    known.events.extend(event);
                    self.put(place, known);
                }
                (Some(mut known), None) => {
                    known.anchor = None;
                    let plain = ProvisionEvent { from, to, entry: index, ..ProvisionEvent::default() };
                    known.events.push(ProvisionEvent { deleted: true, ..event.unwrap_or(plain) });
                    self.gone.push(known);
                }
                (None, Some((place, passage))) => {
                    let Some(mut line) = line(passage, to) else { continue };
                    let plain = ProvisionEvent { from, to, entry: index, ..ProvisionEvent::default() };
                    line.events.push(ProvisionEvent { inserted: true, ..plain });
                    self.put(place, line);
                }
                (None, None) => {}
            }
        }
    }

    fn put(&mut self, place: usize, line: ProvisionHistory) {
        if let Some(slot) = self.here.get_mut(place) {
            *slot = Some(line);
        }
    }

    fn finish(mut self) -> Vec<ProvisionHistory> {
        let last = |line: &ProvisionHistory| line.events.last().map_or(0, |event| event.to);
        self.gone.sort_by_key(|line| std::cmp::Reverse(last(line)));
        self.here.into_iter().flatten().chain(self.gone).collect()
    }
}

/// A new line; none for a paragraph outside all provisions.
fn line(passage: &Passage, since: u32) -> Option<ProvisionHistory> {
    let anchor = Some(passage.anchor.clone()?);
    let (reference, name) = (passage.reference.clone(), name(passage));
    Some(ProvisionHistory { anchor, reference, name, since, events: Vec::new() })
}

/// What an entry says; none when nothing happened.
fn event(entry: &Entry, index: usize, from: u32, to: u32) -> Option<ProvisionEvent> {
    if entry.change == Change::Same {
        return None;
    }
    let names = entry.old_passage.as_ref().zip(entry.new_passage.as_ref());
    let renumbered =
        names.filter(|_| entry.renumbered).map(|(old, new)| (called(old).to_owned(), called(new).to_owned()));
    Some(ProvisionEvent {
        from,
        to,
        entry: index,
        inserted: entry.change == Change::Inserted,
        deleted: entry.change == Change::Deleted,
        reworded: entry.reworded,
        moved: entry.moved,
        renumbered,
    })
}

fn called(passage: &Passage) -> &str {
    if passage.reference.is_empty() { &passage.label } else { &passage.reference }
}

fn name(passage: &Passage) -> String {
    let called = called(passage);
    if passage.heading.is_empty() {
        return called.to_owned();
    }
    let space = if called.starts_with('第') { " " } else { "" };
    format!("{called}{space}{}", passage.heading)
}
