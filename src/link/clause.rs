//! From the text of a clause link to a provision.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{PolicyDocument, Provision};
use crate::text::did_you_mean;

/// The provisions of one policy by the names that clause links may use.
///
/// ```
/// # use jiedu::link::ClauseIndex;
/// # use jiedu::model::PolicyDocument;
/// # fn demo(policy: &PolicyDocument) -> Option<usize> {
/// ClauseIndex::new(policy).find("第三条第一项")
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct ClauseIndex<'a> {
    /// Names with the provisions they stand for, sorted.
    by_name: Vec<(&'a str, usize)>,
    /// Anchors, sorted.
    by_anchor: Vec<(&'a str, usize)>,
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
    /// Indexes the provisions of a policy.
    #[must_use]
    pub fn new(policy: &'a PolicyDocument) -> Self {
        let provisions = policy.provisions.as_slice();
        let numbered = || provisions.iter().enumerate();
        let names = numbered()
            .flat_map(|(number, provision)| provision.names.iter().map(move |name| (name.as_str(), number)));
        let mut by_name: Vec<(&str, usize)> = names.collect();
        let mut by_anchor: Vec<(&str, usize)> =
            numbered().map(|(number, provision)| (provision.anchor.as_str(), number)).collect();
        by_name.sort_unstable();
        by_anchor.sort_unstable();
        Self { by_name, by_anchor, provisions }
    }

    /// The provision that a label names alone.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<usize> {
        if let Named::One(index) = self.resolve(written) { Some(index) } else { None }
    }

    /// Resolves a label such as `（五）`, `二、（五）`, `第三条第二款`, `s2-5`.
    pub(super) fn resolve(&self, written: &str) -> Named {
        let label = normalise(written);
        match named(&self.by_name, &label) {
            // Anchors are unique.
            [] => named(&self.by_anchor, &label).last().map_or(Named::None, |(_, index)| Named::One(*index)),
            [(_, one)] => Named::One(*one),
            several => self.choose(several, &label),
        }
    }

    /// Of several, the only one of which the label is the complete name.
    fn choose(&self, several: &[(&str, usize)], label: &str) -> Named {
        let is_complete = |index: usize| {
            self.provisions
                .get(index)
                .is_some_and(|known| known.names.last().is_some_and(|name| name == label))
        };
        let mut complete = several.iter().filter(|(_, index)| is_complete(*index));
        match (complete.next(), complete.next()) {
            (Some((_, one)), None) => Named::One(*one),
            _ => Named::Several(
                several.iter().filter_map(|(_, index)| self.reference(*index)).take(SHOWN).collect(),
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
            self.by_name.iter().filter(|(name, _)| holds(name)).map(|(_, number)| *number).collect();
        let mut names: Vec<&str> = self.by_name.iter().map(|(name, _)| *name).collect();
        names.dedup();
        if let Some(nearest) = did_you_mean(label, names) {
            found.extend(named(&self.by_name, nearest).iter().map(|(_, number)| *number));
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

/// The entries of a name in a sorted list.
fn named<'l, 'a>(list: &'l [(&'a str, usize)], name: &str) -> &'l [(&'a str, usize)] {
    let start = list.partition_point(|(known, _)| *known < name);
    let rest = list.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|(known, _)| *known == name)).unwrap_or_default()
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
pub(crate) fn decode_percent(text: &str) -> String {
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
