//! Addresses in the text and in links: misspelt schemes and hosts, and marks of the
//! sentence that an address swallows.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::document::{Document, Segment, is_cjk_mark};
use crate::registry::{Check, Family};
use crate::sink::{Hit, Sink};
use jiedu_base::finding::{Rule, Severity};
use jiedu_base::text::Message;
use jiedu_markdown::Link;

pub(crate) static FAMILY: Family = Family { rules: &[&SWALLOWED, &HOST], check: Check::Document(check) };

static SWALLOWED: Rule = Rule {
    code: "L316",
    name: "swallowed-mark",
    category: "link",
    severity: Severity::Error,
    what: ("链接地址里混进了句子的标点", "a mark of the sentence inside an address"),
    why: (
        "网址只用 ASCII 字符（RFC 3986）；混进的“。”“，”使链接打不开，是网站检查（国办秘函〔2019〕19号）的扣分项。",
        "Addresses are ASCII (RFC 3986); a mark inside makes the link dead.",
    ),
    bad: "详见[全文](https://www.example.gov.cn/a.html。)",
    good: "详见[全文](https://www.example.gov.cn/a.html)。",
    except: ("文件名中的中文字不查。", "Chinese characters in the name of a file."),
};

static HOST: Rule = Rule {
    code: "L317",
    name: "misspelt-address",
    category: "link",
    severity: Severity::Error,
    what: ("正文里的网址写错：htpp://、https：//、wwww.", "an address in the text that is misspelt"),
    why: (
        "读者照着输入打不开；网址以 http:// 或 https:// 开头，各部分用半角点（RFC 3986）。",
        "Readers cannot follow it; addresses begin with http:// or https:// and take ASCII marks.",
    ),
    bad: "请登录htpp://www.example.gov.cn查询。",
    good: "请登录https://www.example.gov.cn查询。",
    except: ("代码中的例子不查。", "Examples in code."),
};

static SCHEME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"([A-Za-z]{3,7})([:：;；]{0,2})([/\\／]{1,4})([A-Za-z0-9][A-Za-z0-9-]*[.．。，][A-Za-z0-9.-]{2,})",
    )
    .ok()
});
static WWW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)([wW]{2,6})([.．。，,：:]{1,2})([A-Za-z0-9-]+(?:[.．。，,][A-Za-z0-9-]+)+)").ok()
});
static TAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[a-z0-9](\.gov\.con|\.gov\.cm|\.gov\.com|[,，。]gov\.cn|\.gov[,，。]cn|\.cn\.gov|\.gvo\.cn|\.gob\.cn|\.gov\.c(?-u:\b)|\.com\.con)").ok()
});

fn check(document: &Document<'_>, sink: &mut Sink) {
    for link in &document.body.links {
        swallowed(document, link, sink);
    }
    for segment in
        document.segments.iter().filter(|segment| segment.has.latin || !segment.prose.opaque.is_empty())
    {
        let text = segment.prose.text.as_str();
        if text.contains(['/', '\\', '／']) {
            found(SCHEME.as_ref(), text).for_each(|found| scheme(segment, &found, sink));
        }
        if text.contains("ww") || text.contains("WW") {
            found(WWW.as_ref(), text).for_each(|found| host(segment, &found, sink));
        }
        if text.contains("gov") || text.contains(".con") {
            found(TAIL.as_ref(), text).for_each(|found| tail(segment, &found, sink));
        }
    }
}

fn found<'t>(pattern: Option<&'t Regex>, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
    pattern.into_iter().flat_map(move |pattern| pattern.captures_iter(text))
}

fn swallowed(document: &Document<'_>, link: &Link, sink: &mut Sink) {
    let target = link.target.trim();
    let is_web = target.starts_with("http") || target.starts_with("www.");
    let Some(mark) = target.chars().find(|&c| is_cjk_mark(c)).filter(|_| is_web) else { return };
    let source = document.file.slice(link.range);
    let range = source.rfind(target).map_or(link.range, |at| {
        jiedu_base::text::TextRange::new(link.range.start + at, link.range.start + at + target.len())
    });
    let zh = format!("链接地址里有“{mark}”：“{target}”，标点应在链接之外");
    sink.at(&SWALLOWED, range, Message::new(zh, format!("`{mark}` belongs outside the address `{target}`")));
}

/// Whether letters are http or https but for a slip.
fn meant(letters: &str) -> Option<&'static str> {
    let letters = letters.to_ascii_lowercase();
    let kept: String = letters.chars().filter(|c| "htps".contains(*c)).collect();
    let begins = letters.starts_with('h') || letters.starts_with("tt");
    if !begins || kept.len() != letters.len() || !letters.contains('t') || !letters.contains('p') {
        return None;
    }
    Some(if letters.contains('s') { "https" } else { "http" })
}

fn scheme(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let part = |index: usize| found.get(index).map_or("", |part| part.as_str());
    let (Some(letters), Some(slashes)) = (found.get(1), found.get(3)) else { return };
    let lower = part(1).to_ascii_lowercase();
    let Some(right) = meant(part(1)) else { return };
    let is_right = lower == right && part(2) == ":" && part(3) == "//";
    // In a link the target itself is judged.
    if is_right || is_code(segment, letters.start()) {
        return;
    }
    let range = letters.start()..slashes.end();
    let right = format!("{right}://");
    let zh = format!("网址写错：“{}”应为“{right}”", segment.prose.text.get(range.clone()).unwrap_or(""));
    sink.push(
        Hit::new(&HOST, segment, range, zh, format!("the address should begin with `{right}`")).review(right),
    );
}

/// Whether the place lies in code: there an address is an example.
fn is_code(segment: &Segment<'_>, at: usize) -> bool {
    segment.prose.opaque.iter().any(|range| {
        range.start <= at
            && at < range.end
            && !segment.prose.text.get(range.start..range.end).is_some_and(|text| text.contains('.'))
    })
}

fn host(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let (Some(whole), Some(letters), Some(mark)) = (found.get(0), found.get(1), found.get(2)) else { return };
    let is_right = letters.as_str().eq_ignore_ascii_case("www") && mark.as_str() == ".";
    if is_right
        || segment.prose.text.get(..whole.start()).is_some_and(|before| before.ends_with(['@', '.', '-']))
    {
        return;
    }
    let range = letters.start()..mark.end();
    let zh = format!("网址写错：“{}”应为“www.”", segment.prose.text.get(range.clone()).unwrap_or(""));
    sink.push(Hit::new(&HOST, segment, range, zh, "the host should begin with `www.`").review("www."));
}

fn tail(segment: &Segment<'_>, found: &Captures<'_>, sink: &mut Sink) {
    let Some(part) = found.get(1) else { return };
    let right = if part.as_str().starts_with(".com") { ".com.cn" } else { ".gov.cn" };
    let zh = format!("网址写错：“{}”应为“{right}”", part.as_str());
    sink.push(
        Hit::new(&HOST, segment, part.range(), zh, format!("the host should end in `{right}`")).review(right),
    );
}
