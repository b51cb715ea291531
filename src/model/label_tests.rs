//! Tests of labels.

use super::*;

fn read(text: &str) -> Option<(LabelKind, u32, String, &str)> {
    read_label(text).map(|label| (label.kind, label.number, label.printed, label.rest))
}

/// What is read, in the order of a label's parts.
type Seen = (LabelKind, u32, String, &'static str);

fn seen(kind: LabelKind, number: u32, printed: &str, rest: &'static str) -> Seen {
    (kind, number, printed.to_owned(), rest)
}

#[test]
fn reads_the_labels_of_official_documents() {
    assert_eq!(read("一、推进"), Some(seen(LabelKind::Section, 1, "一、", "推进")));
    assert_eq!(read("（十六）推进"), Some(seen(LabelKind::Item, 16, "（十六）", "推进")));
    assert_eq!(read("(五)加强"), Some(seen(LabelKind::Item, 5, "（五）", "加强")));
    assert_eq!(read("1.加强"), Some(seen(LabelKind::Number, 1, "1.", "加强")));
    assert_eq!(read("12、加强"), Some(seen(LabelKind::Number, 12, "12.", "加强")));
    assert_eq!(read("（1）加强"), Some(seen(LabelKind::SubNumber, 1, "（1）", "加强")));
    assert_eq!(read("第二章　总则"), Some(seen(LabelKind::Chapter, 2, "第二章", "总则")));
    assert_eq!(read("第一分编　通则"), Some(seen(LabelKind::SubPart, 1, "第一分编", "通则")));
    assert_eq!(read("第一百二十三条 为了"), Some(seen(LabelKind::Article, 123, "第一百二十三条", "为了")));
    assert_eq!(read("第十条之一 为了"), Some(seen(LabelKind::Article, 10, "第十条之一", "为了")));
    assert_eq!(read("第3条 为了"), Some(seen(LabelKind::Article, 3, "第3条", "为了")));
    assert_eq!(read("第1000条 为了"), Some(seen(LabelKind::Article, 1000, "第1000条", "为了")));
    assert_eq!(read("第12345条 为了"), Some(seen(LabelKind::Article, 12_345, "第12345条", "为了")));
    assert_eq!(read("第9999条之10 为了"), Some(seen(LabelKind::Article, 9999, "第9999条之10", "为了")));
}

#[test]
fn spelling_does_not_matter() {
    for text in [
        "第十五条为了",
        "第十五条 为了",
        "第十五条　　为了",
        "第十五条\u{a0}为了",
        "第十五条\t为了",
        "第十五条：为了",
        "第十五条: 为了",
        "第十五 条为了",
        "第 十 五 条 为了",
        "\u{200b}第十五条 为了",
        "\u{feff}\u{feff} 第十五条为了",
        "第十\u{200b}五条为了",
        "\u{200b}\n第十五条为了",
        "第⼗五条为了",
        "第十五条、为了",
        "　　第十五条为了",
    ] {
        assert_eq!(read(text), Some(seen(LabelKind::Article, 15, "第十五条", "为了")), "{text}");
    }
    assert_eq!(read("第三條 為了"), Some(seen(LabelKind::Article, 3, "第三條", "為了")));
    assert_eq!(read("第３条为了"), Some(seen(LabelKind::Article, 3, "第3条", "为了")));
    assert_eq!(read("( 一 ）甲"), Some(seen(LabelKind::Item, 1, "（一）", "甲")));
    assert_eq!(read("\u{200b}## 第一章 总则"), Some(seen(LabelKind::Chapter, 1, "第一章", "总则")));
}

#[test]
fn what_only_looks_like_a_label_is_none() {
    for text in [
        "1.5亿元",
        "2025.6.29",
        "一、二级公路应当",
        "一方面",
        "（此件主动公开）",
        "第三款",
        "第100000条",
        "第0条",
        "2025、2026年",
        "（2025）",
        "第",
        "",
        "2025年",
        "（2025年）",
        "0.",
        "十",
        "（一）至（三）项所列人员，",
        "（四）、（五）项所列的情形",
        "（二）项规定的",
        "(一)项所列",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    assert!(read("（一）项目建设").is_some());
    assert!(read("（三）目标任务").is_some());
}

#[test]
fn words_that_a_unit_begins_are_no_labels_and_articles_may_begin_with_them() {
    for text in ["第一编辑室", "第二章程", "第三节课"] {
        assert_eq!(read(text), None, "{text}");
    }
    assert!(read("第八条制剂室应当整洁").is_some());
    assert!(read("第二十八条组织实施").is_some());
    assert!(read("第四章组织制度").is_some());
}

#[test]
fn citations_by_grammar() {
    for rest in [
        "规定的甲",
        "第二款",
        "第（一）项",
        "、第五条",
        "至第九条",
        "和第九条",
        "的规定",
        "所列",
        "（一）项所列",
        "中的“甲”",
    ] {
        assert!(cites_on(rest), "{rest}");
    }
    for rest in [
        "为了甲",
        "中小企业",
        "以甲为主",
        "和解协议",
        "所有单位",
        "至少一人",
        "及时公布",
        "（目的）为了",
        "第三方机构",
        "第一审法院",
    ] {
        assert!(!cites_on(rest), "{rest}");
    }
}

#[test]
fn one_figure_for_all() {
    let canonical = |text| read_label(text).map(|label| label.canonical()).unwrap_or_default();
    assert_eq!(canonical("第205条 甲"), "第二百零五条");
    assert_eq!(canonical("第二百〇五条 甲"), "第二百零五条");
    assert_eq!(canonical("第120条之一 甲"), "第一百二十条之一");
    assert_eq!(canonical("（五）甲"), "（五）");
}

#[test]
fn chinese_numbers() {
    for (written, value) in [
        ("一", 1),
        ("十", 10),
        ("十六", 16),
        ("二十", 20),
        ("九十九", 99),
        ("一百零三", 103),
        ("一千二百", 1200),
    ] {
        assert_eq!(han_number(written), Some(value), "{written}");
    }
    assert_eq!(han_number("零"), None);
    assert_eq!(han_number(""), None);
}
