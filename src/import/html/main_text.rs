//! Which part of a page is the document.
//!
//! In the order of evidence: the marks that 国办发〔2017〕47号 and the publishing
//! systems put around the text; containers that those systems name; else the
//! smallest element that holds nearly all sentences of the page. A mark or name
//! that holds a small part of the sentences only is not believed.

use super::dom::{Dom, Id, Kind};
use super::lines::Found;
use crate::boilerplate::{is_boilerplate, is_page_info};
use crate::head::is_metadata;

/// Names of containers that hold the text, as [`Dom::tokens`] writes them.
const CONTAINERS: &[&str] = &[
    "zoom",
    "zoomcon",
    "fontzoom",
    "ucapcontent",
    "trseditor",
    "trsueditor",
    "trseditorview",
    "articlecontent",
    "articlecon",
    "articlecont",
    "articlebody",
    "articletext",
    "articletxt",
    "articledetail",
    "pagescontent",
    "pagecontent",
    "contentbody",
    "contenttext",
    "contenttxt",
    "contentcon",
    "contentbox",
    "contentmain",
    "contentdetail",
    "concon",
    "conttext",
    "conttxt",
    "contxt",
    "maincontent",
    "maincon",
    "maintext",
    "maintxt",
    "newscontent",
    "newscon",
    "newsbody",
    "newstext",
    "newsmain",
    "detailcontent",
    "detailcon",
    "detailcont",
    "detailbody",
    "detailtext",
    "detailmain",
    "xlcon",
    "xlcontent",
    "xlmain",
    "xxgkcontent",
    "xxgkcon",
    "ivscontent",
    "infocontent",
    "infocon",
    "infotext",
    "btcontent",
    "txtcontent",
    "txtcon",
    "textcontent",
    "textcon",
    "textbox",
    "wznr",
    "wzcon",
    "wzcontent",
    "wznrbox",
    "zwcon",
    "zwcontent",
    "zwnr",
    "zwtext",
    "nrcon",
    "nrcontent",
    "nrtext",
    "nrbox",
    "editorcontent",
    "gkcontent",
    "gkcon",
    "wparticlecontent",
    "vnewscontent",
    "vsbcontent",
    "artcon",
    "artcontent",
    "arttext",
    "arccont",
    "arccontent",
    "readcontent",
    "showcontent",
    "showcon",
    "viewcontent",
    "viewcon",
    "cmscontent",
    "richtext",
    "htmlcontent",
    "noticecontent",
    "policycontent",
    "filecontent",
    "filecon",
    "textbody",
    "bodycontent",
    "neirong",
    "xqcontent",
    "xqnr",
    "xiangqing",
];
/// Names that are believed when nothing better is there.
const VAGUE: &[&str] = &["view", "article", "content", "con", "main", "text", "detail"];
/// What names of furniture contain.
const FURNITURE: &[&str] = &[
    "nav",
    "menu",
    "header",
    "topbar",
    "foot",
    "copyright",
    "crumb",
    "position",
    "curpos",
    "dqwz",
    "weizhi",
    "location",
    "share",
    "jiathis",
    "sidebar",
    "login",
    "search",
    "sousuo",
    "toolbar",
    "print",
    "fontsize",
    "qrcode",
    "ewm",
    "erweima",
    "related",
    "relate",
    "xgwz",
    "xgxx",
    "xgyd",
    "xgxw",
    "recommend",
    "tuijian",
    "yqlj",
    "friendlink",
    "pagination",
    "prevnext",
    "shangxia",
    "banner",
    "wza",
    "jiucuo",
    "comment",
    "feedback",
    "saoyisao",
    "xgjd",
    "xgzc",
    "fenxiang",
];
/// Names of furniture that are whole words.
const FURNITURE_WORDS: &[&str] = &[
    "top", "side", "left", "right", "hot", "links", "logo", "float", "tools", "tool", "tags", "path", "wz",
    "sxp", "footer", "bottom", "wzdh", "fx", "dy", "editor", "editer", "zrbj",
];

/// A stretch of nodes.
pub(super) type Range = (Id, Id);

/// What was measured of a page.
pub(super) struct Measures {
    /// Characters in sentences below each node.
    mass: Vec<usize>,
    /// All characters, and those in links and furniture.
    chars: Vec<usize>,
    junk: Vec<usize>,
    /// The last node below each node.
    last: Vec<Id>,
    /// Elements that surround the document.
    furniture: Vec<bool>,
}

/// Characters of a line that speak for a document.
fn weight(found: &Found) -> (usize, usize, usize) {
    let text = found.block.text();
    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
    let free = chars.saturating_sub(found.linked);
    if is_boilerplate(&text) || is_page_info(&text) {
        return (0, chars, chars);
    }
    let is_sentence = text.contains(['。', '；', '，', '！', '？', '：']) || chars >= 20;
    // A list of links with their days beside them is no text.
    let mass = if found.linked * 2 > chars || is_metadata(&text) {
        0
    } else if is_sentence {
        free * 10
    } else {
        free * 3
    };
    (mass, chars, found.linked)
}

impl Measures {
    pub(super) fn new(dom: &Dom, lines: &[Found]) -> Self {
        let count = dom.nodes.len();
        let mut measures = Self {
            mass: vec![0; count],
            chars: vec![0; count],
            junk: vec![0; count],
            last: (0..count).collect(),
            furniture: vec![false; count],
        };
        for id in (1..count).rev() {
            let parent = dom.node(id).map_or(0, |node| node.parent);
            let end = measures.last.get(id).copied().unwrap_or(id);
            if let Some(slot) = measures.last.get_mut(parent) {
                *slot = (*slot).max(end);
            }
        }
        for line in lines {
            let (mass, chars, junk) = weight(line);
            let mut id = line.owner;
            loop {
                for (slot, value) in
                    [(&mut measures.mass, mass), (&mut measures.chars, chars), (&mut measures.junk, junk)]
                {
                    if let Some(slot) = slot.get_mut(id) {
                        *slot += value;
                    }
                }
                if id == 0 {
                    break;
                }
                id = dom.node(id).map_or(0, |node| node.parent);
            }
        }
        measures.mark_furniture(dom);
        measures
    }

    fn mass(&self, id: Id) -> usize {
        self.mass.get(id).copied().unwrap_or(0)
    }

    fn range(&self, id: Id) -> Range {
        (id, self.last.get(id).copied().unwrap_or(id))
    }

    /// Marks elements around the document, and all that is below them.
    fn mark_furniture(&mut self, dom: &Dom) {
        let total = self.mass(0);
        let mut holds_text = vec![false; dom.nodes.len()];
        for id in (1..dom.nodes.len()).rev() {
            let is_container = is_named(dom, id, CONTAINERS) || matches!(dom.name(id), "h1");
            let below = holds_text.get(id).copied().unwrap_or(false);
            if (is_container || below)
                && let Some(slot) = holds_text.get_mut(dom.node(id).map_or(0, |node| node.parent))
            {
                *slot = true;
            }
        }
        for id in 1..dom.nodes.len() {
            let parent = dom.node(id).map_or(0, |node| node.parent);
            let inherited = self.furniture.get(parent).copied().unwrap_or(false);
            let is_small = self.mass(id) * 10 <= total * 3;
            let holds = holds_text.get(id).copied().unwrap_or(false);
            let own = is_small && !holds && is_around(dom, id);
            if let Some(slot) = self.furniture.get_mut(id) {
                *slot = inherited || own;
            }
        }
    }

    /// Whether a node stands in furniture.
    pub(super) fn is_furniture(&self, id: Id) -> bool {
        self.furniture.get(id).copied().unwrap_or(false)
    }

    /// Goes down while one element holds nearly everything.
    fn narrow(&self, dom: &Dom, from: Id) -> Id {
        let mut at = from;
        loop {
            let children = dom.children(at).iter().copied().filter(|&child| !self.is_furniture(child));
            let whole: usize = self.mass(at);
            let Some(best) = children.max_by_key(|&child| (self.mass(child), std::cmp::Reverse(child)))
            else {
                return at;
            };
            let is_text = matches!(
                dom.name(best),
                "p" | "span"
                    | "table"
                    | "tbody"
                    | "tr"
                    | "ul"
                    | "ol"
                    | "b"
                    | "strong"
                    | "font"
                    | "a"
                    | "h1"
                    | "h2"
                    | "h3"
                    | "h4"
            );
            let is_wide = matches!(dom.name(best), "table" | "tbody" | "tr")
                && dom.descendants(best).skip(1).any(|id| matches!(dom.name(id), "table" | "div" | "p"));
            if (is_text && !is_wide) || self.mass(best) * 100 < whole * 82 || self.mass(best) == 0 {
                return at;
            }
            at = best;
        }
    }

    /// Finds the document: a stretch of nodes.
    pub(super) fn main_text(&self, dom: &Dom) -> Range {
        let by_density = self.narrow(dom, 0);
        let enough = |range: Range, mass: usize| mass * 10 >= self.mass(by_density) * 4 && range.0 < range.1;
        if let Some(range) = marked(dom)
            && enough(range, self.mass_of(dom, range))
        {
            return range;
        }
        for (names, is_vague) in [(CONTAINERS, false), (VAGUE, true)] {
            let named = (1..dom.nodes.len()).filter(|&id| {
                !self.is_furniture(id)
                    && (is_named(dom, id, names) || (is_vague && matches!(dom.name(id), "main" | "article")))
            });
            let Some(mut best) = named.max_by_key(|&id| (self.mass(id), id)) else { continue };
            if self.mass(best) == 0 || !enough(self.range(best), self.mass(best)) {
                continue;
            }
            // A wide container with the furniture in it.
            let (chars, junk) =
                (self.chars.get(best).copied().unwrap_or(0), self.junk.get(best).copied().unwrap_or(0));
            if junk * 10 > chars * 2 || is_vague {
                best = self.narrow(dom, best);
            }
            return self.range(best);
        }
        self.range(by_density)
    }

    /// Sentences in a stretch: those of its topmost elements.
    fn mass_of(&self, dom: &Dom, (start, end): Range) -> usize {
        let mut sum = 0;
        let mut id = start + 1;
        while id < end {
            let (_, last) = self.range(id);
            if last <= end && self.mass(id) > 0 {
                sum += self.mass(id);
                id = last + 1;
            } else {
                id += 1;
            }
        }
        // Text that hangs in the element around the marks.
        let around = dom.node(start).map_or(0, |node| node.parent);
        if sum == 0 && end.saturating_sub(start) > 1 { self.mass(around) } else { sum }
    }
}

fn is_named(dom: &Dom, id: Id, names: &[&str]) -> bool {
    matches!(dom.name(id), "ucapcontent" | "founder-content")
        || (!dom.name(id).is_empty()
            && dom.name(id) != "body"
            && dom.tokens(id).iter().any(|token| names.contains(&token.as_str())))
}

/// Whether an element is by its name one around the document.
fn is_around(dom: &Dom, id: Id) -> bool {
    match dom.name(id) {
        "" | "body" | "html" => false,
        "nav" | "footer" | "aside" | "select" | "button" => true,
        "header" => {
            let parent = dom.node(id).map_or(0, |node| node.parent);
            !matches!(dom.name(parent), "article" | "main" | "section")
        }
        _ => dom.tokens(id).iter().any(|token| {
            FURNITURE_WORDS.contains(&token.as_str()) || FURNITURE.iter().any(|word| token.contains(word))
        }),
    }
}

/// The stretch between the marks of the text.
fn marked(dom: &Dom) -> Option<Range> {
    let name = |id: Id| match dom.node(id).map(|node| &node.kind) {
        Some(Kind::Comment(comment)) => comment.to_lowercase().replace(' ', ""),
        Some(Kind::Element(element)) if element == "meta" => {
            dom.attribute(id, "name").unwrap_or_default().to_lowercase()
        }
        _ => String::new(),
    };
    let begins = |text: &str| {
        text == "contentstart"
            || text.contains("content.begin")
            || text.contains("内容]>begin")
            || matches!(
                text,
                "正文开始" | "正文begin" | "正文start" | "文章内容begin" | "文章内容开始" | "内容开始"
            )
    };
    let ends = |text: &str| {
        text == "contentend"
            || text.contains("content.end")
            || text.contains("内容]>end")
            || matches!(text, "正文结束" | "正文end" | "文章内容end" | "文章内容结束" | "内容结束")
    };
    let mut start = None;
    let mut end = None;
    for id in 1..dom.nodes.len() {
        let text = name(id);
        if text.is_empty() {
            continue;
        }
        if start.is_none() && begins(&text) {
            start = Some(id);
        } else if start.is_some() && ends(&text) {
            end = Some(id);
        }
    }
    start.zip(end)
}
