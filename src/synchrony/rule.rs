//! What a condition is: its identity, its weight and its page.

use std::fmt::Write as _;

use super::Context;
use jiedu_base::finding::render::RuleInfo;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Lang, Message};

/// The family of all findings of this room.
const CATEGORY: &str = "three-synchronous";

/// The identity and the documentation of one condition.
#[derive(Debug)]
pub struct Rule {
    /// `TS-01` …
    pub code: &'static str,
    /// Kebab-case names, one for each way to fail; the first names the rule.
    pub names: &'static [&'static str],
    /// How bad a failure is.
    pub severity: Severity,
    /// Whether a failure keeps the set from being published.
    pub blocks: bool,
    /// What is checked.
    pub what: (&'static str, &'static str),
    /// Why, with the source.
    pub why: (&'static str, &'static str),
    /// An example that fails.
    pub bad: (&'static str, &'static str),
    /// The same as it should be.
    pub good: (&'static str, &'static str),
}

impl Rule {
    /// A finding under the rule's first name.
    pub(super) fn finding(
        &self,
        context: &Context<'_>,
        place: Place,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Finding {
        self.named(self.names.first().copied().unwrap_or_default(), context, place, zh, en)
    }

    /// A finding under one of the rule's names.
    pub(super) fn named(
        &self,
        name: &'static str,
        context: &Context<'_>,
        place: Place,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Finding {
        let mut finding = Finding::new(self.code, name, CATEGORY, self.severity, place, Message::new(zh, en))
            .in_set(context.set.id.to_string());
        finding.blocks = self.blocks;
        finding
    }

    /// The page that `explain` shows.
    #[must_use]
    pub fn page(&self, lang: Lang) -> String {
        let is_zh = lang == Lang::Zh;
        let pick = |(zh, en): (&'static str, &'static str)| if is_zh { zh } else { en };
        let heads = if is_zh {
            ["检查什么", "为什么", "示例", "改为"]
        } else {
            ["What it checks", "Why", "Example", "Better"]
        };
        let grade = match (self.severity, is_zh) {
            (Severity::Error, true) => "错误",
            (Severity::Warning, true) => "警告",
            (Severity::Hint, true) => "提示",
            (severity, false) => severity.as_str(),
        };
        let effect = match (self.blocks, is_zh) {
            (true, true) => "阻止发布",
            (true, false) => "blocks publication",
            (false, true) => "不阻止发布",
            (false, false) => "does not block",
        };
        let mut page = format!("{} {}（{CATEGORY}，{grade}，{effect}）\n", self.code, self.names.join(", "));
        for (head, text) in
            heads.iter().zip([pick(self.what), pick(self.why), pick(self.bad), pick(self.good)])
        {
            // Writing to a string cannot fail.
            let _ = write!(page, "\n{head}\n  {}\n", text.replace('\n', "\n  "));
        }
        page
    }

    /// What machine formats say about the rule.
    #[must_use]
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            code: self.code,
            name: self.names.first().copied().unwrap_or_default(),
            category: CATEGORY,
            severity: self.severity,
            summary: Message::new(self.what.0, self.what.1),
            page: Message::new(self.page(Lang::Zh), self.page(Lang::En)),
        }
    }
}
