//! What every judgement of approvals depends on: repository, revision, trust
//! anchor, instant. The only place that reads the environment and the clock.

use std::path::{Path, PathBuf};

use jiedu::approve::{Anchor, TrustAnchor};
use jiedu::clock::Clock;
use jiedu::name::SetId;
use jiedu::pipeline::{ReadOptions, Revision, Time};
use jiedu::source::{OpenOptions, Repository};
use jiedu::text::{Message, SourceFile, decode};

use crate::args::{Cli, JudgeArgs};
use crate::ui::Failure;

/// Everything a judging command needs, opened and parsed.
pub(crate) struct Bench {
    pub(crate) repository: Repository,
    pub(crate) anchor: Option<TrustAnchor>,
    pub(crate) time: Time,
    pub(crate) revision: Option<String>,
}

impl Bench {
    pub(crate) fn open(cli: &Cli, args: &JudgeArgs) -> Result<Self, Failure> {
        let anchor = match anchor(args.trust.as_deref())? {
            Anchor::Trusted(anchor) => Some(anchor),
            Anchor::Provisional => None,
        };
        Ok(Self {
            repository: open(cli, args.allow_alternates)?,
            anchor,
            time: time(args.at.as_deref())?,
            revision: args.rev.clone(),
        })
    }

    /// How the repository is to be read: as approved, at the revision asked for.
    pub(crate) fn read_options(&self) -> ReadOptions<'_> {
        ReadOptions {
            revision: self.revision(),
            time: self.time,
            anchor: self.anchor.as_ref(),
            drafting: false,
        }
    }

    /// Reads the revision that is to be judged.
    pub(crate) fn read(&self) -> Result<Revision, Failure> {
        Ok(Revision::read(&self.repository, self.read_options())?)
    }

    /// The revision to judge: `--rev`, else `HEAD`.
    pub(crate) fn revision(&self) -> &str {
        self.revision.as_deref().unwrap_or("HEAD")
    }
}

/// The repository named: `--repo`, else `$JIEDU_REPO`.
fn named(cli: &Cli) -> Option<PathBuf> {
    cli.repo.clone().or_else(|| from_environment("JIEDU_REPO"))
}

/// The folder to work on: the repository named, else the current one.
pub(crate) fn folder(cli: &Cli) -> PathBuf {
    named(cli).unwrap_or_else(|| PathBuf::from("."))
}

/// Opens the repository.
pub(crate) fn open(cli: &Cli, allow_alternates: bool) -> Result<Repository, Failure> {
    Ok(Repository::open(&folder(cli), OpenOptions { allow_alternates, search_upward: named(cli).is_none() })?)
}

/// The instant given with `--at`, and the machine's clock.
pub(crate) fn time(at: Option<&str>) -> Result<Time, Failure> {
    let given = at.map(|text| {
        Clock::parse(text).map_err(|error| {
            Failure::usage(
                format!("--at 写得不对：{text}（{error}）"),
                format!("--at is malformed: {text} ({error})"),
            )
            .hint("请写成 2025-06-30T09:00:00+08:00 的形式", "write it like 2025-06-30T09:00:00+08:00")
        })
    });
    Ok(Time { given: given.transpose()?, machine: Clock::from_unix(machine_time()) })
}

/// Set ids as typed; `site` is answered by the caller.
pub(crate) fn set_id(text: &str) -> Result<SetId, Failure> {
    // What a shell completes: content/policies/2025/a/ means 2025/a.
    let trimmed = text.trim_end_matches('/');
    let short = trimmed.strip_prefix("content/policies/").unwrap_or(trimmed);
    SetId::parse(short).map_err(|error| {
        Failure::usage(format!("集编号写得不对：{}", error.text), error.to_string()).hint(
            "集编号是“年份/短名”，如 2025/jijiaoban-14，与 content/policies/ 下的文件夹一致",
            "a set id is the folder below content/policies/, such as 2025/jijiaoban-14",
        )
    })
}

/// The trust anchor: `--trust`, else `$JIEDU_TRUST`, else provisional.
pub(crate) fn anchor(trust: Option<&Path>) -> Result<Anchor, Failure> {
    let path = trust.map(Path::to_owned).or_else(|| from_environment("JIEDU_TRUST"));
    let Some(path) = path else { return Ok(Anchor::Provisional) };
    let shown = path.to_string_lossy();
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::usage(
            format!("读不出信任锚文件 {shown}：{error}"),
            format!("cannot read the trust anchor {shown}: {error}"),
        )
        .hint(
            "请向网站运维人员索取 trust.toml，用 --trust 指定",
            "ask the website team for trust.toml and name it with --trust",
        )
    })?;
    let file = decode(&shown, &bytes).map_err(|fault| {
        let at = format!("{}:{}", fault.line, fault.column);
        Failure::usage(
            format!("信任锚文件 {shown} 第 {at} 处不是合格的文本"),
            format!("the trust anchor {shown} is not clean text at {at}"),
        )
    })?;
    TrustAnchor::parse(&file).map(Anchor::Trusted).map_err(|findings| bad_anchor(&file, &findings))
}

fn bad_anchor(file: &SourceFile, findings: &[jiedu::finding::Finding]) -> Failure {
    let mut failure = Failure::usage(
        format!("信任锚文件 {} 写得不对", file.path()),
        format!("the trust anchor {} is malformed", file.path()),
    );
    for finding in findings {
        let at = finding.place.position();
        let Message { zh, en } = &finding.message;
        failure = failure.hint(
            format!("第 {} 行第 {} 列：{zh}", at.line, at.column),
            format!("line {}, column {}: {en}", at.line, at.column),
        );
    }
    failure
}

/// A path from the environment; empty counts as not set.
#[expect(clippy::disallowed_methods, reason = "the program may read the environment")]
pub(crate) fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Seconds since the epoch on this machine: only to refuse a default instant
/// in the future; it never enters the output.
#[expect(clippy::disallowed_methods, reason = "the program may read the clock")]
pub(crate) fn machine_time() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.ok().and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok()).unwrap_or(0)
}

/// The person who sits at this machine: the one in the newest roster with the
/// e-mail of the user's git identity.
pub(crate) fn me(cli: &Cli, bench: &Bench) -> Result<String, Failure> {
    let email = std::process::Command::new("git")
        .arg("-C")
        .arg(folder(cli))
        .args(["config", "--get", "user.email"])
        .output();
    let email = email
        .ok()
        .filter(|out| out.status.success())
        .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
    let email = email.filter(|email| !email.is_empty()).ok_or_else(|| {
        Failure::usage(
            "不知道您是谁：git 没有设置 user.email",
            "git has no user.email, so it is unknown who you are",
        )
        .hint(
            "请运行 git config user.email 您在名册里的邮箱",
            "run git config user.email with your address in the roster",
        )
    })?;
    let revision = bench.read()?;
    let people =
        revision.approvals.rosters().last().map(|roster| roster.people.as_slice()).unwrap_or_default();
    let mine =
        people.iter().find(|person| person.emails.iter().any(|known| known.eq_ignore_ascii_case(&email)));
    mine.map(|person| person.id.to_string()).ok_or_else(|| {
        Failure::usage(format!("名册里没有邮箱 {email}"), format!("the roster has no e-mail {email}")).hint(
            "请名册管理人登记，或改正 git config user.email",
            "ask the roots to register it, or correct git config user.email",
        )
    })
}
