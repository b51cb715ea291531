//! The proof sheet of the site-wide files: what changed since they were approved
//! last, line by line, with the check code that is signed.

use super::Stop;
use super::earlier::{EarlierText, earlier_site};
use super::proof_sheet::{Fact, Line, Part, Sheet, Step, line, state};
use super::revision::{ReadOptions, Revision};
use jiedu_approve::step_label;
use jiedu_base::text::escape_html;
use jiedu_redline::{SpanKind, TextDiff, compare_texts};
use jiedu_source::{Repository, SetFile};
use jiedu_theme::Theme;

/// The proof sheet of the set `site` as an HTML page that stands alone.
///
/// # Errors
/// [`Stop`] when the repository, roster, anchor or settings cannot be used.
pub fn site_sheet(repository: &Repository, options: ReadOptions<'_>) -> Result<String, Stop> {
    let read = Revision::read(repository, options)?;
    let EarlierText { round, old, new } = earlier_site(repository, options)?;
    let before = old.map(|old| old.files).unwrap_or_default();
    let digest = read.site.digest;
    let since = round.map_or_else(|| "（首次送审）".to_owned(), |round| format!("第 {round} 轮"));
    let facts = [
        ("集编号", "site".to_owned()),
        ("提交", read.commit.to_string()),
        ("摘要", digest.to_string()),
        ("比较的版本", since),
    ];
    let findings: Vec<Line> = read.site.findings.iter().map(line).collect();
    let sheet = Sheet {
        title: "网站公用文件".to_owned(),
        check_code: digest.check_code(),
        facts: facts.into_iter().map(|(name, value)| Fact { name, value }).collect(),
        findings,
        parts: parts(&before, &new.files),
        steps: read
            .site
            .steps
            .iter()
            .skip(1)
            .map(|step| Step {
                name: step_label(&step.step).to_owned(),
                state: state(step.state, step.by.as_ref()),
            })
            .collect(),
    };
    let unusable = |error: &dyn std::fmt::Display| {
        Stop::usage(format!("主题不能使用：{error}"), format!("the theme cannot be used: {error}"))
    };
    let theme =
        Theme::load(&read.config.theme, &read.snapshot.site.files).map_err(|error| unusable(&error))?;
    theme.render("proof", &sheet).map_err(|error| unusable(&error))
}

/// One part for every file that changed, in order of the paths.
fn parts(old: &[SetFile], new: &[SetFile]) -> Vec<Part> {
    let find = |files: &[SetFile], path: &str| {
        files.iter().find(|file| file.path == path).map(|file| file.bytes.clone())
    };
    let paths: std::collections::BTreeSet<&str> =
        old.iter().chain(new).map(|file| file.path.as_str()).collect();
    let part = |path: &str| {
        let (before, after) = (find(old, path), find(new, path));
        let kind = match (&before, &after) {
            (Some(a), Some(b)) if a == b => return None,
            (Some(_), Some(_)) => "修改",
            (None, _) => "新增",
            (_, None) => "删除",
        };
        let [a, b] = [&before, &after].map(|side| side.as_deref().unwrap_or_default());
        let block = match (std::str::from_utf8(a), std::str::from_utf8(b)) {
            (Ok(a), Ok(b)) => redline(a, b),
            _ => format!("<p>不是文本（{} 字节 → {} 字节）</p>", a.len(), b.len()),
        };
        Some(Part { kind, title: path.to_owned(), blocks: vec![block] })
    };
    paths.into_iter().filter_map(part).collect()
}

/// The changed lines of a file, with their numbers.
fn redline(old: &str, new: &str) -> String {
    let diff = compare_texts(old, new);
    let changed = diff
        .lines
        .iter()
        .filter(|line| line.old_line.is_none() || line.new_line.is_none() || !line.text.is_equal());
    let rows: Vec<String> = changed
        .map(|line| {
            let number = line.new_line.or(line.old_line).unwrap_or(0);
            format!("<tr><td class=\"place\">{number}</td><td>{}</td></tr>", spans(&line.text))
        })
        .collect();
    format!("<table><tbody>{}</tbody></table>", rows.concat())
}

fn spans(text: &TextDiff) -> String {
    let span = |span: &jiedu_redline::Span| {
        let words = escape_html(&span.text);
        match span.kind {
            SpanKind::Equal => words,
            SpanKind::Insert | SpanKind::MovedHere => format!("<ins>{words}</ins>"),
            SpanKind::Delete | SpanKind::MovedAway => format!("<del>{words}</del>"),
        }
    };
    text.spans.iter().map(span).collect()
}
