//! Laws of provisions, over generated outlines.

use proptest::prelude::*;

use super::tests::parse_policy;

/// Paragraphs of an outline, well numbered or not.
fn outline() -> impl Strategy<Value = String> {
    let number = || prop::sample::select(vec!["一", "二", "三", "十", "十一", "二十"]);
    let paragraph = prop_oneof![
        number().prop_map(|n| format!("{n}、甲")),
        number().prop_map(|n| format!("## {n}、乙")),
        number().prop_map(|n| format!("（{n}）丙。丁。")),
        number().prop_map(|n| format!("第{n}章 戊")),
        number().prop_map(|n| format!("第{n}条 己：")),
        number().prop_map(|n| format!("第{n}条规定的庚")),
        (1_u8..4).prop_map(|n| format!("{n}. 辛")),
        (1_u8..4).prop_map(|n| format!("（{n}）壬")),
        Just("癸".to_owned()),
        Just("# 附文".to_owned()),
        Just("某局".to_owned()),
        Just("2025年6月29日".to_owned()),
        Just("附件：1. 表".to_owned()),
        Just("|甲|\n|-|\n|乙|".to_owned()),
        "[（一二）、。第条章1.\u{4e00}-\u{4e08}]{1,8}",
    ];
    prop::collection::vec(paragraph, 0..40).prop_map(|paragraphs| paragraphs.join("\n\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn provisions_form_a_tree_with_unique_anchors(body in outline()) {
        let policy = parse_policy(&body);
        let mut anchors = std::collections::BTreeSet::new();
        for (index, provision) in policy.provisions.iter().enumerate() {
            prop_assert!(anchors.insert(&provision.anchor), "{} twice", provision.anchor);
            prop_assert!(provision.anchor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
            prop_assert!(provision.blocks.end <= policy.blocks.len() && !provision.blocks.is_empty());
            prop_assert!(policy.file.text().get(provision.range.start..provision.range.end).is_some());
            prop_assert!(!provision.reference.is_empty());
            let above = provision.parent.map_or(0, |parent| policy.provisions[parent].depth);
            prop_assert!(provision.parent.is_none_or(|parent| parent < index));
            prop_assert_eq!(provision.depth, above + 1);
        }
        for pair in policy.provisions.windows(2) {
            prop_assert!(pair[0].blocks.end <= pair[1].blocks.start);
        }
    }
}
