//! What is shown before something is signed: what changed, what is open, and
//! what the person may not know about their clone.

use std::path::Path;

use jiedu::approve::{Subject, Submission};
use jiedu::edition::Edition;
use jiedu::finding::render::{Style, human};
use jiedu::finding::{Finding, Severity};
use jiedu::model::PublicationSet;
use jiedu::name::{Digest, SmallSet};
use jiedu::pipeline::{CheckOptions, EarlierText, JudgedSet, check, earlier_site, earlier_text};
use jiedu::redline::{self, compare_texts, terminal};
use jiedu::source::SetFile;
use jiedu::workspace::{is_behind, statements_elsewhere, uncommitted};

use super::judge::{self, Bench};
use super::sign::Desk;
use crate::ui::{Failure, Ui, note, styled};

/// Shows what is being signed: redline, open findings, check code.
pub(super) fn present(desk: &Desk<'_>, subject: &Subject, digest: Digest) -> Result<(), Failure> {
    let ui = desk.ui;
    note(&format!("── {subject} ──"));
    match subject {
        Subject::Set(id) => {
            let set = desk.set(subject)?;
            note(&set.title);
            show_changes(desk, set)?;
            let options = CheckOptions {
                revision: Some("HEAD"),
                time: desk.bench.time,
                anchor: desk.bench.anchor.as_ref(),
                sets: std::slice::from_ref(id),
                rules: &[],
                min_severity: Severity::Warning,
                jobs: None,
                references: None,
            };
            show_findings(ui, check(&desk.bench.repository, &options)?.findings);
        }
        Subject::Small(id) => {
            show_small(desk, id);
            let options = CheckOptions {
                revision: Some("HEAD"),
                time: desk.bench.time,
                anchor: desk.bench.anchor.as_ref(),
                sets: &[],
                rules: &[],
                min_severity: Severity::Warning,
                references: None,
                jobs: None,
            };
            let mut found = check(&desk.bench.repository, &options)?.findings;
            let id = id.to_string();
            found.retain(|finding| finding.set.as_deref() == Some(id.as_str()));
            show_findings(ui, found);
        }
        _ => show_site(&desk.bench, ui)?,
    }
    ui.say(
        format!("核对码（与校样上的一致才可签名）：{}", digest.check_code()),
        format!("check code (must equal the one on the proof): {}", digest.check_code()),
    );
    surroundings(desk, subject, digest);
    Ok(())
}

/// The lines of a set of one file that changed since its approved text.
fn show_small(desk: &Desk<'_>, id: &SmallSet) {
    let ui = desk.ui;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let files = desk.revision.snapshot.small.get(id);
    let new = files.and_then(|files| files.files.first()).map(|file| text(&file.bytes)).unwrap_or_default();
    let standing = desk.revision.small_set(id).and_then(|set| set.standing());
    let old = standing.map(|edition| text(&edition.file().bytes));
    if old.is_none() {
        ui.say("首次送审：全文都是新的", "first submission: all of the text is new");
    }
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    let lines = compare_texts(&old.unwrap_or_default(), &new);
    styled(terminal::render_lines(&lines, options).trim_end());
}

fn show_findings(ui: Ui, findings: Vec<Finding>) {
    let open: Vec<Finding> = findings.into_iter().filter(|finding| finding.category != "approval").collect();
    if open.is_empty() {
        ui.say("没有未处理的问题", "no open findings");
        return;
    }
    let style = Style { lang: ui.lang, color: ui.color, ..Style::default() };
    styled(human(&open, style).trim_end());
    let errors = open.iter().filter(|finding| finding.severity == Severity::Error).count();
    if errors > 0 {
        ui.say(
            format!("注意：以上有 {errors} 处错误还没有处理"),
            format!("note: {errors} of these are errors that nobody has dealt with"),
        );
    }
}

/// The redline since the edition that the public sees, and since the text last
/// submitted.
fn show_changes(desk: &Desk<'_>, set: &JudgedSet) -> Result<(), Failure> {
    let ui = desk.ui;
    let standing = set.standing_edition();
    if let Some(edition) = standing {
        show_since_edition(ui, edition, set);
    }
    let subject = Subject::from(&set.id);
    let submissions = desk.revision.approvals.submissions(&subject);
    let Some(last) = last_round(&submissions, set.digest) else {
        if standing.is_none() {
            ui.say("首次送审：全文都是新的", "first submission: all of the text is new");
        }
        return Ok(());
    };
    // What the public sees was shown already.
    if standing.is_some_and(|edition| edition.digest == last.digest || edition.revision > last.revision) {
        return Ok(());
    }
    let round = last.revision;
    match earlier_text(&desk.bench.repository, &desk.revision, &set.id, &last.digest)? {
        Some(old) => {
            ui.say(
                format!("与上一次送审的文本（第 {round} 轮）相比："),
                format!("changes since the text last submitted (round {round}):"),
            );
            show_policy(ui, &old, &set.set);
            show_files(ui, &old.files, &set.set.files);
        }
        None => ui.say(
            format!("上一次送审的文本（第 {round} 轮）已不在提交历史里，不能比较"),
            format!("the text of round {round} is no longer in the history, so it cannot be compared"),
        ),
    }
    Ok(())
}

/// The last submission of another text than this one.
fn last_round(submissions: &[Submission], digest: Option<Digest>) -> Option<&Submission> {
    submissions.iter().rev().find(|submission| Some(submission.digest) != digest)
}

fn show_since_edition(ui: Ui, edition: &Edition, set: &JudgedSet) {
    let number = edition.number;
    if set.digest == Some(edition.digest) {
        ui.say(format!("与已发布的第 {number} 版完全相同"), format!("the same as edition {number}"));
        return;
    }
    ui.say(format!("与已发布的第 {number} 版相比："), format!("changes since edition {number}:"));
    show_policy(ui, &edition.set, &set.set);
    show_files(ui, &edition.set.files, &set.set.files);
}

fn show_policy(ui: Ui, old: &PublicationSet, new: &PublicationSet) {
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    if let (Some(old), Some(new)) = (&old.policy, &new.policy) {
        styled(terminal::render(&redline::compare(old, new), options).trim_end());
    }
}

/// Plan and materials line by line; other files by name.
pub(super) fn show_files(ui: Ui, old: &[SetFile], new: &[SetFile]) {
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    let find = |files: &[SetFile], path: &str| {
        files.iter().find(|file| file.path == path).map(|file| file.bytes.clone())
    };
    let paths: std::collections::BTreeSet<&str> =
        old.iter().chain(new).map(|file| file.path.as_str()).collect();
    for path in paths.into_iter().filter(|path| *path != "policy.md") {
        match (find(old, path), find(new, path)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => {
                note(path);
                if let (Ok(a), Ok(b)) = (std::str::from_utf8(&a), std::str::from_utf8(&b)) {
                    styled(terminal::render_lines(&compare_texts(a, b), options).trim_end());
                }
            }
            (None, _) => ui.say(format!("新增 {path}"), format!("new: {path}")),
            (_, None) => ui.say(format!("删除 {path}"), format!("removed: {path}")),
        }
    }
}

/// The site-wide files, compared with those in force.
fn show_site(bench: &Bench, ui: Ui) -> Result<(), Failure> {
    let EarlierText { round, old, new } = earlier_site(&bench.repository, bench.read_options())?;
    if let (Some(old), Some(round)) = (&old, round) {
        ui.say(
            format!("网站公用文件，与第 {round} 轮的版本相比："),
            format!("site-wide files, changes since those of round {round}:"),
        );
        show_files(ui, &old.files, &new.files);
    } else {
        ui.say("网站公用文件，首次送审，共有：", "site-wide files, first submission:");
        for file in &new.files {
            note(&format!("  {}", file.path));
        }
    }
    Ok(())
}

/// What the person may not know about their clone.
fn surroundings(desk: &Desk<'_>, subject: &Subject, digest: Digest) {
    let (ui, folder) = (desk.ui, judge::folder(desk.cli));
    warn_of_changes(ui, &folder, subject);
    warn_of_staleness(ui, &folder);
    let known = desk.revision.approvals.known();
    let missed: Vec<_> = statements_elsewhere(&folder)
        .unwrap_or_default()
        .into_iter()
        .filter(|it| it.subject == *subject && it.digest == digest)
        .filter(|it| known.iter().all(|known| known.id != it.statement))
        .collect();
    if let Some(first) = missed.first() {
        let (count, branch) = (missed.len(), &first.branch);
        ui.say(
            format!("注意：分支 {branch} 上有这份稿件的 {count} 个签名没有并进来（多半是合并时压缩了提交）；请先运行 jiedu collect --from {branch}，再用 git 提交"),
            format!("note: the branch {branch} holds {count} signatures of this text that were not merged (most likely a squash merge); run `jiedu collect --from {branch}` first, then commit"),
        );
    }
}

/// Changes of the work tree that are not part of what is signed.
pub(super) fn warn_of_changes(ui: Ui, folder: &Path, subject: &Subject) {
    let own = match subject {
        Subject::Small(id) => id.paths(),
        _ => vec![format!("content/policies/{subject}")],
    };
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let paths: &[&str] = match subject {
        Subject::Set(_) | Subject::Small(_) => &own,
        Subject::Site => &["site.toml", "themes", "wordlists", "content/pages", "content/topics"],
        Subject::Roster(_) => &["roster"],
    };
    let changed = uncommitted(folder, paths).unwrap_or_default();
    if changed.is_empty() {
        return;
    }
    let (few, count) = (changed.iter().take(3).map(String::as_str).collect::<Vec<_>>(), changed.len());
    ui.say(
        format!(
            "注意：工作区有 {count} 个文件改动后没有提交（{}），签的是已提交的内容，不包括这些改动",
            few.join("、")
        ),
        format!(
            "note: {count} files have changes that are not committed ({}); what is signed does not hold them",
            few.join(", ")
        ),
    );
}

/// Commits of others that this clone has not seen.
pub(super) fn warn_of_staleness(ui: Ui, folder: &Path) {
    if is_behind(folder) == Some(true) {
        ui.say(
            "注意：共享仓库里有本机还没有取回的提交，您看到的可能不是最新情况；请先运行 jiedu sync",
            "note: the shared repository has commits that this clone has not fetched; run `jiedu sync` first",
        );
    }
}
