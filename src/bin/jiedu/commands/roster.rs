//! `jiedu roster`: the people, their keys and their steps.

use jiedu::approve::roster::{Roster, allowed_signers, diff};
use jiedu::approve::{Anchor, step_label};
use jiedu::pipeline::Revision;
use jiedu::workspace::{SigningKey, agree_to_roster, sign_statement};

use super::judge::{self, Bench};
use crate::args::{Cli, JudgeArgs, RosterArgs, RosterWhat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, line, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &RosterArgs) -> Result<Exit, Failure> {
    match &args.what {
        RosterWhat::Check { judge } => check(ui, &read(cli, judge)?)?,
        RosterWhat::Show { judge, allowed_signers } => show(ui, &read(cli, judge)?, *allowed_signers)?,
        RosterWhat::Diff { a, b, judge } => changes(ui, &read(cli, judge)?, *a, *b)?,
        RosterWhat::Sign { version, print, key } => sign(cli, ui, *version, *print, key.as_deref())?,
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

fn sign(
    cli: &Cli,
    ui: Ui,
    version: Option<u32>,
    print: bool,
    key: Option<&std::path::Path>,
) -> Result<(), Failure> {
    let repository = judge::open(cli, true)?;
    let snapshot = repository.snapshot(&repository.resolve("HEAD")?)?;
    let files: std::collections::BTreeMap<_, _> =
        snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let newest = files.keys().filter_map(|name| name.strip_suffix(".toml")?.parse::<u32>().ok()).max();
    if let (Some(wanted), Some(newest)) = (version, newest)
        && wanted != newest
    {
        return Err(Failure::usage(
            format!("只能签署最新一版（第 {newest} 版），不是第 {wanted} 版"),
            format!("only the newest version ({newest}) can be signed, not {wanted}"),
        ));
    }
    let anchor: Anchor = judge::anchor(None)?;
    let key = SigningKey::find(&judge::folder(cli), key)?;
    let (statement, person) = agree_to_roster(&files, &anchor, &key)?;
    if print {
        return output(&jiedu::approve::statement::message(&statement));
    }
    let signed = sign_statement(&judge::folder(cli), &statement, &key, &person)?;
    ui.say(
        format!("{} 已签署名册（提交 {}）", person.name, signed.commit.short()),
        format!("{} signed the roster (commit {})", person.id, signed.commit.short()),
    );
    Ok(())
}
