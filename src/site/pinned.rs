//! Interpretations pinned to the clauses they were checked against.
//!
//! A clause link is read in the edition that stood when its material was last
//! written, and followed from there to the edition at hand: a clause that only
//! got another number keeps its interpretation, one whose words changed keeps
//! it with the mark 待复核, and one that is gone has none. The name alone would
//! put the interpretation of an old 第四条 beside a new one.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::catalogue::{Catalogue, Material};
use super::clause::{Clauses, split_target};
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{InterpretationMaterial, PolicyDocument, Provision};
use jiedu_redline::{Passage, compare_passages, passages};

/// A clause found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pin {
    /// Index of the provision in the edition at hand.
    pub(super) provision: usize,
    /// Whether its words changed since the interpretation was checked.
    pub(super) stale: bool,
}

/// The clauses of a policy as a text knew them that was last written when an
/// older edition stood.
#[derive(Debug)]
pub(super) struct Pins<'a> {
    /// The policy as it was then; none when it is the one at hand.
    old: Option<(&'a PolicyDocument, Clauses<'a>)>,
    new: &'a PolicyDocument,
    clauses: Clauses<'a>,
    /// Anchors then and now of the clauses that stayed, made when first asked for.
    stayed: OnceCell<BTreeMap<String, String>>,
}

impl<'a> Pins<'a> {
    pub(super) fn new(old: Option<&'a PolicyDocument>, new: &'a PolicyDocument) -> Self {
        let old = old.filter(|old| !std::ptr::eq(*old, new)).map(|old| (old, Clauses::new(old)));
        Self { old, new, clauses: Clauses::new(new), stayed: OnceCell::new() }
    }

    /// The clause that a name stood for, where it stands now.
    pub(super) fn find(&self, name: &str) -> Option<Pin> {
        let by_name = self.clauses.find(name);
        let Some((old, clauses)) = &self.old else {
            return by_name.map(|provision| Pin { provision, stale: false });
        };
        let Some(then) = clauses.find(name) else {
            return by_name.map(|provision| Pin { provision, stale: true });
        };
        let before = old.provisions.get(then)?;
        let is_same = |now: &usize| {
            self.new.provisions.get(*now).is_some_and(|now| now.fingerprint == before.fingerprint)
        };
        if let Some(provision) = by_name.filter(is_same) {
            return Some(Pin { provision, stale: false });
        }
        let stayed = self.stayed.get_or_init(|| stayed(old, self.new));
        if let Some(anchor) = stayed.get(&before.anchor) {
            let provision = self.new.provisions.iter().position(|now| now.anchor == *anchor)?;
            return Some(Pin { provision, stale: words(old, then) != words(self.new, provision) });
        }
        // The clause is gone. What has its name now is either another clause
        // that moved up, or a new text in its place.
        let taken = |now: &usize| {
            let anchor = self.new.provisions.get(*now).map(|now| now.anchor.as_str());
            stayed.values().any(|known| Some(known.as_str()) == anchor)
        };
        by_name.filter(|now| !taken(now)).map(|provision| Pin { provision, stale: true })
    }

    /// Whether the text knew a clause by this name that is there no more.
    fn is_gone(&self, name: &str) -> bool {
        let was_known = self.old.as_ref().is_some_and(|(_, clauses)| clauses.find(name).is_some());
        was_known && self.find(name).is_none()
    }
}

/// The anchors, before and after, of the provisions that both texts have.
fn stayed(old: &PolicyDocument, new: &PolicyDocument) -> BTreeMap<String, String> {
    followed(&passages(old), &passages(new))
}

/// As [`stayed`], of passages.
fn followed(old: &[Passage], new: &[Passage]) -> BTreeMap<String, String> {
    let redline = compare_passages(old, new);
    let pairs = new.iter().zip(&redline.whole);
    pairs
        .filter_map(|(new, old_at)| {
            let before = old.get((*old_at)?)?;
            Some((before.anchor.clone()?, new.anchor.clone()?))
        })
        .collect()
}

/// The words of a provision and all below it, without its own label and white space.
fn words(policy: &PolicyDocument, index: usize) -> String {
    let Some(top) = policy.provisions.get(index) else { return String::new() };
    let own = top.text.trim_start();
    let own = own.strip_prefix(top.label.as_str()).unwrap_or(own);
    let below = policy.provisions.iter().skip(index + 1).take_while(|below| below.depth > top.depth);
    let below = below.map(|below: &Provision| below.text.as_str());
    std::iter::once(own).chain(below).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}

/// The clauses that one material names, in its own set and in others.
#[derive(Debug)]
pub(super) struct Pinboard<'p, 'a> {
    catalogue: &'p Catalogue<'a>,
    material: Material<'a>,
    /// The first edition that has the material as it is.
    since: &'a Edition,
    known: RefCell<BTreeMap<SetId, Option<Rc<Pins<'a>>>>>,
}

impl<'p, 'a> Pinboard<'p, 'a> {
    pub(super) fn new(catalogue: &'p Catalogue<'a>, material: Material<'a>) -> Self {
        let since = written_in(material.set, material.edition, material.material);
        Self { catalogue, material, since, known: RefCell::default() }
    }

    /// The material.
    pub(super) fn material(&self) -> &'a InterpretationMaterial {
        self.material.material
    }

    /// The clause that a target (`（五）`, `2025/a#第三条`) leads to: the set
    /// when it is another one, and the clause in its current edition; in the
    /// own set the clause in the edition of the material.
    pub(super) fn find(&self, target: &str) -> Option<(Option<SetId>, Pin)> {
        let (other, name) = split_target(target);
        let other = other.filter(|id| *id != self.material.set.id);
        let pins = self.pins(other.as_ref().unwrap_or(&self.material.set.id))?;
        Some((other, pins.find(name)?))
    }

    /// Whether a target meant a clause that is gone: what has its name now is another.
    pub(super) fn is_gone(&self, target: &str) -> bool {
        let (other, name) = split_target(target);
        let pins = self.pins(other.as_ref().unwrap_or(&self.material.set.id));
        pins.is_some_and(|pins| pins.is_gone(name))
    }

    fn pins(&self, id: &SetId) -> Option<Rc<Pins<'a>>> {
        if let Some(known) = self.known.borrow().get(id) {
            return known.clone();
        }
        let made = if *id == self.material.set.id {
            let new = self.material.edition.set.policy.as_ref();
            new.map(|new| Pins::new(self.since.set.policy.as_ref(), new))
        } else {
            let entry = self.catalogue.entry(id);
            entry.map(|entry| Pins::new(read_by(entry.set, self.since), entry.policy))
        };
        let made = made.map(Rc::new);
        self.known.borrow_mut().insert(id.clone(), made.clone());
        made
    }
}

/// The first edition since which a material has not been touched.
fn written_in<'a>(
    set: &'a PublishedSet,
    edition: &'a Edition,
    material: &InterpretationMaterial,
) -> &'a Edition {
    let older = set.editions.iter().rev().filter(|older| older.number < edition.number);
    let same = |older: &&Edition| {
        let known = older.set.materials.iter().find(|old| old.name == material.name);
        known.is_some_and(|known| known.file.text() == material.file.text())
    };
    older.take_while(same).last().unwrap_or(edition)
}

/// The policy of the edition that was current when another set's edition
/// came into being.
pub(super) fn read_by<'a>(set: &'a PublishedSet, reader: &Edition) -> Option<&'a PolicyDocument> {
    let known = set.editions.iter().rev().find(|edition| edition.instant <= reader.instant);
    known.or(set.editions.first())?.set.policy.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::published;

    fn policy(text: &str) -> PolicyDocument {
        let front = "---\n标题: 某办法\n发文机关: 某局\n---\n\n";
        let set = published("2025/a", &[&[("policy.md", &format!("{front}{text}"))]]);
        set.editions[0].set.policy.clone().unwrap()
    }

    fn anchor(pins: &Pins<'_>, name: &str) -> Option<(String, bool)> {
        let pin = pins.find(name)?;
        Some((pins.new.provisions.get(pin.provision)?.anchor.clone(), pin.stale))
    }

    #[test]
    fn a_clause_is_followed_through_renumbering_and_marked_when_reworded() {
        let old = policy(
            "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车收费标准为每小时五元，按月结算。\n\n第三条 群众可以拨打服务热线进行投诉。\n\n第四条 下列车辆免费停放：\n\n（一）军队的车辆；\n\n第五条 旧的条款将要全部删去不再保留。\n",
        );
        let new = policy(
            "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车管理应当遵循公开便民原则。\n\n第三条 停车收费标准为每小时五元，按月结算。\n\n第四条 群众可以拨打服务热线进行举报。\n\n第五条 下列车辆免费停放：\n\n（一）军队的车辆；\n\n（二）警车；\n",
        );
        let pins = Pins::new(Some(&old), &new);
        let found = |anchor: &str, stale| Some((anchor.to_owned(), stale));
        assert_eq!(anchor(&pins, "第一条"), found("art1", false), "the same");
        assert_eq!(anchor(&pins, "第二条"), found("art3", false), "another number only");
        assert_eq!(anchor(&pins, "第三条"), found("art4", true), "another number and other words");
        assert_eq!(anchor(&pins, "第四条"), found("art5", true), "an item came in");
        assert_eq!(anchor(&pins, "第五条"), None, "gone, and its name is another's");
        assert!(pins.is_gone("第五条") && !pins.is_gone("第四条") && !pins.is_gone("第九条"));
        let same = Pins::new(Some(&new), &new);
        assert_eq!(anchor(&same, "第四条"), found("art4", false));
    }
}
