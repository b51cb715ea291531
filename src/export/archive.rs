//! All files of an edition in one archive, each as it was approved.

use super::{ExportError, Source, package};

/// The archive of a set: its files below `set/` byte for byte, `manifest.txt`
/// (the digest is the SHA-256 of these bytes), the text as plain text and as
/// Akoma Ntoso for readers without Markdown, and what else belongs to the
/// edition (`more`: statements, rosters), sorted by path.
///
/// # Errors
/// The archive cannot be packed.
pub fn archive(source: &Source<'_>, more: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ExportError> {
    let (text, xml) = (super::plain_text(source), super::akoma_ntoso(source));
    let mut parts: Vec<(String, &[u8])> =
        source.set.files.iter().map(|file| (format!("set/{}", file.path), &*file.bytes)).collect();
    parts.push(("manifest.txt".to_owned(), &source.set.manifest));
    parts.push(("policy.txt".to_owned(), text.as_bytes()));
    parts.push(("policy.akn.xml".to_owned(), xml.as_bytes()));
    parts.extend(more.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())));
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    package::pack(parts)
}
