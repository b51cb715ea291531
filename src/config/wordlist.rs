//! The office's own words: terms, forbidden expressions, the order of bodies.
//!
//! A list is dated data with an owner, never the program's judgement. The same
//! reader takes `wordlists/*.toml` and the JSON of the proofreading kit.
//!
//! ```toml
//! owner = "办公室"                 # who answers for the list
//! reason = "机构改革"
//! valid-from = 2024-03-01
//! review-by = 2026-12-31
//!
//! [[terms]]
//! use = "生态环境局"
//! avoid = ["环保局"]
//! grade = "error"                  # error, warning, hint
//!
//! [[forbidden]]
//! text = "最优惠"
//! use = "优惠"                     # optional replacement
//! grade = "warning"
//!
//! order = [["市委", "市政府"]]     # the first is named before the second
//! synonyms = [["公交办法", "公共汽电车优惠乘车办法"]]   # for search: words that stand for one another
//! allow = ["机购"]                 # words that no rule about words is to doubt
//! ```
//! An entry may carry its own `owner`, `reason`, `valid-from`, `review-by`.

use jiff::civil::Date;

use super::datum::{Codes, Datum, Reader, Value};
use jiedu_base::finding::{Checked, Severity};
use jiedu_base::text::{SourceFile, TextRange};

/// Who answers for an entry, and from when until when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnedBy {
    /// `owner`.
    pub owner: Option<String>,
    /// `reason`.
    pub reason: Option<String>,
    /// `valid-from`: not applied to texts before that day.
    pub valid_from: Option<Date>,
    /// `review-by`: after that day the entry is to be looked at again.
    pub review_by: Option<Date>,
}

/// A term and the forms not to be used for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// `use`.
    pub preferred: String,
    /// `avoid`.
    pub avoid: Vec<String>,
    /// `grade`.
    pub grade: Severity,
    /// Who answers for it.
    pub owned: OwnedBy,
    /// Its place in the list.
    pub range: TextRange,
}

/// An expression not to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForbiddenText {
    /// `text`.
    pub text: String,
    /// `use`: what to write instead.
    pub preferred: Option<String>,
    /// `grade`.
    pub grade: Severity,
    /// Who answers for it.
    pub owned: OwnedBy,
    /// Its place in the list.
    pub range: TextRange,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wordlist {
    /// Path of the file, for `source` of findings.
    pub path: String,
    /// `terms`.
    pub terms: Vec<Term>,
    /// `forbidden`.
    pub forbidden: Vec<ForbiddenText>,
    /// `order`: groups of names in the order in which they are to be written.
    pub order: Vec<Vec<String>>,
    /// `allow`: words that are right in this office although a rule doubts them.
    pub allow: Vec<String>,
    /// `synonyms`: words and short names that readers use for one another when
    /// they search.
    pub synonyms: Vec<Vec<String>>,
    /// Who answers for the whole list.
    pub owned: OwnedBy,
}

const OWNERSHIP: [&str; 4] = ["owner", "reason", "valid-from", "review-by"];

impl OwnedBy {
    /// Whether the entry applies to a text of that day; to a text without a
    /// date it does.
    #[must_use]
    pub fn applies_on(&self, day: Option<Date>) -> bool {
        !matches!((self.valid_from, day), (Some(from), Some(day)) if day < from)
    }
}

impl Wordlist {
    /// Reads a list: JSON when the path ends in `.json` or the text begins
    /// with `{`, else TOML. What could be read is kept.
    #[must_use]
    pub fn parse(file: &SourceFile) -> Checked<Self> {
        let reader = Reader::new(file, &Codes::WORDLIST);
        let extension = file.path().rsplit('.').next().unwrap_or("");
        let is_json = extension.eq_ignore_ascii_case("json") || file.text().trim_start().starts_with('{');
        let root = if is_json { reader.parse_json() } else { reader.parse_toml() };
        let mut list = root.map(|root| read(&reader, &root)).unwrap_or_default();
        file.path().clone_into(&mut list.path);
        Checked { value: list, findings: reader.finish() }
    }
}

fn read(reader: &Reader<'_>, root: &Datum) -> Wordlist {
    only(reader, root, &["terms", "forbidden", "order", "allow", "synonyms"]);
    let owned = read_owned(reader, root, &OwnedBy::default());
    let allow = reader.texts(root, "allow").into_iter().filter(|word| !word.is_empty()).collect();
    let mut list = Wordlist { owned: owned.clone(), allow, ..Wordlist::default() };
    for item in items(reader, root, "terms") {
        only(reader, item, &["use", "avoid", "grade"]);
        let Some(preferred) = reader.text(item, "use") else {
            reader.missing(Some(item), "use", "应当使用的写法");
            continue;
        };
        let avoid = reader.texts(item, "avoid").into_iter().filter(|text| !text.is_empty()).collect();
        let grade = read_grade(reader, item);
        list.terms.push(Term {
            preferred,
            avoid,
            grade,
            owned: read_owned(reader, item, &owned),
            range: item.range,
        });
    }
    for item in items(reader, root, "forbidden") {
        only(reader, item, &["text", "use", "grade"]);
        let Some(text) = reader.text(item, "text") else {
            reader.missing(Some(item), "text", "不得使用的写法");
            continue;
        };
        let preferred = reader.text(item, "use");
        let grade = read_grade(reader, item);
        let owned = read_owned(reader, item, &owned);
        list.forbidden.push(ForbiddenText { text, preferred, grade, owned, range: item.range });
    }
    list.order = groups(reader, root, "order");
    list.synonyms = groups(reader, root, "synonyms");
    list
}

/// Lists of at least two names.
fn groups(reader: &Reader<'_>, root: &Datum, key: &str) -> Vec<Vec<String>> {
    let mut groups = Vec::new();
    for group in items(reader, root, key) {
        let mut names = Vec::new();
        for name in group.items() {
            match &name.value {
                Value::Text(text) if !text.is_empty() => names.push(text.clone()),
                _ => reader.wrong(name.range, "引号内的文字", "a quoted text"),
            }
        }
        if names.len() < 2 {
            reader.wrong(group.range, "至少两个名称的列表", "a list of at least two names");
        } else {
            groups.push(names);
        }
    }
    groups
}

fn only(reader: &Reader<'_>, table: &Datum, own: &[&str]) {
    let known: Vec<&str> = own.iter().chain(&OWNERSHIP).copied().collect();
    reader.only(table, &known);
}

fn items<'d>(reader: &Reader<'_>, root: &'d Datum, key: &str) -> &'d [Datum] {
    let Some(datum) = root.get(key) else { return &[] };
    if !matches!(datum.value, Value::List(_)) {
        reader.wrong(datum.range, "列表", "a list");
    }
    datum.items()
}

fn read_grade(reader: &Reader<'_>, item: &Datum) -> Severity {
    match reader.text(item, "grade").as_deref() {
        Some("error") => Severity::Error,
        Some("warning") | None => Severity::Warning,
        Some("hint") => Severity::Hint,
        Some(_) => {
            let range = item.get("grade").map(|datum| datum.range).unwrap_or_default();
            reader.wrong(range, " error、warning 或 hint", "error, warning or hint");
            Severity::Warning
        }
    }
}

fn read_owned(reader: &Reader<'_>, table: &Datum, above: &OwnedBy) -> OwnedBy {
    OwnedBy {
        owner: reader.text(table, "owner").or_else(|| above.owner.clone()),
        reason: reader.text(table, "reason").or_else(|| above.reason.clone()),
        valid_from: reader.date(table, "valid-from").or(above.valid_from),
        review_by: reader.date(table, "review-by").or(above.review_by),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_toml_say_the_same() {
        let json = r#"{"terms":[{"use":"生态环境局","avoid":["环保局"],"grade":"error"}],
            "forbidden":[{"text":"最优惠","grade":"warning"}],"order":[["市委","市政府"]]}"#;
        let toml = "order = [[\"市委\", \"市政府\"]]\nowner = \"办公室\"\n[[terms]]\nuse = \"生态环境局\"\navoid = [\"环保局\"]\ngrade = \"error\"\n\
            valid-from = 2025-01-01\n[[forbidden]]\ntext = \"最优惠\"\n";
        let from_json = Wordlist::parse(&SourceFile::new("terms.json", json));
        let from_toml = Wordlist::parse(&SourceFile::new("a.toml", toml));
        assert_eq!((from_json.findings.len(), from_toml.findings.len()), (0, 0), "{:?}", from_toml.findings);
        assert_eq!(from_json.value.terms[0].avoid, from_toml.value.terms[0].avoid);
        assert_eq!(from_json.value.order, from_toml.value.order);
        assert_eq!(from_json.value.forbidden[0].grade, from_toml.value.forbidden[0].grade);
        assert_eq!(from_toml.value.forbidden[0].owned.owner.as_deref(), Some("办公室"));
        assert_eq!(from_toml.value.terms[0].owned.valid_from, Some(jiff::civil::date(2025, 1, 1)));
    }

    #[test]
    fn faults_are_findings_and_the_rest_is_kept() {
        let text = "[[terms]]\nuse = \"甲\"\navoids = [\"乙\"]\n[[terms]]\navoid = [\"丙\"]\n[[forbidden]]\ntext = \"丁\"\ngrade = \"bad\"\n";
        let checked = Wordlist::parse(&SourceFile::new("a.toml", text));
        let codes: Vec<_> = checked.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["W102", "W103", "W104"]);
        assert_eq!((checked.value.terms.len(), checked.value.forbidden.len()), (1, 1));
        assert_eq!(Wordlist::parse(&SourceFile::new("a.json", "{")).findings[0].code, "W101");
    }
}
