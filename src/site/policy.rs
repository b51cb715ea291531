//! The page of a policy, and of each of its editions.

use serde::Serialize;

use super::applies::AppliesView;
use super::body::{Body, Coverage, Ingredients, body};
use super::catalogue::{Entry, Material, listed_date, title};
use super::clause::Clauses;
use super::consultation::{ConsultationView, DraftLink, OpinionsView};
use super::files::Place;
use super::groups::{By, GroupItem, kind_of};
use super::head::{Article, Head};
use super::links::lead;
use super::lists::{Crumb, here, home};
use super::notice::Notice;
use super::policy_parts::{AttachmentItem, MetaRow, Moment};
use super::relations::RelationItem;
use super::route::Route;
use super::status::StatusView;
use super::title::{inside_marks, title_html};
use super::{Content, Page, SitePlan, View};
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{MaterialStage, PolicyDocument, Stage, document_kind};

/// Characters of a gloss before it is shortened at the end of a sentence.
const GLOSS_LENGTH: usize = 120;

/// What the page of a policy says around its text.
#[derive(Debug, Serialize)]
pub struct PolicyView {
    pub(super) crumbs: Vec<Crumb>,
    issuer: String,
    /// Each of them, for the red head of the print.
    issuers: Vec<String>,
    number: String,
    /// 文种, from the title; may be empty.
    kind: &'static str,
    /// The list of policies of that kind.
    kind_href: String,
    edition: u32,
    /// Key of the edition's word.
    edition_word: &'static str,
    pub(super) title: String,
    /// The title as HTML, with breaks between phrases.
    pub(super) title_html: String,
    /// What is known of its force, day by day.
    pub(super) status: StatusView,
    pub(super) notices: Vec<Notice>,
    meta: Vec<MetaRow>,
    permalink: String,
    /// The address of the edition.
    frozen: String,
    json: String,
    compare: String,
    record: String,
    coverage: Coverage,
    exemption: String,
    /// What a draft put out for comment says first.
    consultation: Option<ConsultationView>,
    /// What became of the opinions.
    opinions: Option<OpinionsView>,
    /// The drafts that the text came from.
    drafts: Vec<DraftLink>,
    /// Policies that this one changes, or that change it.
    relations: Vec<RelationItem>,
    /// Which edition applies when.
    applies: Option<AppliesView>,
    /// Topics that list the policy.
    topics: Vec<GroupItem>,
    /// Questions with answers, and their page; may be empty.
    questions: usize,
    questions_href: String,
    /// Which edition applies on which days.
    at: String,
    /// 条文沿革; empty where no text ever changed.
    history: String,
    interpretations: Vec<InterpretationGroup>,
    attachments: Vec<AttachmentItem>,
    timeline: Vec<Moment>,
    /// Moments that are left out there.
    more_moments: usize,
    /// Addresses of comparisons that are not with a neighbour.
    comparisons: Vec<Comparison>,
    digest: String,
    code: String,
    citation: String,
    index_number: String,
    /// Whether a text is shown that may be printed as an official document.
    printable: bool,
}

/// A link to the comparison of two editions.
#[derive(Debug, Serialize)]
pub struct Comparison {
    old: u32,
    new: u32,
    href: String,
}

/// The interpretations of one stage.
#[derive(Debug, Serialize)]
pub struct InterpretationGroup {
    /// Key of the stage's word.
    stage: &'static str,
    /// By form and date.
    pub(super) items: Vec<InterpretationItem>,
}

/// A link to an interpretation.
#[derive(Debug, Serialize)]
pub struct InterpretationItem {
    title: String,
    pub(super) href: String,
    form: String,
    date: String,
    /// Title of the other set it was published with; may be empty.
    from: String,
}

impl<'a> SitePlan<'a> {
    /// The current edition.
    pub(super) fn policy(&self, page: &Page, entry: usize) -> View<'a> {
        let Some(entry) = self.catalogue.entries.get(entry) else { return self.missing(page) };
        self.policy_page(page, entry.set, entry.edition, true)
    }

    /// An edition at its frozen address.
    pub(super) fn edition(&self, page: &Page, set: usize, edition: usize) -> View<'a> {
        let found = self.sets.get(set).and_then(|set| Some((set, set.editions.get(edition)?)));
        match found {
            Some((set, edition)) => self.policy_page(page, set, edition, false),
            None => self.missing(page),
        }
    }

    fn policy_page(
        &self,
        page: &Page,
        set: &'a PublishedSet,
        edition: &'a Edition,
        current: bool,
    ) -> View<'a> {
        let Some(policy) = &edition.set.policy else { return self.missing(page) };
        let root = page.route.root();
        let clauses = Clauses::new(policy);
        let place = Place {
            plan: self,
            set,
            edition,
            pinboard: None,
            root: &root,
            folder: "",
            policy_url: String::new(),
            clauses: &clauses,
        };
        let glosses = self.glosses(&place, policy, current);
        let title = title(&policy.meta, &set.id);
        let mut tables = 0;
        let mut body = body(Ingredients { policy, glosses, title }, |html| {
            lead(html, &mut tables, |address, image| place.resolve(address, image))
        });
        self.link_references(set, policy, &mut body, &root, current);
        if current {
            self.mark_history(set, &mut body, &root);
        }
        let head = self.policy_head(page, set, edition, policy, current);
        let view = self.policy_view(&place, policy, &body, current);
        View {
            head,
            content: Content::Policy(Box::new(view)),
            body: Some(body),
            slots: Vec::new(),
            twin: None,
        }
    }

    fn policy_head(
        &self,
        page: &Page,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        current: bool,
    ) -> Head {
        let root = page.route.root();
        let title = title(&policy.meta, &set.id);
        let number = policy.meta.document_number.as_ref().map(|number| number.value.as_str());
        let name = number.map_or_else(|| title.to_owned(), |number| format!("{number} · {title}"));
        let mut head =
            self.head(page, if current { name } else { format!("{name}（第{}版）", edition.number) });
        title.clone_into(&mut head.description);
        head.section = "policies";
        head.class = "gw";
        (head.sheet, head.script) = ("policy", "policy");
        head.draft = set.draft;
        head.noindex |= set.draft;
        if self.catalogue.entry(&set.id).is_some_and(|entry| entry.edition.number == edition.number) {
            // The same text at two addresses: search engines are led to the short one.
            head.canonical = self.base.absolute(&Route::set(&set.id).url());
        }
        head.column(&self.config.columns.policies);
        let issuers: Vec<&str> = policy.meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        let source = policy
            .meta
            .reposted
            .as_ref()
            .map_or_else(|| issuers.join("、"), |reposted| reposted.value.name.clone());
        let source = if source.is_empty() { self.config.office.name.clone() } else { source };
        head.article(&Article { title, published: policy.meta.published.as_ref().map(|p| p.value), source });
        if !set.draft {
            head.json_ld = self.legislation(set, edition, policy, current);
        }
        head.provenance = format!("{root}{}", Route::in_set(&set.id, "record/index.json").url());
        let in_set = |rest: &str| format!("{root}{}", Route::in_set(&set.id, rest).url());
        if current {
            head.alternate("application/json", "机器可读", in_set("set.json"));
            head.alternate("application/atom+xml", title, in_set("feed.xml"));
            head.alternate("application/feed+json", title, in_set("feed.json"));
        } else {
            head.alternate(
                "application/json",
                "机器可读",
                in_set(&format!("v{}/edition.json", edition.number)),
            );
        }
        head
    }

    fn policy_view(
        &self,
        place: &Place<'_, 'a>,
        policy: &'a PolicyDocument,
        body: &Body<'_>,
        current: bool,
    ) -> PolicyView {
        let Place { set, edition, root, .. } = *place;
        let meta = &policy.meta;
        let title = title(meta, &set.id);
        let number = meta.document_number.as_ref().map(|number| number.value.clone()).unwrap_or_default();
        let issuers: Vec<&str> = meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
        let entry = self.catalogue.entry(&set.id);
        let permalink = self.base.absolute(
            &if current { Route::set(&set.id) } else { Route::edition(&set.id, edition.number) }.url(),
        );
        let frozen = self.base.absolute(&Route::edition(&set.id, edition.number).url());
        let moments = self.timeline(set, edition.number, root);
        let timeline = Self::short_timeline(&moments);
        let compare = compare_of(&timeline);
        let printed = super::set_json::printed_validity(meta);
        let status = self.status(set, edition, policy, root);
        let short = if number.is_empty() { title } else { number.as_str() };
        PolicyView {
            crumbs: crumbs(set, short, (!current).then_some(edition.number), root),
            issuer: issuers.join("、"),
            issuers: issuers.iter().map(|issuer| (*issuer).to_owned()).collect(),
            citation: citation(title, &number, &issuers, edition, &frozen),
            number,
            kind: document_kind(title).unwrap_or_default(),
            kind_href: self.kind_href(title, root),
            edition: edition.number,
            edition_word: edition_word(meta.stage),
            title: title.to_owned(),
            title_html: title_html(title, &issuers),
            notices: Self::notices(entry, set, edition, policy, current, root),
            meta: self.meta_rows(meta, title, Some((status.word(), printed)), root),
            status,
            permalink,
            frozen,
            json: format!("{root}{}", Route::in_set(&set.id, &twin(edition, current)).url()),
            compare,
            record: format!("{root}{}", Route::in_set(&set.id, "record/index.html").url()),
            coverage: body.coverage,
            exemption: meta.no_interpretation.as_ref().map(|reason| reason.value.clone()).unwrap_or_default(),
            consultation: self.consultation(set, edition, policy, root),
            opinions: self.opinions(set, edition, place.clauses, root),
            drafts: Self::drafts_of(set, edition, root),
            relations: self.relations(meta, set, root),
            applies: self.applies(set, root),
            topics: self.topics_of(&set.id, root),
            questions: entry.map_or(0, |entry| super::questions::questions(entry.edition).len()),
            questions_href: format!("{root}{}", super::questions::route(&set.id).url()),
            at: format!("{root}{}", super::at::route(set).url()),
            history: entry.map(|_| super::history::link(set, root)).unwrap_or_default(),
            interpretations: self.interpretation_groups(set, edition, current && entry.is_some(), root),
            attachments: self.attachments(set, edition, root),
            more_moments: moments.len() - timeline.len(),
            timeline,
            comparisons: Self::far_comparisons(set, root),
            digest: edition.digest.to_string(),
            code: edition.digest.check_code(),
            index_number: meta.index_number.as_ref().map(|number| number.value.clone()).unwrap_or_default(),
            printable: !set.draft,
        }
    }

    /// The list of the policies of the same 文种; empty when there is none,
    /// which happens to an old edition whose title closed otherwise.
    fn kind_href(&self, title: &str, root: &str) -> String {
        let (slug, _) = kind_of(title);
        let known = self.groups.of(By::Kind).contains_key(slug);
        if known { format!("{root}{}/{slug}/", By::Kind.folder()) } else { String::new() }
    }

    /// The comparisons that the timeline does not link: first with last.
    fn far_comparisons(set: &PublishedSet, root: &str) -> Vec<Comparison> {
        let pairs = super::pages::compared(set);
        let numbers = pairs
            .iter()
            .filter_map(|(old, new)| Some((*old, *new, set.editions.get(*old)?, set.editions.get(*new)?)));
        let is_far = |old: usize, new: usize| pairs.iter().any(|(a, b)| *a == old && *b < new);
        numbers
            .filter(|(old, new, _, _)| is_far(*old, *new))
            .map(|(_, _, old, new)| Comparison {
                old: old.number,
                new: new.number,
                href: format!("{root}{}", Route::compare(&set.id, old.number, new.number).url()),
            })
            .collect()
    }

    fn notices(
        entry: Option<&Entry<'_>>,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        current: bool,
        root: &str,
    ) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Self::draft_notice(set).into_iter().collect();
        if !current {
            notices.extend(Self::edition_notice(entry, edition, root));
        }
        notices.extend(Self::correction_notice(&policy.meta.corrections, entry, edition, root));
        notices
    }

    /// The interpretations of an edition by stage, each stage by date and form.
    pub(super) fn interpretation_groups(
        &self,
        set: &'a PublishedSet,
        edition: &'a Edition,
        guests: bool,
        root: &str,
    ) -> Vec<InterpretationGroup> {
        let own = edition.set.materials.iter().map(|material| Material { set, edition, material });
        let others = self.catalogue.guests.get(&set.id).filter(|_| guests).into_iter().flatten().copied();
        let mut all: Vec<Material<'a>> = own.chain(others).collect();
        all.sort_by(|a, b| {
            (a.date(), a.form(), &a.set.id, &a.material.name).cmp(&(
                b.date(),
                b.form(),
                &b.set.id,
                &b.material.name,
            ))
        });
        [MaterialStage::Release, MaterialStage::Second, MaterialStage::FollowUp]
            .into_iter()
            .map(|stage| InterpretationGroup {
                stage: super::interpretation::stage_key(stage),
                items: all
                    .iter()
                    .filter(|material| material.material.meta.stage == stage)
                    .map(|material| self.interpretation_item(*material, set, root))
                    .collect(),
            })
            .filter(|group| !group.items.is_empty())
            .collect()
    }

    /// A link to an interpretation, from the page of a policy.
    pub(super) fn interpretation_item(
        &self,
        material: Material<'a>,
        of: &PublishedSet,
        root: &str,
    ) -> InterpretationItem {
        InterpretationItem {
            title: material.title().to_owned(),
            href: self
                .interpretation_url(material.set, &material.material.name)
                .map(|url| format!("{root}{url}"))
                .unwrap_or_default(),
            form: material.form().to_owned(),
            date: material.date().to_string(),
            from: if material.set.id == of.id {
                String::new()
            } else {
                let entry = self.catalogue.entry(&material.set.id);
                entry.map(|entry| inside_marks(entry.title())).unwrap_or_default()
            },
        }
    }

    /// How many provisions of a policy are explained.
    pub(super) fn coverage(&self, entry: &Entry<'a>) -> Coverage {
        let (set, edition) = (entry.set, entry.edition);
        let place = Place {
            plan: self,
            set,
            edition,
            pinboard: None,
            root: "",
            folder: "",
            policy_url: String::new(),
            clauses: entry.clauses(),
        };
        super::body::coverage(entry.policy, &self.glosses(&place, entry.policy, true))
    }
}

/// The way from the home page to a policy, or to one of its editions.
fn crumbs(set: &PublishedSet, name: &str, edition: Option<u32>, root: &str) -> Vec<Crumb> {
    let up = Crumb { key: "nav.policies", text: String::new(), href: format!("{root}policies/") };
    let mut crumbs = vec![home(root), up];
    let Some(edition) = edition else {
        crumbs.push(here(name));
        return crumbs;
    };
    let href = format!("{root}{}", Route::set(&set.id).url());
    crumbs.push(Crumb { key: "", text: name.to_owned(), href });
    crumbs.push(here(&format!("第{edition}版")));
    crumbs
}

/// Shortens to whole sentences.
pub(super) fn shorten(text: &str) -> String {
    let mut end = None;
    for (count, (at, c)) in text.char_indices().enumerate() {
        if matches!(c, '。' | '！' | '？' | '；') {
            end = Some(at + c.len_utf8());
        }
        if count + 1 >= GLOSS_LENGTH {
            let cut = end.unwrap_or(at + c.len_utf8());
            let short = text.get(..cut).unwrap_or(text);
            let more = if cut < text.len() { "……" } else { "" };
            return format!("{short}{more}");
        }
    }
    text.to_owned()
}

fn citation(title: &str, number: &str, issuers: &[&str], edition: &Edition, permalink: &str) -> String {
    let number = if number.is_empty() { String::new() } else { format!("（{number}）") };
    let date = listed_date(edition);
    let day = format!("{}年{}月{}日", date.year(), date.month(), date.day());
    let title = inside_marks(title);
    format!("{}：《{title}》{number}，{day}发布，第{}版，{permalink}", issuers.join("、"), edition.number)
}

/// Key of what a text is called.
fn edition_word(stage: Stage) -> &'static str {
    if stage == Stage::Consultation { "policy.consultation-draft" } else { "policy.issued-text" }
}

/// The comparison of the edition being read with the one before; may be empty.
fn compare_of(timeline: &[Moment]) -> String {
    let now = timeline.iter().find(|moment| moment.is_now()).filter(|moment| moment.is_rewritten());
    now.map(|moment| moment.compare().to_owned()).unwrap_or_default()
}

/// The machine twin of a page, in its set.
fn twin(edition: &Edition, current: bool) -> String {
    if current { "set.json".to_owned() } else { format!("v{}/edition.json", edition.number) }
}
