//! Drafts of policies and materials, filled from `site.toml` and from what the
//! repository already holds.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::WorkspaceError;
use super::files::{Access, refuse_links, write_below};
use jiedu_base::name::SetId;
use jiedu_base::text::{Message, SourceFile};
use jiedu_config::Config;
use jiedu_markdown::front_matter;

/// What a scaffold wrote, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// New files, relative to the repository.
    pub files: Vec<String>,
    /// What to do next.
    pub next: Vec<Message>,
}

/// Writes `policy.md` and `plan.md` of a new set below the repository's root.
///
/// # Errors
/// [`WorkspaceError::Exists`] when the set has a policy or a plan already; then
/// nothing is written.
pub fn new_policy(
    root: &Path,
    id: &SetId,
    title: &str,
    config: &Config,
    today: Date,
) -> Result<Scaffold, WorkspaceError> {
    let folder = format!("content/policies/{id}");
    let title = one_line(title)?;
    let texts = [
        (format!("{folder}/policy.md"), policy_text(root, id, &title, config, today)),
        (format!("{folder}/plan.md"), plan_text(config, today)),
    ];
    write_all(root, &texts)?;
    Ok(Scaffold {
        files: texts.into_iter().map(|(path, _)| path).collect(),
        next: vec![
            Message::new(
                format!("打开 {folder}/policy.md 粘贴正文，核对开头各项"),
                format!("open {folder}/policy.md, paste the text and check the values at its top"),
            ),
            Message::new(
                format!("撰写解读：jiedu new material {id} article"),
                format!("write the interpretation: jiedu new material {id} article"),
            ),
        ],
    })
}

/// Writes a new material of an existing set.
///
/// # Errors
/// A name that is not `[a-z0-9][a-z0-9-]*`, a set without a policy, or
/// [`WorkspaceError::Exists`].
pub fn new_material(
    root: &Path,
    id: &SetId,
    name: &str,
    title: Option<&str>,
    config: &Config,
    today: Date,
) -> Result<Scaffold, WorkspaceError> {
    let name = name.strip_suffix(".md").unwrap_or(name);
    // A material's name is part of an address, as a set's slug is.
    if SetId::parse(&format!("0000/{name}")).is_err() {
        return Err(WorkspaceError::usage(
            format!("“{name}”不能用作文件名：只能用小写字母、数字和连字符，例如 article、qa"),
            format!(
                "`{name}` is no file name here: use lower-case letters, digits and hyphens, such as `article`"
            ),
        ));
    }
    let folder = format!("content/policies/{id}");
    let policy = Cited::of_set(root, id)?;
    let title = match title {
        Some(title) => one_line(title)?,
        None => format!("{}解读", within_title_marks(&policy.title)),
    };
    let path = format!("{folder}/materials/{name}.md");
    write_all(root, &[(path.clone(), material_text(&title, &policy, config, today))])?;
    let next = Message::new(
        format!("在 {folder}/plan.md 的“解读形式”中登记：材料: {name}.md"),
        format!("list it in {folder}/plan.md under 解读形式: `材料: {name}.md`"),
    );
    let plan = fs::read_to_string(root.join(&folder).join("plan.md")).unwrap_or_default();
    let listed = plan.contains(&format!("材料: {name}.md")) || plan.contains(&format!("material: {name}.md"));
    Ok(Scaffold { files: vec![path], next: if listed { Vec::new() } else { vec![next] } })
}

/// All files, or none: every name is checked before the first is written.
pub(super) fn write_all(root: &Path, texts: &[(String, String)]) -> Result<(), WorkspaceError> {
    texts.iter().try_for_each(|(path, _)| refuse_links(root, path))?;
    let paths: Vec<PathBuf> = texts.iter().map(|(path, _)| root.join(path)).collect();
    if let Some(taken) = paths.iter().find(|path| path.exists()) {
        return Err(WorkspaceError::Exists { path: taken.clone() });
    }
    for (path, text) in texts {
        write_below(root, path, text.as_bytes(), Access::Shared)?;
    }
    Ok(())
}

pub(super) fn one_line(title: &str) -> Result<String, WorkspaceError> {
    let title = title.trim();
    if title.is_empty() || title.chars().any(char::is_control) {
        return Err(WorkspaceError::usage("标题不能为空，也不能换行", "a title is one line of text"));
    }
    Ok(title.to_owned())
}

/// A scalar as YAML writes it: quoted only where the plain form would be read
/// as something else.
pub(super) fn yaml(text: &str) -> String {
    let special =
        |c: char| "-?:,[]{}#&*!|>'\"%@`".contains(c) || c.is_ascii_digit() || c.is_ascii_whitespace();
    let plain = !text.starts_with(special)
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.contains(" #")
        && !["null", "true", "false", "yes", "no", "on", "off", "~"]
            .contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn policy_text(root: &Path, id: &SetId, title: &str, config: &Config, today: Date) -> String {
    let office = &config.office;
    let code = office.codes.first().map_or("办", String::as_str);
    let index = next_index(root, &office.uscc, id.year());
    format!(
        "---\n\
         标题: {title_value}\n\
         发文机关: {issuer}\n\
         发文字号:            # 定稿后填写，例如 {code}〔{year}〕1号\n\
         索引号: {index}   # 按顺序预填，请与政务公开目录核对\n\
         统一编号:            # 文件类别为行政规范性文件时填写\n\
         文件类别: 政策文件   # 行政规范性文件、规章、政策文件、其他文件\n\
         主题分类: 综合政务_政务公开   # 请按内容修改\n\
         成文日期: {today}\n\
         发布日期: {today}\n\
         公开方式: 主动公开   # 主动公开、依申请公开、不予公开\n\
         ---\n\n\
         # {title_heading}\n\n\
         〔在此粘贴正文。层次序数依次用“一、”“（一）”“1.”“（1）”；附件放入 attachments 文件夹。〕\n",
        title_value = yaml(title),
        title_heading = title,
        issuer = yaml(&office.name),
        year = id.year(),
    )
}

pub(super) fn plan_text(config: &Config, today: Date) -> String {
    let office = config.office.short_name.as_deref().unwrap_or(&config.office.name);
    format!(
        "---\n\
         解读单位: {office}        # 改为起草处室\n\
         第一解读人: {office}主要负责人\n\
         解读时间: {today}\n\
         解读形式:\n\
         \x20 - 形式: 文字解读      # 文字解读、政策问答、一图读懂、新闻发布会 ……\n\
         \x20   渠道: [门户网站]\n\
         \x20   时间: {today}\n\
         \x20   负责人: {office}\n\
         \x20   材料: article.md    # materials 文件夹中的文件名；以后再做的，改写为“后续: true”\n\
         ---\n\n\
         ## 解读提纲\n\n\
         〔列出要向公众说明的重点：为什么制定、谁能受益、怎样办理、有哪些变化。〕\n",
        office = yaml(office),
    )
}

pub(super) fn material_text(title: &str, policy: &Cited, config: &Config, today: Date) -> String {
    let number = policy.number.as_ref().map_or_else(String::new, |number| format!("（{number}）"));
    let published = policy.published.clone().unwrap_or_else(|| today.to_string());
    format!(
        "---\n\
         标题: {title}\n\
         形式: 文字解读\n\
         来源: {source}\n\
         发布日期: {published}\n\
         阶段: 发布\n\
         ---\n\n\
         现对{cited}{number}解读如下。\n\n\
         ## 一、背景依据\n\n\
         〔为什么制定，依据什么制定。〕\n\n\
         ## 二、目标任务\n\n\
         〔要解决什么问题。〕\n\n\
         ## 三、主要内容\n\n\
         〔逐项说明。把标题链接到条文，读者就能对照原文，写法：`### [标题](clause:第三条)`。〕\n",
        title = yaml(title),
        source = yaml(&config.office.name),
        cited = within_title_marks(&policy.title),
    )
}

/// `《…》` around a title, its own marks turned into single ones.
fn within_title_marks(title: &str) -> String {
    format!("《{}》", title.replace('《', "〈").replace('》', "〉"))
}

/// What a material cites of its policy.
pub(super) struct Cited {
    pub(super) title: String,
    pub(super) number: Option<String>,
    pub(super) published: Option<String>,
}

impl Cited {
    /// What the set's policy says.
    pub(super) fn of_set(root: &Path, id: &SetId) -> Result<Self, WorkspaceError> {
        let path = format!("content/policies/{id}/policy.md");
        let Ok(policy) = fs::read_to_string(root.join(&path)) else {
            return Err(WorkspaceError::usage(
                format!("还没有 {path}；请先运行 jiedu new policy {id} --title 标题"),
                format!("there is no {path} yet; run `jiedu new policy {id} --title T` first"),
            ));
        };
        Ok(Self::read(&SourceFile::new("policy.md", &policy)))
    }

    pub(super) fn read(file: &SourceFile) -> Self {
        let head = front_matter(file).value;
        let text = |keys: &[&str]| {
            let value = head.get(keys).and_then(|entry| entry.value.as_text()).map(str::trim);
            value.filter(|value| !value.is_empty()).map(str::to_owned)
        };
        Self {
            title: text(&["标题", "title"]).unwrap_or_else(|| "〔政策标题〕".to_owned()),
            number: text(&["发文字号", "document-number"]),
            published: text(&["发布日期", "publish-date"]),
        }
    }
}

/// The index number after the highest one in use.
pub(super) fn next_index(root: &Path, uscc: &str, year: &str) -> String {
    let prefix = format!("{uscc}/{year}-");
    let mut highest = 0;
    let years = fs::read_dir(root.join("content/policies")).into_iter().flatten().flatten();
    for set in years.flat_map(|year| fs::read_dir(year.path()).into_iter().flatten().flatten()) {
        let text = fs::read_to_string(set.path().join("policy.md")).unwrap_or_default();
        for serial in text.split(prefix.as_str()).skip(1) {
            let digits: String = serial.chars().take_while(char::is_ascii_digit).take(9).collect();
            highest = highest.max(digits.parse::<u32>().unwrap_or(0));
        }
    }
    format!("{prefix}{:05}", highest + 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use jiedu_base::finding::Severity;

    fn config() -> Config {
        let text =
            super::super::sample::SAMPLE.iter().find(|file| file.path == "repository/site.toml").unwrap();
        let file = SourceFile::new("site.toml", std::str::from_utf8(text.bytes).unwrap());
        let checked = Config::parse(&file);
        assert_eq!(checked.findings, []);
        checked.value.unwrap()
    }

    #[test]
    fn drafts_parse_and_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let id = SetId::parse("2026/test").unwrap();
        let title = "示例市交通运输局关于印发《示例办法》的通知";
        let made = new_policy(root, &id, title, &config(), date(2026, 3, 2)).unwrap();
        assert_eq!(
            made.files,
            ["content/policies/2026/test/policy.md", "content/policies/2026/test/plan.md"]
        );
        let made = new_material(root, &id, "article", None, &config(), date(2026, 3, 2)).unwrap();
        assert_eq!(made.next, []);
        for path in ["policy.md", "plan.md", "materials/article.md"] {
            let text = fs::read_to_string(root.join("content/policies/2026/test").join(path)).unwrap();
            let checked = front_matter(&SourceFile::new(path, &text));
            let bad: Vec<_> =
                checked.findings.iter().filter(|finding| finding.severity > Severity::Hint).collect();
            assert!(bad.is_empty(), "{path}: {bad:?}");
        }
        let article =
            fs::read_to_string(root.join("content/policies/2026/test/materials/article.md")).unwrap();
        assert!(article.contains("标题: 《示例市交通运输局关于印发〈示例办法〉的通知》解读"));
        assert!(matches!(
            new_policy(root, &id, "别的", &config(), date(2026, 3, 2)),
            Err(WorkspaceError::Exists { .. })
        ));
    }

    #[test]
    fn index_numbers_go_on() {
        let folder = tempfile::tempdir().unwrap();
        for (slug, index) in [("a", "00001"), ("b", "00002")] {
            let id = SetId::parse(&format!("2026/{slug}")).unwrap();
            new_policy(folder.path(), &id, "标题", &config(), date(2026, 3, 2)).unwrap();
            let path = folder.path().join(format!("content/policies/2026/{slug}/policy.md"));
            assert!(
                fs::read_to_string(path).unwrap().contains(&format!("11990100MB0000019L/2026-{index}   #"))
            );
        }
    }

    #[test]
    fn awkward_titles_and_names() {
        assert_eq!(yaml("2026年工作要点"), "\"2026年工作要点\"");
        assert_eq!(yaml("a \"b\""), "a \"b\"");
        assert_eq!(yaml("\"b\" c"), "\"\\\"b\\\" c\"");
        assert_eq!(yaml("a: b"), "\"a: b\"");
        let folder = tempfile::tempdir().unwrap();
        let id = SetId::parse("2026/a").unwrap();
        for name in ["../x", "A", "", "中文"] {
            assert!(matches!(
                new_material(folder.path(), &id, name, None, &config(), date(2026, 3, 2)),
                Err(WorkspaceError::Usage { .. })
            ));
        }
        assert!(new_policy(folder.path(), &id, "两\n行", &config(), date(2026, 3, 2)).is_err());
    }
}
