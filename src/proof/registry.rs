//! All rules, in the order in which they run.
//!
//! To add a rule: a file in `rules/` with its [`Rule`] (code, name, page) and a
//! function; its family in [`FAMILIES`]. The example of the page is its first
//! test; add to the family's tests what it must leave alone.

use super::document::{Document, Segment};
use super::lists::Lists;
use super::rules;
use super::set;
use super::sink::Sink;
use super::suppress;
use jiedu_base::finding::Rule;

/// How a family looks at a document.
pub(crate) enum Check {
    /// Segment by segment.
    Segment(fn(&Document<'_>, &Segment<'_>, &mut Sink)),
    /// The whole document.
    Document(fn(&Document<'_>, &mut Sink)),
    /// The whole document with the office's lists.
    Lists(fn(&Document<'_>, &Lists, &mut Sink)),
    /// Not by the runner: while comments are read, or over a whole set.
    Elsewhere,
}

/// Rules that share one pass.
pub(crate) struct Family {
    pub(crate) rules: &'static [&'static Rule],
    pub(crate) check: Check,
}

/// Every family.
pub(crate) static FAMILIES: &[&Family] = &[
    &rules::width::FAMILY,
    &rules::spacing::FAMILY,
    &rules::characters::FAMILY,
    &rules::brackets::FAMILY,
    &rules::quotes::FAMILY,
    &rules::titles::FAMILY,
    &rules::marks::FAMILY,
    &rules::ends::FAMILY,
    &rules::odd_mark::FAMILY,
    &rules::numeral::FAMILY,
    &rules::figures::FAMILY,
    &rules::separators::FAMILY,
    &rules::approximation::FAMILY,
    &rules::doc_number::FAMILY,
    &rules::date::FAMILY,
    &rules::range_order::FAMILY,
    &rules::unit::FAMILY,
    &rules::unit_form::FAMILY,
    &rules::unit::MIXTURE,
    &rules::numbering::FAMILY,
    &rules::captions::FAMILY,
    &rules::ordinal::FAMILY,
    &rules::attachment::FAMILY,
    &rules::arithmetic::FAMILY,
    &rules::counted::FAMILY,
    &rules::agreement::FAMILY,
    &rules::repeat::FAMILY,
    &rules::affix::FAMILY,
    &rules::repeat::TEXTS,
    &rules::words::FAMILY,
    &rules::company::FAMILY,
    &rules::idiom::FAMILY,
    &rules::statistics::FAMILY,
    &rules::phrase::FAMILY,
    &rules::particle::FAMILY,
    &rules::grammar::FAMILY,
    &rules::facts::FAMILY,
    &rules::quotation::FAMILY,
    &rules::user_list::FAMILY,
    &rules::pii::FAMILY,
    &rules::pii::LINKS,
    &rules::link::FAMILY,
    &rules::address::FAMILY,
    &rules::secrecy::FAMILY,
    &set::FAMILY,
    &SUPPRESSION,
];

static SUPPRESSION: Family = Family {
    rules: &[&suppress::UNUSED, &suppress::INVALID, &suppress::COMMENT, &suppress::IDLE],
    check: Check::Elsewhere,
};

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.rules.iter().copied())
}

/// The rules that need no more than one text.
pub(crate) fn of_one_text() -> impl Iterator<Item = &'static Rule> {
    let others = [set::FAMILY.rules, rules::quotation::FAMILY.rules];
    all().filter(move |rule| {
        !others.iter().flat_map(|rules| rules.iter()).any(|other| other.code == rule.code)
    })
}

/// The rule with this code or name.
#[must_use]
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}
