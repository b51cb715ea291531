//! `jiedu new`: drafts, filled from `site.toml`.

use std::path::{Path, PathBuf};

use jiedu::clock::Clock;
use jiedu::config::Config;
use jiedu::disclosure::lists::{KINDS, list_kind};
use jiedu::name::SmallSet;
use jiedu::text::{SourceFile, decode};
use jiedu::workspace::{DataFile, Scaffold, new_data_file, new_material, new_policy, new_small, new_topic};

use super::judge;
use crate::args::{Cli, NewArgs, NewWhat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &NewArgs) -> Result<Exit, Failure> {
    let root = work_tree(cli)?;
    let config = config(&root)?;
    // A draft carries the day on which it was begun; the writer may change it.
    let today = Clock::from_unix(judge::machine_time()).today();
    let made = match &args.what {
        NewWhat::Policy { id, title } => new_policy(&root, &judge::set_id(id)?, title, &config, today)?,
        NewWhat::Qa { id } => new_data_file(&root, &judge::set_id(id)?, DataFile::Questions)?,
        NewWhat::Opinions { id } => new_data_file(&root, &judge::set_id(id)?, DataFile::Opinions)?,
        NewWhat::Cards { id } => new_data_file(&root, &judge::set_id(id)?, DataFile::Cards)?,
        NewWhat::Catalogue => new_small(&root, &SmallSet::Catalogue, None, &config)?,
        NewWhat::List { name, kind } => new_list(&root, name, kind, &config)?,
        NewWhat::Report { year } => new_small(&root, &small(&format!("reports/{year}"))?, None, &config)?,
        NewWhat::Topic { slug, title, sets } => {
            let sets = sets.iter().map(|id| judge::set_id(id)).collect::<Result<Vec<_>, _>>()?;
            new_topic(&root, slug, title, &sets)?
        }
        NewWhat::Material { id, name, title } => {
            new_material(&root, &judge::set_id(id)?, name, title.as_deref(), &config, today)?
        }
    };
    ui.say("已新建：", "made:");
    for file in &made.files {
        ui.say(format!("  {file}"), format!("  {file}"));
    }
    for next in &made.next {
        ui.message(next);
    }
    Ok(Exit::Clean)
}

/// The set of one file of that name.
fn small(text: &str) -> Result<SmallSet, Failure> {
    SmallSet::parse(text).ok_or_else(|| {
        Failure::usage(format!("“{text}”写得不对"), format!("`{text}` is malformed"))
            .hint("如 lists/jiancha、reports/2025", "such as lists/jiancha, reports/2025")
    })
}

fn new_list(root: &Path, name: &str, kind: &str, config: &Config) -> Result<Scaffold, Failure> {
    let known = list_kind(kind).ok_or_else(|| {
        let all = KINDS.map(|kind| kind.name).join("、");
        Failure::usage(format!("没有“{kind}”这一种清单"), format!("there is no list of the kind `{kind}`"))
            .hint(format!("种类：{all}"), format!("kinds: {all}"))
    })?;
    let id = small(&format!("lists/{name}"))?;
    Ok(new_small(root, &id, Some((known.name, known.required)), config)?)
}

/// The root of the work tree.
pub(crate) fn work_tree(cli: &Cli) -> Result<PathBuf, Failure> {
    let repository = judge::open(cli, true)?;
    repository.work_tree().map(Path::to_owned).ok_or_else(|| {
        Failure::usage("这是裸仓库，没有可以写稿的工作区", "a bare repository has no work tree to write in")
            .hint("请在克隆出来的仓库里运行", "run this in a clone")
    })
}

/// `site.toml` of the work tree.
pub(crate) fn config(root: &Path) -> Result<Config, Failure> {
    let path = root.join("site.toml");
    let bytes = std::fs::read(&path).map_err(|error| {
        Failure::usage(format!("读不出 site.toml：{error}"), format!("cannot read site.toml: {error}"))
            .hint("请先用 jiedu init 建立政策仓库", "make a policy repository with jiedu init first")
    })?;
    let file: SourceFile = decode("site.toml", &bytes).map_err(|fault| {
        let at = format!("{}:{}", fault.line, fault.column);
        Failure::usage(
            format!("site.toml 在 {at} 处不是合格的文本"),
            format!("site.toml is not clean text at {at}"),
        )
    })?;
    let mut findings = Vec::new();
    Config::parse(&file).drain_into(&mut findings).ok_or_else(|| {
        let mut failure = Failure::usage("site.toml 不能使用", "site.toml cannot be used");
        for finding in &findings {
            let line = finding.place.position().line;
            failure = failure.hint(
                format!("第 {line} 行：{}", finding.message.zh),
                format!("line {line}: {}", finding.message.en),
            );
        }
        failure
    })
}
