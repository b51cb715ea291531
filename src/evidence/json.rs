//! JSON read strictly: a key that stands twice is an error, as is anything
//! after the value. Nesting is bounded by the parser (128 levels).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A larger document is not read: a release statement of 100,000 sets fits.
const LIMIT: usize = 64 << 20;

/// A JSON value without floating-point numbers; our documents have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// Reads a whole document.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LIMIT {
            return Err(format!("it is larger than {LIMIT} bytes"));
        }
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    pub(crate) fn object(self) -> Option<BTreeMap<String, Self>> {
        if let Self::Object(map) = self { Some(map) } else { None }
    }

    pub(crate) fn list(self) -> Option<Vec<Self>> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub(crate) fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn number(&self) -> Option<u64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }
}

/// An object whose keys are taken out one by one, so that what is left at the
/// end is unknown.
pub(crate) struct Fields {
    what: &'static str,
    map: BTreeMap<String, Json>,
}

impl Fields {
    pub(crate) fn of(what: &'static str, json: Json) -> Result<Self, String> {
        json.object().map(|map| Self { what, map }).ok_or_else(|| format!("{what} is not an object"))
    }

    pub(crate) fn maybe(&mut self, key: &str) -> Option<Json> {
        self.map.remove(key)
    }

    pub(crate) fn need(&mut self, key: &str) -> Result<Json, String> {
        self.map.remove(key).ok_or_else(|| format!("{} has no `{key}`", self.what))
    }

    pub(crate) fn text(&mut self, key: &str) -> Result<String, String> {
        let what = self.what;
        self.need(key)?.text().ok_or_else(|| format!("`{key}` of {what} is not a text"))
    }

    pub(crate) fn number(&mut self, key: &str) -> Result<u64, String> {
        let what = self.what;
        self.need(key)?.number().ok_or_else(|| format!("`{key}` of {what} is not a whole number"))
    }

    pub(crate) fn list(&mut self, key: &str) -> Result<Vec<Json>, String> {
        let what = self.what;
        self.need(key)?.list().ok_or_else(|| format!("`{key}` of {what} is not a list"))
    }

    /// Ends the reading; a key nobody asked for is an error.
    pub(crate) fn end(self) -> Result<(), String> {
        match self.map.into_keys().next() {
            None => Ok(()),
            Some(key) => Err(format!(
                "{} has the unknown key `{}`",
                self.what,
                key.chars().take(40).collect::<String>()
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value with whole numbers")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element()? {
            out.push(item);
        }
        Ok(Json::List(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut out = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry::<String, Json>()? {
            if out.contains_key(&key) {
                let short: String = key.chars().take(40).collect();
                return Err(de::Error::custom(format!("the key `{short}` stands twice")));
            }
            out.insert(key, value);
        }
        Ok(Json::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        for bad in [r#"{"a":1,"a":2}"#, r#"{"a":1} x"#, "{\"a\":1}\n{}", "1.5", "-1", "{", "\u{feff}{}"] {
            assert!(Json::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Json::parse("[".repeat(100_000).as_bytes()).is_err());
        assert!(Json::parse(br#"{"a":{"b":[1,"x",true,null]}}"#).is_ok());
    }
}
