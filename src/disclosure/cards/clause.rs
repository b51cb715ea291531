//! The clauses that cards name.

use jiedu_base::name::SetId;
use jiedu_link::ClauseIndex;
use jiedu_model::{PolicyDocument, Provision};

/// Where clauses are looked up: the policy of the card's own set, and those of
/// other sets by their ids.
#[derive(Clone, Copy)]
pub struct Clauses<'a> {
    /// The policy of the card's set.
    pub own: Option<&'a PolicyDocument>,
    /// Policies of other sets.
    pub others: &'a dyn Fn(&SetId) -> Option<&'a PolicyDocument>,
}

/// A clause that was found.
#[derive(Debug, Clone)]
pub(super) struct Found<'a> {
    /// The anchor, after `set#` when it is another set's.
    pub(super) anchor: String,
    /// The provision and everything below it.
    pub(super) provisions: Vec<&'a Provision>,
}

impl Found<'_> {
    /// The words of the clause, those of its parts included, labels left out, so
    /// that the 三 of 第三条 is no figure.
    pub(super) fn words(&self) -> String {
        let mut words = String::new();
        for provision in &self.provisions {
            let text = provision.text.trim_start();
            words.push_str(text.strip_prefix(provision.label.as_str()).unwrap_or(text));
            words.push('\n');
        }
        words
    }

    /// What changes when the clause does.
    pub(super) fn fingerprint(&self) -> Option<&jiedu_base::name::Digest> {
        self.provisions.first().map(|provision| &provision.fingerprint)
    }
}

impl<'a> Clauses<'a> {
    /// The clause of that label, as in clause links; `clause:` before it is allowed.
    pub(super) fn find(&self, written: &str) -> Option<Found<'a>> {
        let written = written.trim();
        let written = written.strip_prefix("clause:").unwrap_or(written);
        let (prefix, policy, label) = match written.split_once('#') {
            Some((set, label)) => {
                let id = SetId::parse(set.trim()).ok()?;
                (format!("{id}#"), (self.others)(&id)?, label)
            }
            None => (String::new(), self.own?, written),
        };
        let index = ClauseIndex::new(policy).find(label)?;
        let first = policy.provisions.get(index)?;
        let below = |at: usize| {
            let mut next = Some(at);
            while let Some(current) = next {
                if current == index {
                    return true;
                }
                next = policy.provisions.get(current).and_then(|provision| provision.parent);
            }
            false
        };
        let all = policy.provisions.iter().enumerate().skip(index);
        let provisions = all.filter(|(at, _)| below(*at)).map(|(_, provision)| provision).collect();
        Some(Found { anchor: format!("{prefix}{}", first.anchor), provisions })
    }

    /// What may have been meant.
    pub(super) fn similar(&self, written: &str) -> Option<&'a str> {
        let names = self.own?.provisions.iter().map(|provision| provision.reference.as_str());
        jiedu_base::text::did_you_mean(written, names)
    }
}
