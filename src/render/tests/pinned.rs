//! Interpretations over several editions: beside the clause they were checked
//! against, marked when its words changed, at an address that stays.

use super::html_check::Parsed;
use super::{json, page, pages, tree};
use crate::SiteTree;
use jiedu_site::fixtures::{Sample, published};

const OLD: &str = "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车收费标准为每小时五元，按月结算。\n\n第三条 群众可以拨打服务热线进行投诉。[^1]\n\n[^1]: 热线为12345。\n";
const NEW: &str = "第一条 为了加强停车管理，制定本办法。\n\n第二条 停车管理应当遵循公开便民原则。\n\n第三条 停车收费标准为每小时五元，按月结算。\n\n第四条 群众可以拨打服务热线进行举报。[^1]\n\n[^1]: 热线为12345。\n";
const ARTICLE: &str = "---\n标题: 停车办法解读\n形式: 文字解读\n来源: 某局\n发布日期: 2025-01-03\n---\n\n## [收费](clause:第二条)\n\n每小时五元。见[投诉](#sec2)、[全部文件](/policies/)、[另一文件](../../b/policy.md)、[问答](qa.md#sec1)和[没有的](/nowhere/)。注[^1]\n\n[^1]: 材料的注。\n\n## [投诉](clause:第三条)\n\n打热线。\n";

fn policy(title: &str, day: u32, more: &str, text: &str) -> String {
    format!(
        "---\n标题: {title}\n发文机关: 某局\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-01-02\n发布日期: 2025-0{day}-03\n{more}---\n\n{text}"
    )
}

fn parking() -> SiteTree {
    let qa = "---\n标题: 停车问答\n形式: 政策问答\n来源: 某局\n发布日期: 2025-01-03\n---\n\n## [收多少](clause:第二条)\n\n五元。\n";
    let one = policy("停车办法", 1, "别名: [2024/old]\n", OLD);
    let two = policy("停车办法", 2, "", NEW);
    let guide = "---\n标题: 指南解读\n形式: 文字解读\n来源: 某局\n发布日期: 2025-01-03\n---\n\n## [收费](clause:2025/a#第二条)\n\n外面的说明。\n\n## [投诉](clause:2025/a#第三条)\n\n外面的投诉。\n";
    let other = policy("指南", 1, "", "一、总则\n\n二、附则\n");
    let mut sample = Sample::empty();
    let materials = [("materials/article.md", ARTICLE), ("materials/qa.md", qa)];
    sample.sets.push(published(
        "2025/a",
        &[
            &[("policy.md", &one), materials[0], materials[1]],
            &[("policy.md", &two), materials[0]],
            &[("policy.md", &two.replace("便民", "利民")), materials[0]],
        ],
    ));
    sample.sets.push(published("2025/b", &[&[("policy.md", &other), ("materials/guide.md", guide)]]));
    tree(&sample)
}

fn clause<'p>(policy: &'p str, id: &str) -> &'p str {
    let (_, rest) = policy.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}"));
    rest.split("class=\"clause").next().unwrap()
}

#[test]
fn an_interpretation_goes_with_its_clause() {
    let tree = parking();
    let policy = page(&tree, "policies/2025/a/index.html");
    let (second, third, fourth) = (clause(policy, "art2"), clause(policy, "art3"), clause(policy, "art4"));
    assert!(second.contains("本条暂无解读"), "a clause that came later: {second}");
    assert!(third.contains("每小时五元。") && !third.contains("待复核"), "{third}");
    assert!(fourth.contains("打热线。") && fourth.contains("待复核"), "{fourth}");
    let text = page(&tree, "policies/2025/a/interpretation/article/index.html");
    assert!(text.contains("条文中有1条改了文字"), "the page says so at its head");
    assert!(text.contains("policies/2025/a/#art3\">收费</a>") && !text.contains("公开便民"), "{text}");
    assert_eq!(text.matches("<b class=\"tag warn\">待复核</b>").count(), 1);
    let set = json(&tree, "policies/2025/a/set.json");
    let explained = |at: usize| set["provisions"][at]["explained_by"].clone();
    assert_eq!(explained(1), serde_json::json!([]));
    assert_eq!((&explained(2)[0]["stale"], &explained(3)[0]["stale"]), (&false.into(), &true.into()));
    assert_eq!(set["interpretations"][0]["sections"][0]["explains"], serde_json::json!(["art3"]));
}

#[test]
fn links_of_texts_lead_where_the_check_says() {
    let tree = parking();
    let text = page(&tree, "policies/2025/a/interpretation/article/index.html");
    for link in [
        "<a href=\"#sec2\">投诉</a>",
        "/policies/\">全部文件</a>",
        "/policies/2025/b/\">另一文件</a>",
        "/policies/2025/a/interpretation/qa/#sec1\">问答</a>",
        "<a>没有的</a>",
        "<a href=\"#fn1\" id=\"fnref1\">[1]</a>",
        "<a href=\"#fnref1\" aria-label=\"返回正文\">↩</a>",
    ] {
        assert!(text.contains(link), "{link} in {text}");
    }
    assert!(page(&tree, "policies/2025/a/index.html").contains("<a href=\"#fn1\" id=\"fnref1\">"));
    for (path, parsed) in pages(&tree) {
        assert_eq!(parsed.faults(), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn addresses_stay_when_an_edition_drops_what_they_showed() {
    let tree = parking();
    let past = page(&tree, "policies/2025/a/interpretation/qa/index.html");
    assert!(
        past.contains("随第1版发布，现行版本不再附这份解读") && past.contains("policies/2025/a/v1/#art2"),
        "{past}"
    );
    assert!(page(&tree, "policies/2025/a/v1/index.html").contains("policies/2025/a/interpretation/qa/"));
    for kept in [
        "policies/2024/old/index.html",
        "policies/2025/a/compare/1-2/index.html",
        "policies/2025/a/compare/1-3/index.html",
    ] {
        assert!(tree.files.contains_key(kept), "{kept}");
    }
}

#[test]
fn the_site_map_leads_to_every_list_and_to_the_catalogue() {
    let tree = parking();
    let map = Parsed::of(page(&tree, "sitemap/index.html"));
    let hrefs: Vec<&str> = map.elements.iter().filter_map(|element| element.get("href")).collect();
    for wanted in [
        "../policies/",
        "../subjects/02/",
        "../years/2025/",
        "../kinds/banfa/",
        "../validity/unstated/",
        "../catalogue.csv",
        "../catalogue.json",
        "../sitemap.xml",
    ] {
        assert!(hrefs.contains(&wanted), "{wanted} in {hrefs:?}");
    }
    assert!(page(&tree, "index.html").contains("href=\"./sitemap/\""), "the footer");
}

#[test]
fn the_catalogue_is_a_table_that_spreadsheets_open_safely() {
    let mut sample = Sample::empty();
    let evil = policy("'=HYPERLINK(\"http://x.example\",\"点这里\")'", 1, "", OLD);
    sample.sets.push(published("2025/a", &[&[("policy.md", &evil), ("materials/article.md", ARTICLE)]]));
    let tree = tree(&sample);
    let table = page(&tree, "catalogue.csv");
    assert!(table.starts_with("\u{feff}类别,状态,编号,标题,"));
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(lines.len(), 4, "head, policy, interpretation, end: {table}");
    assert!(lines[1].contains(",\"'=HYPERLINK(\"\"http://x.example\"\",\"\"点这里\"\")\","), "{table}");
    assert!(lines[2].starts_with("解读材料,公开,2025/a,停车办法解读,某局,"), "{table}");
    let list = json(&tree, "catalogue.json");
    assert_eq!(list["policies"][0]["metadata"]["title"], "=HYPERLINK(\"http://x.example\",\"点这里\")");
    assert_eq!(list["interpretations"][0]["title"], "停车办法解读");
}

#[test]
fn an_address_leads_to_the_set_that_names_it_now() {
    let (once, never) = (policy("停车办法", 1, "别名: [2024/old]\n", OLD), policy("停车办法", 2, "", NEW));
    let now = policy("指南", 1, "别名: [2024/old]\n", "一、总则\n");
    let mut sample = Sample::empty();
    sample.sets.push(published("2025/a", &[&[("policy.md", &once)], &[("policy.md", &never)]]));
    sample.sets.push(published("2025/b", &[&[("policy.md", &now)]]));
    let moved = tree(&sample);
    let moved = page(&moved, "policies/2024/old/index.html");
    assert!(moved.contains("policies/2025/b/") && !moved.contains("policies/2025/a/"), "{moved}");
}
