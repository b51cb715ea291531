//! Texts that others quote: what `check --references DIR` and the repository give.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use jiedu_base::text::{SourceFile, TextRange};
use jiedu_markdown::{self as markdown, ProseKind, body_range};

/// Texts by their titles.
#[derive(Debug, Clone, Default)]
pub struct References {
    documents: BTreeMap<String, Arc<Reference>>,
}

/// One text that may be quoted.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) file: SourceFile,
    pub(crate) title: String,
    /// Letters and figures only, each with its place in the file.
    pub(crate) letters: Vec<(char, usize)>,
    /// Where each article begins among the letters, in order, by its number.
    articles: Vec<(String, usize)>,
    /// When the text ceased to apply, as its own head says.
    pub(crate) repealed: Option<String>,
}

static ARTICLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^\s*第([〇零一二三四五六七八九十百千0-9]{1,9})条(之[一二三四五六七八九十]+)?(?:[\s\u{3000}]|$)",
    )
    .ok()
});

impl References {
    /// Reads texts; the title of each is the name of its file and its first heading.
    #[must_use]
    pub fn new(files: impl IntoIterator<Item = SourceFile>) -> Self {
        let mut all = Self::default();
        for file in files {
            all.take(file);
        }
        all
    }

    /// The texts of another collection besides these; these come first.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for (title, document) in other.documents {
            self.documents.entry(title).or_insert(document);
        }
        self
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    fn take(&mut self, file: SourceFile) {
        let path = file.path().to_owned();
        let name = path.rsplit(['/', '\\']).next().unwrap_or("");
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let document = Arc::new(read(file, stem));
        for title in [bare(stem), bare(&document.title)] {
            if title.chars().count() > 1 {
                self.documents.entry(title).or_insert_with(|| Arc::clone(&document));
            }
        }
    }

    /// The text with a title, the name of the state before it left out or not.
    pub(crate) fn find(&self, title: &str) -> Option<&Arc<Reference>> {
        let wanted = bare(title);
        let state = "中华人民共和国";
        let other = wanted.strip_prefix(state).map_or_else(|| format!("{state}{wanted}"), str::to_owned);
        self.documents.get(&wanted).or_else(|| self.documents.get(&other))
    }
}

impl Reference {
    /// The numbers of the articles, in order.
    pub(crate) fn articles(&self) -> impl Iterator<Item = &str> {
        self.articles.iter().map(|(number, _)| number.as_str())
    }

    /// The letters of an article.
    pub(crate) fn article(&self, number: &str) -> Option<&[(char, usize)]> {
        let at = self.articles.iter().position(|(article, _)| article == number)?;
        let start = self.articles.get(at)?.1;
        let end = self.articles.get(at + 1).map_or(self.letters.len(), |next| next.1);
        self.letters.get(start..end)
    }

    /// The article in which a letter stands.
    pub(crate) fn article_at(&self, letter: usize) -> Option<&str> {
        let next = self.articles.partition_point(|(_, start)| *start <= letter);
        next.checked_sub(1).and_then(|at| self.articles.get(at)).map(|(number, _)| number.as_str())
    }

    /// The words of the file between two letters, both included, as they stand there.
    pub(crate) fn words(&self, first: usize, last: usize) -> String {
        let start = self.letters.get(first).map_or(0, |&(_, at)| at);
        let end = self.letters.get(last).map_or(start, |&(c, at)| at + c.len_utf8());
        let words = self.file.slice(TextRange::new(start, end));
        words.chars().filter(|c| !matches!(c, '\n' | '\r' | '*' | '#' | '>')).collect()
    }

    /// Where a range of letters stands in the file.
    pub(crate) fn range(&self, first: usize, last: usize) -> TextRange {
        let start = self.letters.get(first).map_or(0, |&(_, at)| at);
        TextRange::new(start, self.letters.get(last).map_or(start, |&(c, at)| at + c.len_utf8()))
    }
}

fn read(file: SourceFile, stem: &str) -> Reference {
    let head = markdown::front_matter(&file).value;
    let value = |keys: &[&str]| {
        let entry = head.get(keys)?;
        entry.value.as_text().map(str::to_owned)
    };
    let has_head = body_range(&file).start > 0;
    let repealed = value(&["失效日期", "废止日期", "expires", "repealed"]).filter(|_| has_head);
    let is_named = stem.contains("已废止") || stem.contains("失效");
    let repealed = repealed.or_else(|| is_named.then(String::new));
    let titled = value(&["标题", "title"]).filter(|_| has_head);
    let body = markdown::parse_body(&file, body_range(&file));
    let mut heading = None;
    let (mut letters, mut articles) = (Vec::new(), Vec::new());
    for prose in &body.prose {
        if heading.is_none() && matches!(prose.kind, ProseKind::Heading(_)) {
            heading = Some(prose.text.trim().to_owned());
        }
        let found = ARTICLE.as_ref().and_then(|article| article.captures(&prose.text));
        if let Some(number) = found.as_ref().and_then(|found| found.get(1)) {
            let inserted = found.as_ref().and_then(|found| found.get(2)).map_or("", |part| part.as_str());
            articles.push((number_of(number.as_str(), inserted), letters.len()));
        }
        for (at, c) in prose.text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            letters.push((c, prose.source_range(at, at + c.len_utf8()).start));
        }
    }
    let title = titled.or(heading).unwrap_or_else(|| stem.to_owned());
    Reference { file, title, letters, articles, repealed }
}

/// The number of an article in one form: 十二 and 12 are the same.
pub(crate) fn number_of(number: &str, inserted: &str) -> String {
    let value = jiedu_base::text::numerals::read(number);
    value.map_or_else(|| format!("{number}{inserted}"), |value| format!("{value}{inserted}"))
}

/// A title without blanks, brackets of dates and marks that people change.
fn bare(title: &str) -> String {
    let plain = title.split(['（', '(']).next().filter(|head| !head.trim().is_empty()).unwrap_or(title);
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
#[path = "references_tests.rs"]
mod tests;
