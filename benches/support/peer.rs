//! Hugo on the same Markdown, as a stated peer, when the machine has it.
//!
//! The site is laid out as a Hugo user would: every Markdown file of the
//! office is a page of its section, with a masthead, the 47号 tags, a table of
//! the front matter, contents, text and footer, and a paginated list; home,
//! feeds and sitemap are Hugo's own. There are no editions, redlines, records,
//! twins, search index, signatures or digests: Hugo does less.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiedu::source::Snapshot;

use crate::measure::{Run, run};

const CONFIG: &str = r#"baseURL = "https://policy.example.gov.cn/"
title = "示例市交通运输局政策文件库"
disableKinds = ["taxonomy", "term"]
[pagination]
pagerSize = 20
[markup.tableOfContents]
startLevel = 2
endLevel = 3
"#;

const BASE: &str = r##"<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ block "title" . }}{{ .Site.Title }}{{ end }}</title>
<meta name="SiteName" content="{{ .Site.Title }}">
<meta name="SiteDomain" content="policy.example.gov.cn">
<meta name="ColumnName" content="政策文件">
<meta name="ArticleTitle" content="{{ index .Params "标题" }}">
<meta name="PubDate" content="{{ index .Params "发布日期" }}">
<meta name="ContentSource" content="{{ index .Params "发文机关" }}">
<link rel="canonical" href="{{ .Permalink }}">
<link rel="alternate" type="application/rss+xml" href="{{ "index.xml" | relURL }}">
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header><a href="{{ "/" | relURL }}">{{ .Site.Title }}</a><nav><a href="{{ "/" | relURL }}">首页</a><a href="{{ "policies/" | relURL }}">政策</a></nav></header>
<main id="main">{{ block "main" . }}{{ end }}</main>
<footer><p>主办：示例市交通运输局</p><p>{{ .Site.Title }}</p></footer>
</body>
</html>
"##;

const SINGLE: &str = r#"{{ define "title" }}{{ index .Params "标题" }} - {{ .Site.Title }}{{ end }}
{{ define "main" }}<article>
<h1>{{ index .Params "标题" }}</h1>
<dl>{{ range $key, $value := .Params }}{{ if not (reflect.IsSlice $value) }}<div><dt>{{ $key }}</dt><dd>{{ $value }}</dd></div>{{ end }}{{ end }}</dl>
<details><summary>目录</summary>{{ .TableOfContents }}</details>
<div class="doc">{{ .Content }}</div>
<p><a href="{{ .Permalink }}">永久链接</a></p>
</article>{{ end }}
"#;

const LIST: &str = r#"{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Paginator.Pages }}<li><h3><a href="{{ .RelPermalink }}">{{ index .Params "标题" }}</a></h3><p>{{ index .Params "发文字号" }} <time>{{ index .Params "发布日期" }}</time></p></li>
{{ end }}</ul>
<p>{{ with .Paginator.Prev }}<a href="{{ .URL }}">上一页</a>{{ end }}{{ with .Paginator.Next }}<a href="{{ .URL }}">下一页</a>{{ end }}</p>{{ end }}
"#;

/// Runs `hugo` (from the search path) on the Markdown of a snapshot and says
/// which one it was; nothing when there is no such program.
pub fn hugo(snapshot: &Snapshot, folder: &Path) -> Option<(String, Run)> {
    let version = Command::new("hugo").arg("version").output().ok()?;
    let version = String::from_utf8_lossy(&version.stdout);
    let version: Vec<&str> = version.split_whitespace().take(2).collect();
    lay_out(snapshot, folder);
    let mut program = Command::new("hugo");
    program.args(["--quiet", "--destination", "public"]).current_dir(folder);
    Some((version.join(" "), run(&mut program, &folder.join("public"))))
}

fn lay_out(snapshot: &Snapshot, folder: &Path) {
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("has a parent")).expect("writable");
        fs::write(path, bytes).expect("writable");
    };
    write("hugo.toml", CONFIG.as_bytes());
    write("layouts/_default/baseof.html", BASE.as_bytes());
    write("layouts/_default/single.html", SINGLE.as_bytes());
    write("layouts/_default/list.html", LIST.as_bytes());
    for (id, files) in &snapshot.sets {
        for file in files.files.iter().filter(|file| is_markdown(&file.path)) {
            write(&format!("content/policies/{id}/{}", file.path), &file.bytes);
        }
    }
}

/// Whether a file is Markdown.
pub fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "md")
}
