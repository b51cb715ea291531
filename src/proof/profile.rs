//! The kinds of text: they move severities, never the meaning of a rule.

use jiedu_base::finding::{Rule, Severity};
use jiedu_markdown::{Body, ProseKind};

/// What kind of text is proofread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// 公文: notices, opinions, plans.
    #[default]
    Official,
    /// 法规: texts in articles.
    Regulation,
    /// 解读: interpretations and other pages.
    Interpretation,
}

impl Profile {
    /// Guesses the profile from the text itself.
    #[must_use]
    pub fn infer(body: &Body) -> Self {
        let is_article = |text: &str| {
            text.strip_prefix('第').and_then(|rest| rest.find('条')).is_some_and(|at| at > 0 && at <= 15)
        };
        let articles = body.prose.iter().filter(|prose| is_article(&prose.text)).take(3).count();
        if articles >= 3 {
            return Self::Regulation;
        }
        let title = body.prose.iter().find(|prose| {
            matches!(prose.kind, ProseKind::Heading(_) | ProseKind::Paragraph)
                && !prose.text.trim().is_empty()
        });
        let words = ["解读", "问答", "答记者问", "一图读懂"];
        match title {
            Some(title) if title.text.len() < 300 && words.iter().any(|word| title.text.contains(word)) => {
                Self::Interpretation
            }
            _ => Self::Official,
        }
    }

    /// The severity of a rule in this profile.
    #[must_use]
    pub fn severity(self, rule: &Rule) -> Severity {
        match (self, rule.name) {
            // In articles 二个月内 and 二名以上 stand.
            (Self::Regulation, "er-liang") => Severity::Hint,
            _ => rule.severity,
        }
    }
}
