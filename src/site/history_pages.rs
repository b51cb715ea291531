//! Cuts 条文沿革 into pages that keep the page budget.
//!
//! A page takes so many events; a provision with more of them goes on on the
//! next page. The provisions to which nothing happened follow at the end.

use std::collections::BTreeMap;
use std::ops::Range;

use jiedu_redline::ProvisionHistory;

/// What a page may hold, in events of a provision: an event is about 400 bytes
/// of HTML and eight elements, a page 120,000 bytes and 2,500 elements.
const PER_PAGE: usize = 160;

/// What an unchanged provision costs, in events: four links take as much.
const UNCHANGED_PER_EVENT: usize = 4;

/// Editions × provisions below which all fits one page, whatever happened.
pub(super) const SURELY_ONE: usize = 60;

/// The part of a provision's events that stands on one page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its place in the history.
    pub(super) line: usize,
    /// Its events, counted from the newest.
    pub(super) events: Range<usize>,
}

/// One page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct HistoryPage {
    /// What changed.
    pub(super) pieces: Vec<Piece>,
    /// Places of the provisions to which nothing happened.
    pub(super) unchanged: Vec<usize>,
}

/// The pages; at least one.
pub(super) fn cut(lines: &[ProvisionHistory]) -> Vec<HistoryPage> {
    let mut pages = vec![HistoryPage::default()];
    let mut room = PER_PAGE;
    for (line, history) in lines.iter().enumerate().filter(|(_, line)| !line.events.is_empty()) {
        let mut from = 0;
        while from < history.events.len() {
            // A heading with one event alone at the foot helps nobody.
            if room < 3 {
                pages.push(HistoryPage::default());
                room = PER_PAGE;
            }
            let to = history.events.len().min(from + room - 1);
            if let Some(page) = pages.last_mut() {
                page.pieces.push(Piece { line, events: from..to });
            }
            room = room.saturating_sub(to - from + 1);
            from = to;
        }
    }
    let mut left = room * UNCHANGED_PER_EVENT;
    for (line, _) in lines.iter().enumerate().filter(|(_, line)| line.events.is_empty()) {
        if left == 0 {
            pages.push(HistoryPage::default());
            left = PER_PAGE * UNCHANGED_PER_EVENT;
        }
        left -= 1;
        if let Some(page) = pages.last_mut() {
            page.unchanged.push(line);
        }
    }
    pages
}

/// The number of the page on which a provision of the newest text begins, by
/// its anchor.
pub(super) fn places<'l>(lines: &'l [ProvisionHistory], pages: &[HistoryPage]) -> BTreeMap<&'l str, usize> {
    let mut places = BTreeMap::new();
    for (number, page) in pages.iter().enumerate() {
        for piece in &page.pieces {
            if let Some(anchor) = lines.get(piece.line).and_then(|line| line.anchor.as_deref()) {
                places.entry(anchor).or_insert(number + 1);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_redline::ProvisionEvent;

    fn line(anchor: &str, events: usize) -> ProvisionHistory {
        ProvisionHistory {
            anchor: Some(anchor.to_owned()),
            reference: anchor.to_owned(),
            name: anchor.to_owned(),
            since: 1,
            events: vec![ProvisionEvent::default(); events],
        }
    }

    #[test]
    fn every_event_stands_once_and_no_page_is_too_long() {
        let lines: Vec<ProvisionHistory> =
            (0..900).map(|n| line(&format!("art{n}"), [0, 1, 5, 700][n % 4].min(n + 1))).collect();
        let pages = cut(&lines);
        for (at, expected) in lines.iter().enumerate() {
            let told: Vec<usize> = pages
                .iter()
                .flat_map(|page| &page.pieces)
                .filter(|piece| piece.line == at)
                .flat_map(|piece| piece.events.clone())
                .collect();
            assert_eq!(told, (0..expected.events.len()).collect::<Vec<_>>());
            let unchanged = pages.iter().flat_map(|page| &page.unchanged).filter(|line| **line == at).count();
            assert_eq!(unchanged, usize::from(expected.events.is_empty()));
        }
        for page in &pages {
            let events: usize = page.pieces.iter().map(|piece| piece.events.len() + 1).sum();
            assert!(events + page.unchanged.len() / UNCHANGED_PER_EVENT <= PER_PAGE + 1);
        }
        assert_eq!(cut(&[]).len(), 1);
        assert_eq!(places(&lines, &pages).len(), 675);
    }
}
