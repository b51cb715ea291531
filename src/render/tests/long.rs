//! Policies that are too long for one page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::html_check::Parsed;
use super::{is_kind, json, page, pages, tree};
use jiedu_site::fixtures::{Sample, published};

/// A statute of many articles, in chapters.
fn statute(articles: usize) -> String {
    let mut text = String::from(
        "---\n标题: 长条例\n发文机关: 示例市交通运输局\n发文字号: 示交规〔2025〕7号\n主题分类: 综合政务_其他\n成文日期: 2025-01-01\n发布日期: 2025-01-02\n---\n\n",
    );
    for n in 1..=articles {
        if n % 20 == 1 {
            let _ = write!(text, "# 第{}章　规定\n\n", n / 20 + 1);
        }
        let _ = write!(
            text,
            "第{n}条　本条例第{n}条这样规定，有关部门应当依照职责分工办理，{}见[上一条](clause:第{}条)。\n\n本条第二款另有规定。\n\n（一）第一项；\n\n（二）第二项。\n\n",
            "同时做好监督检查和信息公开，".repeat(8),
            n.saturating_sub(1).max(1),
        );
    }
    text
}

#[test]
fn a_long_policy_is_split_and_every_anchor_resolves() {
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/long", &[&[("policy.md", &statute(400))]]));
    let tree = tree(&sample);
    let folder = "policies/2025/long/";
    assert!(tree.files.contains_key(&format!("{folder}part-2.html")));
    let index = Parsed::of(page(&tree, &format!("{folder}index.html")));
    let links: BTreeSet<(&str, &str)> =
        index.elements.iter().filter_map(|e| Some((e.get("id")?, e.get("href")?))).collect();
    let hidden = index.elements.iter().filter_map(|e| e.get("data-ids")).flat_map(|ids| ids.split(' '));
    let ids: BTreeSet<&str> = index.elements.iter().filter_map(|e| e.get("id")).chain(hidden).collect();
    // Chapters and articles are named; what is below them lends its anchor alone,
    // except where a part begins with it.
    let contents = page(&tree, &format!("{folder}index.html"));
    assert!(contents.contains("class=\"ch\"") && contents.contains("第4条</a>"));
    let parts = tree.files.keys().filter(|path| path.starts_with(&format!("{folder}part-"))).count();
    assert!(contents.matches("项</a>").count() + contents.matches("款</a>").count() <= 3 * parts);
    let whole = Parsed::of(page(&tree, &format!("{folder}whole.html")));
    let set = json(&tree, &format!("{folder}set.json"));
    let provisions = set["provisions"].as_array().unwrap();
    assert!(provisions.len() > 1_000);
    for provision in provisions {
        let anchor = provision["anchor"].as_str().unwrap();
        assert!(ids.contains(anchor), "{anchor} on the contents page");
        assert!(whole.elements.iter().any(|e| e.get("id") == Some(anchor)), "{anchor} in the whole text");
    }
    for (id, href) in links.iter().filter(|(_, href)| href.starts_with("part-")) {
        let (file, fragment) = href.split_once('#').unwrap();
        assert_eq!(*id, fragment);
        let part = page(&tree, &format!("{folder}{file}"));
        assert!(part.contains(&format!("id=\"{id}\"")), "{href}");
    }
    // Nothing is lost between the parts, and nothing stands twice.
    let mut articles = Vec::new();
    for n in 1.. {
        let Some(bytes) = tree.files.get(&format!("{folder}part-{n}.html")) else { break };
        let parsed = Parsed::of(std::str::from_utf8(bytes).unwrap());
        let ids = parsed.elements.iter().filter_map(|e| e.get("id")).filter(|id| id.starts_with("art"));
        articles.extend(ids.map(str::to_owned));
    }
    let expected: Vec<&str> =
        whole.elements.iter().filter_map(|e| e.get("id")).filter(|id| id.starts_with("art")).collect();
    assert_eq!(articles, expected);
    for (path, parsed) in pages(&tree) {
        assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn the_pages_of_a_long_policy_keep_their_budget() {
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/long", &[&[("policy.md", &statute(300))]]));
    let tree = tree(&sample);
    assert!(tree.files.contains_key("policies/2025/long/part-2.html"));
    within_budget(&tree);
}

/// A comparison over the limit is split like a text; anchors and links hold.
#[test]
fn a_long_comparison_is_split_and_every_anchor_resolves() {
    let mut sample = Sample::empty();
    let new = statute(200).replace("依照职责分工办理", "按照各自的职责及时办理").replace("[^1]", "");
    sample.sets.push(published("2025/long", &[&[("policy.md", &statute(200))], &[("policy.md", &new)]]));
    let tree = tree(&sample);
    let folder = "policies/2025/long/compare/1-2/";
    let index = page(&tree, &format!("{folder}index.html"));
    assert!(index.len() < 120_000 && index.contains("改动较多"), "{} bytes", index.len());
    let twin = json(&tree, &format!("{folder}index.json"));
    let changes = twin["changes"].as_array().unwrap();
    assert!(changes.len() >= 200);
    for change in changes {
        let id = change["id"].as_str().unwrap();
        let link = index.split(&format!("id=\"{id}\" data-go href=\"")).nth(1);
        let href = link.and_then(|rest| rest.split('"').next()).unwrap_or_else(|| panic!("{id}"));
        let (file, fragment) = href.split_once('#').unwrap();
        assert_eq!(fragment, id);
        let part = page(&tree, &format!("{folder}{file}"));
        assert!(part.contains(&format!("class=\"drow\" id=\"{id}\"")) && part.len() < 120_000, "{href}");
    }
    let first = page(&tree, &format!("{folder}part-1.html"));
    assert!(first.contains("href=\"part-2.html#d") && first.contains("data-pref=\"diff\""));
    assert!(page(&tree, &format!("{folder}whole.html")).contains("class=\"drow\""));
    for (path, parsed) in pages(&tree) {
        assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
    }
}

/// A number up to 9,999 as articles are numbered.
fn chinese(n: usize) -> String {
    let digits: Vec<usize> = n.to_string().bytes().map(|digit| usize::from(digit - b'0')).collect();
    let mut text = String::new();
    for (at, digit) in digits.iter().enumerate() {
        let unit = ["", "十", "百", "千"][digits.len() - 1 - at];
        if *digit > 0 {
            text.push("零一二三四五六七八九".chars().nth(*digit).unwrap());
            text.push_str(unit);
        } else if !text.ends_with('零') {
            text.push('零');
        }
    }
    let text = text.trim_end_matches('零');
    text.strip_prefix("一十").map_or_else(|| text.to_owned(), |rest| format!("十{rest}"))
}

/// 3,000 provisions, in chapters or all of one level, explained and cited from
/// elsewhere: every page keeps the budget and every link arrives.
#[test]
fn a_policy_of_three_thousand_provisions_keeps_the_budget() {
    let flat: String = (1..=3_000).fold(String::new(), |mut text, n| {
        let _ = write!(
            text,
            "第{}条　本条规定第{n}件事，由有关部门按照职责办理，见[首条](clause:第一条)。\n\n",
            chinese(n)
        );
        text
    });
    let flat = format!(
        "---\n标题: 平铺规定\n发文机关: 示例市交通运输局\n成文日期: 2025-01-01\n发布日期: 2025-01-02\n---\n\n{flat}"
    );
    let note = "---\n标题: 解读\n---\n\n## [末条](clause:第三千条)\n\n见[又一条](clause:2025/deep#第749条第（二）项)。\n";
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/flat", &[&[("policy.md", &flat), ("materials/note.md", note)]]));
    sample.sets.push(published("2025/deep", &[&[("policy.md", &statute(750))]]));
    let tree = tree(&sample);
    for set in ["flat", "deep"] {
        let twin = json(&tree, &format!("policies/2025/{set}/set.json"));
        assert!(twin["provisions"].as_array().unwrap().len() >= 3_000);
    }
    within_budget(&tree);
    let links = Parsed::of(page(&tree, "policies/2025/flat/interpretation/note/index.html"));
    let mut met = 0;
    for href in links.elements.iter().filter_map(|e| e.get("href")).filter(|href| href.contains("part-")) {
        let (file, anchor) = href.split_once('#').unwrap();
        let text = page(&tree, file.trim_start_matches("../"));
        assert!(text.contains(&format!("id=\"{anchor}\"")), "{href}");
        met += 1;
    }
    assert!(met >= 2, "both links lead into a part");
    // Inside the text too.
    let part = page(&tree, "policies/2025/flat/part-2.html");
    assert!(part.contains("href=\"./part-1.html#art1\""), "to the first article");
}

/// A provision that changed in each of 200 editions.
#[test]
fn two_hundred_editions_keep_the_budget() {
    let texts: Vec<String> = (1..=200)
        .map(|n| {
            format!("---\n标题: 常改的办法\n发文机关: 示例市交通运输局\n成文日期: 2025-01-01\n发布日期: 2025-01-02\n---\n\n第一条　标准为{n}元。\n\n第二条　本条不变。\n")
        })
        .collect();
    let files: Vec<[(&str, &str); 1]> = texts.iter().map(|text| [("policy.md", text.as_str())]).collect();
    let editions: Vec<&[(&str, &str)]> = files.iter().map(|files| &files[..]).collect();
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/often", &editions));
    let tree = tree(&sample);
    within_budget(&tree);
    let folder = "policies/2025/often/";
    let pages = ["", "page/2/"].map(|rest| page(&tree, &format!("{folder}history/{rest}index.html")));
    for n in 2..=200 {
        let link = format!("compare/{}-{n}/#d", n - 1);
        assert!(pages.iter().filter(|page| page.contains(&link)).count() == 1, "{link}");
    }
    assert!(!tree.files.contains_key(&format!("{folder}history/page/3/index.html")));
    assert!(page(&tree, &format!("{folder}index.html")).contains("history/#art1\""));
    for n in 1..=200 {
        let link = format!("/v{n}/\"");
        let records =
            tree.files.iter().filter(|(path, _)| path.contains("often/record/") && is_kind(path, "html"));
        assert!(records.filter(|(_, b)| String::from_utf8_lossy(b).contains(&link)).count() >= 1, "{link}");
    }
}

fn within_budget(tree: &crate::SiteTree) {
    for (path, bytes) in
        tree.files.iter().filter(|(path, _)| is_kind(path, "html") && !path.ends_with("whole.html"))
    {
        let elements = Parsed::of(std::str::from_utf8(bytes).unwrap()).elements.len();
        let length = bytes.len();
        assert!(length <= 120_000 && elements <= 2_500, "{path}: {length} bytes, {elements} elements");
    }
}
