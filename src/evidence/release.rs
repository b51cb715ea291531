//! `release.json`: what the publisher vouches for, as an in-toto statement.
//!
//! The bytes are canonical: keys sorted, no white space, one form for every
//! value. The subject is the manifest; the predicate says which authority, which
//! source, which editions by which statements, and what came before.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::json::{Fields, Json};
use super::manifest::MANIFEST_PATH;
use jiedu_base::name::{Digest, SetId, SmallSet};

const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "urn:jiedu:release:1";

/// Why an edition whose text is not to be disclosed is void: not even its
/// digest manifest is in evidence.
pub(super) const NOT_DISCLOSED: &str = "NOT_DISCLOSED";

/// A version of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RosterRef {
    /// From 1.
    pub version: u32,
    /// SHA-256 of the file.
    pub digest: Digest,
}

/// The approved state of the site-wide files (theme, configuration, pages).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteRef {
    /// Digest of the set `site`.
    pub digest: Digest,
    /// The round that cleared it.
    pub revision: u32,
    /// Its statements, submit first.
    pub statements: Vec<Digest>,
}

/// The approved state of the catalogue, a list or a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallRef {
    /// Which.
    pub id: SmallSet,
    /// Its digest.
    pub digest: Digest,
    /// The round that cleared it.
    pub revision: u32,
    /// Its statements, submit first.
    pub statements: Vec<Digest>,
}

/// One edition of a released set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedEdition {
    /// From 1.
    pub number: u32,
    /// Digest of the set.
    pub digest: Digest,
    /// The round that cleared it.
    pub revision: u32,
    /// Its statements, submit first.
    pub statements: Vec<Digest>,
    /// Whether the profile's extra steps apply (重要).
    pub important: bool,
    /// Why it is no longer shown; its number stays taken.
    pub void: Option<String>,
}

/// A set of the release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedSet {
    /// Its id.
    pub id: SetId,
    /// Old ids of the set, whose addresses lead to it.
    pub aliases: BTreeSet<SetId>,
    /// The statement that withdrew it.
    pub withdrawn: Option<Digest>,
    /// All its editions, oldest first.
    pub editions: Vec<ReleasedEdition>,
}

impl ReleasedSet {
    /// The edition on the set's current page.
    #[must_use]
    pub fn current(&self) -> Option<&ReleasedEdition> {
        self.editions.iter().rev().find(|edition| edition.void.is_none())
    }
}

/// What a release says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// SHA-256 of `manifest.json`.
    pub manifest: Digest,
    /// Digest of roster 1: the authority.
    pub site: Digest,
    /// From 1, one more with each release.
    pub sequence: u64,
    /// SHA-256 of the `release.json` before.
    pub previous: Option<Digest>,
    /// The newest roster.
    pub roster: RosterRef,
    /// The commit that was built.
    pub commit: String,
    /// `sha1` or `sha256`.
    pub object_format: String,
    /// Program and version.
    pub builder: String,
    /// How redlines were computed.
    pub redline: String,
    /// The set `site`.
    pub theme: SiteRef,
    /// The catalogue, lists and reports, by id.
    pub small: Vec<SmallRef>,
    /// The publication instant.
    pub at: String,
    /// Whether the instant was chosen by a person and not derived.
    pub at_given: bool,
    /// The instant at which keys and roles were judged: the same when it was
    /// chosen, else the latest time that any reachable commit claims.
    pub judged_at: String,
    /// Every set with editions, by id.
    pub sets: Vec<ReleasedSet>,
    /// SHA-256 of `ledger.txt`.
    pub ledger: Digest,
    /// In private mode, SHA-256 over the list of evidence files that are kept
    /// beside the site.
    pub archive: Option<Digest>,
}

impl Release {
    /// The bytes of `release.json`.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let withdrawn: Vec<Value> = self
            .sets
            .iter()
            .filter_map(|set| {
                set.withdrawn.map(|id| json!({"id": set.id.as_str(), "statement": id.to_string()}))
            })
            .collect();
        let mut predicate = json!({
            "at": self.at,
            "atGiven": self.at_given,
            "judgedAt": self.judged_at,
            "builder": {"redline": self.redline, "version": self.builder},
            "ledger": self.ledger.to_string(),
            "previous": self.previous.map_or_else(|| "none".to_owned(), |digest| digest.to_string()),
            "roster": {"digest": self.roster.digest.to_string(), "version": self.roster.version},
            "sequence": self.sequence,
            "sets": self.sets.iter().map(set_json).collect::<Vec<_>>(),
            "site": self.site.to_string(),
            "source": {"commit": self.commit, "objectFormat": self.object_format},
            "theme": {
                "digest": self.theme.digest.to_string(),
                "revision": self.theme.revision,
                "statements": texts(&self.theme.statements),
            },
            "withdrawn": withdrawn,
        });
        if let Some(object) = predicate.as_object_mut().filter(|_| !self.small.is_empty()) {
            let small = self.small.iter().map(|set| {
                json!({
                    "digest": set.digest.to_string(),
                    "id": set.id.to_string(),
                    "revision": set.revision,
                    "statements": texts(&set.statements),
                })
            });
            object.insert("small".to_owned(), small.collect());
        }
        if let (Some(archive), Some(object)) = (self.archive, predicate.as_object_mut()) {
            object.insert("archive".to_owned(), json!(archive.to_string()));
        }
        let statement = json!({
            "_type": STATEMENT_TYPE,
            "predicate": predicate,
            "predicateType": PREDICATE_TYPE,
            "subject": [{"digest": {"sha256": self.manifest.hex()}, "name": MANIFEST_PATH}],
        });
        canonical(&statement).into_bytes()
    }

    /// Reads a release statement. Order and white space are free, since the
    /// signature is over the bytes; a value that says more or other than the
    /// statement itself is an error, so nothing in it is without meaning.
    ///
    /// # Errors
    /// What is wrong, in one phrase.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let said = Json::parse(bytes)?;
        let mut statement = Fields::of("the statement", said.clone())?;
        if statement.text("_type")? != STATEMENT_TYPE {
            return Err(format!("`_type` is not `{STATEMENT_TYPE}`"));
        }
        if statement.text("predicateType")? != PREDICATE_TYPE {
            return Err(format!("`predicateType` is not `{PREDICATE_TYPE}`"));
        }
        let manifest = subject(statement.list("subject")?)?;
        let predicate = Fields::of("the predicate", statement.need("predicate")?)?;
        statement.end()?;
        let release = Self::from_predicate(manifest, predicate)?;
        let meant = Json::parse(&release.to_json())?;
        if meant == said { Ok(release) } else { Err("its parts contradict each other".into()) }
    }

    fn from_predicate(manifest: Digest, mut fields: Fields) -> Result<Self, String> {
        let mut builder = Fields::of("`builder`", fields.need("builder")?)?;
        let mut roster = Fields::of("`roster`", fields.need("roster")?)?;
        let mut source = Fields::of("`source`", fields.need("source")?)?;
        let mut theme = Fields::of("`theme`", fields.need("theme")?)?;
        let previous = match fields.text("previous")?.as_str() {
            "none" => None,
            text => Some(Digest::parse(text).map_err(|error| error.to_string())?),
        };
        let withdrawn =
            fields.list("withdrawn")?.into_iter().map(withdrawn_set).collect::<Result<Vec<_>, _>>()?;
        let mut sets = fields.list("sets")?.into_iter().map(released_set).collect::<Result<Vec<_>, _>>()?;
        for (id, statement) in withdrawn {
            let set =
                sets.iter_mut().find(|set| set.id == id).ok_or("a withdrawn set is not among the sets")?;
            set.withdrawn = Some(statement);
        }
        let small_sets = match fields.maybe("small") {
            None => Vec::new(),
            Some(value) => {
                let list = value.list().ok_or("`small` is not a list")?;
                list.into_iter().map(small_ref).collect::<Result<_, _>>()?
            }
        };
        let archive = match fields.maybe("archive") {
            None => None,
            Some(value) => Some(
                Digest::parse(&value.text().ok_or("`archive` is not a text")?).map_err(|e| e.to_string())?,
            ),
        };
        let release = Self {
            manifest,
            site: digest(&mut fields, "site")?,
            sequence: fields.number("sequence")?,
            previous,
            roster: RosterRef {
                version: small(&mut roster, "version")?,
                digest: digest(&mut roster, "digest")?,
            },
            commit: source.text("commit")?,
            object_format: source.text("objectFormat")?,
            builder: builder.text("version")?,
            redline: builder.text("redline")?,
            theme: SiteRef {
                digest: digest(&mut theme, "digest")?,
                revision: small(&mut theme, "revision")?,
                statements: digests(&mut theme, "statements")?,
            },
            small: small_sets,
            at: fields.text("at")?,
            at_given: fields.need("atGiven")?.bool().ok_or("`atGiven` is neither true nor false")?,
            judged_at: fields.text("judgedAt")?,
            sets,
            ledger: digest(&mut fields, "ledger")?,
            archive,
        };
        [builder, roster, source, theme, fields].into_iter().try_for_each(Fields::end)?;
        Ok(release)
    }

    /// SHA-256 of the bytes: what the next release and the anchor remember.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_json())
    }
}

fn set_json(set: &ReleasedSet) -> Value {
    let editions: Vec<Value> = set.editions.iter().map(edition_json).collect();
    let mut value = json!({"editions": editions, "id": set.id.as_str()});
    let Some(object) = value.as_object_mut() else { return value };
    if let Some(current) = set.current() {
        object.insert("current".to_owned(), json!(current.number));
    }
    if !set.aliases.is_empty() {
        object.insert("aliases".to_owned(), set.aliases.iter().map(SetId::as_str).collect());
    }
    value
}

fn edition_json(edition: &ReleasedEdition) -> Value {
    let mut value = json!({
        "digest": edition.digest.to_string(),
        "important": edition.important,
        "number": edition.number,
        "revision": edition.revision,
        "statements": texts(&edition.statements),
    });
    if let (Some(void), Some(object)) = (&edition.void, value.as_object_mut()) {
        object.insert("void".to_owned(), json!(void));
    }
    value
}

fn texts(digests: &[Digest]) -> Vec<String> {
    digests.iter().map(Digest::to_string).collect()
}

/// JSON with sorted keys and no white space, whatever the order in which a
/// library keeps its maps.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: std::collections::BTreeMap<&String, &Value> = map.iter().collect();
            let fields: Vec<String> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{}", json!(key), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn subject(subjects: Vec<Json>) -> Result<Digest, String> {
    let Ok([subject]) = <[Json; 1]>::try_from(subjects) else {
        return Err("there is not exactly one subject".into());
    };
    let mut subject = Fields::of("the subject", subject)?;
    if subject.text("name")? != MANIFEST_PATH {
        return Err("the subject is not the manifest".into());
    }
    let mut digests = Fields::of("the subject's digest", subject.need("digest")?)?;
    let digest = Digest::parse_hex(&digests.text("sha256")?).map_err(|error| error.to_string())?;
    digests.end()?;
    subject.end()?;
    Ok(digest)
}

fn withdrawn_set(value: Json) -> Result<(SetId, Digest), String> {
    let mut fields = Fields::of("a withdrawn set", value)?;
    let id = SetId::parse(&fields.text("id")?).map_err(|error| error.to_string())?;
    let statement = digest(&mut fields, "statement")?;
    fields.end()?;
    Ok((id, statement))
}

fn small_ref(value: Json) -> Result<SmallRef, String> {
    let mut fields = Fields::of("a set of one file", value)?;
    let id = fields.text("id")?;
    let set = SmallRef {
        id: SmallSet::parse(&id).ok_or_else(|| format!("`{id}` is no set of one file"))?,
        digest: digest(&mut fields, "digest")?,
        revision: small(&mut fields, "revision")?,
        statements: digests(&mut fields, "statements")?,
    };
    fields.end()?;
    Ok(set)
}

fn released_set(value: Json) -> Result<ReleasedSet, String> {
    let mut fields = Fields::of("a set", value)?;
    let id = SetId::parse(&fields.text("id")?).map_err(|error| error.to_string())?;
    let editions =
        fields.list("editions")?.into_iter().map(released_edition).collect::<Result<Vec<_>, _>>()?;
    // Derived from the editions; comparing the whole checks that it agrees.
    fields.maybe("current");
    let aliases = match fields.maybe("aliases") {
        None => BTreeSet::new(),
        Some(value) => set_ids(value.list().ok_or("`aliases` is not a list")?)?,
    };
    fields.end()?;
    Ok(ReleasedSet { id, aliases, withdrawn: None, editions })
}

fn released_edition(value: Json) -> Result<ReleasedEdition, String> {
    let mut fields = Fields::of("an edition", value)?;
    let void = fields.maybe("void").map(|value| value.text().ok_or("`void` is not a text")).transpose()?;
    let edition = ReleasedEdition {
        number: small(&mut fields, "number")?,
        digest: digest(&mut fields, "digest")?,
        revision: small(&mut fields, "revision")?,
        statements: digests(&mut fields, "statements")?,
        important: fields.need("important")?.bool().ok_or("`important` is neither true nor false")?,
        void,
    };
    fields.end()?;
    Ok(edition)
}

fn set_ids(items: Vec<Json>) -> Result<BTreeSet<SetId>, String> {
    let texts = items.into_iter().map(|item| item.text().unwrap_or_default());
    texts.map(|text| SetId::parse(&text).map_err(|error| error.to_string())).collect()
}

fn digest(fields: &mut Fields, key: &str) -> Result<Digest, String> {
    Digest::parse(&fields.text(key)?).map_err(|error| error.to_string())
}

fn digests(fields: &mut Fields, key: &str) -> Result<Vec<Digest>, String> {
    let items = fields.list(key)?.into_iter().map(|item| item.text().unwrap_or_default());
    items.map(|text| Digest::parse(&text).map_err(|error| error.to_string())).collect()
}

fn small(fields: &mut Fields, key: &str) -> Result<u32, String> {
    u32::try_from(fields.number(key)?).map_err(|_| format!("`{key}` is too large"))
}
