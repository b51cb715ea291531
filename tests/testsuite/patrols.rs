//! A patrol over what is published, long after it was approved.

use jiedu::name::Digest;
use serde_json::Value;

use crate::attachments::workbook;
use crate::program::{Run, in_project};
use crate::project::{Project, project};

const AT: &str = "2026-07-01T09:00:00+08:00";

fn patrol(project: &Project, at: &str) -> Run {
    in_project(project, &["patrol", "--at", at, "--format", "json"])
}

fn items(run: &Run) -> Vec<Value> {
    run.json()["items"].as_array().unwrap().clone()
}

fn of<'v>(items: &'v [Value], kind: &str) -> Vec<&'v Value> {
    items.iter().filter(|item| item["kind"] == kind).collect()
}

fn policy(id: &str) -> String {
    format!("content/policies/{id}/policy.md")
}

/// A published set.
fn with_set(id: &str) -> Project {
    let mut project = project();
    project.set(id);
    project
}

#[test]
fn what_is_in_order_needs_nothing() {
    let mut project = with_set("2025/a");
    project.commit("draft").approve("2025/a");
    let run = patrol(&project, "2025-07-02T09:00:00+08:00").expect(0, &[]);
    assert_eq!(items(&run), Vec::<Value>::new());
    let json = run.json();
    assert_eq!((json["sets"].as_u64(), json["editions"].as_u64()), (Some(1), Some(1)));
    assert_eq!(json["columns"][0]["idle_days"], 2);
    // A draft that nobody approved is not published.
    project.edit(&policy("2025/a"), "优化办理流程。", "联系电话13900008858。").commit("draft");
    patrol(&project, "2025-07-02T09:00:00+08:00").expect(0, &[]);
}

#[test]
fn leaks_are_found_in_every_edition_and_due_at_once() {
    let mut project = with_set("2025/a");
    let path = policy("2025/a");
    project.edit(&path, "优化办理流程。", "优化办理流程，联系电话13900008858。");
    project.file("content/policies/2025/a/attachments/名单.xlsx", workbook()).commit("one").approve("2025/a");
    project.edit(&path, "加强宣传解读。", "加强宣传、解读。").commit("two").approve("2025/a");
    project.edit(&path, "，联系电话13900008858。", "。").commit("three").approve("2025/a");
    let run = patrol(&project, AT).expect(1, &[]);
    let items = items(&run);
    let leaks = of(&items, "personal-data");
    let phone = leaks.iter().find(|item| item["code"] == "P602").unwrap();
    assert_eq!(phone["editions"], serde_json::json!([1, 2]), "the third is clean");
    assert_eq!(phone["due"], "2026-07-02");
    let number = leaks.iter().find(|item| item["code"] == "P601").unwrap();
    assert_eq!(number["editions"], serde_json::json!([1, 2, 3]));
    assert!(number["message"].as_str().unwrap().contains("底册"));
    assert!(!run.out.contains("13900008858") && !run.out.contains("19491231"));
    assert_eq!(of(&items, "attachment").len(), 1, "what hides is told of the current edition");
    in_project(&project, &["patrol", "--at", AT]).expect(1, &["2026-07-02 前整改", "第 1、2 版", "个人信息"]);
}

#[test]
fn periods_that_ended_are_told_apart() {
    let mut project = with_set("2025/printed");
    for (id, extra) in [
        ("2025/printed", "有效性: 有效\n有效期至: 2026-06-30\n"),
        ("2025/dated", "有效期至: 2026-06-30\n"),
        ("2025/soon", "有效期至: 2026-08-30\n"),
        ("2025/later", "有效期至: 2028-08-30\n"),
    ] {
        project.set(id).edit(&policy(id), "主题分类:", &format!("{extra}主题分类:"));
    }
    project.commit("drafts");
    for id in ["2025/printed", "2025/dated", "2025/soon", "2025/later"] {
        project.approve(id);
    }
    let codes = |at: &str| -> Vec<(String, String)> {
        let items = items(&patrol(&project, at));
        let found = of(&items, "validity");
        let mut found: Vec<_> = found
            .iter()
            .map(|item| (item["set"].as_str().unwrap().to_owned(), item["code"].as_str().unwrap().to_owned()))
            .collect();
        found.sort();
        found
    };
    let pair = |set: &str, code: &str| (set.to_owned(), code.to_owned());
    assert_eq!(
        codes(AT),
        [pair("2025/dated", "R102"), pair("2025/printed", "R101"), pair("2025/soon", "R103")]
    );
    assert_eq!(codes("2026-01-10T09:00:00+08:00"), []);
    patrol(&project, AT).expect(1, &["仍写“有效”", "2026-07-15"]);
}

#[test]
fn a_renamed_body_counts_from_its_day() {
    let mut project = with_set("2025/a");
    project.edit(&policy("2025/a"), "加强宣传解读。", "加强宣传解读，由环保局负责。");
    project.file(
        "wordlists/names.toml",
        "[[terms]]\nuse = \"生态环境局\"\navoid = [\"环保局\"]\nvalid-from = 2026-03-01\n",
    );
    project.commit("draft").approve("2025/a").approve("site");
    let before = items(&patrol(&project, "2026-02-01T09:00:00+08:00"));
    assert!(of(&before, "renamed").is_empty());
    let after = items(&patrol(&project, AT));
    let renamed = of(&after, "renamed");
    assert_eq!(renamed.len(), 1);
    assert!(renamed[0]["message"].as_str().unwrap().contains("生态环境局"));
    assert_eq!(renamed[0]["due"], "2026-07-15", "ten working days");
}

#[test]
fn links_to_what_was_taken_down_are_dead() {
    let mut project = with_set("2025/a");
    project.set("2025/b").edit(
        &policy("2025/b"),
        "优化办理流程。",
        "优化办理流程，见[上文](clause:2025/a#（一）)。",
    );
    project.commit("drafts").approve("2025/a").approve("2025/b");
    assert!(of(&items(&patrol(&project, AT)), "link").is_empty());
    let mut draft = project.draft("2025/a", "final");
    draft.kind = jiedu::approve::statement::Kind::Withdraw;
    "withdraw".clone_into(&mut draft.step);
    project.sign(&draft);
    let run = patrol(&project, AT);
    let items = items(&run);
    let dead = of(&items, "link");
    assert_eq!(dead.len(), 1, "{}", run.out);
    assert_eq!(dead[0]["set"], "2025/b");
    assert_eq!(run.json()["sets"], 1);
}

#[test]
fn columns_go_idle_by_the_office_s_own_limits() {
    let mut project = with_set("2025/a");
    project.commit("draft").approve("2025/a");
    let idle = |project: &Project, at: &str| -> Vec<String> {
        let items = items(&patrol(project, at));
        of(&items, "idle").iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
    };
    assert!(idle(&project, "2025-07-10T09:00:00+08:00").is_empty());
    assert_eq!(idle(&project, "2025-07-20T09:00:00+08:00"), ["R111"]);
    assert_eq!(idle(&project, "2026-03-01T09:00:00+08:00"), ["R111", "R112", "R112"]);
    let settings = project.text("site.toml");
    project.file("site.toml", format!("{settings}\n[rules]\nhome_idle_days = 0\ncolumn_idle_days = 400\n"));
    project.commit("settings").approve("site");
    assert!(idle(&project, "2026-03-01T09:00:00+08:00").is_empty());
}

#[test]
fn stale_reports_are_listed_and_the_calendar_may_end() {
    let mut project = with_set("2025/a");
    project.commit("draft").submit("2025/a");
    for (step, person) in crate::project::STRICT {
        let mut draft = project.draft("2025/a", person);
        step.clone_into(&mut draft.step);
        draft.report = (step == "first-proof").then(|| Digest::of(b"another"));
        project.sign(&draft);
    }
    let items_now = items(&patrol(&project, AT));
    assert_eq!(of(&items_now, "report").len(), 1);
    // No notice of holidays for the year: no due date rather than a wrong one.
    let far = items(&patrol(&project, "2031-01-05T09:00:00+08:00"));
    assert!(of(&far, "report")[0]["due"].is_null());
    assert!(of(&far, "calendar")[0]["message"].as_str().unwrap().contains("2031 年"));
    let args = ["patrol", "--at", "2031-01-05T09:00:00+08:00"];
    in_project(&project, &args).expect(0, &["须整改，期限算不出来", "没有 2031 年的节假日安排"]);
    in_project(&project, &["explain", "R101"]).expect(0, &["validity-passed"]);
}
