//! Files that run in the reader's browser.
//!
//! Attachments and pictures are published as they are, under the address of
//! the site. A web page, a script or a picture with a script among them acts
//! in the name of the whole site: it can change what readers see and where
//! forms go. What readers need is a document that stands still.

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::text::Message;

/// Kinds of file that a browser runs, or lets run.
const KINDS: [&str; 22] = [
    "html",
    "htm",
    "xhtml",
    "xht",
    "shtml",
    "mht",
    "mhtml",
    "xml",
    "xsl",
    "xslt",
    "rdf",
    "js",
    "mjs",
    "cjs",
    "wasm",
    "swf",
    "hta",
    "htc",
    "svgz",
    "webmanifest",
    "php",
    "jsp",
];
/// What makes a picture in SVG more than a picture. Character references and
/// declarations can spell all the others.
const MARKS: [&str; 7] =
    ["<script", "foreignobject", "javascript", "&#", "<!entity", "<!doctype", "xml-stylesheet"];

/// Reports a published file that a browser would run.
pub(super) fn check_active(path: &str, relative: &str, bytes: &[u8], findings: &mut Vec<Finding>) {
    let kind = relative.rsplit_once('.').map(|(_, kind)| kind.to_ascii_lowercase()).unwrap_or_default();
    if !(KINDS.contains(&kind.as_str()) || kind == "svg" && is_active_picture(bytes)) {
        return;
    }
    let message = Message::new(
        format!("`{relative}` 是会在读者浏览器里运行的文件，等于在网站上放程序"),
        format!("`{relative}` runs in the reader's browser, in the name of the whole site"),
    );
    let finding = Finding::new("M142", "active-file", "layout", Severity::Error, Place::whole(path), message)
        .note(
            "请改成 PDF、OFD、表格或图片再作附件；网页内容请写进解读材料。",
            "Publish it as PDF, a table or a picture, or write its content as a material.",
        );
    findings.push(finding);
}

fn is_active_picture(bytes: &[u8]) -> bool {
    // UTF-16 and the like hide the marks; no editor writes SVG so.
    let Ok(text) = std::str::from_utf8(bytes) else { return true };
    let text = text.to_ascii_lowercase();
    MARKS.iter().any(|mark| text.contains(mark)) || has_handler(&text)
}

/// Longest name of an event, with room to spare.
const EVENT: usize = 40;

/// Whether an attribute such as `onload =` stands anywhere.
fn has_handler(text: &str) -> bool {
    text.match_indices("on").any(|(at, _)| {
        let inside =
            text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric()));
        let rest = text.get(at + 2..).unwrap_or_default();
        let letters = rest.bytes().take(EVENT).take_while(u8::is_ascii_lowercase).count();
        let after = rest.get(letters..).unwrap_or_default().trim_start();
        !inside && letters > 0 && after.starts_with('=')
    })
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
        for name in ["attachments/a.html", "attachments/a.HTM", "attachments/a.js", "attachments/a.xml"] {
            assert!(is_active(name, ""), "{name}");
        }
        for name in ["attachments/a.pdf", "attachments/a.xlsx", "attachments/html", "materials/a.png"] {
            assert!(!is_active(name, "<script>"), "{name}");
        }
    }

    #[test]
    fn pictures_are_judged_by_what_they_hold() {
        let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>比例 on the rise, once more</title><path d=\"M0 0\"/></svg>";
        assert!(!is_active("materials/a.svg", plain));
        for part in [
            "<script>alert(1)</script>",
            "<SCRIPT href='x'/>",
            "<a href=\"javascript:x\">",
            "<a href=\"java&#115;cript:x\">",
            "<rect onload=\"x\"/>",
            "<rect\nonclick = 'x'/>",
            "<rect fill='a'onload=x>",
            "<foreignObject/>",
            "<!DOCTYPE svg [<!ENTITY x 'y'>]>",
        ] {
            assert!(is_active("materials/a.svg", &plain.replace("<path", &format!("{part}<path"))), "{part}");
        }
        let mut findings = Vec::new();
        check_active("a", "a.svg", &[0xff, 0xfe, b'<', 0], &mut findings);
        assert_eq!(findings.len(), 1);
    }
}
