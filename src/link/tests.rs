//! Tests of the graph.

use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles, Snapshot};
use jiedu_base::finding::Checked;
use jiedu_base::name::Digest;
use jiedu_base::text::SourceFile;
use jiedu_config::Config;
use jiedu_model::Corpus;

const SITE: &str = "[site]\nname = \"x\"\nbase_url = \"https://x.example/\"\n[office]\nname = \"某局\"\nuscc = \"113701000041890072\"\n";

fn files(parts: &[(&str, &str)]) -> SetFiles {
    let file = |(path, text): &(&str, &str)| SetFile {
        path: (*path).to_owned(),
        bytes: Arc::from(text.as_bytes()),
        digest: Digest::of(text.as_bytes()),
    };
    let mut files: Vec<SetFile> = parts.iter().map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    SetFiles { files, faults: Vec::new() }
}

fn policy(number: u32, extra: &str, body: &str) -> String {
    format!(
        "---\n标题: 某局关于事{number}的通知\n发文机关: 某局\n发文字号: 某发〔2025〕{number}号\n索引号: 113701000041890072/2025-{number}\n主题分类: 综合政务\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n{extra}---\n\n{body}"
    )
}

fn material(extra: &str, body: &str) -> String {
    format!("---\n标题: 解读\n{extra}---\n\n{body}")
}

const BODY: &str = "一、甲\n\n（一）子\n\n（二）丑\n\n二、乙\n\n（一）寅\n";

fn resolve(sets: &[(&str, &[(&str, &str)])], pages: &[(&str, &str)]) -> (Corpus, Checked<Graph>) {
    let config = Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap();
    let sets = sets.iter().map(|(id, parts)| (id_of(id), files(parts))).collect();
    let snapshot = Snapshot { sets, site: files(pages), ..Snapshot::default() };
    let corpus = Corpus::parse(&snapshot, &config).value;
    let graph = Graph::resolve(&corpus);
    (corpus, graph)
}

fn id_of(text: &str) -> SetId {
    SetId::parse(text).unwrap()
}

fn codes(graph: &Checked<Graph>) -> Vec<&str> {
    graph.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn clause_links_resolve_both_ways_and_across_sets() {
    let article = material(
        "",
        "## [甲的第二项](clause:（二）)\n\n又见[寅](clause:二、（一）)和[另一份](clause:2025/b#二、)。\n",
    );
    let (_, graph) = resolve(
        &[
            ("2025/a", &[("policy.md", &policy(1, "", BODY)), ("materials/article.md", &article)]),
            ("2025/b", &[("policy.md", &policy(2, "", BODY))]),
        ],
        &[],
    );
    assert_eq!(graph.findings, []);
    let graph = graph.value;
    let path = "content/policies/2025/a/materials/article.md";
    assert_eq!(
        graph.target(path, "clause:（二）"),
        Some(&LinkTarget::Provision { set: id_of("2025/a"), index: 2, anchor: "s1-2".to_owned() })
    );
    let whole = &graph.explanations(&id_of("2025/a"), 2)[0];
    assert_eq!((whole.material.as_str(), whole.anchor.as_str(), whole.is_whole), ("article", "sec1", true));
    assert!(!graph.explanations(&id_of("2025/a"), 4)[0].is_whole);
    assert_eq!(graph.explanations(&id_of("2025/b"), 3)[0].set, id_of("2025/a"));
    assert_eq!(graph.explanations(&id_of("2025/b"), 0), []);
    assert_eq!(graph.explanations(&id_of("2025/c"), 99), []);
}

#[test]
fn bad_clause_links_name_candidates_and_do_not_block() {
    let body =
        "[x](clause:（一）) [x](clause:（九）) [x](clause:2025/bb#一、) [x](clause:s2-1) [x](clause:第三条)";
    let (_, graph) = resolve(
        &[
            ("2025/a", &[("policy.md", &policy(1, "", BODY)), ("materials/m.md", &material("", body))]),
            ("2025/b", &[("policy.md", &policy(2, "", BODY))]),
        ],
        &[],
    );
    assert_eq!(codes(&graph), ["L302", "L301", "L303", "L301"]);
    assert!(graph.findings.iter().all(|finding| !finding.blocks && finding.set.as_deref() == Some("2025/a")));
    assert!(
        graph.findings[0].message.zh.contains("一、（一）、二、（一）"),
        "{}",
        graph.findings[0].message.zh
    );
    assert!(graph.findings[2].notes[0].zh.contains("2025/b"));
    assert!(!graph.findings[3].notes.is_empty());
}

#[test]
fn files_pages_and_addresses() {
    let good = "[a](../attachments/%E8%A1%A8.pdf) ![图](pic.png) [p](../policy.md) [m](m.md#sec1) [o](../../b/policy.md) [w](/about/) [h](https://x.example) [f](#s1)\n\n## x";
    let bad = "[a](../attachments/没有.pdf) [b](../../../../../../etc/passwd) [c](/nowhere/) [d](javascript:x) [e](#none) [f](../plan.md) [g](../policy.md#none) [h](m.md#sec9) [i](../policy.md#s1)";
    let (_, graph) = resolve(
        &[
            (
                "2025/a",
                &[
                    ("policy.md", &policy(1, "", BODY)),
                    ("plan.md", "---\n---\n"),
                    ("materials/m.md", &material("", good)),
                    ("materials/n.md", &material("", bad)),
                    ("materials/pic.png", "x"),
                    ("attachments/表.pdf", "x"),
                ],
            ),
            ("2025/b", &[("policy.md", &policy(2, "", BODY))]),
        ],
        &[
            (
                "content/pages/about.md",
                "---\n标题: 关于\n---\n[g](guide/contact.md) [x](clause:2025/a#一、) [y](clause:一、)",
            ),
            ("content/pages/guide/contact.md", "---\n标题: 联系\n---\n"),
        ],
    );
    assert_eq!(codes(&graph), ["L304", "L304", "L304", "L305", "L304", "L304", "L304", "L304", "L306"]);
    let path = "content/policies/2025/a/materials/m.md";
    let graph = graph.value;
    let file = |path: &str| LinkTarget::File { set: id_of("2025/a"), path: path.to_owned() };
    assert_eq!(graph.target(path, "../attachments/%E8%A1%A8.pdf"), Some(&file("attachments/表.pdf")));
    assert_eq!(graph.target(path, "pic.png"), Some(&file("materials/pic.png")));
    assert_eq!(
        graph.target(path, "../../b/policy.md"),
        Some(&LinkTarget::Policy { set: id_of("2025/b"), fragment: None })
    );
    assert!(matches!(graph.target(path, "m.md#sec1"), Some(LinkTarget::Material { fragment: Some(_), .. })));
    assert!(matches!(
        graph.target("content/pages/about.md", "guide/contact.md"),
        Some(LinkTarget::Page { .. })
    ));
}

#[test]
fn materials_and_relations_are_known_from_both_ends() {
    let (_, graph) = resolve(
        &[
            (
                "2025/a",
                &[
                    (
                        "policy.md",
                        &policy(1, "废止: [某发〔2025〕2号, 外发〔2020〕1号]\n修改: [2025/zz]\n", BODY),
                    ),
                    ("materials/m.md", &material("解读对象: [2025/a, 2025/b, 2025/c]\n", "x")),
                ],
            ),
            ("2025/b", &[("policy.md", &policy(2, "", BODY)), ("materials/own.md", &material("", "x"))]),
        ],
        &[],
    );
    assert_eq!(codes(&graph), ["L307", "L308"]);
    let graph = graph.value;
    let names: Vec<_> =
        graph.materials(&id_of("2025/b")).iter().map(|material| material.name.as_str()).collect();
    assert_eq!(names, ["own", "m"]);
    assert_eq!(graph.relations(&id_of("2025/b")), [(Relation::RepealedBy, id_of("2025/a"))]);
    assert_eq!(graph.relations(&id_of("2025/a")), [(Relation::Repeals, id_of("2025/b"))]);
}

#[test]
fn nothing_depends_on_the_order_of_files() {
    let article = material("", "[x](clause:（二）) [y](n.md) [z](../attachments/a.pdf) [w](clause:（九）)");
    let first = policy(1, "废止: [2025/b]\n", BODY);
    let mut parts = [
        ("policy.md", first.as_str()),
        ("materials/m.md", article.as_str()),
        ("materials/n.md", article.as_str()),
        ("materials/o.md", article.as_str()),
        ("attachments/a.pdf", "x"),
    ];
    let second = policy(2, "", BODY);
    let config = Config::parse(&SourceFile::new("site.toml", SITE)).value.unwrap();
    let mut results = Vec::new();
    for turn in 0..parts.len() {
        parts.rotate_left(turn);
        let mut unsorted = SetFiles::default();
        unsorted.files.extend(parts.iter().flat_map(|part| files(&[*part]).files));
        let sets = [(id_of("2025/a"), unsorted), (id_of("2025/b"), files(&[("policy.md", &second)]))].into();
        let corpus = Corpus::parse(&Snapshot { sets, ..Snapshot::default() }, &config).value;
        results.push(Graph::resolve(&corpus));
    }
    assert_eq!(codes(&results[0]), ["L301"; 3]);
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Bad links by the thousand in a text of many provisions.
#[test]
fn hostile_links_are_resolved_in_linear_time() {
    let links = (0..5_000)
        .map(|at| format!("[x](clause:（{at}）) [y](#z{at}) [z](no{at}.md) [w](clause:（一）)\n\n"))
        .collect::<Vec<_>>()
        .concat();
    let labels: String = (0..5_000).map(|_| "（一）甲。乙\n\n").collect();
    let (_, graph) = resolve(
        &[("2025/a", &[("policy.md", &policy(1, "", &labels)), ("materials/m.md", &material("", &links))])],
        &[],
    );
    assert_eq!(graph.findings.len(), 20_000);
    assert!(graph.findings.iter().filter(|finding| !finding.notes.is_empty()).count() < 6_000);
}

#[test]
fn data_files_and_topics_name_what_exists() {
    let policies = [policy(1, "", BODY), policy(2, "", BODY)];
    let qa = "[[questions]]\nquestion = '甲？'\nanswer = '一。'\nclauses = ['（二）', '一、（九）', '2025/b#二、', '2025/b', '2025/c#一、']\n";
    let opinions = "published = 2025-07-01\n[[opinions]]\ntext = '甲'\nadopted = 'yes'\nclauses = '（一）'\n";
    let topic = "---\n标题: 专题\n政策: [2025/a, 2025/d]\n---\n\n见[子](clause:2025/a#（二）)。\n";
    let (_, graph) = resolve(
        &[
            ("2025/a", &[("policy.md", &policies[0]), ("qa.toml", qa), ("opinions.toml", opinions)]),
            ("2025/b", &[("policy.md", &policies[1])]),
        ],
        &[("content/topics/t.md", topic), ("site.toml", SITE)],
    );
    let found: Vec<(&str, &str, &str)> = graph
        .findings
        .iter()
        .map(|finding| {
            let place = &finding.place;
            (finding.code, finding.set.as_deref().unwrap(), place.file.as_ref().unwrap().slice(place.range))
        })
        .collect();
    assert_eq!(
        found,
        [
            ("L301", "2025/a", "一、（九）"),
            ("L303", "2025/a", "2025/c#一、"),
            ("L302", "2025/a", "（一）"),
            ("L310", "site", "2025/d"),
        ]
    );
}
