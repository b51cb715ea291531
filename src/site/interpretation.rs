//! The page of an interpretation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::catalogue::Material;
use super::clause::Clauses;
use super::files::Place;
use super::head::Article;
use super::links::lead;
use super::lists::{Crumb, here, home};
use super::notice::Notice;
use super::pinned::Pinboard;
use super::policy::{InterpretationGroup, shorten};
use super::questions::QuestionItem;
use super::route::Route;
use super::status::StatusView;
use super::title::title_html;
use super::{Content, Page, SitePlan, View};
use jiedu_base::text::escape_html_into;
use jiedu_model::{MaterialStage, PolicyDocument, Section};

/// What the page of an interpretation says around its text.
#[derive(Debug, Serialize)]
pub struct InterpretationView {
    crumbs: Vec<Crumb>,
    form: String,
    /// Key of the stage's word.
    stage: &'static str,
    title: String,
    title_html: String,
    /// The state of the policies, day by day.
    status: StatusView,
    notices: Vec<Notice>,
    policies: Vec<PolicyLink>,
    source: String,
    date: String,
    edition: u32,
    clauses: Vec<ClauseLink>,
    record: String,
    json: String,
    permalink: String,
    not_applicable: Vec<Pair>,
    fact_sources: Vec<Pair>,
    toc: Vec<TocLink>,
    /// Questions about what it explains, with answers.
    questions: Vec<QuestionItem>,
    questions_href: String,
    /// The other interpretations of the same policy, by stage.
    others: Vec<InterpretationGroup>,
}

/// A policy that is interpreted.
#[derive(Debug, Serialize)]
struct PolicyLink {
    title: String,
    number: String,
    href: String,
}

#[derive(Debug, Clone, Serialize)]
struct ClauseLink {
    reference: String,
    href: String,
}

#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct TocLink {
    text: String,
    href: String,
}

/// Where the text has got to.
struct Outline {
    /// Level of the last heading.
    above: u8,
    /// Tables so far.
    tables: usize,
}

/// A provision quoted beside the section that explains it.
struct Quote {
    reference: String,
    heading: String,
    text: String,
    href: String,
    /// Whether its words changed since the material was written.
    stale: bool,
}

impl<'a> SitePlan<'a> {
    pub(super) fn interpretation(&self, page: &Page, material: usize) -> View<'a> {
        match self.catalogue.materials.get(material) {
            Some(material) => self.interpretation_page(page, *material),
            None => self.missing(page),
        }
    }

    /// An interpretation that the current edition no longer has, as an older
    /// one has it: the address stays.
    pub(super) fn past_interpretation(
        &self,
        page: &Page,
        set: usize,
        edition: usize,
        material: usize,
    ) -> View<'a> {
        let found = self.sets.get(set).and_then(|set| {
            let edition = set.editions.get(edition)?;
            Some(Material { set, edition, material: edition.set.materials.get(material)? })
        });
        match found {
            Some(material) => self.interpretation_page(page, material),
            None => self.missing(page),
        }
    }

    fn interpretation_page(&self, page: &Page, material: Material<'a>) -> View<'a> {
        let root = page.route.root();
        let pinboard = Pinboard::new(&self.catalogue, material);
        let (html, stale) = self.interpretation_html(&root, material, &pinboard);
        let mut view = self.interpretation_view(&root, material, &pinboard);
        if stale > 0 {
            view.notices.push(Notice {
                tone: "warn",
                label: "clause.stale".to_owned(),
                text: "interpretation.stale-text".to_owned(),
                n: stale,
                ..Notice::default()
            });
        }
        let mut head = self.head(page, format!("{} · {}", material.title(), self.short_name(material)));
        head.description = format!("{}：{}", self.short_name(material), material.title());
        head.section = "interpretations";
        (head.sheet, head.script) = ("art", "policy");
        head.draft = material.set.draft;
        head.noindex |= material.set.draft;
        head.column(&self.config.columns.interpretations);
        let source =
            if view.source.is_empty() { self.config.office.name.clone() } else { view.source.clone() };
        head.article(&Article { title: material.title(), published: material.published(), source });
        if !material.set.draft {
            head.json_ld = self.article_ld(material);
        }
        head.provenance = format!("{root}{}", Route::in_set(&material.set.id, "record/index.json").url());
        head.alternate("application/json", "机器可读", view.json.clone());
        View {
            head,
            content: Content::Interpretation(Box::new(view)),
            body: None,
            slots: vec![("text", html)],
            twin: None,
        }
    }

    fn short_name(&self, material: Material<'_>) -> String {
        self.catalogue.entry(&material.set.id).map(|entry| entry.short().to_owned()).unwrap_or_default()
    }

    fn interpretation_view(
        &self,
        root: &str,
        material: Material<'a>,
        pinboard: &Pinboard<'_, 'a>,
    ) -> InterpretationView {
        let meta = &material.material.meta;
        let up = Crumb {
            key: "nav.interpretations",
            text: String::new(),
            href: format!("{root}interpretations/"),
        };
        let policy_crumb = Crumb {
            key: "",
            text: self.short_name(material),
            href: format!("{root}{}", Route::set(&material.set.id).url()),
        };
        let text =
            |value: Option<&jiedu_model::Spanned<String>>| value.map(|v| v.value.clone()).unwrap_or_default();
        let issuers: Vec<&str> = Vec::new();
        InterpretationView {
            crumbs: vec![home(root), up, policy_crumb, here(material.title())],
            form: material.form().to_owned(),
            stage: stage_key(meta.stage),
            title: material.title().to_owned(),
            title_html: title_html(material.title(), &issuers),
            status: self.status_of_policies(&self.policies_of(material).collect::<Vec<_>>(), root),
            notices: self.interpretation_notices(material, root),
            policies: self.interpreted(material, root),
            source: text(meta.source.as_ref()),
            date: material.date().to_string(),
            edition: material.edition.number,
            clauses: self.clause_links(material, pinboard, root),
            record: format!("{root}{}", Route::in_set(&material.set.id, "record/index.html").url()),
            json: format!("{root}{}", Route::in_set(&material.set.id, "set.json").url()),
            permalink: self.base.absolute(&material.route().url()),
            not_applicable: pairs(&meta.not_applicable),
            fact_sources: pairs(&meta.fact_sources),
            questions: self.related_questions(material, root),
            questions_href: format!("{root}{}", super::questions::route(&material.set.id).url()),
            others: self.other_interpretations(material, root),
            toc: material
                .material
                .sections
                .iter()
                .filter(|section| section.level == 2 && !section.heading.is_empty())
                .map(|section| TocLink {
                    text: section.heading.clone(),
                    href: format!("#{}", section.anchor),
                })
                .collect(),
        }
    }

    /// The interpretations that stand beside this one on the policy's page.
    fn other_interpretations(&self, material: Material<'a>, root: &str) -> Vec<InterpretationGroup> {
        let mut groups = self.interpretation_groups(material.set, material.edition, true, root);
        let own = format!("{root}{}", material.route().url());
        for group in &mut groups {
            group.items.retain(|item| item.href != own);
        }
        groups.retain(|group| !group.items.is_empty());
        groups
    }

    /// 未审签, what is older than the policy now, and corrections.
    fn interpretation_notices(&self, material: Material<'a>, root: &str) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Self::draft_notice(material.set).into_iter().collect();
        if self.policy_url(material) != Route::set(&material.set.id).url() {
            notices.push(Notice {
                tone: "warn",
                label: "interpretation.past".to_owned(),
                text: "interpretation.past-text".to_owned(),
                n: material.edition.number,
                href: format!("{root}{}", Route::set(&material.set.id).url()),
                link: "notice.see-current",
                ..Notice::default()
            });
        }
        let corrections = &material.material.meta.corrections;
        notices.extend(Self::correction_notice(corrections, None, material.edition, root));
        notices
    }

    fn policies_of(&self, material: Material<'a>) -> impl Iterator<Item = &super::catalogue::Entry<'a>> {
        let others = material
            .material
            .meta
            .interprets
            .iter()
            .map(|id| &id.value)
            .filter(move |id| **id != material.set.id);
        std::iter::once(&material.set.id).chain(others).filter_map(|id| self.catalogue.entry(id))
    }

    fn interpreted(&self, material: Material<'a>, root: &str) -> Vec<PolicyLink> {
        self.policies_of(material)
            .map(|entry| PolicyLink {
                title: entry.title().to_owned(),
                number: entry.number().unwrap_or("").to_owned(),
                href: format!("{root}{}", entry.route().url()),
            })
            .collect()
    }

    /// The page of the edition to which a material belongs: the short address
    /// when it is the current one.
    fn policy_url(&self, material: Material<'_>) -> String {
        let (id, number) = (&material.set.id, material.edition.number);
        let current = self.catalogue.entry(id).is_none_or(|entry| entry.edition.number == number);
        if current { Route::set(id).url() } else { Route::edition(id, number).url() }
    }

    /// Every provision of its own policy that the material explains, once, in
    /// its order.
    fn clause_links(
        &self,
        material: Material<'_>,
        pinboard: &Pinboard<'_, 'a>,
        root: &str,
    ) -> Vec<ClauseLink> {
        let Some(policy) = &material.edition.set.policy else { return Vec::new() };
        let url = self.policy_url(material);
        let mut seen: Vec<bool> = vec![false; policy.provisions.len()];
        let sections = material.material.sections.iter().enumerate();
        let targets = sections.flat_map(|(index, section)| {
            let targets = section.heading_targets.iter().chain(&section.text_targets);
            targets.map(move |target| (index, target))
        });
        let mut links = Vec::new();
        for (section, target) in targets {
            let Some((None, pin)) = pinboard.find(section, target) else { continue };
            let found = (seen.get_mut(pin.provision), policy.provisions.get(pin.provision));
            let (Some(seen), Some(provision)) = found else { continue };
            if !std::mem::replace(seen, true) {
                links.push(ClauseLink {
                    reference: spoken(provision),
                    href: format!("{root}{url}#{}", provision.anchor),
                });
            }
        }
        links
    }

    /// The text, each section with the provisions that it explains beside it,
    /// and how many of those changed since.
    fn interpretation_html(
        &self,
        root: &str,
        material: Material<'a>,
        pinboard: &Pinboard<'_, 'a>,
    ) -> (String, u32) {
        let Some(policy) = &material.edition.set.policy else { return (String::new(), 0) };
        let clauses = Clauses::new(policy);
        let place = Place {
            plan: self,
            set: material.set,
            edition: material.edition,
            pinboard: Some(pinboard),
            root,
            folder: "materials",
            policy_url: format!("{root}{}", self.policy_url(material)),
            clauses: &clauses,
        };
        let mut out = String::new();
        let mut outline = Outline { above: 1, tables: 0 };
        let mut stale: BTreeSet<String> = BTreeSet::new();
        for (index, section) in material.material.sections.iter().enumerate() {
            pinboard.enter(index);
            let quotes = self.quotes(&place, pinboard, policy, (index, section));
            stale.extend(quotes.iter().filter(|quote| quote.stale).map(|quote| quote.href.clone()));
            write_section(&mut out, material, section, &quotes, &place, &mut outline);
        }
        (out, u32::try_from(stale.len()).unwrap_or(u32::MAX))
    }

    fn quotes(
        &self,
        place: &Place<'_, 'a>,
        pinboard: &Pinboard<'_, 'a>,
        policy: &PolicyDocument,
        (index, section): (usize, &Section),
    ) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for target in section.heading_targets.iter().chain(&section.text_targets) {
            let Some((other, pin)) = pinboard.find(index, target) else { continue };
            let entry = other.and_then(|id| self.catalogue.entry(&id));
            let policy = entry.map_or(policy, |entry| entry.policy);
            let Some(provision) = policy.provisions.get(pin.provision) else { continue };
            let url = entry.map(|entry| format!("{}{}", place.root, entry.route().url()));
            let href =
                format!("{}#{}", url.as_deref().unwrap_or(place.policy_url.as_str()), provision.anchor);
            if seen.insert(href.clone()) {
                let quote = quote(provision, href, entry.map(super::catalogue::Entry::short));
                quotes.push(Quote { stale: pin.stale, ..quote });
            }
        }
        quotes
    }
}

fn quote(provision: &jiedu_model::Provision, href: String, document: Option<&str>) -> Quote {
    let label = format!("{}{}", provision.label, provision.heading);
    let text = provision.text.trim();
    let body =
        text.strip_prefix(label.as_str()).unwrap_or(text).trim_start_matches(['。', '．', '：', '　', ' ']);
    Quote {
        reference: format!("{}{}", document.unwrap_or(""), spoken(provision)),
        heading: if label.is_empty() { provision.reference.clone() } else { label },
        text: shorten(body),
        href,
        stale: false,
    }
}

/// Writes a section: heading, blocks, quoted provisions beside it.
fn write_section(
    out: &mut String,
    material: Material<'_>,
    section: &Section,
    quotes: &[Quote],
    place: &Place<'_, '_>,
    outline: &mut Outline,
) {
    let blocks = material.material.blocks.get(section.blocks.clone()).unwrap_or_default();
    out.push_str("<section class=\"two\" id=\"");
    escape_html_into(out, &section.anchor);
    out.push_str("\"><div>");
    for block in blocks {
        match block.heading {
            Some(_) if super::body::same_words(&block.text, material.title()) => {}
            Some(level) => {
                // Levels follow the page's outline: below its `h1`, none skipped.
                let level = level.max(2).min(outline.above + 1).min(6);
                outline.above = level;
                let html =
                    lead(&block.html, &mut outline.tables, |address, image| place.resolve(address, image));
                let inner = super::heading::inner_of_heading(&html).unwrap_or_default();
                let _ = write!(out, "<h{level}>{inner}</h{level}>");
            }
            None => out.push_str(&lead(&block.html, &mut outline.tables, |address, image| {
                place.resolve(address, image)
            })),
        }
    }
    out.push_str("</div>");
    if !quotes.is_empty() {
        out.push_str("<div class=\"side\">");
        for quote in quotes {
            write_quote(out, quote);
        }
        out.push_str("</div>");
    }
    out.push_str("</section>\n");
}

fn write_quote(out: &mut String, quote: &Quote) {
    out.push_str("<blockquote class=\"quote\"><p><b>");
    escape_html_into(out, &quote.heading);
    out.push_str("</b>");
    if !quote.text.is_empty() {
        out.push(' ');
        escape_html_into(out, &quote.text);
    }
    out.push_str("</p><p class=\"src\">");
    if quote.stale {
        out.push_str("<b class=\"tag warn\">待复核</b> 这段解读写成以后，本条文字有修改。");
    }
    out.push_str("<a href=\"");
    escape_html_into(out, &quote.href);
    out.push_str("\">看");
    escape_html_into(out, &quote.reference);
    out.push_str("原文</a></p></blockquote>");
}

/// How a provision is named in a sentence: `（五）`, `五、保障措施`.
pub(super) fn spoken(provision: &jiedu_model::Provision) -> String {
    match provision.reference.strip_suffix('、') {
        Some(_) if !provision.heading.is_empty() => format!("{}{}", provision.reference, provision.heading),
        Some(short) => short.to_owned(),
        None => provision.reference.clone(),
    }
}

fn pairs(map: &std::collections::BTreeMap<String, String>) -> Vec<Pair> {
    map.iter().map(|(name, value)| Pair { name: name.clone(), value: value.clone() }).collect()
}

/// Key of the stage's word.
pub(super) fn stage_key(stage: MaterialStage) -> &'static str {
    match stage {
        MaterialStage::Release => "stage.release",
        MaterialStage::Second => "stage.second",
        MaterialStage::FollowUp => "stage.follow-up",
    }
}
