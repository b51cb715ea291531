//! `jiedu roster`: the people, their keys and their steps.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiedu::approve::roster::{Roster, allowed_signers, diff};
use jiedu::approve::{Anchor, Statement, Subject, read_rosters, step_label};
use jiedu::pipeline::{Revision, Stop};
use jiedu::workspace::{SigningKey, agree_to_roster, sign_statement};

use super::consent::Consent;
use super::judge::{self, Bench};
use super::present::{warn_of_changes, warn_of_staleness};
use super::sync;
use crate::args::{Cli, JudgeArgs, RosterArgs, RosterWhat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, note, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &RosterArgs) -> Result<Exit, Failure> {
    match &args.what {
        RosterWhat::Check { judge } => {
            check(ui, &read(cli, judge)?)?;
            warn_of_changes(ui, &judge::folder(cli), &Subject::Roster(1));
        }
        RosterWhat::Show { judge, allowed_signers } => show(ui, &read(cli, judge)?, *allowed_signers)?,
        RosterWhat::Diff { a, b, judge } => changes(ui, &read(cli, judge)?, *a, *b)?,
        RosterWhat::Sign { version, print, key, consent, push } => {
            let consent = Consent::of(ui, consent, 1, *print)?;
            let order = Order { version: *version, print: *print, key: key.as_deref(), push: *push };
            return sign(cli, ui, &order, &consent);
        }
    }
    Ok(Exit::Clean)
}

fn read(cli: &Cli, args: &JudgeArgs) -> Result<Revision, Failure> {
    Bench::open(cli, args)?.read()
}

/// Reading a revision already refuses a roster that does not hold.
fn check(ui: Ui, revision: &Revision) -> Result<(), Failure> {
    for roster in revision.approvals.rosters() {
        ui.answer(
            format!("第 {} 版 {}", roster.version, roster.digest),
            format!("version {} {}", roster.version, roster.digest),
        )?;
    }
    if let Some(pending) = revision.approvals.pending_roster() {
        let (version, have, need) = (pending.version, pending.have, pending.need);
        let missing: Vec<String> = pending.missing.iter().map(ToString::to_string).collect();
        ui.answer(
            format!(
                "第 {version} 版还没有生效：须 {need} 名名册管理人签署，现有 {have} 名；还可以由 {} 签署",
                missing.join("、")
            ),
            format!(
                "version {version} is not in force: it needs {need} roots and has {have}; {} may sign",
                missing.join(", ")
            ),
        )?;
    }
    if revision.approvals.is_anchored() {
        ui.answer(
            "名册各版本相连，签名有效，与信任锚一致",
            "all versions are linked, signed and agree with the trust anchor",
        )
    } else {
        ui.answer(
            "名册各版本相连，签名有效；未给出信任锚（--trust），第 1 版未经外部核对",
            "all versions are linked and signed; without --trust version 1 is taken as found",
        )
    }
}

fn newest(revision: &Revision) -> Result<&Roster, Failure> {
    revision
        .approvals
        .rosters()
        .last()
        .ok_or_else(|| Failure::usage("仓库里没有名册", "the repository has no roster"))
}

fn show(ui: Ui, revision: &Revision, for_git: bool) -> Result<(), Failure> {
    let roster = newest(revision)?;
    if for_git {
        return output(&allowed_signers(roster));
    }
    ui.answer(
        format!("名册第 {} 版，方案 {}", roster.version, roster.default_profile),
        format!("roster {}, profile {}", roster.version, roster.default_profile),
    )?;
    for person in &roster.people {
        let steps: Vec<&str> =
            person.roles.iter().map(|role| ui.pick(step_label(&role.step), &role.step)).collect();
        let root = if roster.root_members.contains(&person.id) {
            ui.pick("，名册管理人", ", root")
        } else {
            ""
        };
        line(&format!(
            "{}  {}  {}  {}{root}",
            person.id,
            person.name,
            person.post,
            steps.join(ui.pick("、", ", "))
        ))?;
        for key in roster.keys.iter().filter(|key| key.person == person.id) {
            let uses: Vec<&str> = key.uses.iter().map(|usage| usage.as_str()).collect();
            let revoked =
                roster.revocation(&key.fingerprint).map_or("", |_| ui.pick("  已撤销", "  revoked"));
            line(&format!("    {}  {}{revoked}", uses.join("+"), key.fingerprint))?;
        }
    }
    Ok(())
}

fn changes(ui: Ui, revision: &Revision, a: u32, b: u32) -> Result<(), Failure> {
    let find = |version: u32| {
        revision.approvals.rosters().iter().find(|roster| roster.version == version).ok_or_else(|| {
            Failure::usage(format!("没有第 {version} 版名册"), format!("there is no roster {version}"))
        })
    };
    let found = diff(find(a)?, find(b)?);
    if found.is_empty() {
        ui.answer("没有变化", "no change")?;
    }
    for change in &found {
        line(change.message.get(ui.lang))?;
    }
    Ok(())
}

/// What a root asked for.
struct Order<'a> {
    version: Option<u32>,
    print: bool,
    key: Option<&'a Path>,
    push: bool,
}

fn sign(cli: &Cli, ui: Ui, order: &Order<'_>, consent: &Consent) -> Result<Exit, Failure> {
    let repository = judge::open(cli, true)?;
    let snapshot = repository.snapshot(&repository.resolve("HEAD")?)?;
    let files: BTreeMap<_, _> =
        snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let newest = files.keys().filter_map(|name| name.strip_suffix(".toml")?.parse::<u32>().ok()).max();
    if let (Some(wanted), Some(newest)) = (order.version, newest)
        && wanted != newest
    {
        return Err(Failure::usage(
            format!("只能签署最新一版（第 {newest} 版），不是第 {wanted} 版"),
            format!("only the newest version ({newest}) can be signed, not {wanted}"),
        ));
    }
    let anchor: Anchor = judge::anchor(None)?;
    let folder = judge::folder(cli);
    let key = SigningKey::find(&folder, order.key)?;
    let (statement, person) = agree_to_roster(&files, &anchor, &key)?;
    if order.print {
        output(&jiedu::approve::statement::message(&statement))?;
        return Ok(Exit::Clean);
    }
    present(ui, &files, &statement)?;
    warn_of_changes(ui, &folder, &statement.subject);
    warn_of_staleness(ui, &folder);
    consent.ask(&[statement.digest], ("签署这一版名册", "sign this roster"))?;
    let signed = sign_statement(&folder, &statement, &key, &person)?;
    ui.say(
        format!("{} 已签署名册（提交 {}）", person.name, signed.commit.short()),
        format!("{} signed the roster (commit {})", person.id, signed.commit.short()),
    );
    if order.push {
        return sync::push(cli, ui);
    }
    ui.say("接下来：运行 jiedu sync 推送", "next: run `jiedu sync`");
    Ok(Exit::Clean)
}

/// What the newest version changes, and its check code.
fn present(ui: Ui, files: &BTreeMap<String, Arc<[u8]>>, statement: &Statement) -> Result<(), Failure> {
    let rosters = read_rosters(files).map_err(|refusal| Failure::from(Stop::from(refusal)))?;
    note(&format!("── {} ──", statement.subject));
    if let [.., old, new] = rosters.as_slice() {
        let found = diff(old, new);
        if found.is_empty() {
            ui.say("人员、密钥、步骤都没有变化", "no change of people, keys or steps");
        }
        for change in &found {
            note(change.message.get(ui.lang));
        }
    }
    let code = statement.digest.check_code();
    ui.say(format!("核对码：{code}"), format!("check code: {code}"));
    Ok(())
}
