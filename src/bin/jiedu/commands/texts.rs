//! Texts that were named on the command line, in or outside a repository.

use std::io::Read as _;
use std::path::Path;

use jiedu::import::{self, Head, MAX_BYTES, Options};
use jiedu::model::{PolicyDocument, read_loose};
use jiedu::text::{SourceFile, decode_loosely};

use crate::ui::{Failure, Ui};

/// Reads a Markdown file as it stands; any other by what `jiedu import` makes
/// of it, and says what was left behind.
pub(crate) fn document(ui: Ui, path: &Path) -> Result<PolicyDocument, Failure> {
    let shown = path.to_string_lossy();
    let bytes = bytes(path)?;
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    if extension.as_deref().is_none_or(|extension| extension == "md" || extension == "markdown") {
        return Ok(read_loose(&SourceFile::new(&shown, &markdown(&shown, &bytes)?)));
    }
    let page = import::read(&shown, &bytes, Options::default()).map_err(|error| {
        let message = error.message();
        Failure::usage(format!("{shown}：{}", message.zh), format!("{shown}: {}", message.en))
    })?;
    for loss in &page.lost {
        ui.say(
            format!("{shown}：没有读入{}（{}）", loss.what.zh, loss.place.zh),
            format!("{shown}: {} ({}) was left out", loss.what.en, loss.place.en),
        );
    }
    let title = Head::read(&page).title.map(|title| title.value);
    let titles: Vec<String> = title.into_iter().collect();
    Ok(read_loose(&SourceFile::new(&shown, &import::body(&page.blocks, &titles))))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.to_string_lossy();
    let failure = |error: &std::io::Error| super::inputs::unreadable(&shown, error);
    let meta = std::fs::metadata(path).map_err(|error| failure(&error))?;
    if !meta.is_file() {
        return Err(Failure::usage(format!("{shown} 不是文件"), format!("{shown} is not a file"))
            .hint("请写到具体的文件，如 旧稿.docx", "name a file, such as old.docx"));
    }
    let file = std::fs::File::open(path).map_err(|error| failure(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| failure(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(Failure::usage(
            format!("{shown} 超过 {} MiB，没有读取", MAX_BYTES >> 20),
            format!("{shown} exceeds {} MiB and was not read", MAX_BYTES >> 20),
        ));
    }
    Ok(bytes)
}

/// Text in whatever usual encoding, with Unix line ends and without a byte-order mark.
fn markdown(shown: &str, bytes: &[u8]) -> Result<String, Failure> {
    let read = decode_loosely(bytes).ok_or_else(|| {
        let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        let before = bytes.get(..valid).unwrap_or_default();
        let line = before.split(|&byte| byte == b'\n').count();
        Failure::usage(
            format!("{shown} 第 {line} 行起认不出文字编码"),
            format!("the encoding of {shown} is not known from line {line} on"),
        )
        .hint("请用编辑器另存为 UTF-8", "save it as UTF-8")
    })?;
    Ok(read.text)
}
