//! Who is eligible, in three values.
//!
//! A condition is met, not met, or unknown. A card is refused when one condition
//! is not met, else unknown when a fact is missing, else granted. A fact of the
//! wrong kind is as good as missing: it never makes a yes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::file::Test;
use super::{Card, CardSheet, CardValue, Clauses, Comparison, Condition};
use crate::{Decimal, FORM};
use jiedu_base::finding::Checked;
use jiedu_base::text::SourceFile;
use jiedu_config::datum::{Reader, Value};

/// A verdict on a condition or a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// A fact is missing, or of the wrong kind.
    Unknown,
}

/// The verdict on one condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// Its number in the card, from 0.
    pub condition: usize,
    /// The verdict.
    pub result: Answer,
    /// The anchor of its clause; none when there is no such clause.
    pub clause: Option<String>,
}

/// The verdict on one card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    /// 编号.
    pub id: String,
    /// The verdict.
    pub result: Answer,
    /// Why.
    pub because: Vec<Because>,
    /// The facts that would decide it.
    pub needs: Vec<String>,
}

/// What is known about somebody, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts(BTreeMap<String, CardValue>);

impl Facts {
    /// Reads a JSON object; null counts as not given. A name that stands twice,
    /// or a text that is no object, is a finding.
    #[must_use]
    pub fn read(file: &SourceFile) -> Checked<Self> {
        let reader = Reader::new(file, &FORM);
        let mut facts = Self::default();
        if let Some(root) = reader.parse_json() {
            if !matches!(root.value, Value::Table(_)) {
                reader.wrong(root.range, " { \"事实\": 值 } 形式的 JSON", "a JSON object of facts");
            }
            for entry in root.entries() {
                let value = match &entry.value.value {
                    Value::Text(text) => Some(CardValue::Text(text.trim().to_owned())),
                    Value::Integer(number) => Some(CardValue::Number(Decimal::from_integer(*number))),
                    Value::Bool(value) => Some(CardValue::Bool(*value)),
                    Value::Other => Decimal::parse(file.slice(entry.value.range)).map(CardValue::Number),
                    Value::Date(date) => Some(CardValue::Date(*date)),
                    Value::List(_) | Value::Table(_) => None,
                };
                let name = entry.key.trim().to_owned();
                if root.entries().iter().filter(|other| other.key.trim() == name).count() > 1 {
                    reader.wrong(entry.key_range, "只写一次的事实", "a fact that stands once");
                }
                facts.0.extend(value.map(|value| (name, value)));
            }
        }
        Checked { value: facts, findings: reader.finish() }
    }

    /// Facts from pairs.
    pub fn of(pairs: impl IntoIterator<Item = (String, CardValue)>) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// The verdict on every card of a sheet.
#[must_use]
pub fn evaluate(sheet: &CardSheet, clauses: &Clauses<'_>, facts: &Facts) -> Vec<Eligibility> {
    sheet.cards.iter().map(|card| evaluate_card(card, clauses, facts)).collect()
}

fn evaluate_card(card: &Card, clauses: &Clauses<'_>, facts: &Facts) -> Eligibility {
    let mut because = Vec::new();
    let mut needs: Vec<String> = Vec::new();
    for (index, condition) in card.conditions.iter().enumerate() {
        let result = answer(condition, facts);
        if result == Answer::Unknown && !condition.fact.is_empty() && !needs.contains(&condition.fact) {
            needs.push(condition.fact.clone());
        }
        let clause = clauses.find(&condition.clause.value).map(|found| found.anchor);
        because.push(Because { condition: index, result, clause });
    }
    let any = |answer: Answer| because.iter().any(|reason| reason.result == answer);
    let result = if any(Answer::No) {
        Answer::No
    } else if any(Answer::Unknown) {
        Answer::Unknown
    } else {
        Answer::Yes
    };
    if result != Answer::Unknown {
        needs.clear();
    }
    Eligibility { id: card.id.clone(), result, because, needs }
}

fn answer(condition: &Condition, facts: &Facts) -> Answer {
    let (Some(test), Some(fact)) = (&condition.test, facts.0.get(&condition.fact)) else {
        return Answer::Unknown;
    };
    match holds(test, fact) {
        Some(true) => Answer::Yes,
        Some(false) => Answer::No,
        None => Answer::Unknown,
    }
}

/// Whether a fact passes a test; none when it is of another kind.
pub(super) fn holds(test: &Test, fact: &CardValue) -> Option<bool> {
    let first = test.values.first()?;
    let fact = of_kind(fact, first)?;
    Some(match test.comparison {
        Comparison::Equal => fact == *first,
        Comparison::NotEqual => fact != *first,
        Comparison::OneOf => test.values.contains(&fact),
        Comparison::Greater => order(&fact, first)?.is_gt(),
        Comparison::AtLeast => order(&fact, first)?.is_ge(),
        Comparison::Less => order(&fact, first)?.is_lt(),
        Comparison::AtMost => order(&fact, first)?.is_le(),
    })
}

/// The fact as a value of the kind of another; a date may come as a text.
fn of_kind(fact: &CardValue, other: &CardValue) -> Option<CardValue> {
    match (fact, other) {
        (CardValue::Text(text), CardValue::Date(_)) if text.len() == 10 => {
            text.parse().ok().map(CardValue::Date)
        }
        _ => fact.is_like(other).then(|| fact.clone()),
    }
}

fn order(fact: &CardValue, value: &CardValue) -> Option<std::cmp::Ordering> {
    match (fact, value) {
        (CardValue::Number(fact), CardValue::Number(value)) => Some(fact.cmp(value)),
        (CardValue::Date(fact), CardValue::Date(value)) => Some(fact.cmp(value)),
        _ => None,
    }
}
