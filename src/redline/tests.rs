//! Laws and examples of the redline.

use proptest::prelude::*;

use super::*;

fn provision(anchor: &str, label: &str, heading: &str, rest: &str) -> Passage {
    Passage {
        anchor: Some(anchor.into()),
        label: label.into(),
        reference: label.into(),
        heading: heading.into(),
        depth: 1,
        text: format!("{label}{heading}{rest}"),
    }
}

fn kinds(redline: &Redline) -> Vec<(Change, bool, bool, bool)> {
    redline.entries.iter().map(|e| (e.change, e.moved, e.renumbered, e.reworded)).collect()
}

const A: &str = "。各单位应当在政策文件印发后及时组织解读，同步发布解读材料。";
const B: &str = "。主要负责人是政策解读的第一责任人，应当带头宣讲政策。";
const C: &str = "。解读材料应当经过三审三校，未经审核不得发布。";

#[test]
fn an_inserted_provision_renumbers_but_does_not_reword_the_rest() {
    let old = [provision("s1", "（一）", "及时解读", A), provision("s2", "（二）", "明确责任", B)];
    let new = [
        provision("s1", "（一）", "及时解读", A),
        provision("s2", "（二）", "严格审核", C),
        provision("s3", "（三）", "明确责任", B),
    ];
    let redline = compare_passages(&old, &new);
    assert_eq!(
        kinds(&redline),
        [
            (Change::Same, false, false, false),
            (Change::Inserted, false, false, false),
            (Change::Changed, false, true, false)
        ]
    );
    assert_eq!(redline.counts.renumbered, 1);
    assert_eq!(redline.counts.reworded, 0);
    let spans = &redline.entries[2].text.spans;
    assert_eq!((spans[0].kind, spans[0].text.as_str()), (SpanKind::Delete, "（二）"));
    assert_eq!((spans[1].kind, spans[1].text.as_str()), (SpanKind::Insert, "（三）"));
}

#[test]
fn a_moved_provision_is_not_a_deletion_and_an_insertion() {
    let old =
        [provision("s1", "一、", "", A), provision("s2", "二、", "", B), provision("s3", "三、", "", C)];
    let new =
        [provision("s1", "一、", "", C), provision("s2", "二、", "", A), provision("s3", "三、", "", B)];
    let redline = compare_passages(&old, &new);
    assert_eq!((redline.counts.moved, redline.counts.inserted, redline.counts.deleted), (1, 0, 0));
    assert!(redline.entries.iter().any(|entry| entry.change == Change::MovedAway));
}

#[test]
fn a_reworded_provision_shows_only_the_words_that_changed() {
    let old = provision("s1", "一、", "解读时限", "。在20个工作日内完成。");
    let new = provision("s1", "一、", "解读时限", "。在30个工作日内完成。");
    let redline = compare_passages(&[old], &[new]);
    let entry = &redline.entries[0];
    assert!(entry.reworded && !entry.renumbered && !entry.moved);
    let changed: Vec<&str> =
        entry.text.spans.iter().filter(|s| s.kind != SpanKind::Equal).map(|s| s.text.as_str()).collect();
    assert_eq!(changed, ["20", "30"]);
}

#[test]
fn an_unrelated_text_under_the_same_number_is_a_replacement_of_the_provision() {
    let old = [provision("s1", "一、", "", A)];
    let new = [provision("s1", "一、", "", "国家机关办公楼采暖系统改造经费由财政统筹安排，分年度拨付到位。")];
    let redline = compare_passages(&old, &new);
    assert_eq!((redline.counts.inserted, redline.counts.deleted), (1, 1));
}

#[test]
fn short_shared_characters_do_not_shred_a_rewritten_sentence() {
    let diff = diff_text("由办公室牵头组织实施。", "责任单位为政务公开科。");
    assert!(diff.spans.len() <= 4, "{:?}", diff.spans);
}

#[test]
fn the_numbers_of_a_date_change_one_by_one() {
    let diff = diff_text("2025年9月22日", "2026年2月22日");
    let changed: Vec<&str> =
        diff.spans.iter().filter(|s| s.kind != SpanKind::Equal).map(|s| s.text.as_str()).collect();
    assert_eq!(changed, ["2025", "2026", "9", "2"]);
    let old = ["示例市交通运输局", "2025年9月22日", "（此件公开发布）"].map(Passage::paragraph);
    let new = ["示例市交通运输局", "2026年2月25日", "（此件公开发布）"].map(Passage::paragraph);
    assert_eq!(compare_passages(&old, &new).counts.reworded, 1);
}

#[test]
fn hostile_lengths_end_quickly() {
    let old: String = (0..60_000).map(|i| char::from_u32(0x4e00 + i * 7 % 20_000).unwrap()).collect();
    let new: String = old.chars().rev().collect();
    let diff = diff_text(&old, &new);
    assert_eq!(diff.apply(&old).as_deref(), Some(new.as_str()));
    let same = "（一）。".repeat(30_000);
    let other = "（二）。".repeat(30_000);
    assert_eq!(diff_text(&same, &other).new_text(), other);
    let many: Vec<Passage> =
        (0..20_000).map(|i| Passage::paragraph(&format!("第{i}段文字相同之处甚多"))).collect();
    let mut shuffled = many.clone();
    shuffled.reverse();
    assert_eq!(compare_passages(&many, &shuffled).counts.deleted, 0);
}

#[test]
fn the_terminal_says_the_same_without_colour() {
    let old = [provision("s1", "一、", "", A), provision("s2", "二、", "", B)];
    let new = [
        provision("s1", "一、", "", A),
        provision("s2", "二、", "", "。主要负责人是第一责任人，应当带头宣讲政策。"),
    ];
    let redline = compare_passages(&old, &new);
    let options = terminal::Options { color: false, lang: jiedu_base::text::Lang::Zh, context: 0 };
    insta::assert_snapshot!(terminal::render(&redline, options), @r"
    拆分0处，合并0处，新增0处，删去0处，修改1处，移动0处，仅改编号0处（增0字，删5字）
      ……（未改动1处，略）
    ~ [文字修改]
    ~ 二、。主要负责人是[-政策解读的-]第一责任人，应当带头宣讲政策。
    ");
}

#[test]
fn lines_are_paired_when_their_number_is_the_same() {
    let diff = compare_texts("甲\n乙一\n丙\n", "甲\n乙二\n丙\n丁\n");
    let marks: Vec<_> = diff.lines.iter().map(|l| (l.old_line, l.new_line, l.text.is_equal())).collect();
    assert_eq!(
        marks,
        [
            (Some(1), Some(1), true),
            (Some(2), Some(2), false),
            (Some(3), Some(3), true),
            (None, Some(4), false)
        ]
    );
    assert!(compare_texts("甲\n", "甲\n").is_empty());
}

fn text() -> impl Strategy<Value = String> {
    "[一二三政策解读，。0-9a-z\n 🇨🇳e\u{301}]{0,40}"
}

fn passage() -> impl Strategy<Value = Passage> {
    let labels = prop::sample::select(vec!["", "一、", "（二）", "第三条"]);
    (labels, prop::sample::select(vec!["", "总体要求", "组织领导"]), text(), any::<bool>()).prop_map(
        |(label, heading, text, provision)| Passage {
            anchor: provision.then(|| format!("s{}", label.len())),
            label: label.into(),
            reference: label.into(),
            heading: heading.into(),
            depth: u8::from(provision),
            text: format!("{label}{heading}{text}"),
        },
    )
}

proptest! {
    #[test]
    fn a_text_difference_applies(old in text(), new in text()) {
        let diff = diff_text(&old, &new);
        prop_assert_eq!(diff.apply(&old), Some(new.clone()));
        prop_assert_eq!(diff.old(), old.clone());
        prop_assert_eq!(diff.new_text(), new.clone());
        prop_assert!(diff.spans.iter().all(|span| !span.text.is_empty()));
        prop_assert!(diff.spans.windows(2).all(|pair| pair[0].kind != pair[1].kind));
        prop_assert_eq!(diff.is_equal(), old == new);
    }

    #[test]
    fn a_redline_applies(old in prop::collection::vec(passage(), 0..12), new in prop::collection::vec(passage(), 0..12)) {
        let redline = compare_passages(&old, &new);
        let texts: Vec<String> = new.iter().map(|p| p.text.clone()).collect();
        prop_assert_eq!(redline.apply(&old), Some(texts));
        let mut olds: Vec<usize> = redline.entries.iter().filter(|e| e.change != Change::MovedAway).filter_map(|e| e.old).collect();
        olds.sort_unstable();
        prop_assert_eq!(olds, (0..old.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_document_does_not_differ_from_itself(old in prop::collection::vec(passage(), 0..12)) {
        let redline = compare_passages(&old, &old);
        prop_assert!(redline.is_empty());
        prop_assert_eq!(redline.counts.same, old.len());
    }

    #[test]
    fn a_shuffle_is_only_moves(old in prop::collection::vec("[政策解读公开]{20,30}", 1..8).prop_shuffle()) {
        let before: Vec<Passage> = old.iter().map(|t| Passage::paragraph(t)).collect();
        let after: Vec<Passage> = before.iter().rev().cloned().collect();
        let counts = compare_passages(&before, &after).counts;
        prop_assert_eq!((counts.inserted, counts.deleted, counts.reworded), (0, 0, 0));
    }
}

/// An edition of the sample content.
fn sample(path: &str) -> PolicyDocument {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/");
    let settings = std::fs::read_to_string(format!("{root}repository/site.toml")).unwrap();
    let config = jiedu_config::Config::parse(&jiedu_base::text::SourceFile::new("site.toml", &settings))
        .value
        .unwrap();
    let bytes = std::fs::read(format!("{root}{path}")).unwrap();
    let digest = jiedu_base::name::Digest::of(&bytes);
    let file = jiedu_base::files::SetFile { path: "policy.md".into(), digest, bytes: bytes.into() };
    let files = jiedu_base::files::SetFiles { files: vec![file], faults: Vec::new() };
    let id = jiedu_base::name::SetId::parse("2025/gongjiao-youhui").unwrap();
    jiedu_model::parse_set(&id, &files, &config).value.policy.clone().unwrap()
}

#[test]
fn the_sample_editions_are_told_apart_article_by_article() {
    let old = sample("editions/2025/gongjiao-youhui/2/policy.md");
    let new = sample("policies/2025/gongjiao-youhui/policy.md");
    let redline = compare(&old, &new);
    let inserted: Vec<&str> = redline
        .entries
        .iter()
        .filter(|entry| entry.change == Change::Inserted)
        .filter_map(|entry| entry.passage().map(|passage| passage.label.as_str()))
        .collect();
    assert_eq!(inserted, ["第六条"]);
    assert_eq!((redline.counts.deleted, redline.counts.moved), (0, 0));
    assert!(redline.counts.renumbered >= 4, "{:?}", redline.counts);
    assert!(redline.fields.iter().any(|field| field.name.en == "Document number"));
    let texts: Vec<String> = passages(&new).into_iter().map(|passage| passage.text).collect();
    assert_eq!(redline.apply(&passages(&old)), Some(texts));
    assert!(compare(&new, &new).is_empty());
}
