//! Every file against the manifest, and against a rebuilt site.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::report::VerifyReport;
use crate::manifest::{FileFact, MANIFEST_PATH, Manifest, RELEASE_PATH, SIGNATURE_PATH};
use crate::site::{BuiltSite, Odd};
use jiedu_base::text::Message;

/// Compares what is there with what the manifest lists.
pub(super) fn compare(site: &BuiltSite, manifest: Option<&Manifest>, report: &mut VerifyReport) {
    report.checked.files = site.files.len();
    let Some(manifest) = manifest else { return };
    for (path, listed) in &manifest.files {
        match (site.files.get(path), site.odd.get(path)) {
            (Some(found), _) if found == listed => {}
            (Some(_), _) => report.add(
                "SITE_FILE_CHANGED",
                path,
                Message::new(
                    format!("`{path}` 已被改动，与清单不符"),
                    format!("`{path}` was changed: it is not the file of the manifest"),
                ),
            ),
            (None, Some(odd)) => report.add("SITE_FILE_CHANGED", path, odd_message(path, odd)),
            (None, None) => report.add(
                "SITE_FILE_MISSING",
                path,
                Message::new(format!("`{path}` 不见了"), format!("`{path}` is missing")),
            ),
        }
    }
    let known = |path: &String| {
        manifest.files.contains_key(path)
            || [MANIFEST_PATH, RELEASE_PATH, SIGNATURE_PATH].contains(&path.as_str())
    };
    for path in site.files.keys().filter(|path| !known(path)) {
        let message = Message::new(
            format!("`{path}` 不在清单里，是后来添加的"),
            format!("`{path}` is not in the manifest: it was added later"),
        );
        report.add("SITE_FILE_EXTRA", path, message);
    }
    for (path, odd) in site.odd.iter().filter(|(path, _)| !manifest.files.contains_key(*path)) {
        let code = if known(path) { "SITE_FILE_CHANGED" } else { "SITE_FILE_EXTRA" };
        report.add(code, path, odd_message(path, odd));
    }
}

fn odd_message(path: &str, odd: &Odd) -> Message {
    match odd {
        Odd::Link => Message::new(
            format!("`{path}` 是符号链接，网站里不应有链接"),
            format!("`{path}` is a symbolic link; a site has none"),
        ),
        Odd::Special => {
            Message::new(format!("`{path}` 不是普通文件"), format!("`{path}` is not a plain file"))
        }
        Odd::Name => {
            Message::new(format!("`{path}` 的文件名不是 UTF-8"), format!("the name of `{path}` is not UTF-8"))
        }
        Odd::TooLarge => Message::new(
            format!("`{path}` 大得不可能是网站文件"),
            format!("`{path}` is too large to be a file of a site"),
        ),
        Odd::Unreadable(why) => {
            Message::new(format!("`{path}` 无法读取：{why}"), format!("`{path}` cannot be read: {why}"))
        }
    }
}

/// Compares with the site as it follows from its source. The signature cannot
/// be made again without the publisher's key.
pub(super) fn compare_rebuilt(
    site: &BuiltSite,
    rebuilt: &BTreeMap<String, Arc<[u8]>>,
    report: &mut VerifyReport,
) {
    let mut differ = |path: &String, zh: &str, en: &str| {
        report.add("RENDER_MISMATCH", path, Message::new(format!("`{path}` {zh}"), format!("`{path}` {en}")));
    };
    for (path, bytes) in rebuilt.iter().filter(|(path, _)| path.as_str() != SIGNATURE_PATH) {
        match site.files.get(path) {
            Some(found) if *found == FileFact::of(bytes) => {}
            Some(_) => differ(path, "与按源文本重新生成的不一致", "does not follow from the approved source"),
            None => differ(
                path,
                "按源文本应当生成，网站里却没有",
                "follows from the approved source and is missing",
            ),
        }
    }
    for path in
        site.files.keys().filter(|path| path.as_str() != SIGNATURE_PATH && !rebuilt.contains_key(*path))
    {
        differ(path, "按源文本不会生成", "does not follow from the approved source: it should not exist");
    }
}
