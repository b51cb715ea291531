//! Typed access to front matter, with findings for what is not as it should be.

use jiff::civil::{Date, Time};

use crate::{PublishDate, Spanned};
use jiedu_base::finding::{Applicability, Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange, did_you_mean};
use jiedu_markdown::{Entry, FrontMatter, Node, NodeValue};

/// A key in both languages; the first Chinese form is the one suggested.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    /// Another accepted form.
    pub(crate) other: Option<&'static str>,
}

impl Key {
    pub(crate) const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en, other: None }
    }

    pub(crate) const fn or(self, other: &'static str) -> Self {
        Self { other: Some(other), ..self }
    }

    fn is(self, key: &str) -> bool {
        key == self.zh || key == self.en || self.other == Some(key)
    }

    fn forms(self) -> impl Iterator<Item = &'static str> {
        [Some(self.zh), Some(self.en), self.other].into_iter().flatten()
    }
}

/// The entries of a mapping and where its faults go.
pub(crate) struct Fields<'a> {
    pub(crate) file: &'a SourceFile,
    entries: &'a [Entry],
    /// Where a missing key is reported.
    at: TextRange,
    pub(crate) findings: &'a mut Vec<Finding>,
}

impl<'a> Fields<'a> {
    /// The fields of a whole front matter.
    pub(crate) fn new(file: &'a SourceFile, front: &'a FrontMatter, findings: &'a mut Vec<Finding>) -> Self {
        Self { file, entries: &front.entries, at: file.line_range(1), findings }
    }

    /// The fields of a nested mapping; reports a value that is none.
    pub(crate) fn inside<'b>(&'b mut self, node: &'b Node) -> Option<Fields<'b>> {
        if let NodeValue::Map(entries) = &node.value {
            let at = entries.first().map_or(node.range, |entry| entry.key_range);
            return Some(Fields { file: self.file, entries, at, findings: self.findings });
        }
        self.wrong(node.range, "若干行“名称: 值”", "lines of `key: value`", false);
        None
    }

    /// Reports unknown keys, and a key given in two forms.
    pub(crate) fn only(&mut self, known: &[Key]) {
        for (index, entry) in self.entries.iter().enumerate() {
            match known.iter().find(|key| key.is(&entry.key)) {
                None => self.unknown(entry, known),
                Some(key) => {
                    let earlier = self.entries.get(..index).unwrap_or_default();
                    if let Some(first) = earlier.iter().find(|first| key.is(&first.key)) {
                        self.twice(entry, first);
                    }
                }
            }
        }
    }

    fn unknown(&mut self, entry: &Entry, known: &[Key]) {
        let key = &entry.key;
        let forms = known.iter().flat_map(|key| key.forms());
        let place = Place::range(self.file, entry.key_range);
        let (zh, en) = (format!("不认识的项目 `{key}`"), format!("unknown key `{key}`"));
        let message = |zh, en| Message::new(zh, en);
        let finding = |message| {
            Finding::new(
                "M105",
                "front-matter-unknown-key",
                "front-matter",
                Severity::Warning,
                place,
                message,
            )
        };
        self.findings.push(match did_you_mean(key, forms) {
            Some(meant) => finding(message(
                format!("{zh}，是不是 `{meant}`？"),
                format!("{en}; did you mean `{meant}`?"),
            ))
            .fix(meant, Applicability::NeedsReview),
            None => finding(message(zh, en)).note(
                format!("可用的项目：{}。", known.iter().map(|key| key.zh).collect::<Vec<_>>().join("、")),
                format!("Known keys: {}.", known.iter().map(|key| key.en).collect::<Vec<_>>().join(", ")),
            ),
        });
    }

    fn twice(&mut self, entry: &Entry, first: &Entry) {
        let message = Message::new(
            format!("`{}` 和 `{}` 是同一项，请只留一处", first.key, entry.key),
            format!("`{}` and `{}` are the same key; keep one", first.key, entry.key),
        );
        let place = Place::range(self.file, entry.key_range);
        let finding =
            Finding::new("M103", "front-matter-key-twice", "front-matter", Severity::Error, place, message);
        let label = Message::new("第一处在这里", "first given here");
        self.findings.push(finding.label(self.file, first.key_range, label).blocking());
    }

    /// The entry of a key, blank ones included.
    pub(crate) fn entry(&self, key: Key) -> Option<&'a Entry> {
        self.entries.iter().find(|entry| key.is(&entry.key))
    }

    /// The value of a key; none when absent or blank.
    pub(crate) fn node(&self, key: Key) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value).filter(|node| !is_blank(node))
    }

    /// Reports a required key that is absent or blank. True when it is there.
    pub(crate) fn require(&mut self, key: Key) -> bool {
        if self.node(key).is_some() {
            return true;
        }
        let range = self.entry(key).map_or(self.at, |entry| entry.key_range);
        let (zh, en) = (key.zh, key.en);
        let message = match self.entry(key) {
            Some(_) => Message::new(format!("“{zh}”必须填写"), format!("`{en}` must not be blank")),
            None => Message::new(format!("缺少必填项“{zh}”"), format!("required key `{en}` is missing")),
        };
        let place = Place::range(self.file, range);
        let finding =
            Finding::new("M106", "front-matter-missing-key", "front-matter", Severity::Error, place, message);
        self.findings.push(finding.blocking().note(
            format!("在文件开头两行 `---` 之间加一行“{zh}: …”。"),
            format!("Add a line `{en}: …` between the two `---` lines."),
        ));
        false
    }

    /// Reports a value that is not what it should be; `blocks` when the set
    /// may not be published with it.
    pub(crate) fn wrong(&mut self, range: TextRange, zh: &str, en: &str, blocks: bool) -> &mut Finding {
        let found: String = self.file.slice(range).chars().take(40).collect();
        let message = Message::new(format!("`{found}` 应为{zh}"), format!("`{found}` should be {en}"));
        let place = Place::range(self.file, range);
        let (code, rule) =
            if blocks { ("M107", "front-matter-wrong-value") } else { ("M108", "front-matter-wrong-type") };
        let mut finding = Finding::new(code, rule, "front-matter", Severity::Error, place, message);
        finding.blocks = blocks;
        let index = self.findings.len();
        self.findings.push(finding);
        &mut self.findings[index]
    }

    /// Reports something that could be better.
    pub(crate) fn hint(
        &mut self,
        code: &'static str,
        rule: &'static str,
        range: TextRange,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        let place = Place::range(self.file, range);
        self.findings.push(Finding::new(
            code,
            rule,
            "front-matter",
            Severity::Hint,
            place,
            Message::new(zh, en),
        ));
    }

    /// A text.
    pub(crate) fn text(&mut self, key: Key) -> Option<Spanned<String>> {
        let node = self.node(key)?;
        self.as_text(node)
    }

    /// A text of a node.
    pub(crate) fn as_text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let Some(text) = node.as_text() else {
            self.wrong(node.range, "一段文字", "a text", false);
            return None;
        };
        Some(Spanned { value: text.trim().to_owned(), range: node.range })
    }

    /// One text or a list of texts.
    pub(crate) fn texts(&mut self, key: Key) -> Vec<Spanned<String>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        match &node.value {
            NodeValue::List(items) => {
                items.iter().filter(|item| !is_blank(item)).filter_map(|item| self.as_text(item)).collect()
            }
            _ => self.as_text(node).into_iter().collect(),
        }
    }

    /// A mapping of texts, such as element → reason.
    pub(crate) fn text_map(&mut self, key: Key) -> Vec<(Spanned<String>, Spanned<String>)> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let NodeValue::Map(entries) = &node.value else {
            self.wrong(node.range, "若干行“名称: 说明”", "lines of `name: text`", false);
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for entry in entries {
            let name = Spanned { value: entry.key.trim().to_owned(), range: entry.key_range };
            let value = if is_blank(&entry.value) {
                Some(Spanned { value: String::new(), range: entry.value.range })
            } else {
                self.as_text(&entry.value)
            };
            pairs.extend(value.map(|value| (name, value)));
        }
        pairs
    }

    /// A truth value.
    pub(crate) fn flag(&mut self, key: Key) -> Option<bool> {
        let node = self.node(key)?;
        match node.as_text() {
            Some("true" | "True" | "TRUE" | "是") => Some(true),
            Some("false" | "False" | "FALSE" | "否") => Some(false),
            _ => {
                self.wrong(node.range, " true 或 false", "true or false", false);
                None
            }
        }
    }

    /// One of several words; `blocks` when a wrong one does.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: Key,
        words: &[(&str, &str, T)],
        blocks: bool,
    ) -> Option<Spanned<T>> {
        let node = self.node(key)?;
        let text = node.as_text().map(str::trim);
        let found = text.and_then(|text| words.iter().find(|(zh, en, _)| *zh == text || *en == text));
        if let Some((_, _, value)) = found {
            return Some(Spanned { value: *value, range: node.range });
        }
        let list = |pick: fn(&(&str, &str, T)) -> String, and: &str| {
            words.iter().map(pick).collect::<Vec<_>>().join(and)
        };
        let zh = format!("以下之一：{}", list(|word| word.0.to_owned(), "、"));
        let en = format!("one of: {}", list(|word| word.1.to_owned(), ", "));
        let meant = text.and_then(|text| did_you_mean(text, words.iter().map(|word| word.0)));
        let finding = self.wrong(node.range, &zh, &en, blocks);
        if let Some(meant) = meant {
            *finding = finding.clone().fix(meant, Applicability::NeedsReview);
        }
        None
    }

    /// A date.
    pub(crate) fn date(&mut self, key: Key) -> Option<Spanned<Date>> {
        let node = self.node(key)?;
        let date = node.as_text().and_then(parse_date);
        if date.is_none() {
            self.wrong_date(node, "日期，写成 2025-06-30 的样子", "a date such as 2025-06-30");
        }
        Some(Spanned { value: date?, range: node.range })
    }

    /// A date, perhaps with a time of day.
    pub(crate) fn publish_date(&mut self, key: Key) -> Option<Spanned<PublishDate>> {
        let node = self.node(key)?;
        let text = node.as_text().unwrap_or_default();
        let value = match text.split_once(' ') {
            None => parse_date(text).map(|date| PublishDate { date, time: None }),
            Some((date, time)) => parse_date(date)
                .zip(parse_time(time))
                .map(|(date, time)| PublishDate { date, time: Some(time) }),
        };
        if value.is_none() {
            let zh = "日期，写成 2025-06-30 或 2025-06-30 09:00 的样子";
            self.wrong_date(node, zh, "a date such as 2025-06-30 or 2025-06-30 09:00");
        }
        Some(Spanned { value: value?, range: node.range })
    }

    fn wrong_date(&mut self, node: &Node, zh: &str, en: &str) {
        let meant = node.as_text().and_then(loose_date);
        let finding = self.wrong(node.range, zh, en, true);
        if let Some(date) = meant {
            *finding = finding.clone().fix(date.to_string(), Applicability::Safe);
        }
    }
}

/// Whether nothing stands there, an empty list or mapping included.
pub(crate) fn is_blank(node: &Node) -> bool {
    match &node.value {
        NodeValue::List(items) => items.is_empty(),
        NodeValue::Map(entries) => entries.is_empty(),
        _ => node.is_blank(),
    }
}

/// `YYYY-MM-DD` and nothing else.
fn parse_date(text: &str) -> Option<Date> {
    let shape: Vec<bool> = text.bytes().map(|b| b.is_ascii_digit()).collect();
    let is_iso = shape == [true, true, true, true, false, true, true, false, true, true]
        && text.split('-').count() == 3;
    if is_iso { text.parse().ok() } else { None }
}

/// `HH:MM` and nothing else.
fn parse_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The date meant by `2025年6月9日`, `2025/6/9`, `2025.6.9` or `2025-6-9`.
fn loose_date(text: &str) -> Option<Date> {
    let numbers: Vec<&str> = text.trim_end_matches('日').split(['年', '月', '/', '.', '-']).collect();
    let [year, month, day] = numbers.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_strict_and_suggestions_are_not() {
        assert_eq!(parse_date("2025-06-29"), Some(date(2025, 6, 29)));
        for bad in [
            "2025-6-29",
            "2025-02-30",
            "2025/06/29",
            "20250629",
            "2025-06-29 ",
            "2025年6月29日",
            "-2025-06-2",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
        for loose in ["2025-6-9", "2025/6/9", "2025.6.9", "2025年6月9日"] {
            assert_eq!(loose_date(loose), Some(date(2025, 6, 9)), "{loose}");
        }
        assert_eq!(parse_time("09:30"), Time::new(9, 30, 0, 0).ok());
        assert_eq!(parse_time("9:30"), None);
        assert_eq!(parse_time("24:00"), None);
    }
}
