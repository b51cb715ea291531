//! Which clause a link of an interpretation means.
//!
//! The label in a `clause:` link means the clause that it meant when its
//! section was last deliberately set: when the label was written, or when a
//! comment `<!-- 校对:已复核 第六条 -->` (`proof:reviewed`) directly below the
//! heading confirmed it. From that edition the clause is followed to the text
//! at hand ([`Follow`]), through renumbering, moves and rewording; an edit
//! elsewhere in the file changes nothing. Reading the label anew would put the
//! interpretation of an old 第四条 beside a new one; where the two readings
//! disagree, [`retargeted`] says so.
//!
//! Whether the words of the clause changed is asked of another edition: the one
//! in which the section's own bytes were last changed, labels left out, for its
//! writer looked at the clause then.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiedu_base::text::TextRange;
use jiedu_link::ClauseIndex;
use jiedu_model::{InterpretationMaterial, PolicyDocument, Provision, Section};
use jiedu_redline::{compare_passages, passages};

/// The provisions that two texts have in common, found once for each pair.
#[derive(Debug, Default)]
pub struct Redlines {
    /// By the places of the two texts in memory, which stay while a site is made.
    known: Mutex<BTreeMap<(usize, usize), Kept>>,
}

/// Anchors then and now.
type Kept = Arc<BTreeMap<String, String>>;

impl Redlines {
    fn kept(&self, old: &PolicyDocument, new: &PolicyDocument) -> Kept {
        let key = (std::ptr::from_ref(old).addr(), std::ptr::from_ref(new).addr());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = known().get(&key) {
            return kept.clone();
        }
        // Nobody waits for another's redline; made twice, it is the same.
        let made = Arc::new(kept(old, new));
        known().insert(key, made.clone());
        made
    }
}

/// The anchors, before and after, of the provisions that both texts have.
fn kept(old: &PolicyDocument, new: &PolicyDocument) -> BTreeMap<String, String> {
    let (old, new) = (passages(old), passages(new));
    let redline = compare_passages(&old, &new);
    let pair = |(new, from): (&jiedu_redline::Passage, &Option<usize>)| {
        Some((old.get((*from)?)?.anchor.clone()?, new.anchor.clone()?))
    };
    let mut kept: BTreeMap<String, String> = new.iter().zip(&redline.whole).filter_map(pair).collect();
    // What was merged into another stands there now.
    for entry in redline.entries.iter().filter(|entry| entry.is_group()) {
        let into = entry.new_passage.as_ref().and_then(|passage| passage.anchor.clone());
        for old in entry.olds().filter_map(|passage| passage.anchor.clone()) {
            kept.entry(old).or_insert_with(|| into.clone().unwrap_or_default());
        }
    }
    kept.retain(|_, now| !now.is_empty());
    kept
}

/// A clause found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    /// Index of the provision in the text at hand.
    pub provision: usize,
    /// Whether its words changed since the interpretation was checked.
    pub stale: bool,
}

/// The clauses of a policy as a text knew them that was written when an older
/// edition stood.
#[derive(Debug)]
pub struct Follow<'a> {
    /// The policy as it was then; none when it is the one at hand.
    old: Option<&'a PolicyDocument>,
    new: &'a PolicyDocument,
    redlines: &'a Redlines,
    kept: OnceCell<Kept>,
}

impl<'a> Follow<'a> {
    /// From one text to another.
    #[must_use]
    pub fn new(old: Option<&'a PolicyDocument>, new: &'a PolicyDocument, redlines: &'a Redlines) -> Self {
        let old = old.filter(|old| !std::ptr::eq(*old, new));
        Self { old, new, redlines, kept: OnceCell::new() }
    }

    /// The clause that a name stood for, where it stands now.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Pin> {
        let by_name = ClauseIndex::new(self.new).find(name);
        let Some(old) = self.old else {
            return by_name.map(|provision| Pin { provision, stale: false });
        };
        let Some(then) = ClauseIndex::new(old).find(name) else {
            return by_name.map(|provision| Pin { provision, stale: true });
        };
        let before = old.provisions.get(then)?;
        let is_same = |now: &usize| {
            self.new.provisions.get(*now).is_some_and(|now| now.fingerprint == before.fingerprint)
        };
        if let Some(provision) = by_name.filter(is_same) {
            return Some(Pin { provision, stale: false });
        }
        let kept = self.kept.get_or_init(|| self.redlines.kept(old, self.new));
        if let Some(anchor) = kept.get(&before.anchor) {
            let provision = self.new.provisions.iter().position(|now| now.anchor == *anchor)?;
            return Some(Pin { provision, stale: words(old, then) != words(self.new, provision) });
        }
        // The clause is gone. What has its name now is either another clause
        // that moved up, or a new text in its place.
        let taken = |now: &usize| {
            let anchor = self.new.provisions.get(*now).map(|now| now.anchor.as_str());
            kept.values().any(|known| Some(known.as_str()) == anchor)
        };
        by_name.filter(|now| !taken(now)).map(|provision| Pin { provision, stale: true })
    }

    /// Whether the older text knew a clause by this name that is there no more.
    #[must_use]
    pub fn is_gone(&self, name: &str) -> bool {
        self.old.is_some_and(|old| ClauseIndex::new(old).find(name).is_some()) && self.find(name).is_none()
    }
}

/// The words of a provision and all below it, without its own label and white space.
fn words(policy: &PolicyDocument, index: usize) -> String {
    let Some(top) = policy.provisions.get(index) else { return String::new() };
    let own = top.text.trim_start();
    let own = own.strip_prefix(top.label.as_str()).unwrap_or(own);
    let below = policy.provisions.iter().skip(index + 1).take_while(|below| below.depth > top.depth);
    let below = below.map(|below: &Provision| below.text.as_str());
    std::iter::once(own).chain(below).flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}

/// An interpretation as one edition has it.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The policy of that edition.
    pub policy: Option<&'a PolicyDocument>,
    /// The interpretation.
    pub material: &'a InterpretationMaterial,
}

/// What a link was aimed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Index of the edition in which the label is read.
    pub pinned: usize,
    /// The label, as it was written then.
    pub label: String,
    /// Index of the edition in which the section was last looked through.
    pub reviewed: usize,
}

/// The aims of a section's links, by their targets.
pub type Aims = BTreeMap<String, Aim>;

/// What every clause link of the newest text means, section by section.
/// `history` is the interpretation in every edition that has it without a
/// break, oldest first.
#[must_use]
pub fn aims(history: &[Written<'_>], redlines: &Redlines) -> Vec<Aims> {
    let mut before: Option<(Vec<Piece>, Vec<Aims>)> = None;
    for (at, written) in history.iter().enumerate() {
        let pieces = pieces(written.material);
        let sources = before.as_ref().map(|(old, _)| matched(old, &pieces)).unwrap_or_default();
        let made = pieces.iter().enumerate().map(|(index, piece)| {
            let source = sources.get(index).copied().flatten();
            let known = before.as_ref().and_then(|(old, aims)| Some((old.get(source?)?, aims.get(source?)?)));
            Step { history, redlines, at }.aims(piece, known)
        });
        let made: Vec<Aims> = made.collect();
        before = Some((pieces, made));
    }
    before.map(|(_, aims)| aims).unwrap_or_default()
}

/// The clause that an aim leads to in `now`, the policy of the last edition or
/// another text: asked with the policies of the aim's editions.
#[must_use]
pub fn locate<'a>(
    aim: &Aim,
    then: Option<&'a PolicyDocument>,
    reviewed: Option<&'a PolicyDocument>,
    now: &'a PolicyDocument,
    redlines: &'a Redlines,
) -> Option<Pin> {
    let pin = Follow::new(then, now, redlines).find(&aim.label)?;
    let Some(reviewed) = reviewed.filter(|_| aim.reviewed != aim.pinned) else { return Some(pin) };
    if std::ptr::eq(reviewed, now) {
        return Some(Pin { stale: false, ..pin });
    }
    let seen = Follow::new(then, reviewed, redlines).find(&aim.label);
    let stale = seen.is_none_or(|seen| words(reviewed, seen.provision) != words(now, pin.provision));
    Some(Pin { stale, ..pin })
}

/// A section as far as its links depend on it.
struct Piece {
    /// Its bytes, labels of clause links and marks of review left out.
    masked: String,
    heading: String,
    anchor: String,
    targets: Vec<String>,
    /// What marks of review say.
    reviewed: Vec<String>,
}

fn pieces(material: &InterpretationMaterial) -> Vec<Piece> {
    let sections = &material.sections;
    let pieces = sections.iter().enumerate();
    pieces
        .map(|(index, section)| {
            let range = range(material, index);
            let reviewed = marks(material, section, range);
            Piece {
                masked: masked(material.file.text().get(range.start..range.end).unwrap_or_default()),
                heading: section.heading.clone(),
                anchor: section.anchor.clone(),
                targets: section.heading_targets.iter().chain(&section.text_targets).cloned().collect(),
                reviewed,
            }
        })
        .collect()
}

/// The bytes of a section.
#[must_use]
pub fn range(material: &InterpretationMaterial, section: usize) -> TextRange {
    let start = |section: usize| {
        let block = material.sections.get(section)?.blocks.start;
        material.blocks.get(block).map(|block| block.range.start)
    };
    let end = start(section + 1).unwrap_or(material.body.range.end);
    let from = if section == 0 { Some(material.body.range.start) } else { start(section) };
    TextRange::new(from.unwrap_or(end).min(end), end)
}

/// What the marks of review directly below a section's heading say.
fn marks(material: &InterpretationMaterial, section: &Section, range: TextRange) -> Vec<String> {
    let heading = material.blocks.get(section.blocks.start).filter(|block| block.heading.is_some());
    let Some(mut end) = heading.map(|block| block.range.end) else { return Vec::new() };
    let mut found = Vec::new();
    let text = material.file.text();
    let from = end;
    for html in
        material.body.html.iter().filter(|html| html.range.start >= from && html.range.end <= range.end)
    {
        let between = text.get(end..html.range.start).unwrap_or("x");
        let Some(comment) = html.comment.as_deref().filter(|_| between.trim().is_empty()) else { break };
        end = html.range.end;
        found.extend(review_mark(comment).map(str::to_owned));
    }
    found
}

/// What a comment says was reviewed: the labels; none for another comment.
#[must_use]
pub fn review_mark(comment: &str) -> Option<&str> {
    let comment = comment.trim();
    ["校对:已复核", "校对：已复核", "proof:reviewed"]
        .iter()
        .find_map(|order| comment.strip_prefix(order))
        .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        .map(str::trim)
}

/// The text without the targets of clause links and without marks of review.
fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("clause:") {
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| !matches!(c, ')' | '>' | '"' | '\n'));
    }
    out.push_str(rest);
    let is_mark = |line: &&str| {
        let inner = line.trim().strip_prefix("<!--").and_then(|line| line.strip_suffix("-->"));
        inner.and_then(review_mark).is_none()
    };
    out.lines()
        .filter(is_mark)
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// For every section, the one that it was before.
fn matched(old: &[Piece], new: &[Piece]) -> Vec<Option<usize>> {
    let mut from: Vec<Option<usize>> = vec![None; new.len()];
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let same: [fn(&Piece, &Piece) -> bool; 4] = [
        |a, b| a.masked == b.masked,
        |a, b| !a.heading.is_empty() && a.heading == b.heading,
        |a, b| !a.targets.is_empty() && a.targets == b.targets,
        |a, b| a.anchor == b.anchor,
    ];
    for same in same {
        for (at, piece) in new.iter().enumerate() {
            if from.get(at).is_none_or(Option::is_some) {
                continue;
            }
            // Of several the one at the same place.
            let mut free = old.iter().enumerate().filter(|(at, old)| !taken.contains(at) && same(old, piece));
            let found = free.clone().find(|(_, old)| old.anchor == piece.anchor).or_else(|| free.next());
            if let (Some((found, _)), Some(slot)) = (found, from.get_mut(at)) {
                *slot = Some(found);
                taken.insert(found);
            }
        }
    }
    from
}

/// One edition on the way.
struct Step<'h> {
    history: &'h [Written<'h>],
    redlines: &'h Redlines,
    at: usize,
}

impl Step<'_> {
    fn aims(&self, piece: &Piece, before: Option<(&Piece, &Aims)>) -> Aims {
        let here = |label: &str| Aim { pinned: self.at, label: own(label).to_owned(), reviewed: self.at };
        let mut aims = Aims::new();
        for (place, target) in piece.targets.iter().enumerate() {
            let known = before.and_then(|(old, aims)| {
                let same = aims.get(target);
                // A label that was rewritten to follow its clause is no new aim.
                let rewritten = old.targets.get(place).filter(|_| old.targets.len() == piece.targets.len());
                same.or_else(|| {
                    rewritten.and_then(|old| aims.get(old)).filter(|aim| self.follows(aim, target))
                })
            });
            let aim = match (known, before) {
                (Some(known), Some((old, _))) if !is_confirmed(piece, old, target) => {
                    let is_same = old.masked == piece.masked && is_reviewed_alike(piece, old);
                    Aim { reviewed: if is_same { known.reviewed } else { self.at }, ..known.clone() }
                }
                _ => here(target),
            };
            aims.insert(target.clone(), aim);
        }
        aims
    }

    /// Whether a new label names the clause that an aim leads to.
    fn follows(&self, aim: &Aim, target: &str) -> bool {
        let policy = |at: usize| self.history.get(at).and_then(|written| written.policy);
        let (Some(now), false) = (policy(self.at), target.contains('#')) else { return false };
        let followed = Follow::new(policy(aim.pinned), now, self.redlines).find(&aim.label);
        let anew = ClauseIndex::new(now).find(target);
        followed.map(|pin| pin.provision).zip(anew).is_some_and(|(a, b)| a == b)
    }
}

/// The label without the set before it.
fn own(target: &str) -> &str {
    target.split_once('#').map_or(target, |(_, label)| label)
}

/// Whether a mark that was not there before confirms the label.
fn is_confirmed(piece: &Piece, old: &Piece, target: &str) -> bool {
    let names =
        |mark: &String| mark.is_empty() || mark.split(['、', '，', ',', ' ']).any(|name| name == target);
    piece.reviewed.iter().filter(|mark| !old.reviewed.contains(*mark)).any(names)
}

/// Whether no mark of review came since.
fn is_reviewed_alike(piece: &Piece, old: &Piece) -> bool {
    piece.reviewed.iter().all(|mark| old.reviewed.contains(mark))
}

/// A link whose label has come to name another clause than it was aimed at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retargeted {
    /// Index of the section.
    pub section: usize,
    /// The target as written.
    pub target: String,
    /// Where the clause that was meant stands now; none when it is gone.
    pub meant: Option<usize>,
    /// What the label names now; none when nothing.
    pub now: Option<usize>,
    /// The label in the edition in which the link was aimed.
    pub label: String,
}

/// The links of the newest text for which following the clause and reading the
/// label anew disagree.
#[must_use]
pub fn retargeted(history: &[Written<'_>], redlines: &Redlines) -> Vec<Retargeted> {
    let policy = |at: usize| history.get(at).and_then(|written| written.policy);
    let Some(now) = history.last().and_then(|written| written.policy) else { return Vec::new() };
    let mut found = Vec::new();
    for (section, aims) in aims(history, redlines).into_iter().enumerate() {
        for (target, aim) in aims.into_iter().filter(|(target, _)| !target.contains('#')) {
            let Some(then) = policy(aim.pinned) else { continue };
            if ClauseIndex::new(then).find(&aim.label).is_none() {
                continue;
            }
            let meant = Follow::new(Some(then), now, redlines).find(&aim.label).map(|pin| pin.provision);
            let anew = ClauseIndex::new(now).find(&target);
            if meant != anew {
                found.push(Retargeted { section, target, meant, now: anew, label: aim.label });
            }
        }
    }
    found
}
