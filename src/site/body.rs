//! The text of a policy as rows: provisions with what explains them.
//!
//! A row is one provision's own text (its children have rows of their own) and
//! the glosses beside it. Rows borrow the HTML of the model's blocks wherever
//! no link had to be led somewhere; `jiedu-render` writes them straight
//! into the page, so that bodies never pass through template contexts.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::heading::{Split, inner_of_heading, split_run_in};
use super::title::title_html;
use jiedu_base::text::escape_html;
use jiedu_model::{PolicyDocument, Provision};

/// The text of a policy.
#[derive(Debug, Default)]
pub struct Body<'a> {
    /// The rows, in reading order.
    pub rows: Vec<Row<'a>>,
    /// How many of its provisions are explained.
    pub coverage: Coverage,
}

/// How many provisions are explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Coverage {
    /// Provisions that count: articles, else the deepest of the two upper levels.
    pub units: usize,
    /// Those with an explanation.
    pub explained: usize,
    /// Those whose explanation was written for another text.
    pub stale: usize,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Text that belongs to no provision.
    Plain,
    /// 发文字号, where the text repeats it.
    Number,
    /// 主送机关.
    Addressee,
    /// Signature and date.
    Signature,
    /// The title of the enclosed text, or a heading that is no provision.
    Title,
    /// A provision.
    Clause,
}

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    /// What it is.
    pub kind: RowKind,
    /// Anchor of a provision; empty otherwise.
    pub id: &'a str,
    /// More anchors that point here: provisions inside the same block.
    pub also: Vec<&'a str>,
    /// How links name the provision.
    pub reference: &'a str,
    /// Depth among provisions.
    pub depth: u8,
    /// Heading element: level and HTML.
    pub heading: Option<(u8, Cow<'a, str>)>,
    /// Whether the heading stands in the line of the text: 第三条.
    pub run_in: bool,
    /// The heading as plain text, for the contents.
    pub heading_text: String,
    /// The blocks as HTML.
    pub html: Vec<Cow<'a, str>>,
    /// What explains it.
    pub glosses: Vec<Gloss<'a>>,
    /// Whether 本条暂无解读 is said: it counts and nothing explains it.
    pub unexplained: bool,
    /// Where its history stands; empty when nothing ever happened to it.
    pub history: String,
}

/// An explanation beside a provision.
#[derive(Debug, Clone)]
pub struct Gloss<'a> {
    /// 形式 of the material; may be empty.
    pub form: &'a str,
    /// Whether it answers a question; else it interprets.
    pub answers: bool,
    /// Heading of the section, or the question; may be empty.
    pub heading: &'a str,
    /// The first paragraph, shortened.
    pub text: String,
    /// Where the whole section stands; empty when it has no page.
    pub href: String,
    /// The edition with which it was approved.
    pub edition: u32,
    /// The text of the provision changed after the explanation was written.
    pub stale: bool,
    /// Title of the set it comes from, when that is another one, as it stands
    /// between title marks.
    pub from: Option<String>,
}

/// What a body is made with.
pub(crate) struct Ingredients<'a, 'i> {
    /// The document.
    pub(crate) policy: &'a PolicyDocument,
    /// Explanations by provision.
    pub(crate) glosses: BTreeMap<usize, Vec<Gloss<'a>>>,
    /// The title shown as the page's `h1`.
    pub(crate) title: &'i str,
}

/// Lays a document out in rows. `lead` leads the links of a block's HTML.
pub(crate) fn body<'a>(
    mut ingredients: Ingredients<'a, '_>,
    mut lead: impl FnMut(&'a str) -> Cow<'a, str>,
) -> Body<'a> {
    let policy = ingredients.policy;
    let mut builder = Builder {
        policy,
        title: ingredients.title,
        levels: vec![0; policy.provisions.len()],
        seen_title: false,
        may_address: true,
    };
    let leaders = leaders(policy);
    let units = units(policy);
    let mut rows = Vec::with_capacity(policy.blocks.len());
    let coverage = coverage(policy, &ingredients.glosses);
    let explained = explained_with_family(policy, &ingredients.glosses);
    let mut block = 0;
    while block < policy.blocks.len() {
        let Some(first) = leaders.get(&block) else {
            if let Some(row) = builder.plain(block, &mut lead) {
                rows.push(row);
            }
            block += 1;
            continue;
        };
        let end = end_of(policy, first).max(block + 1);
        // Whatever begins inside the row has its anchor there.
        let members: Vec<usize> =
            leaders.range(block..end).flat_map(|(_, members)| members).copied().collect();
        let mut row = builder.clause(&members, block..end, &mut lead);
        for index in &members {
            row.glosses.extend(ingredients.glosses.remove(index).unwrap_or_default());
        }
        let unit = members.iter().any(|index| units.get(*index).copied().unwrap_or(false));
        let told = members.iter().any(|index| explained.get(*index).copied().unwrap_or(false));
        row.unexplained = unit && !told;
        rows.push(row);
        block = end;
    }
    join_signatures(&mut rows);
    // Where nothing is explained the page says so once.
    if coverage.explained == 0 {
        for row in &mut rows {
            row.unexplained = false;
        }
    }
    Body { rows, coverage }
}

/// Counts the provisions that are explained.
pub(crate) fn coverage(policy: &PolicyDocument, glosses: &BTreeMap<usize, Vec<Gloss<'_>>>) -> Coverage {
    let units = units(policy);
    let explained = explained_with_family(policy, glosses);
    Coverage {
        units: units.iter().filter(|unit| **unit).count(),
        explained: units.iter().zip(&explained).filter(|(unit, told)| **unit && **told).count(),
        stale: glosses.values().filter(|glosses| glosses.iter().any(|gloss| gloss.stale)).count(),
    }
}

/// The block after the last one of these provisions.
fn end_of(policy: &PolicyDocument, members: &[usize]) -> usize {
    let ends = members.iter().filter_map(|index| Some(policy.provisions.get(*index)?.blocks.end));
    ends.max().unwrap_or(0).min(policy.blocks.len())
}

/// Provisions by the block with which their own text begins. Only the blocks
/// that no earlier provision has begun count as beginnings.
fn leaders(policy: &PolicyDocument) -> BTreeMap<usize, Vec<usize>> {
    let mut leaders: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, provision) in policy.provisions.iter().enumerate() {
        leaders.entry(provision.blocks.start).or_default().push(index);
    }
    leaders
}

/// Which provisions count for the coverage: the articles of a statute; else
/// the provisions of the second level and those of the first without any.
pub(crate) fn units(policy: &PolicyDocument) -> Vec<bool> {
    let provisions = &policy.provisions;
    let is_article = |p: &Provision| p.label.starts_with('第') && p.label.ends_with('条');
    if provisions.iter().any(|p| !p.in_wrapper && is_article(p)) {
        return provisions.iter().map(|p| !p.in_wrapper && is_article(p)).collect();
    }
    let mut has_second = vec![false; provisions.len()];
    for provision in provisions.iter().filter(|p| p.depth == 2 && !p.label.is_empty()) {
        if let Some(parent) = provision.parent.and_then(|parent| has_second.get_mut(parent)) {
            *parent = true;
        }
    }
    let counts = |(p, has_second): (&Provision, &bool)| {
        !p.in_wrapper && !p.label.is_empty() && (p.depth == 2 || (p.depth == 1 && !has_second))
    };
    provisions.iter().zip(&has_second).map(counts).collect()
}

/// Provisions that are explained themselves, or one of whose descendants or
/// ancestors is.
fn explained_with_family(policy: &PolicyDocument, glosses: &BTreeMap<usize, Vec<Gloss<'_>>>) -> Vec<bool> {
    let own: Vec<bool> = (0..policy.provisions.len()).map(|index| glosses.contains_key(&index)).collect();
    let mut told = own.clone();
    // Parents stand before their children: one pass down, one pass up.
    for (index, provision) in policy.provisions.iter().enumerate() {
        let above = provision.parent.and_then(|parent| told.get(parent)).copied().unwrap_or(false);
        if let Some(here) = told.get_mut(index) {
            *here |= above;
        }
    }
    let mut below = own;
    for (index, provision) in policy.provisions.iter().enumerate().rev() {
        let here = below.get(index).copied().unwrap_or(false);
        if let Some(parent) = provision.parent.and_then(|parent| below.get_mut(parent)) {
            *parent |= here;
        }
    }
    told.iter().zip(&below).map(|(told, below)| *told || *below).collect()
}

struct Builder<'a, 'i> {
    policy: &'a PolicyDocument,
    title: &'i str,
    /// Heading level given to each provision, 0 for none.
    levels: Vec<u8>,
    seen_title: bool,
    /// Whether 主送机关 may still come: it stands once, before any provision.
    may_address: bool,
}

impl<'a> Builder<'a, '_> {
    fn plain(&mut self, block: usize, lead: &mut impl FnMut(&'a str) -> Cow<'a, str>) -> Option<Row<'a>> {
        let rendered = self.policy.blocks.get(block)?;
        if rendered.html.trim().is_empty() {
            return None;
        }
        let mut row = empty_row(RowKind::Plain);
        let encloses = self.policy.enclosed_from == Some(block);
        if rendered.heading.is_some() || encloses {
            // The page's own title is not repeated.
            if !self.seen_title && !encloses && same_words(&rendered.text, self.title) {
                self.seen_title = true;
                return None;
            }
            row.kind = RowKind::Title;
            rendered.text.trim().clone_into(&mut row.heading_text);
            let issuers: Vec<&str> =
                self.policy.meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
            row.heading = Some((2, Cow::Owned(title_html(&row.heading_text, &issuers))));
            return Some(row);
        }
        let text = rendered.text.trim();
        let number = self.policy.meta.document_number.as_ref();
        if number.is_some_and(|number| same_words(text, &number.value)) {
            row.kind = RowKind::Number;
        } else if self.may_address && is_address(text) {
            row.kind = RowKind::Addressee;
            self.may_address = false;
        } else if self.is_signature(text) {
            row.kind = RowKind::Signature;
        }
        row.html.push(lead(&rendered.html));
        Some(row)
    }

    fn is_signature(&self, text: &str) -> bool {
        self.policy.meta.issuers.iter().any(|issuer| same_words(text, &issuer.value)) || is_written_date(text)
    }

    fn clause(
        &mut self,
        members: &[usize],
        blocks: Range<usize>,
        lead: &mut impl FnMut(&'a str) -> Cow<'a, str>,
    ) -> Row<'a> {
        let mut row = empty_row(RowKind::Clause);
        self.may_address = false;
        let provisions =
            members.iter().filter_map(|index| Some((*index, self.policy.provisions.get(*index)?)));
        let mut leader = None;
        for (index, provision) in provisions {
            if leader.is_none() {
                leader = Some((index, provision));
            } else {
                row.also.push(&provision.anchor);
            }
        }
        let Some((index, provision)) = leader else { return row };
        (row.id, row.reference, row.depth) = (&provision.anchor, &provision.reference, provision.depth);
        let mut blocks = self.policy.blocks.get(blocks).unwrap_or_default().iter();
        if let Some(first) = blocks.next() {
            let html = lead(&first.html);
            self.head(&mut row, index, provision, first.heading.is_some(), html);
        }
        row.html.extend(blocks.map(|block| lead(&block.html)));
        row
    }

    /// Makes a heading of the label and the run-in heading, when there is one.
    fn head(
        &mut self,
        row: &mut Row<'a>,
        index: usize,
        provision: &'a Provision,
        is_heading: bool,
        html: Cow<'a, str>,
    ) {
        let level = self.level(index, provision);
        let split = if is_heading {
            inner_of_heading(&html).map(|inner| Split { heading: inner.to_owned(), rest: String::new() })
        } else if provision.heading.is_empty() {
            None
        } else {
            split_run_in(&html, &format!("{}{}", provision.label, provision.heading))
        };
        let Some(split) = split else {
            match article(&html, &provision.label) {
                Some(rest) => {
                    row.heading = Some((level, Cow::Owned(escape_html(&provision.label))));
                    row.run_in = true;
                    row.html.push(Cow::Owned(rest));
                }
                None => row.html.push(mark_label(html, &provision.label)),
            }
            return;
        };
        if let Some(own) = self.levels.get_mut(index) {
            *own = level;
        }
        row.heading = Some((level, Cow::Owned(split.heading)));
        // 第一章　总则 is printed with a space, 一、总则 without.
        let space =
            if provision.label.starts_with('第') && !provision.heading.is_empty() { " " } else { "" };
        row.heading_text = format!("{}{space}{}", provision.label, provision.heading);
        if row.heading_text.is_empty() {
            row.heading_text.clone_from(&provision.text);
        }
        if !split.rest.is_empty() {
            row.html.push(Cow::Owned(split.rest));
        }
    }

    /// One level below the nearest ancestor that has a heading; below the
    /// title of the enclosed text for what it encloses.
    fn level(&self, index: usize, provision: &Provision) -> u8 {
        let base = if self.policy.enclosed_from.is_some() && !provision.in_wrapper { 3 } else { 2 };
        let mut above = provision.parent;
        for _ in 0..=index {
            let Some(parent) = above else { break };
            match self.levels.get(parent).copied() {
                Some(level) if level > 0 => return (level + 1).min(6),
                _ => above = self.policy.provisions.get(parent).and_then(|parent| parent.parent),
            }
        }
        base
    }
}

/// The text of an article behind its label, which becomes a heading for those
/// who read from heading to heading.
fn article(html: &str, label: &str) -> Option<String> {
    if !label.starts_with('第') || !label.ends_with('条') {
        return None;
    }
    let rest = html.strip_prefix("<p>")?.strip_prefix(label)?;
    Some(format!("<p>{}", rest.trim_start_matches(['\u{3000}', ' ', '\u{a0}'])))
}

/// Sets the printed label of an article off from its text: `第三条` in bold.
fn mark_label<'a>(html: Cow<'a, str>, label: &str) -> Cow<'a, str> {
    let rest =
        html.strip_prefix("<p>").and_then(|inner| inner.strip_prefix(label)).filter(|_| !label.is_empty());
    match rest {
        Some(rest) => Cow::Owned(format!("<p><b>{}</b>{rest}", escape_html(label))),
        None => html,
    }
}

fn empty_row<'a>(kind: RowKind) -> Row<'a> {
    Row {
        kind,
        id: "",
        also: Vec::new(),
        reference: "",
        depth: 0,
        heading: None,
        run_in: false,
        heading_text: String::new(),
        html: Vec::new(),
        glosses: Vec::new(),
        unexplained: false,
        history: String::new(),
    }
}

/// Joins a signature with the date that follows it; either alone is plain text.
fn join_signatures(rows: &mut Vec<Row<'_>>) {
    let mut joined: Vec<Row<'_>> = Vec::with_capacity(rows.len());
    for mut row in rows.drain(..) {
        match joined.last_mut() {
            Some(last) if row.kind == RowKind::Signature && last.kind == RowKind::Signature => {
                last.html.append(&mut row.html);
            }
            _ => joined.push(row),
        }
    }
    for row in joined.iter_mut().filter(|row| row.kind == RowKind::Signature && row.html.len() < 2) {
        row.kind = RowKind::Plain;
    }
    *rows = joined;
}

/// `机关各处室、局属各单位：`, and not `现将有关事项通告如下：`.
fn is_address(text: &str) -> bool {
    const LONGEST: usize = 120;
    text.strip_suffix(['：', ':']).is_some_and(|names| {
        !names.contains(['。', '；']) && !names.ends_with("如下") && names.chars().count() < LONGEST
    })
}

/// Whether two texts are the same but for white space.
pub(crate) fn same_words(a: &str, b: &str) -> bool {
    a.chars().filter(|c| !c.is_whitespace()).eq(b.chars().filter(|c| !c.is_whitespace()))
}

/// `2025年6月29日`.
fn is_written_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split_inclusive(['年', '月', '日']).collect();
    let number = |part: &str, mark: char| {
        part.strip_suffix(mark)
            .is_some_and(|n| !n.is_empty() && n.len() <= 4 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(parts.as_slice(), [year, month, day] if number(year, '年') && number(month, '月') && number(day, '日'))
}
