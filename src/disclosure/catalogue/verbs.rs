//! Where a sentence makes somebody disclose: 公开, 公布, 公示, 公告, 发布, 向社会….

/// The verbs, in the order in which they are looked for.
const VERBS: [&str; 5] = ["公布", "公示", "公告", "发布", "公开"];

/// What after a verb makes it part of a noun, an attribute or a point in time.
const NOT_BEFORE: [&str; 58] = [
    "的",
    "之",
    "前",
    "后",
    "期",
    "栏",
    "牌",
    "会",
    "者",
    "人",
    "时",
    "而",
    "施行",
    "实施",
    "目录",
    "指南",
    "平台",
    "制度",
    "机制",
    "工作",
    "机构",
    "单位",
    "系统",
    "原则",
    "招标",
    "招聘",
    "招录",
    "招投标",
    "招考",
    "透明",
    "拍卖",
    "竞争",
    "竞价",
    "选拔",
    "遴选",
    "竞买",
    "竞聘",
    "听证",
    "审理",
    "审判",
    "场所",
    "场合",
    "程度",
    "义务",
    "无异议",
    "结束",
    "、公平",
    "、公正",
    "、透明",
    "、平等",
    "、择优",
    "公平",
    "公正",
    "原文",
    "形象",
    "渠道",
    "形式",
    "送达",
];

/// What before a verb makes it part of a noun.
const NOUN_BEFORE: [(&str, &[&str]); 5] = [
    ("公布", &["自", "已", "经", "所"]),
    ("公示", &["执法", "信用信息", "经", "自", "已", "所"]),
    (
        "公告",
        &[
            "招标", "拍卖", "挂牌", "中标", "听证", "预审", "该", "刊登", "张贴", "出让", "成交", "招聘",
            "预", "的", "经", "自", "已", "所", "发布", "招募",
        ],
    ),
    ("发布", &["信息", "广告", "新闻", "经", "自", "已", "所"]),
    ("公开", &["信息", "政务", "村务", "财务", "厂务", "事务", "经", "自", "已", "所", "不"]),
];

/// What follows 向社会 where nothing is made known.
const NOT_TOLD: [&str; 18] = [
    "开放",
    "购买",
    "募集",
    "募捐",
    "筹集",
    "融资",
    "招",
    "出租",
    "出售",
    "投放",
    "转让",
    "力量",
    "资本",
    "捐",
    "组织",
    "服务",
    "化",
    "提供服务",
];

/// What turns a duty round.
const NEGATIONS: [&str; 19] = [
    "不得", "不予", "不宜", "禁止", "严禁", "不应", "不能", "不可", "不再", "不向", "不按", "不依", "无需",
    "无须", "免予", "暂缓", "停止", "拒绝", "拒不",
];

/// The first word in a clause that makes something known: its place and the word.
pub(super) fn first(clause: &str) -> Option<(usize, &'static str)> {
    let mut found: Vec<(usize, &'static str)> =
        VERBS.iter().flat_map(|verb| clause.match_indices(verb).map(move |(at, _)| (at, *verb))).collect();
    found.extend(clause.match_indices("向社会").map(|(at, _)| (at, "向社会")));
    found.sort_unstable();
    found.into_iter().find_map(|(at, verb)| {
        let before = clause.get(..at)?;
        let after = clause.get(at + verb.len()..)?;
        if verb == "向社会" { told(at, after) } else { is_verb(verb, before, after).then_some((at, verb)) }
    })
}

/// `向社会` with what is done: the verb when it is one of ours.
fn told(at: usize, after: &str) -> Option<(usize, &'static str)> {
    let after = ["公众", "各界", "公民"].iter().find_map(|who| after.strip_prefix(who)).unwrap_or(after);
    let after = ["及时", "主动", "依法", "定期", "统一"]
        .iter()
        .find_map(|how| after.strip_prefix(how))
        .unwrap_or(after);
    let gathers = ["公开征求", "公开征集", "公开听取"].iter().any(|word| after.starts_with(word));
    if let Some(verb) = VERBS.iter().find(|verb| after.starts_with(**verb)).filter(|_| !gathers) {
        let rest = after.get(verb.len()..).unwrap_or("");
        return (!rest_is_noun(rest)).then_some((at, *verb));
    }
    let is_told = !after.is_empty() && !NOT_TOLD.iter().any(|word| after.starts_with(word));
    is_told.then_some((at, "向社会"))
}

fn rest_is_noun(after: &str) -> bool {
    NOT_BEFORE.iter().any(|word| after.starts_with(word))
}

fn is_verb(verb: &str, before: &str, after: &str) -> bool {
    // `将收费信息公开` does something with the information.
    let is_object = before.contains('将') || before.contains('把');
    let nouns = NOUN_BEFORE.iter().find(|(known, _)| *known == verb).map_or(&[][..], |(_, words)| *words);
    let is_noun = nouns.iter().any(|word| before.ends_with(word)) && !(is_object && before.ends_with("信息"));
    let joined = VERBS.iter().any(|other| after.starts_with(other));
    joined || !(is_noun || rest_is_noun(after))
}

/// Whether the words before the verb turn it round: `不得`, `未依法`.
pub(super) fn is_negated(before: &str) -> bool {
    let bare =
        before.replace("未来", "").replace("未成年", "").replace("不得少于", "").replace("不得低于", "");
    NEGATIONS.iter().any(|word| bare.contains(word)) || bare.ends_with('不') || bare.contains('未')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_told_from_nouns() {
        for (clause, verb) in [
            ("应当向社会公布", "公布"),
            ("应当及时公开收费标准", "公开"),
            ("并予以公告", "公告"),
            ("将检查结果公示", "公示"),
            ("应当发布预警信息", "发布"),
            ("应当向社会公开征求意见", "向社会"),
            ("并向社会通报", "向社会"),
            ("应当将收费信息公开", "公开"),
            ("应当公开发布", "公开"),
        ] {
            assert_eq!(first(clause).map(|(_, verb)| verb), Some(verb), "{clause}");
        }
        for clause in [
            "自公布之日起施行",
            "应当公开招标",
            "遵循公开、公平、公正的原则",
            "政府信息公开工作机构",
            "公示期不少于七日",
            "依法应当公开的政府信息",
            "建立行政执法公示制度",
            "经公示无异议",
            "应当向社会开放",
            "发布会",
        ] {
            assert_eq!(first(clause), None, "{clause}");
        }
    }
}
