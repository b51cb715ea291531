//! The catalogue: everything that is published, in one list for machines
//! (`catalogue.json`) and for spreadsheets (`catalogue.csv`).
//!
//! The CSV begins with a byte-order mark and ends its lines with CR LF, which
//! Excel needs to read Chinese; a cell that a spreadsheet would take for a
//! formula gets an apostrophe before it.

use serde::Serialize;

use super::types::{MetadataJson, ValidityJson};
use super::{filled, metadata, to_bytes};
use crate::SitePlan;
use crate::catalogue::{Entry, Material, listed_date, title};
use crate::groups::force_name;
use crate::route::Route;
use jiedu_edition::PublishedSet;
use jiedu_model::PolicyMeta;

/// Where the catalogue lies.
pub(crate) const JSON: &str = "catalogue.json";
/// The same as a table.
pub(crate) const CSV: &str = "catalogue.csv";

#[derive(Debug, Serialize)]
struct CatalogueJson<'s> {
    schema: &'static str,
    site: &'s str,
    /// The day of which the states of force are said.
    as_of: String,
    url: String,
    table: String,
    policies: Vec<PolicyJson<'s>>,
    interpretations: Vec<MaterialJson<'s>>,
    withdrawn: Vec<GoneJson<'s>>,
}

#[derive(Debug, Serialize)]
struct PolicyJson<'s> {
    id: &'s str,
    url: String,
    twin: String,
    draft: bool,
    edition: u32,
    metadata: MetadataJson<'s>,
    validity: ValidityJson,
}

#[derive(Debug, Serialize)]
struct MaterialJson<'s> {
    set: &'s str,
    name: &'s str,
    url: String,
    draft: bool,
    title: &'s str,
    form: Option<String>,
    stage: &'static str,
    source: Option<&'s str>,
    publish_date: String,
}

#[derive(Debug, Serialize)]
struct GoneJson<'s> {
    id: &'s str,
    url: String,
    title: &'s str,
    date: Option<String>,
}

/// The head of the table; its columns are only ever added to, at the end.
const HEAD: [&str; 20] = [
    "类别",
    "状态",
    "编号",
    "标题",
    "发文机关（来源）",
    "发文字号",
    "索引号",
    "统一编号",
    "文件类别",
    "主题分类",
    "成文日期",
    "发布日期",
    "施行日期",
    "有效期至",
    "有效性",
    "有效性依据",
    "解读形式",
    "版次",
    "网址",
    "有效性截至日",
];

impl SitePlan<'_> {
    /// `catalogue.json`.
    pub(crate) fn catalogue_json(&self) -> Vec<u8> {
        to_bytes(&CatalogueJson {
            schema: "jiedu.catalogue/1",
            site: &self.config.site.name,
            as_of: self.clock.today().to_string(),
            url: self.base.absolute(JSON),
            table: self.base.absolute(CSV),
            policies: self.catalogue.entries.iter().map(|entry| self.policy_json(entry)).collect(),
            interpretations: self.catalogue.materials.iter().map(|one| self.material_json(one)).collect(),
            withdrawn: self.catalogue.gone.iter().map(|set| self.gone_item(set)).collect(),
        })
    }

    fn policy_json<'s>(&self, entry: &Entry<'s>) -> PolicyJson<'s> {
        PolicyJson {
            id: entry.set.id.as_str(),
            url: self.base.absolute(&entry.route().url()),
            twin: self.base.absolute(&Route::in_set(&entry.set.id, "set.json").url()),
            draft: entry.set.draft,
            edition: entry.edition.number,
            metadata: metadata(&entry.policy.meta, &entry.set.id),
            validity: self.validity_json(entry),
        }
    }

    fn material_json<'s>(&self, material: &Material<'s>) -> MaterialJson<'s> {
        let meta = &material.material.meta;
        MaterialJson {
            set: material.set.id.as_str(),
            name: &material.material.name,
            url: self.base.absolute(&material.route().url()),
            draft: material.set.draft,
            title: material.title(),
            form: filled(material.form()),
            stage: super::stage_name(meta.stage),
            source: meta.source.as_ref().map(|source| source.value.as_str()),
            publish_date: material.date().to_string(),
        }
    }

    fn gone_item<'s>(&self, set: &'s PublishedSet) -> GoneJson<'s> {
        let policy = set.editions.iter().rev().find_map(|edition| edition.set.policy.as_ref());
        GoneJson {
            id: set.id.as_str(),
            url: self.base.absolute(&Route::set(&set.id).url()),
            title: policy.map_or(set.id.as_str(), |policy| title(&policy.meta, &set.id)),
            date: set.withdrawn.as_ref().map(|(_, when)| when.today().to_string()),
        }
    }

    /// `catalogue.csv`.
    pub(crate) fn catalogue_csv(&self) -> Vec<u8> {
        let mut out = String::from("\u{feff}");
        line(&mut out, &HEAD);
        for entry in &self.catalogue.entries {
            self.policy_line(&mut out, entry);
        }
        for material in &self.catalogue.materials {
            let one = self.material_json(material);
            let mut cells = [const { String::new() }; HEAD.len()];
            put(&mut cells, &[(0, "解读材料"), (1, state(one.draft)), (2, one.set), (3, one.title)]);
            put(&mut cells, &[(4, one.source.unwrap_or("")), (11, &one.publish_date)]);
            put(&mut cells, &[(16, one.form.as_deref().unwrap_or("")), (18, &one.url)]);
            put(&mut cells, &[(17, &material.edition.number.to_string())]);
            line(&mut out, &cells.each_ref().map(String::as_str));
        }
        for set in &self.catalogue.gone {
            let one = self.gone_item(set);
            let mut cells = [const { String::new() }; HEAD.len()];
            put(&mut cells, &[(0, "政策文件"), (1, "已撤下"), (2, one.id), (3, one.title), (18, &one.url)]);
            let last = set.editions.last().map(|edition| listed_date(edition).to_string());
            put(&mut cells, &[(11, last.as_deref().unwrap_or(""))]);
            line(&mut out, &cells.each_ref().map(String::as_str));
        }
        out.into_bytes()
    }

    fn policy_line(&self, out: &mut String, entry: &Entry<'_>) {
        let meta: &PolicyMeta = &entry.policy.meta;
        let json = metadata(meta, &entry.set.id);
        let force = &entry.force;
        let basis = if force.document.is_empty() { &force.date } else { &force.document };
        let number = entry.edition.number.to_string();
        let url = self.base.absolute(&entry.route().url());
        let published = json.publish_date.unwrap_or_default();
        let subject = json.subject.map(|levels| levels.join("_")).unwrap_or_default();
        line(
            out,
            &[
                "政策文件",
                state(entry.set.draft),
                entry.set.id.as_str(),
                json.title,
                &json.issuers.join("、"),
                json.document_number.unwrap_or(""),
                json.index_number.unwrap_or(""),
                json.registration_number.unwrap_or(""),
                json.class,
                &subject,
                json.signed_date.as_deref().unwrap_or(""),
                published.trim_end_matches(" 00:00"),
                json.effective_date.as_deref().unwrap_or(""),
                json.expires.as_deref().unwrap_or(""),
                force_name(force.state),
                basis,
                "",
                &number,
                &url,
                &self.clock.today().to_string(),
            ],
        );
    }
}

fn state(draft: bool) -> &'static str {
    if draft { "未审签草稿" } else { "公开" }
}

/// Fills some cells of a row.
fn put(cells: &mut [String], values: &[(usize, &str)]) {
    for (at, value) in values {
        if let Some(cell) = cells.get_mut(*at) {
            (*value).clone_into(cell);
        }
    }
}

fn line(out: &mut String, cells: &[&str; HEAD.len()]) {
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// A cell after RFC 4180, on one line, and never a formula.
fn cell(out: &mut String, text: &str) {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let flat = flat.trim();
    let guard = if flat.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) { "'" } else { "" };
    if flat.contains([',', '"', ';']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&flat.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(flat);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let written = |text: &str| {
            let mut out = String::new();
            cell(&mut out, text);
            out
        };
        assert_eq!(written("某局、某局"), "某局、某局");
        assert_eq!(written("甲,\"乙\""), "\"甲,\"\"乙\"\"\"");
        assert_eq!(written("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assert_eq!(written("\t@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(written("＋1"), "'＋1");
        assert_eq!(written("-1\r\n2"), "'-1  2");
    }
}
