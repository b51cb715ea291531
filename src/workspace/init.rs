//! A new policy repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{Access, write_new};
use super::roster_file::{PersonDraft, RosterDraft, quote};
use super::{KeyFile, WorkspaceError, sample};
use jiedu_approve::{POLICY_STEPS, TrustAnchor, read_rosters, step_label, step_name};
use jiedu_base::name::{Digest, PersonId};
use jiedu_base::text::{Message, SourceFile};
use jiedu_config::{Config, EvidenceMode, is_uscc};

/// What the office answers. Nothing is guessed: [`Answers::missing`] names what
/// is still to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    /// Name of the site.
    pub name: Option<String>,
    /// Its address.
    pub base_url: Option<String>,
    /// Full name of the office.
    pub office: Option<String>,
    /// 统一社会信用代码.
    pub uscc: Option<String>,
    /// Where the evidence of approvals goes: see [`evidence_question`].
    pub evidence: Option<EvidenceMode>,
    /// Who may change the roster.
    pub roots: Vec<Newcomer>,
    /// Who writes, reviews and proofreads.
    pub people: Vec<Newcomer>,
    /// Who signs releases.
    pub publishers: Vec<Newcomer>,
    /// How many roots must agree to a change; default two, or all of fewer.
    pub threshold: Option<usize>,
    /// Profile of steps; default `strict`.
    pub profile: Option<String>,
}

/// A person for the first roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Id such as `li.si`.
    pub id: PersonId,
    /// 姓名.
    pub name: String,
    /// Address used in commits.
    pub email: String,
    /// The public key.
    pub key: KeyFile,
    /// Steps, in English; empty for roots and publishers.
    pub steps: Vec<String>,
}

impl Newcomer {
    /// Reads `li.si=李四,li.si@office.example,keys/li.pub,复审+二校`; the steps
    /// may be absent. Key paths are relative to the current folder.
    ///
    /// # Errors
    /// What is wrong with the text, or with the key file.
    pub fn parse(text: &str) -> Result<Self, WorkspaceError> {
        let form = || {
            WorkspaceError::usage(
                format!("“{text}”写法有误，应为：编号=姓名,邮箱,公钥文件,步骤+步骤"),
                format!("`{text}` should read `id=name,email,public key file,step+step`"),
            )
        };
        let (id, rest) = text.split_once('=').ok_or_else(form)?;
        let id = PersonId::parse(id.trim()).map_err(|error| {
            WorkspaceError::usage(
                format!("“{id}”不能用作人员编号：用小写字母、数字和点，例如 li.si"),
                error.to_string(),
            )
        })?;
        let mut parts = rest.split(',').map(str::trim);
        let (Some(name), Some(email), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(form());
        };
        let steps = parts.next().unwrap_or("").split('+').map(str::trim).filter(|step| !step.is_empty());
        let steps = steps.map(|step| step_name(step).to_owned()).collect();
        if name.is_empty() || !email.contains('@') || key.is_empty() || parts.next().is_some() {
            return Err(form());
        }
        Ok(Self {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
            key: KeyFile::read(Path::new(key))?,
            steps,
        })
    }
}

/// What to ask about `[record] evidence`, with what each answer shows.
#[must_use]
pub fn evidence_question() -> Message {
    Message::new(
        "签名证据放在哪里？public：随网站公开，任何人都能核验，公众可以看到名册中的姓名、职务、邮箱和签名时间；\
         private：另存在网站之外，只供本单位存档和上级核验，网页上仍显示步骤、岗位、时间和密钥指纹",
        "Where does the evidence go? public: on the site, anybody can verify it, and the public sees the names, posts, \
         e-mail addresses and times in roster and signatures; private: beside the site, for the archive; the pages still \
         show step, post, time and key fingerprint",
    )
}

impl Answers {
    /// The options that are still missing, in order.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        [
            ("--name", blank(&self.name)),
            ("--base-url", blank(&self.base_url)),
            ("--office", blank(&self.office)),
            ("--uscc", blank(&self.uscc)),
            ("--root", self.roots.is_empty()),
            ("--person", self.people.is_empty()),
            ("--evidence", self.evidence.is_none()),
        ]
        .into_iter()
        .filter_map(|(flag, missing)| missing.then_some(flag))
        .collect()
    }
}

/// What `init` made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRepository {
    /// Its folder.
    pub repository: PathBuf,
    /// The trust anchor beside it; to be kept by the website team.
    pub trust: PathBuf,
    /// New files, relative to the repository.
    pub files: Vec<String>,
    /// Steps, in English, that nobody may take yet.
    pub vacant: Vec<String>,
    /// What to do next.
    pub next: Vec<Message>,
}

/// Makes a repository in `dir` (created when absent) and `trust.toml` beside it.
///
/// # Errors
/// [`WorkspaceError::Missing`] naming every missing answer, a wrong answer, or
/// [`WorkspaceError::Exists`] for a file that stands there already; then
/// nothing was written.
pub fn init(dir: &Path, answers: &Answers) -> Result<NewRepository, WorkspaceError> {
    let missing = answers.missing();
    if !missing.is_empty() {
        return Err(WorkspaceError::Missing { flags: missing.into_iter().map(str::to_owned).collect() });
    }
    let dir = std::path::absolute(dir).map_err(|error| WorkspaceError::io(dir, error))?;
    let site = site_toml(answers);
    check_site(answers, &site)?;
    let roster = roster(answers)?;
    check_roster(&roster.to_toml())?;
    let trust = dir.parent().unwrap_or(&dir).join("trust.toml");
    let files = files(&answers.office.clone().unwrap_or_default(), site, roster.to_toml());
    let taken =
        files.iter().map(|(path, _)| dir.join(path)).chain([trust.clone()]).find(|path| path.exists());
    if let Some(path) = taken {
        return Err(WorkspaceError::Exists { path });
    }
    if !dir.join(".git").exists() {
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head("main").external_template(false);
        git2::Repository::init_opts(&dir, &options).map_err(WorkspaceError::git("create the repository"))?;
    }
    for (path, text) in &files {
        write_new(&dir.join(path), text.as_bytes(), Access::Shared)?;
    }
    let anchor = TrustAnchor::first(Digest::of(roster.to_toml().as_bytes()));
    write_new(&trust, anchor.to_toml().as_bytes(), Access::Shared)?;
    Ok(NewRepository {
        next: next_steps(&trust),
        vacant: vacant_steps(answers),
        files: files.into_iter().map(|(path, _)| path).collect(),
        repository: dir,
        trust,
    })
}

fn files(office: &str, site: String, roster: String) -> Vec<(String, String)> {
    let sample = |path: &str| {
        let found = sample::SAMPLE.iter().find(|file| file.path == path);
        found.map_or_else(String::new, |file| String::from_utf8_lossy(file.bytes).into_owned())
    };
    vec![
        (".gitattributes".to_owned(), sample("repository/gitattributes")),
        (".gitignore".to_owned(), sample("repository/gitignore")),
        ("README.md".to_owned(), readme(office)),
        ("roster/1.toml".to_owned(), roster),
        ("site.toml".to_owned(), site),
    ]
}

fn next_steps(trust: &Path) -> Vec<Message> {
    vec![
        Message::new(
            "核对 site.toml 和 roster/1.toml，然后提交：git add -A && git commit -m 建立政策仓库",
            "check site.toml and roster/1.toml, then commit: git add -A && git commit",
        ),
        Message::new(
            format!("把“{}”交网站运维方保管；它不放进仓库", trust.display()),
            format!("give `{}` to the website team; it does not belong into the repository", trust.display()),
        ),
        Message::new(
            "网站设置也要审签：jiedu submit site，再由两人办理 保密审查 和 终审",
            "the site's settings need approval, too: `jiedu submit site`, then secrecy-review and final-review by two persons",
        ),
        Message::new(
            "起草第一份文件：jiedu new policy 年份/简称 --title 标题",
            "draft the first text: jiedu new policy <year>/<slug> --title T",
        ),
    ]
}

/// Steps of the strict profile without anybody; offices with their own profile
/// see theirs in `status`.
fn vacant_steps(answers: &Answers) -> Vec<String> {
    let held = |step: &str| answers.people.iter().any(|person| person.steps.iter().any(|held| held == step));
    POLICY_STEPS.into_iter().filter(|step| !held(step)).map(str::to_owned).collect()
}

fn check_site(answers: &Answers, site: &str) -> Result<(), WorkspaceError> {
    let uscc = answers.uscc.as_deref().unwrap_or_default().trim();
    if !is_uscc(uscc) {
        return Err(WorkspaceError::usage(
            format!("“{uscc}”不是有效的统一社会信用代码（18位，末位为核对码），请核对"),
            format!("`{uscc}` is no unified social credit code (18 characters, the last one a check)"),
        ));
    }
    match Config::parse(&SourceFile::new("site.toml", site)).findings.into_iter().next() {
        Some(finding) => Err(WorkspaceError::Usage { message: finding.message }),
        None => Ok(()),
    }
}

/// The roster as the verifier will read it: unknown steps and profiles, weak
/// keys.
fn check_roster(text: &str) -> Result<(), WorkspaceError> {
    let files = BTreeMap::from([("1.toml".to_owned(), Arc::from(text.as_bytes()))]);
    let Err(refusal) = read_rosters(&files) else { return Ok(()) };
    let first = refusal.findings.into_iter().next();
    let message = first.map_or_else(|| refusal.reason.explanation(), |finding| finding.message);
    Err(WorkspaceError::Usage { message })
}

fn roster(answers: &Answers) -> Result<RosterDraft, WorkspaceError> {
    let mut draft = RosterDraft {
        version: 1,
        default_profile: answers.profile.clone(),
        roots: answers.roots.iter().map(|person| person.id.to_string()).collect(),
        threshold: answers.threshold.unwrap_or_else(|| answers.roots.len().min(2)),
        ..RosterDraft::default()
    };
    let groups = [
        (&answers.people, "review", ""),
        (&answers.roots, "root", "名册管理人"),
        (&answers.publishers, "publish", "发布人"),
    ];
    for (people, purpose, post) in groups {
        for person in people {
            add(&mut draft, person, purpose, post)?;
        }
    }
    if draft.threshold == 0 || draft.threshold > draft.roots.len() {
        return Err(WorkspaceError::usage(
            format!("名册管理人共 {} 人，同意人数应在 1 到 {} 之间", draft.roots.len(), draft.roots.len()),
            format!("the threshold must lie between 1 and the number of roots, {}", draft.roots.len()),
        ));
    }
    Ok(draft)
}

/// Adds a person, or another use of a key to one who is there already.
fn add(
    draft: &mut RosterDraft,
    person: &Newcomer,
    purpose: &'static str,
    post: &str,
) -> Result<(), WorkspaceError> {
    let id = person.id.to_string();
    let shared = draft
        .people
        .iter()
        .find(|other| other.id != id && other.keys.iter().any(|(key, _)| *key == person.key.public));
    if let Some(other) = shared {
        return Err(WorkspaceError::usage(
            format!("{} 和 {} 用了同一把密钥；每人须有自己的密钥", other.id, id),
            format!("{} and {id} have the same key; everybody needs an own one", other.id),
        ));
    }
    let place = draft.people.iter().position(|other| other.id == id).unwrap_or_else(|| {
        draft.people.push(PersonDraft {
            id,
            name: person.name.clone(),
            post: post.to_owned(),
            emails: vec![person.email.clone()],
            ..PersonDraft::default()
        });
        draft.people.len() - 1
    });
    if let Some(entry) = draft.people.get_mut(place) {
        entry.steps.extend(
            person.steps.iter().filter(|step| !entry.steps.contains(step)).cloned().collect::<Vec<_>>(),
        );
        if !entry.emails.contains(&person.email) {
            entry.emails.push(person.email.clone());
        }
        if entry.post.is_empty() {
            entry.post = entry.steps.iter().map(|step| step_label(step)).collect::<Vec<_>>().join("、");
        }
        entry.keys.push((person.key.public.clone(), purpose));
    }
    Ok(())
}

fn site_toml(answers: &Answers) -> String {
    let text = |value: &Option<String>| quote(value.as_deref().unwrap_or_default().trim());
    let evidence = match answers.evidence {
        Some(EvidenceMode::Private) => "private",
        _ => "public",
    };
    format!(
        "# 网站设置。“#”后面的内容是说明，不起作用；去掉行首的“# ”即可启用该项。\n\
         # 改动本文件等于改动网站本身，须重新审签（jiedu submit site）。\n\n\
         [site]\n\
         name = {name}          # 网站名称\n\
         base_url = {base_url}   # 网址\n\
         # sponsor = \"主办单位\"                # 不写即为 [office] name\n\
         # operator = \"承办单位\"\n\
         # contact = \"联系电话\"\n\
         # id_code = \"网站标识码\"\n\
         # icp = \"ICP备案号\"\n\
         # police = \"公安备案号\"\n\
         # error_report_url = \"“我为政府网站找错”链接\"\n\
         # organ_mark_url = \"党政机关网站标识链接\"\n\
         production = false      # 正式上线时改为 true，此后上面几项必须齐全\n\n\
         [office]\n\
         name = {office}\n\
         uscc = {uscc}           # 统一社会信用代码\n\
         # short_name = \"规范化简称\"\n\
         # codes = [\"机关代字\"]                # 写明后，发文字号只能用这些代字\n\n\
         # 期限和阈值；不写即用括号内的默认值\n\
         # [rules]\n\
         # interpretation_days = 3     # 解读最迟在文件发布后几个工作日内发布（3）\n\
         # consultation_days = 30      # 征求意见最短天数（30）\n\
         # disclosure_days = 20        # 成文后几个工作日内公开（20）\n\
         # home_idle_days = 14         # 巡查：首页几天没有更新要提醒（14）\n\
         # column_idle_days = 183      # 巡查：栏目几天没有更新要提醒（183）\n\
         # rectify_days = 10           # 巡查：一般问题几个工作日内整改（10）\n\n\
         [record]\n\
         names = false           # 审核记录页是否显示姓名\n\
         evidence = \"{evidence}\"     # 签名证据：public 随网站公开，private 另存\n",
        name = text(&answers.name),
        base_url = text(&answers.base_url),
        office = text(&answers.office),
        uscc = text(&answers.uscc),
    )
}

fn readme(office: &str) -> String {
    format!(
        "# {office}政策仓库\n\n\
         - `content/policies/年份/简称/`：一份文件一个文件夹，内有政策文件、解读方案和解读材料。\n\
         - `content/pages/`：关于本站等固定页面。\n\
         - `roster/`：审签名册。变更须由名册管理人签名同意。\n\
         - `evidence/statements/`：收集保存的签名，不要手工改动。\n\
         - `site.toml`：网站设置。\n\n\
         常用命令：\n\n\
         | 要做的事 | 命令 |\n\
         |---|---|\n\
         | 起草文件 | `jiedu new policy 年份/简称 --title 标题` |\n\
         | 撰写解读 | `jiedu new material 年份/简称 article` |\n\
         | 检查 | `jiedu check` |\n\
         | 送审 | `jiedu submit 年份/简称` |\n\
         | 查看等我办理的 | `jiedu status --mine` |\n\
         | 审签 | `jiedu approve 年份/简称 --step 初审` |\n"
    )
}

#[cfg(test)]
mod tests;
