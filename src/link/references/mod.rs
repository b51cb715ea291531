//! References inside a text: which provision `第六条第二款` or `前款` means.
//!
//! [`scan`] finds what reads as a reference, [`owner`] tells whose provision it
//! is, and here it is looked up. Lookups go by the names that provisions have
//! ([`ClauseIndex`]), so that every spelling of a number leads to the same place.
//! A text may hold several numberings (a notice and the text it encloses,
//! annexes): a reference means the one it stands in, else any.

mod faults;
mod labels;
mod owner;
mod scan;
mod shift;
mod targets;
mod titles;

use std::collections::BTreeSet;

use super::ClauseIndex;
use jiedu_base::text::{TextRange, is_blank, numerals};
use jiedu_markdown::{Prose, ProseKind};
use jiedu_model::PolicyDocument;
use labels::{article_number, label_number, lists, name, names};
use owner::{Identity, Owner, owners};
use scan::{Raw, Start, Step, Unit, scan};

pub(crate) use faults::{missing, not_in};
pub use shift::shifted;
pub use targets::link_html;
pub use titles::TitleIndex;

/// A reference in a text, as printed, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Its bytes in the file.
    pub range: TextRange,
    /// As printed: `第六条第二款`.
    pub text: String,
    /// The other document it speaks of, as printed with 《》, when that is named.
    pub document: Option<String>,
    /// Whether it speaks of another document, named or not.
    pub is_foreign: bool,
    /// The provision of this text that it means; of a range the first.
    pub target: Option<usize>,
    /// Whether a provision of this text is meant that does not exist.
    pub is_missing: bool,
    /// The provision it stands in.
    pub within: Option<usize>,
    /// Names of the provision in the other document: `第六条第二款`, `第六条`.
    pub names: Vec<String>,
}

/// Reads the references of a policy's text, in reading order.
#[must_use]
pub fn references(policy: &PolicyDocument) -> Vec<Reference> {
    let reader = Reader::new(policy);
    let mut found = Vec::new();
    let mut cited = Cited::default();
    for prose in &policy.body.prose {
        if !matches!(prose.kind, ProseKind::ImageText | ProseKind::Heading(1)) {
            reader.prose(prose, &mut cited, &mut found);
        }
    }
    found
}

/// The last article that an article cites, its own text or another's: an item may
/// go on from what the opening line cites (`（一）违反第一项规定的`).
#[derive(Debug, Clone, Copy, Default)]
struct Cited {
    /// The article that cites.
    by: Option<usize>,
    /// The cited one, when it is of this text.
    article: Option<usize>,
    /// Whether any was cited.
    is_any: bool,
}

/// Which numbering of articles a provision stands in.
type Run = usize;

/// Provisions of one article among which one is looked for: no article has as many.
const MAX_INSIDE: usize = 2_000;

/// Provisions of one article in whose text an item is looked for.
const MAX_TEXTS: usize = 200;

struct Reader<'a> {
    policy: &'a PolicyDocument,
    index: ClauseIndex<'a>,
    identity: Identity,
    /// The run of each provision: its article's, or the one before it.
    runs: Vec<Run>,
    /// Articles in reading order.
    articles: Vec<usize>,
    annexes: BTreeSet<String>,
    has_chapters: bool,
}

impl<'a> Reader<'a> {
    fn new(policy: &'a PolicyDocument) -> Self {
        let provisions = &policy.provisions;
        let enclosed =
            policy.enclosed_from.and_then(|at| policy.blocks.get(at)).map(|block| block.text.as_str());
        let title = policy.meta.title.as_ref().map(|title| title.value.as_str());
        let titles: Vec<String> = title.into_iter().chain(enclosed).map(owner::bare).collect();
        let amends = enclosed.or(title).and_then(owner::amended);
        let mut runs = Vec::with_capacity(provisions.len());
        let (mut run, mut last) = (0, 0);
        for provision in provisions {
            if let Some(number) = article_number(provision) {
                run += usize::from(number < last && number == 1);
                last = number;
            }
            runs.push(run);
        }
        let articles = (0..provisions.len())
            .filter(|&at| provisions.get(at).is_some_and(|one| article_number(one).is_some()))
            .collect();
        let has_chapters = provisions.iter().any(|one| one.anchor.starts_with("ch"));
        let annexes = targets::annexes(policy);
        let index = ClauseIndex::new(policy);
        Self { policy, index, identity: Identity { titles, amends }, runs, articles, annexes, has_chapters }
    }

    fn prose(&self, prose: &Prose, cited: &mut Cited, found: &mut Vec<Reference>) {
        let raws = scan(&prose.text);
        if raws.is_empty() {
            return;
        }
        let owners = owners(&prose.text, &raws, &self.identity);
        let within = self.within(prose.range.start);
        let label_end = within.map_or(0, |at| self.label_length(at, prose));
        let article = within.and_then(|at| self.article_of(at));
        if cited.by != article {
            *cited = Cited { by: article, ..Cited::default() };
        }
        // The article that a list goes on from: 第六条第一款、第三款.
        let mut base: Option<usize> = None;
        for (raw, owner) in raws.iter().zip(owners) {
            if raw.end <= label_end || targets::is_annex_heading(prose, raw) {
                continue;
            }
            let range = prose.source_range(raw.start, raw.end);
            let text = prose.text.get(raw.start..raw.end).unwrap_or_default();
            let opaque = prose.opaque.iter().any(|hidden| hidden.start < raw.end && raw.start < hidden.end);
            if opaque {
                continue;
            }
            let Some(mut reference) = self.aim(raw, owner, within, base) else { continue };
            if reference.is_missing && raw.from == Start::Here && !raw.is_own && cited.is_any {
                let there = cited.article.map_or((None, false), |article| self.under(article, &raw.steps));
                (reference.target, reference.is_missing) = (there.0, false);
            }
            if raw.from == Start::Text {
                cited.is_any = true;
                cited.article = reference.target.and_then(|target| self.article_of(target));
            }
            reference.range = range;
            text.clone_into(&mut reference.text);
            base = reference
                .target
                .and_then(|target| self.article_of(target))
                .or(base.filter(|_| raw.from == Start::Here));
            found.push(reference);
        }
    }

    /// The length of the label with which a block begins: it refers to nothing.
    fn label_length(&self, within: usize, prose: &Prose) -> usize {
        let Some(provision) = self.policy.provisions.get(within) else { return 0 };
        if provision.label.is_empty() || provision.range.start != prose.range.start {
            return 0;
        }
        let lead = prose.text.len() - prose.text.trim_start_matches(is_blank).len();
        let characters = provision.label.chars().filter(|c| !is_blank(*c)).count();
        let mut left = characters;
        let tail = prose.text.get(lead..).unwrap_or_default();
        let end = tail.char_indices().find(|(_, c)| {
            let done = left == 0;
            left = left.saturating_sub(usize::from(!is_blank(*c)));
            done
        });
        lead + end.map_or(tail.len(), |(at, _)| at)
    }

    /// The provision in whose own text a place lies.
    fn within(&self, start: usize) -> Option<usize> {
        let provisions = &self.policy.provisions;
        let at = provisions.partition_point(|one| one.range.start <= start).checked_sub(1)?;
        provisions.get(at).filter(|one| start < one.range.end).map(|_| at)
    }

    /// The article around a provision.
    fn article_of(&self, mut at: usize) -> Option<usize> {
        loop {
            let provision = self.policy.provisions.get(at)?;
            if article_number(provision).is_some() {
                return Some(at);
            }
            at = provision.parent?;
        }
    }

    /// What a reference means. None for what is no reference here.
    fn aim(&self, raw: &Raw, owner: Owner, within: Option<usize>, base: Option<usize>) -> Option<Reference> {
        let article = within.and_then(|at| self.article_of(at));
        let is_said = owner == (Owner::Own { is_said: true });
        let blank = Reference {
            range: TextRange::default(),
            text: String::new(),
            document: None,
            is_foreign: false,
            target: None,
            is_missing: false,
            within,
            names: Vec::new(),
        };
        if let Owner::Other(document) = owner {
            let document = document.filter(|title| !title.is_empty());
            return Some(Reference { document, is_foreign: true, names: names(&raw.steps), ..blank });
        }
        if let Start::Annex(name) = &raw.from {
            return Some(Reference { is_missing: !self.annexes.contains(name), ..blank });
        }
        let (target, exists) = match &raw.from {
            Start::Back(unit, count) => self.back(*unit, *count, &raw.steps, within?, article?),
            // 第二款 after 第六条第一款 is of 第六条.
            Start::Here => self.below(base.filter(|_| !raw.is_own).or(article)?, raw, within),
            _ => self.absolute(&raw.steps, within),
        };
        let exists = exists && self.last_exists(raw, target, within);
        let either = match owner {
            Owner::Either(document) if !exists => Some(document),
            _ => None,
        };
        if let Some(document) = either {
            return Some(Reference { document, is_foreign: true, names: names(&raw.steps), ..blank });
        }
        let is_missing = !exists && self.must_exist(raw, is_said);
        Some(Reference { target, is_missing, ..blank })
    }

    /// Whether a reference that leads nowhere is a fault: a text without articles
    /// may speak of a third article in other senses.
    fn must_exist(&self, raw: &Raw, is_said: bool) -> bool {
        let is_statute = !self.articles.is_empty();
        match raw.steps.first().map(|step| step.unit) {
            Some(unit) if unit < Unit::Article && raw.from == Start::Text => {
                is_said || self.has_chapters || is_statute
            }
            _ => is_statute || is_said,
        }
    }

    /// `前款`, `前两条`, `前款第（二）项`.
    fn back(
        &self,
        unit: Unit,
        count: u32,
        steps: &[Step],
        within: usize,
        article: usize,
    ) -> (Option<usize>, bool) {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let base = match unit {
            Unit::Article => {
                let at = self.articles.partition_point(|&one| one < article);
                let before = at.checked_sub(count).and_then(|at| self.articles.get(at)).copied();
                before.filter(|before| self.runs.get(*before) == self.runs.get(article))
            }
            Unit::Paragraph => self.paragraph_before(within, article, count),
            _ => return self.item_before(within, count, steps),
        };
        match base {
            Some(base) if steps.is_empty() => (Some(base), true),
            Some(base) => self.under(base, steps),
            None => (None, false),
        }
    }

    /// The 款 so many before the one at hand.
    fn paragraph_before(&self, within: usize, article: usize, count: usize) -> Option<usize> {
        let provisions = &self.policy.provisions;
        let mut at = within;
        // The 款 around an item; the article itself is its first.
        while at != article && !provisions.get(at)?.label.is_empty() {
            at = provisions.get(at)?.parent?;
        }
        // Walked backwards: what is meant stands close by.
        let is_paragraph = |one: &usize| {
            provisions.get(*one).is_some_and(|one| one.parent == Some(article) && one.label.is_empty())
        };
        let mut back = (article + 1..=at).rev().filter(is_paragraph).chain(std::iter::once(article));
        back.nth(count)
    }

    /// `前项` in an item. In other places it means what the reader sees.
    fn item_before(&self, within: usize, count: usize, steps: &[Step]) -> (Option<usize>, bool) {
        let provisions = &self.policy.provisions;
        let Some(here) = provisions.get(within).filter(|one| one.label.starts_with('（')) else {
            return (None, true);
        };
        let before = (here.parent.unwrap_or(0)..within)
            .rev()
            .filter(|&at| {
                provisions.get(at).is_some_and(|one| one.parent == here.parent && one.label.starts_with('（'))
            })
            .nth(count.saturating_sub(1));
        match before {
            Some(before) if !steps.is_empty() => self.under(before, steps),
            // The items of an article's second 款 may go on from those of its first.
            before => (before, true),
        }
    }

    /// A 款 or 项 of an article: the one at hand, or the one that a list goes on from.
    fn below(&self, article: usize, raw: &Raw, within: Option<usize>) -> (Option<usize>, bool) {
        // 第（一）项 in a 款 means an item of that 款 first.
        let is_item = raw.steps.first().is_some_and(|step| step.unit == Unit::Item);
        let paragraph = within.filter(|_| is_item).and_then(|at| self.paragraph_of(at, article));
        let Some(first) = raw.steps.first().copied() else { return (None, false) };
        let mut places = paragraph.into_iter().chain([article]);
        let place = places.find(|&at| self.child(at, first).is_some());
        let place = place.or_else(|| paragraph.filter(|&at| self.holds(at, first)));
        self.under(place.unwrap_or(article), &raw.steps)
    }

    /// The 款 of an article that a provision lies in.
    fn paragraph_of(&self, mut at: usize, article: usize) -> Option<usize> {
        while at != article {
            let provision = self.policy.provisions.get(at)?;
            if provision.label.is_empty() {
                return Some(at);
            }
            at = provision.parent?;
        }
        None
    }

    /// Steps from the text: `第六条第二款`, `第三章`.
    fn absolute(&self, steps: &[Step], within: Option<usize>) -> (Option<usize>, bool) {
        let Some((first, rest)) = steps.split_first() else { return (None, false) };
        if first.unit < Unit::Article {
            let found = self.named(&names(steps).into_iter().next().unwrap_or_default(), within);
            return (found, found.is_some());
        }
        match self.named(&name(std::slice::from_ref(first)), within) {
            Some(article) if rest.is_empty() => (Some(article), true),
            Some(article) => self.under(article, rest),
            None => (None, false),
        }
    }

    /// Steps below a provision. What is not a provision of its own may stand
    /// inside its text: `（一）…；（二）…` in one paragraph.
    fn under(&self, base: usize, steps: &[Step]) -> (Option<usize>, bool) {
        let mut at = base;
        for step in steps {
            match self.child(at, *step) {
                Some(child) => at = child,
                None if self.holds(at, *step) => {}
                None => return (None, false),
            }
        }
        (Some(at), true)
    }

    fn child(&self, base: usize, step: Step) -> Option<usize> {
        let provisions = &self.policy.provisions;
        let is_article = provisions.get(base).is_some_and(|one| article_number(one).is_some());
        if step.unit == Unit::Paragraph && step.number == 1 {
            return is_article.then_some(base);
        }
        let inside = (base + 1..provisions.len()).take(MAX_INSIDE).take_while(|&at| self.is_inside(at, base));
        let mut paragraphs = 1;
        for at in inside {
            let Some(one) = provisions.get(at) else { break };
            let is_child = one.parent == Some(base);
            if step.unit == Unit::Paragraph {
                paragraphs += u32::from(is_child && one.label.is_empty());
                if is_child && one.label.is_empty() && paragraphs == step.number {
                    return Some(at);
                }
            } else if label_number(one, step.unit) == Some(step.number) {
                return Some(at);
            }
        }
        None
    }

    fn is_inside(&self, at: usize, base: usize) -> bool {
        let mut above = self.policy.provisions.get(at).and_then(|one| one.parent);
        while let Some(parent) = above {
            if parent <= base {
                return parent == base;
            }
            above = self.policy.provisions.get(parent).and_then(|one| one.parent);
        }
        false
    }

    /// Whether an item stands inside the text of a provision, or among its
    /// paragraphs without a label.
    fn holds(&self, base: usize, step: Step) -> bool {
        if step.unit == Unit::Item && self.has_plain_items(base) {
            return true;
        }
        let han = numerals::write(step.number);
        let written = match step.unit {
            Unit::Item => {
                [format!("（{han}）"), format!("({han})"), format!("（{}）", step.number), format!("{han}、")]
            }
            Unit::Point => {
                let number = step.number;
                [format!("{number}."), format!("{number}．"), format!("{number}、"), format!("（{number}）")]
            }
            _ => return false,
        };
        let texts = std::iter::once(base).chain(
            (base + 1..self.policy.provisions.len())
                .take(MAX_TEXTS)
                .take_while(|&at| self.is_inside(at, base)),
        );
        texts
            .filter_map(|at| self.policy.provisions.get(at))
            .any(|one| written.iter().any(|form| lists(one.words(), form)))
    }

    /// Whether paragraphs without a label stand where items are announced:
    /// `下列情形：` and then lines that end with a semicolon.
    fn has_plain_items(&self, base: usize) -> bool {
        let provisions = &self.policy.provisions;
        let opens = provisions.get(base).is_some_and(|one| one.words().ends_with(['：', ':']));
        opens
            && provisions
                .get(base + 1)
                .is_some_and(|one| one.label.is_empty() && one.words().ends_with(['；', ';']))
    }

    /// Whether the end of a range or list exists and comes after its beginning.
    fn last_exists(&self, raw: &Raw, target: Option<usize>, within: Option<usize>) -> bool {
        let (Some(last), Some(first)) = (raw.last, raw.steps.last()) else { return true };
        if last.unit <= Unit::Article {
            return self.absolute(&[last], within).1
                && (last.unit != first.unit || last.number >= first.number);
        }
        // 第三条第二款至第四款: beside the first one.
        let parent = target.and_then(|at| match first.unit {
            Unit::Paragraph => self.article_of(at),
            _ => self.policy.provisions.get(at).and_then(|one| one.parent),
        });
        parent.is_none_or(|parent| {
            self.under(parent, &[last]).1
                || self.article_of(parent).is_none_or(|article| self.under(article, &[last]).1)
        })
    }

    /// The provision of a name, in the numbering at hand if there is one.
    fn named(&self, name: &str, within: Option<usize>) -> Option<usize> {
        let found = self.index.all(name);
        let run = within.and_then(|at| self.runs.get(at));
        let here = found.iter().copied().find(|&one| self.runs.get(one) == run);
        here.or(found.first().copied())
    }
}

#[cfg(test)]
mod tests;
