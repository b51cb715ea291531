//! From the text of a clause link to a provision.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use jiedu_base::text::{did_you_mean, is_blank, numerals};
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

/// Provisions of one name among which one is chosen: a text and its annexes.
const MAX_ALIKE: usize = 64;

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
        self.with_name(name).collect()
    }

    fn with_name(&self, name: &str) -> impl Iterator<Item = usize> {
        let before = |entry: &(u32, u32)| self.name(*entry).is_some_and(|(known, _)| known < name);
        let from = self.by_name.get(self.by_name.partition_point(before)..).unwrap_or_default().iter();
        let known = from.map_while(move |entry| self.name(*entry).filter(|(known, _)| *known == name));
        known.map(|(_, number)| number)
    }

    /// The first provisions of that name, in reading order.
    pub(super) fn all(&self, name: &str) -> Vec<usize> {
        self.with_name(name).take(MAX_ALIKE).collect()
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

    /// Whether a provision has that name. What stands below an article may stand
    /// inside its text: then the article is enough.
    pub(super) fn has(&self, name: &str) -> bool {
        let known = |name: &str| self.with_name(name).next().is_some();
        let article = name.split_inclusive('条').next().unwrap_or(name);
        known(name) || (article.len() < name.len() && known(article) && !name.ends_with('款'))
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
/// numbers in the figures of laws, `第一项` as `第（一）项`, `第1目` as `1.`.
pub(super) fn normalise(written: &str) -> String {
    static ORDINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            "第（?([0-9０-９〇零○一二三四五六七八九十百千]+)）?(分编|分編|编|編|章|节|節|条|條|款|项|項|目)(?:之([0-9一二三四五六七八九十]+))?",
        )
        .ok()
    });
    let mut label: String = decode_percent(written).chars().filter(|c| !is_blank(*c)).collect();
    label = label.replace('(', "（").replace(')', "）").replace('．', ".");
    let Some(ordinal) = ORDINAL.as_ref() else { return label };
    ordinal.replace_all(&label, |found: &Captures<'_>| ordinal_text(found)).into_owned()
}

/// An ordinal in the figures of laws; as written when it is no number.
fn ordinal_text(found: &Captures<'_>) -> String {
    let group = |at| found.get(at).map_or("", |group| group.as_str());
    let value = |at| {
        let plain = |c| {
            if ('０'..='９').contains(&c) { char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) } else { c }
        };
        numerals::read(&group(at).chars().map(plain).collect::<String>())
            .filter(|value| (1..10_000).contains(value))
    };
    let Some(number) = value(1) else { return group(0).to_owned() };
    let unit = match group(2) {
        "分編" => "分编",
        "編" => "编",
        "節" => "节",
        "條" => "条",
        "項" => "项",
        unit => unit,
    };
    let more = value(3).map_or_else(String::new, |more| format!("之{}", numerals::write(more)));
    match unit {
        "项" => format!("第（{}）项{more}", numerals::write(number)),
        "目" => format!("{number}."),
        _ => format!("第{}{unit}{more}", numerals::write(number)),
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
        assert_eq!(normalise("第3条"), "第三条");
        assert_eq!(normalise("第120条之一"), "第一百二十条之一");
        assert_eq!(normalise("第二百〇五条"), "第二百零五条");
        assert_eq!(normalise("第一条第（一）项第1目"), "第一条第（一）项1.");
        assert_eq!(normalise("第三條第２項"), "第三条第（二）项");
        assert_eq!(decode_percent("%zz%"), "%zz%");
        assert_eq!(decode_percent("%ff"), "%ff");
    }
}
