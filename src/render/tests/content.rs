//! What the sample content shows: consultation and outcome, questions, topics,
//! corrections, force with its source, terms, histories.

use super::*;

const TAXI: &str = "policies/2025/chuzuche-fuwu";

/// The site of the sample content at an instant.
fn at(instant: &str) -> SiteTree {
    let mut sample = Sample::content();
    sample.clock = Clock::parse(instant).unwrap();
    tree(&sample)
}

fn has_all(html: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(html.contains(text), "no {text}");
    }
}

#[test]
fn an_article_reads_on_beside_its_notes() {
    let html = page(content_tree(), &format!("{TAXI}/index.html"));
    let at = |text: &str| html.find(text).unwrap();
    assert!(at("id=\"art8\"") < at("id=\"art8-p2\""));
    assert!(at("id=\"art8-p2\"") < at("aria-label=\"文字解读，第八条\""));
}

#[test]
fn a_consultation_leads_to_its_outcome() {
    let draft = page(content_tree(), &format!("{TAXI}/v1/index.html"));
    has_all(
        draft,
        &[
            "已截止，采纳情况已公布",
            "href=\"../../../../policies/2025/chuzuche-fuwu/#opinions\"",
            "href=\"../../../../policies/2025/chuzuche-fuwu/v2/\"",
            "href=\"../../../../policies/2025/chuzuche-fuwu/compare/1-2/\"",
            "12345市民服务热线",
        ],
    );
    let current = page(content_tree(), &format!("{TAXI}/index.html"));
    has_all(
        current,
        &[
            "id=\"opinions\"",
            "共收到意见31条",
            "采纳19条，部分采纳5条，未采纳2条",
            "删去这一条，培训由经营者自行安排。",
            // The provision of the draft is led to the draft.
            "policies/2025/chuzuche-fuwu/v1/#art7\">第七条</a>",
            "policies/2025/chuzuche-fuwu/#art9\">第九条</a>",
        ],
    );
    let twin = json(content_tree(), &format!("{TAXI}/set.json"));
    assert_eq!(twin["opinions"]["received"], 31);
    assert_eq!(twin["opinions"]["opinions"][2]["adopted"], "部分采纳");
    assert_eq!(twin["opinions"]["opinions"][2]["draft_clauses"][0], "第九条");
}

/// Days are counted from the build's instant, never from a clock.
#[test]
fn an_open_consultation_counts_from_the_publication_instant() {
    let told = |instant: &str| {
        let tree = at(instant);
        let html = page(&tree, "policies/2026/gongxiang-danche/index.html").to_owned();
        let block = html.split("class=\"status\"").nth(1).unwrap();
        // What other days say stands in the tag itself.
        let shown = block.split_once('>').unwrap().1.split("</dl>").next().unwrap();
        shown.to_owned()
    };
    assert!(told("2026-03-08T23:00:00+08:00").contains("尚未开始"));
    let open = told("2026-03-17T10:40:00+08:00");
    assert!(open.contains("正在征求意见") && open.contains("还有22天截止（截至2026-03-17）"), "{open}");
    assert!(told("2026-04-08T23:59:00+08:00").contains("今天截止"));
    assert!(told("2026-04-09T00:00:00+08:00").contains("已截止，采纳情况尚未公布"));
}

#[test]
fn questions_stand_beside_clauses_with_interpretations_and_alone() {
    let tree = content_tree();
    let alone = page(tree, &format!("{TAXI}/qa/index.html"));
    has_all(
        alone,
        &["id=\"qa-shiwu\"", "东西落在出租汽车上，找谁？", "#art7\">第七条</a>", "答复单位：运输管理处"],
    );
    let beside = page(tree, &format!("{TAXI}/index.html"));
    has_all(beside, &["qa/#qa-shiwu", "<strong>东西落在出租汽车上，找谁？</strong>", "热线问答（2个问题）"]);
    let article = page(tree, &format!("{TAXI}/interpretation/article/index.html"));
    has_all(article, &["id=\"qa-jieche\"", "id=\"qa-shiwu\"", "同一文件的其他解读", "跟踪解读"]);
    // This one explains other provisions.
    let press = page(tree, &format!("{TAXI}/interpretation/press/index.html"));
    assert!(!press.contains("id=\"qa-shiwu\""));
    let twin = json(tree, &format!("{TAXI}/set.json"));
    let question = &twin["questions"][1];
    assert_eq!(question["id"], "qa-shiwu");
    assert!(question["clauses"][0]["url"].as_str().unwrap().ends_with("policies/2025/chuzuche-fuwu/#art7"));
}

#[test]
fn interpretations_are_grouped_by_stage() {
    let html = page(content_tree(), &format!("{TAXI}/index.html"));
    let part = html.split("id=\"interpretations\"").nth(1).unwrap();
    let places: Vec<usize> =
        ["发布解读", "图解", "新闻发布会", "二次解读", "专家解读", "跟踪解读", "政策问答"]
            .map(|word| part.find(word).unwrap_or_else(|| panic!("no {word}")))
            .to_vec();
    let stages = [places[0], places[3], places[5]];
    assert!(stages.is_sorted() && places[4] > places[3] && places[6] > places[5], "{places:?}");
    let picture = page(content_tree(), &format!("{TAXI}/interpretation/tujie/index.html"));
    has_all(picture, &["tujie.svg\" alt=\"约车3分钟内答复", "图中文字如下"]);
}

#[test]
fn a_topic_bundles_sets_and_each_leads_back() {
    let tree = content_tree();
    let topic = page(tree, "topics/shimin-chuxing/index.html");
    has_all(
        topic,
        &[
            "政策文件4件",
            "示例市公安局",
            "已废止",
            "征求意见已结束",
            "policies/2025/gongjiao-youhui/#art4",
            "热线问答",
        ],
    );
    has_all(page(tree, "topics/index.html"), &["市民出行", "4件"]);
    has_all(page(tree, "index.html"), &["topics/shimin-chuxing/"]);
    for set in ["2025/gongjiao-youhui", "2025/chuzuche-kaohe"] {
        has_all(page(tree, &format!("policies/{set}/index.html")), &["topics/shimin-chuxing/"]);
    }
    assert!(!tree_without_topics().files.keys().any(|path| path.starts_with("topics/")));
}

fn tree_without_topics() -> SiteTree {
    let mut sample = Sample::content();
    sample.topics.clear();
    tree(&sample)
}

/// The page without what it holds ready for other days.
fn shown(html: &str) -> String {
    let mut parts = html.split(" data-spans=\"");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |out, part| out + part.split_once('"').unwrap().1)
}

#[test]
fn every_page_holds_ready_what_other_days_say() {
    let tree = at("2026-03-17T10:40:00+08:00");
    let html = page(&tree, "policies/2025/gongjiao-youhui/index.html");
    assert_eq!(html.matches("data-status-from=").count(), 1);
    has_all(
        html,
        &["data-status-until=\"2026-03-31\"", "按 2026-03-17 的情形", "data-from=&quot;2026-04-01&quot;"],
    );
    let list = page(&tree, "policies/index.html");
    has_all(list, &["按 2026-03-17 的情形", "data-days=\""]);
    let at = page(&tree, "policies/2025/gongjiao-youhui/at/index.html");
    has_all(at, &["<tr data-from=\"2026-04-01\"", "name=\"date\"", "尚未施行"]);
    let twin = json(&tree, "policies/2025/gongjiao-youhui/set.json");
    assert_eq!(
        (&twin["validity"]["as_of"], &twin["validity"]["state"]),
        (&"2026-03-17".into(), &"not-yet".into())
    );
    assert_eq!(twin["validity"]["spans"][1]["from"], "2026-04-01");
}

#[test]
fn force_has_its_source_before_and_after_the_day() {
    let kaohe = |instant: &str| {
        let tree = at(instant);
        let policy = page(&tree, "policies/2025/chuzuche-kaohe/index.html").to_owned();
        let article =
            page(&tree, "policies/2025/chuzuche-kaohe/interpretation/article/index.html").to_owned();
        (policy, article)
    };
    let (policy, article) = kaohe("2026-01-31T23:00:00+08:00");
    for html in [&policy, &article] {
        has_all(html, &["即将废止", "依据：示交规〔2025〕7号，自2026-02-01起。"]);
        assert!(!html.contains("<b>已废止</b>"));
    }
    let (policy, article) = kaohe("2026-02-01T00:00:00+08:00");
    for html in [&policy, &article] {
        has_all(html, &["<b>已废止</b>", "依据：示交规〔2025〕7号，自2026-02-01起。"]);
    }
    has_all(&policy, &["被废止，依据", "2025年4月15日" /* from the text */]);
    let amended = at("2026-02-01T00:00:00+08:00");
    has_all(
        page(&amended, "policies/2025/fuwu-chuangkou/index.html"),
        &["<b>已修订</b>", "示交通〔2026〕2号"],
    );
}

#[test]
fn the_edition_that_applies_today_says_so() {
    let before = at("2026-03-17T10:40:00+08:00");
    let bus = "policies/2025/gongjiao-youhui";
    let newest = page(&before, &format!("{bus}/index.html"));
    has_all(newest, &["<b>尚未施行</b>", "目前适用第2版", "到2026-03-31为止适用第2版"]);
    let second = page(&before, &format!("{bus}/v2/index.html"));
    has_all(second, &["<b>历史版本</b>", "目前适用本版"]);
    has_all(newest, &["data-from=\"2026-04-01\" data-until=\"2031-03-31\"", "2032年以后", "没有适用的版本"]);
    let after = at("2026-04-01T00:00:00+08:00");
    has_all(page(&after, &format!("{bus}/v2/index.html")), &["<b>已有新版</b>", "自2026-04-01起适用第3版。"]);
    assert!(!shown(page(&after, &format!("{bus}/index.html"))).contains("目前适用"));
    let twin = json(&after, &format!("{bus}/set.json"));
    assert_eq!(twin["editions"][1]["applies_until"], "2026-03-31");
    assert_eq!(twin["editions"][2]["applies_from"], "2026-04-01");
}

#[test]
fn a_correction_is_seen_on_both_editions() {
    let tree = content_tree();
    let window = "policies/2025/fuwu-chuangkou";
    let note = "第二项下午办公时间“13时30分至16时”有误";
    has_all(page(tree, &format!("{window}/index.html")), &["<b>更正</b>", note, "第2版：更正"]);
    has_all(page(tree, &format!("{window}/v1/index.html")), &["本版有误，后来作了更正", note]);
    has_all(page(tree, "changes/index.html"), &["第2版：更正", "2025-03-06"]);
    assert_eq!(json(tree, &format!("{window}/set.json"))["metadata"]["corrections"][0]["date"], "2025-03-06");
}

#[test]
fn every_provision_has_its_history() {
    let tree = content_tree();
    let history = page(tree, &format!("{TAXI}/history/index.html"));
    has_all(
        history,
        &[
            "id=\"art4\"",
            "由第五条改为第四条",
            "id=\"art7\"",
            "新增",
            "id=\"gone-",
            "已删除",
            "第1版以来没有改动的条文",
        ],
    );
    // Every event leads to its row in a comparison.
    let links: Vec<&str> =
        history.split("compare/1-2/#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let compare = page(tree, &format!("{TAXI}/compare/1-2/index.html"));
    assert!(
        links.len() > 6 && links.iter().all(|row| compare.contains(&format!("id=\"{row}\""))),
        "{links:?}"
    );
    let policy = page(tree, &format!("{TAXI}/index.html"));
    assert!(policy.contains("history/#art4\" aria-label=\"沿革，第四条\""));
    assert!(!policy.contains("history/#art2\""), "nothing happened to it");
    assert!(!tree.files.contains_key("policies/2025/jijiaoban-14/history/index.html"));
}

#[test]
fn titles_inside_title_marks_have_single_ones() {
    let html = page(content_tree(), "policies/2025/gongjiao-youhui/index.html");
    has_all(
        html,
        &[
            "来自《示例市交通运输局关于〈示例市互联网租赁自行车停放秩序管理办法（征求意见稿）〉公开征求意见的公告》的解读",
        ],
    );
    let marks = |text: &str| text.contains("《示例市交通运输局关于印发《");
    assert!(
        !content_tree()
            .files
            .iter()
            .any(|(path, bytes)| { is_kind(path, "html") && std::str::from_utf8(bytes).is_ok_and(marks) })
    );
}

/// A question whose provision changed after it was answered says so.
#[test]
fn an_answer_goes_stale_with_its_provision() {
    let policy = |days: u32, number: u32| {
        format!(
            "---\n标题: 某办法\n发文机关: 某局\n索引号: 113701000041890072/2025-00001\n主题分类: 综合政务_政务公开\n成文日期: 2025-01-02\n发布日期: 2025-0{number}-03\n---\n\n第一条 答复期限为{days}日。\n\n第二条 其他事项另行规定。\n"
        )
    };
    let qa = "[[questions]]\nid = 'a'\nquestion = '几天答复？'\nanswer = '10日。'\nclauses = '第一条'\n[[questions]]\nid = 'b'\nquestion = '别的呢？'\nanswer = '另定。'\nclauses = '第二条'\n[[questions]]\nid = 'c'\nquestion = '上位办法？'\nanswer = '见那份。'\nclauses = '2024/old#第一条'\n";
    let (one, two) = (policy(10, 1), policy(5, 2));
    let mut sample = Sample::empty();
    sample.sets.push(published(
        "2025/a",
        &[&[("policy.md", &one), ("qa.toml", qa)], &[("policy.md", &two), ("qa.toml", qa)]],
    ));
    let old = policy(1, 1).replace("00001", "00002").replace("---\n\n第", "有效期至: 2025-12-31\n---\n\n第");
    sample.sets.push(published("2024/old", &[&[("policy.md", &old)]]));
    let tree = tree(&sample);
    let html = page(&tree, "policies/2025/a/qa/index.html");
    has_all(
        html,
        &["class=\"qa stale\" id=\"qa-a\"", "class=\"qa\" id=\"qa-b\"", "答复所依据的《某办法》已经失去效力"],
    );
    let beside = page(&tree, "policies/2025/a/index.html");
    assert_eq!(beside.matches("gloss stale").count(), 1);
    // The other set's page shows the question and where it comes from.
    has_all(page(&tree, "policies/2024/old/index.html"), &["上位办法？", "来自《某办法》"]);
}
