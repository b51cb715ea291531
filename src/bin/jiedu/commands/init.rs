//! `jiedu init`: a new policy repository, made with the user.
//!
//! On a terminal what was not given as a flag is asked for; elsewhere the
//! missing flags are named, all at once.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use jiedu::config::EvidenceMode;
use jiedu::workspace::{Answers, Newcomer, WorkspaceError, evidence_question, init};

use crate::args::InitArgs;
use crate::exit::Exit;
use crate::ui::{Failure, Ui};

/// How often missing answers are asked for again.
const ROUNDS: usize = 5;

pub(crate) fn run(ui: Ui, args: &InitArgs) -> Result<Exit, Failure> {
    let mut answers = from_flags(args)?;
    let is_asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if is_asked {
        ask(ui, &mut answers)?;
    }
    let mut made = init(&args.dir, &answers);
    // What was answered is kept; only what is missing is asked again.
    for _ in 0..ROUNDS {
        let Err(missing @ WorkspaceError::Missing { .. }) = &made else { break };
        if !is_asked {
            break;
        }
        ui.message(&missing.message());
        ask(ui, &mut answers)?;
        made = init(&args.dir, &answers);
    }
    let made = made?;
    ui.say(
        format!("已新建政策仓库：{}", made.repository.display()),
        format!("made a policy repository: {}", made.repository.display()),
    );
    for file in &made.files {
        ui.say(format!("  {file}"), format!("  {file}"));
    }
    ui.say(
        format!("信任锚：{}（请交网站运维人员保存，不要放进仓库）", made.trust.display()),
        format!(
            "trust anchor: {} (for the website team; keep it out of the repository)",
            made.trust.display()
        ),
    );
    if !made.vacant.is_empty() {
        let steps: Vec<&str> = made.vacant.iter().map(|step| jiedu::approve::step_label(step)).collect();
        ui.say(
            format!("注意：还没有人可以办理 {}，请在名册下一版补上", steps.join("、")),
            format!("note: nobody may take {} yet; add people in the next roster", made.vacant.join(", ")),
        );
    }
    if answers.publishers.is_empty() {
        ui.say(
            "注意：没有指定发布人（--publisher），离线核验只能提示“发布人未知”（PUBLISHER_UNKNOWN）；请在名册下一版补上",
            "note: no publisher was named (--publisher), so offline verification will say PUBLISHER_UNKNOWN; add one in the next roster",
        );
    }
    for next in &made.next {
        ui.message(next);
    }
    Ok(Exit::Clean)
}

fn from_flags(args: &InitArgs) -> Result<Answers, Failure> {
    let people = |texts: &[String]| {
        texts.iter().map(|text| Ok(Newcomer::parse(text)?)).collect::<Result<Vec<_>, Failure>>()
    };
    Ok(Answers {
        name: args.name.clone(),
        base_url: args.base_url.clone(),
        office: args.office.clone(),
        uscc: args.uscc.clone(),
        evidence: args.evidence.as_deref().map(evidence).transpose()?,
        roots: people(&args.roots)?,
        people: people(&args.persons)?,
        publishers: people(&args.publishers)?,
        threshold: args.threshold.and_then(|count| usize::try_from(count).ok()),
        profile: args.profile.clone(),
    })
}

fn evidence(text: &str) -> Result<EvidenceMode, Failure> {
    match text.trim() {
        "public" | "公开" => Ok(EvidenceMode::Public),
        "private" | "另存" => Ok(EvidenceMode::Private),
        other => Err(Failure::usage(
            format!("--evidence 只能是 public 或 private，不是“{other}”"),
            format!("--evidence is public or private, not `{other}`"),
        )),
    }
}

/// Asks for what is missing. An empty answer ends a list.
fn ask(ui: Ui, answers: &mut Answers) -> Result<(), Failure> {
    let texts = [
        (&mut answers.name, "网站名称，如 示例市交通运输局政策文件库", "name of the site"),
        (&mut answers.base_url, "网址，以 https:// 开头，以 / 结尾", "address of the site, https://…/"),
        (&mut answers.office, "单位全称", "full name of the office"),
        (&mut answers.uscc, "统一社会信用代码（18位）", "unified social credit code (18 characters)"),
    ];
    for (slot, zh, en) in texts {
        if slot.is_none() {
            *slot = prompt(ui.pick(zh, en))?;
        }
    }
    if answers.evidence.is_none() {
        let question = evidence_question();
        answers.evidence = prompt(question.get(ui.lang))?.as_deref().map(evidence).transpose()?;
    }
    let lists = [
        (
            &mut answers.roots,
            "名册管理人（编号=姓名,邮箱,公钥文件；回车结束）",
            "a root (id=name,email,public key file; empty line ends)",
        ),
        (
            &mut answers.people,
            "办理人（编号=姓名,邮箱,公钥文件,步骤+步骤；回车结束）",
            "a person (id=name,email,key file,step+step; empty line ends)",
        ),
        (
            &mut answers.publishers,
            "发布人（编号=姓名,邮箱,公钥文件；回车结束）",
            "a publisher (id=name,email,key file; empty line ends)",
        ),
    ];
    for (list, zh, en) in lists {
        if !list.is_empty() {
            continue;
        }
        while let Some(text) = prompt(ui.pick(zh, en))? {
            match Newcomer::parse(&text) {
                Ok(person) => list.push(person),
                Err(error) => ui.message(&error.message()),
            }
        }
    }
    Ok(())
}

fn prompt(question: &str) -> Result<Option<String>, Failure> {
    let failure = |error: std::io::Error| {
        Failure::usage(format!("读不到回答：{error}"), format!("cannot read the answer: {error}"))
    };
    let mut err = std::io::stderr().lock();
    write!(err, "{question}：").and_then(|()| err.flush()).map_err(failure)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(failure)?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
