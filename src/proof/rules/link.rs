//! Links whose target cannot be right.

use crate::document::Document;
use crate::registry::{Check, Family};
use crate::sink::Sink;
use jiedu_base::finding::{Finding, Place, Rule, Severity};
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_link::decode_percent;
use jiedu_markdown::{Body, Link, ProseKind};

pub(crate) static FAMILY: Family = Family {
    rules: &[&EMPTY, &TEXT, &SCHEME, &INSECURE, &MISSING, &RAW_HTML],
    check: Check::Document(check),
};

static EMPTY: Rule = Rule {
    code: "L311",
    name: "empty-link",
    category: "link",
    severity: Severity::Error,
    what: ("链接没有目标", "a link without target"),
    why: (
        "国办秘函〔2019〕19号的检查指标计算失效链接；空链接点开仍是本页，读者取不到附件。",
        "Site inspections count dead links; an empty one leads back to the page itself.",
    ),
    bad: "详见[附件]()。",
    good: "详见[附件](attachments/list.xlsx)。",
    except: ("无。", "None."),
};

static TEXT: Rule = Rule {
    code: "L315",
    name: "empty-link-text",
    category: "link",
    severity: Severity::Warning,
    what: ("链接没有文字", "a link without text"),
    why: (
        "没有文字的链接看不见，读屏软件也读不出（GB/T 37668 无障碍要求）。",
        "A link without text cannot be seen or heard (GB/T 37668).",
    ),
    bad: "详见[ ](https://www.gov.cn/a)。",
    good: "详见[全文](https://www.gov.cn/a)。",
    except: ("图片作链接的不查。", "Images as links."),
};

static SCHEME: Rule = Rule {
    code: "L312",
    name: "broken-scheme",
    category: "link",
    severity: Severity::Error,
    what: ("网址协议写错或不允许", "a misspelt or unsafe link scheme"),
    why: (
        "只有 http、https、mailto、tel 和本程序的 clause 可用；htp:// 之类打不开。",
        "Only http, https, mailto, tel and clause work.",
    ),
    bad: "详见[全文](htp://www.gov.cn)。",
    good: "详见[全文](https://www.gov.cn)。",
    except: ("相对路径和页内锚点没有协议，不查。", "Relative paths and anchors."),
};

static INSECURE: Rule = Rule {
    code: "L313",
    name: "insecure-link",
    category: "link",
    severity: Severity::Warning,
    what: ("政府网站链接使用 http", "an http link to a government host"),
    why: (
        "政府网站已普遍支持 https，http 链接可能被篡改。",
        "Government hosts support https; http can be altered on the way.",
    ),
    bad: "详见[全文](http://www.gov.cn/a)。",
    good: "详见[全文](https://www.gov.cn/a)。",
    except: ("对方确不支持 https 的可以保留。", "Hosts without https."),
};

static MISSING: Rule = Rule {
    code: "L314",
    name: "missing-target",
    category: "link",
    severity: Severity::Error,
    what: (
        "链接指向不存在的文件或页内位置",
        "a link to a file, or to a place of the page, that does not exist",
    ),
    why: (
        "失效链接是网站检查（国办秘函〔2019〕19号）的扣分项。",
        "Dead links cost points in the inspections of government sites.",
    ),
    bad: "详见[指南](./none.md)。",
    good: "详见[指南](guide.md)。",
    except: (
        "外部网址不联网核对；页内位置认条款、小节和标题。",
        "Outside addresses are not fetched; places of a page are provisions, sections and headings.",
    ),
};

pub(crate) static RAW_HTML: Rule = Rule {
    code: "RAW_HTML",
    name: "raw-html",
    category: "markdown",
    severity: Severity::Error,
    what: ("正文中夹有 HTML 代码", "raw HTML in the text"),
    why: (
        "HTML 不会生效，只按文字原样显示；它可能带入脚本和外部资源。",
        "HTML is shown as it is written and never passed on; it could carry scripts.",
    ),
    bad: "第一行<br>第二行。",
    good: "第一行。\n\n第二行。",
    except: ("“校对:忽略”注释不是 HTML 标签。", "Suppressions are comments."),
};

fn check(document: &Document<'_>, sink: &mut Sink) {
    for link in &document.body.links {
        match fault(link) {
            Some(Fault::Empty) => {
                let message = Message::new(
                    format!("链接“{}”没有目标", link.text),
                    format!("link `{}` has no target", link.text),
                );
                sink.at(&EMPTY, link.range, message);
            }
            Some(Fault::Scheme) => {
                let message = Message::new(
                    format!("链接协议不对：“{}”", link.target),
                    format!("this link cannot be followed: `{}`", link.target),
                );
                sink.at(&SCHEME, target_range(&document.body.file, link), message);
            }
            Some(Fault::Insecure) => {
                let message = Message::new(
                    format!("政府网站链接应当用 https：“{}”", link.target),
                    format!("use https for a government host: `{}`", link.target),
                );
                sink.at(&INSECURE, target_range(&document.body.file, link), message);
            }
            None if link.text.trim().is_empty()
                && !link.is_image
                && !document.file.slice(link.range).contains("![") =>
            {
                let message = Message::new("链接没有文字".to_owned(), "this link has no text".to_owned());
                sink.at(&TEXT, link.range, message);
            }
            None => {}
        }
    }
    for html in document.body.html.iter().filter(|html| html.comment.is_none()) {
        let shown = super::width::shorten(document.file.slice(html.range));
        let message = Message::new(
            format!("正文不能用 HTML，将按文字显示：“{shown}”"),
            format!("raw HTML is shown as text: `{shown}`"),
        );
        sink.at(&RAW_HTML, html.range, message);
    }
}

enum Fault {
    Empty,
    Scheme,
    Insecure,
}

fn fault(link: &Link) -> Option<Fault> {
    let target = link.target.trim();
    if target.is_empty() || target == "#" {
        return Some(Fault::Empty);
    }
    let scheme = scheme(target)?;
    let rest = target.get(scheme.len() + 1..).unwrap_or("");
    match scheme.to_ascii_lowercase().as_str() {
        "clause" | "mailto" | "tel" if rest.is_empty() => Some(Fault::Empty),
        "https" | "http" if !rest.starts_with("//") || !rest.trim_start_matches('/').contains(['.', ':']) => {
            Some(Fault::Scheme)
        }
        "http" if rest.split(['/', '?', ':']).nth(2).is_some_and(|host| host.ends_with(".gov.cn")) => {
            Some(Fault::Insecure)
        }
        "https" | "http" | "clause" | "mailto" | "tel" => None,
        _ => Some(Fault::Scheme),
    }
}

/// What stands before the first colon, when it has the form of a scheme.
fn scheme(target: &str) -> Option<&str> {
    let (scheme, _) = target.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme.then_some(scheme)
}

/// The target inside the link's source, or the whole link.
fn target_range(file: &SourceFile, link: &Link) -> TextRange {
    let source = file.slice(link.range);
    source.rfind(&link.target).filter(|_| !link.target.is_empty()).map_or(link.range, |at| {
        TextRange::new(link.range.start + at, link.range.start + at + link.target.len())
    })
}

/// Relative targets that lead nowhere.
pub(crate) fn missing_targets(body: &Body, exists: &dyn Fn(&SourceFile, &str) -> bool) -> Vec<Finding> {
    let mut findings = lost_anchors(body);
    for link in &body.links {
        let target = link.target.split(['#', '?']).next().unwrap_or("").trim();
        if target.is_empty()
            || scheme(target).is_some()
            || target.starts_with("//")
            || exists(&body.file, target)
        {
            continue;
        }
        let message =
            Message::new(format!("链接的文件不存在：“{target}”"), format!("no such file: `{target}`"));
        findings.push(missing(body, link, message));
    }
    findings
}

fn missing(body: &Body, link: &Link, message: Message) -> Finding {
    let place = Place::range(&body.file, target_range(&body.file, link));
    Finding::new(MISSING.code, MISSING.name, MISSING.category, MISSING.severity, place, message)
}

/// Links to a place of the own page that it does not have.
fn lost_anchors(body: &Body) -> Vec<Finding> {
    let within = |link: &&Link| link.target.strip_prefix('#').is_some_and(|place| !place.is_empty());
    if !body.links.iter().any(|link| within(&link)) {
        return Vec::new();
    }
    let mut known = jiedu_model::anchors(body);
    let headings = body.prose.iter().filter(|prose| matches!(prose.kind, ProseKind::Heading(_)));
    known.extend(headings.flat_map(|prose| [prose.text.trim().to_owned(), slug(&prose.text)]));
    let lost = body.links.iter().filter(within).filter(|link| {
        let place = decode_percent(link.target.get(1..).unwrap_or(""));
        // Footnotes and the top of a page have places of their own on every page.
        !known.contains(&place) && !place.starts_with("fn") && !matches!(place.as_str(), "top" | "main")
    });
    lost.map(|link| {
        let zh = format!("本页没有“{}”这个位置", link.target);
        missing(body, link, Message::new(zh, format!("this page has no place `{}`", link.target)))
    })
    .collect()
}

/// A heading as other tools write it in a link: lower case, blanks as hyphens, no marks.
fn slug(text: &str) -> String {
    let kept = text.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}
