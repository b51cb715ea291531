//! The front matter of `policy.md`.

use super::fields::{Fields, Key};
use crate::{
    Consultation, Correction, Disclosure, DocumentClass, PolicyMeta, Reposted, Spanned, Stage, Validity,
};
use jiedu_base::finding::Finding;
use jiedu_base::name::SetId;
use jiedu_base::text::SourceFile;
use jiedu_markdown::{FrontMatter, NodeValue};

const TITLE: Key = Key::new("标题", "title");
const ISSUER: Key = Key::new("发文机关", "issuer").or("发布机关");
const DOCUMENT_NUMBER: Key = Key::new("发文字号", "document-number");
const INDEX_NUMBER: Key = Key::new("索引号", "index-number");
const REGISTRATION: Key = Key::new("统一编号", "registration-number");
const CLASS: Key = Key::new("文件类别", "class");
const SUBJECT: Key = Key::new("主题分类", "subject");
const SIGNED: Key = Key::new("成文日期", "signed-date");
const PUBLISHED: Key = Key::new("发布日期", "publish-date");
const EFFECTIVE: Key = Key::new("施行日期", "effective-date");
const EXPIRES: Key = Key::new("有效期至", "expires");
const VALIDITY: Key = Key::new("有效性", "validity");
const DISCLOSURE: Key = Key::new("公开方式", "disclosure");
const IMPORTANT: Key = Key::new("重要", "important");
const STAGE: Key = Key::new("阶段", "stage");
const CONSULTATION: Key = Key::new("征求意见", "consultation");
const AMENDS: Key = Key::new("修改", "amends");
const REPEALS: Key = Key::new("废止", "repeals");
const NO_INTERPRETATION: Key = Key::new("不解读理由", "no-interpretation");
const REPOSTED: Key = Key::new("转载", "source");
const ALIASES: Key = Key::new("别名", "aliases");
/// Also read by materials.
pub(super) const CORRECTIONS: Key = Key::new("更正", "corrections");
/// Also read by the other kinds of files.
pub(super) const PROOF: Key = Key::new("校对", "proof");
pub(super) const ALLOW: Key = Key::new("允许", "allow");

const FROM: Key = Key::new("开始", "from");
const UNTIL: Key = Key::new("截止", "until");
const CHANNELS: Key = Key::new("渠道", "channels");
pub(super) const CONSULTATION_KEYS: [Key; 3] = [FROM, UNTIL, CHANNELS];

const NAME: Key = Key::new("来源", "name");
const URL: Key = Key::new("网址", "url");
const DATE: Key = Key::new("日期", "date");
pub(super) const REPOSTED_KEYS: [Key; 3] = [NAME, URL, DATE];

const NOTE: Key = Key::new("说明", "note");
pub(super) const CORRECTION_KEYS: [Key; 2] = [DATE, NOTE];

pub(super) const KNOWN: [Key; 23] = [
    TITLE,
    ISSUER,
    DOCUMENT_NUMBER,
    INDEX_NUMBER,
    REGISTRATION,
    CLASS,
    SUBJECT,
    SIGNED,
    PUBLISHED,
    EFFECTIVE,
    EXPIRES,
    VALIDITY,
    DISCLOSURE,
    IMPORTANT,
    STAGE,
    CONSULTATION,
    AMENDS,
    REPEALS,
    NO_INTERPRETATION,
    REPOSTED,
    ALIASES,
    CORRECTIONS,
    PROOF,
];

pub(super) const REQUIRED: [Key; 6] = [TITLE, ISSUER, INDEX_NUMBER, SUBJECT, SIGNED, PUBLISHED];

pub(super) const CLASSES: [(&str, &str, DocumentClass); 4] = [
    ("行政规范性文件", "normative", DocumentClass::Normative),
    ("规章", "rule", DocumentClass::Rule),
    ("政策文件", "policy", DocumentClass::Policy),
    ("其他文件", "other", DocumentClass::Other),
];
pub(super) const DISCLOSURES: [(&str, &str, Disclosure); 3] = [
    ("主动公开", "proactive", Disclosure::Proactive),
    ("依申请公开", "on-request", Disclosure::OnRequest),
    ("不予公开", "withheld", Disclosure::Withheld),
];
pub(super) const STAGES: [(&str, &str, Stage); 2] =
    [("征求意见", "consultation", Stage::Consultation), ("印发", "issued", Stage::Issued)];
pub(super) const VALIDITIES: [(&str, &str, Validity); 6] = [
    ("有效", "in-force", Validity::InForce),
    ("失效", "expired", Validity::Expired),
    ("废止", "repealed", Validity::Repealed),
    ("已修改", "amended", Validity::Amended),
    ("部分有效", "partial", Validity::Partial),
    ("尚未生效", "not-yet", Validity::NotYet),
];

/// Reads the front matter of a policy.
pub(crate) fn read_policy_meta(
    file: &SourceFile,
    front: &FrontMatter,
    findings: &mut Vec<Finding>,
) -> PolicyMeta {
    let mut fields = Fields::new(file, front, findings);
    fields.only(&KNOWN);
    for key in REQUIRED {
        fields.require(key);
    }
    PolicyMeta {
        title: fields.text(TITLE),
        issuers: fields.texts(ISSUER),
        document_number: fields.text(DOCUMENT_NUMBER),
        index_number: fields.text(INDEX_NUMBER),
        registration_number: fields.text(REGISTRATION),
        class: fields.choice(CLASS, &CLASSES, false).map(|class| class.value).unwrap_or_default(),
        subject: fields.text(SUBJECT).as_ref().map(read_subject),
        signed: fields.date(SIGNED),
        published: fields.publish_date(PUBLISHED),
        effective: fields.date(EFFECTIVE),
        expires: fields.date(EXPIRES),
        validity: fields.choice(VALIDITY, &VALIDITIES, false),
        disclosure: read_disclosure(&mut fields),
        // A value that cannot be read must not spare anyone a review.
        important: fields.flag(IMPORTANT).unwrap_or(fields.node(IMPORTANT).is_some()),
        stage: fields.choice(STAGE, &STAGES, true).map(|stage| stage.value).unwrap_or_default(),
        consultation: read_consultation(&mut fields),
        amends: fields.texts(AMENDS),
        repeals: fields.texts(REPEALS),
        no_interpretation: fields.text(NO_INTERPRETATION),
        reposted: read_reposted(&mut fields),
        aliases: read_aliases(&mut fields),
        corrections: read_corrections(&mut fields),
        allowed_words: read_allowed(&mut fields),
    }
}

/// A value that cannot be read must not lead to publication.
fn read_disclosure(fields: &mut Fields<'_>) -> Disclosure {
    match (fields.choice(DISCLOSURE, &DISCLOSURES, true), fields.node(DISCLOSURE)) {
        (Some(value), _) => value.value,
        (None, Some(_)) => Disclosure::Unreadable,
        (None, None) => Disclosure::Proactive,
    }
}

/// `一级_二级`; the separators `_ \ - /` mean the same.
fn read_subject(text: &Spanned<String>) -> Spanned<(String, Option<String>)> {
    let (first, second) = match text.value.split_once(['_', '\\', '-', '/']) {
        Some((first, second)) => {
            (first.trim(), Some(second.trim().to_owned()).filter(|second| !second.is_empty()))
        }
        None => (text.value.as_str(), None),
    };
    Spanned { value: (first.to_owned(), second), range: text.range }
}

fn read_consultation(fields: &mut Fields<'_>) -> Option<Spanned<Consultation>> {
    let node = fields.node(CONSULTATION)?;
    let mut inner = fields.inside(node)?;
    inner.only(&CONSULTATION_KEYS);
    inner.require(FROM);
    inner.require(UNTIL);
    let channels = inner.texts(CHANNELS).into_iter().map(|channel| channel.value).collect();
    let (from, until) = (inner.date(FROM), inner.date(UNTIL));
    let value = Consultation { from: from?.value, until: until?.value, channels };
    Some(Spanned { value, range: node.range })
}

fn read_reposted(fields: &mut Fields<'_>) -> Option<Spanned<Reposted>> {
    let node = fields.node(REPOSTED)?;
    let mut inner = fields.inside(node)?;
    inner.only(&REPOSTED_KEYS);
    for key in REPOSTED_KEYS {
        inner.require(key);
    }
    let (name, url, date) = (inner.text(NAME), inner.text(URL), inner.date(DATE));
    let url = url?;
    let is_address = url.value.starts_with("https://") || url.value.starts_with("http://");
    if !is_address
        || url.value.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>'))
    {
        inner.wrong(url.range, "以 https:// 开头的网址", "an address that begins with https://", false);
        return None;
    }
    Some(Spanned {
        value: Reposted { name: name?.value, url: url.value, date: date?.value },
        range: node.range,
    })
}

fn read_aliases(fields: &mut Fields<'_>) -> Vec<SetId> {
    let mut aliases = Vec::new();
    for text in fields.texts(ALIASES) {
        match SetId::parse(&text.value) {
            Ok(id) => aliases.push(id),
            Err(_) => {
                fields.wrong(
                    text.range,
                    "文件编号，如 2025/jijiaoban-14",
                    "a set id such as 2025/jijiaoban-14",
                    false,
                );
            }
        }
    }
    aliases
}

/// `更正: [{日期: …, 说明: …}]`; one correction may stand without the dash.
pub(super) fn read_corrections(fields: &mut Fields<'_>) -> Vec<Correction> {
    let Some(node) = fields.node(CORRECTIONS) else { return Vec::new() };
    let items = match &node.value {
        NodeValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut corrections = Vec::new();
    for item in items {
        let Some(mut inner) = fields.inside(item) else { continue };
        inner.only(&CORRECTION_KEYS);
        inner.require(DATE);
        inner.require(NOTE);
        let (date, text) = (inner.date(DATE), inner.text(NOTE));
        corrections
            .extend(date.zip(text).map(|(date, text)| Correction { date: date.value, note: text.value }));
    }
    corrections
}

/// `校对: {允许: [词, …]}`.
pub(super) fn read_allowed(fields: &mut Fields<'_>) -> Vec<String> {
    let Some(node) = fields.node(PROOF) else { return Vec::new() };
    if !matches!(node.value, NodeValue::Map(_)) {
        fields.wrong(node.range, "“允许: [词, …]”", "`allow: [word, …]`", false);
        return Vec::new();
    }
    let Some(mut inner) = fields.inside(node) else { return Vec::new() };
    inner.only(&[ALLOW]);
    inner.texts(ALLOW).into_iter().map(|word| word.value).collect()
}
