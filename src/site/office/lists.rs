//! Lists: `/lists/`, a page for each with what changed row by row, and CSV.

use std::sync::Arc;

use super::{DataPage, DataSection, OfficePages};
use jiedu_base::text::SourceFile;
use jiedu_disclosure::csv;
use jiedu_disclosure::lists::{Change, List, changes, read_list};
use jiedu_edition::SmallEdition;

const TITLE: &str = "清单";

/// A list as the page of all lists names it.
pub(super) struct Listed {
    title: String,
    kind: String,
    rows: usize,
    updated: String,
    route: String,
}

impl OfficePages {
    pub(super) fn add_list(
        &mut self,
        name: &str,
        (file, before): (&SourceFile, Option<&SourceFile>),
        edition: &SmallEdition,
    ) -> Listed {
        let list = read_list(file, name).value;
        let kind = list.kind.map_or("", |kind| kind.name).to_owned();
        let date = edition.birth().instant.today().to_string();
        let updated = list.updated.map_or_else(|| date, |date| date.to_string());
        let mut sections = vec![DataSection {
            id: "rows".to_owned(),
            heading: format!("内容（{}条）", list.rows.len()),
            head: list.heads.clone(),
            rows: list.rows.clone(),
            ..DataSection::default()
        }];
        if let Some(before) = before {
            sections.push(changed(&read_list(before, name).value, &list));
        }
        let route = format!("lists/{name}");
        let path = format!("{route}/items.csv");
        let rows: Vec<Vec<String>> =
            std::iter::once(list.heads.clone()).chain(list.rows.iter().cloned()).collect();
        self.files.insert(path.clone(), Arc::from(format!("\u{feff}{}", csv::write(&rows)).as_bytes()));
        let kind_line = Some(format!("种类：{kind}")).filter(|_| !kind.is_empty());
        self.pages.push(DataPage {
            route: route.clone(),
            above: vec![(TITLE.to_owned(), "lists/".to_owned())],
            title: list.title.clone(),
            lead: kind_line.into_iter().chain([format!("更新日期：{updated}")]).collect(),
            choices: Vec::new(),
            sections,
            downloads: vec![("表格（CSV）".to_owned(), path)],
        });
        Listed { title: list.title, kind, rows: list.rows.len(), updated, route }
    }

    pub(super) fn add_list_index(&mut self, listed: &[Listed]) {
        if listed.is_empty() {
            return;
        }
        let rows = listed.iter().map(|list| {
            vec![list.title.clone(), list.kind.clone(), list.rows.to_string(), list.updated.clone()]
        });
        let section = DataSection {
            id: "lists".to_owned(),
            heading: format!("全部清单（{}份）", listed.len()),
            head: ["名称", "种类", "条数", "更新日期"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            ..DataSection::default()
        };
        let links =
            listed.iter().map(|list| (list.title.clone(), format!("{}/", list.route), list.rows, false));
        self.pages.push(DataPage {
            route: "lists".to_owned(),
            title: TITLE.to_owned(),
            choices: vec![super::Choice { name: "打开".to_owned(), links: links.collect() }],
            sections: vec![section],
            ..DataPage::default()
        });
    }
}

/// What changed against the last edition, row by row.
fn changed(old: &List, new: &List) -> DataSection {
    let name = |row: &[String]| row.first().cloned().unwrap_or_default();
    let blank = String::new;
    let whole = |word: &str, row: &[String]| vec![word.to_owned(), name(row), blank(), blank(), blank()];
    let mut rows = Vec::new();
    for change in changes(old, new) {
        match change {
            Change::Added(row) => {
                rows.push(whole("新增", &row));
            }
            Change::Removed(row) => {
                rows.push(whole("删除", &row));
            }
            Change::Changed { name, cells } => {
                rows.extend(
                    cells.into_iter().map(|(head, before, after)| {
                        vec!["修改".to_owned(), name.clone(), head, before, after]
                    }),
                );
            }
        }
    }
    let text = if rows.is_empty() { vec!["各条没有变化。".to_owned()] } else { Vec::new() };
    DataSection {
        id: "changes".to_owned(),
        heading: "与上一版相比".to_owned(),
        text,
        head: ["变化", "条目", "字段", "原来", "现在"].map(str::to_owned).to_vec(),
        rows,
    }
}
