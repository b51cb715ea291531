//! What is said about references that lead nowhere.

use super::Reference;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::Message;
use jiedu_model::PolicyDocument;

/// Findings of one kind that are told in one text at most.
const MAX_TOLD: usize = 50;

/// References of a text to provisions that it does not have.
pub(crate) fn missing(policy: &PolicyDocument, references: &[Reference]) -> Vec<Finding> {
    let faulty =
        references.iter().filter(|reference| reference.is_missing && !reference.text.starts_with('附'));
    let finding = |reference: &Reference| {
        let text = &reference.text;
        let message = Message::new(
            format!("“{text}”在本文中没有对应的条款"),
            format!("`{text}` names no provision of this text"),
        );
        let place = Place::range(&policy.file, reference.range);
        Finding::new("L311", "reference-missing", "link", Severity::Warning, place, message)
            .note(note(policy, reference).0, note(policy, reference).1)
    };
    faulty.take(MAX_TOLD).map(finding).collect()
}

fn note(policy: &PolicyDocument, reference: &Reference) -> (String, String) {
    if reference.text.starts_with('前') {
        return (
            "它所在的这一款是本条的第一款，前面没有可指的款；请写明条款，如“本条第二款”“第六条”。".to_owned(),
            "nothing stands before the paragraph it is in; name the provision".to_owned(),
        );
    }
    let last =
        policy.provisions.iter().rev().find(|one| one.label.starts_with('第') && one.label.ends_with('条'));
    match last {
        Some(last) => (
            format!(
                "本文到{}为止。条文改过序号的，请按现在的序号改写；指其他文件的，请在前面写明《文件名称》。",
                last.label
            ),
            format!("the text ends with {}; if another document is meant, name it in 《》", last.label),
        ),
        None => (
            "指其他文件的，请在前面写明《文件名称》。".to_owned(),
            "if another document is meant, name it in 《》".to_owned(),
        ),
    }
}

/// A provision of another document that its present text does not have.
pub(crate) fn not_in(policy: &PolicyDocument, reference: &Reference, cited: &SetId) -> Finding {
    let title = reference.document.as_deref().unwrap_or_default();
    let text = &reference.text;
    let message = Message::new(
        format!("{title}（{cited}）现在的文本里没有“{text}”"),
        format!("the present text of {title} ({cited}) has no `{text}`"),
    );
    let place = Place::range(&policy.file, reference.range);
    Finding::new("L312", "cited-provision-missing", "link", Severity::Warning, place, message).note(
        "请对照那份文件核对条款序号；引用的是旧版的，写明是哪一年的文本。",
        "Check the number against that document; if an older text is meant, say which.",
    )
}
