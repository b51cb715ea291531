//! The attachments that a policy names against the files it comes with.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization as _;

use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::Message;
use jiedu_model::{PolicyDocument, PublicationSet};

pub(super) static MISSING: Rule = Rule {
    code: "P805",
    name: "attachment-missing",
    category: "set",
    severity: Severity::Warning,
    what: (
        "附件说明中的文件不在 attachments/ 里",
        "a file that the list of attachments names and that is not in attachments/",
    ),
    why: (
        "附件是正文的组成部分，应当一并公开（GB/T 9704—2012 第 7.3.4 条）。请把文件放进 attachments/，或者核对文件名。",
        "Attachments are part of the text (GB/T 9704-2012, 7.3.4). Put the file into attachments/, or correct its name.",
    ),
    bad: "附件：任务分工.docx（attachments/ 中没有这个文件）",
    good: "附件：任务分工.docx（attachments/任务分工.docx）",
    except: ("没有写扩展名的附件名称不查。", "Names without an extension."),
};

/// A name with the extension of a document, to the end of a printed line.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?mi)(?:^|[：:])\s*(?:附件\s*[0-9]{0,2}\s*[：:.．、]?\s*)?(?:[0-9]{1,2}\s*[.．、]\s*)?(?<name>[^\s：:/\\]{1,120}\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|odt|ods|zip|rar|csv|jpe?g|png))[；;。]?\s*$")
        .ok()
});

/// Names files that the policy lists and that nobody put beside it.
pub(super) fn check(set: &PublicationSet, policy: &PolicyDocument, findings: &mut Vec<Finding>) {
    let Some(pattern) = NAME.as_ref() else { return };
    let plain = |name: &str| name.nfc().collect::<String>();
    let files: BTreeSet<String> =
        set.attachments.iter().filter_map(|file| file.path.rsplit('/').next()).map(plain).collect();
    // A link leads to the file under whatever name it is kept.
    let linked: BTreeSet<&str> = policy
        .body
        .links
        .iter()
        .filter(|link| link.target.starts_with("attachments/"))
        .flat_map(|link| link.text.split(['：', ':', ' ']).map(str::trim).chain([link.text.trim()]))
        .collect();
    // The list begins with 附件 and may go on with numbered lines of their own.
    let list = policy.body.prose.iter().skip_while(|prose| !prose.text.trim_start().starts_with("附件"));
    for prose in list {
        for found in pattern.captures_iter(&prose.text).filter_map(|found| found.name("name")) {
            let name = found.as_str();
            if files.contains(&plain(name)) || linked.contains(name) {
                continue;
            }
            let message = Message::new(
                format!("attachments/ 中没有附件说明里写的“{name}”"),
                format!("`{name}` is listed as an attachment and is not in attachments/"),
            );
            let place = Place::range(&policy.file, prose.source_range(found.start(), found.end()));
            let rule = &MISSING;
            findings.push(Finding::new(rule.code, rule.name, rule.category, rule.severity, place, message));
        }
    }
}
