//! What every judgement of approvals depends on: repository, revision, trust
//! anchor, instant. The only place that reads the environment and the clock.

use std::path::{Path, PathBuf};

use jiedu::approve::{Anchor, TrustAnchor};
use jiedu::text::{Message, SourceFile, decode};

use crate::args::Cli;
use crate::ui::Failure;

/// The repository to work on: `--repo`, else the current folder's.
pub(crate) fn repository(cli: &Cli) -> PathBuf {
    cli.repo.clone().unwrap_or_else(|| PathBuf::from("."))
}

/// The trust anchor: `--trust`, else `$JIEDU_TRUST`, else provisional.
pub(crate) fn anchor(trust: Option<&Path>) -> Result<Anchor, Failure> {
    let path = trust.map(Path::to_owned).or_else(|| from_environment("JIEDU_TRUST"));
    let Some(path) = path else { return Ok(Anchor::Provisional) };
    let shown = path.to_string_lossy();
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::usage(format!("读不出信任根文件 {shown}：{error}"), format!("cannot read the trust anchor {shown}: {error}"))
            .hint("请向网站运维人员索取 trust.toml，用 --trust 指定", "ask the website team for trust.toml and name it with --trust")
    })?;
    let file = decode(&shown, &bytes).map_err(|fault| {
        let at = format!("{}:{}", fault.line, fault.column);
        Failure::usage(
            format!("信任根文件 {shown} 第 {at} 处不是合格的文本"),
            format!("the trust anchor {shown} is not clean text at {at}"),
        )
    })?;
    TrustAnchor::parse(&file).map(Anchor::Trusted).map_err(|findings| bad_anchor(&file, &findings))
}

fn bad_anchor(file: &SourceFile, findings: &[jiedu::finding::Finding]) -> Failure {
    let mut failure = Failure::usage(
        format!("信任根文件 {} 写得不对", file.path()),
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
