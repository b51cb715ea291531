//! A policy as Akoma Ntoso 3.0 (OASIS `LegalDocML`, 2018): provisions as a
//! hierarchy whose ids are the anchors of the site.
//!
//! Levels follow the label: 编 is a book, 章 a chapter, 节 a section, 条 an
//! article; what Akoma Ntoso has no word for (一、, （一）, 款, 项, 目) is a named
//! container, whose name is the label's kind. What belongs to no provision
//! stands in the preface before the first one, in the conclusions after the
//! last, and where it stands among them.

use std::fmt::Write as _;

use super::Source;
use super::xml::escape;
use jiedu_model::{PolicyDocument, Provision};

/// The document, valid against the schema of the standard.
#[must_use]
pub fn akoma_ntoso(source: &Source<'_>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(
        "<akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\">\n<act name=\"policy\">\n",
    );
    meta(&mut out, source);
    let tree = Tree::of(source.policy);
    section(&mut out, "preface", &tree.before);
    out.push_str("<body>\n");
    for node in &tree.roots {
        tree.write(&mut out, *node);
    }
    if tree.roots.is_empty() {
        // A body must not be empty: a text without provisions is one container.
        out.push_str("<hcontainer eId=\"text\" name=\"text\">\n<content>\n");
        paragraphs(&mut out, &tree.between);
        out.push_str("</content>\n</hcontainer>\n");
    }
    out.push_str("</body>\n");
    section(&mut out, "conclusions", &tree.after);
    out.push_str("</act>\n</akomaNtoso>\n");
    out
}

/// Identification after FRBR: the work is the set, the expression its edition.
fn meta(out: &mut String, source: &Source<'_>) {
    let meta = &source.policy.meta;
    let id = &source.set.id;
    let edition = source.edition.map_or_else(|| "draft".to_owned(), |number| format!("v{number}"));
    let day = source.at.get(..10).unwrap_or("1970-01-01");
    let signed = meta.signed.as_ref().map_or_else(|| day.to_owned(), |date| date.value.to_string());
    let issuer = meta.issuers.first().map_or("", |issuer| issuer.value.as_str());
    let number = meta.document_number.as_ref().map(|number| number.value.as_str());
    let title = meta.title.as_ref().map_or("", |title| title.value.as_str());
    let work = format!("/akn/cn/act/{id}");
    let level = |out: &mut String, name: &str, uri: &str, date: &str, event: &str, more: &str| {
        let _ = write!(
            out,
            "<{name}>\n<FRBRthis value=\"{uri}/!main\"/>\n<FRBRuri value=\"{uri}\"/>\n<FRBRdate date=\"{date}\" name=\"{event}\"/>\n<FRBRauthor href=\"#issuer\"/>\n{more}</{name}>\n"
        );
    };
    let _ = writeln!(out, "<meta>\n<identification source=\"#jiedu\">");
    let mut more = String::from("<FRBRcountry value=\"cn\"/>\n");
    if let Some(number) = number {
        let _ = writeln!(more, "<FRBRnumber value=\"{}\"/>", escape(number));
    }
    let _ = writeln!(more, "<FRBRname value=\"{}\"/>", escape(title));
    level(out, "FRBRWork", &work, &signed, "signed", &more);
    let expression = format!("{work}/zho@{edition}");
    level(out, "FRBRExpression", &expression, day, "edition", "<FRBRlanguage language=\"zho\"/>\n");
    level(out, "FRBRManifestation", &format!("{expression}.xml"), day, "edition", "");
    out.push_str("</identification>\n");
    if let Some(published) = &meta.published {
        let number = number.map(|number| format!(" number=\"{}\"", escape(number))).unwrap_or_default();
        let _ = writeln!(
            out,
            "<publication date=\"{}\" name=\"{}\" showAs=\"{0}\"{number}/>",
            published.value.date,
            escape(issuer)
        );
    }
    lifecycle(out, source, day);
    let _ = writeln!(
        out,
        "<references source=\"#jiedu\">\n<original eId=\"original\" href=\"{}\" showAs=\"{}\"/>\n<TLCOrganization eId=\"issuer\" href=\"/ontology/organization/cn/issuer\" showAs=\"{}\"/>\n<TLCOrganization eId=\"jiedu\" href=\"/ontology/organization/jiedu\" showAs=\"jiedu\"/>\n</references>\n</meta>",
        escape(&expression),
        escape(title),
        escape(if issuer.is_empty() { "-" } else { issuer }),
    );
}

/// When the text came into being, into force and out of it.
fn lifecycle(out: &mut String, source: &Source<'_>, day: &str) {
    let meta = &source.policy.meta;
    let _ = writeln!(out, "<lifecycle source=\"#jiedu\">");
    let mut event = |id: &str, date: &str, kind: &str| {
        let _ =
            writeln!(out, "<eventRef eId=\"{id}\" date=\"{date}\" type=\"{kind}\" source=\"#original\"/>");
    };
    event("made", day, "generation");
    if let Some(date) = &meta.effective {
        event("in-force", &date.value.to_string(), "generation");
    }
    if let Some(date) = &meta.expires {
        event("expires", &date.value.to_string(), "repeal");
    }
    out.push_str("</lifecycle>\n");
}

fn section(out: &mut String, name: &str, texts: &[&str]) {
    if texts.is_empty() {
        return;
    }
    let _ = writeln!(out, "<{name}>");
    paragraphs(out, texts);
    let _ = writeln!(out, "</{name}>");
}

fn paragraphs(out: &mut String, texts: &[&str]) {
    if texts.is_empty() {
        out.push_str("<p/>\n");
    }
    for text in texts {
        let _ = writeln!(out, "<p>{}</p>", escape(&super::blocks::one_line(text)));
    }
}

/// What stands below a provision, or at the top.
#[derive(Clone, Copy)]
enum Node {
    /// A provision.
    Provision(usize),
    /// A block that belongs to none.
    Block(usize),
}

struct Tree<'a> {
    policy: &'a PolicyDocument,
    children: Vec<Vec<usize>>,
    roots: Vec<Node>,
    before: Vec<&'a str>,
    between: Vec<&'a str>,
    after: Vec<&'a str>,
}

impl<'a> Tree<'a> {
    fn of(policy: &'a PolicyDocument) -> Self {
        let provisions = &policy.provisions;
        let mut children = vec![Vec::new(); provisions.len()];
        let mut roots = Vec::new();
        for (index, provision) in provisions.iter().enumerate() {
            match provision.parent.and_then(|parent| children.get_mut(parent)) {
                Some(list) => list.push(index),
                None => roots.push(Node::Provision(index)),
            }
        }
        let mut owned = vec![false; policy.blocks.len()];
        for provision in provisions {
            owned
                .iter_mut()
                .take(provision.blocks.end)
                .skip(provision.blocks.start)
                .for_each(|it| *it = true);
        }
        let first = owned.iter().position(|it| *it);
        let last = owned.iter().rposition(|it| *it);
        let (mut before, mut between, mut after) = (Vec::new(), Vec::new(), Vec::new());
        for (index, block) in policy.blocks.iter().enumerate() {
            if owned.get(index) == Some(&true) || block.text.trim().is_empty() {
                continue;
            }
            match (first, last) {
                (Some(first), _) if index < first => before.push(block.text.as_str()),
                (_, Some(last)) if index > last => after.push(block.text.as_str()),
                (Some(_), _) => roots.push(Node::Block(index)),
                _ => between.push(block.text.as_str()),
            }
        }
        let mut tree = Self { policy, children, roots, before, between, after };
        tree.roots.sort_by_key(|node| match *node {
            Node::Provision(index) => provisions.get(index).map_or(0, |it| it.blocks.start * 2 + 1),
            Node::Block(index) => index * 2,
        });
        tree
    }

    fn write(&self, out: &mut String, root: Node) {
        match root {
            Node::Provision(index) => self.provision(out, index),
            Node::Block(index) => {
                let text = self.policy.blocks.get(index).map_or("", |block| block.text.as_str());
                let _ = writeln!(out, "<hcontainer eId=\"text-{index}\" name=\"text\">\n<content>");
                paragraphs(out, &[text]);
                out.push_str("</content>\n</hcontainer>\n");
            }
        }
    }

    /// A provision with all below it. Nesting is bounded where provisions are
    /// read, so recursion is.
    fn provision(&self, out: &mut String, index: usize) {
        let Some(provision) = self.policy.provisions.get(index) else { return };
        let (element, name) = level(provision);
        let attribute = name.map(|name| format!(" name=\"{name}\"")).unwrap_or_default();
        let _ = writeln!(out, "<{element} eId=\"{}\"{attribute}>", escape(&provision.anchor));
        if !provision.label.is_empty() {
            let _ = writeln!(out, "<num>{}</num>", escape(&provision.label));
        }
        let words = super::blocks::one_line(provision.words());
        let below = self.children.get(index).map_or(&[][..], Vec::as_slice);
        let is_heading = !words.is_empty() && words.trim_end_matches(['。', '：']) == provision.heading;
        if is_heading && !provision.label.is_empty() {
            let _ = writeln!(out, "<heading>{}</heading>", escape(&words));
        }
        let text = if is_heading && !provision.label.is_empty() { "" } else { words.as_str() };
        if below.is_empty() {
            let _ = writeln!(out, "<content>\n<p>{}</p>\n</content>", escape(text));
        } else {
            if !text.is_empty() {
                let _ = writeln!(out, "<intro>\n<p>{}</p>\n</intro>", escape(text));
            }
            for child in below {
                self.provision(out, *child);
            }
        }
        let _ = writeln!(out, "</{element}>");
    }
}

/// The element of a provision, and the name of a container without one.
fn level(provision: &Provision) -> (&'static str, Option<&'static str>) {
    let label = provision.label.trim_end_matches(['、', '.', '．', '：', ':']);
    let is_of = |unit: char| label.starts_with('第') && label.contains(unit);
    if is_of('条') {
        ("article", None)
    } else if label.starts_with('第') && label.ends_with("分编") {
        ("part", None)
    } else if is_of('编') {
        ("book", None)
    } else if is_of('章') {
        ("chapter", None)
    } else if is_of('节') {
        ("section", None)
    } else if label.is_empty() {
        ("paragraph", None)
    } else if label.starts_with(['（', '(']) {
        ("point", None)
    } else {
        ("hcontainer", Some("item"))
    }
}
