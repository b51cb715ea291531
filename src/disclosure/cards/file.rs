//! `cards.toml`.
//!
//! ```toml
//! [["卡片"]]
//! "编号" = "wangyue"
//! "名称" = "网约车合规补助"
//! "类型" = "申报"                      # 免申即享, 快申快享, 申报
//! "对象" = ["网约车平台公司"]
//! "条文" = "第三条"                     # as in clause links
//! "待遇" = { "内容" = "一次性补助10万元", "条文" = "第四条" }
//!
//! [["卡片"."条件"]]
//! "事实" = "注册车辆"
//! "比较" = ">="                         # =, !=, >, >=, <, <=, in
//! "值" = 100
//! "单位" = "辆"
//! "条文" = "第三条"
//! ```

use jiff::civil::Date;

use crate::{Decimal, FORM};
use jiedu_base::finding::Checked;
use jiedu_base::text::{SourceFile, TextRange, decode};
use jiedu_config::datum::{Codes, Datum, Reader, Value};
use jiedu_model::{PublicationSet, Spanned};

pub(super) const WRONG: (&str, &str) = ("O305", "card-wrong-value");

const CODES: Codes = Codes { category: "card", wrong: WRONG, ..FORM };

/// 类型 (how a benefit is granted).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// 免申即享: granted without an application.
    Automatic,
    /// 快申快享: granted on a short application.
    Fast,
    /// 申报: granted after an examination.
    Application,
}

impl Kind {
    /// The words in the file, in the order of the variants.
    pub const LABELS: [&'static str; 3] = ["免申即享", "快申快享", "申报"];

    /// The word in the file.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Automatic => "免申即享",
            Self::Fast => "快申快享",
            Self::Application => "申报",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Automatic, Self::Fast, Self::Application].into_iter().find(|kind| kind.label() == text)
    }
}

/// 比较.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `in`
    OneOf,
}

impl Comparison {
    const ALL: [Self; 7] =
        [Self::Equal, Self::NotEqual, Self::Greater, Self::AtLeast, Self::Less, Self::AtMost, Self::OneOf];

    /// As written in the file.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::OneOf => "in",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Equal => "是",
            Self::NotEqual => "不是",
            Self::Greater => "大于",
            Self::AtLeast => "不低于",
            Self::Less => "小于",
            Self::AtMost => "不超过",
            Self::OneOf => "属于",
        }
    }

    /// Whether it needs values that have an order.
    #[must_use]
    pub fn is_order(self) -> bool {
        matches!(self, Self::Greater | Self::AtLeast | Self::Less | Self::AtMost)
    }
}

/// A value of a condition, or a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardValue {
    /// A number.
    Number(Decimal),
    /// A text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A date.
    Date(Date),
}

impl CardValue {
    /// As shown to people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
            Self::Date(date) => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        }
    }

    /// Whether both are of one kind.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// What a condition asks of its fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// 比较.
    pub comparison: Comparison,
    /// 值: one, or several for `in`.
    pub values: Vec<CardValue>,
}

/// 条件.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// 事实.
    pub fact: String,
    /// What is asked; none when it could not be understood, and then no fact
    /// fulfils it.
    pub test: Option<Test>,
    /// 单位.
    pub unit: Option<String>,
    /// 条文, the card's when it has none of its own.
    pub clause: Spanned<String>,
    /// The place of 值.
    pub range: TextRange,
}

impl Condition {
    /// The condition in words: `注册资本不低于300万元`.
    #[must_use]
    pub fn shown(&self) -> String {
        let Some(test) = &self.test else { return self.fact.clone() };
        let values: Vec<String> = test.values.iter().map(CardValue::shown).collect();
        let unit = self.unit.as_deref().unwrap_or("");
        format!("{}{}{}{unit}", self.fact, test.comparison.words(), values.join("、"))
    }
}

/// A part of a card in words, pinned to a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which: one of [`CARD_PARTS`].
    pub key: &'static str,
    /// The words.
    pub text: Spanned<String>,
    /// The clause.
    pub clause: Spanned<String>,
}

/// The parts of a card in words.
pub const CARD_PARTS: [&str; 5] = ["待遇", "期限", "材料", "办理", "排除"];

/// 卡片.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// 编号.
    pub id: String,
    /// 名称.
    pub name: String,
    /// 类型.
    pub kind: Option<Kind>,
    /// 对象.
    pub audience: Vec<String>,
    /// 条文.
    pub clause: Spanned<String>,
    /// 条件.
    pub conditions: Vec<Condition>,
    /// 待遇, 期限, 材料, 办理, 排除.
    pub parts: Vec<Part>,
    /// Its place.
    pub range: TextRange,
}

impl Card {
    /// Whether both say the same, wherever they stand.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let conditions = |card: &Self| -> Vec<_> {
            let one = |condition: &Condition| {
                let Condition { fact, test, unit, clause, .. } = condition.clone();
                (fact, test, unit, clause.value)
            };
            card.conditions.iter().map(one).collect()
        };
        let parts = |card: &Self| -> Vec<_> {
            card.parts
                .iter()
                .map(|part| (part.key, part.text.value.clone(), part.clause.value.clone()))
                .collect()
        };
        (&self.id, &self.name, self.kind, &self.audience, &self.clause.value)
            == (&other.id, &other.name, other.kind, &other.audience, &other.clause.value)
            && conditions(self) == conditions(other)
            && parts(self) == parts(other)
    }

    /// Every clause it rests on, as written.
    pub fn clauses(&self) -> impl Iterator<Item = &Spanned<String>> {
        let conditions = self.conditions.iter().map(|condition| &condition.clause);
        std::iter::once(&self.clause).chain(conditions).chain(self.parts.iter().map(|part| &part.clause))
    }
}

/// `cards.toml`, what could be read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSheet {
    /// The file.
    pub file: SourceFile,
    /// The cards in the order of the file.
    pub cards: Vec<Card>,
}

/// The cards of a set, when it has any.
#[must_use]
pub fn cards_of(set: &PublicationSet) -> Option<Checked<CardSheet>> {
    let file = set.files.iter().find(|file| file.path == "cards.toml")?;
    let path = format!("content/policies/{}/cards.toml", set.id);
    decode(&path, &file.bytes).ok().map(|file| read_cards(&file))
}

/// Reads `cards.toml`.
#[must_use]
pub fn read_cards(file: &SourceFile) -> Checked<CardSheet> {
    let reader = Reader::new(file, &CODES);
    let mut cards = Vec::new();
    if let Some(root) = reader.parse_toml() {
        reader.only(&root, &["卡片"]);
        let items = tables(&reader, &root, "卡片");
        if root.get("卡片").is_none() {
            reader.missing(Some(&root), "[[卡片]]", "至少一张卡片");
        }
        cards.extend(items.iter().filter_map(|item| read_card(&reader, item)));
    }
    Checked { value: CardSheet { file: file.clone(), cards }, findings: reader.finish() }
}

/// The tables of a list; anything else is reported.
fn tables<'d>(reader: &Reader<'_>, table: &'d Datum, key: &str) -> &'d [Datum] {
    let Some(datum) = table.get(key) else { return &[] };
    if !matches!(datum.value, Value::List(_)) {
        reader.wrong(datum.range, &format!("若干段 [[{key}]]"), "a list of tables");
    }
    datum.items()
}

fn read_card(reader: &Reader<'_>, table: &Datum) -> Option<Card> {
    let keys: Vec<&str> =
        ["编号", "名称", "类型", "对象", "条文", "条件"].into_iter().chain(CARD_PARTS).collect();
    reader.only(table, &keys);
    let required = |key: &str, zh: &str| {
        let text = reader.text(table, key);
        if table.get(key).is_none() || (text.is_none() && is_text(table.get(key))) {
            reader.missing(Some(table), key, zh);
        }
        text
    };
    let (id, name) = (required("编号", "卡片编号"), required("名称", "卡片名称"));
    let clause = required("条文", "依据的条文，写法同条款链接").map(|value| Spanned {
        value,
        range: table.get("条文").map(|datum| datum.range).unwrap_or_default(),
    });
    let kind = required("类型", "免申即享、快申快享或者申报").and_then(|text| {
        let kind = Kind::parse(&text);
        if kind.is_none() {
            let range = table.get("类型").map(|datum| datum.range).unwrap_or_default();
            reader.wrong(range, "免申即享、快申快享或者申报", "免申即享, 快申快享 or 申报");
        }
        kind
    });
    if table.get("对象").is_none() {
        reader.missing(Some(table), "对象", "惠及对象");
    }
    let audience = reader.texts(table, "对象");
    let clause = clause.unwrap_or_else(|| Spanned { value: String::new(), range: table.range });
    let items = tables(reader, table, "条件").iter();
    let conditions = items.map(|item| read_condition(reader, item, &clause)).collect();
    let parts = CARD_PARTS.into_iter().flat_map(|key| read_parts(reader, table, key, &clause)).collect();
    let range = table.range;
    Some(Card { id: id?, name: name.unwrap_or_default(), kind, audience, clause, conditions, parts, range })
}

fn is_text(datum: Option<&Datum>) -> bool {
    datum.is_some_and(|datum| matches!(datum.value, Value::Text(_)))
}

fn read_condition(reader: &Reader<'_>, table: &Datum, above: &Spanned<String>) -> Condition {
    reader.only(table, &["事实", "比较", "值", "单位", "条文"]);
    for (key, zh) in [("事实", "事实的名称"), ("比较", "=、!=、>、>=、<、<= 或者 in"), ("值", "比较的值")]
    {
        if table.get(key).is_none() {
            reader.missing(Some(table), key, zh);
        }
    }
    let fact = reader.text(table, "事实");
    let comparison = reader.text(table, "比较").and_then(|text| {
        let known = Comparison::ALL.into_iter().find(|comparison| comparison.sign() == text);
        if known.is_none() {
            let range = table.get("比较").map(|datum| datum.range).unwrap_or_default();
            reader.wrong(range, "=、!=、>、>=、<、<= 或者 in", "=, !=, >, >=, <, <= or in");
        }
        known
    });
    let test = comparison.zip(table.get("值")).and_then(|(comparison, datum)| {
        read_values(reader, datum, comparison).map(|values| Test { comparison, values })
    });
    let clause = reader.text(table, "条文").map_or_else(
        || above.clone(),
        |value| Spanned { value, range: table.get("条文").map(|datum| datum.range).unwrap_or_default() },
    );
    let range = table.get("值").map_or(table.range, |datum| datum.range);
    // A condition without a fact cannot be met, and must not be forgotten.
    let (fact, test) = match fact {
        Some(fact) => (fact, test),
        None => (String::new(), None),
    };
    Condition { fact, test, unit: reader.text(table, "单位"), clause, range }
}

/// The values of a condition, of kinds that the comparison can take.
fn read_values(reader: &Reader<'_>, datum: &Datum, comparison: Comparison) -> Option<Vec<CardValue>> {
    if comparison == Comparison::OneOf {
        let values: Option<Vec<CardValue>> =
            datum.items().iter().map(|item| read_value(reader, item)).collect();
        let values = values.filter(|values| {
            let first = values.first();
            first.is_some_and(|first| values.iter().all(|value| value.is_like(first)))
        });
        if values.is_none() {
            reader.wrong(datum.range, "同一种值的列表，如 [\"甲\", \"乙\"]", "a list of values of one kind");
        }
        return values;
    }
    let value = read_value(reader, datum);
    let fits = |value: &CardValue| {
        !comparison.is_order() || matches!(value, CardValue::Number(_) | CardValue::Date(_))
    };
    match value {
        Some(value) if fits(&value) => Some(vec![value]),
        Some(_) => {
            reader.wrong(datum.range, "能比较大小的数字或者日期", "a number or a date, which have an order");
            None
        }
        None => {
            reader.wrong(
                datum.range,
                "数字、文字、日期或者 true、false",
                "a number, text, date, true or false",
            );
            None
        }
    }
}

fn read_value(reader: &Reader<'_>, datum: &Datum) -> Option<CardValue> {
    match &datum.value {
        Value::Text(text) => {
            Some(CardValue::Text(text.trim().to_owned())).filter(|_| !text.trim().is_empty())
        }
        Value::Integer(number) => Some(CardValue::Number(Decimal::from_integer(*number))),
        Value::Bool(value) => Some(CardValue::Bool(*value)),
        Value::Date(date) => Some(CardValue::Date(*date)),
        Value::Other => Decimal::parse(reader.file().slice(datum.range)).map(CardValue::Number),
        Value::List(_) | Value::Table(_) => None,
    }
}

/// A part in words: a text, a table `{ 内容, 条文 }`, or a list of these.
fn read_parts(reader: &Reader<'_>, card: &Datum, key: &'static str, above: &Spanned<String>) -> Vec<Part> {
    let Some(datum) = card.get(key) else { return Vec::new() };
    let items =
        if let Value::List(items) = &datum.value { items.as_slice() } else { std::slice::from_ref(datum) };
    let read = |item: &Datum| match &item.value {
        Value::Text(text) => {
            let text = Spanned { value: text.trim().to_owned(), range: item.range };
            Some(Part { key, text, clause: above.clone() })
        }
        Value::Table(_) => {
            reader.only(item, &["内容", "条文"]);
            let Some(value) = reader.text(item, "内容") else {
                reader.missing(Some(item), "内容", key);
                return None;
            };
            let place = |key: &str| item.get(key).map(|datum| datum.range).unwrap_or_default();
            let clause = reader
                .text(item, "条文")
                .map_or_else(|| above.clone(), |value| Spanned { value, range: place("条文") });
            Some(Part { key, text: Spanned { value, range: place("内容") }, clause })
        }
        _ => {
            reader.wrong(
                item.range,
                "文字，或者 { 内容 = …, 条文 = … }",
                "a text, or { 内容 = …, 条文 = … }",
            );
            None
        }
    };
    items.iter().filter_map(read).collect()
}
