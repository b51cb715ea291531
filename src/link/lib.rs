//! What points where: clause links, files, materials and the policies they
//! explain, amendments and repeals.
//!
//! A [`Graph`] is computed from a whole [`Corpus`](jiedu_model::Corpus) and knows every link in both
//! directions. Nothing depends on the order of files. A link that leads nowhere
//! is an error finding with the candidates; it never blocks (contract details
//! 84), and it is absent from the graph.

mod clause;
mod content;
mod faults;
mod pages;
mod paths;
mod references;
mod resolve;
mod routes;

use std::collections::BTreeMap;

pub use clause::ClauseIndex;
pub use clause::decode_percent;
pub use paths::{Written, join, read as read_target};
pub use references::{Reference, TitleIndex, link_html, references, shifted};

use jiedu_base::finding::Rule;
use jiedu_base::name::SetId;

/// Every kind of finding about links.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    pages::PAGES.iter()
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkTarget {
    /// A provision of a set's policy.
    Provision {
        /// The set.
        set: SetId,
        /// Index into [`jiedu_model::PolicyDocument::provisions`].
        index: usize,
        /// The provision's anchor.
        anchor: String,
    },
    /// A set's policy as a whole.
    Policy {
        /// The set.
        set: SetId,
        /// What follows `#`, when something does.
        fragment: Option<String>,
    },
    /// A material.
    Material {
        /// The set.
        set: SetId,
        /// Its name.
        name: String,
        /// What follows `#`, when something does.
        fragment: Option<String>,
    },
    /// A file of a set that is published as it is: an attachment or an image.
    File {
        /// The set.
        set: SetId,
        /// Path relative to the set: `attachments/a.pdf`, `materials/a.png`.
        path: String,
    },
    /// A standing page.
    Page {
        /// Its route.
        route: String,
        /// What follows `#`, when something does.
        fragment: Option<String>,
    },
}

/// A place in a material that explains a provision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Explanation {
    /// The set of the material.
    pub set: SetId,
    /// Name of the material.
    pub material: String,
    /// Index into [`jiedu_model::InterpretationMaterial::sections`].
    pub section: usize,
    /// The section's anchor.
    pub anchor: String,
    /// Whether the link stands in the heading and so speaks of the whole section.
    pub is_whole: bool,
}

/// A material that speaks of a set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MaterialRef {
    /// The set in which it lies.
    pub set: SetId,
    /// Its name.
    pub name: String,
}

/// How one policy bears on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It amends the other.
    Amends,
    /// It is amended by the other.
    AmendedBy,
    /// It repeals the other.
    Repeals,
    /// It is repealed by the other.
    RepealedBy,
}

/// All links of a corpus, resolved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// (path of the file, target as written) → where it leads.
    targets: BTreeMap<(String, String), LinkTarget>,
    /// Set → provision → what explains it.
    explanations: BTreeMap<SetId, Vec<Vec<Explanation>>>,
    /// Set → materials that speak of it, its own first.
    materials: BTreeMap<SetId, Vec<MaterialRef>>,
    /// Set → related sets.
    relations: BTreeMap<SetId, Vec<(Relation, SetId)>>,
    /// Set → references in its policy, in reading order.
    references: BTreeMap<SetId, Vec<Reference>>,
}

impl Graph {
    /// Where a link leads; `path` is the path of the file it stands in, and
    /// `target` is as written, `clause:（五）` or `../attachments/a.pdf`.
    #[must_use]
    pub fn target(&self, path: &str, target: &str) -> Option<&LinkTarget> {
        self.targets.get(&(path.to_owned(), target.to_owned()))
    }

    /// What explains a provision, in the order of materials and sections.
    #[must_use]
    pub fn explanations(&self, set: &SetId, provision: usize) -> &[Explanation] {
        self.explanations.get(set).and_then(|all| all.get(provision)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The materials that speak of a set: its own, then those of other sets
    /// whose 解读对象 names it.
    #[must_use]
    pub fn materials(&self, set: &SetId) -> &[MaterialRef] {
        self.materials.get(set).map(Vec::as_slice).unwrap_or_default()
    }

    /// The references in the policy of a set, in reading order.
    #[must_use]
    pub fn references(&self, set: &SetId) -> &[Reference] {
        self.references.get(set).map(Vec::as_slice).unwrap_or_default()
    }

    /// Which sets a set amends or repeals, and which do so to it.
    #[must_use]
    pub fn relations(&self, set: &SetId) -> &[(Relation, SetId)] {
        self.relations.get(set).map(Vec::as_slice).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
