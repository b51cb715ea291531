//! Which passages stand elsewhere than they did.
//!
//! A passage moved when its parent became another provision than its new
//! parent, or when it changed places with its siblings. Of siblings that
//! changed places as few characters as possible count as moved. A heading that
//! was put in or taken out moves nothing.

use std::collections::BTreeMap;

use super::chain::{Link, heaviest};
use super::groups::{Group, inverse};
use super::tree::Tree;

/// For every new passage, whether it moved.
pub(super) fn find(
    old: &Tree<'_>,
    new: &Tree<'_>,
    words: &[Option<usize>],
    whole: &[Option<usize>],
    groups: &[Group],
) -> Vec<bool> {
    let mut grouped_old = vec![None; old.len()];
    let mut grouped_new = vec![None; new.len()];
    for (index, group) in groups.iter().enumerate() {
        for (members, slots) in [(&group.old, &mut grouped_old), (&group.new, &mut grouped_new)] {
            for at in members {
                set(slots, *at, Some(index));
            }
        }
    }
    let whole_back = inverse(whole, old.len());
    let places = Places { old, new, words, whole, whole_back, grouped_old, grouped_new };
    let mut moved = vec![false; new.len()];
    let mut siblings: BTreeMap<Under, Vec<Link>> = BTreeMap::new();
    for (at, from) in words.iter().enumerate() {
        let Some(from) = *from else { continue };
        if places.is_grouped(from, at) {
            continue;
        }
        match places.under(from, at) {
            Some(under) => {
                let chars: usize = if new.is_segment(at) {
                    new.below(at).map(|at| new.chars(at)).sum()
                } else {
                    new.chars(at)
                };
                let weight = u64::try_from(chars).unwrap_or(u64::MAX).saturating_add(1);
                siblings.entry(under).or_default().push(Link { old: from, new: at, weight });
            }
            None => set(&mut moved, at, true),
        }
    }
    for links in siblings.into_values() {
        let stays = heaviest(&links);
        let mut stays = stays.iter().map(|link| link.new).peekable();
        for link in &links {
            while stays.peek().is_some_and(|at| *at < link.new) {
                stays.next();
            }
            if stays.peek() != Some(&link.new) {
                set(&mut moved, link.new, true);
            }
        }
    }
    moved
}

fn set<T>(slots: &mut [T], at: usize, value: T) {
    if let Some(slot) = slots.get_mut(at) {
        *slot = value;
    }
}

/// The first passage of a passage's segment.
fn top(tree: &Tree<'_>, at: usize) -> Option<usize> {
    tree.segment_of(at).and_then(|segment| tree.segments.get(segment)).copied()
}

/// What a passage stands under, in the new document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Under {
    /// A provision that is the same as before.
    Parent(usize),
    /// Nothing, or a heading that the other document lacks.
    Nothing,
}

struct Places<'a> {
    old: &'a Tree<'a>,
    new: &'a Tree<'a>,
    words: &'a [Option<usize>],
    whole: &'a [Option<usize>],
    whole_back: Vec<Option<usize>>,
    grouped_old: Vec<Option<usize>>,
    grouped_new: Vec<Option<usize>>,
}

impl Places<'_> {
    fn group_of(slots: &[Option<usize>], at: usize) -> Option<usize> {
        slots.get(at).copied().flatten()
    }

    fn is_grouped(&self, old: usize, new: usize) -> bool {
        Self::group_of(&self.grouped_old, old).is_some() || Self::group_of(&self.grouped_new, new).is_some()
    }

    /// What both stand under; none when that is not the same.
    fn under(&self, old: usize, new: usize) -> Option<Under> {
        let is_top = |tree: &Tree<'_>, at: usize| tree.is_segment(at) || tree.segment_of(at).is_none();
        match (is_top(self.old, old), is_top(self.new, new)) {
            (true, true) => self.under_heading(self.old.parent(old), self.new.parent(new)),
            (false, false) => {
                let (was, is) = (self.old.parent(old)?, self.new.parent(new)?);
                self.is_same(was, is).then_some(Under::Parent(is))
            }
            // The first paragraph of an article has no place of its own: it is
            // the article. Inside the article it stands beside the others.
            (true, false) => {
                let top = top(self.new, new)?;
                (self.whole.get(top).copied().flatten() == Some(old)).then_some(Under::Parent(top))
            }
            (false, true) => {
                let top = top(self.old, old)?;
                (self.whole_back.get(top).copied().flatten() == Some(new)).then_some(Under::Parent(new))
            }
        }
    }

    fn under_heading(&self, was: Option<usize>, is: Option<usize>) -> Option<Under> {
        let became = |was: usize| self.whole_back.get(was).copied().flatten();
        let came = |is: usize| self.whole.get(is).copied().flatten();
        match (was, is) {
            (Some(was), Some(is)) if came(is) == Some(was) => Some(Under::Parent(is)),
            (Some(was), Some(is)) if became(was).is_some() && came(is).is_some() => None,
            _ => Some(Under::Nothing),
        }
    }

    fn is_same(&self, was: usize, is: usize) -> bool {
        let known = [self.words, self.whole].iter().any(|map| map.get(is).copied().flatten() == Some(was));
        let group = Self::group_of(&self.grouped_new, is);
        known || (group.is_some() && group == Self::group_of(&self.grouped_old, was))
    }
}
