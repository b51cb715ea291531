//! `jiedu key`: set up the key that a person signs with.
//!
//! Keys are made by ssh-keygen, which asks for the passphrase itself; this
//! program never sees a private key.

use std::path::Path;
use std::process::Command;

use jiedu::approve::{profile_steps, read_rosters, step_label};
use jiedu::workspace::{KeyFile, Newcomer, PersonDraft};

use super::judge;
use crate::args::{Cli, KeyArgs, KeyWhat};
use crate::exit::Exit;
use crate::ui::{Failure, Ui, output};

pub(crate) fn run(cli: &Cli, ui: Ui, args: &KeyArgs) -> Result<Exit, Failure> {
    match &args.what {
        KeyWhat::New { file, token } => make(ui, file, *token)?,
        KeyWhat::Register { person, post, usage } => register(cli, ui, (person, post, usage))?,
        KeyWhat::Show { file } => show(ui, file)?,
    }
    Ok(Exit::Clean)
}

fn make(ui: Ui, file: &Path, token: bool) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::usage(
            format!("{} 已经存在，不会覆盖", file.display()),
            format!("{} exists and is not overwritten", file.display()),
        )
        .hint("换一个文件名；旧密钥仍要用来核对以前的签名", "choose another name"));
    }
    let kind = if token { "ed25519-sk" } else { "ed25519" };
    let status = Command::new("ssh-keygen").args(["-t", kind, "-C", "jiedu", "-f"]).arg(file).status();
    let status = status.map_err(|error| {
        Failure::usage(format!("运行不了 ssh-keygen：{error}"), format!("cannot run ssh-keygen: {error}"))
            .hint("请安装 OpenSSH（Windows 上安装 Git 时自带）", "install OpenSSH")
    })?;
    if !status.success() {
        return Err(Failure::usage("ssh-keygen 没有生成密钥", "ssh-keygen made no key"));
    }
    show(ui, file)?;
    // The settings are made in the repository, wherever the key was made.
    let name = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let name = name.display();
    ui.say(
        format!("接下来：\n  git config gpg.format ssh\n  git config user.signingkey '{name}'\n  jiedu key register '编号=姓名,邮箱,{name}.pub,步骤'  （把结果交名册管理人）"),
        format!("next:\n  git config gpg.format ssh\n  git config user.signingkey '{name}'\n  jiedu key register 'id=name,email,{name}.pub,step'  (hand the result to the roots)"),
    );
    Ok(())
}

fn show(ui: Ui, file: &Path) -> Result<(), Failure> {
    let key = KeyFile::read(file)?;
    ui.answer(format!("公钥：{}", key.public), format!("public key: {}", key.public))?;
    ui.answer(format!("指纹：{}", key.fingerprint), format!("fingerprint: {}", key.fingerprint))?;
    ui.answer(format!("电话核对时念：{}", key.spoken), format!("to read out: {}", key.spoken))
}

/// Refuses steps that neither a profile of the program nor the roster has.
fn known_steps(cli: &Cli, steps: &[String]) -> Result<(), Failure> {
    let own: Vec<String> = judge::open(cli, true)
        .ok()
        .and_then(|repository| repository.snapshot(&repository.resolve("HEAD").ok()?).ok())
        .map(|snapshot| {
            let files = snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone()));
            let rosters = read_rosters(&files.collect()).unwrap_or_default();
            let profiles = rosters.iter().flat_map(|roster| &roster.profiles);
            profiles.flat_map(|profile| profile.sequence(true)).collect()
        })
        .unwrap_or_default();
    let mut known: Vec<&str> = profile_steps().collect();
    known.push("withdraw");
    known.extend(own.iter().map(String::as_str));
    let Some(unknown) = steps.iter().find(|step| !known.contains(&step.as_str())) else { return Ok(()) };
    let labels: Vec<&str> = known.iter().map(|step| step_label(step)).collect();
    let near = jiedu::text::did_you_mean(unknown, known.iter().copied().chain(labels.iter().copied()));
    let failure = Failure::usage(
        format!("没有“{unknown}”这一步，没有生成条目"),
        format!("there is no step `{unknown}`; no entry was made"),
    )
    .hint(format!("可以写的步骤：{}", labels.join("、")), format!("steps: {}", known.join(", ")));
    Err(match near {
        Some(near) => failure.hint(format!("是不是要写 {near}"), format!("did you mean {near}?")),
        None => failure,
    })
}

fn register(cli: &Cli, ui: Ui, (text, post, usage): (&str, &str, &str)) -> Result<(), Failure> {
    let usage = match usage {
        "review" => "review",
        "root" => "root",
        "publish" => "publish",
        other => {
            return Err(Failure::usage(
                format!("--use 只能是 review、root 或 publish，不是“{other}”"),
                format!("--use is review, root or publish, not `{other}`"),
            ));
        }
    };
    let person = Newcomer::parse(text)?;
    known_steps(cli, &person.steps)?;
    let entry = PersonDraft {
        id: person.id.to_string(),
        name: person.name,
        post: post.to_owned(),
        emails: vec![person.email],
        steps: person.steps,
        keys: vec![(person.key.public.clone(), usage)],
    };
    output(&entry.to_toml())?;
    ui.say(
        format!("请名册管理人当面或打电话核对：{}", person.key.spoken),
        format!("the roots must compare by voice: {}", person.key.spoken),
    );
    Ok(())
}
