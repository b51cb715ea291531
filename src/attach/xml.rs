//! Reading the XML of office documents: names without prefixes, text with its
//! references resolved, no entities of the document's own.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// What comes by while a document is read.
pub(super) enum Node<'n> {
    /// An element begins. Empty elements begin and end.
    Open(&'n str, Attributes<'n>),
    /// An element ends.
    Close(&'n str),
    /// Text between them.
    Text(&'n str),
}

/// The attributes of an element.
pub(super) struct Attributes<'n>(&'n BytesStart<'n>);

impl Attributes<'_> {
    /// The value of an attribute, whatever its prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let mut all = self.0.attributes();
        let found = all
            .with_checks(false)
            .filter_map(Result::ok)
            .find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        Some(value.map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned))
    }

    /// Whether an attribute that stands for yes or no says yes.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| is_on(&value))
    }
}

/// Whether a value means yes.
pub(super) fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Walks a document. Stops at the first fault, which is `Err`; what came before
/// was handed out.
pub(super) fn walk(bytes: &[u8], mut take: impl FnMut(Node<'_>)) -> Result<(), ()> {
    let text = decoded(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().map_err(|_| ())? {
            Event::Start(start) => take(Node::Open(start.local_name().as_ref(), Attributes(&start))),
            Event::Empty(start) => {
                take(Node::Open(start.local_name().as_ref(), Attributes(&start)));
                take(Node::Close(start.local_name().as_ref()));
            }
            Event::End(end) => take(Node::Close(end.local_name().as_ref())),
            Event::Text(text) => take(Node::Text(&text)),
            Event::CData(data) => take(Node::Text(&data)),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => take(Node::Text(c.encode_utf8(&mut [0; 4]))),
                _ => take(Node::Text(resolve_predefined_entity(&reference).unwrap_or(""))),
            },
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The text of a document: UTF-8, or UTF-16 by its mark.
fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    encoding_rs::Encoding::for_bom(bytes)
        .map_or_else(|| String::from_utf8_lossy(bytes), |(encoding, _)| encoding.decode(bytes).0)
}
