//! Every rule: its example raises it, the better text does not.

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_config::Wordlist;

/// Codes raised on a text.
fn codes(text: &str) -> Vec<&'static str> {
    let file = SourceFile::new("a.md", text);
    let is_known = |_: &SourceFile, target: &str| !target.contains("none");
    text_only(&[file], &Lists::default(), &is_known).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn every_rule_has_a_page_and_examples_that_hold() {
    let mut faults = Vec::new();
    for rule in rules() {
        // Rules over whole sets and those that need an office's list have tests of their own.
        if matches!(rule.category, "set" | "user-list" | "quotation") {
            continue;
        }
        if !codes(rule.bad).contains(&rule.code) {
            faults.push(format!("{} {} is silent on its example", rule.code, rule.name));
        }
        if codes(rule.good).contains(&rule.code) {
            faults.push(format!("{} {} alarms on its better text", rule.code, rule.name));
        }
        let page = rule.page(jiedu_base::text::Lang::Zh);
        assert!(page.contains(rule.what.0) && page.contains("例外"), "{}", rule.code);
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn codes_and_names_are_unique() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.code), "{} twice", rule.code);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
    }
}

/// Every finding of a severity that counts as an alarm, as `code:text`.
fn alarms(text: &str) -> Vec<String> {
    let file = SourceFile::new("a.md", text);
    text_only(std::slice::from_ref(&file), &Lists::default(), &|_, _| true)
        .into_iter()
        .filter(|finding| finding.severity > jiedu_base::finding::Severity::Hint)
        .map(|finding| format!("{}:{}", finding.code, file.slice(finding.place.range)))
        .collect()
}

#[test]
fn habits_of_official_writing_are_left_alone() {
    let texts = [
        "## 一、要求\n\n（一）目标。明确任务。\n\n## 二、措施\n\n（二）监管。压实责任。\n\n（三）服务。优化流程。",
        "组　长：韩　正　国务院副总理\n\n副组长：孙　尧　教育部副部长",
        "# 第一章　总　则\n\n第一条　为了加强管理，制定本办法。\n\n第二条　本办法适用于全省。",
        "以生产木材为主要目的的商品林受法律保护，标的的价格由双方约定。",
        "开展在在线平台注册的企业核查，会会长由会员选举产生。",
        "按照信用评价等级分级分类监管，支持企业创业创新，充分运用信用信息。",
        "依据国务院令第707号、主席令第三十三号和2024年第5号公告办理。",
        "依照（2018）鲁01民终366号判决执行，〔2021〕9号、10号文件废止。",
        "一、二、三级医院和1.5亿元以上项目适用本条。",
        "附件：任务分工表",
        "不动产单元号330106001002GB00001F00010001，热线12345，项目代码2020-370100-48-03-012345。",
        "供暖期为11月15日至3月15日，每年2月29日不放假。",
        "既要抓发展，即便困难也要保安全；可以先予审议，天然气经营企业可以经批准后经营。",
        "“甲说：‘好。’\n\n“乙说：‘不好。’”",
        "增长6%～8%，近三年来增长较快，处违法所得2倍罚款。",
        "参加者应当持护照，产品型号KM-8、8KM2A不变。",
        "推进省、市、县（市、区）三级联动，落实“互联网+政务服务”，建设5G基站120万个。",
        "```\n予算,测试\n```\n\n`捡查,`与https://www.gov.cn/a,b不查。",
    ];
    let found: Vec<String> = texts.iter().flat_map(|text| alarms(text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn errors_are_found_across_marks_breaks_and_cells() {
    assert_eq!(alarms("要**捡**查落实。"), ["P521:捡**查"]);
    assert_eq!(alarms("要捡\n查落实。"), ["P521:捡\n查"]);
    assert_eq!(alarms("| 事项 |\n| --- |\n| 应急予案 |"), ["P521:予案"]);
    assert_eq!(alarms("😀赔尝标准。"), ["P521:赔尝"]);
    assert_eq!(alarms("要[捡*查*](a.md)。"), ["P521:捡*查"]);
    assert_eq!(alarms("要&#25441;查。"), ["P521:&#25441;查"]);
    assert_eq!(alarms("> 要捡\n> 查。\n\n- 再捡\n  查。"), ["P521:捡\n> 查", "P521:捡\n  查"]);
    assert_eq!(alarms("见注[^1]。\n\n[^1]: 脚注捡\n    查。"), ["P521:捡\n    查"]);
    assert_eq!(alarms("| 甲 |\n| --- |\n| 转\\|捡**查** |"), ["P521:捡**查"]);
}

#[test]
fn fixes_keep_markdown_and_settle() {
    let text = "# 一、要求\n\n要**加强监管,抓好,落实**[（见 附件)](a.pdf)，，每１０年。\n\n| 甲,乙 | １ |\n| --- | --- |\n| (丙) | 2 |\n";
    let file = SourceFile::new("a.md", text);
    let check = |file: &SourceFile| check_text(file, body_range(file), Profile::Official, &Lists::default());
    let fixed = fix_text(&file, body_range, check, Fixes::Safe);
    assert!(fixed.count >= 6, "{}", fixed.text);
    let again = fix_text(&SourceFile::new("a.md", &fixed.text), body_range, check, Fixes::Safe);
    assert_eq!((again.count, again.text.as_str()), (0, fixed.text.as_str()));
    assert!(fixed.text.contains("要**加强监管，抓好，落实**"), "{}", fixed.text);
    assert!(fixed.text.contains("(a.pdf)，每10年"), "{}", fixed.text);
    assert!(fixed.text.contains("| （丙） | 2 |"), "{}", fixed.text);
}

#[test]
fn a_suppression_of_no_rule_is_told() {
    let text = "<!-- 校对:忽略 half-width-marks 原文如此 -->\n甲,乙。\n";
    let file = SourceFile::new("a.md", text);
    let found = text_only(&[file], &Lists::default(), &|_, _| true);
    let told = found.iter().find(|finding| finding.code == "P902").unwrap();
    assert!(told.message.zh.contains("half-width-marks"));
    assert!(told.notes.iter().any(|note| note.zh.contains("half-width-mark”")), "{told:?}");
    assert!(found.iter().any(|finding| finding.code == "P101"), "nothing was set aside");
}

#[test]
fn suppressions_need_a_reason_and_a_target() {
    let silent = "<!-- 校对:忽略 wrong-word 原文如此 -->\n\n加强捡查。\n\n再次检查。";
    assert!(alarms(silent).is_empty());
    assert_eq!(
        alarms("<!-- proof:ignore wrong-word -->\n\n加强捡查。"),
        ["P902:<!-- proof:ignore wrong-word -->", "P521:捡查"]
    );
    assert_eq!(
        alarms("<!-- 校对：忽略 P521 原文如此 -->\n\n加强检查。\n\n加强捡查。"),
        ["P901:<!-- 校对：忽略 P521 原文如此 -->", "P521:捡查"]
    );
    let pii = "<!-- 校对:忽略 mobile-number 已同意 -->\n\n电话13900008858。";
    assert_eq!(alarms(pii).len(), 2);
}

#[test]
fn allowed_words_without_use_are_told() {
    let told = |text: &str| {
        let file = SourceFile::new("a.md", text);
        let found = text_only(std::slice::from_ref(&file), &Lists::default(), &|_, _| true);
        let idle = found.iter().filter(|finding| finding.code == "P904");
        let idle: Vec<String> = idle.map(|finding| file.slice(finding.place.range).to_owned()).collect();
        (found.len(), idle)
    };
    let text = "---\n标题: 捡查\n校对: {允许: [捡查, 便民]}\n---\n\n要捡**查**落实，便民服务。\n";
    assert_eq!(told(text), (1, vec!["便民".to_owned()]));
    assert_eq!(told(&text.replace(", 便民", "")), (0, Vec::new()));
    assert_eq!(told(&text.replace("捡", "检").replace(", 便民", "")), (1, vec!["检查".to_owned()]));
}

#[test]
fn office_lists_and_allowed_words_are_honoured() {
    let list = SourceFile::new(
        "w.toml",
        "allow = [\"机购\"]\norder = [[\"市委\", \"市政府\"]]\n[[terms]]\nuse = \"生态环境局\"\navoid = [\"环境局\", \"环保局\"]\ngrade = \"error\"\n[[forbidden]]\ntext = \"最优惠\"\n",
    );
    let list = Wordlist::parse(&list);
    assert!(list.findings.is_empty());
    let lists = Lists::new([&list.value]);
    let file = SourceFile::new(
        "a.md",
        "市政府、市委要求生态环境局牵头，环保局配合，执行最优惠政策，《环保局规定》除外。",
    );
    let found: Vec<(&str, String, String)> = check_text(&file, body_range(&file), Profile::Official, &lists)
        .into_iter()
        .map(|f| (f.code, file.slice(f.place.range).to_owned(), f.severity.as_str().to_owned()))
        .collect();
    let expected = [
        ("P512", "市政府、市委", "warning"),
        ("P511", "环保局", "error"),
        ("P511", "最优惠", "warning"),
        ("P511", "环保局", "hint"),
    ];
    assert_eq!(found, expected.map(|(code, text, severity)| (code, text.to_owned(), severity.to_owned())));
    let broken = Wordlist::parse(&SourceFile::new("w.json", "{\"terms\": 3}"));
    assert_eq!(broken.findings.len(), 1);
    assert!(
        check_text(
            &SourceFile::new("a.md", "要捡查。"),
            jiedu_base::text::TextRange::new(0, 12),
            Profile::Official,
            &lists.for_text(None, ["捡查"])
        )
        .is_empty()
    );
}

#[test]
fn hostile_texts_end_in_good_time() {
    let texts = [
        "（".repeat(8_000),
        "《〈“‘".repeat(3_000),
        "” “".repeat(8_000),
        "一、".repeat(8_000),
        "的".repeat(20_000),
        "1".repeat(100_000),
        "甲 ".repeat(10_000),
        ", ".repeat(10_000),
        "2025年1月1日至".repeat(3_000),
        "（一）甲\n\n".repeat(5_000),
        "附件：1.甲\n\n2.乙\n\n".repeat(2_000),
        "<".repeat(50_000),
        "天地玄黄宇宙洪荒".repeat(2_000),
    ];
    for text in texts {
        let file = SourceFile::new("a.md", &text);
        let findings = text_only(&[file], &Lists::default(), &|_, _| true);
        assert!(findings.len() < 20_000);
    }
}

/// Clauses are cited only as far as they were verified: a wrong number in front
/// of a proofreader costs the trust of all the others.
#[test]
fn pages_cite_clauses_that_exist() {
    let known = [
        ("GB/T 15834—2011 第 ", "4.1 4.5 4.5.3.5 4.8 4.8.3.3 4.8.3.4 4.8、4.9、4.15 4.9 4.11 4.13 4.15"),
        ("GB/T 15835—2011 第 ", "4.2 4.3 5.1.3 5.1.4"),
        ("GB/T 9704—2012 第 ", "7.2.1 7.2.2 7.2.5 7.3.1 7.3.2 7.3.3 7.3.4 7.3.5 7.3.5.4 7.2.1、7.2.2"),
    ];
    for rule in rules() {
        for (standard, clauses) in known {
            for rest in rule.why.0.split(standard).skip(1) {
                let clause = rest.split(" 条").next().unwrap_or("");
                assert!(clauses.split(' ').any(|known| known == clause), "{}: {standard}{clause}", rule.code);
            }
        }
    }
}
