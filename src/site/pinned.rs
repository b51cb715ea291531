//! Interpretations pinned to the clauses they were checked against.
//!
//! What a clause link means is judged in [`jiedu_edition::pins`], from the
//! section in which it stands; here that is asked for the links of one
//! material, in its own set and in others.

use std::cell::Cell;

use super::catalogue::{Catalogue, Material};
use super::clause::split_target;
use jiedu_base::name::SetId;
pub(super) use jiedu_edition::pins::Pin;
use jiedu_edition::pins::{Aim, Aims, Follow, Written, aims, locate};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{InterpretationMaterial, PolicyDocument};

/// The clauses that one material names, in its own set and in others.
#[derive(Debug)]
pub(super) struct Pinboard<'p, 'a> {
    catalogue: &'p Catalogue<'a>,
    material: Material<'a>,
    /// The editions that have the material without a break, oldest first.
    editions: Vec<&'a Edition>,
    /// What its links were aimed at, section by section.
    aims: Vec<Aims>,
    /// The section that is being written.
    here: Cell<Option<usize>>,
}

impl<'p, 'a> Pinboard<'p, 'a> {
    pub(super) fn new(catalogue: &'p Catalogue<'a>, material: Material<'a>) -> Self {
        let (editions, history) = history(material.set, material.edition, material.material);
        let aims = aims(&history, &catalogue.redlines);
        Self { catalogue, material, editions, aims, here: Cell::new(None) }
    }

    /// The material.
    pub(super) fn material(&self) -> &'a InterpretationMaterial {
        self.material.material
    }

    /// From now on the links of this section are asked for.
    pub(super) fn enter(&self, section: usize) {
        self.here.set(Some(section));
    }

    /// As [`Self::find`], in the section that is being written.
    pub(super) fn find_here(&self, target: &str) -> Option<(Option<SetId>, Pin)> {
        self.find(self.section(target)?, target)
    }

    /// The section that is being written, or the first that has the link.
    fn section(&self, target: &str) -> Option<usize> {
        let has = |section: &usize| self.aims.get(*section).is_some_and(|aims| aims.contains_key(target));
        self.here.get().filter(has).or_else(|| (0..self.aims.len()).find(has))
    }

    /// The clause that a target (`（五）`, `2025/a#第三条`) of a section leads
    /// to: the set when it is another one, and the clause in its current
    /// edition; in the own set the clause in the edition of the material.
    pub(super) fn find(&self, section: usize, target: &str) -> Option<(Option<SetId>, Pin)> {
        let aim = self.aims.get(section)?.get(target)?;
        let (other, _) = split_target(target);
        let other = other.filter(|id| *id != self.material.set.id);
        let now = self.policy_now(other.as_ref())?;
        let [then, reviewed] = [aim.pinned, aim.reviewed].map(|at| self.policy_then(other.as_ref(), at));
        let pin = locate(aim, then, reviewed, now, &self.catalogue.redlines)?;
        Some((other, pin))
    }

    /// Whether a target meant a clause that is gone: what has its name now is another.
    pub(super) fn is_gone(&self, target: &str) -> bool {
        let aim = self.section(target).and_then(|section| self.aims.get(section)?.get(target));
        let (other, _) = split_target(target);
        let other = other.filter(|id| *id != self.material.set.id);
        let (Some(aim), Some(now)) = (aim, self.policy_now(other.as_ref())) else { return false };
        let then = self.policy_then(other.as_ref(), aim.pinned);
        Follow::new(then, now, &self.catalogue.redlines).is_gone(&aim.label)
    }

    fn policy_now(&self, other: Option<&SetId>) -> Option<&'a PolicyDocument> {
        match other {
            None => self.material.edition.set.policy.as_ref(),
            Some(id) => self.catalogue.entry(id).map(|entry| entry.policy),
        }
    }

    /// The policy as it was when an edition of the material came into being.
    fn policy_then(&self, other: Option<&SetId>, at: usize) -> Option<&'a PolicyDocument> {
        let edition = *self.editions.get(at)?;
        match other {
            None => edition.set.policy.as_ref(),
            Some(id) => self.catalogue.entry(id).and_then(|entry| read_by(entry.set, edition)),
        }
    }
}

/// The editions up to one that have a material without a break, oldest first,
/// and the material in each.
fn history<'a>(
    set: &'a PublishedSet,
    edition: &'a Edition,
    material: &'a InterpretationMaterial,
) -> (Vec<&'a Edition>, Vec<Written<'a>>) {
    let older = set.editions.iter().rev().filter(|older| older.number < edition.number);
    let known = older.map_while(|older| {
        let known = older.set.materials.iter().find(|old| old.name == material.name)?;
        Some((older, Written { policy: older.set.policy.as_ref(), material: known }))
    });
    let own = (edition, Written { policy: edition.set.policy.as_ref(), material });
    let mut all: Vec<(&Edition, Written<'_>)> = std::iter::once(own).chain(known).collect();
    all.reverse();
    all.into_iter().unzip()
}

/// The policy of the edition that was current when another set's edition
/// came into being.
pub(super) fn read_by<'a>(set: &'a PublishedSet, reader: &Edition) -> Option<&'a PolicyDocument> {
    let known = set.editions.iter().rev().find(|edition| edition.instant <= reader.instant);
    known.or(set.editions.first())?.set.policy.as_ref()
}

/// A clause that was named in one text and looked through in another.
pub(super) fn followed<'a>(
    catalogue: &'a Catalogue<'_>,
    label: &str,
    (named, seen): (Option<&'a PolicyDocument>, Option<&'a PolicyDocument>),
    now: &'a PolicyDocument,
) -> Option<Pin> {
    let is_one = named.zip(seen).is_some_and(|(named, seen)| std::ptr::eq(named, seen));
    let aim = Aim { pinned: 0, label: label.to_owned(), reviewed: usize::from(!is_one) };
    locate(&aim, named, seen, now, &catalogue.redlines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::published;
    use jiedu_edition::pins::Redlines;

    fn policy(text: &str) -> PolicyDocument {
        let front = "---\n标题: 某办法\n发文机关: 某局\n---\n\n";
        let set = published("2025/a", &[&[("policy.md", &format!("{front}{text}"))]]);
        set.editions[0].set.policy.clone().unwrap()
    }

    fn anchor((pins, new): (&Follow<'_>, &PolicyDocument), name: &str) -> Option<(String, bool)> {
        let pin = pins.find(name)?;
        Some((new.provisions.get(pin.provision)?.anchor.clone(), pin.stale))
    }

    #[test]
    fn a_clause_is_followed_through_renumbering_and_marked_when_reworded() {
        let old = policy(
            "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车收费标准为每小时五元，按月结算。\n\n第三条 群众可以拨打服务热线进行投诉。\n\n第四条 下列车辆免费停放：\n\n（一）军队的车辆；\n\n第五条 旧的条款将要全部删去不再保留。\n",
        );
        let new = policy(
            "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车管理应当遵循公开便民原则。\n\n第三条 停车收费标准为每小时五元，按月结算。\n\n第四条 群众可以拨打服务热线进行举报。\n\n第五条 下列车辆免费停放：\n\n（一）军队的车辆；\n\n（二）警车；\n",
        );
        let redlines = Redlines::default();
        let pins = Follow::new(Some(&old), &new, &redlines);
        let found = |anchor: &str, stale| Some((anchor.to_owned(), stale));
        assert_eq!(anchor((&pins, &new), "第一条"), found("art1", false), "the same");
        assert_eq!(anchor((&pins, &new), "第二条"), found("art3", false), "another number only");
        assert_eq!(anchor((&pins, &new), "第三条"), found("art4", true), "another number and other words");
        assert_eq!(anchor((&pins, &new), "第四条"), found("art5", true), "an item came in");
        assert_eq!(anchor((&pins, &new), "第五条"), None, "gone, and its name is another's");
        assert!(pins.is_gone("第五条") && !pins.is_gone("第四条") && !pins.is_gone("第九条"));
        let same = Follow::new(Some(&new), &new, &redlines);
        assert_eq!(anchor((&same, &new), "第四条"), found("art4", false));
    }
}
