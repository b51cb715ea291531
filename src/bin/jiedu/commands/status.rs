//! `jiedu status`: what is done, what is missing, who may do it.

use jiedu::approve::{SetState, StepState, StepStatus, Subject, step_label};
use jiedu::pipeline::{self, CheckOptions, Pending, SetReport, StatusReport};
use jiedu::text::Lang;
use jiedu::workspace::{Elsewhere, ReasonGiven, reason_given, statements_elsewhere};

use super::judge::{self, Bench};
use super::next::{self, Names};
use super::targets::Targets;
use crate::args::{Cli, ReportFormat, StatusArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &StatusArgs) -> Result<Exit, Failure> {
    let bench = Bench::open(cli, &args.judge)?;
    let targets = Targets::read(cli, &args.sets)?;
    // The set `site` is reported with all others only.
    let by_set = !targets.has_paths();
    let asked = if by_set { targets.sets.as_slice() } else { &[] };
    let mut report = pipeline::status(
        &bench.repository,
        &CheckOptions {
            revision: bench.revision.as_deref(),
            time: bench.time,
            anchor: bench.anchor.as_ref(),
            sets: asked,
            rules: &[],
            min_severity: jiedu::finding::Severity::Hint,
            jobs: None,
            references: None,
        },
    )?;
    if !by_set {
        report.sets.retain(|set| targets.contain_set(&set.id));
    }
    if args.mine {
        let me = judge::me(cli, &bench)?;
        report.sets.retain(|set| next::concerned(set).iter().any(|person| person.as_str() == me));
    }
    match args.format {
        ReportFormat::Json => output(&report.to_json())?,
        ReportFormat::Human => show(cli, ui, &report, args)?,
    }
    Ok(Exit::Clean)
}

fn show(cli: &Cli, ui: Ui, report: &StatusReport, args: &StatusArgs) -> Result<(), Failure> {
    ui.answer(
        format!("提交 {}，判断时刻 {}", report.revision.short(), report.at.rfc3339()),
        format!("commit {}, judged at {}", report.revision.short(), report.at.rfc3339()),
    )?;
    if !report.anchored {
        ui.say(
            "未给出信任锚（--trust 或 $JIEDU_TRUST）：名册第 1 版未经外部核对",
            "no trust anchor (--trust or $JIEDU_TRUST): roster 1 is taken as found",
        );
    }
    show_pending(ui, &report.pending, &report.names)?;
    if report.sets.is_empty() {
        ui.answer(
            if args.mine { "没有等您办理的事项" } else { "仓库里还没有集" },
            if args.mine { "nothing waits for you" } else { "there are no sets yet" },
        )?;
    }
    let is_open = |set: &SetReport| set.steps.iter().any(|step| step.state != StepState::Done);
    let elsewhere = if report.sets.iter().any(is_open) {
        statements_elsewhere(&judge::folder(cli)).unwrap_or_default()
    } else {
        Vec::new()
    };
    let whole = !args.sets.is_empty();
    for set in &report.sets {
        let page = Page { cli, ui, names: &report.names, elsewhere: &elsewhere };
        let lines = if is_settled(set) && !whole { vec![page.head(set)] } else { page.lines(set)? };
        let blank = if lines.len() > 1 { "\n" } else { "" };
        line(&format!("{blank}{}", lines.join("\n")))?;
    }
    Ok(())
}

/// Whether nothing is to be done about the set, so that one line says it all.
fn is_settled(set: &SetReport) -> bool {
    set.state != SetState::Blocked && set.withdrawal.is_none()
}

/// What waits while something older is in force.
fn show_pending(ui: Ui, pending: &Pending, names: &Names) -> Result<(), Failure> {
    if let Some(roster) = &pending.roster {
        let people = next::people(ui, names, &roster.missing);
        let (version, have, need) = (roster.version, roster.have, roster.need);
        ui.answer(
            format!("名册第 {version} 版还没有签齐（须 {need} 名，现有 {have} 名），上一版仍然有效；请 {people} 运行：jiedu roster sign"),
            format!("roster {version} is not in force (needs {need} roots, has {have}); the version before is. {people} runs: jiedu roster sign"),
        )?;
    }
    if let Some(site) = &pending.site {
        let round = site.in_force;
        ui.answer(
            format!("网站公用文件的改动还没有审签完，网站仍用第 {round} 轮审签的版本"),
            format!("the site-wide files are not approved as they are; the site uses those of round {round}"),
        )?;
    }
    Ok(())
}

/// Writes one set at a time.
struct Page<'a> {
    cli: &'a Cli,
    ui: Ui,
    names: &'a Names,
    elsewhere: &'a [Elsewhere],
}

impl Page<'_> {
    /// The set and its state, in one line.
    fn head(&self, set: &SetReport) -> String {
        let ui = self.ui;
        let state = match set.state {
            SetState::Cleared => ui.pick("可发布", "cleared"),
            SetState::Blocked => ui.pick("未完成", "blocked"),
            SetState::Exempt => ui.pick("免解读或不公开", "exempt"),
            SetState::Scheduled => ui.pick("待发布日期", "scheduled"),
            SetState::Withdrawn => ui.pick("已撤回", "withdrawn"),
        };
        let edition =
            set.edition.filter(|_| set.state != SetState::Withdrawn).map_or_else(String::new, |number| {
                match ui.lang {
                    Lang::Zh => format!("，网站上是第 {number} 版"),
                    Lang::En => format!(", edition {number} is on the site"),
                }
            });
        let reason = set.reason.map(|code| self.reason(code)).unwrap_or_default();
        format!("{}  {}  {state}{reason}{edition}", set.id, set.title)
    }

    /// A reason in words, with its code.
    fn reason(&self, code: &str) -> String {
        let reason = jiedu::approve::Reason::ALL.iter().find(|reason| reason.code() == code);
        match (reason.map(|reason| reason.explanation()), self.ui.lang) {
            (Some(words), Lang::Zh) => format!("（{}，{code}）", words.zh),
            (Some(words), Lang::En) => format!(" ({}, {code})", words.en),
            (None, _) => format!("（{code}）"),
        }
    }

    fn lines(&self, set: &SetReport) -> Result<Vec<String>, Failure> {
        let ui = self.ui;
        let mut lines = vec![self.head(set)];
        if let Some(digest) = set.digest {
            lines.push(format!("  {}{}", ui.pick("核对码 ", "check code "), digest.check_code()));
        }
        let is_new_text = set.steps.first().is_some_and(|step| step.reason == Some("DIGEST_MISMATCH"));
        if is_new_text {
            lines.push(
                ui.pick(
                    "  文本改动后还没有送审；以前的签名是对旧文本签的",
                    "  the text was changed and not submitted yet; earlier signatures are about the old one",
                )
                .to_owned(),
            );
        } else {
            lines.extend(set.steps.iter().map(|step| self.step(step)));
        }
        lines.extend(self.rejection(set)?);
        lines.extend(self.elsewhere(set));
        if let Some(step) = next::step(set) {
            let (people, command) =
                (next::people(ui, self.names, &step.candidates), next::command(ui, &set.id, step));
            lines.push(format!(
                "  {}{people}{}{command}",
                ui.pick("下一步由 ", "next: "),
                ui.pick(" 办理：", " runs: ")
            ));
        } else if set.needs_round {
            let people = next::people(ui, self.names, &set.writers);
            lines.push(match ui.lang {
                Lang::Zh => format!("  须重新送审，由 {people} 办理：jiedu submit {}", set.id),
                Lang::En => format!("  a new round is needed, {people} runs: jiedu submit {}", set.id),
            });
        }
        lines.extend(self.withdrawal(set));
        Ok(lines)
    }

    fn step(&self, step: &StepStatus) -> String {
        let ui = self.ui;
        let name = match ui.lang {
            Lang::Zh => step_label(&step.step),
            Lang::En => &step.step,
        };
        let by =
            step.by.as_ref().map(|id| format!(" {}", next::person(ui, self.names, id))).unwrap_or_default();
        let instead = step.substitute_for.as_ref().map(|id| next::person(ui, self.names, id));
        let instead = instead.map(|name| format!("{}{name}", ui.pick("，代 ", ", for "))).unwrap_or_default();
        match step.state {
            StepState::Done => format!("  ✓ {name}{by}{instead}"),
            StepState::Missing => format!("  · {name}"),
            StepState::Invalid => format!("  ✗ {name}{by}{}", self.reason(step.reason.unwrap_or(""))),
        }
    }

    /// Who sent the text back, and why.
    fn rejection(&self, set: &SetReport) -> Result<Option<String>, Failure> {
        let Some(rejection) = &set.rejection else { return Ok(None) };
        let ui = self.ui;
        let who = next::person(ui, self.names, &rejection.signer);
        let words = match reason_given(&judge::folder(self.cli), rejection)? {
            ReasonGiven::Words(words) => words,
            ReasonGiven::None => ui.pick("（没有写理由）", "(no reason given)").to_owned(),
            ReasonGiven::Missing => ui
                .pick(
                    "（理由文件不在仓库里，请运行 jiedu sync 取回）",
                    "(its file is missing; run `jiedu sync`)",
                )
                .to_owned(),
            ReasonGiven::Changed => ui
                .pick("（理由文件被改过，不可信）", "(its file was changed and cannot be believed)")
                .to_owned(),
        };
        let round = rejection.revision;
        Ok(Some(match ui.lang {
            Lang::Zh => format!("  第 {round} 轮由{who}在“{}”退回：{words}", step_label(&rejection.step)),
            Lang::En => format!("  round {round} was rejected by {who} at `{}`: {words}", rejection.step),
        }))
    }

    /// Signatures that a squashed merge left on their branch.
    fn elsewhere(&self, set: &SetReport) -> Option<String> {
        let subject = Subject::parse(&set.id)?;
        let is_open = set.steps.iter().any(|step| step.state != StepState::Done);
        let done: Vec<_> = set.steps.iter().filter_map(|step| step.statement).collect();
        let missed: Vec<&Elsewhere> = self
            .elsewhere
            .iter()
            .filter(|it| is_open && it.subject == subject && Some(it.digest) == set.digest)
            .filter(|it| !done.contains(&it.statement))
            .collect();
        let branch = &missed.first()?.branch;
        let count = missed.len();
        Some(match self.ui.lang {
            Lang::Zh => format!(
                "  分支 {branch} 上有这份稿件的 {count} 个签名没有并进来（多半是合并时压缩了提交）：jiedu collect --from {branch}"
            ),
            Lang::En => format!(
                "  branch {branch} holds {count} signatures of this text that were not merged (a squash merge?): jiedu collect --from {branch}"
            ),
        })
    }

    fn withdrawal(&self, set: &SetReport) -> Option<String> {
        let pending = set.withdrawal.as_ref()?;
        let ui = self.ui;
        let (signed, others) = (
            next::people(ui, self.names, &pending.signers),
            next::people(ui, self.names, &pending.candidates),
        );
        Some(match ui.lang {
            Lang::Zh => {
                format!("  要撤下：{signed} 已签，还缺一人，由 {others} 办理：jiedu withdraw {}", set.id)
            }
            Lang::En => format!(
                "  to be withdrawn: {signed} signed, one more person must; {others} runs: jiedu withdraw {}",
                set.id
            ),
        })
    }
}
