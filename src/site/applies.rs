//! 适用时段: which edition of a policy was, is and will be the one to read.
//!
//! Computed from what is published, never guessed: an edition begins on its
//! 施行日期 where the text states one, else on the day it came out; it ends
//! when the next one begins, on the stated 有效期至, or when another published
//! document repeals it. Drafts that were put out for comment never apply.

use jiff::civil::{Date, date};
use serde::Serialize;

use super::SitePlan;
use super::catalogue::came_out;
use super::pages::is_readable;
use super::route::Route;
use super::validity::Change;
use jiedu_edition::PublishedSet;
use jiedu_model::{PolicyDocument, PolicyMeta, Stage};

/// The days on which an edition applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// Number of the edition whose text it is.
    pub(crate) number: u32,
    /// The latest edition with the same text; `number` itself when there is none.
    pub(crate) last: u32,
    /// The first day.
    pub(crate) from: Date,
    /// The last day; none while nothing ends it.
    pub(crate) until: Option<Date>,
}

impl Term {
    /// Whether the text of an edition is the one that applies.
    pub(crate) fn holds(&self, number: u32) -> bool {
        (self.number..=self.last).contains(&number)
    }
}

/// The terms of a set's editions, oldest first. Editions that follow one
/// another with the same text are one applicable text. `repealed` says from
/// when a document is repealed by another.
pub(crate) fn terms(set: &PublishedSet, repealed: impl Fn(&PolicyMeta) -> Option<Date>) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut before: Option<&PolicyDocument> = None;
    let mut shown = None;
    for edition in set.editions.iter().filter(|edition| is_readable(set, edition)) {
        let Some(policy) = &edition.set.policy else { continue };
        let meta = &policy.meta;
        if meta.stage == Stage::Consultation {
            continue;
        }
        let same = before.is_some_and(|before| is_same_text(before, policy));
        if let Some(last) = terms.last_mut().filter(|last| same && Some(last.last) == shown) {
            (last.last, shown) = (edition.number, Some(edition.number));
            continue;
        }
        let from = begins(came_out(set, edition), meta, before.map(|before| &before.meta));
        // An edition that begins earlier takes the place of what was to come.
        while terms.last().is_some_and(|last| last.from >= from) {
            terms.pop();
        }
        if let Some(last) = terms.last_mut() {
            let eve = from.yesterday().unwrap_or(from);
            last.until = Some(last.until.map_or(eve, |until| until.min(eve)));
        }
        let expires = meta.expires.as_ref().map(|date| date.value);
        let repeal = repealed(meta).map(|day| day.yesterday().unwrap_or(day));
        let until = expires.into_iter().chain(repeal).min();
        before = Some(policy);
        shown = Some(edition.number);
        if until.is_none_or(|until| until >= from) {
            terms.push(Term { number: edition.number, last: edition.number, from, until });
        }
    }
    terms
}

/// Whether nothing that a reader is bound by differs: the words, and the days
/// from which and until which they count.
fn is_same_text(old: &PolicyDocument, new: &PolicyDocument) -> bool {
    let day = |date: &Option<jiedu_model::Spanned<Date>>| date.as_ref().map(|date| date.value);
    let words =
        |policy: &PolicyDocument| policy.blocks.iter().map(|block| block.html.clone()).collect::<Vec<_>>();
    old.meta.stage == new.meta.stage
        && day(&old.meta.effective) == day(&new.meta.effective)
        && day(&old.meta.expires) == day(&new.meta.expires)
        && old.meta.corrections == new.meta.corrections
        && (old.file.text() == new.file.text() || words(old) == words(new))
}

/// The first day of an edition that came out on `out`. A later one that states
/// no other 施行日期 begins when it came out.
fn begins(out: Date, meta: &PolicyMeta, before: Option<&PolicyMeta>) -> Date {
    let stated = |meta: &PolicyMeta| meta.effective.as_ref().map(|date| date.value);
    match (stated(meta), before.map(stated)) {
        (Some(day), None) => day,
        (Some(day), Some(old)) if old != Some(day) => day,
        (Some(day), _) => out.max(day),
        (None, _) => out,
    }
}

/// 某一天适用哪一版, by year and for a day to be chosen.
#[derive(Debug, Serialize)]
pub struct AppliesView {
    rows: Vec<YearRow>,
}

/// A year, or several in which nothing begins or ends.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct YearRow {
    /// The first year.
    year: i16,
    /// The last year; 0 when there is one only.
    to: i16,
    /// Whether it stands for all years after.
    open: bool,
    cells: Vec<YearCell>,
}

/// An edition with its days in those years.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct YearCell {
    n: u32,
    /// The latest edition with the same text; 0 when there is none.
    last: u32,
    href: String,
    /// First and last day of the edition as a whole, ISO; the last may be empty.
    from: String,
    until: String,
    /// The part of the year in words; empty for all of it.
    span: &'static str,
    begin: String,
    end: String,
}

/// More years than this apart are one row even so.
const MOST_ROWS: usize = 40;

impl SitePlan<'_> {
    /// The terms of a set's editions, repeals by other sets counted in.
    pub(super) fn terms(&self, set: &PublishedSet) -> Vec<Term> {
        terms(set, |meta| {
            let changes = self.catalogue.changes_to(meta, &set.id);
            changes.iter().filter(|change| change.repeals).filter_map(|change| change.from).min()
        })
    }

    /// The table; none when there is only one edition and nothing ends it.
    pub(super) fn applies(&self, set: &PublishedSet, root: &str) -> Option<AppliesView> {
        let terms = self.terms(set);
        let first = terms.first()?;
        if terms.len() < 2 && first.until.is_none() {
            return None;
        }
        let href = |number| format!("{root}{}", Route::edition(&set.id, number).url());
        Some(AppliesView { rows: rows(&terms, &href) })
    }

    /// Which of the changes to a document lie ahead of a day.
    pub(super) fn ahead(&self, meta: &PolicyMeta, set: &PublishedSet, today: Date) -> Vec<Change> {
        let mut ahead = self.catalogue.changes_to(meta, &set.id);
        ahead.retain(|change| change.from.is_some_and(|from| from > today));
        ahead.sort_by(|a, b| (a.from, &a.document).cmp(&(b.from, &b.document)));
        ahead
    }
}

fn rows(terms: &[Term], href: &dyn Fn(u32) -> String) -> Vec<YearRow> {
    // Years in which something begins or ends; what lies between is alike.
    let mut marked: Vec<i16> = terms
        .iter()
        .flat_map(|term| [Some(term.from.year()), term.until.map(Date::year)])
        .flatten()
        .collect();
    marked.sort_unstable();
    marked.dedup();
    marked.truncate(MOST_ROWS);
    let row = |year: i16, to: i16, open: bool| YearRow {
        year,
        to: if to == year { 0 } else { to },
        open,
        cells: cells(terms, year, if open { i16::MAX } else { to }, href),
    };
    let mut rows = Vec::new();
    for (index, year) in marked.iter().copied().enumerate() {
        rows.push(row(year, year, false));
        match marked.get(index + 1).copied() {
            Some(next) if next > year.saturating_add(1) => rows.push(row(year + 1, next - 1, false)),
            None if year < 9999 => rows.push(row(year + 1, year + 1, true)),
            _ => {}
        }
    }
    rows
}

fn cells(terms: &[Term], year: i16, to: i16, href: &dyn Fn(u32) -> String) -> Vec<YearCell> {
    let first = date(year, 1, 1);
    let last = date(to.min(9999), 12, 31);
    let shown =
        terms.iter().filter(|term| term.from <= last && term.until.is_none_or(|until| until >= first));
    shown
        .map(|term| {
            let starts = term.from > first;
            let ends = term.until.is_some_and(|until| until < last);
            let day = |date: Date| format!("{}月{}日", date.month(), date.day());
            YearCell {
                n: term.number,
                last: if term.last == term.number { 0 } else { term.last },
                href: href(term.number),
                from: term.from.to_string(),
                until: term.until.map(|until| until.to_string()).unwrap_or_default(),
                span: match (starts, ends) {
                    (false, false) => "",
                    (true, false) => "applies.from",
                    (false, true) => "applies.until",
                    (true, true) => "applies.between",
                },
                begin: day(term.from),
                end: term.until.map(day).unwrap_or_default(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::published;

    fn policy(number: u32, more: &str, published: &str) -> String {
        format!(
            "---\n标题: 某办法\n发文机关: 某局\n发文字号: 某发〔2025〕{number}号\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-01-02\n发布日期: {published}\n{more}---\n\n正文{number}。\n"
        )
    }

    fn told(texts: &[String], repealed: &dyn Fn(&PolicyMeta) -> Option<Date>) -> Vec<String> {
        let files: Vec<[(&str, &str); 1]> = texts.iter().map(|text| [("policy.md", text.as_str())]).collect();
        let editions: Vec<&[(&str, &str)]> = files.iter().map(|files| &files[..]).collect();
        let terms = terms(&published("2025/a", &editions), repealed);
        terms
            .iter()
            .map(|term| {
                let until = term.until.map(|until| until.to_string()).unwrap_or_default();
                format!("{}:{}/{until}", term.number, term.from)
            })
            .collect()
    }

    #[test]
    fn editions_follow_each_other_by_their_stated_dates() {
        let texts = [
            policy(1, "阶段: 征求意见\n征求意见: {开始: 2025-01-02, 截止: 2025-02-01}\n", "2025-01-02"),
            policy(2, "施行日期: 2025-04-01\n有效期至: 2030-03-31\n", "2025-03-01"),
            policy(3, "施行日期: 2026-01-01\n", "2025-12-01"),
        ];
        let nothing = |_: &PolicyMeta| None;
        assert_eq!(told(&texts, &nothing), ["2:2025-04-01/2025-12-31", "3:2026-01-01/"]);
        // Without 施行日期 the day of publication counts; expiry ends a term early.
        let texts = [policy(1, "有效期至: 2025-06-30\n", "2025-01-02"), policy(2, "", "2025-09-01")];
        assert_eq!(told(&texts, &nothing), ["1:2025-01-02/2025-06-30", "2:2025-09-01/"]);
        let repealed = |meta: &PolicyMeta| {
            let number = meta.document_number.as_ref().unwrap();
            (number.value == "某发〔2025〕2号").then_some(date(2026, 1, 1))
        };
        assert_eq!(told(&texts, &repealed), ["1:2025-01-02/2025-06-30", "2:2025-09-01/2025-12-31"]);
    }

    #[test]
    fn editions_with_the_same_text_are_one_applicable_text() {
        let first = policy(1, "施行日期: 2025-04-01\n", "2025-03-01");
        let marked = policy(1, "施行日期: 2025-04-01\n有效性: 现行有效\n", "2025-03-01");
        let next = policy(2, "施行日期: 2026-01-01\n", "2025-12-01");
        let nothing = |_: &PolicyMeta| None;
        let texts = [first.clone(), first, marked, next.clone(), next];
        assert_eq!(told(&texts, &nothing), ["1:2025-04-01/2025-12-31", "4:2026-01-01/"]);
        let files: Vec<[(&str, &str); 1]> = texts.iter().map(|text| [("policy.md", text.as_str())]).collect();
        let editions: Vec<&[(&str, &str)]> = files.iter().map(|files| &files[..]).collect();
        let all = terms(&published("2025/a", &editions), nothing);
        assert_eq!(all.iter().map(|term| term.last).collect::<Vec<_>>(), [3, 5]);
        assert!(all[0].holds(2) && !all[0].holds(4));
    }

    #[test]
    fn a_correction_begins_when_it_was_made_and_not_before() {
        let plain = policy(1, "施行日期: 2025-04-01\n", "2025-03-01");
        let more = "施行日期: 2025-04-01\n更正: {日期: 2025-05-06, 说明: 有误}\n";
        let texts = [plain.clone(), policy(1, more, "2025-03-01")];
        let nothing = |_: &PolicyMeta| None;
        assert_eq!(told(&texts, &nothing), ["1:2025-04-01/2025-05-05", "2:2025-05-06/"]);
        // One made before the text applied leaves the wrong words no day.
        let early = "施行日期: 2025-04-01\n更正: {日期: 2025-03-06, 说明: 有误}\n";
        assert_eq!(told(&[plain, policy(1, early, "2025-03-01")], &nothing), ["2:2025-04-01/"]);
    }

    #[test]
    fn years_between_changes_are_one_row() {
        let term = |number, from, until| Term { number, last: number, from, until };
        let terms = [
            term(1, date(2025, 4, 1), Some(date(2026, 3, 31))),
            term(2, date(2026, 4, 1), Some(date(2031, 3, 31))),
        ];
        let rows = rows(&terms, &|n| format!("v{n}/"));
        let cells = |row: &YearRow| row.cells.iter().map(|cell| (cell.n, cell.span)).collect::<Vec<_>>();
        let told: Vec<_> = rows.iter().map(|row| (row.year, row.to, row.open, cells(row))).collect();
        assert_eq!(
            told,
            [
                (2025, 0, false, vec![(1, "applies.from")]),
                (2026, 0, false, vec![(1, "applies.until"), (2, "applies.from")]),
                (2027, 2030, false, vec![(2, "")]),
                (2031, 0, false, vec![(2, "applies.until")]),
                (2032, 0, true, vec![]),
            ]
        );
        let endless = [term(1, date(1, 1, 1), Some(date(9999, 12, 31)))];
        assert_eq!(super::rows(&endless, &|n| n.to_string()).len(), 3);
    }
}
