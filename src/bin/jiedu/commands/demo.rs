//! `jiedu demo`: a sample repository with real signed history, built.

use std::path::Path;

use jiedu::approve::TrustAnchor;
use jiedu::clock::Clock;
use jiedu::pipeline::{BuildOptions, Time, build, report_digest};
use jiedu::source::{OpenOptions, Repository};
use jiedu::text::decode;
use jiedu::workspace::{DemoOptions, DemoReport, demo};

use super::judge;
use crate::args::DemoArgs;
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

pub(crate) fn run(ui: Ui, args: &DemoArgs) -> Result<Exit, Failure> {
    let made = demo(&args.dir, DemoOptions { proofreader: Some(report_digest), ..DemoOptions::default() })?;
    ui.say(
        format!("已生成示例仓库 {}（全部审签用当场生成的密钥签名）", made.repository.display()),
        format!(
            "made the sample repository {} (all signatures with keys made just now)",
            made.repository.display()
        ),
    );
    let repository =
        Repository::open(&made.repository, OpenOptions { allow_alternates: false, search_upward: false })?;
    let anchor = read_anchor(&made.trust)?;
    let report = build(
        &repository,
        &BuildOptions {
            revision: "HEAD",
            time: Time { given: Some(made.at), machine: Clock::from_unix(judge::machine_time()) },
            anchor: Some(&anchor),
            drafts: false,
            out: &made.public,
            previous: None,
            publish_key: Some(&made.publish_key),
            jobs: None,
        },
    )?;
    super::build::show(ui, &report, false);
    // One set lacks its last step on purpose; anything else is a fault.
    let as_designed = report.left_out.iter().map(|set| &set.id).eq([&made.unfinished.set]);
    say_next(ui, &made);
    Ok(if as_designed { Exit::Clean } else { Exit::Findings })
}

fn read_anchor(path: &Path) -> Result<TrustAnchor, Failure> {
    let shown = path.to_string_lossy();
    let fault = || Failure::usage(format!("读不出 {shown}"), format!("cannot read {shown}"));
    let bytes = std::fs::read(path).map_err(|_| fault())?;
    let file = decode(&shown, &bytes).map_err(|_| fault())?;
    TrustAnchor::parse(&file).map_err(|_| fault())
}

fn say_next(ui: Ui, made: &DemoReport) {
    let index = made.public.join("index.html");
    let (repo, public, trust) = (made.repository.display(), made.public.display(), made.trust.display());
    let missing = &made.unfinished;
    let mend = format!(
        "jiedu --repo {repo} approve {} --step {} --report --key {}",
        missing.set,
        missing.step,
        missing.key.display()
    );
    ui.say("", "");
    ui.say(format!("请用浏览器打开：{}", index.display()), format!("open in a browser: {}", index.display()));
    ui.say(
        format!(
            "故意留下一步没办：{} 缺“{}”，所以没有发布。补办（{} 的密钥在 keys/）：",
            missing.set,
            jiedu::approve::step_label(missing.step),
            missing.person
        ),
        format!(
            "one step is missing on purpose: {} lacks `{}`, so it is not published. To mend it, as {}:",
            missing.set, missing.step, missing.person
        ),
    );
    ui.say(format!("  {mend}"), format!("  {mend}"));
    ui.say("离线核验，并从仓库重新生成比较：", "verify offline, and compare with a rebuild:");
    let verify = format!("  jiedu --repo {repo} verify {public} --trust {trust}");
    ui.say(&verify, &verify);
    ui.say("预览，修改后自动刷新：", "preview with reload:");
    let serve = format!("  jiedu --repo {repo} serve --drafts --trust {trust}");
    ui.say(&serve, &serve);
}
