//! Annual reports: the official tables of 国办公开办函〔2021〕30号, and what changed
//! against the year before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Choice, DataPage, DataSection, OfficePages};
use jiedu_base::text::SourceFile;
use jiedu_disclosure::csv;
use jiedu_disclosure::reports::{APPLICANTS, AnnualReport, OUTCOMES, REVIEWS, ROWS, read_report};

const TITLE: &str = "政府信息公开工作年度报告";

impl OfficePages {
    pub(super) fn add_reports(&mut self, files: &BTreeMap<String, SourceFile>) {
        let reports: BTreeMap<&str, AnnualReport> =
            files.iter().filter_map(|(year, file)| Some((year.as_str(), read_report(file).value?))).collect();
        if reports.is_empty() {
            return;
        }
        for (year, report) in &reports {
            let before = year.parse::<i64>().ok().map(|year| (year - 1).to_string());
            let before = before.as_deref().and_then(|before| reports.get(before));
            self.add_report(year, report, before);
        }
        let links =
            reports.keys().rev().map(|year| (format!("{year}年"), format!("reports/{year}/"), 0, false));
        self.pages.push(DataPage {
            route: "reports".to_owned(),
            title: TITLE.to_owned(),
            choices: vec![Choice { name: "年份".to_owned(), links: links.collect() }],
            ..DataPage::default()
        });
    }

    fn add_report(&mut self, year: &str, report: &AnnualReport, before: Option<&AnnualReport>) {
        let mut sections = vec![
            text(report, "s1", "一、总体情况", "总体情况"),
            documents(report),
            amounts(report),
            requests(report),
            reviews(report),
            text(report, "s5", "五、存在的主要问题及改进情况", "主要问题及改进情况"),
            text(report, "s6", "六、其他需要报告的事项", "其他需要报告的事项"),
        ];
        sections.extend(before.map(|before| comparison(before, report)));
        let path = format!("reports/{year}/requests.csv");
        let section = requests(report);
        let rows: Vec<Vec<String>> = std::iter::once(section.head).chain(section.rows).collect();
        self.files.insert(path.clone(), Arc::from(format!("\u{feff}{}", csv::write(&rows)).as_bytes()));
        self.pages.push(DataPage {
            route: format!("reports/{year}"),
            above: vec![(TITLE.to_owned(), "reports/".to_owned())],
            title: format!("{}{year}年{TITLE}", report.organ.as_deref().unwrap_or("")),
            lead: vec!["按照国办公开办函〔2021〕30号规定的格式编制。".to_owned()],
            sections,
            downloads: vec![("收到和处理申请情况（CSV）".to_owned(), path)],
            ..DataPage::default()
        });
    }
}

fn text(report: &AnnualReport, id: &str, heading: &str, key: &str) -> DataSection {
    let words = report.texts.get(key).map_or("无。", String::as_str);
    let text = words.split('\n').map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    DataSection { id: id.to_owned(), heading: heading.to_owned(), text, ..DataSection::default() }
}

fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn documents(report: &AnnualReport) -> DataSection {
    let rows = report.documents.iter().map(|(name, line)| {
        let numbers = [line.issued, line.repealed, line.in_force];
        std::iter::once((*name).to_owned()).chain(numbers.map(|number| number.to_string())).collect()
    });
    DataSection {
        id: "s2".to_owned(),
        heading: "二、主动公开政府信息情况".to_owned(),
        text: vec!["第二十条第（一）项".to_owned()],
        head: cells(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]),
        rows: rows.collect(),
    }
}

fn amounts(report: &AnnualReport) -> DataSection {
    let items = [
        ("第二十条第（五）项", "行政许可", "本年处理决定数量"),
        ("第二十条第（六）项", "行政处罚", "本年处理决定数量"),
        ("第二十条第（六）项", "行政强制", "本年处理决定数量"),
        ("第二十条第（八）项", "行政事业性收费", "本年收费金额（万元）"),
    ];
    let rows = items.into_iter().map(|(item, name, unit)| {
        let value = report.amounts.get(name).map(ToString::to_string).unwrap_or_default();
        vec![item.to_owned(), name.to_owned(), unit.to_owned(), value]
    });
    DataSection {
        id: "s2-2".to_owned(),
        heading: "二、主动公开政府信息情况（续）".to_owned(),
        head: cells(["条例条款", "信息内容", "计量", "数量"]),
        rows: rows.collect(),
        ..DataSection::default()
    }
}

fn requests(report: &AnnualReport) -> DataSection {
    let rows = ROWS.iter().map(|row| {
        let label = if row.group.is_empty() {
            row.label.to_owned()
        } else {
            format!("{}：{}", row.group, row.label)
        };
        let numbers = report.requests.get(row.key).map(|row| row.values.map(|value| value.to_string()));
        let numbers = numbers.unwrap_or_else(|| std::array::from_fn(|_| String::new()));
        std::iter::once(label).chain(numbers).collect()
    });
    let head = std::iter::once("申请人情况".to_owned()).chain(APPLICANTS.map(str::to_owned));
    DataSection {
        id: "s3".to_owned(),
        heading: "三、收到和处理政府信息公开申请情况".to_owned(),
        head: head.collect(),
        rows: rows.collect(),
        ..DataSection::default()
    }
}

fn reviews(report: &AnnualReport) -> DataSection {
    let rows = REVIEWS.iter().map(|(key, label)| {
        let numbers = report.reviews.get(key).map(|row| row.values.map(|value| value.to_string()));
        let numbers = numbers.unwrap_or_else(|| std::array::from_fn(|_| String::new()));
        std::iter::once((*label).to_owned()).chain(numbers).collect()
    });
    let head = std::iter::once("类别".to_owned()).chain(OUTCOMES.map(str::to_owned));
    DataSection {
        id: "s4".to_owned(),
        heading: "四、政府信息公开行政复议、行政诉讼情况".to_owned(),
        head: head.collect(),
        rows: rows.collect(),
        ..DataSection::default()
    }
}

/// The main figures beside those of the year before.
fn comparison(before: &AnnualReport, now: &AnnualReport) -> DataSection {
    let total =
        |report: &AnnualReport, key: &str| report.requests.get(key).map(|row| i128::from(row.values[6]));
    let in_force =
        |report: &AnnualReport, key: &str| report.documents.get(key).map(|line| i128::from(line.in_force));
    let mut rows = Vec::new();
    let mut add = |name: &str, old: Option<i128>, new: Option<i128>| {
        if let (Some(old), Some(new)) = (old, new) {
            let change = format!("{:+}", new - old);
            rows.push(vec![name.to_owned(), old.to_string(), new.to_string(), change]);
        }
    };
    for key in ["规章", "行政规范性文件"] {
        add(&format!("{key}现行有效件数"), in_force(before, key), in_force(now, key));
    }
    for key in ["1", "2", "3.1", "3.2", "3.7", "4"] {
        add(jiedu_disclosure::reports::row_label(key), total(before, key), total(now, key));
    }
    for (key, label) in REVIEWS {
        let of = |report: &AnnualReport| report.reviews.get(key).map(|row| i128::from(row.values[4]));
        add(&format!("{label}（总计）"), of(before), of(now));
    }
    DataSection {
        id: "compared".to_owned(),
        heading: "与上一年比较".to_owned(),
        head: cells(["项目", "上年", "本年", "增减"]),
        rows,
        ..DataSection::default()
    }
}
