//! What an editor shows over a place: the rule behind a finding, the text of a
//! provision behind a link, the meaning of a front-matter key.

use jiedu_base::finding::Finding;
use jiedu_base::text::{Lang, TextRange};
use jiedu_model::{KeyInfo, front_matter_keys};

use super::context::{front_matter, kind_of, link_at, token_at, touches};
use super::desk::Desk;

/// Characters of a provision that are shown.
const CLAUSE: usize = 1200;

impl Desk {
    /// What to show over a place as Markdown, and over which bytes. `page` gives
    /// the page of a rule by its code.
    pub fn hover(
        &mut self,
        path: &str,
        offset: usize,
        lang: Lang,
        page: &dyn Fn(&str) -> Option<String>,
    ) -> Option<(String, TextRange)> {
        self.refresh();
        let mut parts = Vec::new();
        let mut range = None;
        if let Some(text) = self.clause(path, offset, lang) {
            range = link_at(self, path, offset)
                .map(|link| link.range)
                .or_else(|| self.reference_at(path, offset).map(|(_, range)| range));
            parts.push(text);
        }
        if let Some((text, place)) = hover_findings(self.findings(), path, offset, lang, page) {
            parts.push(text);
            range.get_or_insert(place);
        }
        if parts.is_empty() {
            return self.key(path, offset, lang);
        }
        Some((parts.join("\n\n---\n\n"), range?))
    }

    /// The text of the provision that a link or a reference names.
    fn clause(&self, path: &str, offset: usize, lang: Lang) -> Option<String> {
        if link_at(self, path, offset).is_none() {
            self.reference_at(path, offset)?;
        }
        let clause = self.clause_at(path, offset)?;
        let provision = clause.policy.provisions.get(clause.index)?;
        let title = clause.policy.meta.title.as_ref().map_or("", |title| title.value.as_str());
        let mut text: String = provision.text.chars().take(CLAUSE).collect();
        if provision.text.chars().nth(CLAUSE).is_some() {
            text.push('…');
        }
        let inside = clause.policy.provisions.iter().filter(|one| one.parent == Some(clause.index)).count();
        let more = match (inside, lang) {
            (0, _) => String::new(),
            (count, Lang::Zh) => format!("\n\n（下辖 {count} 个条款）"),
            (count, Lang::En) => format!("\n\n({count} provisions below it)"),
        };
        let quoted = escaped(&text).replace('\n', "\n> ");
        Some(format!(
            "**{}** · {} ({})\n\n> {quoted}{more}",
            escaped(&provision.reference),
            escaped(title),
            clause.set
        ))
    }

    /// What a front-matter key means.
    fn key(&self, path: &str, offset: usize, lang: Lang) -> Option<(String, TextRange)> {
        let file = self.file(path)?;
        if !touches(front_matter(file.text())?, offset) {
            return None;
        }
        let range = token_at(file.text(), offset)?;
        let word = file.slice(range).strip_suffix(':')?;
        let keys = front_matter_keys(kind_of(path)?);
        let all = keys.iter().chain(keys.iter().flat_map(|key| &key.inside));
        let key = all.into_iter().find(|key| key.is(word))?;
        Some((describe(key, lang), TextRange::new(range.start, range.end - 1)))
    }
}

/// The findings around a place: what is wrong, then the page of each rule.
#[must_use]
pub fn hover_findings(
    findings: &[Finding],
    path: &str,
    offset: usize,
    lang: Lang,
    page: &dyn Fn(&str) -> Option<String>,
) -> Option<(String, TextRange)> {
    let here = |finding: &&Finding| finding.place.path == path && touches(finding.place.range, offset);
    let mut parts = Vec::new();
    let mut place = None;
    let mut shown: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(here) {
        place.get_or_insert(finding.place.range);
        let mut text = format!("**{}** {}", finding.code, escaped(finding.message.get(lang)));
        for note in &finding.notes {
            text.push_str("\n\n");
            text.push_str(&escaped(note.get(lang)));
        }
        if !shown.contains(&finding.code)
            && let Some(page) = page(finding.code)
        {
            shown.push(finding.code);
            text.push_str("\n\n");
            text.push_str(&fenced(page.trim_end()));
        }
        parts.push(text);
    }
    place.map(|place| (parts.join("\n\n"), place))
}

fn describe(key: &KeyInfo, lang: Lang) -> String {
    let mut text = format!("**{}** · `{}`", key.zh, key.en);
    if key.is_required {
        text.push_str(if lang == Lang::Zh { "（必填）" } else { " (required)" });
    }
    let list = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ");
    let pick = |zh: &'static str, en: &'static str| if lang == Lang::Zh { zh } else { en };
    if !key.values.is_empty() {
        let values = list(key.values.iter().map(|(zh, en)| pick(zh, en)).collect());
        text.extend(["\n\n", pick("可填：", "Values: "), &values]);
    }
    if !key.inside.is_empty() {
        let keys = list(key.inside.iter().map(|key| pick(key.zh, key.en)).collect());
        text.extend(["\n\n", pick("下列项目：", "Keys below: "), &keys]);
    }
    text
}

/// Text that Markdown shows as it stands.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text in a fence longer than any run of backticks in it.
fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_not_markup() {
        assert_eq!(escaped("a*b[c](d)"), "a\\*b\\[c\\]\\(d\\)");
        assert_eq!(fenced("x ```` y"), "`````text\nx ```` y\n`````");
    }
}
