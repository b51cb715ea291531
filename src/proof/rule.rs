//! What a rule is: its identity, its severity and its page.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::finding::render::RuleInfo;
use crate::text::{Lang, Message};

/// The identity and the documentation of one rule.
///
/// The example must raise the rule and the better text must not; a test holds
/// every rule to that.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, never reused.
    pub code: &'static str,
    /// Kebab-case name: what people type in suppressions.
    pub name: &'static str,
    /// Family.
    pub category: &'static str,
    /// Severity unless the profile says otherwise.
    pub severity: Severity,
    /// What is checked, in Chinese and English.
    pub what: (&'static str, &'static str),
    /// Why it matters, with the clause.
    pub why: (&'static str, &'static str),
    /// A text that raises the rule.
    pub bad: &'static str,
    /// The text as it should be.
    pub good: &'static str,
    /// What is left alone on purpose.
    pub except: (&'static str, &'static str),
}

impl Rule {
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
        let parts = [
            pick(self.what),
            pick(self.why),
            self.bad,
            self.good,
            pick(self.except),
            &suppression(self, lang),
        ];
        for (head, text) in heads.iter().zip(parts) {
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

    /// Whether a comment in the text may set the rule aside. Personal data and
    /// secrets may not be waved through by whoever writes the text.
    #[must_use]
    pub fn is_waivable(&self) -> bool {
        !matches!(self.category, "pii" | "secrecy")
    }
}

const ZH: [&str; 6] = ["检查什么", "为什么", "示例", "改为", "例外", "确需保留时"];
const EN: [&str; 6] = ["What it checks", "Why", "Example", "Better", "Exceptions", "If it must stay"];

fn suppression(rule: &Rule, lang: Lang) -> String {
    match (lang, rule.is_waivable()) {
        (Lang::Zh, true) => {
            format!("在该段之前加一行 <!-- 校对:忽略 {} 理由 -->，只对下一段有效，理由必填。", rule.name)
        }
        (Lang::En, true) => {
            format!(
                "put <!-- proof:ignore {} reason --> before the block; the reason is required.",
                rule.name
            )
        }
        (Lang::Zh, false) => "本规则不能用注释忽略，须由审核人处理。".to_owned(),
        (Lang::En, false) => "a comment cannot set this rule aside; a reviewer must decide.".to_owned(),
    }
}
