//! Runs that only changed places inside one text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::words::{Span, SpanKind, TextDiff};

/// A run of so many equal characters that went and came is shown as moved.
const LEAST: usize = 8;
/// Places looked at for one run of [`LEAST`] characters.
const PLACES: usize = 4;

/// Marks what went at one place and came at another.
pub(super) fn mark(diff: TextDiff) -> TextDiff {
    let long =
        |kind| diff.spans.iter().any(|span| span.kind == kind && span.text.chars().nth(LEAST - 1).is_some());
    if !long(SpanKind::Delete) || !long(SpanKind::Insert) {
        return diff;
    }
    let chars: Vec<Vec<char>> = diff.spans.iter().map(|span| span.text.chars().collect()).collect();
    let of = |kind| {
        diff.spans.iter().enumerate().filter(move |(_, span)| span.kind == kind).map(|(index, _)| index)
    };
    let mut known: BTreeMap<&[char], Vec<(usize, usize)>> = BTreeMap::new();
    for span in of(SpanKind::Delete) {
        for (at, run) in chars.get(span).into_iter().flat_map(|chars| chars.windows(LEAST)).enumerate() {
            let places = known.entry(run).or_default();
            if places.len() < PLACES {
                places.push((span, at));
            }
        }
    }
    let mut moved: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
    for span in of(SpanKind::Insert) {
        let Some(here) = chars.get(span) else { continue };
        let mut at = 0;
        while let Some(run) = here.get(at..at + LEAST) {
            let longest = known
                .get(run)
                .into_iter()
                .flatten()
                .map(|&(from, place)| (common(here, at, chars.get(from), place), from, place))
                .max_by_key(|(length, from, place)| (*length, std::cmp::Reverse((*from, *place))));
            let Some((length, from, place)) = longest else {
                at += 1;
                continue;
            };
            moved.entry(span).or_default().push(at..at + length);
            moved.entry(from).or_default().push(place..place + length);
            at += length;
        }
    }
    marked(&diff.spans, &chars, moved)
}

/// How far two texts agree from two places on.
fn common(here: &[char], at: usize, there: Option<&Vec<char>>, place: usize) -> usize {
    let here = here.get(at..).unwrap_or_default();
    let there = there.and_then(|there| there.get(place..)).unwrap_or_default();
    here.iter().zip(there).take_while(|(a, b)| a == b).count()
}

fn marked(spans: &[Span], chars: &[Vec<char>], mut moved: BTreeMap<usize, Vec<Range<usize>>>) -> TextDiff {
    let mut out = TextDiff::default();
    for (index, (span, chars)) in spans.iter().zip(chars).enumerate() {
        let Some(mut ranges) = moved.remove(&index) else {
            out.push(span.kind, &span.text);
            continue;
        };
        let kind = if span.kind == SpanKind::Delete { SpanKind::MovedAway } else { SpanKind::MovedHere };
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut at = 0;
        let part = |range: Range<usize>| chars.get(range).unwrap_or_default().iter().collect::<String>();
        for range in ranges {
            let start = range.start.max(at);
            out.push(span.kind, &part(at..start));
            out.push(kind, &part(start..range.end.max(start)));
            at = range.end.max(start);
        }
        out.push(span.kind, &part(at..chars.len()));
    }
    out
}
