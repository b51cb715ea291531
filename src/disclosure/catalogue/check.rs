//! A catalogue against what the office really publishes, and against the laws it
//! rests on where their texts are here.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::{Catalogue, Item};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::Message;
use jiedu_config::Calendar;
use jiedu_link::ClauseIndex;
use jiedu_model::PolicyDocument;

/// Something that is published, or a text in the repository.
#[derive(Debug, Clone, Copy)]
pub struct Holding<'a> {
    /// Its id: `2025/a`, `lists/fees`, `reports/2025`.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
    /// When the information came into being (成文日期).
    pub formed: Option<Date>,
    /// When it was published.
    pub published: Option<Date>,
    /// Its text.
    pub policy: Option<&'a PolicyDocument>,
    /// Whether it has lost its force.
    pub ended: bool,
}

/// `《某某条例》第二十条`, with the number of the document between.
static BASIS: LazyLock<Option<regex::Regex>> = LazyLock::new(|| {
    regex::Regex::new(r"《([^《》]{2,80})》(?:（[^（）]{0,60}）)?\s*(第[零一二三四五六七八九十百千0-9]+条)?")
        .ok()
});

/// Checks the items of a catalogue.
#[must_use]
pub fn check_catalogue(
    catalogue: &Catalogue,
    holdings: &[Holding<'_>],
    calendar: &Calendar,
    today: Date,
) -> Vec<Finding> {
    let check = Check { catalogue, holdings, calendar, today };
    let mut findings: Vec<Finding> = catalogue.items.iter().flat_map(|item| check.item(item)).collect();
    findings.extend(check.unmapped());
    findings
}

struct Check<'a> {
    catalogue: &'a Catalogue,
    holdings: &'a [Holding<'a>],
    calendar: &'a Calendar,
    today: Date,
}

impl Check<'_> {
    fn finding(
        &self,
        (code, rule): (&'static str, &'static str),
        severity: Severity,
        item: &Item,
        message: Message,
    ) -> Finding {
        let place = Place::range(&self.catalogue.file, item.range);
        Finding::new(code, rule, "catalogue", severity, place, message)
    }

    fn item(&self, item: &Item) -> Vec<Finding> {
        let mut findings = Vec::new();
        for name in &item.maps {
            if matches!(name.as_str(), "policies" | "reports" | "lists") {
                continue;
            }
            if let Some(holding) = self.holdings.iter().find(|holding| holding.id == name) {
                findings.extend(self.times(item, holding));
                continue;
            }
            let message = Message::new(
                format!("事项“{}”（{}）对应的“{name}”没有发布", item.name(), item.id),
                format!("`{name}`, which item {} names, is not there", item.id),
            );
            findings.push(self.finding(("O402", "catalogue-missing"), Severity::Error, item, message));
        }
        findings.extend(item.basis.iter().flat_map(|basis| self.basis(item, basis)));
        findings
    }

    /// Late, or kept too long.
    fn times(&self, item: &Item, holding: &Holding<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let (Some(days), Some(formed), Some(published)) = (item.days, holding.formed, holding.published)
            && let Ok(due) = self.calendar.add_working_days(formed, days)
            && published > due
        {
            let message = Message::new(
                format!(
                    "“{}”{published}才公开：{formed}形成，{days}个工作日的期限到{due}（事项 {}）",
                    holding.title, item.id
                ),
                format!(
                    "`{}` was published on {published}; formed on {formed}, due by {due} ({days} working days, item {})",
                    holding.id, item.id
                ),
            );
            findings.push(self.finding(("O404", "catalogue-late"), Severity::Warning, item, message));
        }
        let until = item.keep_years().zip(holding.published).and_then(|(years, published)| {
            published.checked_add(jiff::Span::new().years(i64::from(years))).ok()
        });
        if let Some(until) = until.filter(|until| *until < self.today) {
            let message = Message::new(
                format!(
                    "“{}”的公开时长是{}，{until}已满，应当清理归档（事项 {}）",
                    holding.title, item.keep, item.id
                ),
                format!("`{}` was to be kept until {until} ({}, item {})", holding.id, item.keep, item.id),
            );
            findings.push(self.finding(("O405", "catalogue-over-kept"), Severity::Warning, item, message));
        }
        findings
    }

    /// The law and the article that a cell names, where the text is here.
    fn basis(&self, item: &Item, basis: &str) -> Vec<Finding> {
        let Some(pattern) = BASIS.as_ref() else { return Vec::new() };
        let mut findings = Vec::new();
        for found in pattern.captures_iter(basis) {
            let title = found.get(1).map_or("", |found| found.as_str());
            let named = |holding: &&Holding<'_>| {
                holding.policy.is_some()
                    && (holding.title == title || holding.title.contains(&format!("《{title}》")))
            };
            let Some(holding) = self.holdings.iter().find(named) else { continue };
            if holding.ended {
                let message = Message::new(
                    format!("事项“{}”的依据《{title}》已经失效或者废止", item.name()),
                    format!("《{title}》, the basis of item {}, is no longer in force", item.id),
                );
                findings.push(self.finding(("O403", "catalogue-basis"), Severity::Warning, item, message));
            }
            let (Some(policy), Some(article)) = (holding.policy, found.get(2)) else { continue };
            let label = article.as_str();
            let provision = ClauseIndex::new(policy).find(label).and_then(|at| policy.provisions.get(at));
            let says = |words: &str| {
                ["公开", "公布", "公示", "公告", "发布", "向社会"].iter().any(|verb| words.contains(verb))
            };
            let message = match provision {
                None => Message::new(
                    format!("事项“{}”的依据《{title}》里没有{label}", item.name()),
                    format!("《{title}》, the basis of item {}, has no {label}", item.id),
                ),
                Some(provision)
                    if !policy
                        .provisions
                        .iter()
                        .any(|other| other.anchor.starts_with(&provision.anchor) && says(&other.text)) =>
                {
                    Message::new(
                        format!("事项“{}”的依据《{title}》{label}没有说要公开", item.name()),
                        format!(
                            "{label} of 《{title}》, the basis of item {}, does not speak of disclosure",
                            item.id
                        ),
                    )
                }
                Some(_) => continue,
            };
            let severity = if provision.is_none() { Severity::Error } else { Severity::Warning };
            findings.push(self.finding(("O403", "catalogue-basis"), severity, item, message));
        }
        findings
    }

    /// What is published without an item.
    fn unmapped(&self) -> Vec<Finding> {
        let maps: Vec<&str> =
            self.catalogue.items.iter().flat_map(|item| item.maps.iter().map(String::as_str)).collect();
        let is_mapped = |id: &str| {
            let whole = match id.split_once('/') {
                Some(("lists", _)) => "lists",
                Some(("reports", _)) => "reports",
                _ => "policies",
            };
            maps.contains(&id) || maps.contains(&whole)
        };
        let lost = self.holdings.iter().filter(|holding| !is_mapped(holding.id));
        lost.map(|holding| {
            let message = Message::new(
                format!("“{}”（{}）没有对应的主动公开事项", holding.title, holding.id),
                format!("`{}` belongs to no item of the catalogue", holding.id),
            );
            let place = Place::range(&self.catalogue.file, self.catalogue.file.line_range(1));
            Finding::new("O406", "catalogue-unmapped", "catalogue", Severity::Hint, place, message)
        })
        .collect()
    }
}
