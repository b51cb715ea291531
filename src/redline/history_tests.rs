//! Provisions through many editions, and comparisons of large documents.

use std::fmt::Write as _;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::SourceFile;
use jiedu_config::Config;
use jiedu_model::{PolicyDocument, parse_set};

fn document(body: &str) -> PolicyDocument {
    let text = format!(
        "---\n标题: 示例办法\n发文机关: 某局\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n---\n\n{body}"
    );
    let config = "[site]\nname = 'a'\nbase_url = 'https://a.example/'\n[office]\nname = 'b'\nuscc = '113701000041890072'\n";
    let config = Config::parse(&SourceFile::new("site.toml", config)).value.unwrap();
    let file = SetFile {
        path: "policy.md".into(),
        bytes: text.as_bytes().into(),
        digest: Digest::of(text.as_bytes()),
    };
    let files = SetFiles { files: vec![file], faults: Vec::new() };
    parse_set(&SetId::parse("2025/a").unwrap(), &files, &config).value.policy.unwrap()
}

const HAN: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// Chapters of articles, numbered through; each item is (chapter, articles).
fn statute(chapters: &[(&str, &[&str])]) -> PolicyDocument {
    let (mut body, mut article) = (String::new(), 0);
    for (number, (title, articles)) in chapters.iter().enumerate() {
        let _ = write!(body, "## 第{}章 {title}\n\n", HAN[number]);
        for text in *articles {
            let _ = write!(body, "第{}条 {text}\n\n", HAN[article]);
            article += 1;
        }
    }
    document(&body)
}

const SCOPE: &str = "本办法适用于本市市区的停放管理。";
const DUTY: &str = "运营企业承担停放秩序管理的主体责任。";
const STAFF: &str = "运营企业应当按照每100辆车不少于1人配备人员。";
const CLEAN: &str = "接到违规停放的通知后，应当在2小时内清理。";
const SPEED: &str = "接到违规停放的通知后，应当在1小时内清理。";
const FORCE: &str = "本办法自2026年7月1日起施行。";

#[test]
fn a_whole_chapter_that_is_renumbered_is_not_a_change_of_text() {
    let old = statute(&[("总则", &[SCOPE]), ("管理", &[DUTY, STAFF, CLEAN]), ("附则", &[FORCE])]);
    let new = statute(&[
        ("总则", &[SCOPE]),
        ("规划", &["停放点由市交通运输局会同有关部门统一规划。"]),
        ("管理", &[DUTY, STAFF, CLEAN]),
        ("附则", &[FORCE]),
    ]);
    let redline = compare(&old, &new);
    let counts = redline.counts;
    // 第二章 → 第三章 with its three articles, 第三章 → 第四章 with its one.
    assert_eq!((counts.inserted, counts.renumbered), (2, 6), "{counts:?}");
    assert_eq!((counts.reworded, counts.moved, counts.deleted), (0, 0, 0));
}

#[test]
fn swapped_provisions_are_a_move_of_one() {
    let old = statute(&[("总则", &[SCOPE, DUTY, STAFF, CLEAN, FORCE])]);
    let new = statute(&[("总则", &[SCOPE, STAFF, DUTY, CLEAN, FORCE])]);
    let redline = compare(&old, &new);
    let counts = redline.counts;
    assert_eq!((counts.moved, counts.renumbered, counts.reworded), (1, 1, 0), "{counts:?}");
    assert_eq!((counts.inserted, counts.deleted), (0, 0));
}

#[test]
fn a_provision_is_followed_through_every_edition() {
    let editions = [
        statute(&[("总则", &[SCOPE, DUTY, CLEAN, FORCE])]),
        statute(&[("总则", &[SCOPE, DUTY, STAFF, SPEED, FORCE])]),
        statute(&[("总则", &[SCOPE, STAFF, SPEED, FORCE])]),
    ];
    let numbered: Vec<(u32, &PolicyDocument)> = (1..).zip(&editions).collect();
    let lines = history(&numbered);
    let told: Vec<(Option<&str>, u32, Vec<String>)> = lines
        .iter()
        .map(|line| {
            let events = line.events.iter().map(|event| {
                let mut marks = String::new();
                for (is, mark) in
                    [(event.inserted, "+"), (event.deleted, "-"), (event.reworded, "~"), (event.moved, "@")]
                {
                    marks.push_str(if is { mark } else { "" });
                }
                let label = event.renumbered.as_ref().map(|(old, new)| format!("{old}→{new}"));
                format!("{}:{marks}{}", event.to, label.unwrap_or_default())
            });
            (line.anchor.as_deref(), line.since, events.collect())
        })
        .collect();
    let expected: [(Option<&str>, u32, &[&str]); 6] = [
        (Some("ch1"), 1, &[]),
        (Some("art1"), 1, &[]),
        (Some("art2"), 2, &["2:+", "3:第三条→第二条"]),
        (Some("art3"), 1, &["2:~第三条→第四条", "3:第四条→第三条"]),
        (Some("art4"), 1, &["2:第四条→第五条", "3:第五条→第四条"]),
        (None, 1, &["3:-"]),
    ];
    let expected: Vec<(Option<&str>, u32, Vec<String>)> = expected
        .iter()
        .map(|(anchor, since, events)| (*anchor, *since, events.iter().map(|e| (*e).to_owned()).collect()))
        .collect();
    assert_eq!(told, expected);
    assert_eq!(lines[5].name, "第二条");
    // Every event leads to its entry in the redline of its two editions.
    let redline = compare(&editions[0], &editions[1]);
    let event = &lines[3].events[0];
    assert!(redline.entries[event.entry].reworded);
    assert_eq!(history(&numbered[..1]).iter().map(|line| line.events.len()).sum::<usize>(), 0);
    assert_eq!(history(&[]), []);
}

/// Ten thousand provisions: edited here and there, all reworded, all replaced.
/// The work is bounded by the size of the texts, whatever they hold.
#[test]
fn ten_thousand_provisions() {
    let passage = |at: usize, text: String| Passage {
        anchor: Some(format!("art{at}")),
        label: format!("第{at}条"),
        reference: format!("第{at}条"),
        heading: String::new(),
        depth: 1,
        text: format!("第{at}条{text}"),
    };
    let word = |seed: usize| -> String {
        let mut state = seed.wrapping_mul(0x9e37_79b9) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from_u32(0x4e00 + u32::try_from(state % 6000).unwrap()).unwrap()
        };
        (0..24).map(|_| next()).collect()
    };
    let old: Vec<Passage> = (1..=10_000).map(|at| passage(at, word(at))).collect();
    // One new provision in front: everything else is only renumbered.
    let mut shifted = vec![passage(1, word(70_001))];
    shifted.extend((1..=10_000).map(|at| passage(at + 1, word(at))));
    let counts = compare_passages(&old, &shifted).counts;
    assert_eq!((counts.inserted, counts.renumbered, counts.deleted), (1, 10_000, 0));
    let reworded: Vec<Passage> = (1..=10_000)
        .map(|at| passage(at, word(at).chars().take(20).chain("有修改".chars()).collect()))
        .collect();
    let counts = compare_passages(&old, &reworded).counts;
    assert_eq!((counts.reworded, counts.inserted, counts.moved), (10_000, 0, 0));
    let replaced: Vec<Passage> = (1..=10_000).map(|at| passage(at, word(at + 20_000))).collect();
    let counts = compare_passages(&old, &replaced).counts;
    assert_eq!((counts.inserted, counts.deleted), (10_000, 10_000));
}
