//! The form of `roster/<n>.toml`, field by field; unknown fields are refused.

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoster {
    pub(super) version: u32,
    pub(super) previous: String,
    pub(super) default_profile: Option<String>,
    pub(super) accepted: Option<String>,
    pub(super) root: RawRoot,
    pub(super) person: Vec<RawPerson>,
    pub(super) key: Vec<RawKey>,
    #[serde(default)]
    pub(super) substitute: Vec<RawSubstitute>,
    #[serde(default)]
    pub(super) revocation: Vec<RawRevocation>,
    #[serde(default)]
    pub(super) publisher: Vec<RawPublisher>,
    #[serde(default)]
    pub(super) profile: Vec<RawProfile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoot {
    pub(super) members: Vec<String>,
    pub(super) threshold: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPerson {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) post: String,
    pub(super) emails: Vec<String>,
    pub(super) roles: Vec<RawRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) step: String,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) from: Option<Date>,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) until: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKey {
    pub(super) person: String,
    pub(super) kind: String,
    pub(super) public: String,
    pub(super) fingerprint: Option<String>,
    #[serde(rename = "use")]
    pub(super) uses: Vec<String>,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) from: Option<Date>,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) until: Option<Date>,
    #[serde(default)]
    pub(super) allow_rsa_2048: bool,
    #[serde(default)]
    pub(super) require_pin: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSubstitute {
    #[serde(rename = "for")]
    pub(super) holder: String,
    pub(super) by: String,
    pub(super) steps: Vec<String>,
    #[serde(deserialize_with = "date")]
    pub(super) from: Date,
    #[serde(deserialize_with = "date")]
    pub(super) until: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRevocation {
    pub(super) key: String,
    pub(super) reason: String,
    #[serde(deserialize_with = "date")]
    pub(super) date: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPublisher {
    pub(super) person: String,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) from: Option<Date>,
    #[serde(default, deserialize_with = "optional_date")]
    pub(super) until: Option<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProfile {
    pub(super) name: String,
    pub(super) steps: Vec<String>,
    #[serde(default)]
    pub(super) groups: Vec<Vec<String>>,
    #[serde(default)]
    pub(super) author_may: Vec<String>,
    pub(super) important: Option<Vec<String>>,
}

/// A TOML local date, or the same in quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::Datetime(value) if value.time.is_none() && value.offset.is_none() => value.to_string(),
        toml::Value::String(text) if text.len() == 10 => text,
        _ => return Err(D::Error::custom("expected a date such as 2025-01-01")),
    };
    text.parse().map_err(|_| D::Error::custom("expected a date such as 2025-01-01"))
}

fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}
