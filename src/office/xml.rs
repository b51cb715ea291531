//! Walking the XML of a part: names without prefixes, text with its references
//! resolved, no entities of the document's own.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Fault, decode};

/// Deepest nesting read. Word itself nests some thirty levels; four tables in
/// each other make sixty.
const MAX_DEPTH: usize = 160;

/// What comes by while a part is read.
pub enum Node<'n> {
    /// An element begins. Empty elements begin and end.
    Open(&'n str, Attributes<'n>),
    /// An element ends.
    Close(&'n str),
    /// Text between them.
    Text(&'n str),
}

/// The attributes of an element.
pub struct Attributes<'n>(&'n BytesStart<'n>);

impl Attributes<'_> {
    /// The value of an attribute, whatever its prefix.
    pub fn get(&self, name: &str) -> Option<String> {
        self.all().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether an attribute that stands for yes or no says yes.
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| is_on(&value))
    }

    /// All of them, names without prefix.
    pub fn all(&self) -> impl Iterator<Item = (String, String)> {
        let mut all = self.0.attributes();
        all.with_checks(false);
        all.filter_map(Result::ok).map(|attribute| {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_or_else(|_| attribute.value.to_string(), std::borrow::Cow::into_owned);
            (attribute.key.local_name().as_ref().to_owned(), value)
        })
    }
}

/// Whether a value means yes.
pub fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Walks a part in order. Stops at the first fault: malformed XML, a DOCTYPE,
/// an entity that XML itself does not define, nesting beyond reason, an end
/// without its beginning or the reverse.
///
/// # Errors
/// The fault; what came before it was handed out.
pub fn walk(part: &str, bytes: &[u8], mut visit: impl FnMut(Node<'_>)) -> Result<(), Fault> {
    let text = decode::xml(bytes);
    let mut reader = Reader::from_str(&text);
    let mut depth = 0_usize;
    let fail = |problem: &str| Fault::damaged(part, problem);
    loop {
        match reader.read_event().map_err(|error| Fault::damaged(part, error))? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(fail("嵌套过深 · nested too deeply"));
                }
                visit(Node::Open(start.local_name().as_ref(), Attributes(&start)));
            }
            Event::Empty(start) => {
                visit(Node::Open(start.local_name().as_ref(), Attributes(&start)));
                visit(Node::Close(start.local_name().as_ref()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Node::Close(end.local_name().as_ref()));
            }
            Event::Text(found) => visit(Node::Text(&found.xml10_content())),
            Event::CData(found) => visit(Node::Text(&found.xml10_content())),
            Event::GeneralRef(reference) => {
                let name = reference.into_inner();
                let resolved = resolve(&name).ok_or_else(|| fail(&format!("&{name};")))?;
                visit(Node::Text(&resolved));
            }
            // No part of an office file has one; entities could be declared in it.
            Event::DocType(_) => return Err(fail("DOCTYPE")),
            Event::Eof if depth > 0 => return Err(fail("不完整 · it ends early")),
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
