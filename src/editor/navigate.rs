//! Where a link leads, and what leads here.

use jiedu_base::name::SetId;
use jiedu_base::text::TextRange;
use jiedu_link::{LinkTarget, references};
use jiedu_model::PolicyDocument;

use super::context::{front_matter, link_at, token_at, touches};
use super::desk::Desk;

/// A place in a file of the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Path relative to the repository.
    pub path: String,
    /// The bytes; empty at 0 for a whole file.
    pub range: TextRange,
}

impl Spot {
    fn whole(path: String) -> Self {
        Self { path, range: TextRange::default() }
    }
}

/// A provision of a set's policy.
pub(super) struct Clause<'a> {
    pub(super) set: &'a SetId,
    pub(super) policy: &'a PolicyDocument,
    pub(super) index: usize,
}

impl Desk {
    /// Where what stands at a place leads: a link to its provision or file, an
    /// id of a set to its policy, a planned material to its file.
    pub fn define(&mut self, path: &str, offset: usize) -> Option<Spot> {
        self.refresh();
        if let Some(link) = link_at(self, path, offset) {
            let target = self.content().graph.target(path, &link.target)?;
            return self.spot(target);
        }
        if let Some((clause, _)) = self.reference_at(path, offset) {
            let range = clause.policy.provisions.get(clause.index)?.range;
            return Some(Spot { path: clause.policy.file.path().to_owned(), range });
        }
        self.define_in_front_matter(path, offset)
    }

    fn spot(&self, target: &LinkTarget) -> Option<Spot> {
        let of_set = |set: &SetId, inner: &str| Spot::whole(format!("content/policies/{set}/{inner}"));
        Some(match target {
            LinkTarget::Provision { set, index, .. } => {
                let policy = self.content().corpus.sets.get(set)?.policy.as_ref()?;
                let range = policy.provisions.get(*index)?.range;
                Spot { path: policy.file.path().to_owned(), range }
            }
            LinkTarget::Policy { set, .. } => of_set(set, "policy.md"),
            LinkTarget::Material { set, name, .. } => of_set(set, &format!("materials/{name}.md")),
            LinkTarget::File { set, path } => of_set(set, path),
            LinkTarget::Page { route, .. } => Spot::whole(format!("content/pages/{route}.md")),
        })
    }

    fn define_in_front_matter(&self, path: &str, offset: usize) -> Option<Spot> {
        let file = self.file(path)?;
        if !touches(front_matter(file.text())?, offset) {
            return None;
        }
        let word = file.slice(token_at(file.text(), offset)?);
        if let Some((id, _)) =
            SetId::parse(word).ok().and_then(|id| self.content().corpus.sets.get_key_value(&id))
        {
            return Some(Spot::whole(format!("content/policies/{id}/policy.md")));
        }
        let (_, set) = self.set(path)?;
        let material =
            set.materials.iter().find(|material| word.strip_suffix(".md") == Some(&material.name))?;
        Some(Spot::whole(material.file.path().to_owned()))
    }

    /// The provision that a reference in a policy's own words means (`第六条`,
    /// `前款`), and the bytes of the reference.
    pub(super) fn reference_at(&self, path: &str, offset: usize) -> Option<(Clause<'_>, TextRange)> {
        let (set, parsed) = self.set(path)?;
        let policy = parsed.policy.as_ref().filter(|policy| policy.file.path() == path)?;
        let found = references(policy).into_iter().find(|one| touches(one.range, offset))?;
        Some((Clause { set, policy, index: found.target? }, found.range))
    }

    /// The provision at a place: the one a link there leads to, or the one of
    /// the policy in whose text the place lies.
    pub(super) fn clause_at(&self, path: &str, offset: usize) -> Option<Clause<'_>> {
        if let Some(link) = link_at(self, path, offset) {
            let Some(LinkTarget::Provision { set, index, .. }) =
                self.content().graph.target(path, &link.target)
            else {
                return None;
            };
            let (set, parsed) = self.content().corpus.sets.get_key_value(set)?;
            return Some(Clause { set, policy: parsed.policy.as_ref()?, index: *index });
        }
        if let Some((clause, _)) = self.reference_at(path, offset) {
            return Some(clause);
        }
        let (set, parsed) = self.set(path)?;
        let policy = parsed.policy.as_ref().filter(|policy| policy.file.path() == path)?;
        let around = policy.provisions.iter().enumerate().filter(|(_, one)| touches(one.range, offset));
        // Of the provisions that share a block the smallest, of equal ones the deepest.
        let (index, _) = around.min_by_key(|(index, one)| (one.range.len(), std::cmp::Reverse(*index)))?;
        Some(Clause { set, policy, index })
    }

    /// Every link and reference that leads to the provision at a place, and with
    /// `with_itself` the provision; sorted.
    pub fn references(&mut self, path: &str, offset: usize, with_itself: bool) -> Vec<Spot> {
        self.refresh();
        let Some(clause) = self.clause_at(path, offset) else { return Vec::new() };
        let mut spots = Vec::new();
        for body in self.bodies() {
            let path = body.file.path();
            for link in &body.links {
                if let Some(LinkTarget::Provision { set, index, .. }) =
                    self.content().graph.target(path, &link.target)
                    && (set, *index) == (clause.set, clause.index)
                {
                    spots.push(Spot { path: path.to_owned(), range: link.range });
                }
            }
        }
        let path = clause.policy.file.path();
        let inside = references(clause.policy).into_iter().filter(|one| one.target == Some(clause.index));
        spots.extend(inside.map(|one| Spot { path: path.to_owned(), range: one.range }));
        if with_itself && let Some(provision) = clause.policy.provisions.get(clause.index) {
            spots.push(Spot { path: clause.policy.file.path().to_owned(), range: provision.range });
        }
        spots.sort();
        spots
    }
}
