//! The office's own lists: terms, forbidden expressions, the order of bodies;
//! and its own character statistics, if it trained any.
//!
//! `wordlists/*.toml` of a repository, or one TOML or JSON file given with
//! `--wordlist`. Entries are dated data of the office; the program ships none.

use std::borrow::Cow;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;

use jiedu_base::finding::Severity;
use jiedu_config::{OwnedBy, RuleSettings, Wordlist};

use super::model::Model;
use super::references::References;

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
    model: Option<Arc<Model<'static>>>,
    references: Option<Arc<References>>,
    excerpt_percent: Option<u32>,
    /// The day of texts that have none of their own.
    today: Option<Date>,
    is_without_statistics: bool,
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

    /// The same lists with the character statistics of the office, which add to
    /// those that come with the program.
    #[must_use]
    pub fn with_model(mut self, model: Model<'static>) -> Self {
        self.model = Some(Arc::new(model.over_builtin()));
        self
    }

    /// The same lists with texts that quotations are compared with.
    #[must_use]
    pub fn with_references(mut self, references: References) -> Self {
        self.references = (!references.is_empty()).then(|| Arc::new(references));
        self
    }

    /// The texts that quotations are compared with.
    pub(crate) fn references(&self) -> Option<&References> {
        self.references.as_deref()
    }

    /// The same lists for rules and lists alone: nothing is judged by statistics.
    #[must_use]
    pub fn without_statistics(mut self) -> Self {
        self.is_without_statistics = true;
        self
    }

    /// Whether the character statistics are to be asked.
    pub(crate) fn has_statistics(&self) -> bool {
        !self.is_without_statistics
    }

    /// The character statistics to judge by.
    #[must_use]
    pub fn model(&self) -> &Model<'static> {
        self.model.as_deref().unwrap_or_else(|| Model::builtin())
    }

    /// The lists as they stand on a day, for texts of any day: what applies from
    /// a later day on is left out, the rest applies to old texts, too.
    #[must_use]
    pub fn as_of(mut self, day: Date) -> Self {
        let applies = |entry: &Entry| match entry {
            Entry::Avoid { owned, .. } => owned.applies_on(Some(day)),
            _ => true,
        };
        self.patterns.retain(|(_, entry)| applies(entry));
        for (_, entry) in &mut self.patterns {
            if let Entry::Avoid { owned, .. } = entry {
                owned.valid_from = None;
            }
        }
        self.compile();
        self
    }

    /// The lists for texts read on a day: a text without a date of its own counts
    /// as one of that day, so that an entry valid from a later day on waits for it.
    #[must_use]
    pub fn on(mut self, day: Date) -> Self {
        self.today = Some(day);
        self
    }

    /// The day on which texts are read, where that is known.
    pub(crate) fn today(&self) -> Option<Date> {
        self.today
    }

    /// The same lists where another share of an interpretation may stand word for
    /// word in the policy (`[rules] excerpt_percent`).
    #[must_use]
    pub fn with_excerpt_percent(mut self, percent: u32) -> Self {
        self.excerpt_percent = Some(percent);
        self
    }

    /// From this share of repeated text on an interpretation is an excerpt.
    pub(crate) fn excerpt_percent(&self) -> u32 {
        self.excerpt_percent.unwrap_or_else(|| RuleSettings::default().excerpt_percent)
    }

    /// The lists for one text of a day: entries valid from a later day on do not apply to
    /// it, and the words it names in its front matter are left alone.
    #[must_use]
    pub fn for_text<'a>(
        &self,
        day: Option<Date>,
        allowed: impl IntoIterator<Item = &'a str>,
    ) -> Cow<'_, Self> {
        let mut allowed = allowed.into_iter().peekable();
        let day = day.or(self.today);
        let applies = |entry: &Entry| match entry {
            Entry::Avoid { owned, .. } => owned.applies_on(day),
            _ => true,
        };
        if allowed.peek().is_none() && self.patterns.iter().all(|(_, entry)| applies(entry)) {
            return Cow::Borrowed(self);
        }
        let mut own = self.clone();
        own.patterns.retain(|(_, entry)| applies(entry));
        own.patterns.extend(allowed.map(|word| (word.to_owned(), Entry::Allow)));
        own.compile();
        Cow::Owned(own)
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
