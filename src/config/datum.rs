//! A strict reader of TOML (and JSON) tables: every value with its bytes, every
//! wrong type and unknown key a finding, nothing fatal but unreadable syntax.

use std::cell::RefCell;

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

use super::quoted_keys::QuotedKeys;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange, did_you_mean};

/// A value and its bytes in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    /// Its bytes.
    pub range: TextRange,
    /// What it is.
    pub value: Value,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A quoted text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// true or false.
    Bool(bool),
    /// A date without a time.
    Date(Date),
    /// A list.
    List(Vec<Datum>),
    /// A table, its entries in the order of the file.
    Table(Vec<Entry>),
    /// A value that no setting uses: a float, a time, null.
    Other,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its bytes.
    pub key_range: TextRange,
    /// Its value.
    pub value: Datum,
}

impl Datum {
    /// The entries of a table; none for other values.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        if let Value::Table(entries) = &self.value { entries } else { &[] }
    }

    /// The items of a list; none for other values.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        if let Value::List(items) = &self.value { items } else { &[] }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }
}

/// The codes under which a kind of file reports its faults.
#[derive(Debug)]
pub struct Codes {
    /// Family of the findings.
    pub category: &'static str,
    /// How bad a key is that nobody knows.
    pub unknown_is: Severity,
    /// Code and rule of a file that cannot be read.
    pub unreadable: (&'static str, &'static str),
    /// Of a key that is not known.
    pub unknown: (&'static str, &'static str),
    /// Of a key that must be there.
    pub missing: (&'static str, &'static str),
    /// Of a value of the wrong form.
    pub wrong: (&'static str, &'static str),
}

impl Codes {
    /// Of `site.toml`.
    pub(super) const SITE: Self = Self {
        category: "config",
        unknown_is: Severity::Error,
        unreadable: ("C101", "config-unreadable"),
        unknown: ("C102", "config-unknown-key"),
        missing: ("C103", "config-missing-key"),
        wrong: ("C104", "config-wrong-value"),
    };
    /// Of a word list.
    pub(super) const WORDLIST: Self = Self {
        category: "config",
        unknown_is: Severity::Error,
        unreadable: ("W101", "wordlist-unreadable"),
        unknown: ("W102", "wordlist-unknown-key"),
        missing: ("W103", "wordlist-missing-key"),
        wrong: ("W104", "wordlist-wrong-value"),
    };
}

/// Reads values out of one file and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'a> {
    file: &'a SourceFile,
    codes: &'a Codes,
    findings: RefCell<Vec<Finding>>,
}

impl<'a> Reader<'a> {
    /// The file that is read.
    #[must_use]
    pub fn file(&self) -> &'a SourceFile {
        self.file
    }

    /// A reader of the file.
    #[must_use]
    pub fn new(file: &'a SourceFile, codes: &'a Codes) -> Self {
        Self { file, codes, findings: RefCell::default() }
    }

    /// Everything found so far.
    #[must_use]
    pub fn finish(self) -> Vec<Finding> {
        self.findings.into_inner()
    }

    /// Whether an error was found so far.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.findings.borrow().iter().any(|finding| finding.severity == Severity::Error)
    }

    /// The whole file as TOML; a syntax error is a finding.
    #[must_use]
    pub fn parse_toml(&self) -> Option<Datum> {
        let quoted = QuotedKeys::of(self.file.text());
        match DeTable::parse(quoted.text()) {
            Ok(table) => {
                let range = table.span().into();
                let mut root = Datum { range, value: from_table(table.into_inner()) };
                quoted.place(&mut root);
                Some(root)
            }
            Err(error) => {
                let range = error.span().map_or_else(TextRange::default, TextRange::from);
                let range = quoted.origin(range);
                self.unreadable(range, "TOML", error.message());
                None
            }
        }
    }

    /// The whole file as JSON; a syntax error is a finding.
    #[must_use]
    pub fn parse_json(&self) -> Option<Datum> {
        // Its reader limits the depth and names the fault; the places are found afterwards.
        match serde_json::from_str::<serde::de::IgnoredAny>(self.file.text()) {
            Ok(_) => super::json::read(self.file.text()),
            Err(error) => {
                let start = self.file.line_range(error.line()).start;
                self.unreadable(TextRange::new(start, start), "JSON", &error.to_string());
                None
            }
        }
    }

    fn unreadable(&self, range: TextRange, language: &str, detail: &str) {
        let message = Message::new(
            format!("文件不符合 {language} 格式，读不出来：{detail}"),
            format!("the file is not valid {language}: {detail}"),
        );
        self.push(self.codes.unreadable, range, message);
    }

    /// Adds an error.
    pub fn push(&self, (code, rule): (&'static str, &'static str), range: TextRange, message: Message) {
        self.report((code, rule), Severity::Error, range, message);
    }

    /// Adds a finding of any severity.
    pub fn report(
        &self,
        (code, rule): (&'static str, &'static str),
        severity: Severity,
        range: TextRange,
        message: Message,
    ) {
        let place = Place::range(self.file, range);
        let finding = Finding::new(code, rule, self.codes.category, severity, place, message);
        self.findings.borrow_mut().push(finding);
    }

    /// Reports a value that is not what it should be.
    pub fn wrong(&self, range: TextRange, zh: &str, en: &str) {
        let found = self.file.slice(range).chars().take(60).collect::<String>();
        let message = Message::new(format!("`{found}` 应为{zh}"), format!("`{found}` should be {en}"));
        self.push(self.codes.wrong, range, message);
    }

    /// Reports a key that must be there.
    pub fn missing(&self, table: Option<&Datum>, path: &str, zh: &str) {
        let at = table.map_or(0, |table| table.range.start);
        let message =
            Message::new(format!("缺少必填项 {path}（{zh}）"), format!("required key `{path}` is missing"));
        self.push(self.codes.missing, TextRange::new(at, at), message);
    }

    /// Reports every key of the table that is not among `known`.
    pub fn only(&self, table: &Datum, known: &[&str]) {
        if !matches!(table.value, Value::Table(_)) {
            self.wrong(table.range, "一张表", "a table");
        }
        for entry in table.entries().iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let key = &entry.key;
            let meant = did_you_mean(key, known.iter().copied());
            let message = Message::new(
                meant.map_or_else(
                    || format!("没有 `{key}` 这一项"),
                    |word| format!("没有 `{key}` 这一项，是不是 `{word}`？"),
                ),
                meant.map_or_else(
                    || format!("unknown key `{key}`"),
                    |word| format!("unknown key `{key}`; did you mean `{word}`?"),
                ),
            );
            self.report(self.codes.unknown, self.codes.unknown_is, entry.key_range, message);
        }
    }

    /// A table, reported when it is something else.
    pub fn table<'d>(&self, parent: &'d Datum, key: &str) -> Option<&'d Datum> {
        let datum = parent.get(key)?;
        if matches!(datum.value, Value::Table(_)) {
            return Some(datum);
        }
        self.wrong(datum.range, "一张表", "a table");
        None
    }

    /// A text without white space around it; a blank one counts as absent.
    pub fn text(&self, table: &Datum, key: &str) -> Option<String> {
        let datum = table.get(key)?;
        if let Value::Text(text) = &datum.value {
            return Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        self.wrong(datum.range, "引号内的文字", "a quoted text");
        None
    }

    /// A list of texts; one text alone counts as a list of one.
    pub fn texts(&self, table: &Datum, key: &str) -> Vec<String> {
        let Some(datum) = table.get(key) else { return Vec::new() };
        let items = if let Value::List(items) = &datum.value {
            items.as_slice()
        } else {
            std::slice::from_ref(datum)
        };
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::Text(text) => texts.push(text.clone()),
                _ => self.wrong(item.range, "引号内的文字", "a quoted text"),
            }
        }
        texts
    }

    /// true or false.
    pub fn flag(&self, table: &Datum, key: &str) -> Option<bool> {
        let datum = table.get(key)?;
        if let Value::Bool(value) = datum.value {
            return Some(value);
        }
        self.wrong(datum.range, " true 或 false", "true or false");
        None
    }

    /// A whole number from zero to `most`.
    pub fn number(&self, table: &Datum, key: &str, most: u32) -> Option<u32> {
        let datum = table.get(key)?;
        let number = if let Value::Integer(number) = datum.value { u32::try_from(number).ok() } else { None };
        if number.is_none_or(|number| number > most) {
            self.wrong(
                datum.range,
                &format!(" 0 到 {most} 的整数"),
                &format!("a whole number from 0 to {most}"),
            );
            return None;
        }
        number
    }

    /// A date, as a TOML date or as a quoted ISO date.
    pub fn date(&self, table: &Datum, key: &str) -> Option<Date> {
        let datum = table.get(key)?;
        self.as_date(datum)
    }

    /// A list of dates.
    pub fn dates(&self, table: &Datum, key: &str) -> Vec<Date> {
        let items = table.get(key).map(Datum::items).unwrap_or_default();
        items.iter().filter_map(|item| self.as_date(item)).collect()
    }

    /// The value as a date; anything else is reported.
    pub fn as_date(&self, datum: &Datum) -> Option<Date> {
        let date = match &datum.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) if text.len() == 10 => text.parse().ok(),
            _ => None,
        };
        if date.is_none() {
            self.wrong(datum.range, "日期（如 2025-06-30）", "a date such as 2025-06-30");
        }
        date
    }
}

fn from_table(table: DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            key_range: key.span().into(),
            key: key.into_inner().into_owned(),
            value: Datum { range: value.span().into(), value: from_toml(value.into_inner()) },
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_range);
    Value::Table(entries)
}

fn from_toml(value: DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other, Value::Integer)
        }
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::Datetime(datetime) => match (datetime.date, datetime.time) {
            (Some(date), None) => civil(date).map_or(Value::Other, Value::Date),
            _ => Value::Other,
        },
        DeValue::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| Datum { range: item.span().into(), value: from_toml(item.into_inner()) })
                .collect(),
        ),
        DeValue::Table(table) => from_table(table),
        DeValue::Float(_) => Value::Other,
    }
}

fn civil(date: toml::value::Date) -> Option<Date> {
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}
