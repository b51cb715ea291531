//! The rendered site as browsers and machines meet it. One sample site serves
//! every test; that is why they stand in one file.

mod by_hand;
mod content;
mod html_check;
mod links;
mod long;
mod pinned;
mod twins;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use self::html_check::Parsed;
use super::*;
use jiedu_base::clock::Clock;
use jiedu_base::name::Digest;
use jiedu_edition::{Birth, Edition};
use jiedu_site::fixtures::{Sample, config, published};
use jiedu_theme::Theme;

fn tree(sample: &Sample) -> SiteTree {
    tree_with(sample, 2)
}

fn tree_with(sample: &Sample, jobs: usize) -> SiteTree {
    let theme = Theme::built_in().unwrap();
    render(&sample.plan(), &theme, jobs).unwrap_or_else(|error| {
        panic!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string))
    })
}

/// The tree of [`full`], rendered once.
fn full_tree() -> &'static SiteTree {
    static TREE: OnceLock<SiteTree> = OnceLock::new();
    TREE.get_or_init(|| tree(&full()))
}

/// The tree of the project's sample content, rendered once.
fn content_tree() -> &'static SiteTree {
    static TREE: OnceLock<SiteTree> = OnceLock::new();
    TREE.get_or_init(|| tree(&Sample::content()))
}

fn page<'t>(tree: &'t SiteTree, path: &str) -> &'t str {
    let bytes = tree.files.get(path).unwrap_or_else(|| panic!("no {path} in {:#?}", tree.files.keys()));
    std::str::from_utf8(bytes).unwrap()
}

fn is_kind(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
}

fn json(tree: &SiteTree, path: &str) -> serde_json::Value {
    serde_json::from_str(page(tree, path)).unwrap()
}

fn pages(tree: &SiteTree) -> impl Iterator<Item = (&String, Parsed)> {
    let html = tree.files.iter().filter(|(path, _)| is_kind(path, "html"));
    html.map(|(path, bytes)| (path, Parsed::of(std::str::from_utf8(bytes).unwrap())))
}

/// Every kind of page: editions, a comparison, a void edition, a withdrawn
/// set, a consultation draft, an exempt set, several pages of a list.
fn full() -> Sample {
    let mut sample = Sample::small();
    let number = |n: u32| {
        format!(
            "---\n标题: 关于第{n}件事的通告\n发文机关: 示例市交通运输局\n发文字号: 示交通〔2024〕{n}号\n主题分类: 自定主题\n成文日期: 2024-03-01\n发布日期: 2024-03-02\n---\n\n一、开头\n\n正文。\n\n| 项目 | 金额 |\n|---|--:|\n| 甲 | 1 |\n"
        )
    };
    for n in 1..=35 {
        sample.sets.push(published(&format!("2024/n{n}"), &[&[("policy.md", &number(n))]]));
    }
    let mut gone = published(
        "2023/gone",
        &[&[("policy.md", &number(99)), ("materials/qa.md", "---\n标题: 问答\n---\n\n## 问\n\n答。\n")]],
    );
    gone.withdrawn = Some((Digest::of(b"w"), Clock::parse("2025-05-05T10:00:00+08:00").unwrap()));
    sample.sets.push(gone);
    let mut void = published("2023/void", &[&[("policy.md", &number(97))], &[("policy.md", &number(98))]]);
    void.editions[0].void = Some("REJECTED");
    sample.sets.push(void);
    sample
        .sets
        .push(published("2026/draft", &[&[("policy.md", CONSULTATION), ("materials/note.md", GUEST)]]));
    sample.sets.push(published("2025/statute", &[&[("policy.md", STATUTE)]]));
    sample
}

const CONSULTATION: &str = "---\n标题: 关于《办法（征求意见稿）》公开征求意见的公告\n发文机关: 示例市交通运输局\n成文日期: 2026-04-20\n发布日期: 2026-04-21\n阶段: 征求意见\n征求意见: {开始: 2026-04-21, 截止: 2026-05-21, 渠道: [来信, 网上留言]}\n别名: [2020/old]\n---\n\n第一条　为了管理。\n\n第二条　本办法这样规定：\n\n（一）甲；\n\n（二）乙。\n";

const GUEST: &str = "---\n标题: 起草说明\n解读对象: [2026/draft, 2025/a]\n---\n\n## [说明](clause:第二条)\n\n说明如下，另见[要点](clause:2025/a#（二）)。\n";

const STATUTE: &str = "---\n标题: 公交办法\n发文机关: 示例市交通运输局\n发文字号: 示交规〔2025〕9号\n主题分类: 工业、交通_公路\n成文日期: 2025-01-01\n发布日期: 2025-01-02\n施行日期: 2025-02-01\n废止: [\"示交通[2024]3号\"]\n不解读理由: 内容简明\n---\n\n# 第一章　总则\n\n第一条　为了公交。\n\n第二条　公交分两种。\n\n具体另定。\n\n# 第二章　附则\n\n第三条　即日施行，见[第一条](clause:第一条)和[不在的](clause:第九条)。\n";

#[test]
fn every_page_is_valid_by_itself() {
    for tree in [full_tree(), content_tree(), &tree(&Sample::empty())] {
        for (path, parsed) in pages(tree) {
            assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
        }
    }
}

#[test]
fn nothing_is_asked_from_another_host() {
    for (path, parsed) in pages(full_tree()) {
        for element in &parsed.elements {
            let loads = match element.name.as_str() {
                "link" => element.get("href").filter(|_| !matches!(element.get("rel"), Some("canonical"))),
                "script" | "img" | "iframe" | "source" => element.get("src"),
                "form" => element.get("action"),
                _ => None,
            };
            assert!(loads.is_none_or(|to| !to.contains("//")), "{path}: {element:?}");
        }
    }
}

#[test]
fn titles_differ() {
    for tree in [full_tree(), content_tree()] {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (path, parsed) in pages(tree) {
            let title = parsed.named("title").next().unwrap().text.clone();
            assert!(!title.trim().is_empty());
            if let Some(other) = seen.insert(title.clone(), path.clone()) {
                panic!("{title}: {other} and {path}");
            }
        }
    }
}

#[test]
fn meta_tags_stand_exactly_once() {
    let tree = full_tree();
    for (path, parsed) in pages(tree) {
        for name in ["SiteName", "SiteDomain", "SiteIDCode"] {
            assert_eq!(parsed.metas(name).len(), 1, "{path} {name}");
        }
        let names: Vec<&str> = parsed.named("meta").filter_map(|meta| meta.get("name")).collect();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "{path}");
        assert!(
            parsed
                .named("meta")
                .all(|meta| meta.get("content").is_none_or(|content| !content.trim().is_empty())),
            "{path}"
        );
    }
    let policy = Parsed::of(page(tree, "policies/2025/a/index.html"));
    assert_eq!(policy.metas("SiteDomain"), ["policy.example.gov.cn"]);
    assert_eq!(policy.metas("ArticleTitle"), ["示例市交通运输局关于印发公开要点的通知"]);
    assert_eq!(policy.metas("PubDate"), ["2025-08-01 10:30"]);
    assert_eq!(policy.metas("ContentSource"), ["示例市交通运输局"]);
    assert_eq!(policy.metas("ColumnName"), ["政策文件"]);
    assert_eq!(policy.metas("ColumnType").len(), 1);
    let old = Parsed::of(page(tree, "policies/2025/a/v1/index.html"));
    assert_eq!(old.metas("PubDate"), ["2025-06-30 00:00"]);
    let interpretation = Parsed::of(page(tree, "policies/2025/a/interpretation/article/index.html"));
    assert_eq!(
        (interpretation.metas("ColumnName"), interpretation.metas("ContentSource")),
        (vec!["政策解读"], vec!["办公室"])
    );
    assert!(Parsed::of(page(tree, "index.html")).metas("ArticleTitle").is_empty());
}

#[test]
fn the_number_of_threads_never_shows() {
    let sample = full();
    let one = tree_with(&sample, 1);
    assert_eq!(one, *full_tree());
    let mut shuffled = full();
    shuffled.sets.reverse();
    assert_eq!(one, tree_with(&shuffled, 7));
}

#[test]
fn a_set_that_is_gone_takes_its_pages_with_it() {
    let mut sample = full();
    let before = full_tree();
    sample.sets.retain(|set| set.id.as_str() != "2024/n7");
    let after = tree(&sample);
    assert!(before.files.keys().any(|path| path.contains("2024/n7/")));
    for (path, bytes) in &after.files {
        assert!(!path.contains("2024/n7/"));
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("2024/n7/") && !text.contains("关于第7件事"), "{path}");
    }
}

#[test]
fn a_withdrawn_set_keeps_its_addresses_and_loses_its_text() {
    let tree = full_tree();
    let gone = page(tree, "policies/2023/gone/index.html");
    assert!(gone.contains("已撤回") && gone.contains("2025-05-05"));
    for path in [
        "policies/2023/gone/v1/index.html",
        "policies/2023/gone/interpretation/qa/index.html",
        "policies/2023/gone/record/index.html",
    ] {
        assert!(page(tree, path).contains("撤回"), "{path}");
    }
    for (path, bytes) in tree.files.iter().filter(|(path, _)| path.contains("2023/gone")) {
        assert!(!String::from_utf8_lossy(bytes).contains("正文。"), "{path}");
    }
    assert_eq!(json(tree, "policies/2023/gone/set.json")["state"], "withdrawn");
    let void = page(tree, "policies/2023/void/v1/index.html");
    assert!(void.contains("不再展示") && void.contains("REJECTED") && !void.contains("正文。"));
    assert!(page(tree, "policies/2023/void/v2/index.html").contains("正文。"));
}

#[test]
fn what_is_not_disclosed_leaves_no_trace() {
    let mut sample = full();
    let text = "---\n标题: 内部安排\n发文机关: 示例市交通运输局\n成文日期: 2025-01-01\n发布日期: 2025-01-02\n公开方式: 依申请公开\n---\n\n内部。\n";
    sample.sets.push(published("2025/secret", &[&[("policy.md", text)]]));
    for (path, bytes) in &tree(&sample).files {
        assert!(!path.contains("secret") && !String::from_utf8_lossy(bytes).contains("内部安排"), "{path}");
    }
}

#[test]
fn drafts_are_marked_on_every_page() {
    let mut sample = full();
    sample.drafts = true;
    for set in &mut sample.sets {
        set.draft = set.id.as_str() == "2025/a";
    }
    let marked_site = &tree(&sample);
    for (path, parsed) in pages(marked_site) {
        assert_eq!(parsed.metas("robots"), ["noindex"], "{path}");
        if path.contains("2025/a/") {
            assert!(page(marked_site, path).contains("未审签"), "{path}");
        }
    }
    assert!(page(marked_site, "robots.txt").contains("Disallow: /"));
    assert_eq!(json(marked_site, "policies/2025/a/set.json")["draft"], true);
    sample.drafts = false;
    sample.sets.iter_mut().for_each(|set| set.draft = false);
    let clean = tree(&sample);
    let marked = pages(&clean).filter(|(_, parsed)| !parsed.metas("robots").is_empty()).count();
    assert_eq!(marked, 2, "only 404 and the old address are noindex");
}

#[test]
fn markup_in_values_is_shown_and_not_run() {
    const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><!--jiedu:slot body-->&lt;";
    let yaml = format!("'{}'", EVIL.replace('\'', "''"));
    let policy = format!(
        "---\n标题: {yaml}\n发文机关: [{yaml}]\n发文字号: {yaml}\n索引号: {yaml}\n统一编号: {yaml}\n主题分类: {yaml}\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n阶段: 征求意见\n征求意见: {{开始: 2025-06-01, 截止: 2025-07-01, 渠道: [{yaml}]}}\n修改: [{yaml}]\n不解读理由: {yaml}\n转载: {{来源: {yaml}, 网址: 'javascript:alert(3)', 日期: 2025-01-01}}\n---\n\n{EVIL}\n\n（一）{EVIL}。[x](javascript:alert(4)) ![y](https://evil.example/x.png)\n"
    );
    let material = format!(
        "---\n标题: {yaml}\n形式: {yaml}\n来源: {yaml}\n不涉及: {{甲: {yaml}}}\n事实来源: {{乙: {yaml}}}\n---\n\n## [{}](clause:（一）)\n\n{EVIL}\n",
        EVIL.replace('[', "")
    );
    let mut sample = Sample::empty();
    sample.config = config("");
    let files: &[(&str, &str)] =
        &[("policy.md", &policy), ("materials/m.md", &material), ("attachments/a\"><b>.txt", "x")];
    sample.sets.push(published("2025/evil", &[files, &[("policy.md", "---\n标题: 甲\n---\n\n乙\n")], files]));
    for set in &mut sample.sets {
        for step in set.editions.iter_mut().flat_map(|edition| &mut edition.steps) {
            (step.post, step.name, step.step, step.key_fingerprint) =
                (EVIL.into(), EVIL.into(), EVIL.into(), EVIL.into());
        }
    }
    let tree = &tree(&sample);
    for (path, parsed) in pages(tree) {
        assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
        assert!(parsed.named("img").next().is_none(), "{path}");
        assert!(
            parsed.named("script").filter_map(|script| script.get("src")).all(|src| src.contains("assets/")),
            "{path}"
        );
        let hrefs = parsed.elements.iter().filter_map(|element| element.get("href"));
        assert!(hrefs.into_iter().all(|href| !href.starts_with("javascript")), "{path}");
    }
    assert!(page(tree, "policies/2025/evil/index.html").contains("&lt;script&gt;alert(1)"));
    assert!(!page(tree, "feed.xml").contains("<script"));
}

#[test]
fn provisions_have_their_anchors_links_and_glosses() {
    let tree = full_tree();
    let policy = page(tree, "policies/2025/a/index.html");
    assert!(policy.contains("id=\"s1-1\"") && policy.contains("href=\"#s1-2\">第二项</a>"));
    assert!(
        policy.contains("interpretation/article/#sec2") && policy.contains("待复核"),
        "the first clause changed since"
    );
    assert!(policy.contains("attachments/%E5%88%86%E5%B7%A5%20%E8%A1%A8.txt"));
    assert!(policy.contains("interpretation/note/#sec1"), "another set explains （二）");
    assert!(policy.contains("rel=\"provenance\" href=\"../../../policies/2025/a/record/index.json\""));
    let old = page(tree, "policies/2025/a/v1/index.html");
    assert!(old.contains("历史版本") && !old.contains("加强监督"));
    let statute = page(tree, "policies/2025/statute/index.html");
    assert!(
        statute.contains("id=\"art2-p2\"")
            && statute.contains("href=\"#art1\"")
            && statute.contains("<a>不在的</a>")
    );
    assert!(statute.contains("内容简明"));
    let repealed = page(tree, "policies/2024/n3/index.html");
    assert!(
        repealed.contains("已废止")
            && repealed.contains("示交规〔2025〕9号")
            && repealed.contains("policies/2025/statute/")
    );
    let interpretation = page(tree, "policies/2025/a/interpretation/article/index.html");
    assert!(interpretation.contains("policies/2025/a/#s1-1") && interpretation.contains("class=\"quote\""));
    let draft = page(tree, "policies/2026/draft/index.html");
    assert!(
        draft.contains("征求意见稿，不具效力") && draft.contains("2026-05-21") && draft.contains("网上留言")
    );
}

#[test]
fn set_json_says_what_the_page_says() {
    let tree = full_tree();
    let set = json(tree, "policies/2025/a/set.json");
    assert_eq!(set["schema"], "jiedu.set/1");
    assert_eq!(set["metadata"]["document_number"], "示交办〔2025〕1号");
    assert_eq!(set["metadata"]["registration_number"], serde_json::Value::Null);
    let provisions = set["provisions"].as_array().unwrap();
    let first = provisions.iter().find(|p| p["anchor"] == "s1-1").unwrap();
    assert_eq!((first["label"].as_str(), first["heading"].as_str()), (Some("（一）"), Some("加强公开")));
    assert!(first.get("text").is_none(), "the words are in the twin of the edition");
    let words = &json(tree, "policies/2025/a/v2/edition.json")["provisions"];
    let words = words.as_array().unwrap().iter().find(|p| p["anchor"] == "s1-1").unwrap();
    assert!(words["text"].as_str().unwrap().contains("全面及时"));
    assert_eq!(first["explained_by"][0]["anchor"], "sec2");
    assert!(first["fingerprint"].as_str().unwrap().starts_with("sha256:"));
    let second = provisions.iter().find(|p| p["anchor"] == "s1-2").unwrap();
    assert_eq!(second["explained_by"][0]["set"], "2026/draft");
    assert_eq!(set["editions"].as_array().unwrap().len(), 2);
    assert_eq!(set["editions"][1]["current"], true);
    assert!(set["editions"][0]["steps"][0].get("name").is_none(), "names only when configured");
    assert_eq!(set["evidence"]["statements"].as_array().unwrap().len(), 16);
    let record = json(tree, "policies/2025/a/record/index.json");
    assert_eq!(
        (record["schema"].as_str(), record["editions"].as_array().unwrap().len()),
        (Some("jiedu.record/1"), 2)
    );
}

#[test]
fn every_provision_of_set_json_is_on_the_page() {
    for tree in [full_tree(), content_tree()] {
        for path in tree.files.keys().filter(|path| path.ends_with("/set.json")) {
            let set = json(tree, path);
            let page = Parsed::of(page(tree, &path.replace("set.json", "index.html")));
            let ids: BTreeSet<&str> = page.elements.iter().filter_map(|element| element.get("id")).collect();
            for provision in set["provisions"].as_array().into_iter().flatten() {
                assert!(
                    ids.contains(provision["anchor"].as_str().unwrap()),
                    "{path}: {}",
                    provision["anchor"]
                );
            }
        }
    }
}

#[test]
fn names_are_shown_only_when_configured() {
    let mut sample = full();
    assert!(!page(&tree(&sample), "policies/2025/a/record/index.html").contains("某人1"));
    sample.config = config("\n[record]\nnames = true\n");
    let tree = &tree(&sample);
    assert!(page(tree, "policies/2025/a/record/index.html").contains("某人1"));
    assert!(page(tree, "policies/2025/a/set.json").contains("某人1"));
}

#[test]
fn lists_are_paginated() {
    let tree = full_tree();
    assert!(
        tree.files.contains_key("policies/page/2/index.html")
            && !tree.files.contains_key("policies/page/3/index.html")
    );
    assert!(
        tree.files.keys().any(|path| path.starts_with("subjects/x") && path.ends_with("/page/2/index.html"))
    );
    assert!(page(tree, "404.html").contains("href=\"/zc/policies/\""));
}

#[test]
fn policies_are_listed_by_kind_and_by_validity() {
    let tree = full_tree();
    for list in ["kinds/tonggao", "validity/unstated"] {
        assert!(tree.files.contains_key(&format!("{list}/page/2/index.html")), "{list}");
        assert!(page(tree, "sitemap.xml").contains(&format!("/zc/{list}/</loc>")), "{list}");
    }
    let repealed = page(tree, "validity/repealed/index.html");
    assert!(repealed.contains("policies/2024/n3/") && !repealed.contains("policies/2024/n4/"));
    assert!(!tree.files.contains_key("validity/expired/index.html"), "no group is empty");
    for way in ["subjects/", "years/", "kinds/", "validity/"] {
        for from in ["policies/index.html", "kinds/index.html"] {
            let here = from.starts_with(way);
            assert!(here || page(tree, from).contains(&format!("href=\"../{way}\"")), "{from} {way}");
        }
    }
    assert!(page(tree, "policies/2024/n4/index.html").contains("kinds/tonggao/\">通告</a>"));
}

#[test]
fn budgets_are_kept() {
    let tree = content_tree();
    // Every page loads the shared sheets; a kind of page may add one sheet and
    // one script (contract details 89).
    let is_shared = |path: &str| ["/site.", "/print.", "/prefs."].iter().any(|name| path.contains(name));
    let sheets = || tree.files.iter().filter(|(path, _)| is_kind(path, "css"));
    let total: usize = sheets().filter(|(path, _)| is_shared(path)).map(|(_, bytes)| bytes.len()).sum();
    assert!(total <= 25_000, "{total}");
    assert!(sheets().filter(|(path, _)| !is_shared(path)).all(|(_, bytes)| bytes.len() <= 8_000));
    let scripts = tree.files.iter().filter(|(path, _)| is_kind(path, "js") && !is_shared(path));
    assert!(scripts.map(|(_, bytes)| bytes.len()).all(|length| length <= 15_000));
    let shared: usize = tree
        .files
        .iter()
        .filter(|(path, _)| path.contains("/site.") || path.contains("/prefs."))
        .filter(|(path, _)| is_kind(path, "js"))
        .map(|(_, bytes)| bytes.len())
        .sum();
    assert!(shared <= 8_000, "{shared}");
    let size = |path: &str| {
        let path = path.trim_start_matches("../").trim_start_matches("./");
        tree.files.get(path).map_or(0, |bytes| bytes.len())
    };
    for (path, bytes) in
        tree.files.iter().filter(|(path, _)| is_kind(path, "html") && !path.ends_with("whole.html"))
    {
        let parsed = Parsed::of(std::str::from_utf8(bytes).unwrap());
        let elements = parsed.elements.len();
        assert!(
            bytes.len() <= 120_000 && elements <= 2_500,
            "{path}: {} bytes, {elements} elements",
            bytes.len()
        );
        // What a browser asks for at once: scripts, sheets, images.
        let sheets = parsed.named("link").filter(|link| link.get("rel") == Some("stylesheet"));
        let asked: Vec<&str> = sheets
            .filter_map(|link| link.get("href"))
            .chain(parsed.named("script").chain(parsed.named("img")).filter_map(|e| e.get("src")))
            .collect();
        assert!(asked.len() <= 7, "{path}: {asked:?}");
        let root = path.matches('/').count();
        let total: usize =
            asked.iter().map(|asked| size(asked.trim_start_matches(&"../".repeat(root)))).sum();
        assert!(total <= 45_000, "{path}: {total} bytes of scripts and sheets");
    }
}

#[test]
fn the_first_to_claim_an_old_address_keeps_it() {
    let mut sample = full();
    sample.sets.push(published("2026/other", &[&[("policy.md", &CONSULTATION.replace("2026/draft", "x"))]]));
    let plan = sample.try_plan().unwrap();
    let claims = plan.pages.iter().filter(|page| page.route.path() == "policies/2020/old/index.html");
    assert_eq!(claims.count(), 1);
}

#[test]
fn an_unmarked_draft_is_refused() {
    let mut sample = full();
    sample.sets[0].draft = true;
    assert!(sample.try_plan().unwrap_err().to_string().contains("2025/a"));
    sample.drafts = true;
    assert!(sample.try_plan().is_ok());
    sample.drafts = false;
    let edition = &sample.sets[0].editions[0];
    let birth = Birth { number: 3, commit: edition.commit.clone(), instant: edition.instant };
    let draft = Edition::draft(birth, edition.set.clone());
    sample.sets[0].draft = false;
    sample.sets[0].editions.push(draft);
    assert!(sample.try_plan().is_err());
}
