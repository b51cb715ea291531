//! From the text of a clause link to a provision.

use std::sync::LazyLock;

use regex::Regex;

use jiedu_base::text::did_you_mean;
use jiedu_model::{PolicyDocument, Provision, ProvisionOrder};

/// The provisions of one policy by the names that clause links may use.
///
/// ```
/// # use jiedu_link::ClauseIndex;
/// # use jiedu_model::PolicyDocument;
/// # fn demo(policy: &PolicyDocument) -> Option<usize> {
/// ClauseIndex::new(policy).find("第三条第一项")
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ClauseIndex<'a> {
    /// As in [`ProvisionOrder`].
    by_name: &'a [(u32, u32)],
    by_anchor: &'a [u32],
    provisions: &'a [Provision],
}

/// What a clause link names.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// One provision.
    One(usize),
    /// Several; their references.
    Several(Vec<String>),
    /// None.
    None,
}

/// Candidates shown at most.
const SHOWN: usize = 6;

impl<'a> ClauseIndex<'a> {
    /// The provisions of a policy.
    #[must_use]
    pub fn new(policy: &'a PolicyDocument) -> Self {
        let ProvisionOrder { by_name, by_anchor } = &policy.order;
        Self { by_name, by_anchor, provisions: &policy.provisions }
    }

    /// The name that an entry stands for, and the provision.
    fn name(&self, (number, at): (u32, u32)) -> Option<(&'a str, usize)> {
        let number = usize::try_from(number).ok()?;
        let name = self.provisions.get(number)?.names.get(usize::try_from(at).ok()?)?;
        Some((name, number))
    }

    /// All names with the provisions they stand for, sorted.
    fn names(&self) -> impl Iterator<Item = (&'a str, usize)> {
        self.by_name.iter().filter_map(|entry| self.name(*entry))
    }

    /// The provisions of that name, in reading order.
    fn named(&self, name: &str) -> Vec<usize> {
        let before = |entry: &(u32, u32)| self.name(*entry).is_some_and(|(known, _)| known < name);
        let from = self.by_name.get(self.by_name.partition_point(before)..).unwrap_or_default().iter();
        let known = from.map_while(|entry| self.name(*entry).filter(|(known, _)| *known == name));
        known.map(|(_, number)| number).collect()
    }

    /// The provision with that anchor; anchors are unique.
    fn anchored(&self, anchor: &str) -> Option<usize> {
        let of = |number: &u32| Some(self.provisions.get(usize::try_from(*number).ok()?)?.anchor.as_str());
        let at = self.by_anchor.binary_search_by(|number| of(number).cmp(&Some(anchor))).ok()?;
        self.by_anchor.get(at).and_then(|number| usize::try_from(*number).ok())
    }

    /// The provision that a label names alone.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<usize> {
        if let Named::One(index) = self.resolve(written) { Some(index) } else { None }
    }

    /// Resolves a label such as `（五）`, `二、（五）`, `第三条第二款`, `s2-5`.
    pub(super) fn resolve(&self, written: &str) -> Named {
        let label = normalise(written);
        match self.named(&label).as_slice() {
            [] => self.anchored(&label).map_or(Named::None, Named::One),
            [one] => Named::One(*one),
            several => self.choose(several, &label),
        }
    }

    /// Of several, the only one of which the label is the complete name.
    fn choose(&self, several: &[usize], label: &str) -> Named {
        let is_complete = |index: usize| {
            self.provisions
                .get(index)
                .is_some_and(|known| known.names.last().is_some_and(|name| name == label))
        };
        let mut complete = several.iter().filter(|index| is_complete(**index));
        match (complete.next(), complete.next()) {
            (Some(one), None) => Named::One(*one),
            _ => Named::Several(
                several.iter().filter_map(|index| self.reference(*index)).take(SHOWN).collect(),
            ),
        }
    }

    fn reference(&self, index: usize) -> Option<String> {
        self.provisions.get(index).map(|provision| provision.reference.clone())
    }

    /// The references of provisions that may have been meant.
    pub(super) fn similar(&self, written: &str) -> Vec<String> {
        let label = normalise(written);
        let label = label.as_str();
        let holds = |name: &str| !label.is_empty() && (name.ends_with(label) || label.ends_with(name));
        let mut found: Vec<usize> =
            self.names().filter(|(name, _)| holds(name)).map(|(_, number)| number).collect();
        let mut names: Vec<&str> = self.names().map(|(name, _)| name).collect();
        names.dedup();
        if let Some(nearest) = did_you_mean(label, names) {
            found.extend(self.named(nearest));
        }
        if found.is_empty() {
            let top = self.provisions.iter().enumerate().filter(|(_, known)| known.parent.is_none());
            found.extend(top.map(|(number, _)| number));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|index| self.reference(index)).take(SHOWN).collect()
    }
}

/// One spelling for what people write: full-width brackets, no white space,
/// `第一项` as `第（一）项`.
pub(super) fn normalise(written: &str) -> String {
    static ITEM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("第([一二三四五六七八九十百]+)项").ok());
    let mut label: String = decode_percent(written).chars().filter(|c| !c.is_whitespace()).collect();
    label = label.replace('(', "（").replace(')', "）").replace('．', ".");
    match ITEM.as_ref() {
        Some(item) => item.replace_all(&label, "第（$1）项").into_owned(),
        None => label,
    }
}

/// Undoes `%E4%BA%94`; what is no UTF-8 afterwards stays as written.
pub fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_become_one() {
        assert_eq!(normalise("%EF%BC%88%E4%BA%94%EF%BC%89"), "（五）");
        assert_eq!(normalise("(五)"), "（五）");
        assert_eq!(normalise(" 二、 （五）"), "二、（五）");
        assert_eq!(normalise("第三条第一项"), "第三条第（一）项");
        assert_eq!(decode_percent("%zz%"), "%zz%");
        assert_eq!(decode_percent("%ff"), "%ff");
    }
}
