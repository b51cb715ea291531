//! JSON with the place of every value, so that a fault in a list can be pointed at.
//!
//! The text has been accepted by `serde_json`, which also limits its depth: what is
//! left to do is to walk over it and note where things stand.

use super::datum::{Datum, Entry, Value};
use jiedu_base::text::TextRange;

/// The value of a text that is valid JSON; `None` where it turns out not to be.
pub(super) fn read(text: &str) -> Option<Datum> {
    Walker { text, at: 0 }.value()
}

struct Walker<'t> {
    text: &'t str,
    at: usize,
}

impl Walker<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.at += blank;
        self.rest().bytes().next()
    }

    /// Steps over a mark when it comes next.
    fn take(&mut self, mark: u8) -> bool {
        let is_next = self.peek() == Some(mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self) -> Option<Datum> {
        let first = self.peek()?;
        let start = self.at;
        let value = match first {
            b'{' => self.table()?,
            b'[' => self.list()?,
            _ => scalar(self.word()?)?,
        };
        Some(Datum { range: TextRange::new(start, self.at), value })
    }

    fn table(&mut self) -> Option<Value> {
        self.take(b'{');
        let mut entries = Vec::new();
        while !self.take(b'}') {
            self.peek()?;
            let start = self.at;
            let key = serde_json::from_str(self.word()?).ok()?;
            let key_range = TextRange::new(start, self.at);
            self.take(b':');
            entries.push(Entry { key, key_range, value: self.value()? });
            self.take(b',');
        }
        Some(Value::Table(entries))
    }

    fn list(&mut self) -> Option<Value> {
        self.take(b'[');
        let mut items = Vec::new();
        while !self.take(b']') {
            items.push(self.value()?);
            self.take(b',');
        }
        Some(Value::List(items))
    }

    /// A string with its quotes, or a number or name.
    fn word(&mut self) -> Option<&str> {
        let start = self.at;
        let bytes = self.text.as_bytes().get(start..)?;
        let length = if bytes.first() == Some(&b'"') {
            let mut is_escaped = false;
            let end = bytes.iter().skip(1).position(|&byte| {
                let ends = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                ends
            });
            end? + 2
        } else {
            let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace();
            bytes.iter().position(ends).unwrap_or(bytes.len())
        };
        self.at += length;
        self.text.get(start..self.at).filter(|word| !word.is_empty())
    }
}

fn scalar(word: &str) -> Option<Value> {
    use serde_json::Value as Json;
    Some(match serde_json::from_str(word).ok()? {
        Json::String(text) => Value::Text(text),
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => number.as_i64().map_or(Value::Other, Value::Integer),
        _ => Value::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_places() {
        let text = "{ \"a\\\"甲\": [1, \"乙\", null, true],\n \"b\": {} }";
        let root = read(text).unwrap();
        let list = root.get("a\"甲").unwrap();
        let places: Vec<&str> =
            list.items().iter().map(|item| text.get(item.range.start..item.range.end).unwrap()).collect();
        assert_eq!(places, ["1", "\"乙\"", "null", "true"]);
        assert_eq!(root.get("b").unwrap().value, Value::Table(Vec::new()));
        assert_eq!(root.range, TextRange::new(0, text.len()));
    }
}
