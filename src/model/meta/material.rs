//! The front matter of `materials/<name>.md`.

use super::fields::{Fields, Key};
use super::policy::{CORRECTIONS, PROOF, read_allowed, read_corrections};
use crate::{MaterialMeta, MaterialStage, Spanned};
use jiedu_base::finding::Finding;
use jiedu_base::name::SetId;
use jiedu_base::text::SourceFile;
use jiedu_markdown::FrontMatter;

const TITLE: Key = Key::new("标题", "title");
const FORM: Key = Key::new("形式", "form");
const SOURCE: Key = Key::new("来源", "source");
const PUBLISHED: Key = Key::new("发布日期", "publish-date");
const STAGE: Key = Key::new("阶段", "stage");
const INTERPRETS: Key = Key::new("解读对象", "interprets");
const NOT_APPLICABLE: Key = Key::new("不涉及", "not-applicable");
const FACT_SOURCES: Key = Key::new("事实来源", "fact-sources");

pub(super) const KNOWN: [Key; 10] =
    [TITLE, FORM, SOURCE, PUBLISHED, STAGE, INTERPRETS, NOT_APPLICABLE, FACT_SOURCES, CORRECTIONS, PROOF];
pub(super) const REQUIRED: [Key; 1] = [TITLE];

pub(super) const STAGES: [(&str, &str, MaterialStage); 3] = [
    ("发布", "release", MaterialStage::Release),
    ("二次解读", "second", MaterialStage::Second),
    ("跟踪解读", "follow-up", MaterialStage::FollowUp),
];

/// Reads the front matter of a material.
pub(crate) fn read_material_meta(
    file: &SourceFile,
    front: &FrontMatter,
    findings: &mut Vec<Finding>,
) -> MaterialMeta {
    let mut fields = Fields::new(file, front, findings);
    fields.only(&KNOWN);
    fields.require(TITLE);
    let pairs = |pairs: Vec<(Spanned<String>, Spanned<String>)>| {
        pairs.into_iter().map(|(name, value)| (name.value, value.value)).collect()
    };
    MaterialMeta {
        title: fields.text(TITLE),
        form: fields.text(FORM),
        source: fields.text(SOURCE),
        published: fields.publish_date(PUBLISHED),
        stage: fields.choice(STAGE, &STAGES, true).map(|stage| stage.value).unwrap_or_default(),
        interprets: read_interprets(&mut fields),
        not_applicable: pairs(fields.text_map(NOT_APPLICABLE)),
        fact_sources: pairs(fields.text_map(FACT_SOURCES)),
        corrections: read_corrections(&mut fields),
        allowed_words: read_allowed(&mut fields),
    }
}

fn read_interprets(fields: &mut Fields<'_>) -> Vec<Spanned<SetId>> {
    let mut ids = Vec::new();
    for text in fields.texts(INTERPRETS) {
        match SetId::parse(&text.value) {
            Ok(value) => ids.push(Spanned { value, range: text.range }),
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
    ids
}
