//! The column layouts in which offices print and exchange their catalogues.
//!
//! Two bureaus of one city use different columns, so the record is the union and a
//! layout says which of it stands where. A table in any layout can be read back.

use super::{Item, file::working_days};

/// A field of the record as it stands in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A running number, which is not kept.
    Serial,
    /// 编号.
    Id,
    /// 类别.
    Category,
    /// 一级.
    Level1,
    /// 二级.
    Level2,
    /// 三级; `—` when there is none.
    Level3,
    /// 内容.
    Content,
    /// 依据.
    Basis,
    /// 时限.
    Deadline,
    /// 保留.
    Keep,
    /// 主体.
    Subject,
    /// 科室.
    Unit,
    /// 对象.
    Scope,
    /// 方式.
    Mode,
    /// 渠道.
    Channels,
    /// 层级.
    Levels,
}

use Field::{
    Basis, Category, Channels, Content, Deadline, Id, Keep, Level1, Level2, Level3, Levels, Mode, Scope,
    Serial, Subject, Unit,
};

/// A layout.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Its name on the command line.
    pub name: &'static str,
    /// Where it is used.
    pub used: &'static str,
    /// Its columns in order: head and field.
    pub columns: &'static [(&'static str, Field)],
}

/// The layouts in use, and first the one that keeps everything.
pub static LAYOUTS: [Layout; 8] = [
    Layout {
        name: "full",
        used: "全部字段",
        columns: &[
            ("编号", Id),
            ("类别", Category),
            ("一级事项", Level1),
            ("二级事项", Level2),
            ("三级事项", Level3),
            ("公开内容", Content),
            ("公开依据", Basis),
            ("公开时限", Deadline),
            ("公开时长", Keep),
            ("公开主体", Subject),
            ("责任科室", Unit),
            ("公开对象", Scope),
            ("公开方式", Mode),
            ("公开渠道", Channels),
            ("公开层级", Levels),
        ],
    },
    Layout {
        name: "grassroots",
        used: "基层政务公开标准目录",
        columns: &[
            ("序号", Serial),
            ("一级事项", Level1),
            ("二级事项", Level2),
            ("公开内容（要素）", Content),
            ("公开依据", Basis),
            ("公开时限", Deadline),
            ("公开主体", Subject),
            ("公开渠道和载体", Channels),
            ("公开对象", Scope),
            ("公开方式", Mode),
            ("公开层级", Levels),
        ],
    },
    Layout {
        name: "jinan-statistics",
        used: "济南市统计局 2025",
        columns: &[
            ("一级事项", Level1),
            ("二级事项", Level2),
            ("三级事项", Level3),
            ("公开内容", Content),
            ("公开主体", Subject),
            ("公开依据", Basis),
            ("公开时限", Deadline),
            ("公开方式", Mode),
            ("公开渠道", Channels),
            ("公开责任", Unit),
        ],
    },
    Layout {
        name: "jinan-investment",
        used: "济南市投资促进局 2024",
        columns: &[
            ("事项分类", Category),
            ("一级目录", Level1),
            ("二级目录", Level2),
            ("公开内容", Content),
            ("公开方式", Mode),
            ("公开时限", Deadline),
            ("公开依据", Basis),
            ("公开主体", Subject),
        ],
    },
    Layout {
        name: "shandong-commerce",
        used: "山东省商务厅 2023",
        columns: &[
            ("序号", Serial),
            ("一级栏目", Level1),
            ("二级栏目", Level2),
            ("三级栏目", Level3),
            ("公开内容", Content),
            ("公开时限", Deadline),
            ("公开依据", Basis),
            ("公开主体", Subject),
        ],
    },
    Layout {
        name: "huangshi",
        used: "黄石市 2024",
        columns: &[
            ("一级事项", Level1),
            ("二级事项", Level2),
            ("公开内容（要素）", Content),
            ("公开依据", Basis),
            ("公开时限", Deadline),
            ("公开时长", Keep),
            ("公开范围", Scope),
            ("公开渠道", Channels),
            ("公开方式", Mode),
        ],
    },
    Layout {
        name: "plan",
        used: "编制工作方案 2025",
        columns: &[
            ("类别", Category),
            ("事项", Level1),
            ("内容", Content),
            ("主体", Subject),
            ("依据", Basis),
            ("时限", Deadline),
            ("渠道", Channels),
            ("责任科室", Unit),
        ],
    },
    Layout {
        name: "minimum",
        used: "国办发〔2019〕54号 最少要素",
        columns: &[
            ("名称", Level1),
            ("内容", Content),
            ("依据", Basis),
            ("时限", Deadline),
            ("主体", Subject),
            ("方式", Mode),
            ("渠道", Channels),
            ("公开对象", Scope),
        ],
    },
];

/// The layout of that name.
#[must_use]
pub fn layout(name: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}

/// The table of the items in a layout, heads first.
#[must_use]
pub fn table(items: &[Item], layout: &Layout) -> Vec<Vec<String>> {
    let head = layout.columns.iter().map(|(head, _)| (*head).to_owned()).collect();
    let rows = items
        .iter()
        .zip(1..)
        .map(|(item, number)| layout.columns.iter().map(|(_, field)| cell(item, *field, number)).collect());
    std::iter::once(head).chain(rows).collect()
}

/// One field of an item as shown.
#[must_use]
pub fn cell(item: &Item, field: Field, number: usize) -> String {
    let list = |parts: &[String], mark: &str| parts.join(mark);
    match field {
        Serial => number.to_string(),
        Id => item.id.clone(),
        Category => item.category.clone(),
        Level1 => item.level1.clone(),
        Level2 => item.level2.clone(),
        Level3 if item.level3.is_empty() => "—".to_owned(),
        Level3 => item.level3.clone(),
        Content => list(&item.content, "；"),
        Basis => list(&item.basis, "；"),
        Deadline => item.deadline.clone(),
        Keep => item.keep.clone(),
        Subject => item.subject.clone(),
        Unit => item.unit.clone(),
        Scope => item.scope.clone(),
        Mode => item.mode.clone(),
        Channels => list(&item.channels, "；"),
        Levels => list(&item.levels, "、"),
    }
}

/// Reads a table in whatever layout its heads belong to. Titles above the heads
/// are passed over; a level that is blank continues the one above it, as merged
/// cells come out of a spreadsheet.
#[must_use]
pub fn read_table(rows: &[Vec<String>]) -> Option<(&'static Layout, Vec<Item>)> {
    let fits = |row: &[String], layout: &Layout| {
        let heads: Vec<&str> = row.iter().map(|head| head.trim()).filter(|head| !head.is_empty()).collect();
        heads.len() == layout.columns.len()
            && heads.iter().zip(layout.columns).all(|(head, (known, _))| bare(head) == bare(known))
    };
    let (at, layout) =
        rows.iter().take(10).enumerate().find_map(|(at, row)| {
            LAYOUTS.iter().find(|layout| fits(row, layout)).map(|layout| (at, layout))
        })?;
    let mut items: Vec<Item> = Vec::new();
    for row in rows.iter().skip(at + 1) {
        let mut item = Item::default();
        for (value, (_, field)) in row.iter().zip(layout.columns) {
            put(&mut item, *field, value.trim(), items.last());
        }
        if item.id.is_empty() {
            item.id = format!("{:03}", items.len() + 1);
        }
        items.push(item);
    }
    Some((layout, items))
}

fn bare(head: &str) -> String {
    head.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect()
}

fn put(item: &mut Item, field: Field, value: &str, above: Option<&Item>) {
    let parts = |marks: &[char]| -> Vec<String> {
        value.split(marks).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let text = value.to_owned();
    let carried = |own: &str, from: fn(&Item) -> &String| {
        if own.is_empty() { above.map(from).cloned().unwrap_or_default() } else { own.to_owned() }
    };
    match field {
        Serial => {}
        Id => item.id = text,
        Category => item.category = carried(value, |item| &item.category),
        Level1 => item.level1 = carried(value, |item| &item.level1),
        Level2 => item.level2 = text,
        Level3 => item.level3 = if value == "—" || value == "-" { String::new() } else { text },
        Content => item.content = parts(&['；', ';', '\n']),
        Basis => item.basis = parts(&['；', ';', '\n']),
        Deadline => {
            item.days = working_days(value);
            item.deadline = text;
        }
        Keep => item.keep = text,
        Subject => item.subject = text,
        Unit => item.unit = text,
        Scope => item.scope = text,
        Mode => item.mode = text,
        Channels => {
            // A tick list names every channel and marks those that are used.
            let ticked = value.contains('■');
            item.channels = parts(&['；', ';', '\n', '、', ' '])
                .into_iter()
                .filter(|part| !ticked || part.contains('■'))
                .map(|part| part.trim_start_matches(['■', '□']).to_owned())
                .collect();
        }
        Levels => item.levels = parts(&['、', '；', ';', '\n']),
    }
}

/// The items as `catalogue.toml`.
#[must_use]
pub fn to_toml(items: &[Item]) -> String {
    let mut out = String::new();
    let quote = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    let list = |parts: &[String]| {
        format!("[{}]", parts.iter().map(|part| quote(part)).collect::<Vec<_>>().join(", "))
    };
    for item in items {
        let texts = [
            ("编号", &item.id),
            ("类别", &item.category),
            ("一级", &item.level1),
            ("二级", &item.level2),
            ("三级", &item.level3),
            ("时限", &item.deadline),
            ("保留", &item.keep),
            ("主体", &item.subject),
            ("科室", &item.unit),
            ("对象", &item.scope),
            ("方式", &item.mode),
        ];
        let lists = [
            ("内容", &item.content),
            ("依据", &item.basis),
            ("渠道", &item.channels),
            ("层级", &item.levels),
            ("栏目", &item.columns),
            ("对应", &item.maps),
        ];
        let mut lines = vec!["[[\"事项\"]]".to_owned()];
        lines.extend(
            texts
                .iter()
                .filter(|(_, text)| !text.is_empty())
                .map(|(key, text)| format!("\"{key}\" = {}", quote(text))),
        );
        lines.extend(
            lists
                .iter()
                .filter(|(_, parts)| !parts.is_empty())
                .map(|(key, parts)| format!("\"{key}\" = {}", list(parts))),
        );
        if item.cautious {
            lines.push("\"审慎\" = true".to_owned());
        }
        out.push_str(&lines.join("\n"));
        out.push_str("\n\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::read_catalogue;
    use super::*;
    use crate::csv;
    use jiedu_base::text::SourceFile;

    const FILE: &str = "[[事项]]\n编号 = \"1-01\"\n类别 = \"法定\"\n一级 = \"规范性文件\"\n二级 = \"现行有效\"\n内容 = [\"标题\", \"正文, 全文\"]\n依据 = [\"《条例》第二十条\", \"《办法》第三条\"]\n时限 = 20\n保留 = \"5年\"\n主体 = \"某局\"\n科室 = \"办公室\"\n对象 = \"全社会\"\n方式 = \"主动\"\n渠道 = [\"政府网站\", \"政府公报\"]\n层级 = [\"市级\"]\n\n[[事项]]\n编号 = \"1-02\"\n类别 = \"法定\"\n一级 = \"规范性文件\"\n二级 = \"清理结果\"\n内容 = \"目录\"\n依据 = \"《条例》第二十条\"\n时限 = \"清理完成后5个工作日内\"\n主体 = \"某局\"\n";

    #[test]
    fn every_layout_round_trips() {
        let read = read_catalogue(&SourceFile::new("catalogue.toml", FILE));
        assert_eq!(read.findings, []);
        for layout in &LAYOUTS {
            let text = csv::write(&table(&read.value.items, layout));
            let (found, items) = read_table(&csv::parse(&text)).unwrap();
            assert_eq!(found.name, layout.name);
            assert_eq!(csv::write(&table(&items, layout)), text, "{}", layout.name);
            let gbk = crate::to_gbk(&text).unwrap();
            assert_eq!(crate::read_text(&gbk).unwrap(), text.replace("\r\n", "\n"));
        }
        let full = table(&read.value.items, &LAYOUTS[0]);
        let (_, items) = read_table(&full).unwrap();
        let again = read_catalogue(&SourceFile::new("c.toml", &to_toml(&items)));
        assert_eq!((again.findings.len(), again.value.items.len()), (0, 2));
        assert_eq!(again.value.items[0].days, Some(20));
    }

    #[test]
    fn habits_of_spreadsheets_are_understood() {
        let text = "某市主动公开事项目录,,,,,,,\n类别,事项,内容,主体,依据,时限,渠道,责任科室\n法定,文件,正文,某局,《条例》,20个工作日,■政府网站 □政府公报,办公室\n,,解读,某局,《条例》,同步,政府网站,办公室\n";
        let (layout, items) = read_table(&csv::parse(text)).unwrap();
        assert_eq!((layout.name, items.len()), ("plan", 2));
        assert_eq!((items[1].category.as_str(), items[1].level1.as_str()), ("法定", "文件"));
        assert_eq!(items[0].channels, ["政府网站"]);
        assert_eq!(items[0].days, Some(20));
        assert!(read_table(&csv::parse("甲,乙\n1,2\n")).is_none());
    }

    #[test]
    fn faults_of_a_catalogue_are_found() {
        let codes = |text: &str| -> Vec<&'static str> {
            let read = read_catalogue(&SourceFile::new("c.toml", text));
            read.findings.iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes(&FILE.replace("1-02", "1-01")), ["O401"]);
        assert_eq!(codes(&FILE.replace("保留", "保存")), ["O102"]);
        assert_eq!(codes(&FILE.replace("主体 = \"某局\"\n科室", "科室")), ["O103"]);
        assert_eq!(codes(&FILE.replace("\"主动\"", "\"公开\"")), ["O104"]);
        assert_eq!(codes(&format!("{FILE}审慎 = true\n")), ["O103"]);
        assert_eq!(codes("[["), ["O101"]);
        assert_eq!(codes(""), ["O103"]);
    }
}
