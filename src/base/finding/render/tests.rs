//! Snapshots of every format.

use super::*;
use crate::finding::{Applicability, Place};
use crate::text::{Message, SourceFile, TextRange};

fn sample() -> Vec<Finding> {
    let text =
        format!("# 标题\n\n{}依据国办发[2023]7号，负责😀落实。\n", "加强组织领导，压实工作责任，".repeat(8));
    let file = SourceFile::new("content/policies/2025/a/policy.md", &text);
    let find = |needle: &str| {
        let at = text.find(needle).unwrap();
        TextRange::new(at, at + needle.len())
    };
    let number = Finding::new(
        "P321",
        "document-number",
        "doc-number",
        Severity::Error,
        Place::range(&file, find("国办发[2023]7号")),
        Message::new(
            "发文字号的年份应当用六角括号：`国办发[2023]7号`",
            "the year takes brackets 〔〕: `国办发[2023]7号`",
        ),
    )
    .fix("国办发〔2023〕7号", Applicability::Safe)
    .note("依据 GB/T 9704—2012 第 7.2.5 条", "GB/T 9704-2012, 7.2.5")
    .in_set("2025/a");
    let title = Finding::new(
        "P901",
        "example",
        "meta",
        Severity::Hint,
        Place::range(&file, find("落实")),
        Message::new("两处不一致", "two places differ"),
    )
    .label(&file, find("标题"), Message::new("这里", "here"));
    let whole = Finding::new(
        "POLICY_MISSING",
        "policy-missing",
        "three-synchronous",
        Severity::Warning,
        Place::whole("content/policies/2025/b"),
        Message::new("缺少政策文件", "no policy file"),
    );
    vec![number, title, whole]
}

#[test]
fn human_format() {
    insta::assert_snapshot!(human(&sample(), Style { width: 80, ..Style::default() }), @r##"
    错误[P321 document-number]: 发文字号的年份应当用六角括号：`国办发[2023]7号`
     --> content/policies/2025/a/policy.md:3:115
      |
    3 | …织领导，压实工作责任，依据国办发[2023]7号，负责😀落实。
      |                            ^^^^^^^^^^^^^^^
      |
      = 建议: 依据 GB/T 9704—2012 第 7.2.5 条
      = 改为: 国办发〔2023〕7号（可自动修改）

    提示[P901 example]: 两处不一致
     --> content/policies/2025/a/policy.md:3:130
      |
    3 | …责任，依据国办发[2023]7号，负责😀落实。
      |                                   ^^^^
     ::: content/policies/2025/a/policy.md:1:3
      |
    1 | # 标题
      |   ---- 这里

    警告[POLICY_MISSING policy-missing]: 缺少政策文件
    --> content/policies/2025/b:1:1

    共 3 处：错误 1，警告 1，提示 1。
    "##);
}

#[test]
fn human_format_in_english() {
    insta::assert_snapshot!(human(&sample()[..1], Style { width: 80, lang: Lang::En, color: false }), @r##"
    error[P321 document-number]: the year takes brackets 〔〕: `国办发[2023]7号`
     --> content/policies/2025/a/policy.md:3:115
      |
    3 | …织领导，压实工作责任，依据国办发[2023]7号，负责😀落实。
      |                            ^^^^^^^^^^^^^^^
      |
      = help: GB/T 9704-2012, 7.2.5
      = fix: 国办发〔2023〕7号 (safe)

    1 finding: 1 error, 0 warnings, 0 hints
    "##);
    assert!(human(&sample(), Style { color: true, ..Style::default() }).contains("\u{1b}["));
    assert_eq!(human(&[], Style::default()), "未发现问题。\n");
}

#[test]
fn concise_format() {
    insta::assert_snapshot!(concise(&sample(), Lang::Zh), @r##"
    content/policies/2025/a/policy.md:3:115: P321 发文字号的年份应当用六角括号：`国办发[2023]7号`
    content/policies/2025/a/policy.md:3:130: P901 两处不一致
    content/policies/2025/b:1:1: POLICY_MISSING 缺少政策文件
    "##);
}

#[test]
fn github_format() {
    insta::assert_snapshot!(github(&sample(), Lang::Zh), @r##"
    ::error file=content/policies/2025/a/policy.md,line=3,endLine=3,col=115,endColumn=126,title=P321 document-number::发文字号的年份应当用六角括号：`国办发[2023]7号`%0A依据 GB/T 9704—2012 第 7.2.5 条
    ::notice file=content/policies/2025/a/policy.md,line=3,endLine=3,col=130,endColumn=132,title=P901 example::两处不一致
    ::warning file=content/policies/2025/b,line=1,endLine=1,col=1,endColumn=1,title=POLICY_MISSING policy-missing::缺少政策文件
    "##);
}

#[test]
fn json_format() {
    insta::assert_snapshot!(json(&sample()[..1], Some("abc"), &[] as &[()], Lang::Zh), @r##"
    {
      "schema": "jiedu.check/1",
      "revision": "abc",
      "findings": [
        {
          "code": "P321",
          "rule": "document-number",
          "category": "doc-number",
          "severity": "error",
          "set": "2025/a",
          "path": "content/policies/2025/a/policy.md",
          "start": 352,
          "end": 371,
          "line": 3,
          "column": 115,
          "message": "发文字号的年份应当用六角括号：`国办发[2023]7号`",
          "fix": {
            "applicability": "safe",
            "replacement": "国办发〔2023〕7号"
          },
          "source": "jiedu",
          "fingerprint": "54e181f163d874b27a142fc53ab445e7"
        }
      ],
      "sets": []
    }
    "##);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one snapshot")]
fn sarif_format() {
    let rules = [RuleInfo {
        code: "P321",
        name: "document-number",
        category: "doc-number",
        severity: Severity::Error,
        summary: Message::new("发文字号", "document number"),
        page: Message::new("页", "page"),
    }];
    insta::assert_snapshot!(sarif(&sample()[..2], &rules, Lang::Zh), @r##"
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "runs": [
        {
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "fixes": [
                {
                  "artifactChanges": [
                    {
                      "artifactLocation": {
                        "uri": "content/policies/2025/a/policy.md"
                      },
                      "replacements": [
                        {
                          "deletedRegion": {
                            "byteLength": 19,
                            "byteOffset": 352,
                            "endColumn": 126,
                            "endLine": 3,
                            "startColumn": 115,
                            "startLine": 3
                          },
                          "insertedContent": {
                            "text": "国办发〔2023〕7号"
                          }
                        }
                      ]
                    }
                  ]
                }
              ],
              "level": "error",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/policies/2025/a/policy.md"
                    },
                    "region": {
                      "byteLength": 19,
                      "byteOffset": 352,
                      "endColumn": 126,
                      "endLine": 3,
                      "startColumn": 115,
                      "startLine": 3
                    }
                  }
                }
              ],
              "message": {
                "text": "发文字号的年份应当用六角括号：`国办发[2023]7号`\n依据 GB/T 9704—2012 第 7.2.5 条"
              },
              "partialFingerprints": {
                "jiedu/1": "54e181f163d874b27a142fc53ab445e7"
              },
              "ruleId": "P321",
              "ruleIndex": 0
            },
            {
              "level": "note",
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/policies/2025/a/policy.md"
                    },
                    "region": {
                      "byteLength": 6,
                      "byteOffset": 384,
                      "endColumn": 132,
                      "endLine": 3,
                      "startColumn": 130,
                      "startLine": 3
                    }
                  }
                }
              ],
              "message": {
                "text": "两处不一致"
              },
              "partialFingerprints": {
                "jiedu/1": "073e872722902ca6f40dc334f605d1ec"
              },
              "relatedLocations": [
                {
                  "message": {
                    "text": "这里"
                  },
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "content/policies/2025/a/policy.md"
                    },
                    "region": {
                      "byteLength": 6,
                      "byteOffset": 2,
                      "endColumn": 5,
                      "endLine": 1,
                      "startColumn": 3,
                      "startLine": 1
                    }
                  }
                }
              ],
              "ruleId": "P901",
              "ruleIndex": 1
            }
          ],
          "tool": {
            "driver": {
              "language": "zh-CN",
              "name": "jiedu",
              "rules": [
                {
                  "defaultConfiguration": {
                    "level": "error"
                  },
                  "help": {
                    "markdown": "页",
                    "text": "页"
                  },
                  "id": "P321",
                  "name": "document-number",
                  "properties": {
                    "category": "doc-number"
                  },
                  "shortDescription": {
                    "text": "发文字号"
                  }
                },
                {
                  "defaultConfiguration": {
                    "level": "note"
                  },
                  "id": "P901",
                  "name": "example",
                  "properties": {
                    "category": "meta"
                  }
                }
              ],
              "semanticVersion": "0.1.0"
            }
          }
        }
      ],
      "version": "2.1.0"
    }
    "##);
}

#[test]
fn a_fix_inside_its_place_is_spliced() {
    let file = SourceFile::new("a.md", "违**返**");
    let mut finding = Finding::new(
        "P521",
        "wrong-word",
        "wrong-word",
        Severity::Error,
        Place::range(&file, TextRange::new(0, 8)),
        Message::new("错", "wrong"),
    );
    finding.fix = Some(crate::finding::Fix {
        range: TextRange::new(5, 8),
        replacement: "反".to_owned(),
        applicability: Applicability::NeedsReview,
    });
    assert!(json(&[finding], None, &[] as &[()], Lang::Zh).contains("\"replacement\": \"违**反\""));
}

#[test]
fn a_finding_in_a_very_long_line_shows_a_window() {
    let text = "长".repeat(100_000);
    let file = SourceFile::new("a.md", &text);
    let place = Place::range(&file, TextRange::new(150_000, 150_006));
    let finding = Finding::new("X", "x", "x", Severity::Hint, place, Message::new("x", "x"));
    assert!(human(&[finding], Style::default()).len() < 1_000);
}

#[test]
fn gitlab_format_is_unique_by_path() {
    let findings = sample();
    let report: serde_json::Value = serde_json::from_str(&gitlab(&findings, Lang::Zh)).unwrap();
    assert_eq!(report[0]["severity"], "major");
    assert_eq!(report[0]["location"]["path"], findings[0].place.path.as_str());
    let prints: std::collections::BTreeSet<_> =
        report.as_array().unwrap().iter().map(|issue| issue["fingerprint"].to_string()).collect();
    assert_eq!(prints.len(), findings.len());
}

#[test]
fn rdjson_counts_columns_in_bytes() {
    let file = SourceFile::new("a.md", "一\n要捡查。\n");
    let place = Place::range(&file, TextRange::new(7, 13));
    let finding = Finding::new("P1", "r", "c", Severity::Error, place, Message::new("错", "wrong"))
        .fix("检查", Applicability::Safe);
    let report: serde_json::Value = serde_json::from_str(&rdjson(&[finding], Lang::En)).unwrap();
    let range = serde_json::json!({"start": {"line": 2, "column": 4}, "end": {"line": 2, "column": 10}});
    assert_eq!(report["diagnostics"][0]["location"]["range"], range);
    assert_eq!(report["diagnostics"][0]["suggestions"][0]["text"], "检查");
}
