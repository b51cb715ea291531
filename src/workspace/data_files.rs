//! Drafts of `qa.toml`, `opinions.toml` and topics.

use std::path::Path;

use super::WorkspaceError;
use super::scaffold::{Scaffold, one_line, write_all, yaml};
use jiedu_base::name::SetId;
use jiedu_base::text::Message;

/// A data file of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataFile {
    /// `qa.toml`: questions that people asked.
    Questions,
    /// `opinions.toml`: what became of the opinions.
    Opinions,
    /// `cards.toml`: who is eligible for what.
    Cards,
}

const QUESTIONS: &str = "# 热线问答，与本套文件一同审签。中文项目名和文字都要加英文引号。
\"来源\" = \"12345市民服务热线\"

# 一个问题一段；多行答复前后各用三个引号。
[[\"问答\"]]
\"问题\" = \"〔群众怎么问就怎么写〕\"
\"答复\" = \"\"\"
〔先给结论，再说怎么办。〕\"\"\"
\"条款\" = []            # 答复的依据，如 [\"第六条\"]；别的文件写成 \"2025/other#第三条\"
\"答复单位\" = \"\"
# \"编号\" = \"banka\"    # 可不写；写了就成为网址的一部分
# \"日期\" = 2026-03-02
";

const OPINIONS: &str = "# 意见采纳情况，与本套文件一同审签。中文项目名和文字都要加英文引号。
# \"公布日期\" = 2026-03-02    # 必填，不早于征求意见截止
# \"收到意见\" = 0             # 共收到多少条

# 一条意见一段；同类意见合并，写明数量。
[[\"意见\"]]
\"内容\" = \"〔意见的要点〕\"
\"来源\" = \"电子邮件\"
\"数量\" = 1
\"采纳\" = \"部分采纳\"        # 采纳、部分采纳、未采纳
\"理由\" = \"〔没有全部采纳的必须写〕\"
\"条款\" = []                # 现在的条文，如 [\"第七条\"]
\"原条款\" = []              # 征求意见稿的条文
";

const CARDS: &str = "# 政策卡片，与本套文件一同审签。数字、日期和名称必须是条文里有的。
[[\"卡片\"]]
\"编号\" = \"banka\"
\"名称\" = \"〔享受什么，一句话说清〕\"
\"类型\" = \"申报\"              # 免申即享、快申快享、申报
\"对象\" = [\"企业\"]
\"条文\" = \"第三条\"            # 写法同条款链接
\"待遇\" = { \"内容\" = \"〔标准和金额，照条文写〕\", \"条文\" = \"第四条\" }

# 一个条件一段，全部成立才符合。比较：=、!=、>、>=、<、<=、in
[[\"卡片\".\"条件\"]]
\"事实\" = \"注册资本\"
\"比较\" = \">=\"
\"值\" = 300
\"单位\" = \"万元\"
\"条文\" = \"第三条\"
";

/// Writes a data file of an existing set.
///
/// # Errors
/// A set without a policy, or [`WorkspaceError::Exists`].
pub fn new_data_file(root: &Path, id: &SetId, what: DataFile) -> Result<Scaffold, WorkspaceError> {
    let folder = format!("content/policies/{id}");
    if !root.join(&folder).join("policy.md").is_file() {
        return Err(WorkspaceError::usage(
            format!("还没有 {folder}/policy.md；请先运行 jiedu new policy {id} --title 标题"),
            format!("there is no {folder}/policy.md yet; run `jiedu new policy {id} --title T` first"),
        ));
    }
    let (name, text) = match what {
        DataFile::Questions => ("qa.toml", QUESTIONS),
        DataFile::Opinions => ("opinions.toml", OPINIONS),
        DataFile::Cards => ("cards.toml", CARDS),
    };
    let path = format!("{folder}/{name}");
    write_all(root, &[(path.clone(), text.to_owned())])?;
    let next = Message::new(
        format!("填好 {path} 以后运行 jiedu check {id}；它是本套文件的一部分，改动后要重新送审"),
        format!("fill in {path}, then run `jiedu check {id}`; it is part of the set and approved with it"),
    );
    Ok(Scaffold { files: vec![path], next: vec![next] })
}

/// Writes a topic that lists the given sets.
///
/// # Errors
/// A name that is no address, or [`WorkspaceError::Exists`].
pub fn new_topic(
    root: &Path,
    slug: &str,
    title: &str,
    policies: &[SetId],
) -> Result<Scaffold, WorkspaceError> {
    if SetId::parse(&format!("0000/{slug}")).is_err() {
        return Err(WorkspaceError::usage(
            format!("“{slug}”不能用作文件名：只能用小写字母、数字和连字符，例如 lvse-chuxing"),
            format!("`{slug}` is no file name here: use lower-case letters, digits and hyphens"),
        ));
    }
    let title = one_line(title)?;
    let listed: Vec<String> = policies.iter().map(|id| format!("  - {id}\n")).collect();
    let listed = if listed.is_empty() {
        "  - 2025/example   # 改为文件编号，一行一个\n".to_owned()
    } else {
        listed.concat()
    };
    let path = format!("content/topics/{slug}.md");
    let text = format!(
        "---\n标题: {}\n政策:\n{listed}---\n\n〔两三句话说明这个专题解决什么问题。〕\n",
        yaml(&title)
    );
    write_all(root, &[(path.clone(), text)])?;
    let next = Message::new(
        "专题是网站公用文件：改好以后对 site 送审并审签",
        "topics are site-wide files: submit and approve the set `site` afterwards",
    );
    Ok(Scaffold { files: vec![path], next: vec![next] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_base::name::Digest;
    use jiedu_base::text::SourceFile;
    use jiedu_config::Config;
    use jiedu_model::{Corpus, parse_set};
    use jiedu_source::{SetFile, SetFiles, Snapshot};

    /// What a scaffold writes can be read: only what is left to fill in is reported.
    #[test]
    fn drafts_are_read_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let id = SetId::parse("2026/a").unwrap();
        assert!(new_data_file(root, &id, DataFile::Questions).is_err());
        let set = root.join("content/policies/2026/a");
        std::fs::create_dir_all(&set).unwrap();
        std::fs::write(set.join("policy.md"), "---\n标题: 甲\n---\n\n正文。\n").unwrap();
        new_data_file(root, &id, DataFile::Questions).unwrap();
        new_data_file(root, &id, DataFile::Opinions).unwrap();
        assert!(matches!(new_data_file(root, &id, DataFile::Opinions), Err(WorkspaceError::Exists { .. })));
        let file = |path: String| {
            let bytes = std::fs::read(root.join(&path)).unwrap();
            SetFile { digest: Digest::of(&bytes), bytes: bytes.into(), path }
        };
        let files = ["opinions.toml", "qa.toml"].map(|name| {
            let mut file = file(format!("content/policies/2026/a/{name}"));
            name.clone_into(&mut file.path);
            file
        });
        let config = "[site]\nname = 'a'\nbase_url = 'https://a.example/'\n[office]\nname = 'b'\nuscc = '113701000041890072'\n";
        let config = Config::parse(&SourceFile::new("site.toml", config)).value.unwrap();
        let checked = parse_set(&id, &SetFiles { files: files.to_vec(), faults: Vec::new() }, &config);
        let data: Vec<&str> = checked
            .findings
            .iter()
            .map(|finding| finding.code)
            .filter(|code| code.starts_with('Q'))
            .collect();
        assert_eq!(data, ["Q103"], "only 公布日期 is left open");
        new_topic(root, "chuxing", "出行: 公交和打车", &[id]).unwrap();
        let site = SetFiles { files: vec![file("content/topics/chuxing.md".into())], faults: Vec::new() };
        let corpus = Corpus::parse(&Snapshot { site, ..Snapshot::default() }, &config);
        let open: Vec<&str> = corpus.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(open, ["M124"], "the prompt to describe the topic waits for the writer");
        assert_eq!(corpus.value.topics[0].title, "出行: 公交和打车");
        assert!(new_topic(root, "出行", "出行", &[]).is_err());
    }
}
