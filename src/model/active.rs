//! Files that run in the reader's browser, or on his machine.
//!
//! Attachments and pictures are published as they are, under the address of
//! the site. A web page, a script or a picture with a script among them acts
//! in the name of the whole site: it can change what readers see and where
//! forms go; a program acts in the name of the office. What readers need is a
//! document that stands still, so kinds of document are listed here, and all
//! others are reported: nobody can list what every server and browser runs.

use super::svg;
use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::Message;

/// Kinds of file that are read, looked at, listened to or unpacked.
const KINDS: [&str; 67] = [
    // Documents
    "pdf", "ofd", "doc", "docx", "wps", "wpt", "rtf", "odt", "txt", "md", "epub", "ceb", "cebx", "caj",
    // Tables and data
    "xls", "xlsx", "xlsb", "et", "ett", "ods", "csv", "tsv", "json", "geojson", "dbf", "shp", "shx", "prj",
    "bin", // Presentations and drawings
    "ppt", "pptx", "pps", "ppsx", "dps", "odp", "vsd", "vsdx", "odg", "dwg", "dxf", "mpp",
    // Pictures
    "png", "jpg", "jpeg", "gif", "bmp", "webp", "avif", "heic", "tif", "tiff", "ico", "svg",
    // Sound and film
    "mp3", "m4a", "aac", "wav", "ogg", "flac", "mp4", "m4v", "mov", "avi", "webm", // Archives
    "zip", "rar", "7z",
];
/// How documents for a browser begin (WHATWG MIME Sniffing §7.1), and programs.
const PAGES: [&str; 19] = [
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<!--",
    "<?xml",
    "<svg",
];
const PROGRAMS: [&[u8]; 5] = [b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"<?php"];
/// Kinds of text, which a browser shows instead of saving.
const TEXTS: [&str; 6] = ["txt", "md", "csv", "tsv", "json", "geojson"];
/// So far browsers look for the beginning of a page.
const SNIFFED: usize = 512;

/// Reports a published file that a browser or a machine would run.
pub(super) fn check_active(path: &str, relative: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
    let name = relative.rsplit('/').next().unwrap_or(relative);
    let kind = name.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default();
    let message = if !KINDS.contains(&kind.as_str()) {
        Message::new(
            format!("`{relative}` 不是可以作附件的文件种类：这类文件可能在读者浏览器或电脑里运行"),
            format!("`{relative}` is not of a kind that may be published: files of this kind can run"),
        )
    } else if !stands_still(&kind, bytes) {
        Message::new(
            format!("`{relative}` 是会在读者浏览器里运行的文件，等于在网站上放程序"),
            format!("`{relative}` runs in the reader's browser, in the name of the whole site"),
        )
    } else {
        return;
    };
    let finding = Finding::new("M142", "active-file", "layout", Severity::Error, Place::whole(path), message)
        .note(
            "请改成 PDF、OFD、表格或图片再作附件；网页内容请写进解读材料。",
            "Publish it as PDF, a table or a picture, or write its content as a material.",
        );
    findings.push(finding);
}

fn stands_still(kind: &str, bytes: &[u8]) -> bool {
    if kind == "svg" {
        return svg::stands_still(bytes);
    }
    let start = bytes.get(..SNIFFED).unwrap_or(bytes);
    let is_program = PROGRAMS.iter().any(|mark| start.starts_with(mark)) && kind != "bin";
    let shown = String::from_utf8_lossy(start).to_ascii_lowercase();
    let shown = shown.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    // A page goes on with a blank or ends its tag: `<abc@example.cn>` is none.
    let begins_as = |page: &&str| {
        shown.strip_prefix(*page).is_some_and(|rest| {
            *page == "<!--" || rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
        })
    };
    let is_page = PAGES.iter().any(begins_as);
    !(is_program || is_page && (TEXTS.contains(&kind) || shown.contains("<script")) || is_utf16_page(start))
}

/// A page in UTF-16, as some programs save it.
fn is_utf16_page(start: &[u8]) -> bool {
    let Some((encoding, _)) =
        encoding_rs::Encoding::for_bom(start).filter(|(found, _)| *found != encoding_rs::UTF_8)
    else {
        return false;
    };
    let text = encoding.decode(start).0.to_ascii_lowercase();
    text.contains("<script") || text.contains("<html") || text.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_active(name: &str, text: &str) -> bool {
        let mut findings = Vec::new();
        check_active("a/b", name, text.as_bytes(), &mut findings);
        assert!(findings.iter().all(|finding| !finding.blocks));
        !findings.is_empty()
    }

    #[test]
    fn what_runs_is_named_and_what_stands_still_is_not() {
        for kind in [
            "html", "HTM", "js", "xml", "asp", "aspx", "phtml", "php5", "shtm", "jspx", "cgi", "htmls",
            "mathml", "vbs", "url", "exe", "config", "lnk", "scr", "bat", "ps1", "jar", "docm", "xlsm",
            "hta", "svgz", "swf",
        ] {
            assert!(is_active(&format!("attachments/a.{kind}"), ""), "{kind}");
        }
        for name in
            ["attachments/html", "attachments/web.config", "attachments/附件", "attachments/a.pdf.exe"]
        {
            assert!(is_active(name, "text"), "{name}");
        }
        for name in [
            "attachments/a.pdf",
            "attachments/a.xlsx",
            "materials/a.png",
            "attachments/表.OFD",
            "attachments/a.wps",
        ] {
            assert!(!is_active(name, "%x"), "{name}");
        }
        for text in
            ["序号,名称\n1,<table>", "联系人 <a@example.cn>", "<abc@example.cn>", "", "{\"a\":\"<script>\"}"]
        {
            assert!(!is_active("attachments/a.txt", text), "{text}");
        }
    }

    #[test]
    fn content_is_judged_beside_the_name() {
        for text in [
            "<script>alert(1)</script>",
            "\u{feff}\n <!DOCTYPE html><p>",
            "<SVG onload=x>",
            "<html>",
            "<!--x--><script>",
        ] {
            assert!(is_active("attachments/a.txt", text), "{text}");
            assert!(is_active("attachments/a.csv", text), "{text}");
        }
        assert!(is_active("attachments/a.pdf", "<html><script>"), "a page under another name");
        for text in ["MZ\u{0}\u{1}", "#!/bin/sh\n", "\u{7f}ELF"] {
            assert!(is_active("attachments/a.pdf", text), "{text}");
        }
        let utf16: Vec<u8> = "\u{feff}<html><script>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut findings = Vec::new();
        check_active("a", "a.txt", &utf16, &mut findings);
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn pictures_are_judged_by_what_they_hold() {
        let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>比例</title><path d=\"M0 0\"/></svg>";
        assert!(!is_active("materials/a.svg", plain));
        assert!(is_active("materials/a.svg", &plain.replace("<path", "<script/><path")));
        assert!(is_active("attachments/A.SVG", &plain.replace("<path", "<rect onload='x'/><path")));
    }
}
