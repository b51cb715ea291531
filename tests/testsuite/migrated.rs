//! `jiedu migrate`: a shelf of pages and files becomes sets.

use std::fs;

use crate::program::jiedu;

fn page(title: &str, url: &str, body: &str) -> String {
    format!(
        "<html><head><meta name='ArticleTitle' content='{title}'><meta name='PubDate' content='2024-03-05'><meta name='Url' content='{url}'></head>\
         <body><div class='nav'><a href='/'>用户登录</a></div><div class='article-content'>{body}</div></body></html>"
    )
}

fn shelf() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git2::Repository::init(folder.path()).unwrap();
    let site = "[site]\nname = \"示例\"\nbase_url = \"https://p.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"11990100MB0000019L\"\n";
    fs::write(folder.path().join("site.toml"), site).unwrap();
    let shelf = folder.path().join("shelf");
    fs::create_dir_all(shelf.join("files")).unwrap();
    let old = page(
        "示例市交通运输局关于停车收费的通知",
        "https://old.example/1.html",
        "<p>示交发〔2020〕3号</p><p>各单位应当按照规定收取停车费用，不得多收。</p><p>示例市交通运输局</p><p>2020年3月2日</p>",
    );
    let new = page(
        "示例市交通运输局关于印发《示例市停车管理办法》的通知",
        "https://old.example/2.html",
        "<p>示交发〔2024〕7号</p><p>现将《示例市停车管理办法》印发给你们，请遵照执行。《示例市交通运输局关于停车收费的通知》（示交发〔2020〕3号）同时废止。</p><p>附件：<a href='files/fee.xlsx'>收费表.xlsx</a></p><p>示例市交通运输局</p><p>2024年3月2日</p>",
    );
    let explained = page(
        "《示例市停车管理办法》解读",
        "https://old.example/3.html",
        "<p>《示例市停车管理办法》（示交发〔2024〕7号）已经印发，现解读如下，方便群众理解。</p>",
    );
    let lonely = page(
        "某项政策解读",
        "https://old.example/4.html",
        "<p>现就有关内容作如下说明，供群众参考和理解。</p>",
    );
    let secret = page(
        "关于停车的内部通知",
        "https://old.example/5.html",
        "<p>机密★5年</p><p>各单位应当按照规定做好有关工作，注意保密。</p>",
    );
    for (name, text) in [
        ("1.html", &old),
        ("2.html", &new),
        ("3.html", &explained),
        ("4.html", &lonely),
        ("5.html", &secret),
        ("9.html", &new),
    ] {
        fs::write(shelf.join(name), text).unwrap();
    }
    fs::write(shelf.join("files/fee.xlsx"), b"table").unwrap();
    fs::write(shelf.join("broken.docx"), b"PK\x03\x04").unwrap();
    folder
}

#[test]
fn a_shelf_becomes_sets_with_their_interpretations_and_addresses() {
    let folder = shelf();
    let root = folder.path();
    let run =
        jiedu(root, &["migrate", "shelf", "--format", "json"], b"").expect(1, &["broken.docx", "5.html"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["schema"], "jiedu.migrate/1");
    let of = |file: &str| {
        let documents = report["documents"].as_array().unwrap();
        documents.iter().find(|it| it["file"] == file).unwrap_or_else(|| panic!("{file} in {report}")).clone()
    };
    let outcomes = ["2.html", "9.html", "3.html", "4.html", "5.html", "broken.docx"]
        .map(|file| of(file)["outcome"].as_str().unwrap_or_default().to_owned());
    assert_eq!(outcomes, ["imported", "duplicate", "imported", "doubtful", "marked", "failed"], "{report}");
    assert_eq!(of("3.html")["set"], of("2.html")["set"]);
    assert_eq!(of("4.html")["outcome"], "doubtful");
    assert_eq!(of("5.html")["outcome"], "marked");
    assert_eq!(of("broken.docx")["outcome"], "failed");
    assert_eq!(of("2.html")["replaces"][0]["file"], "1.html");
    let path = root.join(of("2.html")["path"].as_str().unwrap());
    let policy = fs::read_to_string(&path).unwrap();
    assert!(policy.contains("废止:\n  - 示交发〔2020〕3号\n"), "{policy}");
    assert!(policy.contains("](attachments/"), "{policy}");
    assert_eq!(of("2.html")["attachments"][0]["name"], "收费表.xlsx");
    let redirects = fs::read_to_string(root.join("redirects.csv")).unwrap();
    let set = of("2.html")["set"].as_str().unwrap().to_owned();
    assert!(
        redirects.contains(&format!("https://old.example/2.html,https://p.example.gov.cn/policies/{set}/")),
        "{redirects}"
    );
    assert!(redirects.contains("https://old.example/3.html,"), "{redirects}");
}

#[test]
fn a_second_run_imports_nothing_twice() {
    let folder = shelf();
    let root = folder.path();
    let first = jiedu(root, &["migrate", "shelf", "--format", "json"], b"").expect(1, &[]);
    let report: serde_json::Value = serde_json::from_str(&first.out).unwrap();
    let documents = report["documents"].as_array().unwrap();
    let document = documents.iter().find(|it| it["file"] == "2.html").unwrap();
    let path = root.join(document["path"].as_str().unwrap());
    let policy = fs::read_to_string(&path).unwrap();
    let redirects = fs::read_to_string(root.join("redirects.csv")).unwrap();

    // Again: nothing is imported twice, and what a person wrote stays.
    fs::write(&path, policy.replace("遵照执行", "遵照执行（核对）")).unwrap();
    let again = jiedu(root, &["migrate", "shelf", "--format", "json"], b"").expect(1, &[]);
    let report: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert!(report["counts"]["imported"].is_null(), "{report}");
    assert!(fs::read_to_string(&path).unwrap().contains("（核对）"));
    assert_eq!(fs::read_to_string(root.join("redirects.csv")).unwrap(), redirects);
}

#[test]
fn a_list_beside_the_shelf_gives_what_pages_do_not_print() {
    let folder = shelf();
    let root = folder.path();
    let list = "文件,标题,文号,网址,发布日期\n1.html,关于停车收费的通知,示交发〔2020〕3号,https://older.example/x?id=1,2020-03-05\n";
    fs::write(root.join("list.csv"), list).unwrap();
    jiedu(root, &["migrate", "shelf", "--map", "list.csv"], b"").expect(1, &["redirects.csv"]);
    let redirects = fs::read_to_string(root.join("redirects.csv")).unwrap();
    assert!(redirects.contains("https://older.example/x?id=1,"), "{redirects}");
    jiedu(root, &["migrate", "nowhere"], b"").expect(2, &["nowhere"]);
    fs::write(root.join("bad.csv"), "一,二\n").unwrap();
    jiedu(root, &["migrate", "shelf", "--map", "bad.csv"], b"").expect(2, &["列名"]);
}
