//! Request files.
//!
//! ```toml
//! "编号" = "2025-017"
//! "收到" = 2025-03-03
//! "补正" = [{ "告知" = 2025-03-05, "收到" = 2025-03-12 }]
//! "第三方" = [{ "开始" = 2025-03-17, "结束" = 2025-03-28 }]
//! "延期" = true
//! "状态" = "办理"
//! "申请人" = "……"                  # personal data: never leaves this file
//! "申请人类别" = "自然人"
//! "事项" = "某路段出租客运运力投放数据"
//! "答复" = { "日期" = 2025-04-20, "结果" = "3.1", "要点" = "……" }
//! ```

use jiff::civil::Date;

use crate::FORM;
use jiedu_base::finding::{Checked, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::datum::{Datum, Reader, Value};

/// The steps of a request (济南市 system; 条例 art. 45).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// 接收.
    Received,
    /// 登记.
    Registered,
    /// 补正.
    Supplement,
    /// 办理.
    Handling,
    /// 协查.
    Assistance,
    /// 审签.
    Signing,
    /// 答复.
    Answered,
    /// 延期.
    Extended,
    /// 归档.
    Archived,
}

impl State {
    /// All states, in the order of the work.
    pub const ALL: [Self; 9] = [
        Self::Received,
        Self::Registered,
        Self::Supplement,
        Self::Handling,
        Self::Assistance,
        Self::Signing,
        Self::Answered,
        Self::Extended,
        Self::Archived,
    ];

    /// The word in the file.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Received => "接收",
            Self::Registered => "登记",
            Self::Supplement => "补正",
            Self::Handling => "办理",
            Self::Assistance => "协查",
            Self::Signing => "审签",
            Self::Answered => "答复",
            Self::Extended => "延期",
            Self::Archived => "归档",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.label() == text)
    }

    /// Whether the work on the request has ended.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Answered | Self::Archived)
    }
}

/// 补正.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplement {
    /// 告知.
    pub asked: Date,
    /// 收到.
    pub received: Option<Date>,
    /// Its place in the file.
    pub range: TextRange,
}

/// 第三方.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// 开始.
    pub from: Date,
    /// 结束, inclusive.
    pub until: Option<Date>,
    /// Its place in the file.
    pub range: TextRange,
}

/// 答复.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// 日期.
    pub date: Option<Date>,
    /// 结果: a row of table three, such as `3.1` or `3.3.4`.
    pub result: Option<String>,
    /// 文号.
    pub number: Option<String>,
    /// 要点: what was answered, without personal data.
    pub gist: Option<String>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// 编号.
    pub id: Option<String>,
    /// 收到.
    pub received: Date,
    /// 补正.
    pub supplements: Vec<Supplement>,
    /// 第三方.
    pub third_parties: Vec<Span>,
    /// 延期.
    pub extended: bool,
    /// 状态.
    pub state: Option<State>,
    /// 申请人, personal.
    pub applicant: Option<String>,
    /// 申请人类别: a column of table three.
    pub applicant_kind: Option<String>,
    /// 事项: what is wanted.
    pub subject: Option<String>,
    /// 关键词, for “asked often”.
    pub topics: Vec<String>,
    /// 承办.
    pub unit: Option<String>,
    /// 答复.
    pub answer: Option<Answer>,
    /// 案例: 情形 and 评析 for the case library, without personal data.
    pub case: Option<(String, String)>,
}

/// The keys of a request.
pub(crate) const KEYS: [&str; 21] = [
    "编号",
    "收到",
    "补正",
    "第三方",
    "延期",
    "状态",
    "申请人",
    "申请人类别",
    "证件",
    "联系方式",
    "地址",
    "事项",
    "内容",
    "形式",
    "渠道",
    "关键词",
    "承办",
    "答复",
    "案例",
    "备注",
    "登记",
];

/// The columns of table three by which applicants are counted.
pub(crate) const KINDS: [&str; 6] =
    ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"];

/// Reads a request, as TOML or, by its name, as JSON. None when there is no date
/// of receipt or the file cannot be read.
#[must_use]
pub fn read_request(file: &SourceFile) -> Checked<Option<Request>> {
    let reader = Reader::new(file, &FORM);
    let is_json = file.path().to_ascii_lowercase().ends_with(".json");
    let root = if is_json { reader.parse_json() } else { reader.parse_toml() };
    let request = root.and_then(|root| read(&reader, &root));
    Checked { value: request, findings: reader.finish() }
}

fn read(reader: &Reader<'_>, root: &Datum) -> Option<Request> {
    reader.only(root, &KEYS);
    let supplements = list(reader, root, "补正", &["告知", "收到"], |item| {
        let asked = required_date(reader, item, "告知", "告知补正的日期")?;
        Some(Supplement { asked, received: reader.date(item, "收到"), range: item.range })
    });
    let third_parties = list(reader, root, "第三方", &["开始", "结束", "对象"], |item| {
        let from = required_date(reader, item, "开始", "征求意见开始的日期")?;
        Some(Span { from, until: reader.date(item, "结束"), range: item.range })
    });
    let extended = reader.flag(root, "延期").unwrap_or(false);
    let request = Request {
        id: reader.text(root, "编号"),
        received: required_date(reader, root, "收到", "收到申请的日期")?,
        supplements,
        third_parties,
        extended,
        state: choice(reader, root, "状态", &State::ALL.map(State::label))
            .and_then(|text| State::parse(&text)),
        applicant: reader.text(root, "申请人"),
        applicant_kind: choice(reader, root, "申请人类别", &KINDS),
        subject: reader.text(root, "事项").or_else(|| reader.text(root, "内容")),
        topics: reader.texts(root, "关键词"),
        unit: reader.text(root, "承办"),
        answer: reader.table(root, "答复").map(|table| read_answer(reader, table)),
        case: reader.table(root, "案例").and_then(|table| {
            reader.only(table, &["情形", "评析"]);
            Some((reader.text(table, "情形")?, reader.text(table, "评析").unwrap_or_default()))
        }),
    };
    Some(request)
}

fn read_answer(reader: &Reader<'_>, table: &Datum) -> Answer {
    reader.only(table, &["日期", "结果", "文号", "要点"]);
    let results = crate::reports::RESULT_ROWS;
    Answer {
        date: reader.date(table, "日期"),
        result: choice(reader, table, "结果", &results),
        number: reader.text(table, "文号"),
        gist: reader.text(table, "要点"),
    }
}

/// A text that is one of a few.
fn choice(reader: &Reader<'_>, table: &Datum, key: &str, known: &[&str]) -> Option<String> {
    let text = reader.text(table, key)?;
    if known.contains(&text.as_str()) {
        return Some(text);
    }
    let range = table.get(key).map(|datum| datum.range).unwrap_or_default();
    let list = known.join("、");
    reader.wrong(range, &format!("下列之一：{list}"), &format!("one of: {list}"));
    None
}

fn required_date(reader: &Reader<'_>, table: &Datum, key: &str, zh: &str) -> Option<Date> {
    if table.get(key).is_none() {
        reader.missing(Some(table), key, zh);
    }
    reader.date(table, key)
}

/// A list of tables; one table alone counts as a list of one.
fn list<T>(
    reader: &Reader<'_>,
    root: &Datum,
    key: &str,
    keys: &[&str],
    read: impl Fn(&Datum) -> Option<T>,
) -> Vec<T> {
    let Some(datum) = root.get(key) else { return Vec::new() };
    let items = match &datum.value {
        Value::List(items) => items.as_slice(),
        Value::Table(_) => std::slice::from_ref(datum),
        _ => {
            reader.wrong(datum.range, "一组表，如 [{ … }]", "a list of tables");
            return Vec::new();
        }
    };
    let known = |item: &&Datum| {
        reader.only(item, keys);
        matches!(item.value, Value::Table(_))
    };
    items.iter().filter(known).filter_map(read).collect()
}

/// Whether a text has the keys that only a request has.
#[must_use]
pub fn looks_like_request(file: &SourceFile) -> bool {
    if !file.text().contains("收到") {
        return false;
    }
    let reader = Reader::new(file, &FORM);
    let is_json = file.path().to_ascii_lowercase().ends_with(".json");
    let root = if is_json { reader.parse_json() } else { reader.parse_toml() };
    let Some(root) = root else { return false };
    let is_known = |key: &str| KEYS.contains(&key);
    let received = root.get("收到").is_some_and(|datum| !matches!(datum.value, Value::List(_)));
    received && root.entries().iter().filter(|entry| is_known(&entry.key)).count() * 2 > root.entries().len()
}

/// The finding of a request that lies where the public history would keep it.
#[must_use]
pub fn in_repository(path: &str) -> jiedu_base::finding::Finding {
    let message = Message::new(
        format!("依申请公开的办件 {path} 纳入了仓库；其中的个人信息会永远留在历史里"),
        format!(
            "the request {path} is tracked in the repository, whose history keeps personal data for ever"
        ),
    );
    let place = jiedu_base::finding::Place::whole(path);
    let finding = jiedu_base::finding::Finding::new(
        "REQUEST_IN_REPO",
        "request-in-repo",
        "pii",
        Severity::Error,
        place,
        message,
    );
    finding.note(
        "请移到仓库外面的文件夹，命令用 --requests 指明；已经推送的，还要请管理员从历史中清除。",
        "Move it to a folder outside of the repository and name that with --requests; have it erased from the history if it was pushed.",
    )
}

/// The same of a file by its path and text, for a search through a repository.
#[must_use]
pub fn is_tracked_request(path: &str, text: &str) -> bool {
    text.contains("收到") && looks_like_request(&SourceFile::new(path, text))
}
