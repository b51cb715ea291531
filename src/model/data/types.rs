//! What the data files of a set and the topics of the site say.

use jiff::civil::Date;

use crate::Spanned;
use jiedu_base::name::SetId;
use jiedu_base::text::SourceFile;
use jiedu_markdown::{Body, RenderedBlock};

/// 更正: a mistake in the published text that was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// 日期: when it was put right.
    pub date: Date,
    /// 说明: what was wrong and what is right.
    pub note: String,
}

/// A clause that an entry of a data file names, as it is written there:
/// `第六条`, `2025/other#第三条`, `2025/other`.
pub type ClauseRef = Spanned<String>;

/// `qa.toml`: questions that people asked, with the office's answers
/// (12345 热线问答, contract details 88).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionSheet {
    /// The file.
    pub file: SourceFile,
    /// The questions, in the order of the file.
    pub questions: Vec<Question>,
    /// Questions and answers as prose, for proofreading. A text written with
    /// escapes is left out: its places could not be named.
    pub prose: Vec<Body>,
}

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Anchor, unique in the file: `qa-` and the 编号, or else a digest of the
    /// question, so that a link outlives a change of order.
    pub anchor: String,
    /// 问题.
    pub question: Spanned<String>,
    /// 答复: plain text, paragraphs apart by line breaks.
    pub answer: String,
    /// 条款: what the answer rests on.
    pub clauses: Vec<ClauseRef>,
    /// 来源: where it was asked; the file's own 来源 when it does not say.
    pub source: String,
    /// 答复单位.
    pub answered_by: String,
    /// 日期 of the answer.
    pub date: Option<Date>,
}

/// 采纳情况 of an opinion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adoption {
    /// 采纳.
    Yes,
    /// 部分采纳.
    Partly,
    /// 未采纳.
    No,
}

/// `opinions.toml`: what became of the opinions that a consultation brought
/// (contract details 88).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionSheet {
    /// The file.
    pub file: SourceFile,
    /// 公布日期.
    pub published: Option<Date>,
    /// 收到意见: how many were received in all.
    pub received: Option<u32>,
    /// 说明.
    pub note: String,
    /// The opinions, in the order of the file.
    pub opinions: Vec<Opinion>,
    /// Opinions and reasons as prose, for proofreading.
    pub prose: Vec<Body>,
}

/// One opinion, or several of the same content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// 内容.
    pub text: Spanned<String>,
    /// 来源: how it reached the office.
    pub source: String,
    /// 数量: how many said so; at least 1.
    pub count: u32,
    /// 采纳情况; none when it is missing or unreadable.
    pub adoption: Option<Adoption>,
    /// 理由.
    pub reason: String,
    /// 条款 of the present text.
    pub clauses: Vec<ClauseRef>,
    /// 原条款: provisions of the draft, as printed there.
    pub draft_clauses: Vec<ClauseRef>,
}

/// A topic (`content/topics/<slug>.md`): policies of several sets, shown
/// together (集成式发布).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// File name without `.md`; also its address below `topics/`.
    pub slug: String,
    /// 标题.
    pub title: String,
    /// 政策: the sets, in the order in which they are shown, each once.
    pub policies: Vec<Spanned<SetId>>,
    /// The file.
    pub file: SourceFile,
    /// Facts of the body.
    pub body: Body,
    /// Top-level blocks as HTML.
    pub blocks: Vec<RenderedBlock>,
}
