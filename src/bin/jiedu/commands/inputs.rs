//! Reading the files that `check` and `fix` were given with `--text-only`.
//!
//! Folders are walked in name order for `.md` and `.txt` files; links in them are
//! not followed, so a cycle cannot trap the walk and nothing outside is fixed. A
//! file that is no text becomes a finding, not a failure: the others are still read.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiedu::finding::{Finding, Message, Place, Severity};
use jiedu::text::{Position, SourceFile, TextFaultKind, decode_loosely};

use crate::ui::Failure;

/// Larger files are refused unread (approvals §7: blob limit).
const LARGEST: u64 = 32 << 20;
/// Folders nested deeper than this are not entered.
const DEEPEST: usize = 64;

/// What was read, and what could not be.
#[derive(Default)]
pub(crate) struct Inputs {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) findings: Vec<Finding>,
    /// What was put right while reading, by path.
    pub(crate) repaired: BTreeMap<String, Vec<TextFaultKind>>,
}

/// Reads the paths in the order given; `-` is standard input.
pub(crate) fn read(paths: &[String]) -> Result<Inputs, Failure> {
    if paths.is_empty() {
        return Err(Failure::usage("没有指定要校对的文件", "no file to proofread was given").hint(
            "例如：jiedu check --text-only 稿件.md，或用 - 从标准输入读取",
            "for example: jiedu check --text-only draft.md, or - for standard input",
        ));
    }
    let mut inputs = Inputs::default();
    for path in paths {
        if path == "-" {
            let mut bytes = Vec::new();
            std::io::stdin()
                .lock()
                .take(LARGEST + 1)
                .read_to_end(&mut bytes)
                .map_err(|error| unreadable("-", &error))?;
            inputs.take("-", bytes);
        } else {
            for file in list(Path::new(path))? {
                inputs.read_file(&file)?;
            }
        }
    }
    Ok(inputs)
}

impl Inputs {
    fn read_file(&mut self, path: &Path) -> Result<(), Failure> {
        let shown = path.to_string_lossy();
        if path.to_str().is_none() {
            self.findings.push(odd_name(&shown));
            return Ok(());
        }
        let size = std::fs::metadata(path).map_err(|error| unreadable(&shown, &error))?.len();
        if size > LARGEST {
            self.findings.push(too_large(&shown));
            return Ok(());
        }
        let bytes = std::fs::read(path).map_err(|error| unreadable(&shown, &error))?;
        self.take(&shown, bytes);
        Ok(())
    }

    fn take(&mut self, path: &str, bytes: Vec<u8>) {
        if bytes.len() as u64 > LARGEST {
            self.findings.push(too_large(path));
            return;
        }
        if is_office_file(&bytes) {
            self.findings.push(office_file(path));
            return;
        }
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.note_line_ends(path, &text);
                // Judged as it is written: places and patches are those of the file.
                self.files.push(SourceFile::new(path, &text));
                if let Some(read) = decode_loosely(text.as_bytes()).filter(|read| !read.repaired.is_empty()) {
                    self.repaired.insert(path.to_owned(), read.repaired);
                }
            }
            Err(error) => {
                let bytes = error.as_bytes();
                let read = decode_loosely(bytes);
                self.findings.push(not_utf8(path, bytes, error.utf8_error().valid_up_to(), read.is_some()));
                if let Some(read) = read {
                    self.repaired.insert(path.to_owned(), read.repaired);
                    self.files.push(SourceFile::new(path, &read.text));
                }
            }
        }
    }

    /// Outside a repository Windows line ends are legal, but a commit with them
    /// will be refused: say so early.
    fn note_line_ends(&mut self, path: &str, text: &str) {
        let file = SourceFile::new(path, text);
        let hint = |at: usize, message| {
            let place = Place::range(&file, (at..at).into());
            Finding::new("TEXT_EOL", "text-eol", "encoding", Severity::Hint, place, message)
        };
        if text.starts_with('\u{feff}') {
            let is_empty = text.trim_start_matches('\u{feff}').trim().is_empty();
            let message = if is_empty {
                Message::new(
                    "文件里只有一个 BOM（字节顺序标记），没有文字",
                    "the file holds a byte-order mark and no text",
                )
            } else {
                Message::new(
                    "文件开头有 BOM（字节顺序标记），提交入库时会被拒绝",
                    "the file begins with a byte-order mark; a commit with it will be refused",
                )
            };
            self.findings.push(hint(0, message).note(
                "请另存为“UTF-8（无 BOM）”；git 不会自动去掉它",
                "save it as UTF-8 without BOM; git does not take it away",
            ));
        }
        if let Some(at) = text.find('\r') {
            let message = Message::new(
                "文件用 Windows 换行，提交入库时会被拒绝",
                "the file has Windows line ends; a commit with them will be refused",
            );
            self.findings.push(hint(at, message).note(
                "仓库里有 .gitattributes（* text eol=lf）时，git 会自动转换",
                "with `* text eol=lf` in .gitattributes git converts by itself",
            ));
        }
    }
}

fn list(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let shown = path.to_string_lossy();
    let meta = std::fs::metadata(path).map_err(|error| unreadable(&shown, &error))?;
    if !meta.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    walk(path, 0, &mut files)?;
    Ok(files)
}

fn walk(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failure = |error: &std::io::Error| unreadable(&dir.to_string_lossy(), error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(|error| failure(&error))? {
        let entry = entry.map_err(|error| failure(&error))?;
        entries.push((entry.file_name(), entry.file_type().map_err(|error| failure(&error))?));
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, kind) in entries {
        let path = dir.join(&name);
        let hidden = name.to_string_lossy().starts_with('.');
        let is_text = path.extension().is_some_and(|extension| extension == "md" || extension == "txt");
        if kind.is_dir() && !hidden && depth < DEEPEST {
            walk(&path, depth + 1, files)?;
        } else if kind.is_file() && !hidden && is_text {
            files.push(path);
        }
    }
    Ok(())
}

pub(crate) fn unreadable(path: &str, error: &std::io::Error) -> Failure {
    Failure::usage(format!("读不出 {path}：{error}"), format!("cannot read {path}: {error}"))
        .hint("请检查路径是否写对、是否有读取权限", "check the path and your permission to read it")
}

fn too_large(path: &str) -> Finding {
    let message = Message::new("文件超过 32 MiB，没有检查", "the file exceeds 32 MiB and was not checked");
    Finding::new("TEXT_TOO_LARGE", "text-too-large", "encoding", Severity::Error, Place::whole(path), message)
        .note("请把文字与数据分成几个文件", "split the text into several files")
}

/// What is written back must go where it came from, by the same name.
fn odd_name(path: &str) -> Finding {
    let message = Message::new(
        "文件名不是 UTF-8 编码（可能是 GBK），没有读取",
        "the file's name is not UTF-8 (perhaps GBK); it was not read",
    );
    Finding::new("TEXT_ENCODING", "text-encoding", "encoding", Severity::Error, Place::whole(path), message)
        .note("请先改文件名", "rename the file first")
}

/// Word, PDF and other files that are no plain text, by their first bytes.
fn is_office_file(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"%PDF-"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn office_file(path: &str) -> Finding {
    let message = Message::new(
        "这是 Word、PDF 等办公文件，--text-only 只检查纯文本，没有检查",
        "an office file; --text-only checks plain text, so it was not checked",
    );
    Finding::new("TEXT_ENCODING", "text-encoding", "encoding", Severity::Error, Place::whole(path), message).note(
        "请先用 jiedu import 文件 --into 集编号 转成文字，再用 jiedu check 检查；只看条文可用 jiedu outline",
        "turn it into text with `jiedu import FILE --into SET`, then run `jiedu check`; `jiedu outline` shows its provisions",
    )
}

fn not_utf8(path: &str, bytes: &[u8], at: usize, is_read: bool) -> Finding {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.split(|&byte| byte == b'\n').count();
    let last = before.rsplit(|&byte| byte == b'\n').next().unwrap_or(before);
    let column = String::from_utf8_lossy(last).chars().count() + 1;
    let place = Place {
        file: None,
        path: path.to_owned(),
        range: (at..at).into(),
        position: Some(Position { line, column }),
    };
    let message = if is_read {
        Message::new(
            "文件不是 UTF-8 编码（按 GBK 读取检查），提交入库时会被拒绝",
            "the file is not UTF-8 (it was read as GBK); a commit with it will be refused",
        )
    } else {
        Message::new(
            "文件不是 UTF-8 编码（可能是 GBK），没有检查",
            "the file is not UTF-8 (perhaps GBK) and was not checked",
        )
    };
    Finding::new("TEXT_ENCODING", "text-encoding", "encoding", Severity::Error, place, message).note(
        "请用编辑器“另存为 UTF-8”，或运行 jiedu fix --text-only",
        "save it as UTF-8 in your editor, or run jiedu fix --text-only",
    )
}
