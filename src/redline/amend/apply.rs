//! Applies instructions to the text that they amend.

use std::collections::BTreeMap;

use super::parse::{Action, Instruction, article_of};
use jiedu_base::text::numerals;

/// What came of an amendment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amended {
    /// The text afterwards, as Markdown.
    pub text: String,
    /// For every instruction, why it could not be carried out; none when it was.
    pub failed: Vec<Option<String>>,
}

/// Applies instructions to a Markdown text. Every provision is named by its
/// number before; what cannot be carried out leaves the text as it was and is
/// said. Provisions are told by the labels at the beginning of paragraphs.
#[must_use]
pub fn amend(text: &str, instructions: &[Instruction]) -> Amended {
    let mut draft = Draft::read(text);
    let failed: Vec<Option<String>> = instructions.iter().map(|one| draft.apply(one).err()).collect();
    let moves = |one: &Instruction| {
        matches!(one.action, Action::Insert | Action::Delete | Action::Merge | Action::Renumber)
            || one.becomes.is_some()
    };
    if instructions.iter().zip(&failed).any(|(one, why)| why.is_none() && moves(one)) {
        draft.settle_numbers();
    }
    Amended { text: draft.write(), failed }
}

/// A paragraph of the text: an article's first, or another.
type Paragraphs = Vec<String>;

/// An article with the paragraphs that belong to it.
#[derive(Debug, Clone)]
struct Article {
    /// Its number before; none for one that was put in.
    old: Option<String>,
    /// Its number afterwards, when an instruction says it.
    new: Option<String>,
    paragraphs: Paragraphs,
}

/// What stands between articles, and the articles.
#[derive(Debug, Clone)]
enum Part {
    Other(String),
    Article(Article),
}

struct Draft {
    parts: Vec<Part>,
}

/// What an instruction aims at inside an article.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    paragraph: Option<usize>,
    item: Option<usize>,
}

impl Draft {
    fn read(text: &str) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        let mut inside = false;
        for block in text.split("\n\n").map(|block| block.trim_matches('\n')) {
            if block.is_empty() {
                continue;
            }
            if let Some(label) = label(block) {
                parts.push(Part::Article(Article {
                    old: Some(label),
                    new: None,
                    paragraphs: vec![block.to_owned()],
                }));
                inside = true;
                continue;
            }
            let is_heading = block.starts_with('#') || block.starts_with("---") || is_chapter(block);
            inside &= !is_heading;
            match parts.last_mut() {
                Some(Part::Article(article)) if inside => article.paragraphs.push(block.to_owned()),
                _ => parts.push(Part::Other(block.to_owned())),
            }
        }
        Self { parts }
    }

    fn write(&self) -> String {
        let mut out: Vec<&str> = Vec::new();
        for part in &self.parts {
            match part {
                Part::Other(block) => out.push(block),
                Part::Article(article) => out.extend(article.paragraphs.iter().map(String::as_str)),
            }
        }
        format!("{}\n", out.join("\n\n"))
    }

    fn article(&mut self, name: &str) -> Result<&mut Article, String> {
        let name = article_of(name).unwrap_or_else(|| name.to_owned());
        let same = |article: &Article| article.old.as_deref().is_some_and(|old| same_label(old, &name));
        self.parts
            .iter_mut()
            .find_map(|part| match part {
                Part::Article(article) if same(article) => Some(article),
                _ => None,
            })
            .ok_or_else(|| format!("原文没有{name}"))
    }

    fn apply(&mut self, one: &Instruction) -> Result<(), String> {
        let target = one.targets.first().map(String::as_str).unwrap_or_default();
        match one.action {
            Action::Insert => self.insert(one),
            Action::Delete => one.targets.iter().try_for_each(|target| self.delete(target)),
            Action::Merge => {
                let Some((first, others)) = one.targets.split_first() else {
                    return Err("没有写明条文".to_owned());
                };
                self.article(first)?.rewrite(&one.new);
                others.iter().try_for_each(|target| self.delete(target))
            }
            Action::Repeal => Ok(()),
            Action::Renumber => {
                self.article(target)?.new.clone_from(&one.becomes);
                Ok(())
            }
            _ => {
                let article = self.article(target)?;
                article.change(one, within(target))?;
                if one.becomes.is_some() {
                    article.new.clone_from(&one.becomes);
                }
                Ok(())
            }
        }
    }

    fn insert(&mut self, one: &Instruction) -> Result<(), String> {
        let becomes = one.becomes.as_deref().unwrap_or_default();
        let place = within(becomes);
        if place.paragraph.is_some() || place.item.is_some() {
            return self.article(becomes)?.insert(place, &one.new);
        }
        let label = article_of(becomes).ok_or_else(|| "没有写明放在哪一条".to_owned())?;
        let mut paragraphs = one.new.clone();
        if let Some(first) = paragraphs.first_mut()
            && !first.starts_with(label.as_str())
        {
            *first = format!("{label} {first}");
        }
        // The article that has this number now, or the end of the last one.
        let holds = |part: &Part| matches!(part, Part::Article(article) if article.old.as_deref().is_some_and(|old| same_label(old, &label)));
        let at = self.parts.iter().position(holds);
        let last = self
            .parts
            .iter()
            .rposition(|part| matches!(part, Part::Article(_)))
            .map_or(self.parts.len(), |at| at + 1);
        let article = Article { old: None, new: Some(label), paragraphs };
        self.parts.insert(at.unwrap_or(last), Part::Article(article));
        Ok(())
    }

    fn delete(&mut self, target: &str) -> Result<(), String> {
        let place = within(target);
        if place.paragraph.is_some() || place.item.is_some() {
            return self.article(target)?.remove(place);
        }
        self.article(target)?;
        let gone = |part: &Part| matches!(part, Part::Article(article) if article.old.as_deref().is_some_and(|old| same_label(old, target)));
        self.parts.retain(|part| !gone(part));
        Ok(())
    }

    /// Gives every article its number: those that were told, and the others one
    /// after another; articles stand in the order of their numbers.
    fn settle_numbers(&mut self) {
        let mut articles: Vec<Article> = Vec::new();
        for part in &self.parts {
            if let Part::Article(article) = part {
                articles.push(article.clone());
            }
        }
        let told: BTreeMap<u32, usize> = articles
            .iter()
            .enumerate()
            .filter_map(|(at, article)| Some((number(article.new.as_deref()?)?, at)))
            .collect();
        let free: Vec<usize> =
            (0..articles.len()).filter(|at| !told.values().any(|known| known == at)).collect();
        // An excerpt begins where it begins; nothing is renumbered across gaps.
        let is_whole = articles.iter().find_map(|article| article.old.as_deref()).and_then(number) == Some(1);
        let mut order: Vec<(u32, usize)> = told.iter().map(|(number, at)| (*number, *at)).collect();
        let mut next = 1;
        for at in free {
            while told.contains_key(&next) {
                next += 1;
            }
            let old = articles.get(at).and_then(|article| number(article.old.as_deref()?));
            order.push((if is_whole { next } else { old.unwrap_or(next) }, at));
            next += 1;
        }
        order.sort_unstable();
        let mut sorted = order.into_iter().filter_map(|(number, at)| {
            let mut article = articles.get(at)?.clone();
            let said =
                article.new.clone().or_else(|| article.old.clone()).filter(|label| label.contains('之'));
            article.relabel(&said.unwrap_or_else(|| format!("第{}条", han(number))));
            Some(article)
        });
        for part in &mut self.parts {
            if let Part::Article(slot) = part {
                *slot = sorted.next().unwrap_or_else(|| slot.clone());
            }
        }
    }
}

impl Article {
    /// New words for the whole article, its label kept.
    fn rewrite(&mut self, new: &[String]) {
        let (label, gap) = self.head();
        let mut paragraphs: Paragraphs = new.to_vec();
        if let Some(first) = paragraphs.first_mut() {
            let own = first.strip_prefix(label.as_str()).map(str::trim_start).unwrap_or(first);
            *first = format!("{label}{gap}{own}");
        }
        self.paragraphs = paragraphs;
    }

    /// The printed label and what sets it off from the words.
    fn head(&self) -> (String, String) {
        let first = self.paragraphs.first().map(String::as_str).unwrap_or_default();
        let label = label(first).unwrap_or_default();
        let rest = first.strip_prefix(label.as_str()).unwrap_or_default();
        let gap = rest.get(..rest.len() - rest.trim_start().len()).unwrap_or_default();
        (label, gap.to_owned())
    }

    fn relabel(&mut self, new: &str) {
        let (label, _) = self.head();
        if let Some(first) = self.paragraphs.first_mut().filter(|_| !same_label(&label, new)) {
            *first = format!("{new}{}", first.strip_prefix(label.as_str()).unwrap_or(first));
        }
    }

    /// The paragraphs of a place: of a 款 with its items, of one item, or all.
    fn range(&self, place: Within) -> Result<std::ops::Range<usize>, String> {
        let starts: Vec<usize> = (0..self.paragraphs.len()).filter(|at| !self.is_item(*at)).collect();
        let whole = match place.paragraph {
            Some(number) => {
                let from =
                    starts.get(number - 1).copied().ok_or_else(|| format!("没有第{}款", han_of(number)))?;
                from..starts.get(number).copied().unwrap_or(self.paragraphs.len())
            }
            None => 0..self.paragraphs.len(),
        };
        let Some(item) = place.item else { return Ok(whole) };
        let found = whole.clone().find(|at| self.item(*at) == Some(item));
        found.map(|at| at..at + 1).ok_or_else(|| format!("没有第（{}）项", han_of(item)))
    }

    fn item(&self, at: usize) -> Option<usize> {
        let text = self.paragraphs.get(at)?.strip_prefix(['（', '('])?;
        let (number, _) = text.split_once(['）', ')'])?;
        numerals::read(number).and_then(|number| usize::try_from(number).ok())
    }

    fn is_item(&self, at: usize) -> bool {
        self.item(at).is_some()
    }

    fn change(&mut self, one: &Instruction, place: Within) -> Result<(), String> {
        let range = self.range(place)?;
        match one.action {
            Action::Replace if place.paragraph.is_none() && place.item.is_none() => {
                self.rewrite(&one.new);
                Ok(())
            }
            Action::Replace => {
                self.replace(range, one.new.clone());
                Ok(())
            }
            Action::ReplaceOpening => {
                let old = self.paragraphs.get(range.start).cloned().unwrap_or_default();
                let mut new = one.new.concat();
                if old.ends_with(['：', ':']) && !new.ends_with(['：', ':']) {
                    new.push('：');
                }
                self.replace(range.start..range.start + 1, vec![new]);
                Ok(())
            }
            Action::InsertWordsFirst => {
                let (label, gap) =
                    if range.start == 0 { self.head() } else { (String::new(), String::new()) };
                let first = self.paragraphs.get_mut(range.start).ok_or("没有这一款")?;
                let own = first.strip_prefix(&format!("{label}{gap}")).unwrap_or(first).to_owned();
                let words = one.new.concat();
                let mark = if words.ends_with(['。', '；', '，', '：']) { "" } else { "；" };
                *first = format!("{label}{gap}{words}{mark}{own}");
                Ok(())
            }
            _ => self.exchange(one, range),
        }
    }

    /// Puts paragraphs in the place of others; the label of the article and the
    /// mark at the end of an item stay.
    fn replace(&mut self, range: std::ops::Range<usize>, mut new: Paragraphs) {
        let old = self.paragraphs.get(range.clone()).unwrap_or_default().to_vec();
        let (label, gap) = self.head();
        if let Some(first) = new.first_mut().filter(|_| range.start == 0) {
            let own = first.strip_prefix(label.as_str()).map(str::trim_start).unwrap_or(first);
            *first = format!("{label}{gap}{own}");
        }
        let mark = old
            .last()
            .and_then(|last| last.chars().next_back())
            .filter(|c| matches!(c, '；' | '。' | ';' | '，'));
        if let (Some(last), Some(mark)) = (new.last_mut(), mark)
            && !last.ends_with(['；', '。', ';', '：', '，', '”'])
        {
            last.push(mark);
        }
        if let (Some(first), Some(old)) = (new.first_mut(), old.first())
            && old.starts_with(['（', '('])
            && !first.starts_with(['（', '('])
        {
            let head = old.split_inclusive(['）', ')']).next().unwrap_or_default();
            *first = format!("{head}{first}");
        }
        self.paragraphs.splice(range, new);
    }

    /// Takes words out or exchanges them.
    fn exchange(&mut self, one: &Instruction, range: std::ops::Range<usize>) -> Result<(), String> {
        let old = one.old.as_deref().filter(|old| !old.is_empty()).ok_or("没有写明要改的文字")?;
        let new = match one.action {
            Action::ReplaceWords => one.new.concat(),
            Action::InsertWordsAfter => format!("{old}{}", one.new.concat()),
            _ => String::new(),
        };
        let mut found = false;
        for paragraph in self.paragraphs.get_mut(range).into_iter().flatten() {
            if paragraph.contains(old) {
                *paragraph = tidy(&paragraph.replace(old, &new));
                found = true;
            }
        }
        if found { Ok(()) } else { Err(format!("原文里没有“{old}”")) }
    }

    fn insert(&mut self, place: Within, new: &[String]) -> Result<(), String> {
        let at = match (place.paragraph, place.item) {
            (_, Some(item)) => {
                let whole = self.range(Within { item: None, ..place })?;
                let before = whole.clone().rfind(|at| self.item(*at).is_some_and(|known| known < item));
                // The item that was the last is so no more.
                if let Some(last) = before.and_then(|at| self.paragraphs.get_mut(at))
                    && let Some(text) = last.strip_suffix('。')
                {
                    *last = format!("{text}；");
                }
                before.map_or(whole.end, |at| at + 1)
            }
            (Some(number), None) => match self.range(place) {
                Ok(range) => range.start,
                Err(_) if number > 1 => self.paragraphs.len(),
                Err(error) => return Err(error),
            },
            (None, None) => self.paragraphs.len(),
        };
        let mut new = new.to_vec();
        if let (Some(item), Some(first)) = (place.item, new.first_mut())
            && !first.starts_with(['（', '('])
        {
            *first = format!("（{}）{first}", han_of(item));
        }
        self.paragraphs.splice(at..at, new);
        Ok(())
    }

    fn remove(&mut self, place: Within) -> Result<(), String> {
        let range = self.range(place)?;
        if range.start == 0 && range.end >= self.paragraphs.len() {
            return Err("整条删去时请写“删去第…条”".to_owned());
        }
        let (label, gap) = self.head();
        self.paragraphs.drain(range.clone());
        if let Some(first) = self.paragraphs.first_mut().filter(|_| range.start == 0) {
            *first = format!("{label}{gap}{first}");
        }
        Ok(())
    }
}

/// What is left when words go: no two marks beside each other.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let last = out.chars().next_back();
        let is_mark = |c: char| matches!(c, '，' | '、' | '；' | '。');
        if is_mark(c) && last.is_some_and(|last| matches!(last, '，' | '、')) {
            out.pop();
        }
        if !(is_mark(c) && out.ends_with(['。', '；'])) {
            out.push(c);
        }
    }
    out
}

/// The label of an article at the beginning of a paragraph.
fn label(block: &str) -> Option<String> {
    let label = article_of(block)?;
    let number = label.strip_prefix('第')?.split('条').next()?;
    let is_number = !number.is_empty()
        && number.chars().all(|c| c.is_ascii_digit() || "〇零一二三四五六七八九十百千".contains(c));
    let rest = block.strip_prefix(label.as_str())?;
    let cites = ["规定", "所", "的", "、", "和", "至", "第", "款", "与", "及"]
        .iter()
        .any(|start| rest.starts_with(start));
    (is_number && !cites).then_some(label)
}

fn is_chapter(block: &str) -> bool {
    let Some(rest) = block.strip_prefix('第') else { return false };
    let rest =
        rest.trim_start_matches(|c: char| "〇零一二三四五六七八九十百".contains(c) || c.is_ascii_digit());
    rest.starts_with(['章', '节', '编'])
}

/// Whether two labels name the same article, however its number is written.
fn same_label(a: &str, b: &str) -> bool {
    a == b
        || (number(a).is_some()
            && number(a) == number(b)
            && a.split_once("条之").map(|x| x.1) == b.split_once("条之").map(|x| x.1))
}

fn number(label: &str) -> Option<u32> {
    numerals::read(label.strip_prefix('第')?.split('条').next()?)
}

/// The 款 and 项 that a citation names.
fn within(cited: &str) -> Within {
    let rest = article_of(cited).and_then(|article| cited.strip_prefix(article.as_str()).map(str::to_owned));
    let rest = rest.unwrap_or_else(|| cited.to_owned());
    let read = |unit: char| {
        let before = rest.split_once(unit)?.0;
        let number = before.rsplit('第').next()?.trim_matches(['（', '）', '(', ')']);
        numerals::read(number).and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0)
    };
    Within { paragraph: read('款'), item: read('项') }
}

fn han_of(number: usize) -> String {
    han(u32::try_from(number).unwrap_or(0))
}

/// A number below ten thousand in Chinese figures.
fn han(number: u32) -> String {
    const FIGURES: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    const UNITS: [&str; 4] = ["千", "百", "十", ""];
    let mut out = String::new();
    let mut gap = false;
    for (place, unit) in [1_000, 100, 10, 1].into_iter().zip(UNITS) {
        let figure = number / place % 10;
        if figure == 0 {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('零');
        }
        let is_ten = figure == 1 && unit == "十" && out.is_empty();
        if !is_ten {
            out.extend(usize::try_from(figure).ok().and_then(|figure| FIGURES.get(figure)));
        }
        out.push_str(unit);
    }
    out
}
