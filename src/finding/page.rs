//! The page of a rule that is no proofreading rule: what `explain` prints about
//! front matter, layout, links and settings.

use super::Severity;
use super::render::RuleInfo;
use crate::text::{Lang, Message};

/// Identity and documentation of one kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct RulePage {
    /// Stable code.
    pub code: &'static str,
    /// Kebab-case name.
    pub name: &'static str,
    /// Family.
    pub category: &'static str,
    /// Severity unless the office sets another.
    pub severity: Severity,
    /// What is checked, in Chinese and English.
    pub what: (&'static str, &'static str),
    /// Why it matters, and what to do.
    pub why: (&'static str, &'static str),
    /// A text that raises it; empty when a text cannot show it.
    pub bad: &'static str,
    /// The same as it should be.
    pub good: &'static str,
}

impl RulePage {
    /// The page that `explain` shows.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let (heads, what, why) = match lang {
            Lang::Zh => (["检查什么", "为什么", "示例", "改为"], self.what.0, self.why.0),
            Lang::En => (["What it checks", "Why", "Example", "Better"], self.what.1, self.why.1),
        };
        let grade = match (lang, self.severity) {
            (Lang::Zh, Severity::Error) => "错误",
            (Lang::Zh, Severity::Warning) => "警告",
            (Lang::Zh, Severity::Hint) => "提示",
            (Lang::En, severity) => severity.as_str(),
        };
        let mut page = format!("{} {}（{}，{grade}）\n", self.code, self.name, self.category);
        let parts = heads.iter().zip([what, why, self.bad, self.good]).filter(|(_, text)| !text.is_empty());
        for (head, text) in parts {
            for piece in ["\n", head, "\n  ", &text.replace('\n', "\n  "), "\n"] {
                page.push_str(piece);
            }
        }
        page
    }

    /// What machine formats say about the rule.
    #[must_use]
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            code: self.code,
            name: self.name,
            category: self.category,
            severity: self.severity,
            summary: Message::new(self.what.0, self.what.1),
            page: Message::new(self.page(Lang::Zh), self.page(Lang::En)),
        }
    }
}
