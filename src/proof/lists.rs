//! The office's own lists: terms, forbidden expressions, the order of bodies.
//!
//! `wordlists/*.toml` of a repository, or one TOML or JSON file given with
//! `--wordlist`. Entries are dated data of the office; the program ships none.

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use crate::finding::{Checked, Finding, Place, Severity};
use crate::text::{Message, SourceFile, TextRange};

/// One list as the office writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wordlist {
    /// Terms: what to use and what to avoid.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// Expressions that must not appear.
    #[serde(default)]
    pub forbidden: Vec<Forbidden>,
    /// Bodies in the order in which they are named.
    #[serde(default)]
    pub order: Vec<Vec<String>>,
    /// Words that are right in this office although a rule doubts them.
    #[serde(default)]
    pub allow: Vec<String>,
    /// Who answers for the list.
    pub owner: Option<String>,
    /// Why the list exists.
    pub reason: Option<String>,
    /// Since when it applies.
    #[serde(rename = "valid-from", default, deserialize_with = "day")]
    pub valid_from: Option<String>,
    /// When somebody must look at it again.
    #[serde(rename = "review-by", default, deserialize_with = "day")]
    pub review_by: Option<String>,
}

/// Reads a date, written with or without quotes.
fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Text(String),
        Date(toml::value::Datetime),
    }
    Ok(Some(match Day::deserialize(from)? {
        Day::Text(text) => text,
        Day::Date(date) => date.to_string(),
    }))
}

/// A term and the forms to avoid.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The right form.
    #[serde(rename = "use")]
    pub right: String,
    /// The forms to avoid.
    pub avoid: Vec<String>,
    /// Severity.
    #[serde(default)]
    pub grade: Grade,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for the entry.
    pub owner: Option<String>,
    /// Since when it applies.
    #[serde(rename = "valid-from", default, deserialize_with = "day")]
    pub valid_from: Option<String>,
    /// When somebody must look at it again.
    #[serde(rename = "review-by", default, deserialize_with = "day")]
    pub review_by: Option<String>,
}

/// An expression that must not appear.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// The expression.
    pub text: String,
    /// What to write instead.
    #[serde(rename = "use")]
    pub right: Option<String>,
    /// Severity.
    #[serde(default)]
    pub grade: Grade,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for the entry.
    pub owner: Option<String>,
    /// Since when it applies.
    #[serde(rename = "valid-from", default, deserialize_with = "day")]
    pub valid_from: Option<String>,
    /// When somebody must look at it again.
    #[serde(rename = "review-by", default, deserialize_with = "day")]
    pub review_by: Option<String>,
}

/// The severity an office gives an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Shown, never blocks.
    Hint,
    /// To be disposed of.
    #[default]
    Warning,
    /// Makes `check` fail.
    Error,
}

impl Grade {
    pub(crate) fn severity(self) -> Severity {
        match self {
            Self::Hint => Severity::Hint,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

impl Wordlist {
    /// Reads a list from TOML, or from JSON when the file's name says so.
    #[must_use]
    pub fn parse(file: &SourceFile) -> Checked<Self> {
        let (list, fault) = if std::path::Path::new(file.path()).extension().is_some_and(|end| end == "json")
        {
            read(serde_json::from_str(file.text()), |error: &serde_json::Error| {
                let range = file.line_range(error.line().max(1));
                (range, error.to_string())
            })
        } else {
            read(toml::from_str(file.text()), |error: &toml::de::Error| {
                let range = error.span().map_or_else(TextRange::default, TextRange::from);
                (range, error.message().to_owned())
            })
        };
        let findings = fault.map(|(range, reason)| {
            let message = Message::new(
                format!("词表无法读取：{reason}"),
                format!("the word list cannot be read: {reason}"),
            );
            let place = Place::range(file, range);
            Finding::new("P904", "wordlist-unreadable", "user-list", Severity::Error, place, message).note(
                "词表的键：terms（use、avoid、grade）、forbidden（text、use、grade）、order、allow",
                "keys: terms (use, avoid, grade), forbidden (text, use, grade), order, allow",
            )
        });
        Checked { value: list, findings: findings.into_iter().collect() }
    }
}

type Fault = (TextRange, String);

fn read<E>(result: Result<Wordlist, E>, place: impl Fn(&E) -> Fault) -> (Wordlist, Option<Fault>) {
    match result {
        Ok(list) => (list, None),
        Err(error) => (Wordlist::default(), Some(place(&error))),
    }
}

/// What a match of the automaton means.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A form to avoid or a forbidden expression.
    Avoid { right: Option<String>, grade: Grade, reason: Option<String>, source: String },
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
    /// Compiles lists; each comes with the name under which its findings appear
    /// (the path of its file).
    #[must_use]
    pub fn new<'a>(lists: impl IntoIterator<Item = (&'a str, &'a Wordlist)>) -> Self {
        let mut all = Self::default();
        for (name, list) in lists {
            all.take(name, list);
        }
        all.compile();
        all
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

    fn take(&mut self, name: &str, list: &Wordlist) {
        let source = format!("wordlist:{name}");
        for term in &list.terms {
            self.patterns.push((term.right.clone(), Entry::Right));
            for avoid in &term.avoid {
                let (right, reason) = (Some(term.right.clone()), term.reason.clone());
                let entry = Entry::Avoid { right, grade: term.grade, reason, source: source.clone() };
                self.patterns.push((avoid.clone(), entry));
            }
        }
        for entry in &list.forbidden {
            let (right, grade, reason) = (entry.right.clone(), entry.grade, entry.reason.clone());
            let source = source.clone();
            self.patterns.push((entry.text.clone(), Entry::Avoid { right, grade, reason, source }));
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
