//! Items of a catalogue that statutes ask for.
//!
//! The method of the provincial plan for such catalogues: look through the laws
//! in one's remit for 公开, 公布, 公示, 公告, 发布, 向社会, and keep the clauses whose
//! subject is one's own organ. Whoever keeps the catalogue decides; this proposes.

use super::subject::{Organs, Subject};
use super::verbs;
use jiedu_model::Provision;

/// Characters of a clause that are looked at.
const LONGEST: usize = 600;

/// A provision that makes one's own organ disclose something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its anchor.
    pub anchor: String,
    /// Its label, for people.
    pub reference: String,
    /// The verb: 公开, 公布, 公示, 公告, 发布 or 向社会.
    pub verb: &'static str,
    /// Its own words, without the label.
    pub text: String,
}

/// The provisions of a text that make one of the organs disclose something.
#[must_use]
pub fn suggest(provisions: &[Provision], organs: &[String]) -> Vec<Suggestion> {
    let organs = Organs::new(organs);
    let mut leads: Vec<Option<bool>> = Vec::with_capacity(provisions.len());
    let mut found = Vec::new();
    for provision in provisions {
        let text = own_words(provision);
        // Items take their subject from the words that lead up to them.
        let above = provision.parent.and_then(|parent| leads.get(parent).copied().flatten());
        let mut reader = Reader { organs: &organs, is_own: above, verb: None };
        reader.read(&text);
        let lead = if text.trim_end().ends_with(['：', ':']) { reader.is_own.or(above) } else { None };
        leads.push(if lead.is_some() || provision.label.is_empty() {
            lead
        } else {
            above_of(provision, &leads)
        });
        if let Some(verb) = reader.verb {
            found.push(Suggestion {
                anchor: provision.anchor.clone(),
                reference: provision.reference.clone(),
                verb,
                text,
            });
        }
    }
    found
}

/// The lead of the enclosing provision, for items in items.
fn above_of(provision: &Provision, leads: &[Option<bool>]) -> Option<bool> {
    provision.parent.and_then(|parent| leads.get(parent).copied().flatten())
}

/// Own words without the label, soft breaks between Han characters removed.
fn own_words(provision: &Provision) -> String {
    let text = provision.text.trim_start();
    let text = text.strip_prefix(provision.label.as_str()).unwrap_or(text);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let between_han = |out: &str, next: Option<&char>| {
            let is_han = |c: char| jiedu_base::text::is_han(c) || "，。；：、".contains(c);
            out.chars().next_back().is_some_and(is_han) && next.copied().is_some_and(is_han)
        };
        if c == '\n' {
            if !between_han(&out, chars.peek()) {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    out.trim_end().to_owned()
}

struct Reader<'a> {
    organs: &'a Organs<'a>,
    /// Whether the subject so far is one's own organ; none when nobody was named.
    is_own: Option<bool>,
    verb: Option<&'static str>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        for sentence in text.split(['。', '！', '？', '\n']) {
            // A clause that names whom it concerns (…的，) is a condition: what it
            // says of disclosing is no duty.
            for clause in sentence.split(['，', ',', '；', ';', '：', ':']) {
                let clause: String = clause.chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
                self.clause(&clause);
            }
        }
    }

    fn clause(&mut self, clause: &str) {
        let verb = verbs::first(clause);
        let before = verb.and_then(|(at, _)| clause.get(..at)).unwrap_or(clause);
        let is_condition = clause.ends_with('的') || clause.starts_with("除");
        match self.organs.subject(before) {
            _ if is_condition => {}
            Subject::Own => self.is_own = Some(true),
            Subject::Other => self.is_own = Some(false),
            Subject::Same => {}
        }
        let Some((_, verb)) = verb else { return };
        let counts = self.is_own == Some(true) && !is_condition && !verbs::is_negated(before);
        if counts && self.verb.is_none() {
            self.verb = Some(verb);
        }
    }
}
