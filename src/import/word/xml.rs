//! Walking a part: elements by local name, text with its references resolved.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ImportError;

/// Deepest nesting read.
const MAX_DEPTH: usize = 256;

/// What a part consists of, names without prefix.
pub(super) enum Node<'e> {
    /// An element begins.
    Start(&'e str, &'e BytesStart<'e>),
    /// An element ends.
    End(&'e str),
    /// Characters.
    Text(&'e str),
}

/// Walks a part in order. An element without content is a start and an end.
pub(super) fn walk(
    part: &str,
    text: &str,
    mut visit: impl FnMut(Node<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let fail = |problem: String| ImportError::Damaged { part: part.to_owned(), problem };
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|error| fail(error.to_string()))? {
            Event::Start(element) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(fail("nested too deeply".to_owned()));
                }
                visit(Node::Start(element.local_name().as_ref(), &element))?;
            }
            Event::Empty(element) => {
                let name = element.local_name();
                visit(Node::Start(name.as_ref(), &element))?;
                visit(Node::End(name.as_ref()))?;
            }
            Event::End(element) => {
                depth = depth.saturating_sub(1);
                visit(Node::End(element.local_name().as_ref()))?;
            }
            Event::Text(found) => visit(Node::Text(&found.xml10_content()))?,
            Event::CData(found) => visit(Node::Text(&found.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let name = reference.into_inner();
                let resolved = resolve(&name).ok_or_else(|| fail(format!("unknown entity {name}")))?;
                visit(Node::Text(&resolved))?;
            }
            // No part of a Word file has one; entities could be declared in it.
            Event::DocType(_) => return Err(fail("DOCTYPE".to_owned())),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A predefined entity or a character reference.
fn resolve(name: &str) -> Option<String> {
    Some(match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?.to_string()
        }
    })
}

/// An attribute by local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// Whether a switch such as `<w:b/>` is on.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, "val").as_deref(), Some("0" | "false" | "off" | "none"))
}
