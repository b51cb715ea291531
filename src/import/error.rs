//! Why a file cannot be imported.

use jiedu_base::text::Message;

/// Nothing was made of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Neither `.html`, `.txt` nor `.docx`.
    #[error("not an .html, .txt or .docx file")]
    Kind,
    /// Nothing to import: no text and no picture.
    #[error("no text")]
    Empty,
    /// More than [`super::MAX_BYTES`], packed or unpacked.
    #[error("too large")]
    TooLarge,
    /// Neither UTF-8, UTF-16 nor GB 18030.
    #[error("line {line}, column {column}: no known encoding")]
    Encoding {
        /// Line of the first fault, from 1.
        line: usize,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// A Word file that cannot be read.
    #[error("damaged Word file: {part}: {problem}")]
    Damaged {
        /// The part of the package.
        part: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A Word file with tracked changes.
    #[error("paragraph {paragraph}: tracked changes")]
    TrackedChanges {
        /// The first paragraph with a change, from 1.
        paragraph: usize,
    },
    /// A Word file with comments.
    #[error("paragraph {paragraph}: comments")]
    Comments {
        /// The first paragraph with a comment, from 1.
        paragraph: usize,
    },
}

impl ImportError {
    /// What happened and what to do next, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Kind => Message::new(
                "只能导入 .docx、.html、.txt 文件；.doc、.wps 请先另存为 .docx，其他附件请直接放入 attachments 文件夹",
                "only .docx, .html and .txt files can be imported; save .doc and .wps as .docx first, and put other attachments into the attachments folder",
            ),
            Self::Empty => Message::new(
                "文件里没有文字；如果是扫描件或图片，请先转成可以选中文字的 .docx 再导入",
                "the file holds no text; turn a scan into a .docx with text that can be selected, then import",
            ),
            Self::TooLarge => Message::new(
                "文件太大（超过 50 MB），请先删去其中的图片和嵌入文件",
                "the file is too large (over 50 MB); remove pictures and embedded files first",
            ),
            Self::Encoding { line, column } => Message::new(
                format!("第 {line} 行第 {column} 个字节起无法识别编码；请另存为 UTF-8 文本"),
                format!("no known encoding from line {line}, byte {column}; save the file as UTF-8 text"),
            ),
            Self::Damaged { part, problem } => Message::new(
                format!("Word 文件已损坏（{part}：{problem}）；请用 Word 打开并另存为 .docx"),
                format!("the Word file is damaged ({part}: {problem}); open it in Word and save it as .docx"),
            ),
            Self::TrackedChanges { paragraph } => Message::new(
                format!("第 {paragraph} 段有未接受的修订；请在 Word 中“审阅→接受所有修订”后再导入"),
                format!(
                    "paragraph {paragraph} has tracked changes; accept or reject them in Word, then import"
                ),
            ),
            Self::Comments { paragraph } => Message::new(
                format!("第 {paragraph} 段有批注；请在 Word 中处理并删除批注后再导入"),
                format!(
                    "paragraph {paragraph} has a comment; deal with it and delete it in Word, then import"
                ),
            ),
        }
    }
}
