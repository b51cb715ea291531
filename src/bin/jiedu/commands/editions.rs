//! `jiedu log` and `jiedu diff`: the editions of a set.

use jiedu::edition::Edition;
use jiedu::link::ClauseIndex;
use jiedu::model::PolicyDocument;
use jiedu::pipeline::{JudgedSet, Revision};
use jiedu::redline::{self, terminal};

use super::judge::{self, Bench};
use crate::args::{Cli, DiffArgs, JudgeArgs, LogArgs};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, show};

pub(crate) fn log(cli: &Cli, ui: Ui, args: &LogArgs) -> Result<Exit, Failure> {
    let revision = read(cli, &args.judge)?;
    let set = find(&revision, &args.set)?;
    if set.editions.is_empty() {
        ui.answer("还没有发布过的版本", "no edition has been published yet")?;
    }
    if let Some(clause) = &args.clause {
        return clause_history(ui, set, clause);
    }
    let mut text = String::new();
    for edition in set.editions.iter().rev() {
        let void = edition.void.map(|code| format!("  [{code}]")).unwrap_or_default();
        let revision = ui.pick("送审轮次", "revision");
        let line = format!(
            "v{}  {}  {}  {revision} {}  {}{void}\n",
            edition.number,
            edition.instant.rfc3339(),
            edition.commit.short(),
            edition.revision,
            edition.digest,
        );
        text.push_str(&line);
    }
    show(&text)?;
    Ok(Exit::Clean)
}

/// What happened to one provision, the newest first.
fn clause_history(ui: Ui, set: &JudgedSet, clause: &str) -> Result<Exit, Failure> {
    let shown = set.editions.iter().filter(|edition| edition.void.is_none());
    let texts: Vec<(u32, &PolicyDocument)> =
        shown.filter_map(|edition| Some((edition.number, policy(edition)?))).collect();
    let current = texts.last().map(|(_, policy)| *policy);
    let anchor = current.and_then(|policy| {
        let found = ClauseIndex::new(policy).find(clause)?;
        policy.provisions.get(found).map(|provision| provision.anchor.as_str())
    });
    let lines = redline::history(&texts);
    // One that is gone is named as it was called last.
    let line = lines.iter().find(|line| match anchor {
        Some(anchor) => line.anchor.as_deref() == Some(anchor),
        None => line.anchor.is_none() && line.reference.trim_end_matches('、') == clause,
    });
    let Some(line) = line else {
        return Err(Failure::usage(
            format!("各版本里都没有“{clause}”这一条"),
            format!("no edition has a provision `{clause}`"),
        )
        .hint("写条文印的标号，如 第五条、（五）、二、（五）", "write the printed label, such as 第五条"));
    };
    let mut text = format!("{}\n", line.name);
    for event in line.events.iter().rev() {
        let mut words: Vec<String> = [
            (event.inserted, ("新增", "inserted")),
            (event.deleted, ("删去", "deleted")),
            (event.split, ("拆分", "split")),
            (event.merged, ("合并", "merged")),
            (event.moved, ("移动", "moved")),
            (event.reworded, ("文字修改", "reworded")),
        ]
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, (zh, en))| ui.pick(zh, en).to_owned())
        .collect();
        if let Some((old, new)) = &event.renumbered {
            words.push(format!("{} {old} → {new}", ui.pick("编号", "renumbered")));
        }
        let line = format!("v{}  {}\n", event.to, words.join(ui.pick("，", ", ")));
        text.push_str(&line);
    }
    let first = format!("v{}  {}\n", line.since, ui.pick("起有本条", "first edition that has it"));
    text.push_str(&first);
    show(&text)?;
    Ok(Exit::Clean)
}

pub(crate) fn diff(cli: &Cli, ui: Ui, args: &DiffArgs) -> Result<Exit, Failure> {
    let revision = read(cli, &args.judge)?;
    let set = find(&revision, &args.set)?;
    let (old, new) = match &args.editions {
        Some(text) => pair(set, text)?,
        None => latest(set)?,
    };
    let redline = redline::compare(old, new);
    if redline.is_empty() {
        ui.answer("政策文本没有变化", "the text of the policy is the same")?;
    }
    show(&terminal::render(&redline, terminal::Options { color: ui.color_out, lang: ui.lang, context: 1 }))?;
    Ok(Exit::Clean)
}

fn read(cli: &Cli, args: &JudgeArgs) -> Result<Revision, Failure> {
    Bench::open(cli, args)?.read()
}

fn find<'a>(revision: &'a Revision, set: &str) -> Result<&'a JudgedSet, Failure> {
    let id = judge::set_id(set)?;
    revision.set(&id).ok_or_else(|| {
        Failure::usage(format!("这个版本里没有“{id}”"), format!("there is no set `{id}` at this revision"))
            .hint("运行 jiedu status 查看全部集", "run jiedu status for all sets")
    })
}

fn policy(edition: &Edition) -> Option<&PolicyDocument> {
    edition.set.policy.as_ref()
}

/// The editions `A..B`, by number.
fn pair<'a>(set: &'a JudgedSet, text: &str) -> Result<(&'a PolicyDocument, &'a PolicyDocument), Failure> {
    let number = |text: &str| text.trim_start_matches('v').parse::<u32>().ok();
    let numbers = text.split_once("..").and_then(|(a, b)| Some((number(a)?, number(b)?)));
    let (a, b) = numbers.ok_or_else(|| {
        Failure::usage(format!("版本区间写得不对：{text}"), format!("malformed range of editions: {text}"))
            .hint("请写成 1..2", "write it like 1..2")
    })?;
    let get = |number| {
        let edition = set.editions.iter().find(|edition| edition.number == number && edition.void.is_none());
        edition.and_then(policy).ok_or_else(|| {
            Failure::usage(
                format!("没有可以比较的第 {number} 版"),
                format!("there is no edition {number} to compare"),
            )
            .hint(format!("运行 jiedu log {} 查看版本", set.id), format!("run jiedu log {}", set.id))
        })
    };
    Ok((get(a)?, get(b)?))
}

/// The last two editions; or the last one and the present text, when that is
/// another.
fn latest(set: &JudgedSet) -> Result<(&PolicyDocument, &PolicyDocument), Failure> {
    let shown: Vec<&Edition> = set.editions.iter().filter(|edition| edition.void.is_none()).collect();
    let present = set.set.policy.as_ref();
    let last = shown.last().copied();
    let before = shown.len().checked_sub(2).and_then(|index| shown.get(index)).copied();
    let changed = last.is_some_and(|last| set.digest != Some(last.digest));
    let pair = if changed {
        last.and_then(policy).zip(present)
    } else {
        before.and_then(policy).zip(last.and_then(policy))
    };
    pair.ok_or_else(|| {
        Failure::usage("只有一个版本，没有可以比较的", "there is only one edition, nothing to compare with")
            .hint(format!("运行 jiedu log {} 查看版本", set.id), format!("run jiedu log {}", set.id))
    })
}
