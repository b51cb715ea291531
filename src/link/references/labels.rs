//! Numbers and names of provisions as references speak of them.

use super::scan::{Step, Unit};
use jiedu_base::text::numerals;
use jiedu_model::Provision;

/// Whether a text lists an item of that label, rather than citing one.
pub(super) fn lists(text: &str, label: &str) -> bool {
    text.match_indices(label).any(|(at, _)| {
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let after = after.get(label.len()..).unwrap_or_default();
        !before.ends_with(['第', '、', '至', '和', '或'])
            && !after.starts_with(['项', '、', '至', '和', '或'])
    })
}

/// The number of an article.
pub(super) fn article_number(provision: &Provision) -> Option<u32> {
    let tail = provision.anchor.strip_prefix("w-").unwrap_or(&provision.anchor).strip_prefix("art")?;
    let tail = tail.split('_').next()?;
    let is_article = provision.label.starts_with('第') && !provision.label.is_empty();
    tail.split('-').next()?.parse().ok().filter(|_| is_article)
}

/// The number in a label of an item or point.
pub(super) fn label_number(provision: &Provision, unit: Unit) -> Option<u32> {
    let label = &provision.label;
    let inner = match unit {
        Unit::Item => label.strip_prefix('（')?.strip_suffix('）')?,
        Unit::Point => label.strip_suffix('.')?,
        _ => return None,
    };
    numerals::read(inner)
}

/// The name by which provisions are known.
pub(super) fn name(steps: &[Step]) -> String {
    let part = |step: &Step| {
        let number = if step.number > 9_999 { step.number.to_string() } else { numerals::write(step.number) };
        let more = step.addition.map_or_else(String::new, |more| format!("之{}", numerals::write(more)));
        match step.unit {
            Unit::Part => format!("第{number}编"),
            Unit::SubPart => format!("第{number}分编"),
            Unit::Chapter => format!("第{number}章"),
            Unit::Division => format!("第{number}节"),
            Unit::Article => format!("第{number}条{more}"),
            Unit::Paragraph => format!("第{number}款"),
            Unit::Item => format!("第（{number}）项"),
            Unit::Point => format!("{}.", step.number),
        }
    };
    steps.iter().map(part).collect()
}

/// The names of what the steps lead to and of what holds it, the nearest first.
pub(super) fn names(steps: &[Step]) -> Vec<String> {
    (1..=steps.len()).rev().filter_map(|count| steps.get(..count)).map(name).collect()
}
