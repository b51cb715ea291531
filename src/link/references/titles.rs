//! Documents by the titles under which others cite them.

use std::collections::BTreeMap;

use super::owner::bare;
use jiedu_model::PolicyDocument;

/// Documents by title: the whole title, that of an enclosed text, and both
/// without the name of the organ before 关于. A title that several documents
/// bear names none of them.
#[derive(Debug, Clone, Default)]
pub struct TitleIndex<T> {
    by_title: BTreeMap<String, Option<T>>,
}

impl<T: Clone + PartialEq> TitleIndex<T> {
    /// Puts documents in order.
    pub fn new<'a>(documents: impl Iterator<Item = (T, &'a PolicyDocument)>) -> Self {
        let mut by_title: BTreeMap<String, Option<T>> = BTreeMap::new();
        for (key, policy) in documents {
            for title in titles(policy) {
                by_title
                    .entry(title)
                    .and_modify(|known| {
                        if known.as_ref() != Some(&key) {
                            *known = None;
                        }
                    })
                    .or_insert_with(|| Some(key.clone()));
            }
        }
        Self { by_title }
    }

    /// The document of a title as printed, with or without 《》.
    #[must_use]
    pub fn get(&self, title: &str) -> Option<&T> {
        self.by_title.get(&bare(&title.replace(['〈', '〉'], ""))).and_then(Option::as_ref)
    }
}

/// What a document is called.
fn titles(policy: &PolicyDocument) -> Vec<String> {
    let enclosed = policy.enclosed_from.and_then(|at| policy.blocks.get(at)).map(|block| block.text.as_str());
    let title = policy.meta.title.as_ref().map(|title| title.value.as_str());
    let mut titles: Vec<String> = Vec::new();
    for title in title.into_iter().chain(enclosed).map(|title| bare(&title.replace(['〈', '〉'], ""))) {
        let short = title.find("关于").and_then(|at| title.get(at..)).map(ToOwned::to_owned);
        titles.extend(short.filter(|short| *short != title));
        titles.push(title);
    }
    titles.retain(|title| title.chars().count() > 2);
    titles
}
