//! Why a file cannot be imported.

use jiedu_base::text::Message;
use jiedu_office::Fault;
use jiedu_office::decode::EncodingFault;

/// Nothing was made of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// None of the formats that can be read.
    #[error("not a format that can be imported")]
    Kind,
    /// A format that only another program reads, which is not installed.
    #[error("{0} needs another program")]
    NeedsProgram(&'static str),
    /// Protected by a password.
    #[error("encrypted")]
    Encrypted,
    /// Pages of pictures.
    #[error("scanned")]
    Scanned,
    /// Nothing to import: no text and no picture.
    #[error("no text")]
    Empty,
    /// More than [`super::MAX_BYTES`], packed or unpacked.
    #[error("too large")]
    TooLarge,
    /// A page made to keep its reader busy.
    #[error("line {line}: too intricate")]
    Intricate {
        /// The line of the first element that is beyond the bounds, from 1.
        line: usize,
    },
    /// Neither UTF-8, UTF-16 nor GB 18030.
    #[error("line {line}, column {column}: no known encoding")]
    Encoding {
        /// Line of the first fault, from 1.
        line: usize,
        /// Byte of the line, from 1.
        column: usize,
    },
    /// A file that cannot be read.
    #[error("damaged file: {part}: {problem}")]
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
}

impl ImportError {
    /// What happened and what to do next, for people.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Kind => Message::new(
                "不是可以导入的格式；能导入 .docx、.doc、.wps、.rtf、.html、.txt、.pdf、.ofd；.xls、.xlsx 表格、图片等请用 jiedu attach 作为附件放入，其他文字请先另存为 .docx",
                "not a format that can be imported; .docx, .doc, .wps, .rtf, .html, .txt, .pdf and .ofd are; add tables and pictures with `jiedu attach`, and save other texts as .docx",
            ),
            Self::NeedsProgram(format) => Message::new(
                format!(
                    "{format} 文件要由 LibreOffice 转换，这台电脑上没有找到；请用 Word 或 WPS 打开并另存为 .docx 后再导入"
                ),
                format!(
                    "{format} files are converted by LibreOffice, which was not found; save the file as .docx, then import"
                ),
            ),
            Self::Encrypted => Message::new(
                "文件设有打开密码，不能读取；请在 Word 或 WPS 中去掉密码，另存后再导入",
                "the file is protected by a password; remove it in the word processor, save, then import",
            ),
            Self::Scanned => Message::new(
                "PDF 里没有可以选中的文字，可能是扫描件；请向起草部门索取 .docx 原稿，或识别文字后再导入",
                "the PDF has no text that can be selected, it may be a scan; ask for the original .docx, or recognise its text first",
            ),
            Self::Intricate { line } => Message::new(
                format!(
                    "第 {line} 行：网页的属性或字符引用多得不合理，不予读取；请用浏览器打开后另存，或复制文字到 .txt 再导入"
                ),
                format!(
                    "line {line}: the page has unreasonably many attributes or character references and is not read; save it anew from a browser, or import its text as .txt"
                ),
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
                format!(
                    "文件已损坏或不是它的扩展名所说的格式（{part}：{problem}）；请用 Word 或 WPS 打开，另存为 .docx 后再导入"
                ),
                format!(
                    "the file is damaged or not what its name says ({part}: {problem}); open it in the word processor and save it as .docx"
                ),
            ),
            Self::TrackedChanges { paragraph } => Message::new(
                format!(
                    "第 {paragraph} 段起有修订记录，由您决定以哪种文字为准：--changes accept 按修订后的文字，--changes reject 按修订前的文字，--changes show 两种都保留并标明；不要在没有看过修订内容时一概接受"
                ),
                format!(
                    "tracked changes from paragraph {paragraph}: say which text counts: --changes accept (the new one), --changes reject (the old one) or --changes show (both, marked); do not accept changes unseen"
                ),
            ),
        }
    }
}

impl From<Fault> for ImportError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::TooLarge => Self::TooLarge,
            Fault::Encrypted => Self::Encrypted,
            Fault::Damaged { part, problem } => Self::Damaged { part, problem },
        }
    }
}

impl From<EncodingFault> for ImportError {
    fn from(fault: EncodingFault) -> Self {
        Self::Encoding { line: fault.line, column: fault.column }
    }
}
