//! Tests of what blocks are.

use super::*;

fn block(text: &str) -> RenderedBlock {
    let range = jiedu_base::text::TextRange::default();
    RenderedBlock { range, html: format!("<p>{text}</p>"), heading: None, text: text.to_owned() }
}

#[test]
fn headings_of_annexes() {
    let name = |text: &str| annex_name(&block(text)).unwrap_or_default();
    for (text, known) in [
        ("附件", "附件"),
        ("附件：", "附件"),
        ("附：", "附件"),
        ("附　件", "附件"),
        ("附件1", "附件1"),
        ("附件1：申请表", "附件1"),
        ("附件一 申请表", "附件一"),
        ("附件：1. 表", "附件"),
        ("附表", "附表"),
        ("附表：", "附表"),
        ("附表一：税目税额表", "附表一"),
        ("附表 税目税额表", "附表"),
        ("附录A", "附录A"),
        ("附录 术语", "附录"),
        ("附图1", "附图1"),
        ("附图：国旗制法图案", "附图"),
        ("【附件】", "附件"),
        ("附：国旗制法说明", "附件"),
    ] {
        assert_eq!(name(text), known, "{text}");
    }
    for text in [
        "附则",
        "附　则",
        "附件1所列材料应当齐全。",
        "附图中除必需的词语外，不应当含有其他注释。",
        "附表所列税目",
        "附带条件的，从其约定",
        "附近居民应当配合。",
        "附件、附图应当完整。",
        "附加税随主税征收",
    ] {
        assert_eq!(name(text), "", "{text}");
    }
}

#[test]
fn signatures_without_a_name_in_the_front_matter() {
    let roles = |texts: &[&str]| {
        let blocks: Vec<RenderedBlock> = texts.iter().map(|text| block(text)).collect();
        let roles = read_regions(&blocks, &PolicyMeta::default()).roles;
        roles.iter().map(|role| *role == Role::Close).collect::<Vec<_>>()
    };
    let (no, yes) = (false, true);
    assert_eq!(roles(&["第一条 甲。", "某市人民政府", "2025年6月29日"]), [no, yes, yes]);
    assert_eq!(roles(&["第一条 甲。", "甲　局", "乙　局", "二〇二五年六月二十九日"]), [no, yes, yes, yes]);
    assert_eq!(roles(&["第一条 甲。", "某市某局　2025年6月29日"]), [no, yes]);
    assert_eq!(roles(&["第一条 甲。", "市长　张三", "2025年6月29日"]), [no, yes, yes]);
    assert_eq!(roles(&["第一条 甲。", "某市人民政府办公室"]), [no, yes]);
    assert_eq!(roles(&["第一条 甲。", "某市人民政府办公室", "附件：表"])[..2], [no, yes]);
    assert_eq!(roles(&["第一条 甲：", "市人民政府", "第二条 乙。"]), [no, no, no]);
    assert_eq!(roles(&["第一条 甲。", "前款规定不适用。", "第二条 乙。"]), [no, no, no]);
    assert_eq!(roles(&["第一条 甲。", "有效期至2030年6月29日"]), [no, no]);
}
