//! Scaffolds of the catalogue, lists and annual reports.

use std::path::Path;

use super::WorkspaceError;
use super::scaffold::{Scaffold, write_all};
use jiedu_base::name::SmallSet;
use jiedu_base::text::Message;
use jiedu_config::Config;

const CATALOGUE: &str = "# 主动公开事项目录。按 site 的步骤审签：jiedu submit catalogue。
# 一项一段；时限写工作日数或者文字；对应写集编号、lists/名称、reports/年份，或者 policies、lists、reports。
[[\"事项\"]]
\"编号\" = \"1-01\"
\"类别\" = \"法定主动公开内容\"
\"一级\" = \"行政规范性文件\"
\"二级\" = \"现行有效文件\"
\"内容\" = [\"标题\", \"文号\", \"正文\", \"解读\"]
\"依据\" = [\"《中华人民共和国政府信息公开条例》第二十条\"]
\"时限\" = 20
\"保留\" = \"长期\"
\"主体\" = \"{office}\"
\"科室\" = \"办公室\"
\"对象\" = \"全社会\"
\"方式\" = \"主动\"
\"渠道\" = [\"政府网站\"]
\"对应\" = [\"policies\"]
";

/// Writes a first `content/catalogue.toml`, list or report. For a list the kind
/// and its required fields are given.
///
/// # Errors
/// The file is there already, or cannot be written.
pub fn new_small(
    root: &Path,
    id: &SmallSet,
    kind: Option<(&str, &[&str])>,
    config: &Config,
) -> Result<Scaffold, WorkspaceError> {
    let text = match id {
        SmallSet::Catalogue => CATALOGUE.replace("{office}", &config.office.name),
        SmallSet::List(name) => list(name, kind),
        SmallSet::Report(year) => report(year, &config.office.name),
    };
    let path = id.paths().pop().unwrap_or_default();
    write_all(root, &[(path.clone(), text)])?;
    let next = Message::new(
        format!("填写后运行 jiedu check {id}；提交后由两人审签：jiedu submit {id}"),
        format!("fill it in, run jiedu check {id}; commit, then jiedu submit {id}"),
    );
    Ok(Scaffold { files: vec![path], next: vec![next] })
}

fn list(name: &str, kind: Option<(&str, &[&str])>) -> String {
    let (kind, fields) = kind.unwrap_or(("", &[]));
    let lines: Vec<String> = fields.iter().map(|field| format!("\"{field}\" = \"\"\n")).collect();
    let lines = lines.concat();
    format!(
        "# 清单。一条一段，每条都要有这一种类规定的字段。按 site 的步骤审签：jiedu submit lists/{name}。\n\"名称\" = \"{kind}清单\"\n\"种类\" = \"{kind}\"\n\n[[\"条目\"]]\n{lines}"
    )
}

fn report(year: &str, office: &str) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "# 政府信息公开工作年度报告（国办公开办函〔2021〕30号）。没有的填 0；每行最后一个数是总计。\n\"年份\" = {year}\n\"单位\" = \"{office}\"\n\"总体情况\" = \"\"\n\"主要问题及改进情况\" = \"\"\n\"其他需要报告的事项\" = \"\"\n\n[\"表二\"]\n\"规章\" = {{ \"制发\" = 0, \"废止\" = 0, \"现行有效\" = 0 }}\n\"行政规范性文件\" = {{ \"制发\" = 0, \"废止\" = 0, \"现行有效\" = 0 }}\n\"行政许可\" = 0\n\"行政处罚\" = 0\n\"行政强制\" = 0\n\"行政事业性收费\" = 0\n\n# 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n[\"表三\"]\n"
    );
    for (key, label) in ROWS {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\"{key}\" = [0, 0, 0, 0, 0, 0, 0]    # {label}");
    }
    text.push_str("\n# 结果维持 结果纠正 其他结果 尚未审结 总计\n[\"表四\"]\n\"复议\" = [0, 0, 0, 0, 0]\n\"直接诉讼\" = [0, 0, 0, 0, 0]\n\"复议后诉讼\" = [0, 0, 0, 0, 0]\n");
    text
}

/// Keys and short labels of table three.
const ROWS: [(&str, &str); 25] = [
    ("1", "本年新收"),
    ("2", "上年结转"),
    ("3.1", "予以公开"),
    ("3.2", "部分公开"),
    ("3.3.1", "国家秘密"),
    ("3.3.2", "其他法律行政法规禁止公开"),
    ("3.3.3", "危及三安全一稳定"),
    ("3.3.4", "保护第三方合法权益"),
    ("3.3.5", "三类内部事务信息"),
    ("3.3.6", "四类过程性信息"),
    ("3.3.7", "行政执法案卷"),
    ("3.3.8", "行政查询事项"),
    ("3.4.1", "本机关不掌握"),
    ("3.4.2", "没有现成信息需要另行制作"),
    ("3.4.3", "补正后仍不明确"),
    ("3.5.1", "信访举报投诉"),
    ("3.5.2", "重复申请"),
    ("3.5.3", "要求提供公开出版物"),
    ("3.5.4", "大量反复申请"),
    ("3.5.5", "要求确认或重新出具"),
    ("3.6.1", "逾期不补正"),
    ("3.6.2", "逾期未缴费"),
    ("3.6.3", "其他"),
    ("3.7", "总计"),
    ("4", "结转下年度"),
];
