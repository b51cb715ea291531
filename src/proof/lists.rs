//! The office's own lists: terms, forbidden expressions, the order of bodies.
//!
//! `wordlists/*.toml` of a repository, or one TOML or JSON file given with
//! `--wordlist`. Entries are dated data of the office; the program ships none.

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;

use crate::config::{OwnedBy, Wordlist};
use crate::finding::Severity;

/// What a match of the automaton means.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A form to avoid or a forbidden expression.
    Avoid { right: Option<String>, grade: Severity, owned: OwnedBy, source: String },
    /// A body in an order: which order, and its place in it.
    Ordered { order: usize, rank: usize },
    /// A word to leave alone.
    Allow,
    /// The right form of a term: what lies inside it is not a fault.
    Right,
}

/// All lists, compiled into one automaton.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    automaton: Option<AhoCorasick>,
    patterns: Vec<(String, Entry)>,
    pub(crate) orders: Vec<Vec<String>>,
}

impl Lists {
    /// Compiles lists. Findings name the path of the list they come from.
    #[must_use]
    pub fn new<'a>(lists: impl IntoIterator<Item = &'a Wordlist>) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.take(list);
        }
        all.compile();
        all
    }

    /// The same lists for a text of a day: entries valid from a later day on do
    /// not apply to it.
    #[must_use]
    pub fn on(mut self, day: Option<Date>) -> Self {
        let applies = |entry: &Entry| match entry {
            Entry::Avoid { owned, .. } => owned.applies_on(day),
            _ => true,
        };
        if !self.patterns.iter().all(|(_, entry)| applies(entry)) {
            self.patterns.retain(|(_, entry)| applies(entry));
            self.compile();
        }
        self
    }

    /// The same lists with more words to leave alone: those a document names in
    /// its front matter.
    #[must_use]
    pub fn allowing<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = self.clone();
        all.patterns.extend(words.into_iter().map(|word| (word.to_owned(), Entry::Allow)));
        all.compile();
        all
    }

    fn take(&mut self, list: &Wordlist) {
        let source = format!("wordlist:{}", list.path);
        let avoid = |right: Option<&String>, grade, owned: &OwnedBy| Entry::Avoid {
            right: right.cloned(),
            grade,
            owned: owned.clone(),
            source: source.clone(),
        };
        for term in &list.terms {
            self.patterns.push((term.preferred.clone(), Entry::Right));
            let entry = avoid(Some(&term.preferred), term.grade, &term.owned);
            self.patterns.extend(term.avoid.iter().map(|text| (text.clone(), entry.clone())));
        }
        for text in &list.forbidden {
            let entry = avoid(text.preferred.as_ref(), text.grade, &text.owned);
            self.patterns.push((text.text.clone(), entry));
        }
        for order in &list.order {
            let index = self.orders.len();
            self.orders.push(order.clone());
            for (rank, body) in order.iter().enumerate() {
                self.patterns.push((body.clone(), Entry::Ordered { order: index, rank }));
            }
        }
        self.patterns.extend(list.allow.iter().map(|word| (word.clone(), Entry::Allow)));
    }

    fn compile(&mut self) {
        self.patterns.retain(|(text, _)| !text.is_empty());
        let words = self.patterns.iter().map(|(text, _)| text);
        let mut builder = AhoCorasick::builder();
        let built = builder.match_kind(MatchKind::Standard).build(words);
        self.automaton = built.ok().filter(|_| !self.patterns.is_empty());
    }

    /// Every occurrence of every entry, overlapping ones included.
    pub(crate) fn matches<'t>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = (std::ops::Range<usize>, &'t Entry)> + 't {
        self.automaton.iter().flat_map(move |automaton| {
            automaton.find_overlapping_iter(text).filter_map(|found| {
                let (_, entry) = self.patterns.get(found.pattern().as_usize())?;
                Some((found.range(), entry))
            })
        })
    }
}
