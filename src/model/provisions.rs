//! From blocks to provisions (contract details 84).
//!
//! A label opens a provision; what follows without a label belongs to it, or,
//! in an article, is its next 款. A new label closes every open provision of
//! the same or a deeper kind, so `（一）…（十六）` may run on across sections. What
//! is no text of a provision (contents, signature, annexes) closes all.
//!
//! In an amendment a quoted article stands below the instruction that quotes
//! it, and the next instruction closes it.

use std::collections::BTreeMap;

use super::articles::{Numbering, PlainArticles, Reading, read_article};
use super::label::{Label, LabelKind, cites_on, read_label};
use super::names::finish;
use super::regions::{Role, read_regions};
use super::{PolicyMeta, Provision};
use jiedu_base::text::{TextRange, is_blank};
use jiedu_markdown::RenderedBlock;

/// Characters of a run-in heading at most.
const MAX_HEADING: usize = 48;

/// The provisions of a text and where the enclosed text begins.
pub(super) struct Outline {
    pub(super) provisions: Vec<Provision>,
    pub(super) enclosed_from: Option<usize>,
    /// Blocks that open an article by their number though they read as citing one.
    pub(super) doubtful: Vec<usize>,
}

/// Reads the provisions from the blocks of a policy.
pub(super) fn read_outline(blocks: &[RenderedBlock], meta: &PolicyMeta) -> Outline {
    let regions = read_regions(blocks, meta);
    let plain = PlainArticles::of(blocks, &regions.roles);
    let mut reader = Reader {
        blocks,
        roles: &regions.roles,
        plain,
        enclosed_from: regions.enclosed_from,
        annex: None,
        drafts: Vec::new(),
        open: Vec::new(),
        last: BTreeMap::new(),
        numbering: Numbering::default(),
        paragraphs: 0,
        doubtful: Vec::new(),
    };
    for index in 0..blocks.len() {
        reader.block(index);
    }
    let (drafts, doubtful) = (reader.drafts, reader.doubtful);
    Outline { provisions: finish(drafts), enclosed_from: regions.enclosed_from, doubtful }
}

/// A provision under construction.
pub(super) struct Draft {
    pub(super) kind: Option<LabelKind>,
    /// Number of a 款 in its article.
    pub(super) paragraph: u32,
    pub(super) number: u32,
    pub(super) addition: Option<u32>,
    pub(super) label: String,
    /// The label in the figures of laws.
    pub(super) canonical: String,
    pub(super) heading: String,
    pub(super) parent: Option<usize>,
    pub(super) blocks: std::ops::Range<usize>,
    pub(super) text: String,
    /// Where its own words begin in `text`.
    pub(super) words_from: usize,
    pub(super) range: TextRange,
    pub(super) in_wrapper: bool,
    /// The annex it stands in.
    pub(super) annex: Option<std::sync::Arc<str>>,
    /// An article of another text, quoted in an amendment.
    quoted: bool,
}

struct Reader<'a> {
    blocks: &'a [RenderedBlock],
    roles: &'a [Role],
    plain: PlainArticles,
    enclosed_from: Option<usize>,
    annex: Option<std::sync::Arc<str>>,
    drafts: Vec<Draft>,
    /// Open provisions, outermost first, as indexes into `drafts`.
    open: Vec<usize>,
    /// The last number of every kind of label.
    last: BTreeMap<LabelKind, u32>,
    numbering: Numbering,
    /// Unlabelled paragraphs of the open article so far, its first text included.
    paragraphs: u32,
    doubtful: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn block(&mut self, index: usize) {
        let (Some(block), Some(role)) = (self.blocks.get(index), self.roles.get(index)) else { return };
        match role {
            Role::Close => self.open.clear(),
            Role::Blank => self.extend(index, block),
            Role::Enclosed => self.begin(None),
            Role::Annex(name) => self.begin(Some(name)),
            Role::Text => match self.label(index, block) {
                Some((label, quoted)) => self.labelled(&label, index, block, quoted),
                None => self.unlabelled(index, block),
            },
        }
    }

    /// Another text begins, which numbers its own.
    fn begin(&mut self, annex: Option<&String>) {
        self.open.clear();
        self.last.clear();
        self.numbering = Numbering::default();
        self.annex = annex.map(|name| name.as_str().into());
    }

    /// The label that opens a provision here, and whether it is a quoted article's.
    fn label(&mut self, index: usize, block: &'a RenderedBlock) -> Option<(Label<'a>, bool)> {
        // Cells of a table and quoted blocks are text.
        if block.html.starts_with("<table") || block.html.starts_with("<blockquote") {
            return None;
        }
        let label = read_label(&block.text)?;
        if label.kind > LabelKind::Article {
            return Some((label, false));
        }
        let is_heading = block.heading.is_some();
        if label.kind < LabelKind::Article {
            let opens = is_heading || label.rest.is_empty() || self.opens_part(&label);
            return opens.then_some((label, false));
        }
        if self.is_quoted(&label, index) {
            return (!cites_on(label.rest)).then_some((label, true));
        }
        match read_article(&label, index, is_heading, self.numbering, &self.plain) {
            Reading::Citation => None,
            Reading::Article => Some((label, false)),
            Reading::Doubtful => {
                self.doubtful.push(index);
                Some((label, false))
            }
        }
    }

    /// Whether `第二章…` in a paragraph is a heading rather than a citation.
    fn opens_part(&self, label: &Label<'_>) -> bool {
        let is_sentence = label.rest.trim_end_matches(is_blank).ends_with(['。', '；', '，']);
        let last = self.last.get(&label.kind).copied().unwrap_or(0);
        !cites_on(label.rest) && (!is_sentence || label.number == last + 1)
    }

    /// Whether an article's label belongs to a text that the open instruction quotes.
    fn is_quoted(&self, label: &Label<'_>, index: usize) -> bool {
        let Some(&top) = self.open.last() else { return false };
        if self.drafts.get(top).is_some_and(|draft| is_instruction(&draft.text)) {
            let goes_on = self.article_at().is_some_and(|at| {
                self.draft(at).is_some_and(|own| !own.quoted && label.number == own.number + 1)
            });
            return !goes_on || self.plain.comes_later(label.number, index);
        }
        // In a quoted text already: it goes on, unless this is the next article of the own text.
        let quoted = self.quoted_at();
        quoted.is_some_and(|at| {
            let before = at.checked_sub(1).and_then(|at| self.draft(at));
            !before.is_some_and(|own| own.kind == Some(LabelKind::Article) && label.number == own.number + 1)
        })
    }

    /// The place of the quoted article among the open provisions.
    fn quoted_at(&self) -> Option<usize> {
        (0..self.open.len()).find(|&at| self.draft(at).is_some_and(|draft| draft.quoted))
    }

    /// The open provision at a place.
    fn draft(&self, at: usize) -> Option<&Draft> {
        self.open.get(at).and_then(|&open| self.drafts.get(open))
    }

    /// How many of the open provisions hold the one that a label opens.
    fn holders(&self, label: &Label<'_>, quoted: bool) -> usize {
        let mut floor = 0;
        if let Some(at) = self.quoted_at() {
            if quoted {
                return at;
            }
            if self.leaves_quotation(label, at) {
                return self.below(label.kind, at, 0);
            }
            floor = at + 1;
        } else if quoted {
            return self.open.len();
        } else if label.kind == LabelKind::Section
            && let Some(at) = self.outer_article(label)
        {
            return self.below(label.kind, at, 0);
        }
        self.below(label.kind, self.open.len(), floor)
    }

    /// How many of the first `count` open provisions are of an outer kind.
    fn below(&self, kind: LabelKind, count: usize, floor: usize) -> usize {
        let stays = |at: usize| match self.draft(at).and_then(|draft| draft.kind) {
            Some(open) => open < kind,
            // A 款 holds items.
            None => kind > LabelKind::Article,
        };
        (floor..count).rev().find(|&at| stays(at)).map_or(floor, |at| at + 1)
    }

    /// Whether a label is the next instruction rather than a part of the quoted article.
    fn leaves_quotation(&self, label: &Label<'_>, at: usize) -> bool {
        let Some(instruction) = at.checked_sub(1).and_then(|at| self.draft(at)) else { return true };
        let Some(kind) = instruction.kind else { return true };
        if label.kind < kind {
            return true;
        }
        let inner = (at..self.open.len())
            .filter_map(|at| self.draft(at))
            .find(|draft| draft.kind == Some(label.kind))
            .map_or(0, |draft| draft.number);
        let goes_on = label.kind == kind && label.number == instruction.number + 1;
        goes_on && (label.number != inner + 1 || instructs(label.rest))
    }

    /// The place of the open article when `二、` goes on after a `一、` that stands
    /// before the articles, not inside one.
    fn outer_article(&self, label: &Label<'_>) -> Option<usize> {
        let at = (0..self.open.len())
            .find(|&at| self.draft(at).and_then(|draft| draft.kind) == Some(LabelKind::Article))?;
        let has_own = (at..self.open.len())
            .any(|at| self.draft(at).and_then(|draft| draft.kind) == Some(LabelKind::Section));
        let last = self.last.get(&LabelKind::Section).copied().unwrap_or(0);
        (!has_own && last > 0 && label.number == last + 1).then_some(at)
    }

    fn labelled(&mut self, label: &Label<'_>, index: usize, block: &RenderedBlock, quoted: bool) {
        self.open.truncate(self.holders(label, quoted));
        if label.kind <= LabelKind::Article {
            self.paragraphs = u32::from(!label.rest.is_empty());
        }
        if label.kind == LabelKind::Article && !quoted {
            self.numbering.take(label);
        }
        // 一、 inside an article counts there only.
        let is_inner = label.kind == LabelKind::Section && self.article_at().is_some();
        if !is_inner {
            self.last.insert(label.kind, label.number);
        }
        let text = format!("{}{}{}", label.printed, label.gap, label.rest.trim_end_matches(is_blank));
        self.push(Draft {
            kind: Some(label.kind),
            paragraph: 0,
            number: label.number,
            addition: label.addition,
            label: label.printed.clone(),
            canonical: label.canonical(),
            heading: heading(label, block),
            parent: self.open.last().copied(),
            blocks: index..index + 1,
            words_from: text.len().min(label.printed.len() + label.gap.len()),
            text,
            range: block.range,
            in_wrapper: self.in_wrapper(index),
            annex: self.annex.clone(),
            quoted,
        });
    }

    fn push(&mut self, draft: Draft) {
        self.open.push(self.drafts.len());
        self.drafts.push(draft);
    }

    fn in_wrapper(&self, index: usize) -> bool {
        self.enclosed_from.is_some_and(|from| index < from)
    }

    /// The place of the innermost open article.
    fn article_at(&self) -> Option<usize> {
        (0..self.open.len())
            .rev()
            .find(|&at| self.draft(at).and_then(|draft| draft.kind) == Some(LabelKind::Article))
    }

    fn unlabelled(&mut self, index: usize, block: &RenderedBlock) {
        let article = self.article_at();
        // Only text in paragraphs counts as 款, and none inside `一、` levels.
        let is_paragraph = block.html.starts_with("<p>");
        let holds_sections = article.is_some_and(|article| {
            (article..self.open.len())
                .any(|at| self.draft(at).and_then(|draft| draft.kind) == Some(LabelKind::Section))
        });
        let Some(article) = article.filter(|_| is_paragraph && !holds_sections) else {
            return self.extend(index, block);
        };
        self.paragraphs += 1;
        self.open.truncate(article + 1);
        if self.paragraphs == 1 {
            return self.extend(index, block);
        }
        let parent = self.open.last().copied();
        self.push(Draft {
            kind: None,
            paragraph: self.paragraphs,
            number: 0,
            addition: None,
            label: String::new(),
            canonical: String::new(),
            heading: String::new(),
            parent,
            blocks: index..index + 1,
            text: block.text.trim_matches(is_blank).to_owned(),
            words_from: 0,
            range: block.range,
            in_wrapper: self.in_wrapper(index),
            annex: self.annex.clone(),
            quoted: false,
        });
    }

    /// Adds a block to the innermost open provision.
    fn extend(&mut self, index: usize, block: &RenderedBlock) {
        let Some(draft) = self.open.last().and_then(|&open| self.drafts.get_mut(open)) else { return };
        if draft.blocks.end == index {
            draft.blocks.end = index + 1;
            draft.range.end = draft.range.end.max(block.range.end);
            let text = block.text.trim_end_matches(is_blank);
            if !text.is_empty() {
                draft.text.push('\n');
                draft.text.push_str(text);
            }
        }
    }
}

/// Whether a text ends by announcing words of another text: `修改为：`.
fn is_instruction(text: &str) -> bool {
    const ENDS: [&str; 6] = ["修改为", "修正为", "改为", "表述为", "合并为", "调整为"];
    let line = text.lines().next_back().unwrap_or_default().trim_end_matches(is_blank);
    let stem = line.trim_end_matches(['：', ':']);
    let adds = || stem.contains("作为第") && (stem.contains("增加") || stem.contains("改"));
    ENDS.iter().any(|end| stem.ends_with(end)) || (stem.len() < line.len() && adds())
}

/// Whether words instruct to change a text.
fn instructs(text: &str) -> bool {
    const STARTS: [&str; 11] =
        ["将第", "将《", "删去", "删除", "增加一", "修改", "在第", "对《", "把第", "第", "原第"];
    const WORDS: [&str; 7] = ["修改为", "修正为", "改为", "删去", "增加一", "作为第", "修改"];
    STARTS.iter().any(|start| text.starts_with(start)) && WORDS.iter().any(|word| text.contains(word))
}

/// The heading after a label: a whole heading line, a short line without a
/// final mark, or a first sentence that more text follows.
fn heading(label: &Label<'_>, block: &RenderedBlock) -> String {
    let rest = label.rest.trim_matches(is_blank);
    if block.heading.is_some() || label.kind < LabelKind::Article {
        return rest.trim_end_matches(['。', '：', ':']).to_owned();
    }
    if label.kind == LabelKind::Article || rest.contains('\n') {
        return String::new();
    }
    let (first, more) = match rest.split_once('。') {
        Some((first, more)) => (first, !more.trim().is_empty()),
        None => (rest, !rest.ends_with(['；', ';', '：', ':', '，', ',', '！', '？'])),
    };
    let is_short = first.chars().count() <= MAX_HEADING && !first.contains(['；', '：']);
    if more && is_short { first.to_owned() } else { String::new() }
}

#[cfg(test)]
#[path = "provisions_tests.rs"]
mod tests;
