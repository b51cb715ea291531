//! A document as a list of passages: its provisions, and the paragraphs that
//! belong to none.

use jiedu_base::text::Message;
use jiedu_model::{PolicyDocument, PolicyMeta};

/// One passage of a document, in reading order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The provision's anchor; none for a paragraph outside all provisions.
    pub anchor: Option<String>,
    /// The printed label: `（五）`; empty when there is none.
    pub label: String,
    /// The link text that names the provision alone.
    pub reference: String,
    /// The provision's heading after the label; empty when there is none.
    pub heading: String,
    /// Depth among provisions, 0 for a paragraph outside.
    pub depth: u8,
    /// Own text as read, label included.
    pub text: String,
}

impl Passage {
    /// A paragraph outside all provisions.
    #[must_use]
    pub fn paragraph(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// The text after the printed label, so that renumbering is told apart
    /// from a change of words.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text.strip_prefix(self.label.as_str()).unwrap_or(&self.text)
    }

    /// How it is called in a sentence: `第三条第二款`; the beginning of its text
    /// when it has no name.
    #[must_use]
    pub fn name(&self) -> String {
        const LENGTH: usize = 12;
        let called = if self.reference.is_empty() { &self.label } else { &self.reference };
        if !called.is_empty() {
            return called.clone();
        }
        let text = self.text.trim();
        let start: String = text.chars().take(LENGTH).collect();
        let more = if text.chars().nth(LENGTH).is_some() { "…" } else { "" };
        format!("“{start}{more}”")
    }

    /// Its own words as they are counted: without the label, blanks evened out.
    #[must_use]
    pub fn words(&self) -> String {
        super::tree::own_words(self)
    }

    /// The printed label, when the text really begins with it.
    #[must_use]
    pub fn printed_label(&self) -> &str {
        if self.text.starts_with(self.label.as_str()) { &self.label } else { "" }
    }
}

/// The passages of a document in reading order.
///
/// Blocks that a provision covers are represented by their provisions; every
/// other block with text is a passage of its own.
#[must_use]
pub fn passages(document: &PolicyDocument) -> Vec<Passage> {
    let mut covered = vec![false; document.blocks.len()];
    let mut placed: Vec<(usize, usize, Passage)> = Vec::new();
    for (order, provision) in document.provisions.iter().enumerate() {
        if let Some(blocks) = covered.get_mut(provision.blocks.clone()) {
            blocks.fill(true);
        }
        let passage = Passage {
            anchor: Some(provision.anchor.clone()),
            label: provision.label.clone(),
            reference: provision.reference.clone(),
            heading: provision.heading.clone(),
            depth: provision.depth,
            text: provision.text.clone(),
        };
        placed.push((provision.range.start, order + 1, passage));
    }
    let outside = document
        .blocks
        .iter()
        .zip(&covered)
        .filter(|(block, covered)| !**covered && !block.text.trim().is_empty());
    placed.extend(outside.map(|(block, _)| (block.range.start, 0, Passage::paragraph(&block.text))));
    placed.sort_by_key(|(start, order, _)| (*start, *order));
    placed.into_iter().map(|(_, _, passage)| passage).collect()
}

/// The front-matter values that readers see, as text.
pub(super) fn fields(meta: &PolicyMeta) -> Vec<(Message, String)> {
    let text = |value: &Option<jiedu_model::Spanned<String>>| {
        value.as_ref().map_or_else(String::new, |v| v.value.clone())
    };
    let date = |value: &Option<jiedu_model::Spanned<jiff::civil::Date>>| {
        value.as_ref().map_or_else(String::new, |v| v.value.to_string())
    };
    let issuers: Vec<&str> = meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect();
    let subject = meta.subject.as_ref().map_or_else(String::new, |subject| match &subject.value {
        (first, Some(second)) => format!("{first}_{second}"),
        (first, None) => first.clone(),
    });
    let published = meta.published.as_ref().map_or_else(String::new, |published| {
        let time = published
            .value
            .time
            .map_or_else(String::new, |time| format!(" {:02}:{:02}", time.hour(), time.minute()));
        format!("{}{time}", published.value.date)
    });
    vec![
        (Message::new("标题", "Title"), text(&meta.title)),
        (Message::new("发文机关", "Issuer"), issuers.join("、")),
        (Message::new("发文字号", "Document number"), text(&meta.document_number)),
        (Message::new("索引号", "Index number"), text(&meta.index_number)),
        (Message::new("统一编号", "Registration number"), text(&meta.registration_number)),
        (Message::new("主题分类", "Subject"), subject),
        (Message::new("成文日期", "Signed"), date(&meta.signed)),
        (Message::new("发布日期", "Published"), published),
        (Message::new("施行日期", "In force from"), date(&meta.effective)),
        (Message::new("有效期至", "Expires"), date(&meta.expires)),
        (Message::new("阶段", "Stage"), stage(meta).to_owned()),
    ]
}

fn stage(meta: &PolicyMeta) -> &'static str {
    match meta.stage {
        jiedu_model::Stage::Consultation => "征求意见",
        jiedu_model::Stage::Issued => "印发",
    }
}
