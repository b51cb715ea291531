//! `jiedu due`: the instants at which a site or a roster says something else.

use std::fs;

use crate::program::in_project;
use crate::project::{Project, project, roster};

const POLICY: &str = "content/policies/2025/a/policy.md";
const AT: [&str; 2] = ["--at", "2025-07-02T00:00:00+08:00"];

/// Times, sets and reasons.
fn due(p: &Project, at: &[&str]) -> Vec<(String, String, String)> {
    let run = in_project(p, &[&["due", "--format", "json"], at].concat()).expect(0, &[]);
    let json = run.json();
    assert_eq!(json["schema"], "jiedu.due/1");
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let items = json["due"].as_array().unwrap().iter();
    items.map(|item| (text(&item["time"]), text(&item["set"]), text(&item["why"]))).collect()
}

fn row(time: &str, set: &str, why: &str) -> (String, String, String) {
    (format!("{time}+08:00"), set.to_owned(), why.to_owned())
}

#[test]
fn dates_of_approved_texts_come_due_in_order() {
    let mut p = project();
    p.set("2025/a").edit(
        POLICY,
        "发布日期: 2025-06-30",
        "发布日期: 2025-06-30\n施行日期: 2025-08-01\n有效期至: 2027-07-31",
    );
    p.set("2025/b").commit("draft").approve("site").approve("2025/a").approve("2025/b");
    let expected =
        [row("2025-08-01T00:00:00", "2025/a", "effective"), row("2027-08-01T00:00:00", "2025/a", "expires")];
    assert_eq!(due(&p, &AT), expected, "what lasts until a day changes on the day after");
    assert_eq!(due(&p, &["--at", "2025-08-01T00:00:00+08:00"]), expected[1..], "what has come is not due");
    // A text that nobody approved changes nothing.
    p.edit(POLICY, "施行日期: 2025-08-01", "施行日期: 2025-09-01").commit("edit");
    assert_eq!(due(&p, &AT), expected);
    // Another policy that repeals this one.
    p.set("2025/c").edit(
        "content/policies/2025/c/policy.md",
        "发布日期: 2025-06-30",
        "发布日期: 2025-06-30\n施行日期: 2025-10-01\n废止: [2025/b]",
    );
    p.commit("c").approve("2025/c");
    let all = due(&p, &AT);
    assert!(all.contains(&row("2025-10-01T00:00:00", "2025/b", "repealed")), "{all:?}");
    assert!(all.contains(&row("2025-10-01T00:00:00", "2025/c", "effective")), "{all:?}");
    assert!(all.is_sorted());
    // The build names the next one.
    let trust = p.path().join("trust.toml");
    fs::write(&trust, p.anchor().to_toml()).unwrap();
    let out = p.path().join("public");
    let args = ["build", "--trust", trust.to_str().unwrap(), "--out", out.to_str().unwrap()];
    let run = in_project(&p, &[&args[..], &AT].concat()).expect(0, &[]);
    assert!(run.err.contains("2025-08-01 00:00  2025/a  施行"), "{}", run.err);
}

#[test]
fn embargoes_and_consultations_have_their_instants() {
    let mut p = project();
    p.set("2025/a").edit(POLICY, "发布日期: 2025-06-30", "发布日期: 2025-07-10 09:30");
    p.set("2025/b").edit(
        "content/policies/2025/b/policy.md",
        "发布日期: 2025-06-30",
        "发布日期: 2025-06-30\n阶段: 征求意见\n征求意见: {开始: 2025-07-05, 截止: 2025-08-04, 渠道: [信函]}",
    );
    p.commit("draft").approve("site").approve("2025/a").approve("2025/b");
    let all = due(&p, &AT);
    assert!(all.contains(&row("2025-07-10T09:30:00", "2025/a", "publish")), "{all:?}");
    assert!(all.contains(&row("2025-07-05T00:00:00", "2025/b", "consultation-opens")), "{all:?}");
    assert!(all.contains(&row("2025-08-05T00:00:00", "2025/b", "consultation-closes")), "{all:?}");
}

#[test]
fn keys_roles_and_substitutes_end() {
    let text = roster()
        .replace("{ step = \"first-review\" }", "{ step = \"first-review\", until = 2025-12-31 }")
        .replacen("use = [\"review\"]\n", "use = [\"review\"]\nuntil = 2026-01-31\n", 1)
        + "\n[[substitute]]\nfor = \"second\"\nby = \"extra1\"\nsteps = [\"second-review\"]\nfrom = 2025-07-10\nuntil = 2025-07-20\n";
    let mut p = Project::with_roster(&text);
    p.set("2025/a").commit("draft");
    let expected = [
        row("2025-07-10T00:00:00", "roster/1", "substitute"),
        row("2025-07-21T00:00:00", "roster/1", "substitute"),
        row("2026-01-01T00:00:00", "roster/1", "role-ends"),
        row("2026-02-01T00:00:00", "roster/1", "key-expires"),
    ];
    assert_eq!(due(&p, &AT), expected);
    let said = in_project(&p, &[&["due"], &AT[..]].concat()).expect(0, &[]).out;
    assert!(said.contains("2026-01-01 00:00  roster/1  职责到期  first"), "{said}");
}
