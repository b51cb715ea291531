//! `file:` addresses and paths.

use std::path::{Path, PathBuf};

/// The path of a `file:` address; none for anything else.
pub(super) fn to_path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host is legal; only this machine is of use.
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = decode(rest.split(['?', '#']).next()?)?;
    if !path.starts_with('/') || path.contains('\0') {
        return None;
    }
    let bytes = path.as_bytes();
    let is_drive = bytes.get(1).is_some_and(u8::is_ascii_alphabetic) && bytes.get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { path.get(1..)? } else { &path }))
}

/// The address of a path.
pub(super) fn from_path(path: &Path) -> String {
    use std::fmt::Write as _;
    let path = path.to_string_lossy().replace('\\', "/");
    let lead = if path.starts_with('/') { "" } else { "/" };
    let mut uri = format!("file://{lead}");
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_paths_agree() {
        let path = Path::new("/a b/政策#1.md");
        let uri = from_path(path);
        assert_eq!(uri, "file:///a%20b/%E6%94%BF%E7%AD%96%231.md");
        assert_eq!(to_path(&uri).unwrap(), path);
        assert_eq!(to_path("file://localhost/x").unwrap(), Path::new("/x"));
        assert_eq!(to_path("file:///c%3A/x").unwrap(), Path::new("c:/x"));
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        for uri in
            ["untitled:Untitled-1", "file://", "file:///%zz", "file:///%00", "file:///%ff", "file://host/x"]
        {
            assert_eq!(to_path(uri), None, "{uri}");
        }
    }
}
