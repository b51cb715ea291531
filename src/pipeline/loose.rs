//! Reading one file as a policy's text, wherever it lies: Markdown as it is,
//! other kinds through the import.

use jiedu_base::text::{Message, SourceFile, TextRange, decode_loosely};
use jiedu_import::{self as import, Head};
use jiedu_model::{PolicyDocument, Spanned, read_text};

/// Reads the text of a file by the extension of its name. Lines are those of
/// the file for Markdown, else those of the Markdown that an import would write.
///
/// # Errors
/// What is wrong with the file, when no text can be read from it.
pub fn read_loose(name: &str, bytes: &[u8]) -> Result<PolicyDocument, Message> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if matches!(extension.as_deref(), Some("md" | "markdown")) {
        let read = decode_loosely(bytes).ok_or_else(|| {
            Message::new(
                "认不出文字编码；请另存为 UTF-8",
                "the encoding is not known; save the file as UTF-8",
            )
        })?;
        return Ok(read_text(&SourceFile::new(name, &read.text)));
    }
    let page = import::read(name, bytes).map_err(|error| error.message())?;
    let head = Head::read(&page);
    let title = head.title.as_ref().map(|title| title.value.clone());
    let titles: Vec<String> = title.iter().cloned().collect();
    let mut policy = read_text(&SourceFile::new(name, &import::body(&head.text, &titles)));
    if let Some(value) = title {
        policy.meta.title = Some(Spanned { value, range: TextRange::default() });
    }
    Ok(policy)
}
