//! Exports of made-up policies, read back.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::Arc;

use super::*;
use jiedu_base::files::{SetFile, SetFiles};
use jiedu_base::name::{Digest, SetId};
use jiedu_config::Config;
use jiedu_model::{PublicationSet, parse_set};

const POLICY: &str = "---\n标题: 甲市停车办法\n发文机关: 甲市交通局\n发文字号: 甲交办〔2025〕1号\n索引号: 1/2025-1\n主题分类: 综合政务_政务公开\n成文日期: 2025-06-29\n发布日期: 2025-06-30\n施行日期: 2025-08-01\n---\n\n# 甲市停车办法\n\n各单位：\n\n## 第一章 总则\n\n第一条 为了“停车”<有序>&安全，制定本办法。\n\n第二条 有下列情形的：\n\n（一）收费；\n\n（二）**不**收费。\n\n1. 甲\n2. 乙\n\n| 车 | 费 |\n|---|---|\n| 小 | 3元 |\n\n甲市交通局\n\n2025年6月29日\n";

fn set(policy: &str) -> PublicationSet {
    let bytes: Arc<[u8]> = policy.as_bytes().into();
    let file = SetFile { path: "policy.md".into(), digest: Digest::of(&bytes), bytes };
    let material: Arc<[u8]> = "---\n标题: 解读\n形式: 文字\n---\n\n# 解读\n\n说明。\n".as_bytes().into();
    let more = SetFile { path: "materials/a.md".into(), digest: Digest::of(&material), bytes: material };
    let files = SetFiles { files: vec![more, file], faults: Vec::new() };
    parse_set(&SetId::parse("2025/a").unwrap(), &files, &config()).value
}

fn config() -> Config {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/");
    let settings = std::fs::read_to_string(format!("{root}repository/site.toml")).unwrap();
    Config::parse(&jiedu_base::text::SourceFile::new("site.toml", &settings)).value.unwrap()
}

fn source(set: &PublicationSet, edition: Option<u32>) -> Source<'_> {
    Source { set, policy: set.policy.as_ref().unwrap(), edition, at: "2025-06-30T09:00:00+08:00" }
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        parts.insert(file.name().unwrap().into_owned(), bytes);
    }
    parts
}

/// The texts of a document, and that its XML is well formed.
fn texts(xml: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let mut out = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(text) => out.push_str(&text),
            quick_xml::events::Event::GeneralRef(name) => {
                out.extend(["&", &*name, ";"]);
            }
            quick_xml::events::Event::Eof => return out,
            _ => {}
        }
    }
}

#[test]
fn plain_text_holds_every_word_once() {
    let set = set(POLICY);
    let text = plain_text(&source(&set, Some(1)));
    assert!(
        text.starts_with("甲市停车办法\n\n各单位：\n\n第一章 总则\n\n第一条 为了“停车”<有序>&安全"),
        "{text}"
    );
    assert!(text.contains("\n\n（二）不收费。\n\n1.甲\n\n2.乙\n\n车\t费\n小\t3元\n\n甲市交通局"), "{text}");
    assert_eq!(text.matches("甲市停车办法").count(), 1);
    assert!(plain_text(&source(&set, None)).starts_with("【未审签稿，不得公开】\n\n"));
}

#[test]
fn a_document_has_its_parts_and_is_the_same_twice() {
    let set = set(POLICY);
    let bytes = docx(&source(&set, Some(1)), Content::Set).unwrap();
    assert_eq!(bytes, docx(&source(&set, Some(1)), Content::Set).unwrap());
    let parts = parts(&bytes);
    for (name, part) in &parts {
        texts(std::str::from_utf8(part).unwrap());
        assert!(!name.starts_with('/'), "{name}");
    }
    let document = std::str::from_utf8(&parts["word/document.xml"]).unwrap();
    let words = texts(document);
    assert!(words.contains("第一条 为了“停车”&lt;有序&gt;&amp;安全"), "{words}");
    assert!(words.contains("2.乙") && words.contains("3元") && words.contains("说明。"));
    assert!(document.contains("w:val=\"Addressee\"") && !document.contains("headerReference"));
    let draft = docx(&source(&set, None), Content::Policy).unwrap();
    assert!(String::from_utf8_lossy(&self::parts(&draft)["word/document.xml"]).contains("headerReference"));
}

#[test]
fn changes_are_tracked_and_set_side_by_side() {
    let old = set(POLICY);
    let new = set(&POLICY
        .replace("（一）收费；", "（一）按次收费；")
        .replace("第二条 有下列情形的：", "第二条 有情形的："));
    let against = old.policy.as_ref().unwrap();
    let document = |content| {
        let bytes = docx(&source(&new, Some(2)), content).unwrap();
        String::from_utf8(parts(&bytes).remove("word/document.xml").unwrap()).unwrap()
    };
    let tracked = document(Content::Redline(against));
    texts(&tracked);
    assert!(
        tracked.contains("<w:ins w:id=") && tracked.contains("<w:delText xml:space=\"preserve\">下列"),
        "{tracked}"
    );
    let table = document(Content::Table(against));
    texts(&table);
    assert!(table.contains("本站整理，以正式公布文本为准") && table.contains("文字修改"));
    assert!(table.contains("<w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">按次"), "{table}");
    assert!(table.contains("<w:rPr><w:strike/></w:rPr><w:t xml:space=\"preserve\">下列"), "{table}");
}

#[test]
fn akoma_ntoso_nests_provisions_by_their_labels() {
    let set = set(POLICY);
    let xml = akoma_ntoso(&source(&set, Some(1)));
    let words = texts(&xml);
    for piece in [
        "<chapter eId=\"ch1\">",
        "<article eId=\"art1\">",
        "<num>第一条</num>",
        "<preface>\n<p>甲市停车办法</p>",
    ] {
        assert!(xml.contains(piece), "{piece}: {xml}");
    }
    assert!(words.contains("甲市交通局") && words.contains("按") || words.contains("收费；"), "{words}");
    let plain = self::set(
        "---\n标题: 公告\n发文机关: 局\n成文日期: 2025-01-01\n发布日期: 2025-01-01\n---\n\n只有一段。\n",
    );
    texts(&akoma_ntoso(&source(&plain, None)));
}

#[test]
fn an_archive_holds_the_approved_bytes() {
    let set = set(POLICY);
    let more = vec![("statements/a.commit".to_owned(), b"tree".to_vec())];
    let parts = parts(&archive(&source(&set, Some(1)), &more).unwrap());
    assert_eq!(parts["set/policy.md"], POLICY.as_bytes());
    assert_eq!(Digest::of(&parts["manifest.txt"]), set.digest.unwrap());
    assert_eq!(parts["statements/a.commit"], b"tree");
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    let set = set(&POLICY.replace("安全", "安\u{b}全\u{FFFF}"));
    let xml = akoma_ntoso(&source(&set, Some(1)));
    assert!(xml.contains("安\u{FFFD}全\u{FFFD}"));
}
