//! Whether a picture in SVG stands still.
//!
//! A browser that opens an SVG file runs what is in it: scripts, handlers of
//! events, foreign markup, animations that change where a link leads. Names
//! mean nothing without their namespace, and a prefix may be any, so the
//! picture is parsed as a browser would and only what is known to draw is let
//! through: elements by local name in the SVG namespace, attributes by what
//! their values can do.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, PrefixDeclaration, ResolveResult};
use quick_xml::reader::NsReader;

const SVG: &str = "http://www.w3.org/2000/svg";
/// Notes of drawing programs, which no browser shows or obeys.
const EDITORS: [&str; 9] = [
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://purl.org/dc/elements/1.1/",
    "http://www.serif.com/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://ns.adobe.com/AdobeIllustrator/10.0/",
];
/// Elements that draw, group, describe or are used by those that draw (SVG 2,
/// appendix F), without scripts, foreign objects, media and animations.
const ELEMENTS: [&str; 62] = [
    "a",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "font",
    "font-face",
    "g",
    "glyph",
    "hkern",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "missing-glyph",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];
/// More attributes than any drawing program writes.
const ATTRIBUTES: usize = 500;
/// Pictures inside a picture that cannot do more than be seen.
const DATA: [&str; 5] =
    ["data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif", "data:image/webp"];

/// Whether the picture holds nothing that a browser would run or fetch.
pub(super) fn stands_still(bytes: &[u8]) -> bool {
    // UTF-16 and the like read as something else; no editor writes SVG so.
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    walk(text).is_some()
}

/// None at the first thing that is not known to be harmless; what is not well
/// formed is not, for browsers show what stands before the fault.
fn walk(text: &str) -> Option<()> {
    let mut reader = NsReader::from_str(text);
    let (mut in_style, mut depth, mut style) = (false, 0_usize, String::new());
    loop {
        let event = reader.read_resolved_event().ok()?;
        let (is_empty, depth_change) =
            (matches!(event.1, Event::Empty(_)), matches!(event.1, Event::Start(_)));
        match event {
            (namespace, Event::Start(start) | Event::Empty(start)) => {
                let name = start.local_name();
                let is_svg = element(&namespace, name.as_ref())?;
                attributes(&start)?;
                depth += usize::from(depth_change);
                in_style |= is_svg && !is_empty && name.as_ref() == "style";
            }
            (_, Event::End(_)) => {
                depth = depth.checked_sub(1)?;
                if std::mem::take(&mut in_style) {
                    css(&std::mem::take(&mut style))?;
                }
            }
            (_, Event::Text(text)) if in_style => style.push_str(&text),
            (_, Event::CData(text)) if in_style => style.push_str(&text),
            (_, Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(c)) if in_style => style.push(c),
                Ok(Some(_)) => {}
                Ok(None) => {
                    let value = resolve_predefined_entity(&reference)?;
                    style.push_str(if in_style { value } else { "" });
                }
                Err(_) => return None,
            },
            (_, Event::PI(_)) => return None,
            (_, Event::Decl(declaration)) => match declaration.encoding() {
                None => {}
                Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => {}
                Some(_) => return None,
            },
            // A plain reference to the DTD of SVG is never fetched; declarations
            // of entities can spell everything.
            (_, Event::DocType(declaration)) if declaration.contains('[') => return None,
            (_, Event::Eof) => return (depth == 0).then_some(()),
            _ => {}
        }
    }
}

/// Whether an element of SVG, or of a drawing program's notes.
fn element(namespace: &ResolveResult<'_>, name: &str) -> Option<bool> {
    match namespace {
        ResolveResult::Bound(Namespace(uri)) if EDITORS.iter().any(|editor| uri.starts_with(editor)) => {
            Some(false)
        }
        ResolveResult::Bound(Namespace(uri)) if *uri != SVG => None,
        ResolveResult::Unknown(_) => None,
        _ => ELEMENTS.contains(&name).then_some(true),
    }
}

fn attributes(start: &BytesStart<'_>) -> Option<()> {
    let mut all = start.attributes();
    for (count, attribute) in all.with_checks(false).enumerate() {
        let attribute = attribute.ok().filter(|_| count < ATTRIBUTES)?;
        let name = attribute.key.local_name();
        let name = name.as_ref().to_ascii_lowercase();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        // Blanks and controls inside the name of a scheme are ignored by browsers.
        let value: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let value = value.to_ascii_lowercase();
        let is_declaration = attribute.key.as_namespace_binding().is_some();
        let harmless = match name.as_str() {
            _ if is_declaration => {
                !matches!(attribute.key.as_namespace_binding(), Some(PrefixDeclaration::Named("xml")))
            }
            "href" | "src" => leads_nowhere_bad(&value),
            _ => !name.starts_with("on") && css(&value).is_some() && !value.contains("script:"),
        };
        if !harmless {
            return None;
        }
    }
    Some(())
}

fn leads_nowhere_bad(value: &str) -> bool {
    let scheme = value.split(['/', '#', '?']).next().is_some_and(|head| head.contains(':'));
    !scheme
        || ["http://", "https://", "mailto:"].iter().any(|safe| value.starts_with(safe))
        || DATA.iter().any(|safe| value.starts_with(safe))
}

/// Whether a style draws only: it imports nothing and binds no program.
fn css(text: &str) -> Option<()> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    // An escape can spell any of the words below.
    let bad = ["@import", "expression(", "-moz-binding", "behavior:", "javascript:", "vbscript:", "\\"];
    let urls = text
        .match_indices("url(")
        .map(|(at, found)| text.get(at + found.len()..).unwrap_or_default().trim_start_matches(['"', '\'']));
    let mut urls = urls.map(|url| url.starts_with('#') || DATA.iter().any(|safe| url.starts_with(safe)));
    (!bad.iter().any(|bad| text.contains(bad)) && urls.all(|fine| fine)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(part: &str) -> bool {
        stands_still(
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\">\
                 <title>比例 on the rise, on = 3 times &amp; more &#169;</title>{part}<path d=\"M0 0\"/></svg>"
            )
            .as_bytes(),
        )
    }

    #[test]
    fn drawings_of_common_programs_pass() {
        for part in [
            "",
            "<style>.a { fill: url(#g); stroke: #c00 } text::after { content: \"a\" }</style>",
            "<style><![CDATA[.a > .b { fill: red }]]></style>",
            "<a xlink:href=\"https://example.gov.cn/a?b=1:2\"><rect width=\"1\" class=\"one\"/></a>",
            "<use xlink:href=\"#x\"/><image href=\"data:image/png;base64,AAAA\"/><image href=\"图/a.png\"/>",
            "<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><cc:Work xmlns:cc=\"http://creativecommons.org/ns#\"/></rdf:RDF></metadata>",
            "<s:g xmlns:s=\"http://www.w3.org/2000/svg\"><s:circle r=\"1\"/></s:g>",
            "<sodipodi:namedview xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" pagecolor=\"#fff\"/>",
            "<!-- onload=\"x\" --><text font-family=\"宋体\">第一条</text>",
        ] {
            assert!(with(part), "{part}");
        }
        let doctype = "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">";
        assert!(stands_still(format!("{doctype}<svg xmlns=\"{SVG}\"/>").as_bytes()));
    }

    #[test]
    fn whatever_runs_is_seen_under_any_prefix() {
        for part in [
            "<script>alert(1)</script>",
            "<SCRIPT href='x'/>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<q xmlns=\"http://www.w3.org/2000/svg\" xmlns:q=\"http://www.w3.org/2000/svg\"><q:script/></q>",
            "<h:iframe xmlns:h=\"http://www.w3.org/1999/xhtml\" srcdoc=\"&lt;script>\"/>",
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><script/></html>",
            "<metadata><h:script xmlns:h=\"http://www.w3.org/1999/xhtml\"/></metadata>",
            "<unbound:script/>",
            "<foreignObject/>",
            "<set attributeName=\"href\" to=\"javascript:x\"/>",
            "<animate attributeName=\"href\" values=\"javascript:x\"/>",
            "<handler/>",
            "<a href=\"javascript:x\"/>",
            "<a xlink:href=\" java&#9;script:x\"/>",
            "<a href=\"java&#115;cript:x\"/>",
            "<a href=\"data:text/html,x\"/>",
            "<use href=\"data:image/svg+xml,x\"/>",
            "<rect onload=\"x\"/>",
            "<rect\nonclick = 'x'/>",
            "<rect xlink:onclick='x'/>",
            "<rect ONLOAD='x'/>",
            "<rect style=\"fill: url(https://tracker.example/x)\"/>",
            "<style>@import url(https://example.com/x.css);</style>",
            "<style>@\\69mport 'x';</style>",
            "<style>@im<![CDATA[port]]> 'x';</style>",
            "<?xml-stylesheet href='x'?>",
            "<g>",
            "</g>",
            "<g a=1/>",
            "&unknown;",
        ] {
            assert!(!with(part), "{part}");
        }
        assert!(!stands_still(
            b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns=\"http://www.w3.org/2000/svg\"/>"
        ));
        assert!(!stands_still(
            b"<?xml version='1.0' encoding='UTF-7'?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"
        ));
        assert!(!stands_still(&[0xff, 0xfe, b'<', 0]));
    }
}
