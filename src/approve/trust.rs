//! The trust anchor: the few values the website team keeps outside the
//! repository (contract §4, details 43).

use serde::Deserialize;

use jiedu_base::finding::{Finding, Message, Place, Severity};
use jiedu_base::name::Digest;
use jiedu_base::text::{SourceFile, TextRange};

/// `trust.toml`: what must be true whatever the repository says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustAnchor {
    /// Digest of `roster/1.toml`.
    pub site: Digest,
    /// The highest roster version seen so far; at least 1.
    pub min_roster: u32,
    /// Its digest; for version 1 it is `site`.
    pub min_roster_digest: Option<Digest>,
    /// The highest release sequence seen so far; 0 before the first.
    pub min_release: u64,
    /// Its digest.
    pub min_release_digest: Option<Digest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    site: String,
    min_roster: Option<u32>,
    min_roster_digest: Option<String>,
    min_release: Option<u64>,
    min_release_digest: Option<String>,
}

impl TrustAnchor {
    /// Anchors a site at its first roster, with nothing released yet.
    #[must_use]
    pub fn first(site: Digest) -> Self {
        Self { site, min_roster: 1, min_roster_digest: Some(site), min_release: 0, min_release_digest: None }
    }

    /// Reads `trust.toml`.
    ///
    /// # Errors
    /// What is wrong with the file (exit 2).
    pub fn parse(file: &SourceFile) -> Result<Self, Vec<Finding>> {
        let raw: Raw = toml::from_str(file.text()).map_err(|error| {
            let range = error.span().map(TextRange::from).unwrap_or_default();
            let problem = error.message().to_owned();
            vec![fault(
                file,
                range,
                format!("信任锚文件写法有误：{problem}"),
                format!("the trust anchor cannot be read: {problem}"),
            )]
        })?;
        anchor(&raw).map_err(|(key, problem)| {
            let start = file.text().find(key).unwrap_or(0);
            let range = TextRange::new(start, start + key.len());
            vec![fault(
                file,
                range,
                format!("信任锚的 `{key}` 有误：{}", problem.zh),
                format!("`{key}` of the trust anchor: {}", problem.en),
            )]
        })
    }

    /// The file as text, for `init`, `demo` and the values `verify` prints.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let quoted = |digest: Digest| format!("\"{digest}\"");
        let lines = [
            Some(("site", quoted(self.site))),
            Some(("min_roster", self.min_roster.to_string())),
            self.min_roster_digest.map(|digest| ("min_roster_digest", quoted(digest))),
            (self.min_release > 0).then(|| ("min_release", self.min_release.to_string())),
            self.min_release_digest.map(|digest| ("min_release_digest", quoted(digest))),
        ];
        let written = lines.into_iter().flatten().map(|(key, value)| format!("{key} = {value}"));
        written.chain([String::new()]).collect::<Vec<_>>().join("\n")
    }
}

fn anchor(raw: &Raw) -> Result<TrustAnchor, (&'static str, Message)> {
    let digest = |key: &'static str, text: &str| {
        Digest::parse(text).map_err(|_| {
            (
                key,
                Message::new(
                    "应为 sha256: 加 64 位小写十六进制数字",
                    "must be `sha256:` and 64 lower-case hex digits",
                ),
            )
        })
    };
    let site = digest("site", &raw.site)?;
    let min_roster = raw.min_roster.unwrap_or(1);
    if min_roster == 0 {
        return Err(("min_roster", Message::new("名册版本从 1 起", "roster versions count from 1")));
    }
    let optional = |key, text: &Option<String>| text.as_deref().map(|text| digest(key, text)).transpose();
    let min_roster_digest = optional("min_roster_digest", &raw.min_roster_digest)?;
    let min_release_digest = optional("min_release_digest", &raw.min_release_digest)?;
    let min_release = raw.min_release.unwrap_or(0);
    Ok(TrustAnchor { site, min_roster, min_roster_digest, min_release, min_release_digest })
}

fn fault(file: &SourceFile, range: TextRange, zh: String, en: String) -> Finding {
    let place = Place::range(file, range);
    Finding::new("TRUST_ANCHOR", "trust-anchor", "approval", Severity::Error, place, Message::new(zh, en))
        .note(
            "信任锚由网站运维方保管；请与 `jiedu verify` 上次打印的数值核对。",
            "the website team keeps the anchor; compare it with the values `jiedu verify` printed last",
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<TrustAnchor, Vec<Finding>> {
        TrustAnchor::parse(&SourceFile::new("trust.toml", text))
    }

    #[test]
    fn only_the_site_is_required_and_writing_reads_back() {
        let site = Digest::of(b"roster");
        let anchor = parse(&format!("site = \"{site}\"")).unwrap();
        assert_eq!((anchor.min_roster, anchor.min_release), (1, 0));
        let full = TrustAnchor {
            min_roster: 3,
            min_release: 7,
            min_release_digest: Some(Digest::of(b"release")),
            ..TrustAnchor::first(site)
        };
        assert_eq!(parse(&full.to_toml()).unwrap(), full);
        assert_eq!(parse(&TrustAnchor::first(site).to_toml()).unwrap(), TrustAnchor::first(site));
    }

    #[test]
    fn points_at_what_is_wrong() {
        let site = Digest::of(b"roster");
        for (text, at) in [
            (format!("site = \"{site}\"\ncolour = 1"), "colour"),
            (format!("site = \"{site}\"\nmin_roster = 0"), "min_roster"),
            (format!("site = \"{site}\"\nmin_release = \"x\""), "\"x\""),
            ("site = \"sha256:00\"".to_owned(), "site"),
        ] {
            let findings = parse(&text).unwrap_err();
            let place = &findings[0].place;
            assert_eq!(place.file.as_ref().unwrap().slice(place.range), at, "{text}");
        }
        assert!(parse("").is_err());
    }
}
