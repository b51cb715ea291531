//! Whose provision a reference means: this text's or another document's.
//!
//! What stands right before it decides: `《…》第六条`, `该法第六条` and
//! `民法典第六条` are another's, `本办法第六条` is this text's, a list goes on with
//! what its first member means. `本法` in a text that is no law is another's.

use super::scan::{Raw, Start};
use jiedu_base::text::is_blank;

/// Whose provision it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// This text's. `is_said` when the text says so (`本办法第六条`).
    Own {
        /// Whether the text says so.
        is_said: bool,
    },
    /// Another document's: its title as printed with 《》, when that is known.
    Other(Option<String>),
    /// This text's if it exists here; else of the document named before it.
    Either(Option<String>),
}

/// What a text calls itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    /// Titles without blanks and title marks: of the text, of an enclosed one.
    pub(super) titles: Vec<String>,
    /// The document that an amending text changes, when it is one.
    pub(super) amends: Option<Amended>,
}

/// The document that an amending text changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amended {
    /// Its title as printed, when the amending text's title names it.
    title: Option<String>,
}

/// Kinds of documents as they are named at the end of a title.
const KINDS: [&str; 38] = [
    "实施条例",
    "实施细则",
    "实施办法",
    "暂行条例",
    "暂行规定",
    "暂行办法",
    "若干规定",
    "管理办法",
    "管理规定",
    "法典",
    "条例",
    "办法",
    "规定",
    "细则",
    "规则",
    "决定",
    "解释",
    "意见",
    "通知",
    "章程",
    "公约",
    "规程",
    "准则",
    "协定",
    "宪法",
    "修正案",
    "标准",
    "规范",
    "方案",
    "纲要",
    "公告",
    "通告",
    "指引",
    "制度",
    "措施",
    "协议",
    "合同",
    "法",
];

/// Characters before a reference that are looked at.
const WINDOW: usize = 90;

/// Attributes the references of one run of text.
pub(super) fn owners(text: &str, raws: &[Raw], identity: &Identity) -> Vec<Owner> {
    let mut owners: Vec<Owner> = Vec::with_capacity(raws.len());
    let mut named: Option<String> = None;
    let mut before: Option<&Raw> = None;
    for raw in raws {
        let from = before.map_or(0, |before| before.end);
        let gap = text.get(from..raw.start).unwrap_or_default();
        // A new sentence names its documents anew.
        let is_new = gap.contains('。');
        if is_new {
            named = None;
        }
        let said = last_title(gap.rsplit('。').next().unwrap_or(gap)).map(ToOwned::to_owned);
        let said_so = match &identity.amends {
            None if raw.is_own => Some(Prefix::Own),
            _ => prefix(window(text, raw.start), identity),
        };
        let owner = match said_so {
            Some(Prefix::That) => Owner::Other(said.clone().or_else(|| named.clone())),
            Some(Prefix::Own) => Owner::Own { is_said: true },
            Some(Prefix::Other(title)) => Owner::Other(title),
            None => match owners.last().filter(|_| before.is_some() && joins(gap)) {
                Some(Owner::Own { .. }) | None => free(raw, said.as_ref(), named.as_ref(), identity),
                Some(last) => last.clone(),
            },
        };
        if said.is_some() {
            named = said;
        }
        if let Owner::Other(document) = &owner {
            // A document without title marks is named too, though not how.
            named = Some(document.clone().unwrap_or_default());
        }
        owners.push(owner);
        before = Some(raw);
    }
    owners
}

/// A reference without a word before it that says whose it is.
fn free(raw: &Raw, said: Option<&String>, named: Option<&String>, identity: &Identity) -> Owner {
    if let Some(amended) = &identity.amends
        && !matches!(raw.from, Start::Annex(_))
    {
        return Owner::Other(said.or(amended.title.as_ref()).cloned());
    }
    match said.or(named) {
        Some(document) if raw.from == Start::Text => {
            Owner::Either(Some(document.clone()).filter(|document| !document.is_empty()))
        }
        Some(_) if raw.from == Start::Here && !raw.is_own => Owner::Either(None),
        _ => Owner::Own { is_said: false },
    }
}

/// The characters before a place.
fn window(text: &str, end: usize) -> &str {
    let before = text.get(..end).unwrap_or_default();
    let start = before.char_indices().rev().nth(WINDOW - 1).map_or(0, |(at, _)| at);
    before.get(start..).unwrap_or_default()
}

/// What the words right before a reference say.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Prefix {
    /// `本办法`, or the text's own title.
    Own,
    /// `《…》`, or `民法典` without marks.
    Other(Option<String>),
    /// `该法`: the document named before.
    That,
}

fn prefix(before: &str, identity: &Identity) -> Option<Prefix> {
    let mut before = before.trim_end_matches(is_blank);
    for word in ["规定的", "中的", "里的", "的", "中", "里", "之"] {
        if let Some(stem) = before.strip_suffix(word)
            && (stem.ends_with('》') || KINDS.iter().any(|kind| stem.ends_with(kind)))
        {
            before = stem;
            break;
        }
    }
    let stem = without_bracket(before);
    if let Some(title) = title_at_end(stem) {
        let is_own = identity.titles.iter().any(|own| *own == bare(title));
        return Some(if is_own { Prefix::Own } else { Prefix::Other(Some(title.to_owned())) });
    }
    let kind = KINDS.iter().find(|kind| stem.ends_with(**kind))?;
    let head = stem.strip_suffix(kind)?;
    if head.ends_with('本') {
        let is_own =
            identity.titles.is_empty() || identity.titles.iter().any(|title| is_of_kind(title, kind));
        return Some(if is_own { Prefix::Own } else { Prefix::Other(None) });
    }
    if head.ends_with(['该', '同', '此', '原']) || head.ends_with("上述") || head.ends_with("前述") {
        return Some(Prefix::That);
    }
    // 依法第三条, 按照规定第三条 name nothing.
    let names_nothing =
        head.is_empty() || head.ends_with(['依', '合', '违', '非', '守', '，', '。', '；', '、', '照', '据']);
    (!names_nothing || *kind == "法典" || *kind == "宪法").then_some(Prefix::Other(None))
}

/// Whether a text of that title may call itself 本 with that kind.
fn is_of_kind(title: &str, kind: &str) -> bool {
    match kind {
        "法" => (title.ends_with('法') && !title.ends_with("办法")) || title.contains("法（"),
        _ => title.contains(kind),
    }
}

/// Without a bracket at the end: `《甲法》（以下简称甲法）`.
fn without_bracket(text: &str) -> &str {
    let Some(inner) = text.strip_suffix(['）', ')']) else { return text };
    let Some(open) = inner.rfind(['（', '(']) else { return text };
    let stem = text.get(..open).unwrap_or(text);
    if stem.ends_with('》') { stem } else { text }
}

/// `《…》` at the end of a text.
fn title_at_end(text: &str) -> Option<&str> {
    let inner = text.strip_suffix('》')?;
    let mut depth = 1;
    for (at, c) in inner.char_indices().rev() {
        match c {
            '》' => depth += 1,
            '《' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at..);
        }
    }
    None
}

/// The last `《…》` in a text.
fn last_title(text: &str) -> Option<&str> {
    let end = text.rfind('》')?;
    let from = text.get(..end + '》'.len_utf8())?;
    let from = window(from, from.len());
    title_at_end(from)
}

/// Whether what stands between two references only lists them.
fn joins(gap: &str) -> bool {
    let mut gap: String = gap.chars().filter(|c| !is_blank(*c)).collect();
    for word in [
        "规定的情形",
        "的规定",
        "规定",
        "之规定",
        "以及",
        "或者",
        "并",
        "和",
        "或",
        "及",
        "与",
        "、",
        "至",
        "同时",
    ] {
        gap = gap.replace(word, "");
    }
    gap.is_empty()
}

/// Without blanks and title marks.
pub(super) fn bare(title: &str) -> String {
    title.chars().filter(|c| !is_blank(*c) && !matches!(c, '《' | '》')).collect()
}

/// The document that an amending text changes, by its title.
pub(super) fn amended(title: &str) -> Option<Amended> {
    let is_decision =
        title.contains("决定") || title.contains("通知") || title.contains("公告") || title.ends_with('令');
    let amends = (title.contains("修改") || title.contains("修订")) && is_decision
        || title.contains("修正案")
        || (title.contains("废止") && is_decision);
    amends.then(|| Amended { title: last_title(title).map(ToOwned::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    fn owners_of(title: &str, text: &str) -> Vec<Owner> {
        let identity = Identity { titles: vec![title.to_owned()], amends: amended(title) };
        owners(text, &scan(text), &identity)
    }

    #[test]
    fn what_stands_before_decides() {
        let own = |is_said| Owner::Own { is_said };
        let other = |title: &str| Owner::Other(Some(title.to_owned()));
        assert_eq!(owners_of("某办法", "依照第六条处罚"), [own(false)]);
        assert_eq!(owners_of("某办法", "依照本办法第六条处罚"), [own(true)]);
        assert_eq!(
            owners_of("某办法", "依照《甲法》第六条、第七条处罚"),
            [other("《甲法》"), other("《甲法》")]
        );
        assert_eq!(owners_of("某办法", "依照《甲法》第六条和本办法第七条"), [other("《甲法》"), own(true)]);
        assert_eq!(owners_of("某办法", "依照《甲法》（以下简称甲法）第六条"), [other("《甲法》")]);
        assert_eq!(owners_of("某办法", "依照《甲法》的规定处罚，该法第六条另有规定"), [other("《甲法》")]);
        assert_eq!(owners_of("某办法", "依照民法典第六条"), [Owner::Other(None)]);
        assert_eq!(owners_of("某办法", "依照本法第六条"), [Owner::Other(None)]);
        assert_eq!(owners_of("某法", "依照本法第六条"), [own(true)]);
        assert_eq!(owners_of("某办法", "依照《某办法》第六条"), [own(true)]);
        assert_eq!(
            owners_of("某办法", "符合《甲法》规定的，依照第六条处罚"),
            [Owner::Either(Some("《甲法》".to_owned()))]
        );
        assert_eq!(owners_of("某办法", "符合《甲法》规定。依照第六条处罚"), [own(false)]);
        assert_eq!(owners_of("关于修改《甲办法》的决定", "删去第四条"), [other("《甲办法》")]);
    }
}
