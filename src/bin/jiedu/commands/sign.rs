//! `jiedu submit`, `approve` and `withdraw`: what will be signed is shown, what
//! would be refused later is refused now, and git makes the signature.

use std::path::Path;

use jiedu::approve::statement::{Decision, Kind, Statement, message};
use jiedu::approve::{SetFacts, Subject, is_proof, step_label, step_name};
use jiedu::edition::Edition;
use jiedu::finding::render::{Style, human};
use jiedu::finding::{Finding, Severity};
use jiedu::model::PublicationSet;
use jiedu::name::{PersonId, SmallSet};
use jiedu::pipeline::{CheckOptions, JudgedSet, Revision, check, proof_report};
use jiedu::redline::{self, compare_texts, terminal};
use jiedu::workspace::{Matter, SigningKey, review, sign_statement, signer, submit, withdraw};

use super::judge::{self, Bench};
use super::next;
use super::report::summarise;
use crate::args::{ApproveArgs, Cli, JudgeArgs, SubmitArgs, WithdrawArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, note, output, styled};

/// Everything at HEAD that a signature rests on.
struct Desk<'a> {
    cli: &'a Cli,
    ui: Ui,
    bench: Bench,
    revision: Revision,
    key: SigningKey,
}

impl<'a> Desk<'a> {
    fn open(cli: &'a Cli, ui: Ui, key: Option<&Path>) -> Result<Self, Failure> {
        let judge = JudgeArgs { rev: None, trust: None, at: None, allow_alternates: true };
        let bench = Bench::open(cli, &judge)?;
        let revision = bench.read()?;
        let key = SigningKey::find(&judge::folder(cli), key)?;
        Ok(Self { cli, ui, bench, revision, key })
    }

    fn matter<'b>(&'b self, subject: &'b Subject) -> Result<Matter<'b>, Failure> {
        let digest = match subject {
            Subject::Set(id) => self.set(subject)?.digest.ok_or_else(|| {
                Failure::usage(
                    format!("“{id}”有不合规定的文件，没有摘要，不能签署"),
                    format!("`{id}` has no digest and cannot be signed"),
                )
                .hint("运行 jiedu check 查看是哪些文件", "run jiedu check to see which files")
            })?,
            Subject::Small(id) => {
                let set = self.revision.small_set(id).ok_or_else(|| unknown(subject))?;
                set.digest.ok_or_else(|| unknown(subject))?
            }
            _ => self.revision.site.digest,
        };
        let facts = self.revision.signing.get(subject).ok_or_else(|| unknown(subject))?;
        Ok(Matter { approvals: &self.revision.approvals, subject, digest, facts })
    }

    fn set(&self, subject: &Subject) -> Result<&JudgedSet, Failure> {
        subject.set().and_then(|id| self.revision.set(id)).ok_or_else(|| unknown(subject))
    }

    /// Signs, or prints what would be signed.
    fn finish(&self, statement: &Statement, print: bool) -> Result<(), Failure> {
        if print {
            return output(&message(statement));
        }
        let person = signer(&self.revision.approvals, &self.key)?;
        let signed = sign_statement(&judge::folder(self.cli), statement, &self.key, person)?;
        self.ui.say(
            format!(
                "已签名：{}（提交 {}，声明 {}）",
                step_label(&statement.step),
                signed.commit.short(),
                signed.statement
            ),
            format!(
                "signed: {} (commit {}, statement {})",
                statement.step,
                signed.commit.short(),
                signed.statement
            ),
        );
        self.say_next(statement)
    }

    fn say_next(&self, statement: &Statement) -> Result<(), Failure> {
        let subject = statement.subject.to_string();
        match (statement.kind, statement.decision) {
            (Kind::Withdraw, _) => self.ui.say("接下来：git push", "next: git push"),
            (_, Decision::Approve) => next::say_after_signing(self.ui, &self.bench, &subject)?,
            (_, Decision::Reject) => self.ui.say(
                format!("接下来：git push；撰稿人修改后重新送审：jiedu submit {subject}"),
                format!("next: git push; the writer mends the text and runs jiedu submit {subject}"),
            ),
            (_, Decision::Retract) => self.ui.say(
                "接下来：git push；这一步改由别人办理，或者重新送审；谁可以办理见：jiedu status",
                "next: git push; another person takes the step, or a new round begins; jiedu status says who may",
            ),
        }
        Ok(())
    }
}

pub(crate) fn run_submit(cli: &Cli, ui: Ui, args: &SubmitArgs) -> Result<Exit, Failure> {
    let desk = Desk::open(cli, ui, args.key.as_deref())?;
    let subject = subject(&args.set)?;
    let matter = desk.matter(&subject)?;
    let person = signer(&desk.revision.approvals, &desk.key)?;
    let authors = args.authors.iter().map(|author| {
        PersonId::parse(author)
            .map_err(|error| Failure::usage(format!("人员编号写得不对：{}", error.text), error.to_string()))
    });
    let statement = submit(&matter, person, &authors.collect::<Result<Vec<_>, _>>()?)?;
    if !args.print {
        present(&desk, &subject, &matter)?;
    }
    desk.finish(&statement, args.print)?;
    Ok(Exit::Clean)
}

pub(crate) fn run_approve(cli: &Cli, ui: Ui, args: &ApproveArgs) -> Result<Exit, Failure> {
    let decision = match (args.reject, args.retract) {
        (true, _) => Decision::Reject,
        (_, true) => Decision::Retract,
        _ => Decision::Approve,
    };
    let step = step_name(&args.step);
    // All are judged before the first is signed.
    let desk = Desk::open(cli, ui, args.key.as_deref())?;
    let person = signer(&desk.revision.approvals, &desk.key)?;
    if let Some(expected) = args.signer.as_deref().filter(|expected| *expected != person.id.as_str()) {
        return Err(Failure::usage(
            format!("密钥属于 {}，不是 {expected}", person.id),
            format!("the key belongs to {}, not to {expected}", person.id),
        ));
    }
    let mut statements = Vec::new();
    for set in &args.sets {
        let subject = subject(set)?;
        let matter = desk.matter(&subject)?;
        let mut statement = review(&matter, person, step, decision)?;
        if !args.print {
            present(&desk, &subject, &matter)?;
        }
        if args.report {
            name_report(&desk, &subject, &mut statement)?;
        }
        statements.push(statement);
    }
    for statement in &statements {
        desk.finish(statement, args.print)?;
    }
    Ok(Exit::Clean)
}

/// Makes a proofreader's statement cover the proofreading report (`review/2`).
fn name_report(desk: &Desk<'_>, subject: &Subject, statement: &mut Statement) -> Result<(), Failure> {
    let set = subject.set().filter(|_| is_proof(&statement.step)).ok_or_else(|| {
        Failure::usage(
            format!("“{}”这一步不能附校对报告", step_label(&statement.step)),
            format!("the step {} cannot name a proofreading report", statement.step),
        )
        .hint("--report 只用于政策集的一校、二校、三校", "--report is for the proof steps of policy sets")
    })?;
    let report = proof_report(&desk.bench.repository, &desk.revision, set)?;
    summarise(desk.ui, &report);
    statement.report = Some(report.digest());
    Ok(())
}

pub(crate) fn run_withdraw(cli: &Cli, ui: Ui, args: &WithdrawArgs) -> Result<Exit, Failure> {
    let desk = Desk::open(cli, ui, args.key.as_deref())?;
    let subject = subject(&args.set)?;
    // What is withdrawn is what the public sees, not what is being written.
    let edition = if subject.set().is_none() { None } else { desk.set(&subject)?.standing_edition() };
    let facts = edition.map(|edition| SetFacts {
        important: edition.set.policy.as_ref().is_some_and(|policy| policy.meta.important),
        ..SetFacts::default()
    });
    let standing = match &subject {
        Subject::Small(id) => {
            desk.revision.small_set(id).and_then(|set| set.standing()).map(|edition| *edition.proof().digest())
        }
        _ => None,
    };
    let matter = match (edition, &facts) {
        (Some(edition), Some(facts)) => {
            Matter { approvals: &desk.revision.approvals, subject: &subject, digest: edition.digest, facts }
        }
        _ => {
            let matter = desk.matter(&subject)?;
            Matter { digest: standing.unwrap_or(matter.digest), ..matter }
        }
    };
    let person = signer(&desk.revision.approvals, &desk.key)?;
    let statement = withdraw(&matter, person)?;
    desk.finish(&statement, args.print)?;
    if !args.print {
        ui.say("下次生成网站时，该集只保留撤回说明", "the next build leaves only a notice of withdrawal");
    }
    Ok(Exit::Clean)
}

fn subject(text: &str) -> Result<Subject, Failure> {
    // What a shell completes: content/reports/2025.toml means reports/2025.
    let small = SmallSet::of_path(text).or_else(|| SmallSet::parse(text));
    match small {
        Some(id) => Ok(Subject::Small(id)),
        None if text == "site" => Ok(Subject::Site),
        None => judge::set_id(text).map(|id| Subject::from(&id)),
    }
}

fn unknown(subject: &Subject) -> Failure {
    Failure::usage(format!("HEAD 里没有“{subject}”"), format!("there is no `{subject}` at HEAD")).hint(
        "先用 git 提交稿件；运行 jiedu status 查看全部集",
        "commit the draft first; run jiedu status for all sets",
    )
}

/// Shows what is being signed: redline, open findings, check code.
fn present(desk: &Desk<'_>, subject: &Subject, matter: &Matter<'_>) -> Result<(), Failure> {
    let ui = desk.ui;
    note(&format!("── {subject} ──"));
    if let Subject::Small(id) = subject {
        show_small(desk, id);
    }
    if let Subject::Set(id) = subject {
        let set = desk.set(subject)?;
        note(&set.title);
        show_changes(ui, set);
        let options = CheckOptions {
            revision: Some("HEAD"),
            time: desk.bench.time,
            anchor: desk.bench.anchor.as_ref(),
            sets: std::slice::from_ref(id),
            rules: &[],
            min_severity: Severity::Warning,
            jobs: None,
        };
        let report = check(&desk.bench.repository, &options)?;
        let open: Vec<Finding> =
            report.findings.into_iter().filter(|finding| finding.category != "approval").collect();
        if open.is_empty() {
            ui.say("没有未处理的问题", "no open findings");
        } else {
            let style = Style { lang: ui.lang, color: ui.color, ..Style::default() };
            styled(human(&open, style).trim_end());
        }
    }
    ui.say(
        format!("核对码（与校样上的一致才可签名）：{}", matter.digest.check_code()),
        format!("check code (must equal the one on the proof): {}", matter.digest.check_code()),
    );
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

/// The redline since the edition that the public sees.
fn show_changes(ui: Ui, set: &JudgedSet) {
    let Some(edition) = set.standing_edition() else {
        ui.say("首次送审：全文都是新的", "first submission: all of the text is new");
        return;
    };
    if set.digest == Some(edition.digest) {
        ui.say(
            format!("与已发布的第 {} 版完全相同", edition.number),
            format!("the same as edition {}", edition.number),
        );
        return;
    }
    ui.say(
        format!("与已发布的第 {} 版相比：", edition.number),
        format!("changes since edition {}:", edition.number),
    );
    show_policy(ui, edition, set);
    show_files(ui, &edition.set, &set.set);
}

fn show_policy(ui: Ui, edition: &Edition, set: &JudgedSet) {
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    if let (Some(old), Some(new)) = (&edition.set.policy, &set.set.policy) {
        styled(terminal::render(&redline::compare(old, new), options).trim_end());
    }
}

/// Plan and materials line by line; other files by name.
fn show_files(ui: Ui, old: &PublicationSet, new: &PublicationSet) {
    let options = terminal::Options { color: ui.color, lang: ui.lang, context: 0 };
    let find = |set: &PublicationSet, path: &str| {
        set.files.iter().find(|file| file.path == path).map(|file| file.bytes.clone())
    };
    let paths: std::collections::BTreeSet<&str> =
        old.files.iter().chain(&new.files).map(|file| file.path.as_str()).collect();
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
