//! Why a document, or a part of it, was not read.

use jiedu_base::text::Message;

/// Reading stopped here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Beyond a bound: size, ratio of compression, number of parts or nodes.
    #[error("too large")]
    TooLarge,
    /// Protected by a password.
    #[error("encrypted")]
    Encrypted,
    /// A part that is not what the format says.
    #[error("{part}: {problem}")]
    Damaged {
        /// The part of the file.
        part: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl Fault {
    /// A damaged part.
    #[must_use]
    pub fn damaged(part: &str, problem: impl std::fmt::Display) -> Self {
        Self::Damaged { part: part.to_owned(), problem: problem.to_string() }
    }

    /// What happened, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::TooLarge => Message::new(
                "内容过多或压缩比异常，没有读完",
                "too much content, or compressed beyond reason: it was not read to its end",
            ),
            Self::Encrypted => {
                Message::new("文件已加密（设有密码），不能读取", "the file is encrypted and cannot be read")
            }
            Self::Damaged { part, problem } if problem == "DOCTYPE" => Message::new(
                format!("其中“{part}”带有文档类型声明（DOCTYPE），可能用来藏匿文字，没有读取"),
                format!("`{part}` has a DOCTYPE, which may hide text, and was not read"),
            ),
            Self::Damaged { part, problem } => Message::new(
                format!("其中“{part}”写法有误（{problem}），只读取了前一部分"),
                format!("`{part}` is malformed ({problem}); only its beginning was read"),
            ),
        }
    }
}
