//! What a publication set is made of.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil;

use super::{Correction, OpinionSheet, QuestionSheet, Topic};
use jiedu_base::files::{FileFault, SetFile};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{Body, RenderedBlock};

/// A value and where it stands in the front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place in the file.
    pub range: TextRange,
}

/// 发布日期: a date, sometimes with a time of day (Beijing).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublishDate {
    /// The date.
    pub date: civil::Date,
    /// The time, when given.
    pub time: Option<civil::Time>,
}

/// 文件类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum DocumentClass {
    /// 行政规范性文件.
    Normative,
    /// 规章.
    Rule,
    /// 政策文件.
    #[default]
    Policy,
    /// 其他文件.
    Other,
}

/// 公开方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Disclosure {
    /// 主动公开.
    #[default]
    Proactive,
    /// 依申请公开: never in the output.
    OnRequest,
    /// 不予公开: never in the output.
    Withheld,
    /// It cannot be read: nothing of this text is published, but nobody decided
    /// to withhold it either.
    Unreadable,
}

/// 阶段 of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// 征求意见.
    Consultation,
    /// 印发.
    #[default]
    Issued,
}

/// 有效性 as printed. Nothing printed is `None` in [`PolicyMeta`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Validity {
    /// 有效.
    InForce,
    /// 失效.
    Expired,
    /// 废止.
    Repealed,
    /// 已修改.
    Amended,
    /// 部分有效.
    Partial,
    /// 尚未生效.
    NotYet,
}

/// 征求意见.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// 开始.
    pub from: civil::Date,
    /// 截止.
    pub until: civil::Date,
    /// 渠道.
    pub channels: Vec<String>,
}

/// 转载.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reposted {
    /// 来源.
    pub name: String,
    /// 网址.
    pub url: String,
    /// 日期.
    pub date: civil::Date,
}

/// The front matter of `policy.md`; absent or unreadable values are `None`
/// (and have a finding). Blank optional values are `None` too: 原文未标注.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyMeta {
    /// 标题.
    pub title: Option<Spanned<String>>,
    /// 发文机关, lead first.
    pub issuers: Vec<Spanned<String>>,
    /// 发文字号.
    pub document_number: Option<Spanned<String>>,
    /// 索引号.
    pub index_number: Option<Spanned<String>>,
    /// 统一编号.
    pub registration_number: Option<Spanned<String>>,
    /// 文件类别.
    pub class: DocumentClass,
    /// 主题分类: first level and second level, when given.
    pub subject: Option<Spanned<(String, Option<String>)>>,
    /// 成文日期.
    pub signed: Option<Spanned<civil::Date>>,
    /// 发布日期.
    pub published: Option<Spanned<PublishDate>>,
    /// 施行日期.
    pub effective: Option<Spanned<civil::Date>>,
    /// 有效期至.
    pub expires: Option<Spanned<civil::Date>>,
    /// 有效性 as printed.
    pub validity: Option<Spanned<Validity>>,
    /// 公开方式.
    pub disclosure: Disclosure,
    /// 重要.
    pub important: bool,
    /// 阶段.
    pub stage: Stage,
    /// 征求意见.
    pub consultation: Option<Spanned<Consultation>>,
    /// 修改: document numbers or set ids.
    pub amends: Vec<Spanned<String>>,
    /// 废止: document numbers or set ids.
    pub repeals: Vec<Spanned<String>>,
    /// 不解读理由.
    pub no_interpretation: Option<Spanned<String>>,
    /// 转载.
    pub reposted: Option<Spanned<Reposted>>,
    /// 别名: old ids of the set.
    pub aliases: Vec<SetId>,
    /// 更正: mistakes put right since publication, as written.
    pub corrections: Vec<Correction>,
    /// Words that proofreading leaves alone (校对: {允许: […]}).
    pub allowed_words: Vec<String>,
}

/// A provision: the smallest unit that a clause link can name.
///
/// Sources: labels as printed (GB/T 9704-2012 §7.3.3; 立法法 for 编章节条款项),
/// anchors after contract details 84.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// Stable ASCII anchor, unique in the document: `s2-5`, `art3-p2`, `w-s1`.
    pub anchor: String,
    /// The printed label: `（五）`, `第三条`; empty for an unlabelled paragraph (款).
    pub label: String,
    /// The link text that names it alone: `（五）` or `二、（五）`.
    pub reference: String,
    /// Every text by which a clause link may name it, the shortest first; a
    /// short one may name others too.
    pub names: Vec<String>,
    /// Heading text after the label, run-in heading included, without its
    /// final mark: `加强政策解读回应`. Empty when there is none.
    pub heading: String,
    /// Depth among provisions, from 1.
    pub depth: u8,
    /// Index of the enclosing provision.
    pub parent: Option<usize>,
    /// The blocks (indices into [`PolicyDocument::blocks`]) that are this
    /// provision's own text, children excluded. Several provisions may share a
    /// block only when they are 款 or 项 inside it.
    pub blocks: Range<usize>,
    /// Own text as read, label included, children excluded.
    pub text: String,
    /// Where in `text` its own words begin, after the label.
    pub words_from: usize,
    /// The bytes of its own text in the file.
    pub range: TextRange,
    /// Digest over own and children's text without white space: what an
    /// interpretation was checked against.
    pub fingerprint: Digest,
    /// Whether it belongs to the wrapper notice of an enclosed text.
    pub in_wrapper: bool,
}

impl Provision {
    /// Its own words, without the label and what follows a label, children excluded.
    #[must_use]
    pub fn words(&self) -> &str {
        self.text.get(self.words_from..).unwrap_or_default().trim_matches(jiedu_base::text::is_blank)
    }
}

/// Provisions sorted by what links call them. Several parts of a build look
/// provisions up by name, and sorting costs more than all their questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProvisionOrder {
    /// Index of a provision, and of a name of it, by name and then by provision.
    pub by_name: Vec<(u32, u32)>,
    /// Indexes of provisions, by anchor.
    pub by_anchor: Vec<u32>,
}

impl ProvisionOrder {
    pub(super) fn of(provisions: &[Provision]) -> Self {
        let index = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let numbered = || provisions.iter().zip(0_u32..);
        let mut names: Vec<(&str, u32, u32)> = numbered()
            .flat_map(|(provision, number)| {
                let names = provision.names.iter().enumerate();
                names.map(move |(at, name)| (name.as_str(), number, index(at)))
            })
            .collect();
        names.sort_unstable();
        let mut anchors: Vec<(&str, u32)> =
            numbered().map(|(provision, number)| (provision.anchor.as_str(), number)).collect();
        anchors.sort_unstable();
        Self {
            by_name: names.into_iter().map(|(_, number, at)| (number, at)).collect(),
            by_anchor: anchors.into_iter().map(|(_, number)| number).collect(),
        }
    }
}

/// `policy.md`, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    /// The file.
    pub file: SourceFile,
    /// Front matter.
    pub meta: PolicyMeta,
    /// Facts of the body.
    pub body: Body,
    /// Top-level blocks as HTML, in reading order; clause links still have
    /// `clause:` targets, attachments their relative ones.
    pub blocks: Vec<RenderedBlock>,
    /// Provisions in reading order.
    pub provisions: Vec<Provision>,
    /// The provisions in the order of their names and of their anchors.
    pub order: ProvisionOrder,
    /// Index into `blocks` of the title of the enclosed text, when the file
    /// is a wrapper notice plus an enclosed text.
    pub enclosed_from: Option<usize>,
}

/// One planned form of interpretation (解读形式).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedForm {
    /// 形式.
    pub form: String,
    /// 渠道.
    pub channels: Vec<String>,
    /// 时间.
    pub date: Option<civil::Date>,
    /// 负责人.
    pub person: Option<String>,
    /// 材料: file name in `materials/`.
    pub material: Option<String>,
    /// 后续: no file yet.
    pub later: bool,
    /// Its place in the front matter.
    pub range: TextRange,
}

/// `plan.md`, parsed. A plan is approved with its set and is not itself a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpretationPlan {
    /// The file.
    pub file: SourceFile,
    /// 解读单位.
    pub unit: Option<Spanned<String>>,
    /// 第一解读人.
    pub first_interpreter: Option<Spanned<String>>,
    /// 解读时间.
    pub date: Option<Spanned<civil::Date>>,
    /// 解读形式.
    pub forms: Vec<PlannedForm>,
    /// Words that proofreading leaves alone.
    pub allowed_words: Vec<String>,
    /// 解读提纲.
    pub body: Body,
}

/// 阶段 of a material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum MaterialStage {
    /// 发布.
    #[default]
    Release,
    /// 二次解读.
    Second,
    /// 跟踪解读.
    FollowUp,
}

/// The front matter of a material.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MaterialMeta {
    /// 标题.
    pub title: Option<Spanned<String>>,
    /// 形式.
    pub form: Option<Spanned<String>>,
    /// 来源.
    pub source: Option<Spanned<String>>,
    /// 发布日期.
    pub published: Option<Spanned<PublishDate>>,
    /// 阶段.
    pub stage: MaterialStage,
    /// 解读对象; empty means its own set.
    pub interprets: Vec<Spanned<SetId>>,
    /// 不涉及: content element → reason.
    pub not_applicable: BTreeMap<String, String>,
    /// 事实来源: figure → source.
    pub fact_sources: BTreeMap<String, String>,
    /// 更正: mistakes put right since publication, as written.
    pub corrections: Vec<Correction>,
    /// Words that proofreading leaves alone.
    pub allowed_words: Vec<String>,
}

/// A section of a material: a heading with what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// ASCII anchor, unique in the page: `sec1`, `sec1-2`.
    pub anchor: String,
    /// Heading text; empty for text before the first heading.
    pub heading: String,
    /// Heading level (2…6), 0 for text before the first heading.
    pub level: u8,
    /// Its blocks, heading included, up to the next heading of any level.
    pub blocks: Range<usize>,
    /// Targets of clause links that stand in the heading, as written after
    /// `clause:`; they link the whole section.
    pub heading_targets: Vec<String>,
    /// Targets of the other clause links in the section.
    pub text_targets: Vec<String>,
}

/// `materials/<name>.md`, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpretationMaterial {
    /// File name without `.md`; also its address.
    pub name: String,
    /// The file.
    pub file: SourceFile,
    /// Front matter.
    pub meta: MaterialMeta,
    /// Facts of the body.
    pub body: Body,
    /// Top-level blocks as HTML.
    pub blocks: Vec<RenderedBlock>,
    /// Sections in reading order.
    pub sections: Vec<Section>,
}

/// A file in `attachments/`, or an image beside a material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Path relative to the set.
    pub path: String,
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// SHA-256 of the bytes.
    pub digest: Digest,
}

/// One publication set of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicationSet {
    /// Its id.
    pub id: SetId,
    /// SHA-256 of the manifest; none when a path, mode or object is at fault.
    pub digest: Option<Digest>,
    /// The digest manifest (contract §3); empty when there is no digest.
    pub manifest: Vec<u8>,
    /// Every file, sorted by path.
    pub files: Vec<SetFile>,
    /// What took the set its digest.
    pub faults: Vec<FileFault>,
    /// 政策文件.
    pub policy: Option<PolicyDocument>,
    /// 解读方案.
    pub plan: Option<InterpretationPlan>,
    /// 解读材料, sorted by name.
    pub materials: Vec<InterpretationMaterial>,
    /// 附件 (`attachments/*`), sorted by path.
    pub attachments: Vec<Attachment>,
    /// Images beside the materials (`materials/*` that is not Markdown).
    pub images: Vec<Attachment>,
    /// 热线问答 (`qa.toml`).
    pub questions: Option<QuestionSheet>,
    /// 意见采纳情况 (`opinions.toml`).
    pub opinions: Option<OpinionSheet>,
}

/// A standing page (`content/pages/**.md`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingPage {
    /// Address without slashes at the ends: `about`, `guide/contact`.
    pub route: String,
    /// 标题.
    pub title: String,
    /// The file.
    pub file: SourceFile,
    /// Facts of the body.
    pub body: Body,
    /// Top-level blocks as HTML.
    pub blocks: Vec<RenderedBlock>,
}

/// Everything a revision publishes, typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corpus {
    /// The sets; shared with the editions made from them.
    pub sets: BTreeMap<SetId, Arc<PublicationSet>>,
    /// Standing pages, sorted by route.
    pub pages: Vec<StandingPage>,
    /// Topics, sorted by slug.
    pub topics: Vec<Topic>,
    /// Digest of the set `site`; none when a file of it is at fault.
    pub site_digest: Option<Digest>,
    /// Digest manifest of the set `site`.
    pub site_manifest: Vec<u8>,
}
