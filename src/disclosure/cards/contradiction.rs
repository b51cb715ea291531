//! Conditions that no fact can meet together.

use super::{Card, CardValue, Comparison, Condition};

/// The first two conditions about one fact that exclude each other, as indexes.
pub(super) fn first(card: &Card) -> Option<(usize, usize)> {
    let pairs = card.conditions.iter().enumerate();
    pairs.clone().find_map(|(i, a)| {
        let later = card.conditions.iter().enumerate().skip(i + 1);
        later.into_iter().find(|(_, b)| a.fact == b.fact && excludes(a, b)).map(|(j, _)| (i, j))
    })
}

/// Whether no value meets both. Judged at the values of both and, for numbers
/// and dates with an order, between and beyond them.
fn excludes(a: &Condition, b: &Condition) -> bool {
    let (Some(first), Some(second)) = (&a.test, &b.test) else { return false };
    let has_order = first.comparison.is_order() || second.comparison.is_order();
    let unequal = |test: &super::Test| test.comparison == Comparison::NotEqual;
    if unequal(first) && unequal(second) {
        // Some third value meets both.
        return false;
    }
    let both = |value: &CardValue| {
        super::eval::holds(first, value) == Some(true) && super::eval::holds(second, value) == Some(true)
    };
    let mut candidates: Vec<CardValue> = first.values.iter().chain(&second.values).cloned().collect();
    if has_order {
        let edges: Vec<CardValue> = candidates.iter().flat_map(neighbours).collect();
        candidates.extend(edges);
    }
    !candidates.is_empty() && !candidates.iter().any(both)
}

/// Values just below and above one.
fn neighbours(value: &CardValue) -> Vec<CardValue> {
    match value {
        CardValue::Number(number) => {
            let near = [number.just_below(), number.just_above()];
            near.into_iter().flatten().map(CardValue::Number).collect()
        }
        CardValue::Date(date) => {
            let days = [date.yesterday().ok(), date.tomorrow().ok()];
            days.into_iter().flatten().map(CardValue::Date).collect()
        }
        _ => Vec::new(),
    }
}
