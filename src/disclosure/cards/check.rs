//! What a sheet of cards can have wrong against the text it rests on.

use std::collections::BTreeMap;

use super::figures::{bare, find, quantities, stands_in};
use super::{Card, CardSheet, CardValue, Clauses, Condition, Kind, Part, contradiction, wording};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, TextRange};
use jiedu_model::Spanned;

/// Checks the cards of a set against its policy.
#[must_use]
pub fn check_cards(sheet: &CardSheet, clauses: &Clauses<'_>) -> Vec<Finding> {
    let mut check = Check { sheet, clauses, findings: Vec::new() };
    let mut seen: BTreeMap<&str, TextRange> = BTreeMap::new();
    for card in &sheet.cards {
        if let Some(first) = seen.insert(&card.id, card.range) {
            check.twice(card, first);
        }
        check.card(card);
    }
    check.findings
}

struct Check<'a, 'c> {
    sheet: &'a CardSheet,
    clauses: &'a Clauses<'c>,
    findings: Vec<Finding>,
}

impl Check<'_, '_> {
    fn push(
        &mut self,
        (code, rule): (&'static str, &'static str),
        severity: Severity,
        range: TextRange,
        message: Message,
    ) {
        let place = Place::range(&self.sheet.file, range);
        self.findings.push(Finding::new(code, rule, "card", severity, place, message));
    }

    fn twice(&mut self, card: &Card, first: TextRange) {
        let message = Message::new(
            format!("卡片编号“{}”出现了两次", card.id),
            format!("the card id `{}` stands twice", card.id),
        );
        let place = Place::range(&self.sheet.file, card.range);
        let finding = Finding::new("O306", "card-twice", "card", Severity::Error, place, message);
        let label = Message::new("第一张在这里", "the first one is here");
        self.findings.push(finding.label(&self.sheet.file, first, label));
    }

    fn card(&mut self, card: &Card) {
        self.clause_words(&card.clause, card);
        for (index, condition) in card.conditions.iter().enumerate() {
            if let Some(words) = self.clause_words(&condition.clause, card) {
                self.condition(card, (index, condition), &words);
            }
        }
        for part in &card.parts {
            if let Some(words) = self.clause_words(&part.clause, card) {
                self.part(card, part, &words);
            }
        }
        if let Some((first, second)) = contradiction::first(card) {
            let range = card.conditions.get(second).map_or(card.range, |condition| condition.range);
            let message = Message::new(
                format!("卡片“{}”的条件 {first} 和条件 {second} 不可能同时成立，谁也享受不到", card.name),
                format!("conditions {first} and {second} of card `{}` exclude each other", card.id),
            );
            self.push(("O304", "card-contradiction"), Severity::Warning, range, message);
        }
        let asks = card.parts.iter().any(|part| part.key == "材料");
        if card.kind == Some(Kind::Automatic) && asks {
            let message = Message::new(
                format!("卡片“{}”是免申即享，却要求提交材料", card.name),
                format!("card `{}` is granted without an application, yet asks for papers", card.id),
            );
            self.push(("O307", "card-automatic-materials"), Severity::Warning, card.range, message);
        }
    }

    /// The bare words of a clause; an unknown one is reported once a place.
    fn clause_words(&mut self, clause: &Spanned<String>, card: &Card) -> Option<String> {
        if clause.value.is_empty() {
            return None;
        }
        if let Some(found) = self.clauses.find(&clause.value) {
            return Some(bare(&found.words()));
        }
        let message = Message::new(
            format!("卡片“{}”的条文“{}”在政策文件里找不到", card.name, clause.value),
            format!("the policy has no clause `{}` (card `{}`)", clause.value, card.id),
        );
        let known = |finding: &Finding| finding.code == "O302" && finding.place.range == clause.range;
        if !self.findings.iter().any(known) {
            self.push(("O302", "card-clause-unknown"), Severity::Error, clause.range, message);
            if let (Some(meant), Some(last)) = (self.clauses.similar(&clause.value), self.findings.last_mut())
            {
                last.notes
                    .push(Message::new(format!("是不是“{meant}”？"), format!("Did you mean `{meant}`?")));
            }
        }
        None
    }

    fn condition(&mut self, card: &Card, (index, condition): (usize, &Condition), words: &str) {
        let Some(test) = &condition.test else { return };
        for value in test.values.iter().filter(|value| !stands_in(value, condition, words)) {
            let unit = condition.unit.as_deref().unwrap_or("");
            let shown = format!("{}{unit}", value.shown());
            let clause = &condition.clause.value;
            let message = Message::new(
                format!(
                    "卡片“{}”条件 {index}（{}）的值“{shown}”在“{clause}”里找不到",
                    card.name, condition.fact
                ),
                format!(
                    "the value `{shown}` of condition {index} of card `{}` does not stand in `{clause}`",
                    card.id
                ),
            );
            self.push(("O301", "card-value-not-in-clause"), Severity::Error, condition.range, message);
            if let Some(last) = self.findings.last_mut() {
                last.notes.push(Message::new(
                    "卡片只能写条文里有的数字、日期和名称；请核对条文，或者改正“条文”。",
                    "A card may say only what its clause says: correct the value or name the right clause.",
                ));
            }
        }
        self.boundary(card, (index, condition), words);
    }

    /// Whether the clause includes the boundary that the card includes.
    fn boundary(&mut self, card: &Card, (index, condition): (usize, &Condition), words: &str) {
        let Some(test) = condition.test.as_ref().filter(|test| test.comparison.is_order()) else { return };
        let [CardValue::Number(number)] = test.values.as_slice() else { return };
        let unit = condition.unit.as_deref().map(bare).unwrap_or_default();
        let Some(quantity) = find(*number, condition.unit.as_deref(), words) else { return };
        let Some(said) = wording::said(&quantity, &unit) else { return };
        if wording::agrees(test.comparison, said) {
            return;
        }
        let message = Message::new(
            format!(
                "卡片“{}”条件 {index} 写的是“{}{}”，条文的意思是“{}{}{}”，正好等于这个数时结论不同",
                card.name,
                test.comparison.sign(),
                number,
                said.words(),
                number,
                unit
            ),
            format!(
                "condition {index} of card `{}` compares with `{}`, the clause with `{}`: they differ at {number} itself",
                card.id,
                test.comparison.sign(),
                said.sign()
            ),
        );
        self.push(("O303", "card-boundary"), Severity::Warning, condition.range, message);
    }

    /// Every figure of a part in words must stand in its clause.
    fn part(&mut self, card: &Card, part: &Part, words: &str) {
        let text = bare(&part.text.value);
        let known = quantities(words);
        for quantity in quantities(&text) {
            let unit: String = quantity.after.chars().take(1).collect();
            let is_known = known.iter().any(|other| {
                other.value == quantity.value && (unit.is_empty() || other.after.starts_with(&unit))
            });
            if is_known {
                continue;
            }
            let (value, clause) = (quantity.value, &part.clause.value);
            let message = Message::new(
                format!("卡片“{}”的{}里的“{value}{unit}”在“{clause}”里找不到", card.name, part.key),
                format!("`{value}{unit}` in {} of card `{}` does not stand in `{clause}`", part.key, card.id),
            );
            self.push(("O301", "card-value-not-in-clause"), Severity::Error, part.text.range, message);
        }
    }
}
