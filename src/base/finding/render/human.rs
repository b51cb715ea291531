//! For people: the source with the place marked, what to do, and a summary.

use std::collections::BTreeMap;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::excerpt::excerpt;
use super::{Style, counts};
use crate::finding::{Applicability, Finding, Severity};
use crate::text::{Lang, printable, printable_line};

/// Renders all findings with excerpts and notes, and the counts at the end.
#[must_use]
pub fn human(findings: &[Finding], style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width.max(40) + 20);
    let mut out = String::new();
    let folds = folds(findings);
    for finding in findings {
        let alike = folds.get(&sort_of(finding)).map(Vec::as_slice).unwrap_or_default();
        let is_folded = alike.len() >= FOLD;
        if is_folded && alike.first().is_some_and(|first| !std::ptr::eq(*first, finding)) {
            continue;
        }
        let rest = alike.get(1..).filter(|_| is_folded).map(|rest| more(rest, style.lang));
        push_report(&mut out, &renderer.render(&[group(finding, rest, style)]));
        out.push('\n');
    }
    out.push_str(&summary(findings, style.lang));
    out
}

/// From so many on, equal findings of one file are shown once.
const FOLD: usize = 3;
/// So many lines are named of those that are not shown.
const NAMED: usize = 12;

type Sort<'a> = (&'a str, &'a str, &'a str);

/// Equal findings: of one file and rule, with one message and no more places.
fn sort_of(finding: &Finding) -> Sort<'_> {
    (&finding.place.path, finding.code, &finding.message.zh)
}

fn folds(findings: &[Finding]) -> BTreeMap<Sort<'_>, Vec<&Finding>> {
    let mut folds: BTreeMap<Sort<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.labels.is_empty()) {
        folds.entry(sort_of(finding)).or_default().push(finding);
    }
    folds
}

/// Where the equal findings are that are not shown.
fn more(rest: &[&Finding], lang: Lang) -> String {
    let mut lines: Vec<usize> = rest.iter().map(|finding| finding.place.position().line).collect();
    lines.dedup();
    let named: Vec<String> = lines.iter().take(NAMED).map(usize::to_string).collect();
    let count = rest.len();
    let (named, is_all) = (named.join(if lang == Lang::Zh { "、" } else { ", " }), lines.len() <= NAMED);
    match (lang, is_all) {
        (Lang::Zh, true) => format!("另有 {count} 处相同：第 {named} 行"),
        (Lang::Zh, false) => format!("另有 {count} 处相同：第 {named} …… 行"),
        (Lang::En, true) => format!("{count} more like this: lines {named}"),
        (Lang::En, false) => format!("{count} more like this: lines {named} …"),
    }
}

/// Appends a report without the origin lines of excerpts, which are empty: the
/// place is told in the line above, with the column in the file and not in the
/// excerpt.
fn push_report(out: &mut String, report: &str) {
    for line in report.lines().filter(|line| bare(line) != ":::") {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// The line without colours and blanks around it.
fn bare(line: &str) -> String {
    let mut text = String::new();
    let mut in_escape = false;
    for c in line.chars() {
        match c {
            '\u{1b}' => in_escape = true,
            'm' if in_escape => in_escape = false,
            _ if in_escape => {}
            _ => text.push(c),
        }
    }
    text.trim().to_owned()
}

fn group(finding: &Finding, more: Option<String>, style: Style) -> Group<'_> {
    let lang = style.lang;
    let place = &finding.place;
    let id = format!("{} {}", finding.code, finding.rule);
    let mut group = Group::with_title(
        level(finding.severity, lang).primary_title(printable(finding.message.get(lang))).id(id),
    );
    let at = place.position();
    group = group.element(Origin::path(printable_line(&place.path)).line(at.line).char_column(at.column));
    let width = style.width.saturating_sub(10).max(30);
    if let Some(file) = place.file.as_ref().filter(|file| !file.text().is_empty()) {
        group = group.element(snippet(&excerpt(file, place.range, width), AnnotationKind::Primary, None));
    }
    for label in &finding.labels {
        let position = label.file.position(label.range.start);
        let origin = Origin::path(printable_line(label.file.path()).into_owned())
            .line(position.line)
            .char_column(position.column);
        let message = printable(label.message.get(lang)).into_owned();
        group = group.element(origin);
        group = group.element(snippet(
            &excerpt(&label.file, label.range, width),
            AnnotationKind::Context,
            Some(message),
        ));
    }
    for note in &finding.notes {
        group = group.element(named(Level::HELP, lang, "建议", "help").message(printable(note.get(lang))));
    }
    if let Some(line) = fix_line(finding, lang) {
        group = group.element(named(Level::HELP, lang, "改为", "fix").message(line));
    }
    match more {
        Some(more) => group.element(named(Level::NOTE, lang, "另外", "also").message(more)),
        None => group,
    }
}

fn snippet(
    excerpt: &super::excerpt::Excerpt,
    kind: AnnotationKind,
    label: Option<String>,
) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
    let annotation = kind.span(excerpt.range.clone()).label(label);
    Snippet::source(excerpt.text.clone()).line_start(excerpt.line).annotation(annotation)
}

fn level(severity: Severity, lang: Lang) -> Level<'static> {
    match severity {
        Severity::Error => named(Level::ERROR, lang, "错误", "error"),
        Severity::Warning => named(Level::WARNING, lang, "警告", "warning"),
        Severity::Hint => named(Level::INFO, lang, "提示", "hint"),
    }
}

fn named(level: Level<'static>, lang: Lang, zh: &'static str, en: &'static str) -> Level<'static> {
    level.with_name(match lang {
        Lang::Zh => zh,
        Lang::En => en,
    })
}

/// What the fix would write, in one line.
fn fix_line(finding: &Finding, lang: Lang) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let shown: String = fix.replacement.chars().take(60).map(|c| if c == '\n' { '⏎' } else { c }).collect();
    let shown = printable(&shown);
    let grade = match (fix.applicability, lang) {
        (Applicability::Safe, Lang::Zh) => "可自动修改",
        (Applicability::Safe, Lang::En) => "safe",
        (Applicability::NeedsReview, Lang::Zh) => "须经人工确认",
        (Applicability::NeedsReview, Lang::En) => "needs review",
        (Applicability::DisplayOnly, Lang::Zh) => "仅供参考",
        (Applicability::DisplayOnly, Lang::En) => "for information",
    };
    Some(match (lang, shown.is_empty()) {
        (Lang::Zh, true) => format!("（删去）（{grade}）"),
        (Lang::Zh, false) => format!("{shown}（{grade}）"),
        (Lang::En, true) => format!("(remove) ({grade})"),
        (Lang::En, false) => format!("{shown} ({grade})"),
    })
}

/// The closing line.
fn summary(findings: &[Finding], lang: Lang) -> String {
    let (errors, warnings, hints) = counts(findings);
    match (lang, findings.is_empty()) {
        (Lang::Zh, true) => "未发现问题。\n".to_owned(),
        (Lang::En, true) => "no findings\n".to_owned(),
        (Lang::Zh, false) => {
            format!("共 {} 处：错误 {errors}，警告 {warnings}，提示 {hints}。\n", findings.len())
        }
        (Lang::En, false) => {
            let plural =
                |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
            let parts = [plural(errors, "error"), plural(warnings, "warning"), plural(hints, "hint")];
            format!("{}: {}\n", plural(findings.len(), "finding"), parts.join(", "))
        }
    }
}
