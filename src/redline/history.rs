//! The history of every provision over all editions of a document.
//!
//! Neighbouring editions are compared as any two are; a provision keeps its
//! line for as long as an edition's provision came from the one before. What
//! is gone keeps its line too, and what comes back later begins a new one:
//! whether it is the same is for people to say.

use super::{Change, Entry, Passage, Redline, compare_passages, passages};
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
#[expect(clippy::struct_excessive_bools, reason = "several things may happen at once, and each is yes or no")]
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
    /// Whether it is part of a split.
    pub split: bool,
    /// Whether it is part of a merge.
    pub merged: bool,
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
        let (of_old, of_new) = entries(&redline, before.len(), passages.len());
        let mut old = std::mem::take(&mut self.here);
        self.here = passages.iter().map(|_| None).collect();
        let at = |index: Option<usize>| index.and_then(|index| Some((index, redline.entries.get(index)?)));
        for (place, passage) in passages.iter().enumerate().filter(|(_, passage)| passage.anchor.is_some()) {
            let source = redline.whole.get(place).copied().flatten();
            let known = source.and_then(|source| old.get_mut(source)).and_then(Option::take);
            let Some((index, entry)) = at(of_new.get(place).copied().flatten()) else { continue };
            let step = Step { from, to, index, entry };
            let line = match known {
                Some(known) => {
                    Some(step.follow(known, source.and_then(|at| before.get(at)), source, passage))
                }
                None => step.begin(passage),
            };
            let Some(line) = line else { continue };
            self.put(place, line);
        }
        for (place, known) in old.into_iter().enumerate() {
            let Some(mut known) = known else { continue };
            known.anchor = None;
            let found = at(of_old.get(place).copied().flatten());
            let is_part = found.is_some_and(|(_, entry)| entry.change == Change::Merged);
            let entry = found.map_or(0, |(index, _)| index);
            let plain = ProvisionEvent { from, to, entry, ..ProvisionEvent::default() };
            known.events.push(ProvisionEvent { deleted: !is_part, merged: is_part, ..plain });
            self.gone.push(known);
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

/// A provision at one step from edition to edition.
struct Step<'r> {
    from: u32,
    to: u32,
    index: usize,
    entry: &'r Entry,
}

impl Step<'_> {
    fn plain(&self) -> ProvisionEvent {
        ProvisionEvent { from: self.from, to: self.to, entry: self.index, ..ProvisionEvent::default() }
    }

    /// The line goes on in `passage`, which was `old` at `source`.
    fn follow(
        &self,
        mut known: ProvisionHistory,
        old: Option<&Passage>,
        source: Option<usize>,
        passage: &Passage,
    ) -> ProvisionHistory {
        let reference = std::mem::replace(&mut known.reference, passage.reference.clone());
        known.name = name(passage);
        known.anchor.clone_from(&passage.anchor);
        // Its own words may be those of another paragraph now.
        let is_shifted = self.entry.old != source && !self.entry.is_group();
        if is_shifted {
            let renumbered = old.is_some_and(|old| old.printed_label() != passage.printed_label());
            let renumbered = renumbered.then(|| (reference, called(passage).to_owned()));
            known.events.push(ProvisionEvent { reworded: true, renumbered, ..self.plain() });
        } else {
            known.events.extend(event(self.entry, self.index, self.from, self.to));
        }
        known
    }

    /// A line that begins here; none for a paragraph outside all provisions.
    fn begin(&self, passage: &Passage) -> Option<ProvisionHistory> {
        let mut line = line(passage, self.to)?;
        let split = self.entry.change == Change::Split;
        line.events.push(ProvisionEvent { inserted: !split, split, ..self.plain() });
        Some(line)
    }
}

/// Index of the entry of every old and every new passage.
fn entries(redline: &Redline, old: usize, new: usize) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let (mut of_old, mut of_new) = (vec![None; old], vec![None; new]);
    let shown = redline.entries.iter().enumerate().filter(|(_, entry)| entry.change != Change::MovedAway);
    for (index, entry) in shown {
        let olds = entry.old.into_iter().chain(entry.more_old.iter().map(|(at, _)| *at));
        let news = entry.new.into_iter().chain(entry.more_new.iter().map(|(at, _)| *at));
        olds.for_each(|at| of_old.get_mut(at).into_iter().for_each(|slot| *slot = Some(index)));
        news.for_each(|at| of_new.get_mut(at).into_iter().for_each(|slot| *slot = Some(index)));
    }
    (of_old, of_new)
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
        split: entry.change == Change::Split,
        merged: entry.change == Change::Merged,
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
