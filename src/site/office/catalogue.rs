//! 主动公开目录: `/catalogue/`, a page for each category, unit and channel, and the
//! items for machines.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::{Choice, DataPage, DataSection, OfficePages};
use jiedu_base::text::SourceFile;
use jiedu_disclosure::catalogue::{Field, Item, LAYOUTS, cell, read_catalogue, table};
use jiedu_disclosure::csv;

const TITLE: &str = "主动公开事项目录";

/// A way to select items: name, letter of its addresses, and the values of an item.
type Way = (&'static str, char, fn(&Item) -> Vec<String>);

const WAYS: [Way; 3] = [
    ("类别", 'c', |item| one(if item.category.is_empty() { &item.level1 } else { &item.category })),
    ("责任单位", 'u', |item| one(if item.unit.is_empty() { &item.subject } else { &item.unit })),
    ("公开渠道", 'q', |item| item.channels.clone()),
];

fn one(text: &str) -> Vec<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty()).into_iter().collect()
}

/// The columns that the page shows, where any item has something in them.
const COLUMNS: [(&str, Field); 9] = [
    ("编号", Field::Id),
    ("一级事项", Field::Level1),
    ("二级事项", Field::Level2),
    ("公开内容", Field::Content),
    ("公开依据", Field::Basis),
    ("公开时限", Field::Deadline),
    ("公开主体", Field::Subject),
    ("公开渠道", Field::Channels),
    ("公开时长", Field::Keep),
];

impl OfficePages {
    pub(super) fn add_catalogue(&mut self, file: &SourceFile) {
        let items = read_catalogue(file).value.items;
        let all: Vec<&Item> = items.iter().collect();
        self.pages.push(page(
            "catalogue".to_owned(),
            Vec::new(),
            TITLE.to_owned(),
            &all,
            choices(&items, None),
        ));
        for (way, (name, letter, values)) in WAYS.iter().enumerate() {
            for (at, value) in groups(&items, *values).keys().enumerate() {
                let shown: Vec<&Item> =
                    items.iter().filter(|item| values(item).iter().any(|own| own == value)).collect();
                let route = format!("catalogue/{letter}{}", at + 1);
                let above = vec![(TITLE.to_owned(), "catalogue/".to_owned())];
                let title = format!("{TITLE}（{name}：{value}）");
                self.pages.push(page(route, above, title, &shown, choices(&items, Some((way, at)))));
            }
        }
        let rows = table(&items, &LAYOUTS[0]);
        self.files.insert(
            "catalogue/items.csv".to_owned(),
            Arc::from(format!("\u{feff}{}", csv::write(&rows)).as_bytes()),
        );
        let document = json!({ "schema": "jiedu.catalogue/1", "items": items.iter().map(item_json).collect::<Vec<_>>() });
        self.files.insert("catalogue/items.json".to_owned(), Arc::from(format!("{document}\n").as_bytes()));
    }
}

fn groups(items: &[Item], values: fn(&Item) -> Vec<String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for value in items.iter().flat_map(values) {
        *counts.entry(value).or_insert(0) += 1;
    }
    counts
}

fn choices(items: &[Item], chosen: Option<(usize, usize)>) -> Vec<Choice> {
    let ways = WAYS.iter().enumerate().map(|(way, (name, letter, values))| {
        let links = groups(items, *values).into_iter().enumerate().map(|(at, (value, count))| {
            (value, format!("catalogue/{letter}{}/", at + 1), count, chosen == Some((way, at)))
        });
        Choice { name: (*name).to_owned(), links: links.collect() }
    });
    ways.filter(|choice| choice.links.len() > 1).collect()
}

fn page(
    route: String,
    above: Vec<(String, String)>,
    title: String,
    items: &[&Item],
    choices: Vec<Choice>,
) -> DataPage {
    let used: Vec<(&str, Field)> = COLUMNS
        .into_iter()
        .filter(|(_, field)| items.iter().any(|item| !cell(item, *field, 0).is_empty()))
        .collect();
    let rows = items
        .iter()
        .zip(1..)
        .map(|(item, number)| used.iter().map(|(_, field)| cell(item, *field, number)).collect());
    let section = DataSection {
        id: "items".to_owned(),
        heading: format!("事项（{}项）", items.len()),
        head: used.iter().map(|(head, _)| (*head).to_owned()).collect(),
        rows: rows.collect(),
        ..DataSection::default()
    };
    let downloads = [("表格（CSV）", "catalogue/items.csv"), ("数据（JSON）", "catalogue/items.json")];
    DataPage {
        route,
        above,
        title,
        lead: Vec::new(),
        choices,
        sections: vec![section],
        downloads: downloads.map(|(name, path)| (name.to_owned(), path.to_owned())).to_vec(),
    }
}

fn item_json(item: &Item) -> serde_json::Value {
    json!({
        "id": item.id,
        "category": item.category,
        "level1": item.level1,
        "level2": item.level2,
        "level3": item.level3,
        "content": item.content,
        "basis": item.basis,
        "deadline": item.deadline,
        "working_days": item.days,
        "keep": item.keep,
        "subject": item.subject,
        "unit": item.unit,
        "scope": item.scope,
        "mode": item.mode,
        "channels": item.channels,
        "levels": item.levels,
        "columns": item.columns,
        "maps": item.maps,
        "cautious": item.cautious,
    })
}
