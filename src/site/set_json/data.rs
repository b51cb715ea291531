//! The data files of a set in its machine twin.

use super::filled;
use super::types::{ClauseJson, CorrectionJson, OpinionJson, OpinionsJson, QuestionJson};
use crate::SitePlan;
use crate::catalogue::Entry;
use crate::questions::{questions, route};
use jiedu_model::{Adoption, Correction, Opinion};

impl<'a> SitePlan<'a> {
    pub(super) fn questions_json<'s>(&self, entry: &Entry<'s>) -> Vec<QuestionJson<'s>>
    where
        Self: 's,
        'a: 's,
    {
        let page = self.base.absolute(&route(&entry.set.id).url());
        questions(entry.edition)
            .iter()
            .map(|question| QuestionJson {
                id: &question.anchor,
                question: &question.question.value,
                answer: &question.answer,
                clauses: question.clauses.iter().map(|name| self.clause_json(entry, &name.value)).collect(),
                source: some(&question.source),
                answered_by: some(&question.answered_by),
                date: question.date.map(|date| date.to_string()),
                url: format!("{page}#{}", question.anchor),
            })
            .collect()
    }

    pub(super) fn opinions_json<'s>(&self, entry: &Entry<'s>) -> Option<OpinionsJson<'s>>
    where
        Self: 's,
        'a: 's,
    {
        let sheet = entry.edition.set.opinions.as_ref()?;
        let one = |opinion: &'s Opinion| OpinionJson {
            text: &opinion.text.value,
            source: some(&opinion.source),
            count: opinion.count,
            adopted: opinion.adoption.map(|adoption| match adoption {
                Adoption::Yes => "采纳",
                Adoption::Partly => "部分采纳",
                Adoption::No => "未采纳",
            }),
            reason: some(&opinion.reason),
            clauses: opinion.clauses.iter().map(|name| self.clause_json(entry, &name.value)).collect(),
            draft_clauses: opinion.draft_clauses.iter().map(|name| name.value.as_str()).collect(),
        };
        Some(OpinionsJson {
            published: sheet.published.map(|date| date.to_string()),
            received: sheet.received,
            note: some(&sheet.note),
            opinions: sheet.opinions.iter().map(one).collect(),
        })
    }

    fn clause_json(&self, entry: &Entry<'_>, written: &str) -> ClauseJson {
        let found = self.reference(entry.set, entry.edition, entry.clauses(), written, "");
        ClauseJson { reference: found.text, url: filled(&found.href).map(|url| self.base.absolute(&url)) }
    }
}

pub(super) fn corrections_json(corrections: &[Correction]) -> Vec<CorrectionJson<'_>> {
    corrections
        .iter()
        .map(|correction| CorrectionJson { date: correction.date.to_string(), note: &correction.note })
        .collect()
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
