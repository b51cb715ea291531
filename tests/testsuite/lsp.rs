//! The language server as an editor meets it.

use std::path::Path;

use serde_json::{Value, json};

use crate::lsp_client::{Client, abilities, address};

const SITE: &str = "[site]\nname = \"示例局政策文件库\"\nbase_url = \"https://policy.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n";
const HEAD: &str = "---\n标题: 关于做好出行服务工作的通知\n发文机关: 示例市交通运输局\n索引号: 113701000041890072/2025-00014\n主题分类: 工业、交通_其他\n成文日期: 2025-06-24\n发布日期: 2025-06-30\n---\n\n";
const BODY: &str = "# 关于做好出行服务工作的通知\n\n## 一、总体要求\n\n坚持服务群众。\n\n## 二、主要任务\n\n（一）完善站点。各单位要完善公交站点。\n\n（二）优化线路。各单位要优化公交线路。\n";
const MATERIAL: &str = "---\n标题: 《关于做好出行服务工作的通知》解读\n形式: 文字解读\n发布日期: 2025-06-30\n---\n\n## [为什么要完善站点](clause:（一）)\n\n站点便民😀𠮷,方便出行。见[第（二）项](clause:（二）)。\n";
const PLAN: &str = "---\n解读单位: 办公室\n第一解读人: 局主要负责人\n解读时间: 2025-06-30\n解读形式:\n  - 形式: 文字解读\n    渠道: [门户网站]\n    时间: 2025-06-30\n    负责人: 办公室\n    材料: article.md\n---\n\n提纲\n";

/// A repository on disk with two sets.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("site.toml", SITE);
        for set in ["2025/chuxing", "2025/qita"] {
            let number = if set.ends_with("qita") { "00015" } else { "00014" };
            folder.write(&policy(set), &format!("{HEAD}{BODY}").replace("00014", number));
            folder.write(&format!("content/policies/{set}/plan.md"), PLAN);
            folder.write(&material(set), MATERIAL);
        }
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn address(&self, path: &str) -> String {
        address(&self.0.path().join(path))
    }
}

fn policy(set: &str) -> String {
    format!("content/policies/{set}/policy.md")
}

fn material(set: &str) -> String {
    format!("content/policies/{set}/materials/article.md")
}

/// The line that holds a text, and the UTF-16 units before it.
fn find(text: &str, what: &str) -> (u32, u32) {
    let at = text.find(what).unwrap();
    let before = &text[..at];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let (line, column) = (before.matches('\n').count(), before[start..].encode_utf16().count());
    (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
}

fn of_rule<'a>(all: &'a [Value], code: &str) -> Vec<&'a Value> {
    all.iter().filter(|one| one["code"] == code).collect()
}

fn labels(result: &Value) -> Vec<&str> {
    result.as_array().into_iter().flatten().map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn findings_stand_at_the_right_units_in_every_encoding() {
    for encoding in ["utf-16", "utf-8", "utf-32"] {
        let mut client = Client::ready(encoding);
        client.open("untitled:Untitled-1", "标题\r\n\r\n便民😀𠮷站,方便出行。\r\n");
        let found = client.wait("untitled:Untitled-1", 1);
        let mark = of_rule(&found, "P101").first().copied().cloned().unwrap_or_else(|| panic!("{found:?}"));
        let before = "便民😀𠮷站";
        let units = match encoding {
            "utf-8" => before.len(),
            "utf-16" => before.encode_utf16().count(),
            _ => before.chars().count(),
        };
        assert_eq!(mark["range"]["start"], json!({"line": 2, "character": units}), "{encoding}");
        assert_eq!(mark["range"]["end"], json!({"line": 2, "character": units + 1}), "{encoding}");
        assert_eq!(client.stop(), 0);
    }
}

#[test]
fn a_finding_tells_its_rule_and_leads_to_its_page() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let address = folder.address(&material("2025/chuxing"));
    client.open(&address, MATERIAL);
    let found = client.wait(&address, 1);
    let mark = of_rule(&found, "P101")[0];
    assert_eq!((&mark["severity"], &mark["source"]), (&json!(1), &json!("jiedu")));
    let href = mark["codeDescription"]["href"].as_str().unwrap();
    let (file, line) = href.strip_prefix("file://").unwrap().rsplit_once("#L").unwrap();
    let pages = std::fs::read_to_string(file).unwrap();
    assert!(pages.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap().starts_with("P101"));

    let (line, column) = find(MATERIAL, ",方便");
    let hover = client.at("textDocument/hover", &address, line, column);
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("P101") && text.contains("检查什么"), "{text}");
    assert_eq!(hover["range"], mark["range"]);
    assert_eq!(client.stop(), 0);
}

#[test]
fn unsaved_text_overrides_the_folder() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let (text, article) =
        (folder.address(&policy("2025/chuxing")), folder.address(&material("2025/chuxing")));
    let whole = format!("{HEAD}{BODY}");
    client.open(&text, &whole);
    client.wait(&text, 1);
    client.open(&article, MATERIAL);
    assert!(of_rule(&client.wait(&article, 1), "L301").is_empty());

    // The provision goes, and the link in the other text breaks.
    let (line, _) = find(&whole, "（二）优化线路");
    let range = json!({"start": {"line": line, "character": 0}, "end": {"line": line + 1, "character": 0}});
    client.change(&text, 2, json!([{"range": range, "text": ""}]));
    client.wait(&text, 2);
    let broken = of_rule(&client.wait(&article, 1), "L301").len();
    assert_eq!(broken, 1, "{:?}", client.diagnostics[&article]);

    // Front matter and the rules of the whole set are judged too.
    client.change(&text, 3, json!([{"text": whole.replace("标题: ", "标体: ")}]));
    let found = client.wait(&text, 3);
    assert!(!of_rule(&found, "M105").is_empty() && !of_rule(&found, "M106").is_empty(), "{found:?}");
    client.change(&text, 4, json!([{"text": whole}]));
    client.wait(&text, 4);
    client.note("textDocument/didClose", json!({"textDocument": {"uri": article}}));
    client.note("textDocument/didClose", json!({"textDocument": {"uri": text}}));
    while client.diagnostics.values().any(|(_, all)| !all.is_empty()) {
        client.hear();
    }
    assert_eq!(client.stop(), 0);
}

#[test]
fn entries_of_a_later_day_wait_in_texts_without_a_date() {
    let folder = Folder::new();
    let list = |day: &str| {
        let text =
            "owner = \"办公室\"\nreason = \"改名\"\n[[terms]]\nuse = \"方便乘客\"\navoid = [\"优化线路\"]\n";
        folder.write("wordlists/a.toml", &format!("valid-from = {day}\n{text}"));
    };
    let dated = |line: &&str| !line.starts_with("成文日期") && !line.starts_with("发布日期");
    let head: String = HEAD.split_inclusive('\n').filter(dated).collect();
    for (day, wanted) in [("2099-01-01", 0), ("2001-01-01", 1)] {
        list(day);
        let mut client = Client::ready("utf-16");
        let text = folder.address(&policy("2025/chuxing"));
        client.open(&text, &format!("{head}{BODY}"));
        assert_eq!(of_rule(&client.wait(&text, 1), "P511").len(), wanted, "{:?}", client.diagnostics[&text]);
        assert_eq!(client.stop(), 0);
    }
}

#[test]
fn synchrony_is_judged_for_the_set_and_the_folder_is_watched() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let text = folder.address(&policy("2025/chuxing"));
    client.open(&text, &format!("{HEAD}{BODY}"));
    let before = client.wait(&text, 1);
    assert!(of_rule(&before, "TS-01").is_empty(), "{before:?}");
    assert_eq!(client.asked[0]["method"], "client/registerCapability");

    let plan = "content/policies/2025/chuxing/plan.md";
    std::fs::remove_file(folder.0.path().join(plan)).unwrap();
    let change = json!({"changes": [{"uri": folder.address(plan), "type": 3}]});
    client.note("workspace/didChangeWatchedFiles", change);
    loop {
        client.hear();
        if let Some((_, all)) = client.diagnostics.get(&text)
            && !of_rule(all, "TS-01").is_empty()
        {
            break;
        }
    }
    // Sets in which nobody writes are left alone.
    assert!(!client.diagnostics.keys().any(|address| address.contains("qita")), "{:?}", client.diagnostics);
    assert_eq!(client.stop(), 0);
}

#[test]
fn fixes_are_offered_by_grade() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let address = folder.address(&material("2025/chuxing"));
    let text = MATERIAL.replace("形式: 文字解读", "形事: 文字解读");
    client.open(&address, &text);
    client.wait(&address, 1);
    let ask = |client: &mut Client, what: &str, only: Value| {
        let (line, character) = find(&text, what);
        let place = json!({"line": line, "character": character});
        let range = json!({"start": place, "end": place});
        let context = json!({"diagnostics": [], "only": only});
        let params = json!({"textDocument": {"uri": address}, "range": range, "context": context});
        client.ask("textDocument/codeAction", params)["result"].as_array().unwrap().clone()
    };
    let safe = ask(&mut client, ",方便", json!(["quickfix"]));
    assert_eq!((safe.len(), &safe[0]["isPreferred"]), (1, &json!(true)), "{safe:?}");
    let change = &safe[0]["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["version"], 1);
    assert_eq!(change["edits"][0]["newText"], "，");
    let review = ask(&mut client, "形事", json!(["quickfix"]));
    assert_eq!((review.len(), &review[0]["isPreferred"]), (1, &json!(false)), "{review:?}");
    let all = ask(&mut client, "便民", json!(["source"]));
    assert_eq!((all.len(), &all[0]["kind"]), (1, &json!("source.fixAll")), "{all:?}");
    let edits = all[0]["edit"]["documentChanges"][0]["edits"].as_array().unwrap();
    assert!(
        edits.iter().any(|edit| edit["newText"] == "，")
            && !edits.iter().any(|edit| edit["newText"] == "形式")
    );
    assert!(ask(&mut client, ",方便", json!(["refactor"])).is_empty());
    assert_eq!(client.stop(), 0);
}

#[test]
fn links_lead_to_provisions_and_back() {
    let folder = Folder::new();
    let other = MATERIAL.replace("(clause:（二）)", "(clause:2025/chuxing#（二）)");
    folder.write(&material("2025/qita"), &other);
    let mut client = Client::ready("utf-16");
    let (text, article) = (folder.address(&policy("2025/chuxing")), folder.address(&material("2025/qita")));
    let whole = format!("{HEAD}{BODY}");
    client.open(&article, &other);
    let (line, column) = find(&other, "第（二）项");
    let spot = client.at("textDocument/definition", &article, line, column);
    assert_eq!(spot["uri"], json!(text));
    let (target, _) = find(&whole, "（二）优化线路");
    assert_eq!(spot["range"]["start"], json!({"line": target, "character": 0}));
    let hover = client.at("textDocument/hover", &article, line, column);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("各单位要优化公交线路"), "{hover}");

    client.open(&text, &whole);
    let found = client.at("textDocument/references", &text, target, 5);
    let places: Vec<&str> =
        found.as_array().unwrap().iter().map(|one| one["uri"].as_str().unwrap()).collect();
    let own = folder.address(&material("2025/chuxing"));
    assert_eq!(places, [own.as_str(), &text, &article], "{found}");
    assert_eq!(client.stop(), 0);
}

#[test]
fn keys_values_and_clauses_are_completed() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let (text, article) =
        (folder.address(&policy("2025/chuxing")), folder.address(&material("2025/chuxing")));
    let half = format!("{HEAD}{BODY}").replace("\n---\n\n#", "\n有效性: \n公开\n征求意见:\n  开\n---\n\n#");
    client.open(&text, &half);
    let complete = |client: &mut Client, address: &str, text: &str, after: &str| {
        let (line, column) = find(text, after);
        let units = u32::try_from(after.encode_utf16().count()).unwrap();
        client.at("textDocument/completion", address, line, column + units)
    };
    let keys = complete(&mut client, &text, &half, "\n公开".trim_start());
    let found = labels(&keys);
    assert!(found.contains(&"公开方式") && found.contains(&"disclosure"), "{found:?}");
    assert!(!found.contains(&"标题"), "a key that is given is not offered again");
    let nested = complete(&mut client, &text, &half, "  开");
    assert_eq!(labels(&nested)[..2], ["开始", "from"]);
    let values = complete(&mut client, &text, &half, "有效性: ");
    assert!(labels(&values).contains(&"部分有效"), "{values}");
    let kinds = complete(&mut client, &text, &half, "标题: 关于做好出行服务工作的");
    assert!(labels(&kinds).contains(&"通知"));

    let half = MATERIAL.replace("](clause:（二）)", "](clause:");
    client.open(&article, &half);
    let clauses = complete(&mut client, &article, &half, "见[第（二）项](clause:");
    let found = labels(&clauses);
    assert!(found.contains(&"（二）") && found.contains(&"2025/qita"), "{found:?}");
    let half = MATERIAL.replace("](clause:（二）)", "](clause:2025/qita#");
    client.change(&article, 2, json!([{"text": half}]));
    let clauses = complete(&mut client, &article, &half, "见[第（二）项](clause:2025/qita#");
    let item = clauses.as_array().unwrap().iter().find(|item| item["label"] == "（一）").unwrap();
    assert_eq!(item["textEdit"]["newText"], "（一）");
    assert_eq!(item["detail"], "完善站点");

    let roster = "[[person]]\nroles = [{ step = \"f";
    let address = folder.address("roster/1.toml");
    client.open(&address, roster);
    let steps = complete(&mut client, &address, roster, "step = \"f");
    assert!(labels(&steps).contains(&"first-review"), "{steps}");
    assert_eq!(client.stop(), 0);
}

#[test]
fn provisions_are_the_outline_of_a_policy() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let text = folder.address(&policy("2025/chuxing"));
    client.open(&text, &format!("{HEAD}{BODY}"));
    let params = json!({"textDocument": {"uri": text}});
    let outline = client.ask("textDocument/documentSymbol", params)["result"].take();
    let names: Vec<&str> =
        outline.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["一、 总体要求", "二、 主要任务"], "{outline}");
    let second = &outline[1];
    assert_eq!(second["children"][1]["detail"], "（二）");
    assert!(
        second["range"]["end"]["line"].as_u64() >= second["children"][1]["range"]["end"]["line"].as_u64()
    );
    assert_eq!(client.stop(), 0);
}

#[test]
fn the_last_version_wins() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let address = folder.address(&material("2025/chuxing"));
    client.open(&address, MATERIAL);
    for version in 2..60 {
        let mark = if version % 2 == 0 { "，" } else { "," };
        client.change(
            &address,
            version,
            json!([{"text": MATERIAL.replace(",方便", &format!("{mark}方便"))}]),
        );
    }
    client.change(&address, 60, json!([{"text": MATERIAL.replace(",方便", "，方便")}]));
    let found = client.wait(&address, 60);
    assert!(of_rule(&found, "P101").is_empty(), "{found:?}");
    assert_eq!(client.stop(), 0);
}

#[test]
fn a_cancelled_request_is_answered_as_cancelled() {
    let mut client = Client::ready("utf-16");
    client.open("untitled:a", &"便民,方便。\n\n".repeat(20_000));
    let params = json!({"textDocument": {"uri": "untitled:a"}});
    // The first keeps the server busy while the others arrive.
    let hover = json!({"textDocument": {"uri": "untitled:a"}, "position": {"line": 0, "character": 2}});
    let busy = client.request("textDocument/hover", hover);
    let waiting = client.request("textDocument/documentSymbol", params);
    client.note("$/cancelRequest", json!({"id": waiting}));
    assert!(client.answer(busy).get("error").is_none());
    assert_eq!(client.answer(waiting)["error"]["code"], -32800);
    assert_eq!(client.stop(), 0);
}

#[test]
fn hostile_messages_neither_stop_nor_confuse_the_server() {
    let folder = Folder::new();
    let mut client = Client::start(&["--lang", "en"]);
    let early = client.ask("textDocument/hover", json!({}));
    assert_eq!(early["error"]["code"], -32002);
    let broken = client.ask("initialize", json!({"capabilities": 7}));
    assert_eq!(broken["error"]["code"], -32602);
    assert!(client.ask("initialize", abilities(&["utf-7", "utf-32"]))["result"]["capabilities"].is_object());
    assert_eq!(client.ask("initialize", abilities(&[]))["error"]["code"], -32600);
    client.raw(b"Content-Length: 4\r\n\r\n{\"a\"");
    assert_eq!(client.hear()["error"]["code"], -32700);
    client.raw(b"Content-Length: 40\r\n\r\n{\"id\":1.5,\"method\":\"textDocument/hover\"}");
    client.raw(b"Content-Length: 2\r\n\r\n[]");
    assert_eq!(client.ask("workspace/nothing", json!([1, 2]))["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!({"textDocument": 1}))["error"]["code"], -32602);

    let address = folder.address(&material("2025/chuxing"));
    let far = json!({"line": u32::MAX, "character": u32::MAX});
    client.change(&address, 1, json!([{"text": "x"}]));
    client.open(&address, MATERIAL);
    client.change(
        &address,
        2,
        json!([{"range": {"start": far, "end": {"line": 0, "character": 0}}, "text": "\r"}]),
    );
    client.change(&address, 3, json!([{"range": {"start": {"line": -1}}, "text": "x"}]));
    client.change(
        &address,
        4,
        json!([{"range": {"start": {"line": 0, "character": 1}, "end": far}, "text": "\u{0}"}]),
    );
    for method in ["hover", "completion", "definition", "references"] {
        let result = client.at(&format!("textDocument/{method}"), &address, u32::MAX, u32::MAX);
        assert!(result.is_null() || result.as_array().is_some_and(Vec::is_empty), "{method}: {result}");
    }
    client.note(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "file:///%zz", "languageId": 5, "version": 1, "text": "x"}}),
    );
    client.note("textDocument/didClose", json!({"textDocument": {"uri": "nothing:"}}));
    client.open("file:///proc/self/mem/a.md", "便民,方便。");
    assert!(!client.wait("file:///proc/self/mem/a.md", 1).is_empty());
    assert_eq!(client.stop(), 0);
}

#[test]
fn the_exit_code_tells_whether_the_end_was_in_order() {
    let mut client = Client::ready("utf-16");
    client.note("exit", Value::Null);
    assert_eq!(client.end(), 1);
    let client = Client::ready("utf-16");
    assert_eq!(client.end(), 1, "the editor is gone without a word");
    let mut client = Client::ready("utf-16");
    client.raw(b"Content-Length: 99999999999999999\r\n\r\n");
    assert_eq!(client.end(), 2);
}

#[test]
fn broken_settings_are_told_and_do_not_silence_the_rest() {
    let folder = Folder::new();
    let mut client = Client::ready("utf-16");
    let (settings, article) = (folder.address("site.toml"), folder.address(&material("2025/chuxing")));
    client.open(&article, MATERIAL);
    client.wait(&article, 1);
    client.open(&settings, &SITE.replace("uscc", "uscd"));
    assert!(!client.wait(&settings, 1).is_empty());
    client.change(&article, 2, json!([{"text": MATERIAL.replace("便民", "便民便民,")}]));
    assert!(!of_rule(&client.wait(&article, 2), "P101").is_empty());
    assert!(Path::new(folder.0.path()).exists());
    assert_eq!(client.stop(), 0);
}
