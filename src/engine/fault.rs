//! Why an engine gave nothing that can be used. Always a warning: what was not
//! read has not passed.

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The program cannot be started.
    NotStarted {
        /// What the system says.
        why: String,
    },
    /// No answer in time; it was stopped.
    TimedOut {
        /// Seconds that it had.
        seconds: u64,
    },
    /// It ended with a failure.
    Failed {
        /// Exit code, when it has one, and its first words of complaint.
        why: String,
    },
    /// The answer is longer than allowed; it was stopped.
    TooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// The answer is not what the protocol says.
    Malformed {
        /// What is wrong with it.
        why: String,
    },
    /// The engine itself says that it cannot answer.
    Refused {
        /// Its reason.
        why: String,
    },
    /// The answer speaks of another text.
    OtherText,
    /// Too many failures one after another: it is not asked any more.
    GivenUp,
    /// No answer to this text is on record.
    NotRecorded,
}

impl Fault {
    /// What happened, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::NotStarted { why } => {
                Message::new(format!("无法启动：{why}"), format!("cannot be started: {why}"))
            }
            Self::TimedOut { seconds } => Message::new(
                format!("{seconds} 秒内没有答复，已停止"),
                format!("no answer within {seconds} s; it was stopped"),
            ),
            Self::Failed { why } => Message::new(format!("运行失败：{why}"), format!("it failed: {why}")),
            Self::TooLarge { limit } => Message::new(
                format!("答复超过 {limit} 字节，已停止"),
                format!("the answer is longer than {limit} bytes; it was stopped"),
            ),
            Self::Malformed { why } => Message::new(
                format!("答复不合协议：{why}"),
                format!("the answer is not what the protocol says: {why}"),
            ),
            Self::Refused { why } => {
                Message::new(format!("引擎答复不能校对：{why}"), format!("the engine refuses: {why}"))
            }
            Self::OtherText => Message::new("答复说的是另一份文本", "the answer speaks of another text"),
            Self::GivenUp => Message::new(
                "连续失败，其余文稿不再送校",
                "it failed several times in a row and is not asked any more",
            ),
            Self::NotRecorded => Message::new(
                "没有这份文本的校对记录；请用 --engine 重新校对",
                "no answer to this text is on record; ask the engine anew with --engine",
            ),
        }
    }

    /// The warning about a text that was not read.
    #[must_use]
    pub fn finding(&self, file: &SourceFile, engine: &str) -> Finding {
        let Message { zh, en } = self.message();
        let message = Message::new(
            format!("外部校对“{engine}”没有完成：{zh}"),
            format!("the engine `{engine}` did not finish: {en}"),
        );
        let place = Place::range(file, TextRange::default());
        Finding::new("E901", "engine-failed", "external", Severity::Warning, place, message)
    }
}
