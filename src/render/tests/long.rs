//! Policies that are too long for one page.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::html_check::Parsed;
use super::{is_kind, json, page, pages, tree};
use crate::site::fixtures::{Sample, published};

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
    let ids: BTreeSet<&str> = index.elements.iter().filter_map(|e| e.get("id")).collect();
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
        let clauses =
            parsed.elements.iter().filter(|e| e.get("class").is_some_and(|c| c.starts_with("clause")));
        articles.extend(clauses.filter_map(|e| e.get("id").map(str::to_owned)));
    }
    let expected: Vec<&str> = whole
        .elements
        .iter()
        .filter(|e| e.get("class").is_some_and(|c| c.starts_with("clause")))
        .filter_map(|e| e.get("id"))
        .collect();
    assert_eq!(articles, expected);
    for (path, parsed) in pages(&tree) {
        assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn the_pages_of_a_long_policy_keep_their_budget() {
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/long", &[&[("policy.md", &statute(150))]]));
    let tree = tree(&sample);
    assert!(tree.files.contains_key("policies/2025/long/part-2.html"));
    for (path, bytes) in
        tree.files.iter().filter(|(path, _)| is_kind(path, "html") && !path.ends_with("whole.html"))
    {
        let elements = Parsed::of(std::str::from_utf8(bytes).unwrap()).elements.len();
        assert!(
            bytes.len() <= 120_000 && elements <= 2_500,
            "{path}: {} bytes, {elements} elements",
            bytes.len()
        );
    }
}
