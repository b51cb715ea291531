//! From the paragraphs of a decision to its instructions.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// A provision gets other words.
    Replace,
    /// The words before the items get other words.
    ReplaceOpening,
    /// A provision is put in.
    Insert,
    /// A provision is taken out.
    Delete,
    /// Several provisions become one.
    Merge,
    /// A provision only gets another number.
    Renumber,
    /// Words are exchanged.
    ReplaceWords,
    /// Words are put in at the beginning.
    InsertWordsFirst,
    /// Words are put in after others.
    InsertWordsAfter,
    /// Words are taken out.
    DeleteWords,
    /// A document is repealed.
    Repeal,
}

impl Action {
    /// The word of machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::ReplaceOpening => "replace opening words",
            Self::Insert => "insert",
            Self::Delete => "delete",
            Self::Merge => "merge",
            Self::Renumber => "renumber",
            Self::ReplaceWords => "replace words",
            Self::InsertWordsFirst => "insert words at the beginning",
            Self::InsertWordsAfter => "insert words",
            Self::DeleteWords => "delete words",
            Self::Repeal => "repeal",
        }
    }
}

/// One instruction of an amending document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// What is to be done.
    pub action: Action,
    /// The provisions concerned, by their numbers before: `第三条第二款`; none for
    /// an insertion. Of a repeal the document's title.
    pub targets: Vec<String>,
    /// The place afterwards: `第五条`, `第三条第二款`.
    pub becomes: Option<String>,
    /// What is added inside the provision that is replaced: `第二款`.
    pub adds: Option<String>,
    /// The words that are sought, for changes of words.
    pub old: Option<String>,
    /// The new words, a paragraph each.
    pub new: Vec<String>,
    /// The sentence that instructs, quotations left out.
    pub source: String,
}

/// Marks the place of a quotation in a sentence.
const QUOTE: char = '\u{e000}';

/// A paragraph with its quotations taken out.
#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    quotes: Vec<Vec<String>>,
}

/// The instructions in the paragraphs of a decision, in its order.
#[must_use]
pub fn instructions(paragraphs: &[String]) -> Vec<Instruction> {
    unquoted(paragraphs).iter().flat_map(of_paragraph).collect()
}

/// Takes the quotations out. One that runs over several paragraphs belongs to
/// the paragraph in which it began, and each of its paragraphs may begin with an
/// opening mark of its own.
fn unquoted(paragraphs: &[String]) -> Vec<Paragraph> {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut depth = 0_usize;
    for text in paragraphs {
        let mut text = text.trim();
        if text.is_empty() {
            continue;
        }
        let goes_on =
            out.last().is_some_and(|last| last.text.ends_with(['：', ':']) && text.starts_with('“'));
        if depth == 0 && !goes_on {
            out.push(Paragraph::default());
        }
        let Some(here) = out.last_mut() else { continue };
        if depth > 0 {
            text = text.strip_prefix('“').unwrap_or(text);
            if let Some(quote) = here.quotes.last_mut() {
                quote.push(String::new());
            }
        }
        for c in text.chars() {
            match c {
                '“' if depth == 0 => {
                    depth = 1;
                    here.text.push(QUOTE);
                    here.quotes.push(vec![String::new()]);
                }
                '”' if depth == 1 => depth = 0,
                _ => {
                    depth = match c {
                        '“' => depth + 1,
                        '”' => depth.saturating_sub(1),
                        _ => depth,
                    };
                    let quoted =
                        here.quotes.last_mut().filter(|_| depth > 0).and_then(|quote| quote.last_mut());
                    quoted.unwrap_or(&mut here.text).push(c);
                }
            }
        }
    }
    out
}

/// A provision as it is cited: article, paragraph, item.
const CITED: &str = r"第[〇零一二三四五六七八九十百千0-9]+条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十]+款)?(?:第[（(]?[一二三四五六七八九十]+[）)]?项)?";
const PART: &str = r"第[一二三四五六七八九十]+款(?:第[（(]?[一二三四五六七八九十]+[）)]?项)?|第[（(]?[一二三四五六七八九十]+[）)]?项";

/// The forms, tried at every place of a sentence; the first that fits counts.
static FORMS: LazyLock<Vec<(Form, Regex)>> = LazyLock::new(|| {
    let target = format!("(?P<target>{CITED}|{PART})");
    let targets = format!("(?P<targets>{CITED}(?:(?:、|和|以及){CITED})+)");
    let forms = [
        (Form::Merge, format!("{targets}合并(?:修改|作)?为[^{QUOTE}。；]*?(?P<quote>{QUOTE})")),
        (
            Form::Adding,
            format!(
                "{target}中?增加一[款项]，?作为(?P<adds>{PART})[^{QUOTE}。；]*?修改为[：:]?(?P<quote>{QUOTE})"
            ),
        ),
        (
            Form::InsertArticle,
            format!("增加一条[，,]?(?:作为|即)(?P<becomes>{CITED})[^{QUOTE}。；]*?(?P<quote>{QUOTE})"),
        ),
        (
            Form::InsertPart,
            format!("增加一[款项][，,]?(?:作为|即)(?P<becomes>{PART})[^{QUOTE}。；]*?(?P<quote>{QUOTE})"),
        ),
        (Form::First, format!("{target}(?:开始部分|开头|之前)增加(?:规定)?[：:]?(?P<quote>{QUOTE})")),
        (Form::After, format!("{target}中?的?(?P<old>{QUOTE})之?后(?:面)?增加[：:]?(?P<quote>{QUOTE})")),
        (
            Form::Words,
            format!(
                "{target}(?:中|末尾|规定)?的?(?P<old>{QUOTE})[，,]?(?:修改|改)为[：:]?(?P<quote>{QUOTE})"
            ),
        ),
        (
            Form::DeleteWords,
            format!(
                "删[去除]{target}(?:中|末尾|规定)?的?(?P<old>{QUOTE})(?:和(?P<more>{PART})(?:中|末尾)?的?(?P<old2>{QUOTE}))?"
            ),
        ),
        (Form::DeleteHere, format!("{target}(?:中|末尾)?(?:的(?P<old>{QUOTE}))(?:[，,])?删[去除]")),
        (
            Form::Delete,
            format!("删[去除](?P<targets>(?:{CITED}|{PART})(?:(?:、|和|以及)(?:{CITED}|{PART}))*)"),
        ),
        (
            Form::Opening,
            format!("{target}(?:条首部分|开头部分|开始部分|的?导语)修改为[：:]?(?P<quote>{QUOTE})"),
        ),
        (
            Form::ReplaceAs,
            format!(
                "{target}(?:改为|作为|修改为|调整为)(?P<becomes>{CITED})[，,]?(?:修改为)?[：:]?(?P<quote>{QUOTE})?"
            ),
        ),
        (Form::Replace, format!("{target}修改为[：:]?(?P<quote>{QUOTE})")),
        (Form::RenumberQuoted, format!("(?P<old>{QUOTE})(?:调整|修改|改)为(?P<quote>{QUOTE})")),
        (
            Form::Repeal,
            r"(?:废止|停止执行)(?P<title>《[^》]+》)|(?P<title2>《[^》]+》)(?:同时|自[^。]*起)?废止"
                .to_owned(),
        ),
    ];
    forms.into_iter().filter_map(|(form, pattern)| Some((form, Regex::new(&pattern).ok()?))).collect()
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Merge,
    Adding,
    InsertArticle,
    InsertPart,
    First,
    After,
    Words,
    DeleteWords,
    DeleteHere,
    Delete,
    Opening,
    ReplaceAs,
    Replace,
    RenumberQuoted,
    Repeal,
}

fn of_paragraph(paragraph: &Paragraph) -> Vec<Instruction> {
    let mut found = Vec::new();
    let mut article = String::new();
    let (mut rest, mut skipped) = (paragraph.text.as_str(), 0);
    loop {
        let hits = FORMS.iter().enumerate().filter_map(|(rank, (form, pattern))| {
            let hit = pattern.captures(rest)?;
            Some((hit.get(0)?.start(), rank, *form, hit))
        });
        let Some((_, _, form, hit)) = hits.min_by_key(|(start, rank, ..)| (*start, *rank)) else { break };
        let Some(whole) = hit.get(0) else { break };
        // The article named last is meant by a mere “第二款”.
        for cited in citations(rest.get(..whole.end()).unwrap_or_default()) {
            if let Some(named) = article_of(&cited).filter(|_| !cited.starts_with("作为")) {
                article = named;
            }
        }
        let quotes = Quotes { all: &paragraph.quotes, rest, skipped };
        found.extend(read(form, &hit, &quotes, &article));
        skipped += rest.get(..whole.end()).unwrap_or_default().matches(QUOTE).count();
        rest = rest.get(whole.end()..).unwrap_or_default();
    }
    found
}

/// The provisions named in a text that are targets and not places.
fn citations(text: &str) -> Vec<String> {
    static ONE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("(?:作为|改为|调整为|修改为|即)?{CITED}")).ok());
    let is_target = |text: &str| text.starts_with('第');
    ONE.as_ref().map_or_else(Vec::new, |one| {
        one.find_iter(text)
            .map(|found| found.as_str())
            .filter(|found| is_target(found))
            .map(str::to_owned)
            .collect()
    })
}

/// `第三条` of `第三条第二款`.
pub(super) fn article_of(cited: &str) -> Option<String> {
    let end = cited.find('条')?;
    let (article, rest) = cited.split_at_checked(end + '条'.len_utf8())?;
    let addition: String = match rest.strip_prefix('之') {
        Some(rest) => std::iter::once('之')
            .chain(rest.chars().take_while(|c| "一二三四五六七八九十".contains(*c)))
            .collect(),
        None => String::new(),
    };
    Some(format!("{article}{addition}"))
}

/// The quotations of a paragraph, by their marks.
struct Quotes<'p> {
    all: &'p [Vec<String>],
    rest: &'p str,
    skipped: usize,
}

impl Quotes<'_> {
    fn get(&self, hit: &Captures<'_>, name: &str) -> Option<Vec<String>> {
        let at = hit.name(name)?.start();
        let number = self.skipped + self.rest.get(..at)?.matches(QUOTE).count();
        self.all.get(number).cloned()
    }

    fn words(&self, hit: &Captures<'_>, name: &str) -> Option<String> {
        self.get(hit, name).map(|paragraphs| paragraphs.concat())
    }
}

fn read(form: Form, hit: &Captures<'_>, quotes: &Quotes<'_>, article: &str) -> Vec<Instruction> {
    let named = |name: &str| hit.name(name).map(|found| found.as_str());
    let target = named("target").map(|cited| full(cited, article));
    let make = |action| Instruction {
        action,
        targets: target.clone().into_iter().collect(),
        becomes: None,
        adds: None,
        old: quotes.words(hit, "old"),
        new: quotes.get(hit, "quote").unwrap_or_default(),
        source: hit.get(0).map_or("", |whole| whole.as_str()).replace(QUOTE, "“…”"),
    };
    let list = || -> Vec<String> {
        let parts =
            named("targets").unwrap_or("").split(['、', '和']).map(|part| part.trim_start_matches("以及"));
        parts.filter(|part| !part.is_empty()).map(|part| full(part, article)).collect()
    };
    let one = match form {
        Form::Merge => Instruction { targets: list(), ..make(Action::Merge) },
        Form::Delete => Instruction { targets: list(), ..make(Action::Delete) },
        Form::Adding => Instruction { adds: named("adds").map(str::to_owned), ..make(Action::Replace) },
        Form::InsertArticle => {
            Instruction { becomes: named("becomes").map(str::to_owned), ..make(Action::Insert) }
        }
        Form::InsertPart => {
            Instruction { becomes: named("becomes").map(|part| full(part, article)), ..make(Action::Insert) }
        }
        Form::First => make(Action::InsertWordsFirst),
        Form::After => make(Action::InsertWordsAfter),
        Form::Words => make(Action::ReplaceWords),
        Form::DeleteHere => make(Action::DeleteWords),
        Form::DeleteWords => {
            let more = named("more").map(|part| Instruction {
                targets: vec![full(part, article)],
                old: quotes.words(hit, "old2"),
                ..make(Action::DeleteWords)
            });
            return std::iter::once(make(Action::DeleteWords)).chain(more).collect();
        }
        Form::Opening => make(Action::ReplaceOpening),
        Form::ReplaceAs => {
            let becomes = named("becomes").map(str::to_owned);
            let action = if hit.name("quote").is_some() { Action::Replace } else { Action::Renumber };
            Instruction { becomes, ..make(action) }
        }
        Form::Replace => make(Action::Replace),
        Form::RenumberQuoted => return renumbered(hit, quotes, make(Action::Renumber)).into_iter().collect(),
        Form::Repeal => {
            let title = named("title").or_else(|| named("title2")).unwrap_or("");
            Instruction { targets: vec![title.to_owned()], ..make(Action::Repeal) }
        }
    };
    vec![one]
}

/// “第八条”调整为“第七条”.
fn renumbered(hit: &Captures<'_>, quotes: &Quotes<'_>, plain: Instruction) -> Option<Instruction> {
    let label =
        |name: &str| quotes.words(hit, name).filter(|words| article_of(words).as_ref() == Some(words));
    let (from, to) = (label("old")?, label("quote")?);
    Some(Instruction { targets: vec![from], becomes: Some(to), old: None, new: Vec::new(), ..plain })
}

/// The full name of a cited provision: `第二款` of the article named before.
fn full(cited: &str, article: &str) -> String {
    let cited = if article_of(cited).is_some() { cited.to_owned() } else { format!("{article}{cited}") };
    bracketed(&cited)
}

/// `第二项` as `第（二）项`.
fn bracketed(cited: &str) -> String {
    static ITEM: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new("第[（(]?([一二三四五六七八九十]+)[）)]?项").ok());
    ITEM.as_ref().map_or_else(|| cited.to_owned(), |item| item.replace_all(cited, "第（$1）项").into_owned())
}
