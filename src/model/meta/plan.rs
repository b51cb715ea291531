//! The front matter of `plan.md` (contract details 75).

use jiff::civil::Date;

use super::fields::{Fields, Key};
use super::policy::{PROOF, read_allowed};
use crate::{PlannedForm, Spanned};
use jiedu_base::finding::Finding;
use jiedu_base::text::SourceFile;
use jiedu_markdown::{FrontMatter, Node, NodeValue};

const UNIT: Key = Key::new("解读单位", "unit");
const FIRST: Key = Key::new("第一解读人", "first-interpreter");
const DATE: Key = Key::new("解读时间", "date");
const FORMS: Key = Key::new("解读形式", "forms");

const FORM: Key = Key::new("形式", "form");
const CHANNELS: Key = Key::new("渠道", "channels");
const WHEN: Key = Key::new("时间", "date");
const PERSON: Key = Key::new("负责人", "person");
const MATERIAL: Key = Key::new("材料", "material");
const LATER: Key = Key::new("后续", "later");

pub(super) const KNOWN: [Key; 6] = [UNIT, FIRST, DATE, FORMS, PROOF, Key::new("标题", "title")];
pub(super) const REQUIRED: [Key; 3] = [UNIT, DATE, FORMS];
pub(super) const FORM_KEYS: [Key; 6] = [FORM, CHANNELS, WHEN, PERSON, MATERIAL, LATER];

/// What the front matter of a plan says.
#[derive(Debug, Default)]
pub(crate) struct PlanMeta {
    pub(crate) unit: Option<Spanned<String>>,
    pub(crate) first_interpreter: Option<Spanned<String>>,
    pub(crate) date: Option<Spanned<Date>>,
    pub(crate) forms: Vec<PlannedForm>,
    pub(crate) allowed_words: Vec<String>,
}

/// Reads the front matter of a plan.
pub(crate) fn read_plan_meta(
    file: &SourceFile,
    front: &FrontMatter,
    findings: &mut Vec<Finding>,
) -> PlanMeta {
    let mut fields = Fields::new(file, front, findings);
    fields.only(&KNOWN);
    for key in REQUIRED {
        fields.require(key);
    }
    let plan = PlanMeta {
        unit: fields.text(UNIT),
        first_interpreter: fields.text(FIRST),
        date: fields.date(DATE),
        forms: read_forms(&mut fields),
        allowed_words: read_allowed(&mut fields),
    };
    check_details(&mut fields, &plan);
    plan
}

/// A plan should also say who answers, by which channel and when; it may be
/// published without (contract details 75).
fn check_details(fields: &mut Fields<'_>, plan: &PlanMeta) {
    if plan.first_interpreter.is_none() && plan.unit.is_some() {
        let range = fields.file.line_range(1);
        fields.hint(
            "M137",
            "plan-detail-missing",
            range,
            "没有写第一解读人",
            "the plan names no first interpreter",
        );
    }
    for form in &plan.forms {
        let missing: Vec<(&str, &str)> = [
            (form.channels.is_empty(), ("渠道", "channels")),
            (form.date.is_none(), ("时间", "date")),
            (form.person.is_none(), ("负责人", "person")),
        ]
        .into_iter()
        .filter_map(|(is_missing, names)| is_missing.then_some(names))
        .collect();
        if !missing.is_empty() {
            let list = |pick: fn(&(&'static str, &'static str)) -> &'static str, and: &str| {
                missing.iter().map(pick).collect::<Vec<_>>().join(and)
            };
            let zh = format!("“{}”没有写{}", form.form, list(|names| names.0, "、"));
            let en = format!("the form `{}` does not say: {}", form.form, list(|names| names.1, ", "));
            fields.hint("M137", "plan-detail-missing", form.range, zh, en);
        }
    }
}

fn read_forms(fields: &mut Fields<'_>) -> Vec<PlannedForm> {
    let Some(node) = fields.node(FORMS) else { return Vec::new() };
    let items = match &node.value {
        NodeValue::List(items) => items.as_slice(),
        // One form written without the dash.
        NodeValue::Map(_) => std::slice::from_ref(node),
        _ => {
            fields.wrong(
                node.range,
                "一个清单，每项以“- 形式: …”开头",
                "a list whose items begin with `- form: …`",
                false,
            );
            &[]
        }
    };
    items.iter().filter_map(|item| read_form(fields, item)).collect()
}

fn read_form(fields: &mut Fields<'_>, node: &Node) -> Option<PlannedForm> {
    let mut inner = fields.inside(node)?;
    inner.only(&FORM_KEYS);
    inner.require(FORM);
    // `材料: 后续` is the short form of `后续: true` (contract §2).
    let material = inner.text(MATERIAL).map(|material| material.value);
    let is_short_later = material.as_deref().is_some_and(|material| matches!(material, "后续" | "later"));
    let form = inner.text(FORM);
    let planned = PlannedForm {
        form: form.map(|form| form.value).unwrap_or_default(),
        channels: inner.texts(CHANNELS).into_iter().map(|channel| channel.value).collect(),
        date: inner.date(WHEN).map(|date| date.value),
        person: inner.text(PERSON).map(|person| person.value),
        later: is_short_later || inner.flag(LATER).unwrap_or_default(),
        material: material.filter(|_| !is_short_later),
        range: node.range,
    };
    Some(planned)
}
