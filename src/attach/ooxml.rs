//! What Word, Excel and `PowerPoint` files have in common beside their text:
//! properties, embedded files, macros, relations.

use std::collections::BTreeMap;

use super::pages;
use super::types::{Reading, Spot, Veil};
use jiedu_office::Package;
use jiedu_office::xml::{Node, walk};

/// Properties that name persons and offices, with what Word calls them.
const PROPERTIES: [(&str, &str, &str); 8] = [
    ("initial-creator", "最初作者", "first author"),
    ("printed-by", "打印人", "printed by"),
    ("creator", "作者", "author"),
    ("lastModifiedBy", "最后修改人", "last modified by"),
    ("Company", "单位", "company"),
    ("Manager", "经理", "manager"),
    ("description", "备注", "comments"),
    ("keywords", "标记", "tags"),
];

/// Authors that programs write and that name nobody.
const NOBODY: [&str; 8] =
    ["", "admin", "administrator", "user", "microsoft office user", "wps office", "lenovo", "windows user"];

/// Reads everything around the text.
pub(super) fn surroundings(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    properties(reading, package);
    let count = |package: &Package<'_>, parts: &[&str]| {
        package.names().iter().filter(|name| parts.iter().any(|part| name.contains(part))).count()
    };
    let embedded = count(package, &["/embeddings/"]) + objects(package);
    if embedded > 0 {
        reading.remark(
            &pages::EMBEDDED,
            Spot::File,
            format!("内嵌了 {embedded} 个文件，会随附件一起公开"),
            format!("{embedded} embedded files are published with it"),
        );
    }
    let links = count(package, &["/externalLinks/externalLink"]);
    if links > 0 {
        reading.remark(
            &pages::EMBEDDED,
            Spot::File,
            format!("链接到 {links} 个外部工作簿，其中缓存的数据会一起公开"),
            format!("links to {links} other workbooks, whose cached values are published with it"),
        );
    }
    if count(package, &["vbaProject.bin", "/activeX/", "Basic/script-lc.xml", "Scripts/"]) > 0 {
        reading.remark(&pages::MACROS, Spot::File, "含有宏或控件", "it holds macros or controls");
    }
}

/// The documents inside of an `OpenDocument` file.
fn objects(package: &Package<'_>) -> usize {
    let is_object = |name: &&String| name.starts_with("Object ") && name.ends_with("/content.xml");
    package.names().iter().filter(is_object).count()
}

fn properties(reading: &mut Reading<'_>, package: &mut Package<'_>) {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for part in ["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"] {
        let Some(bytes) = reading.part(package, part) else { continue };
        let mut name = String::new();
        let walked = walk(part, &bytes, |node| match node {
            Node::Open("property", attributes) => name = attributes.get("name").unwrap_or_default(),
            Node::Open(element, _) if part != "docProps/custom.xml" => element.clone_into(&mut name),
            Node::Text(text) => found.entry(name.clone()).or_default().push_str(text),
            _ => {}
        });
        reading.walked(&walked);
    }
    let mut named = Vec::new();
    for (key, text) in &found {
        let known = PROPERTIES.iter().find(|(name, _, _)| name == key);
        let shown = known.map_or(key.as_str(), |(_, zh, _)| zh);
        reading.passage(&Spot::Property(shown.to_owned()), Veil::Property, text);
        let value = text.trim();
        if let Some((_, zh, en)) = known
            && !NOBODY.contains(&value.to_lowercase().as_str())
        {
            let short: String = value.chars().take(30).collect();
            named.push((format!("{zh}“{short}”"), format!("{en} `{short}`")));
        }
    }
    report(reading, &named);
}

/// One remark about all properties that name somebody.
pub(super) fn report(reading: &mut Reading<'_>, named: &[(String, String)]) {
    if named.is_empty() {
        return;
    }
    let list = |pick: fn(&(String, String)) -> &str, mark: &str| {
        named.iter().map(pick).collect::<Vec<_>>().join(mark)
    };
    let (zh, en) = (list(|pair| &pair.0, "、"), list(|pair| &pair.1, ", "));
    reading.remark(
        &pages::PROPERTIES,
        Spot::File,
        format!("文档属性写有{zh}"),
        format!("properties name {en}"),
    );
}

/// The targets of a part's relations, by id; paths are those in the package.
pub(super) fn relations(
    reading: &mut Reading<'_>,
    package: &mut Package<'_>,
    part: &str,
) -> BTreeMap<String, String> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let mut targets = BTreeMap::new();
    let Some(bytes) = reading.part(package, &format!("{folder}/_rels/{name}.rels")) else { return targets };
    let walked = walk(part, &bytes, |node| {
        if let Node::Open("Relationship", attributes) = node
            && let Some((id, target)) = attributes.get("Id").zip(attributes.get("Target"))
        {
            targets.insert(id, join(folder, &target));
        }
    });
    reading.walked(&walked);
    targets
}

/// `xl` + `worksheets/sheet1.xml`; `xl/worksheets` + `../comments1.xml`.
fn join(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}
