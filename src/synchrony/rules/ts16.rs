//! TS-16: 公开方式 in the front matter and 附注 in the text agree.

use crate::{Context, Rule, words};
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::Message;
use jiedu_model::Disclosure;

pub(crate) static RULE: Rule = Rule {
    code: "TS-16",
    names: &["disclosure-mismatch"],
    severity: Severity::Error,
    blocks: true,
    what: (
        "文件信息里的“公开方式”与正文附注（如“（此件主动公开）”）一致。依申请公开、不予公开的文件不会出现在网站上。",
        "`disclosure` agrees with the note in the text, such as （此件主动公开）. What is not 主动公开 never reaches the site.",
    ),
    why: (
        "公开属性随文件一并审签（国办发〔2016〕80号）；附注写依申请公开而按主动公开发布，就是违规公开。",
        "The attribute is decided with the document (国办发〔2016〕80号); publishing against its own note is a breach.",
    ),
    bad: (
        "公开方式: 主动公开，正文写“（此件依申请公开）”。",
        "`disclosure: 主动公开`, while the text says （此件依申请公开）.",
    ),
    good: ("两处一致；定为依申请公开的，公开方式也写依申请公开。", "Both agree."),
};

pub(crate) fn check(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(policy) = &context.set.policy else { return };
    let decided = policy.meta.disclosure;
    for prose in &policy.body.prose {
        // A note stands alone in its brackets: other text is not looked at.
        if !prose.text.trim_start_matches(words::is_dropped).starts_with(['（', '(']) {
            continue;
        }
        let Some(printed) = note(&words::bare(&prose.text)) else { continue };
        if printed == decided {
            continue;
        }
        let name = |disclosure| match disclosure {
            Disclosure::Proactive => "主动公开",
            Disclosure::OnRequest => "依申请公开",
            Disclosure::Withheld => "不予公开",
            Disclosure::Unreadable => "无法辨认",
        };
        let finding = RULE.finding(
            context,
            Place::range(&policy.file, prose.range),
            format!("正文附注是{}，文件信息里的公开方式是{}", name(printed), name(decided)),
            format!("the note in the text says {}, the front matter {}", name(printed), name(decided)),
        );
        let label = Message::new(
            "公开方式在这里填写，不填就是主动公开",
            "`disclosure` is set here; without it the document counts as 主动公开",
        );
        findings.push(finding.label(&policy.file, words::first_line(&policy.file), label));
    }
}

/// The way of disclosure that an 附注 prints; none for other text.
fn note(text: &str) -> Option<Disclosure> {
    let inner = text.strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
    let said = ["此件", "本件", "此文件", "本文件", "公开方式：", "公开属性："]
        .iter()
        .find_map(|start| inner.strip_prefix(start))?;
    if said.contains("依申请") {
        return Some(Disclosure::OnRequest);
    }
    if ["不予公开", "不公开", "免予公开", "不对外公开"].iter().any(|word| said.contains(word))
    {
        return Some(Disclosure::Withheld);
    }
    ["主动公开", "公开发布", "公开"].contains(&said).then_some(Disclosure::Proactive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_recognised() {
        assert_eq!(note("（此件主动公开）"), Some(Disclosure::Proactive));
        assert_eq!(note("(此件公开发布)"), Some(Disclosure::Proactive));
        assert_eq!(note("（此件依申请公开）"), Some(Disclosure::OnRequest));
        assert_eq!(note("（此件不予公开）"), Some(Disclosure::Withheld));
        for other in ["（此件发至县级）", "主动公开", "（五）主动公开", "（此件）"] {
            assert_eq!(note(other), None, "{other}");
        }
    }
}
