//! Provisions and references as the program reads them from files.

use std::fmt::Write as _;

use serde_json::Value;

use crate::program::jiedu;

/// A statute of every level, its labels spelled by `spell`.
fn statute(spell: &dyn Fn(&str, &str) -> String) -> String {
    let mut text = String::from("# 某市停车管理条例\n\n2025年5月1日 某市人民代表大会常务委员会通过\n\n");
    let mut line = |label: &str, rest: &str| {
        // Text without a label is spelled as it is: a tab before it would make it code.
        let line = if label.is_empty() { rest.to_owned() } else { spell(label, rest) };
        let _ = write!(text, "{line}\n\n");
    };
    line("第一章", "总则");
    line("第一条", "为了规范停车秩序，制定本条例。");
    line("第二条", "中小企业的停车场，适用本条例。");
    line("第三条", "以下车辆优先停放：");
    line("（一）", "救护车；");
    line("（二）", "消防车。");
    line("", "前款规定的车辆免收费用。");
    line("第二章", "管理");
    line("", "第三条规定的车辆以外的车辆，按时收费。");
    line("第四条", "所有停车场应当公示价格。");
    line("第五条", "本条例自2025年7月1日起施行。");
    text
}

/// A name, and how a label and what follows it are written.
type Spelling = (&'static str, fn(&str, &str) -> String);

/// Anchor, label, parent and words of every provision.
fn provisions(text: &str) -> Vec<[String; 4]> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.md"), text).unwrap();
    let run =
        jiedu(folder.path(), &["outline", "a.md", "--format", "json"], b"").expect(0, &["jiedu.outline/1"]);
    let json = run.json();
    let all = json["files"][0]["provisions"].as_array().unwrap().clone();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    all.iter().map(|one| ["anchor", "label", "parent", "text"].map(|key| word(one, key))).collect()
}

#[test]
fn the_spelling_of_a_label_changes_nothing() {
    let plain = provisions(&statute(&|label, rest| format!("{label} {rest}")));
    let anchors: Vec<&str> = plain.iter().map(|one| one[0].as_str()).collect();
    assert_eq!(
        anchors,
        ["ch1", "art1", "art2", "art3", "art3-i1", "art3-i2", "art3-p2", "ch2", "art4", "art5"],
        "{plain:?}"
    );
    assert_eq!(plain[1][3], "为了规范停车秩序，制定本条例。");
    let spellings: [Spelling; 11] = [
        ("nothing", |label, rest| format!("{label}{rest}")),
        ("several", |label, rest| format!("{label}   {rest}")),
        ("wide", |label, rest| format!("{label}\u{3000}{rest}")),
        ("no break", |label, rest| format!("{label}\u{a0}{rest}")),
        ("tab", |label, rest| format!("{label}\t{rest}")),
        ("colon", |label, rest| format!("{label}{}{rest}", if label.starts_with('第') { "：" } else { "" })),
        ("bold", |label, rest| format!("**{label}** {rest}")),
        ("tight", |label, rest| format!("**{label}**{rest}")),
        ("ascii", |label, rest| format!("{} {rest}", label.replace('（', "(").replace('）', ")"))),
        ("invisible", |label, rest| format!("\u{200b}\u{feff}{label}{rest}")),
        ("above", |label, rest| format!("\u{200b}\n{label}{rest}")),
    ];
    for (name, spelling) in spellings {
        assert_eq!(provisions(&statute(&spelling)), plain, "{name}");
    }
}

#[test]
fn contents_and_annexes_belong_to_no_provision() {
    let text = statute(&|label, rest| format!("{label} {rest}"));
    let plain = provisions(&text);
    let (head, body) = text.split_once("第一章").unwrap();
    for contents in [
        "目　录\n\n第一章 总则\n\n第二章 管理",
        "## 目录\n\n## 第一章 总则\n\n## 第二章 管理",
        "目次\n\n- 第一章 总则\n- 第二章 管理",
        "目录\n\n第一章　总则　　第二章　管理",
        "目录 第一章 总则 第二章 管理",
        "**目录**\n\n第一章 总则……1\n\n第二章 管理……3",
        "第一章 总则\n\n第二章 管理",
    ] {
        assert_eq!(provisions(&format!("{head}{contents}\n\n第一章{body}")), plain, "{contents}");
    }
    for annex in [
        "附件\n\n收费表",
        "附：\n\n停车标志说明\n\n标志为蓝色。",
        "附表：\n\n|甲|乙|\n|-|-|\n|一|二|",
        "附录\n\n术语。",
        "附图：停车位",
        "某市人民代表大会常务委员会",
        "某市交通运输局　　某市公安局\n\n2025年6月29日",
    ] {
        assert_eq!(provisions(&format!("{text}{annex}\n")), plain, "{annex}");
    }
    // An annex that numbers its own keeps its numbers to itself.
    let annexed = provisions(&format!("{text}附件：收费办法\n\n第一条 甲。\n\n第二条 乙。\n"));
    assert_eq!(annexed[..plain.len()], plain);
    assert_eq!((annexed[10][0].as_str(), annexed[11][0].as_str()), ("art1_2", "art2_2"));
}

#[test]
fn amendments_quote_without_losing_their_own_numbers() {
    let anchors: Vec<[String; 4]> =
        provisions("# 关于修改《甲办法》的决定\n\n一、第三条修改为：\n\n第三条 甲。\n\n二、删去第四条。\n");
    let seen: Vec<(&str, &str)> = anchors.iter().map(|one| (one[0].as_str(), one[2].as_str())).collect();
    assert_eq!(seen, [("s1", "-"), ("art3", "s1"), ("s2", "-")]);
}

#[test]
fn references_are_told_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# 某办法\n\n第一条 按照第二条执行，罚则见第四十条。\n\n第二条 依照《甲法》第六条处罚。\n\n前款规定，该法第九条除外。\n";
    std::fs::write(folder.path().join("a.md"), text).unwrap();
    let run = jiedu(folder.path(), &["outline", "a.md", "--format", "json"], b"");
    let json = run.json();
    let references = json["files"][0]["references"].as_array().unwrap();
    let seen: Vec<String> = references
        .iter()
        .map(|one| {
            let part = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            format!(
                "{}:{} {} {} {} {}",
                one["line"],
                one["column"],
                part("text"),
                part("document"),
                part("target"),
                one["missing"]
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "3:7 第二条 - art2 false",
            "3:16 第四十条 - - true",
            "5:11 第六条 《甲法》 - false",
            "7:1 前款 - art2 false",
            "7:8 第九条 - - false",
        ]
    );
    jiedu(folder.path(), &["outline", "a.md"], b"").expect(0, &["第四十条", "#art2"]);
    jiedu(folder.path(), &["outline", "none.md"], b"").expect(2, &["none.md"]);
}

#[test]
fn characters_that_only_look_right() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        jiedu(folder.path(), &["check", "--text-only", name], b"")
    };
    let text = "# 某办法\n\n第一条 ⻄安市的⾦融机构，依照本辦法執行。\n\n第二条 丢了\u{fffd}字，多了\u{e001}字，转了\u{202e}向。\n";
    let run = check("a.md", text.as_bytes());
    assert_eq!(run.code, 1, "{}", run.out);
    for code in ["P118", "P119", "P116", "P117", "P115"] {
        assert!(run.out.contains(code), "no {code} in {}", run.out);
    }
    jiedu(folder.path(), &["fix", "--text-only", "a.md"], b"");
    let fixed = std::fs::read_to_string(folder.path().join("a.md")).unwrap();
    assert!(fixed.contains("西安市的金融机构，依照本办法执行"), "{fixed}");
    assert!(!fixed.contains('\u{202e}') && fixed.contains('\u{fffd}'), "{fixed}");
    // A name and a quotation stay as they are.
    let run = check("b.md", "# 某办法\n\n第一条 朱鎔基同志引用“依照本辦法執行”。\n".as_bytes());
    assert!(!run.out.contains("warning") && !run.out.contains("error"), "{}", run.out);
}

#[test]
fn encodings_are_put_right_by_fix() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# 某办法\n\n第一条 甲。\n";
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for (name, bytes) in [("bom.md", windows.into_bytes()), ("gbk.md", gbk)] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        jiedu(folder.path(), &["fix", "--text-only", name], b"").expect(0, &[name]);
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).unwrap(), text, "{name}");
    }
}
