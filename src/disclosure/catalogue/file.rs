//! `content/catalogue.toml`: the union of what catalogues of offices hold.
//!
//! ```toml
//! [["事项"]]
//! "编号" = "1-01"
//! "类别" = "法定主动公开内容"
//! "一级" = "行政规范性文件"
//! "二级" = "现行有效文件"
//! "内容" = ["标题", "文号", "正文"]
//! "依据" = ["《中华人民共和国政府信息公开条例》第二十条"]
//! "时限" = 20                                # working days, or words
//! "保留" = "长期"                            # 长期, 最新有效, 任期内, 5年
//! "主体" = "示例市交通运输局"
//! "科室" = "办公室"
//! "对象" = "全社会"
//! "方式" = "主动"
//! "渠道" = ["政府网站"]
//! "层级" = ["市级"]
//! "对应" = ["policies"]                      # set ids, lists/<name>, reports, policies
//! ```

use std::collections::BTreeMap;

use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::datum::{Codes, Datum, Reader, Value};

use crate::FORM;

const CODES: Codes = Codes { category: "catalogue", ..FORM };

/// An item: what is disclosed, on what basis, by when, by whom, where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// 编号.
    pub id: String,
    /// 类别.
    pub category: String,
    /// 一级.
    pub level1: String,
    /// 二级.
    pub level2: String,
    /// 三级.
    pub level3: String,
    /// 内容.
    pub content: Vec<String>,
    /// 依据.
    pub basis: Vec<String>,
    /// 时限 in words.
    pub deadline: String,
    /// 时限 in working days, where it is one.
    pub days: Option<u32>,
    /// 保留.
    pub keep: String,
    /// 主体.
    pub subject: String,
    /// 科室.
    pub unit: String,
    /// 对象.
    pub scope: String,
    /// 方式.
    pub mode: String,
    /// 渠道.
    pub channels: Vec<String>,
    /// 层级.
    pub levels: Vec<String>,
    /// 栏目: addresses.
    pub columns: Vec<String>,
    /// 对应: sets, lists and reports that fulfil it.
    pub maps: Vec<String>,
    /// 审慎: an item that no law asks for, which needs its own approval (审批).
    pub cautious: bool,
    /// Its place.
    pub range: TextRange,
}

impl Item {
    /// Its name: the most special level.
    #[must_use]
    pub fn name(&self) -> &str {
        let levels = [&self.level3, &self.level2, &self.level1];
        levels.into_iter().find(|level| !level.is_empty() && *level != "—").map_or("", String::as_str)
    }

    /// Years after which it is taken down, when it says so.
    #[must_use]
    pub fn keep_years(&self) -> Option<u32> {
        self.keep.trim_end_matches('年').trim().parse().ok().filter(|_| self.keep.ends_with('年'))
    }
}

/// The catalogue; what could be read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    /// The file.
    pub file: SourceFile,
    /// The items in the order of the file.
    pub items: Vec<Item>,
}

const KEYS: [&str; 19] = [
    "编号", "类别", "一级", "二级", "三级", "内容", "依据", "时限", "保留", "主体", "科室", "对象", "方式",
    "渠道", "层级", "栏目", "对应", "审慎", "审批",
];

/// Reads a catalogue and checks what can be seen in it alone.
#[must_use]
pub fn read_catalogue(file: &SourceFile) -> Checked<Catalogue> {
    let reader = Reader::new(file, &CODES);
    let mut items = Vec::new();
    if let Some(root) = reader.parse_toml() {
        reader.only(&root, &["事项"]);
        match root.get("事项") {
            Some(datum) if matches!(datum.value, Value::List(_)) => {
                items.extend(datum.items().iter().map(|item| read_item(&reader, item)));
            }
            Some(datum) => reader.wrong(datum.range, "若干段 [[事项]]", "a list of tables"),
            None => reader.missing(Some(&root), "[[事项]]", "至少一个事项"),
        }
    }
    let mut findings = reader.finish();
    findings.extend(repeated(file, &items));
    Checked { value: Catalogue { file: file.clone(), items }, findings }
}

fn read_item(reader: &Reader<'_>, table: &Datum) -> Item {
    reader.only(table, &KEYS);
    for (key, zh) in [
        ("编号", "事项编号"),
        ("一级", "一级事项"),
        ("内容", "公开内容"),
        ("依据", "公开依据"),
        ("时限", "公开时限"),
        ("主体", "公开主体"),
    ] {
        if table.get(key).is_none() {
            reader.missing(Some(table), key, zh);
        }
    }
    let text = |key: &str| reader.text(table, key).unwrap_or_default();
    let (deadline, days) = read_deadline(reader, table);
    let cautious = reader.flag(table, "审慎").unwrap_or(false);
    if cautious && reader.text(table, "审批").is_none() {
        reader.missing(Some(table), "审批", "审慎公开的事项要写明批准的人和日期");
    }
    let mode = text("方式");
    if !["", "主动", "依申请"].contains(&mode.as_str()) {
        let range = table.get("方式").map(|datum| datum.range).unwrap_or_default();
        reader.wrong(range, "主动或者依申请", "主动 or 依申请");
    }
    Item {
        id: text("编号"),
        category: text("类别"),
        level1: text("一级"),
        level2: text("二级"),
        level3: text("三级"),
        content: reader.texts(table, "内容"),
        basis: reader.texts(table, "依据"),
        deadline,
        days,
        keep: text("保留"),
        subject: text("主体"),
        unit: text("科室"),
        scope: text("对象"),
        mode,
        channels: reader.texts(table, "渠道"),
        levels: reader.texts(table, "层级"),
        columns: reader.texts(table, "栏目"),
        maps: reader.texts(table, "对应"),
        cautious,
        range: table.range,
    }
}

/// A number of working days, or words in which one may stand.
fn read_deadline(reader: &Reader<'_>, table: &Datum) -> (String, Option<u32>) {
    if let Some(Value::Integer(_)) = table.get("时限").map(|datum| &datum.value) {
        let days = reader.number(table, "时限", 400);
        return (days.map(|days| format!("{days}个工作日内")).unwrap_or_default(), days);
    }
    let text = reader.text(table, "时限").unwrap_or_default();
    let days = working_days(&text);
    (text, days)
}

/// The number before 个工作日.
pub(super) fn working_days(text: &str) -> Option<u32> {
    let before = text.split_once("个工作日")?.0;
    let start = before
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    before.get(start..)?.parse().ok()
}

/// Items with the id, or the words, of an earlier one.
fn repeated(file: &SourceFile, items: &[Item]) -> Vec<Finding> {
    let mut ids: BTreeMap<&str, TextRange> = BTreeMap::new();
    let mut words: BTreeMap<(&str, &str, &str, &[String]), TextRange> = BTreeMap::new();
    let mut findings = Vec::new();
    for item in items {
        let same =
            (item.level1.as_str(), item.level2.as_str(), item.level3.as_str(), item.content.as_slice());
        let first = ids.insert(&item.id, item.range).filter(|_| !item.id.is_empty());
        let twin = words.insert(same, item.range);
        let (first, severity, message) = match (first, twin) {
            (Some(first), _) => (
                first,
                Severity::Error,
                Message::new(
                    format!("事项编号“{}”重复", item.id),
                    format!("the id `{}` stands twice", item.id),
                ),
            ),
            (None, Some(first)) => (
                first,
                Severity::Warning,
                Message::new(
                    format!("事项“{}”与另一项完全相同", item.name()),
                    format!("item `{}` repeats another one", item.id),
                ),
            ),
            (None, None) => continue,
        };
        let place = Place::range(file, item.range);
        let finding = Finding::new("O401", "catalogue-item-twice", "catalogue", severity, place, message);
        findings.push(finding.label(file, first, Message::new("第一项在这里", "the first one is here")));
    }
    findings
}
