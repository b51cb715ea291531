//! Links as they are written: what kind they are, and which file of the
//! repository a relative one means.

/// A link target taken apart.
#[derive(Debug, PartialEq, Eq)]
pub enum Written<'a> {
    /// `clause:…`.
    Clause(&'a str),
    /// `https:`, `mailto:` and the like: not looked at.
    Outside,
    /// A scheme that a page must not carry.
    Unsafe,
    /// `#anchor`.
    Fragment(&'a str),
    /// `/about/`: an address of the site.
    Absolute(&'a str),
    /// A path relative to the file, and what follows `#`.
    Relative(&'a str, Option<&'a str>),
}

/// Takes a target apart.
pub fn read(target: &str) -> Written<'_> {
    if let Some(label) = target.strip_prefix("clause:") {
        return Written::Clause(label);
    }
    if target.starts_with("//") {
        return Written::Outside;
    }
    let head = target.split(['/', '?', '#']).next().unwrap_or("");
    if let Some((scheme, _)) = head.split_once(':') {
        let is_known = ["http", "https", "mailto", "tel"].contains(&scheme.to_ascii_lowercase().as_str());
        return if is_known { Written::Outside } else { Written::Unsafe };
    }
    if let Some(fragment) = target.strip_prefix('#') {
        return Written::Fragment(fragment);
    }
    if target.starts_with('/') {
        return Written::Absolute(target);
    }
    let (path, fragment) =
        target.split_once('#').map_or((target, None), |(path, fragment)| (path, Some(fragment)));
    Written::Relative(path.split('?').next().unwrap_or(path), fragment)
}

/// The path that `relative` means in a file of `folder`; none when it leaves
/// the repository.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_told_apart() {
        assert_eq!(read("clause:（五）"), Written::Clause("（五）"));
        assert_eq!(read("HTTPS://x.example/a"), Written::Outside);
        assert_eq!(read("javascript:x"), Written::Unsafe);
        assert_eq!(read("#s1"), Written::Fragment("s1"));
        assert_eq!(read("/about/"), Written::Absolute("/about/"));
        assert_eq!(read("../a.pdf#p"), Written::Relative("../a.pdf", Some("p")));
        assert_eq!(read("a:b"), Written::Unsafe);
        assert_eq!(read("./a:b"), Written::Relative("./a:b", None));
    }

    #[test]
    fn paths_stay_in_the_repository() {
        assert_eq!(join("a/b", "../x.pdf").as_deref(), Some("a/x.pdf"));
        assert_eq!(join("a/b", "./x/./y").as_deref(), Some("a/b/x/y"));
        assert_eq!(join("", "../x"), None);
        assert_eq!(join("a", "../../x"), None);
    }
}
