//! From the text of a clause link to a provision.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::PolicyDocument;
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
pub struct ClauseIndex {
    by_name: BTreeMap<String, Vec<usize>>,
    by_anchor: BTreeMap<String, usize>,
    provisions: Vec<Known>,
}

/// What is kept of a provision.
#[derive(Debug, Clone)]
struct Known {
    reference: String,
    full_name: String,
    is_top: bool,
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

impl ClauseIndex {
    /// Indexes the provisions of a policy.
    #[must_use]
    pub fn new(policy: &PolicyDocument) -> Self {
        let mut index = Self::default();
        for (number, provision) in policy.provisions.iter().enumerate() {
            for name in &provision.names {
                index.by_name.entry(name.clone()).or_default().push(number);
            }
            index.by_anchor.insert(provision.anchor.clone(), number);
            index.provisions.push(Known {
                reference: provision.reference.clone(),
                full_name: provision.names.last().cloned().unwrap_or_default(),
                is_top: provision.parent.is_none(),
            });
        }
        index
    }

    /// The provision that a label names alone.
    #[must_use]
    pub fn find(&self, written: &str) -> Option<usize> {
        if let Named::One(index) = self.resolve(written) { Some(index) } else { None }
    }

    /// Resolves a label such as `（五）`, `二、（五）`, `第三条第二款`, `s2-5`.
    pub(super) fn resolve(&self, written: &str) -> Named {
        let label = normalise(written);
        if let Some(found) = self.by_name.get(&label) {
            return match found.as_slice() {
                [one] => Named::One(*one),
                several => self.choose(several, &label),
            };
        }
        match self.by_anchor.get(&label) {
            Some(index) => Named::One(*index),
            None => Named::None,
        }
    }

    /// Of several, the only one of which the label is the complete name.
    fn choose(&self, several: &[usize], label: &str) -> Named {
        let mut complete = several
            .iter()
            .filter(|&&index| self.provisions.get(index).is_some_and(|known| known.full_name == label));
        match (complete.next(), complete.next()) {
            (Some(one), None) => Named::One(*one),
            _ => Named::Several(
                several.iter().filter_map(|&index| self.reference(index)).take(SHOWN).collect(),
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
        let named = self.by_name.iter().filter(|(name, _)| holds(name));
        let mut found: Vec<usize> = named.flat_map(|(_, numbers)| numbers).copied().collect();
        let nearest = did_you_mean(label, self.by_name.keys().map(String::as_str))
            .and_then(|name| self.by_name.get(name));
        found.extend(nearest.into_iter().flatten());
        if found.is_empty() {
            let top = self.provisions.iter().enumerate().filter(|(_, known)| known.is_top);
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
pub(super) fn decode_percent(text: &str) -> String {
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
