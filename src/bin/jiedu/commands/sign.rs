//! `jiedu submit`, `approve` and `withdraw`: what will be signed is shown, what
//! would be refused later is refused now, and git makes the signature.

use std::path::Path;

use jiedu::approve::statement::{Decision, Kind, Statement, message};
use jiedu::approve::{SetFacts, Subject, is_proof, step_label, step_name};
use jiedu::finding::Finding;
use jiedu::finding::render::{Style, human};
use jiedu::name::{Digest, PersonId, SmallSet};
use jiedu::pipeline::{JudgedSet, LINK_RETARGETED, Revision, proof_report};
use jiedu::workspace::{
    Matter, ReasonFile, SigningKey, review, sign_statement, sign_with_reason, signer, submit, withdraw,
};

use super::consent::Consent;
use super::judge::{self, Bench};
use super::next::{self, Names};
use super::present::{present, warn_of_changes, warn_of_staleness};
use super::report::summarise;
use super::sync;
use crate::args::{ApproveArgs, Cli, JudgeArgs, SubmitArgs, WithdrawArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, note, output, styled};

/// Everything at HEAD that a signature rests on.
pub(super) struct Desk<'a> {
    pub(super) cli: &'a Cli,
    pub(super) ui: Ui,
    pub(super) bench: Bench,
    pub(super) revision: Revision,
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

    pub(super) fn set(&self, subject: &Subject) -> Result<&JudgedSet, Failure> {
        subject.set().and_then(|id| self.revision.set(id)).ok_or_else(|| unknown(subject))
    }

    fn names(&self) -> Names {
        let people = self.revision.approvals.rosters().iter().flat_map(|roster| &roster.people);
        people.map(|person| (person.id.clone(), person.name.clone())).collect()
    }

    /// Makes the signature.
    fn sign(&self, statement: &Statement, reason: Option<&ReasonFile>) -> Result<(), Failure> {
        let person = signer(&self.revision.approvals, &self.key)?;
        let folder = judge::folder(self.cli);
        let signed = match reason {
            Some(reason) => sign_with_reason(&folder, statement, &self.key, person, reason)?,
            None => sign_statement(&folder, statement, &self.key, person)?,
        };
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
        Ok(())
    }

    /// Pushes when asked to, then says what comes next.
    fn hand_over(&self, statements: &[Statement], push: bool) -> Result<Exit, Failure> {
        let exit = if push { sync::push(self.cli, self.ui)? } else { Exit::Clean };
        for statement in statements {
            self.say_next(statement, push && exit == Exit::Clean)?;
        }
        Ok(exit)
    }

    fn say_next(&self, statement: &Statement, pushed: bool) -> Result<(), Failure> {
        let subject = statement.subject.to_string();
        let first = if pushed { ("", "") } else { ("运行 jiedu sync 推送；", "run `jiedu sync`; ") };
        match (statement.kind, statement.decision) {
            (Kind::Withdraw, _) if pushed => {}
            (Kind::Withdraw, _) => self.ui.say("接下来：运行 jiedu sync 推送", "next: run `jiedu sync`"),
            (_, Decision::Reject) => self.ui.say(
                format!("接下来：{}撰稿人修改后重新送审：jiedu submit {subject}", first.0),
                format!("next: {}the writer mends the text and runs jiedu submit {subject}", first.1),
            ),
            (_, Decision::Approve | Decision::Retract) => {
                next::say_after_signing(self.ui, &self.bench, &subject, pushed)?;
            }
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
    if let Some(id) = subject.set() {
        refuse_retargeted(ui, &desk.revision.retargeted_links(id))?;
    }
    if args.print {
        output(&message(&statement))?;
        return Ok(Exit::Clean);
    }
    present(&desk, &subject, matter.digest)?;
    warn_of_voided(&desk, &matter);
    let consent = Consent::on_terminal(ui, args.yes);
    consent.ask(&[matter.digest], ("送审", "submit this"))?;
    desk.sign(&statement, None)?;
    desk.hand_over(&[statement], args.push)
}

/// Signatures of the round before that this text makes void.
fn warn_of_voided(desk: &Desk<'_>, matter: &Matter<'_>) {
    let Some(last) = matter.approvals.submissions(matter.subject).pop() else { return };
    let is_done = || matter.approvals.judge(matter.subject, &last.digest, matter.facts).cleared.is_some();
    if last.digest == matter.digest || last.signatures == 0 || is_done() {
        return;
    }
    let (round, count) = (last.revision, last.signatures);
    desk.ui.say(
        format!("注意：第 {round} 轮已有 {count} 个签名，是对改动前的文本签的，重新送审后各步都要重新签"),
        format!("note: round {round} holds {count} signatures of the text before the change; all steps have to be signed again"),
    );
}

/// A text whose interpretation has come to stand beside other clauses is not
/// submitted.
fn refuse_retargeted(ui: Ui, findings: &[Finding]) -> Result<(), Failure> {
    if findings.is_empty() {
        return Ok(());
    }
    let style = Style { lang: ui.lang, color: ui.color, ..Style::default() };
    styled(human(findings, style).trim_end());
    let count = findings.len();
    let mut failure = Failure::usage(
        format!("{count} 处条款链接的标号已经指向别的条款，不能送审"),
        format!("{count} clause link(s) have come to name other provisions: not submitted"),
    )
    .hint(
        "运行 jiedu fix 改写标号，核对后提交，再送审",
        "run jiedu fix, look through the changes, commit, and submit again",
    );
    (failure.exit, failure.code) = (Exit::Findings, Some(LINK_RETARGETED));
    Err(failure)
}

pub(crate) fn run_approve(cli: &Cli, ui: Ui, args: &ApproveArgs) -> Result<Exit, Failure> {
    let consent = Consent::of(ui, &args.consent, args.sets.len(), args.print)?;
    let reason = args.reason.as_deref().map(ReasonFile::new).transpose()?;
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
            present(&desk, &subject, matter.digest)?;
        }
        if args.report {
            name_report(&desk, &subject, &mut statement)?;
        }
        if decision == Decision::Retract {
            warn_of_end(&desk, &matter, &statement);
        }
        statements.push(statement);
    }
    if args.print {
        statements.iter().try_for_each(|statement| output(&message(statement)))?;
        return Ok(Exit::Clean);
    }
    let digests: Vec<Digest> = statements.iter().map(|statement| statement.digest).collect();
    let label = step_label(step);
    let act = match decision {
        Decision::Approve => (format!("签“{label}”通过"), format!("sign `{step}`")),
        Decision::Reject => (format!("“{label}”退回"), format!("reject at `{step}`")),
        Decision::Retract => (format!("撤回本人的“{label}”"), format!("take your `{step}` back")),
    };
    consent.ask(&digests, (&act.0, &act.1))?;
    statements.iter().try_for_each(|statement| desk.sign(statement, reason.as_ref()))?;
    if decision == Decision::Reject && reason.is_none() {
        ui.say(
            "没有写退回理由；下次可以加 --reason 理由，撰稿人就能看到（不对外公开）",
            "no reason was given; with --reason TEXT the writer sees why (it is never public)",
        );
    }
    desk.hand_over(&statements, args.push)
}

/// Taking an approval back ends the round when nobody else can take the step.
fn warn_of_end(desk: &Desk<'_>, matter: &Matter<'_>, statement: &Statement) {
    let Matter { approvals, subject, digest, facts } = matter;
    let heirs = approvals.heirs(subject, digest, facts, &statement.step, &statement.signer);
    let (ui, label, step) = (desk.ui, step_label(&statement.step), &statement.step);
    if heirs.is_empty() || statement.step == "submit" {
        ui.say(
            format!("注意：没有别人可以办理“{label}”，撤回后这一轮就此终止，须重新送审，各步重新签"),
            format!("note: nobody else may take `{step}`: taking it back ends this round, and all steps begin anew"),
        );
    } else {
        let people = next::people(ui, &desk.names(), &heirs);
        ui.say(
            format!("撤回后“{label}”及其后各步要重新办理，可由 {people} 办理"),
            format!("`{step}` and what follows has to be taken again, by {people}"),
        );
    }
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
    let consent = Consent::of(ui, &args.consent, 1, args.print)?;
    let desk = Desk::open(cli, ui, args.key.as_deref())?;
    let subject = subject(&args.set)?;
    // What is withdrawn is what the public sees, not what is being written.
    let edition = if subject.set().is_none() { None } else { desk.set(&subject)?.standing_edition() };
    let facts = edition.map(|edition| SetFacts {
        important: edition.set.policy.as_ref().is_some_and(|policy| policy.meta.important),
        ..SetFacts::default()
    });
    let standing = match &subject {
        Subject::Small(id) => desk
            .revision
            .small_set(id)
            .and_then(|set| set.standing())
            .map(|edition| *edition.proof().digest()),
        _ => None,
    };
    let matter = if let (Some(edition), Some(facts)) = (edition, &facts) {
        Matter { approvals: &desk.revision.approvals, subject: &subject, digest: edition.digest, facts }
    } else {
        let matter = desk.matter(&subject)?;
        Matter { digest: standing.unwrap_or(matter.digest), ..matter }
    };
    let person = signer(&desk.revision.approvals, &desk.key)?;
    let statement = withdraw(&matter, person)?;
    if args.print {
        output(&message(&statement))?;
        return Ok(Exit::Clean);
    }
    let title = desk.set(&subject).map(|set| set.title.clone()).unwrap_or_default();
    note(&format!("── {subject} ──\n{title}"));
    if let Some(edition) = edition {
        ui.say(
            format!("将撤下网站上的全部版本（现为第 {} 版），只保留撤回说明", edition.number),
            format!("all editions (now {}) come off the site; a notice remains", edition.number),
        );
    }
    let code = matter.digest.check_code();
    ui.say(format!("核对码：{code}"), format!("check code: {code}"));
    let folder = judge::folder(cli);
    warn_of_changes(ui, &folder, &subject);
    warn_of_staleness(ui, &folder);
    consent.ask(&[matter.digest], ("签署撤下", "sign the withdrawal"))?;
    desk.sign(&statement, None)?;
    let handed = desk.hand_over(&[statement], args.push)?;
    Ok(say_withdrawn(&desk, &subject)?.max(handed))
}

/// Whether the withdrawal has effect, or who must sign too.
fn say_withdrawn(desk: &Desk<'_>, subject: &Subject) -> Result<Exit, Failure> {
    let (ui, read) = (desk.ui, desk.bench.read()?);
    let report = read.reports(&[]).into_iter().find(|report| report.id == subject.to_string());
    let Some(pending) = report.and_then(|report| report.withdrawal) else {
        ui.say("下次生成网站时，该集只保留撤回说明", "the next build leaves only a notice of withdrawal");
        return Ok(Exit::Clean);
    };
    let people = next::people(ui, &desk.names(), &pending.candidates);
    ui.say(
        format!("还没有撤下：还须一人签署（可由 {people} 办理），在那以前仍在网站上。请对方运行：jiedu withdraw {subject}"),
        format!("not withdrawn yet: one more person must sign ({people}); until then it stays on the site. They run: jiedu withdraw {subject}"),
    );
    Ok(Exit::Findings)
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
