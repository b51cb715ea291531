//! What a rule is: its identity, its severity and its page.

use std::fmt::Write as _;

use super::Severity;
use super::render::RuleInfo;
use crate::text::{Lang, Message};

/// Identity and documentation of one kind of finding: of a proofreading rule, or
/// of what front matter, layout, links and settings can have wrong.
///
/// The example of a proofreading rule must raise it and the better text must
/// not; a test holds every rule to that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable code, never reused.
    pub code: &'static str,
    /// Kebab-case name: what people type in suppressions.
    pub name: &'static str,
    /// Family.
    pub category: &'static str,
    /// Severity unless the profile or the office sets another.
    pub severity: Severity,
    /// What is checked, in Chinese and English.
    pub what: (&'static str, &'static str),
    /// Why it matters, with the clause, and what to do.
    pub why: (&'static str, &'static str),
    /// A text that raises it; empty when a text cannot show it.
    pub bad: &'static str,
    /// The text as it should be.
    pub good: &'static str,
    /// What is left alone on purpose; empty for rules that judge no wording,
    /// which know no exceptions.
    pub except: (&'static str, &'static str),
}

impl Rule {
    /// A rule about what no short text can show: the state of a file or of a
    /// repository. Its page has no example.
    #[must_use]
    pub const fn without_example(
        code: &'static str,
        name: &'static str,
        category: &'static str,
        severity: Severity,
        what: (&'static str, &'static str),
        why: (&'static str, &'static str),
    ) -> Self {
        Self { code, name, category, severity, what, why, bad: "", good: "", except: ("", "") }
    }

    /// The page that `explain` shows.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let (heads, grade) = match (lang, self.severity) {
            (Lang::Zh, Severity::Error) => (ZH, "错误"),
            (Lang::Zh, Severity::Warning) => (ZH, "警告"),
            (Lang::Zh, Severity::Hint) => (ZH, "提示"),
            (Lang::En, severity) => (EN, severity.as_str()),
        };
        let pick = |pair: (&'static str, &'static str)| if lang == Lang::Zh { pair.0 } else { pair.1 };
        let mut out = format!("{} {}（{}，{grade}）\n", self.code, self.name, self.category);
        let stay = if self.except.0.is_empty() { String::new() } else { self.stay(lang) };
        let parts = [pick(self.what), pick(self.why), self.bad, self.good, pick(self.except), &stay];
        for (head, text) in heads.iter().zip(parts).filter(|(_, text)| !text.is_empty()) {
            let text = text.replace('\n', "\n  ");
            // Writing to a string cannot fail.
            let _ = write!(out, "\n{head}\n  {text}\n");
        }
        out
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

    /// Whether a comment in the text or a baseline may set the rule aside.
    /// Personal data and secrets may not be waved through by whoever writes the
    /// text.
    #[must_use]
    pub fn is_waivable(&self) -> bool {
        is_waivable(self.category)
    }

    /// How to keep what the rule objects to.
    fn stay(&self, lang: Lang) -> String {
        match (lang, self.is_waivable()) {
            (Lang::Zh, true) => {
                format!("在该段之前加一行 <!-- 校对:忽略 {} 理由 -->，只对下一段有效，理由必填。", self.name)
            }
            (Lang::En, true) => {
                format!(
                    "put <!-- proof:ignore {} reason --> before the block; the reason is required.",
                    self.name
                )
            }
            (Lang::Zh, false) => "本规则不能用注释忽略，须由审核人处理。".to_owned(),
            (Lang::En, false) => "a comment cannot set this rule aside; a reviewer must decide.".to_owned(),
        }
    }
}

/// Whether findings of a family may be set aside by a comment or a baseline.
pub(crate) fn is_waivable(category: &str) -> bool {
    !matches!(category, "pii" | "secrecy")
}

const ZH: [&str; 6] = ["检查什么", "为什么", "示例", "改为", "例外", "确需保留时"];
const EN: [&str; 6] = ["What it checks", "Why", "Example", "Better", "Exceptions", "If it must stay"];
