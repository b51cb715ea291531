//! What becomes of provisions, on texts of every kind of change.

use super::*;
use jiedu_base::text::SourceFile;
use jiedu_model::read_loose;

fn document(text: &str) -> PolicyDocument {
    read_loose(&SourceFile::new("a.md", text))
}

/// `kind old→new +inserted −deleted`, all that is not the same.
fn said(old: &str, new: &str) -> Vec<String> {
    let redline = compare(&document(old), &document(new));
    let all = pairs(&redline);
    for (text, side) in [(old, 0), (new, 1)] {
        let mut anchors: Vec<String> =
            all.iter().flat_map(|pair| if side == 0 { &pair.old } else { &pair.new }).cloned().collect();
        let mut known: Vec<String> =
            document(text).provisions.iter().map(|provision| provision.anchor.clone()).collect();
        anchors.sort();
        known.sort();
        assert_eq!(anchors, known, "every provision in exactly one pair");
    }
    let line = |pair: &Pair| {
        format!(
            "{} {}→{} +{} −{}",
            pair.kind,
            pair.old.join(","),
            pair.new.join(","),
            pair.inserted,
            pair.deleted
        )
    };
    all.iter().filter(|pair| pair.kind != "same").map(line).collect()
}

const LONG: [&str; 6] = [
    "为了加强停车管理，规范停车秩序，制定本办法。",
    "停车场应当在入口处公示收费标准和监督电话。",
    "经营者应当按月向主管部门报送停车泊位使用数据。",
    "残疾人专用车位应当设置明显标志，任何人不得占用。",
    "新能源汽车充电时免收两小时停车费用。",
    "群众可以拨打服务热线投诉，主管部门五日内答复。",
];

fn articles(texts: &[&str]) -> String {
    let figures = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let lines = texts.iter().zip(figures).map(|(text, figure)| format!("第{figure}条 {text}\n\n"));
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn a_paragraph_cut_in_three_lost_nothing() {
    let old = articles(&[LONG[0], &LONG[1..4].concat(), LONG[5]]);
    let new = articles(&[LONG[0], &LONG[1..4].join("\n\n"), LONG[5]]);
    assert_eq!(said(&old, &new), ["split art2→art2,art2-p2,art2-p3 +0 −0"]);
    assert_eq!(said(&new, &old), ["merged art2,art2-p2,art2-p3→art2 +0 −0"]);
}

#[test]
fn articles_are_merged_and_split() {
    let old = articles(&LONG);
    let together = format!("{}{}", LONG[1], LONG[2]);
    let new = articles(&[LONG[0], &together, LONG[3], LONG[4], LONG[5]]);
    let renumbered =
        ["renumbered art4→art3 +0 −0", "renumbered art5→art4 +0 −0", "renumbered art6→art5 +0 −0"];
    assert_eq!(said(&old, &new)[0], "merged art2,art3→art2 +0 −0");
    assert_eq!(said(&old, &new)[1..], renumbered);
    assert_eq!(said(&new, &old)[0], "split art2→art2,art3 +0 −0");
    let paragraphs = format!("{}\n\n{}", LONG[1], LONG[2]);
    let new = articles(&[LONG[0], &paragraphs, LONG[3], LONG[4], LONG[5]]);
    assert_eq!(said(&old, &new)[0], "merged art2,art3→art2,art2-p2 +0 −0");
    assert_eq!(said(&new, &old)[0], "split art2,art2-p2→art2,art3 +0 −0");
}

#[test]
fn an_opening_line_stays_with_its_items() {
    let text = |first: &str, second: &str| {
        format!(
            "第一条 依照《甲法》第{first}条规定处罚的，按照下列规定执行：\n\n（一）责令停止施工并限期改正；\n\n（二）处三万元罚款。\n\n第二条 依照《甲法》第{second}条规定处罚的，按照下列规定执行：\n\n（一）没收违法所得；\n\n（二）吊销许可证件。\n"
        )
    };
    let changed = ["changed art1→art1 +2 −2", "changed art2→art2 +2 −2"];
    let found = said(&text("三十", "五十二"), &text("五十二", "八十九"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found.iter().zip(changed).all(|(found, known)| found.starts_with(known.split(" +").next().unwrap())),
        "{found:?}"
    );
}

#[test]
fn insertions_deletions_and_moves() {
    let old = articles(&LONG);
    let mut texts = LONG.to_vec();
    texts.insert(2, "智慧停车平台应当实时发布空余泊位信息。");
    let found = said(&old, &articles(&texts));
    assert_eq!(found[0], "inserted →art3 +19 −0");
    assert!(found[1..].iter().all(|line| line.starts_with("renumbered")), "{found:?}");
    let found = said(&articles(&texts), &old);
    assert_eq!(found[0], "deleted art3→ +0 −19");
    let mut texts = LONG.to_vec();
    texts.swap(1, 4);
    let found = said(&old, &articles(&texts));
    assert_eq!(found.iter().filter(|line| line.starts_with("moved")).count(), 2, "{found:?}");
    assert!(found.iter().all(|line| line.ends_with("+0 −0")), "{found:?}");
}

#[test]
fn the_first_paragraph_became_the_second() {
    let old = articles(&[LONG[0], LONG[1], LONG[2]]);
    let new = articles(&[LONG[0], &format!("{}\n\n{}", LONG[4], LONG[1]), LONG[2]]);
    assert_eq!(said(&old, &new), ["inserted →art2 +18 −0", "renumbered art2→art2-p2 +0 −0"]);
    let redline = compare(&document(&old), &document(&new));
    assert_eq!(redline.whole, [Some(0), Some(1), None, Some(2)], "the article is still the article");
}

#[test]
fn spellings_of_a_label_change_nothing() {
    let old = articles(&LONG);
    for blank in ["　", "\u{a0}", "  ", "\t"] {
        let new = old.replace("条 ", &format!("条{blank}"));
        assert!(said(&old, &new).is_empty(), "{blank:?}: {:?}", said(&old, &new));
    }
    assert!(said(&old, &old.replace('\n', "\n\n")).is_empty());
}

#[test]
fn a_clause_that_changed_places_inside_a_sentence_is_marked() {
    let old = "经营者应当按月报送停车泊位使用数据，并且在入口处公示收费标准。";
    let new = "经营者应当在入口处公示收费标准，并且按月报送停车泊位使用数据。";
    let diff = diff_text(old, new);
    assert_eq!(diff.apply(old).as_deref(), Some(new));
    let moved = |kind| diff.spans.iter().filter(|span| span.kind == kind).count();
    assert_eq!((moved(SpanKind::MovedAway), moved(SpanKind::MovedHere)), (1, 1), "{:?}", diff.spans);
}

#[test]
fn unrelated_items_are_not_paired_by_their_number() {
    let text = |items: [&str; 2]| {
        format!("第一条 申请人应当提交下列材料：\n\n（一）{}\n\n（二）{}\n", items[0], items[1])
    };
    let found = said(&text(["身份证复印件；", "营业执照。"]), &text(["近期彩色照片；", "无犯罪证明。"]));
    assert!(found.iter().all(|line| !line.starts_with("changed")), "{found:?}");
}

#[test]
fn odd_texts_end_quickly_and_add_up() {
    let labels = |count: usize| (1..=count).map(|at| format!("第{at}条\n\n")).collect::<Vec<_>>().concat();
    assert!(said(&labels(300), &labels(300)).is_empty());
    assert_eq!(said(&labels(300), &labels(200)).len(), 100);
    let words = |from: u32| {
        (0..200_u32)
            .map(|at| {
                let word: String =
                    (0..9).filter_map(|n| char::from_u32(0x4e00 + from + at * 9 + n)).collect();
                format!("第{}条 {word}\n\n", at + 1)
            })
            .collect::<Vec<_>>()
            .concat()
    };
    let found = said(&words(0), &words(5000));
    assert_eq!(found.len(), 400, "nothing in common");
    assert!(said("", "").is_empty());
}
