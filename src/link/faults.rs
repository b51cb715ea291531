//! What is said about links that lead nowhere.

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{Message, SourceFile};
use jiedu_markdown::Link;

pub(super) fn error(
    code: &'static str,
    rule: &'static str,
    file: &SourceFile,
    link: &Link,
    zh: String,
    en: String,
) -> Finding {
    Finding::new(code, rule, "link", Severity::Error, Place::range(file, link.range), Message::new(zh, en))
}

pub(super) fn broken(file: &SourceFile, link: &Link) -> Finding {
    let kind = if link.is_image { ("图片", "image") } else { ("链接", "link") };
    error(
        "L304",
        "link-broken",
        file,
        link,
        format!("{} `{}` 指向的文件不存在", kind.0, link.target),
        format!("the {} `{}` leads to a file that does not exist", kind.1, link.target),
    )
}

pub(super) fn clause_without_set(file: &SourceFile, link: &Link) -> Finding {
    error(
        "L306",
        "clause-without-set",
        file,
        link,
        format!("`{}` 没有写明是哪份文件的条款", link.target),
        format!("`{}` does not say to which set the provision belongs", link.target),
    )
    .note(
        "在页面里写成 clause:2025/jijiaoban-14#（五） 的样子。",
        "On pages write clause:2025/jijiaoban-14#（五）.",
    )
}

pub(super) fn ambiguous(file: &SourceFile, link: &Link, label: &str, candidates: &[String]) -> Finding {
    error(
        "L302",
        "clause-ambiguous",
        file,
        link,
        format!("`{label}` 在政策文件里不止一处，请写完整：{}", candidates.join("、")),
        format!("`{label}` names several provisions; write one of: {}", candidates.join(", ")),
    )
}

pub(super) fn unknown_clause(
    file: &SourceFile,
    link: &Link,
    label: &str,
    set: &SetId,
    candidates: &[String],
) -> Finding {
    let finding = error(
        "L301",
        "clause-unknown",
        file,
        link,
        format!("{set} 的政策文件里没有 `{label}` 这一条款"),
        format!("the policy {set} has no provision `{label}`"),
    );
    if candidates.is_empty() {
        return finding;
    }
    finding.note(
        format!("相近的条款：{}。", candidates.join("、")),
        format!("Similar provisions: {}.", candidates.join(", ")),
    )
}
