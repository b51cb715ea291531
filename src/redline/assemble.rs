//! From an alignment to a redline.

use super::Passage;
use super::align::{Alignment, align};
use super::entry::{Change, Entry, Redline};
use super::groups::Group;
use super::tree::own_words;
use super::words::{self, SpanKind, TextDiff, diff_text};

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
    let alignment = align(old, new);
    let mut groups: Vec<Option<&Group>> = vec![None; new.len()];
    for group in &alignment.groups {
        for at in &group.new {
            groups.get_mut(*at).into_iter().for_each(|slot| *slot = Some(group));
        }
    }
    let mut gone = Gone::new(old, &alignment);
    let mut redline = Redline::default();
    gone.take_until_fixed(&mut redline, None);
    for (at, passage) in new.iter().enumerate() {
        if let Some(group) = groups.get(at).copied().flatten() {
            if group.new.first() == Some(&at) {
                redline.add(grouped(old, new, group));
                for from in &group.old {
                    gone.take_until_fixed(&mut redline, Some(*from));
                }
            }
            continue;
        }
        let source = alignment.words.get(at).copied().flatten();
        let moved = alignment.moved.get(at).copied().unwrap_or(false);
        let entry = match source.and_then(|place| old.get(place).map(|passage| (place, passage))) {
            Some((place, before)) => matched((place, before), (at, passage), moved),
            None => one_sided(passage, Some(at), None),
        };
        redline.add(entry);
        if source.is_some() && !moved {
            gone.take_until_fixed(&mut redline, source);
        }
    }
    redline.whole = alignment.whole;
    redline
}

/// A passage that stands in both editions.
fn matched((place, before): (usize, &Passage), (at, passage): (usize, &Passage), moved: bool) -> Entry {
    let renumbered = before.printed_label() != passage.printed_label();
    let (old_words, new_words) = (own_words(before), own_words(passage));
    let reworded = old_words != new_words;
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
    let (chars_inserted, chars_deleted) = if reworded { count(&old_words, &new_words) } else { (0, 0) };
    let changed = moved || renumbered || reworded;
    Entry {
        change: if changed { Change::Changed } else { Change::Same },
        old: Some(place),
        new: Some(at),
        old_passage: Some(before.clone()),
        new_passage: Some(passage.clone()),
        more_old: Vec::new(),
        more_new: Vec::new(),
        moved,
        renumbered,
        reworded,
        text,
        chars_inserted,
        chars_deleted,
    }
}

/// Characters that came and that went.
fn count(old: &str, new: &str) -> (usize, usize) {
    let diff = diff_text(old, new);
    (diff.chars(SpanKind::Insert), diff.chars(SpanKind::Delete))
}

/// A split or a merge.
fn grouped(old: &[Passage], new: &[Passage], group: &Group) -> Entry {
    let take = |passages: &[Passage], places: &[usize]| -> Vec<(usize, Passage)> {
        places.iter().filter_map(|at| Some((*at, passages.get(*at)?.clone()))).collect()
    };
    let (mut olds, mut news) = (take(old, &group.old), take(new, &group.new));
    let joined = |passages: &[(usize, Passage)]| -> String {
        passages.iter().map(|(_, passage)| own_words(passage)).collect()
    };
    let text = diff_text(&joined(&olds), &joined(&news));
    let (first_old, first_new) = (olds.first().cloned(), news.first().cloned());
    (olds, news) = (olds.split_off(1.min(olds.len())), news.split_off(1.min(news.len())));
    Entry {
        change: if group.is_split { Change::Split } else { Change::Merged },
        old: first_old.as_ref().map(|(at, _)| *at),
        new: first_new.as_ref().map(|(at, _)| *at),
        old_passage: first_old.map(|(_, passage)| passage),
        new_passage: first_new.map(|(_, passage)| passage),
        more_old: olds,
        more_new: news,
        moved: false,
        renumbered: false,
        reworded: !text.is_equal(),
        chars_inserted: text.chars(SpanKind::Insert),
        chars_deleted: text.chars(SpanKind::Delete),
        text,
    }
}

/// A passage that stands in one edition only.
fn one_sided(passage: &Passage, new: Option<usize>, old: Option<usize>) -> Entry {
    let chars = own_words(passage).chars().count();
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
        more_old: Vec::new(),
        more_new: Vec::new(),
        moved: false,
        renumbered: false,
        reworded: false,
        text: TextDiff::whole(kind, &passage.text),
        chars_inserted: if new.is_some() { chars } else { 0 },
        chars_deleted: if new.is_some() { 0 } else { chars },
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
    fn new(old: &'a [Passage], alignment: &Alignment) -> Self {
        let mut fates = vec![Fate::Goes; old.len()];
        for (at, (source, moved)) in alignment.words.iter().zip(&alignment.moved).enumerate() {
            if let Some(fate) = source.and_then(|place| fates.get_mut(place)) {
                *fate = if *moved { Fate::Moves(at) } else { Fate::Stays };
            }
        }
        for at in alignment.groups.iter().flat_map(|group| &group.old) {
            fates.get_mut(*at).into_iter().for_each(|fate| *fate = Fate::Stays);
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
