//! From blocks to provisions (contract details 84).
//!
//! A label opens a provision; what follows without a label belongs to it, or,
//! in an article, is its next 款. A new label closes every open provision of
//! the same or a deeper kind, so `（一）…（十六）` may run on across sections. An
//! unlabelled heading, a signature, a date or `附件：` closes all.

use std::collections::BTreeMap;

use super::label::{Label, LabelKind, read_label};
use super::{PolicyMeta, Provision};
use jiedu_base::name::Digest;
use jiedu_base::text::TextRange;
use jiedu_markdown::RenderedBlock;

/// Characters of a run-in heading at most.
const MAX_HEADING: usize = 48;

/// Bytes of a title beyond which nothing is looked for in it.
const MAX_TITLE: usize = 4_000;

/// The provisions of a text and where the enclosed text begins.
pub(super) struct Outline {
    pub(super) provisions: Vec<Provision>,
    pub(super) enclosed_from: Option<usize>,
}

/// Reads the provisions from the blocks of a policy.
pub(super) fn read_outline(blocks: &[RenderedBlock], meta: &PolicyMeta) -> Outline {
    let enclosed_from = find_enclosed(blocks, meta);
    let mut reader = Reader {
        meta,
        blocks,
        enclosed_from,
        drafts: Vec::new(),
        open: Vec::new(),
        last: BTreeMap::new(),
        paragraphs: 0,
    };
    for index in 0..blocks.len() {
        reader.block(index);
    }
    let drafts = reader.drafts;
    Outline { provisions: finish(drafts), enclosed_from }
}

/// The title of the text that a wrapper notice encloses: an unlabelled heading
/// that the policy's own title names, or that comes after the notice's date.
fn find_enclosed(blocks: &[RenderedBlock], meta: &PolicyMeta) -> Option<usize> {
    let title = bare(&meta.title.as_ref()?.value);
    let mut has_date = false;
    for (index, block) in blocks.iter().enumerate() {
        let text = bare(&block.text);
        has_date |= is_date_line(&text);
        let may_be_title = index > 0
            && !text.is_empty()
            && text != title
            && read_label(&block.text).is_none()
            && !is_tail(&block.text, meta);
        let is_top = block.heading == Some(2);
        let is_long = text.chars().count() >= 4;
        let is_named = title.len() <= MAX_TITLE
            && title.contains(&text)
            && (is_top || (is_long && has_date && block.heading.is_none()));
        if may_be_title && (is_named || (is_top && has_date)) {
            return Some(index);
        }
    }
    None
}

/// Without white space and book-title marks.
fn bare(text: &str) -> String {
    without(text, |c| c.is_whitespace() || matches!(c, '《' | '》'))
}

/// The text without some characters, copied in runs.
fn without(text: &str, unwanted: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    text.split(unwanted).for_each(|run| out.push_str(run));
    out
}

/// `2025年6月29日` and nothing else.
fn is_date_line(text: &str) -> bool {
    let mut parts = text.split(['年', '月', '日']);
    let figures = |part: Option<&str>| {
        part.is_some_and(|part| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_digit() || "〇零一二三四五六七八九十".contains(c))
        })
    };
    figures(parts.next())
        && figures(parts.next())
        && figures(parts.next())
        && parts.next() == Some("")
        && parts.next().is_none()
}

/// What stands after the text proper: 附件说明, 署名, 成文日期, 附注, 抄送.
fn is_tail(text: &str, meta: &PolicyMeta) -> bool {
    let text = bare(text);
    let is_annex = text.strip_prefix("附件").is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with(['：', ':', '一'])
            || rest.starts_with(|c: char| c.is_ascii_digit())
    });
    is_annex
        || ["（此件", "(此件", "抄送：", "抄送:", "特此通知", "特此通告", "特此公告", "特此函复"]
            .iter()
            .any(|start| text.starts_with(start))
        || is_date_line(&text)
        || meta.issuers.iter().any(|issuer| bare(&issuer.value) == text)
}

/// A provision under construction.
struct Draft {
    kind: Option<LabelKind>,
    /// Number of a 款 in its article.
    paragraph: u32,
    number: u32,
    addition: Option<u32>,
    label: String,
    heading: String,
    parent: Option<usize>,
    blocks: std::ops::Range<usize>,
    text: String,
    range: TextRange,
    in_wrapper: bool,
}

struct Reader<'a> {
    meta: &'a PolicyMeta,
    blocks: &'a [RenderedBlock],
    enclosed_from: Option<usize>,
    drafts: Vec<Draft>,
    /// Open provisions, outermost first, as indexes into `drafts`.
    open: Vec<usize>,
    /// The last number of every kind of label.
    last: BTreeMap<LabelKind, u32>,
    /// Unlabelled paragraphs of the open article so far, its first text included.
    paragraphs: u32,
}

impl Reader<'_> {
    fn block(&mut self, index: usize) {
        let Some(block) = self.blocks.get(index) else { return };
        if block.heading == Some(1) || self.enclosed_from == Some(index) || is_notes(block) {
            return self.open.clear();
        }
        match read_label(&block.text).filter(|label| self.opens(label, block)) {
            Some(label) => self.labelled(&label, index, block),
            None if block.heading.is_some() || is_tail(&block.text, self.meta) => self.open.clear(),
            None => self.unlabelled(index, block),
        }
    }

    /// Whether a label opens a provision here, rather than citing one.
    fn opens(&self, label: &Label<'_>, block: &RenderedBlock) -> bool {
        if label.kind > LabelKind::Article
            || block.heading.is_some()
            || label.is_spaced
            || label.rest.is_empty()
        {
            return true;
        }
        // `第三条为…` without a blank: only when it comes next and does not cite.
        let cites =
            ["规定", "所", "的", "、", "和", "至", "第", "款", "与", "中", "及", "以", "（", "情形", "列"];
        let is_bold = block.html.starts_with("<p><strong>");
        let last = self.last.get(&label.kind).copied().unwrap_or(0);
        is_bold || (label.number == last + 1 && !cites.iter().any(|start| label.rest.starts_with(start)))
    }

    fn labelled(&mut self, label: &Label<'_>, index: usize, block: &RenderedBlock) {
        while let Some(&top) = self.open.last() {
            let Some(draft) = self.drafts.get(top) else { break };
            let stays = match draft.kind {
                Some(kind) => kind < label.kind,
                // A 款 holds items.
                None => label.kind > LabelKind::Article,
            };
            if stays {
                break;
            }
            self.open.pop();
        }
        if label.kind <= LabelKind::Article {
            self.paragraphs = u32::from(!label.rest.is_empty());
        }
        let heading = heading(label, block);
        self.last.insert(label.kind, label.number);
        self.push(Draft {
            kind: Some(label.kind),
            paragraph: 0,
            number: label.number,
            addition: label.addition,
            label: label.printed.clone(),
            heading,
            parent: self.open.last().copied(),
            blocks: index..index + 1,
            text: block.text.clone(),
            range: block.range,
            in_wrapper: self.in_wrapper(index),
        });
    }

    fn push(&mut self, draft: Draft) {
        self.open.push(self.drafts.len());
        self.drafts.push(draft);
    }

    fn in_wrapper(&self, index: usize) -> bool {
        self.enclosed_from.is_some_and(|from| index < from)
    }

    fn unlabelled(&mut self, index: usize, block: &RenderedBlock) {
        let article = self.open.iter().position(|&open| self.kind(open) == Some(LabelKind::Article));
        // Only text in paragraphs counts as 款, and none inside `一、` levels.
        let is_paragraph = block.html.starts_with("<p>");
        let holds_sections = self.open.iter().any(|&open| self.kind(open) == Some(LabelKind::Section));
        let Some(article) = article.filter(|_| is_paragraph && !holds_sections) else {
            return self.extend(index, block);
        };
        self.paragraphs += 1;
        if self.paragraphs == 1 {
            self.open.truncate(article + 1);
            return self.extend(index, block);
        }
        self.open.truncate(article + 1);
        let parent = self.open.last().copied();
        self.push(Draft {
            kind: None,
            paragraph: self.paragraphs,
            number: 0,
            addition: None,
            label: String::new(),
            heading: String::new(),
            parent,
            blocks: index..index + 1,
            text: block.text.clone(),
            range: block.range,
            in_wrapper: self.in_wrapper(index),
        });
    }

    fn kind(&self, index: usize) -> Option<LabelKind> {
        self.drafts.get(index).and_then(|draft| draft.kind)
    }

    /// Adds a block to the innermost open provision.
    fn extend(&mut self, index: usize, block: &RenderedBlock) {
        let Some(draft) = self.open.last().and_then(|&open| self.drafts.get_mut(open)) else { return };
        if draft.blocks.end == index {
            draft.blocks.end = index + 1;
            draft.range.end = draft.range.end.max(block.range.end);
            draft.text.push('\n');
            draft.text.push_str(&block.text);
        }
    }
}

fn is_notes(block: &RenderedBlock) -> bool {
    block.html.starts_with("<section class=\"footnotes\">")
}

/// The heading after a label: a whole heading line, a short line without a
/// final mark, or a first sentence that more text follows.
fn heading(label: &Label<'_>, block: &RenderedBlock) -> String {
    let rest = label.rest.trim();
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

/// Anchors, references, depths and fingerprints, which need the whole outline.
fn finish(drafts: Vec<Draft>) -> Vec<Provision> {
    let fingerprints = fingerprints(&drafts);
    let names: Vec<Vec<String>> = (0..drafts.len()).map(|index| names(&drafts, index)).collect();
    let references = references(&drafts, &names);
    let mut anchors: Vec<String> = Vec::with_capacity(drafts.len());
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for draft in &drafts {
        let mut anchor = base_anchor(&drafts, &anchors, draft);
        let count = used.entry(anchor.clone()).or_default();
        *count += 1;
        if *count > 1 {
            anchor = format!("{anchor}_{count}");
        }
        anchors.push(anchor);
    }
    let mut depths: Vec<u8> = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        depths.push(draft.parent.and_then(|parent| depths.get(parent)).map_or(1, |depth| depth + 1));
    }
    let parts = drafts.into_iter().zip(anchors).zip(depths).zip(references).zip(names).zip(fingerprints);
    parts
        .map(|(((((draft, anchor), depth), reference), names), fingerprint)| Provision {
            anchor,
            label: draft.label,
            reference,
            names,
            heading: draft.heading,
            depth,
            parent: draft.parent,
            blocks: draft.blocks,
            text: draft.text,
            range: draft.range,
            fingerprint,
            in_wrapper: draft.in_wrapper,
        })
        .collect()
}

/// The anchor before repeats are told apart.
fn base_anchor(drafts: &[Draft], anchors: &[String], draft: &Draft) -> String {
    let parent = draft.parent.and_then(|parent| Some((drafts.get(parent)?, anchors.get(parent)?)));
    let number =
        draft.addition.map_or_else(|| draft.number.to_string(), |more| format!("{}-{more}", draft.number));
    let prefix = if draft.in_wrapper { "w-" } else { "" };
    let below = |mark: &str| parent.map(|(_, anchor)| format!("{anchor}-{mark}{number}"));
    let alone = |mark: &str| format!("{prefix}{mark}{number}");
    match draft.kind {
        Some(LabelKind::Part) => alone("part"),
        Some(LabelKind::Chapter) => alone("ch"),
        Some(LabelKind::Division) => below("sec").unwrap_or_else(|| alone("sec")),
        Some(LabelKind::Article) => alone("art"),
        Some(LabelKind::Section) => match parent {
            Some((above, _)) if above.kind >= Some(LabelKind::Article) || above.kind.is_none() => {
                below("s").unwrap_or_else(|| alone("s"))
            }
            _ => alone("s"),
        },
        Some(LabelKind::Item) => item_anchor(drafts, anchors, draft, &number).unwrap_or_else(|| alone("i")),
        Some(LabelKind::Number) => below("").unwrap_or_else(|| alone("n")),
        Some(LabelKind::SubNumber) => below("").unwrap_or_else(|| alone("m")),
        None => parent.map_or_else(|| alone("p"), |(_, anchor)| format!("{anchor}-p{}", draft.paragraph)),
    }
}

/// `s2-5` under a section, `art3-i1` in an article, whichever its 款.
fn item_anchor(drafts: &[Draft], anchors: &[String], draft: &Draft, number: &str) -> Option<String> {
    let mut parent = draft.parent?;
    let mut above = drafts.get(parent)?;
    if above.kind.is_none() {
        parent = above.parent?;
        above = drafts.get(parent)?;
    }
    let mark = if above.kind == Some(LabelKind::Section) { "" } else { "i" };
    Some(format!("{}-{mark}{number}", anchors.get(parent)?))
}

/// The shortest link text that names each provision alone. A bare `1.` is too
/// little to be understood without its heading, unless it has none.
fn references(drafts: &[Draft], names: &[Vec<String>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        *counts.entry(name).or_default() += 1;
    }
    let pick = |(draft, names): (&Draft, &Vec<String>)| {
        let is_bare = draft.kind >= Some(LabelKind::Number) && names.len() > 1;
        let mut candidates = names.iter().skip(usize::from(is_bare));
        let alone = candidates.find(|name| counts.get(name.as_str()) == Some(&1));
        alone.or(names.last()).cloned().unwrap_or_default()
    };
    drafts.iter().zip(names).map(pick).collect()
}

/// Every name of a provision, the shortest first: `（五）`, `二、（五）`; in an
/// article `第三条第（一）项`, `第三条第二款第（一）项`. Names of a wrapper
/// notice begin with `通知`, so that the enclosed text keeps the plain ones.
fn names(drafts: &[Draft], index: usize) -> Vec<String> {
    let mut chain = Vec::new();
    let mut at = Some(index);
    while let Some(draft) = at.and_then(|current| drafts.get(current)) {
        chain.push(draft);
        // An article is numbered through the whole text: no chapter before it.
        at = if draft.kind == Some(LabelKind::Article) { None } else { draft.parent };
    }
    let in_article = chain.last().is_some_and(|draft| draft.kind == Some(LabelKind::Article));
    let mut names = if in_article { article_names(&chain) } else { suffixes(&chain) };
    if drafts.get(index).is_some_and(|draft| draft.in_wrapper) {
        for name in &mut names {
            name.insert_str(0, "通知");
        }
    }
    names
}

/// The labels of a chain, innermost first, joined from each level downwards.
fn suffixes(chain: &[&Draft]) -> Vec<String> {
    let mut name = String::new();
    let join = |draft: &&Draft| {
        name.insert_str(0, &draft.label);
        name.clone()
    };
    chain.iter().map(join).collect()
}

/// The formal citation, with and without the 款 that an item stands in.
fn article_names(chain: &[&Draft]) -> Vec<String> {
    let part = |draft: &&Draft| match draft.kind {
        None => format!("第{}款", to_han(draft.paragraph)),
        Some(LabelKind::Item) => format!("第{}项", draft.label),
        Some(_) => draft.label.clone(),
    };
    let full: String = chain.iter().rev().map(part).collect();
    let is_paragraph = chain.first().is_some_and(|draft| draft.kind.is_none());
    let short: String =
        chain.iter().rev().filter(|draft| is_paragraph || draft.kind.is_some()).map(part).collect();
    let mut names = if short == full { vec![full] } else { vec![short, full] };
    // The text of an article up to its second paragraph is its first 款.
    let has_paragraph = chain.iter().any(|draft| draft.kind.is_none());
    if let (false, [inner @ .., article]) = (has_paragraph, chain) {
        let rest: String = inner.iter().rev().map(part).collect();
        names.push(format!("{}第一款{rest}", article.label));
    }
    names
}

/// A number below one hundred in Chinese figures.
fn to_han(number: u32) -> String {
    let figures: Vec<char> = "〇一二三四五六七八九".chars().collect();
    let figure = |value: u32| {
        usize::try_from(value).ok().and_then(|value| figures.get(value)).copied().unwrap_or('〇')
    };
    match (number / 10, number % 10) {
        (0, ones) => figure(ones).to_string(),
        (tens, ones) => {
            let head = if tens == 1 { String::new() } else { figure(tens % 10).to_string() };
            let tail = if ones == 0 { String::new() } else { figure(ones).to_string() };
            format!("{head}十{tail}")
        }
    }
}

/// Digests over own and children's text without white space.
fn fingerprints(drafts: &[Draft]) -> Vec<Digest> {
    let mut texts: Vec<String> = vec![String::new(); drafts.len()];
    for (index, draft) in drafts.iter().enumerate() {
        let own = without(&draft.text, char::is_whitespace);
        let mut at = Some(index);
        while let Some(current) = at {
            if let Some(text) = texts.get_mut(current) {
                text.push_str(&own);
            }
            at = drafts.get(current).and_then(|draft| draft.parent);
        }
    }
    texts.iter().map(|text| Digest::of(text.as_bytes())).collect()
}

#[cfg(test)]
#[path = "provisions_tests.rs"]
mod tests;
