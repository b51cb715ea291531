//! What a page is, in the words of schema.org, for search engines and
//! catalogues: a policy is `Legislation`, an interpretation an `Article`.
//!
//! Only what the source says is said: a field without a value is left out, a
//! state of force that rests on nothing is too. The block is data, not a
//! script, so the page's Content-Security-Policy has nothing to allow.

use serde_json::{Map, Value, json};

use super::SitePlan;
use super::catalogue::{Entry, Material, title};
use super::pages::is_readable;
use super::route::Route;
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{PolicyDocument, PublishDate, Spanned, Stage};

impl<'a> SitePlan<'a> {
    /// A policy, in the edition that a page shows.
    pub(super) fn legislation(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
        current: bool,
    ) -> String {
        let meta = &policy.meta;
        let url = if current { Route::set(&set.id) } else { Route::edition(&set.id, edition.number) }.url();
        let mut block = Block::new("Legislation", &self.base.absolute(&url));
        block.text("name", title(meta, &set.id));
        block.text("legislationIdentifier", value(meta.document_number.as_ref()));
        let numbers = [("索引号", &meta.index_number), ("统一编号", &meta.registration_number)];
        block.list(
            "identifier",
            numbers.into_iter().filter_map(|(name, number)| {
                let number = number.as_ref()?;
                Some(json!({ "@type": "PropertyValue", "propertyID": name, "value": number.value }))
            }),
        );
        block.list("legislationPassedBy", meta.issuers.iter().map(|issuer| organization(&issuer.value)));
        block.text("legislationType", super::set_json::class_name(meta.class));
        if let Some(subject) = &meta.subject {
            let (first, second) = &subject.value;
            block.list("about", std::iter::once(first).chain(second).map(|name| json!(name)));
        }
        block.date("legislationDate", meta.signed.as_ref().map(|date| date.value));
        block.date("legislationDateVersion", Some(super::catalogue::listed_date(edition)));
        block.text("datePublished", &meta.published.as_ref().map(|at| instant(at.value)).unwrap_or_default());
        if let Some(from) = &meta.effective {
            let until = meta.expires.as_ref().map_or_else(|| "..".to_owned(), |date| date.value.to_string());
            block.text("temporalCoverage", &format!("{}/{until}", from.value));
        }
        let entry = self.catalogue.entry(&set.id);
        if let Some(force) = entry.and_then(|entry| legal_force(entry.force.state)) {
            block.text("legislationLegalForce", &format!("https://schema.org/{force}"));
        }
        block.text("creativeWorkStatus", if meta.stage == Stage::Consultation { "征求意见稿" } else { "" });
        block.list("legislationAmends", meta.amends.iter().map(|target| self.other(target)));
        block.list("legislationRepeals", meta.repeals.iter().map(|target| self.other(target)));
        block.set("version", json!(edition.number));
        let older = set.editions.iter().filter(|old| old.number < edition.number && is_readable(set, old));
        block.list("legislationConsolidates", older.map(|old| {
            json!({ "@type": "Legislation", "@id": self.base.absolute(&Route::edition(&set.id, old.number).url()) })
        }));
        if let Some(reposted) = &meta.reposted {
            block.text("isBasedOn", &reposted.value.url);
        }
        let explained = entry.filter(|_| current).map(Entry::own_materials).into_iter().flatten();
        block.list("subjectOf", explained.map(|material| {
            json!({ "@type": "Article", "@id": self.base.absolute(&material.route().url()), "name": material.title() })
        }));
        block.set("encoding", self.encoding(&set.id));
        block.finish(self)
    }

    /// An interpretation.
    pub(super) fn article_ld(&self, material: Material<'a>) -> String {
        let mut block = Block::new("Article", &self.base.absolute(&material.route().url()));
        block.text("headline", material.title());
        block.text("articleSection", material.form());
        block.text("datePublished", &material.published().map(instant).unwrap_or_default());
        let source = material.material.meta.source.as_ref();
        block.list("author", source.iter().map(|source| organization(&source.value)));
        let own = std::iter::once(&material.set.id);
        let others = material.material.meta.interprets.iter().map(|id| &id.value);
        let explained = own.chain(others.filter(|id| **id != material.set.id));
        block.list(
            "about",
            explained.filter_map(|id| self.catalogue.entry(id)).map(|entry| self.known(entry)),
        );
        block.set("encoding", self.encoding(&material.set.id));
        block.finish(self)
    }

    fn encoding(&self, set: &SetId) -> Value {
        let url = self.base.absolute(&Route::in_set(set, "set.json").url());
        json!({ "@type": "MediaObject", "encodingFormat": "application/json", "contentUrl": url })
    }

    /// A document named by number or set id: with its address when it is here.
    fn other(&self, target: &Spanned<String>) -> Value {
        let found = self.catalogue.named(&target.value);
        found.map_or_else(
            || json!({ "@type": "Legislation", "legislationIdentifier": target.value }),
            |entry| self.known(entry),
        )
    }

    fn known(&self, entry: &Entry<'_>) -> Value {
        json!({ "@type": "Legislation", "@id": self.base.absolute(&entry.route().url()), "name": entry.title() })
    }
}

/// A block as it grows.
struct Block {
    fields: Map<String, Value>,
}

impl Block {
    fn new(kind: &str, url: &str) -> Self {
        let mut block = Self { fields: Map::new() };
        for (name, text) in [
            ("@context", "https://schema.org"),
            ("@type", kind),
            ("@id", url),
            ("url", url),
            ("inLanguage", "zh-CN"),
        ] {
            block.text(name, text);
        }
        block
    }

    fn set(&mut self, name: &str, value: Value) {
        self.fields.insert(name.to_owned(), value);
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.trim().is_empty() {
            self.set(name, json!(text));
        }
    }

    fn date(&mut self, name: &str, date: Option<jiff::civil::Date>) {
        if let Some(date) = date {
            self.set(name, json!(date.to_string()));
        }
    }

    fn list(&mut self, name: &str, values: impl Iterator<Item = Value>) {
        let values: Vec<Value> = values.collect();
        if !values.is_empty() {
            self.set(name, Value::Array(values));
        }
    }

    /// The block as text that no HTML parser takes for markup.
    fn finish(mut self, plan: &SitePlan<'_>) -> String {
        self.set("publisher", organization(&plan.config.office.name));
        let site = &plan.config.site.name;
        self.set("isPartOf", json!({ "@type": "WebSite", "name": site, "url": plan.base.absolute("") }));
        Value::Object(self.fields).to_string().replace('<', "\\u003c").replace('>', "\\u003e")
    }
}

fn organization(name: &str) -> Value {
    json!({ "@type": "GovernmentOrganization", "name": name })
}

fn value(field: Option<&Spanned<String>>) -> &str {
    field.map_or("", |field| field.value.as_str())
}

fn instant(published: PublishDate) -> String {
    let time = published.time.unwrap_or(jiff::civil::Time::midnight());
    format!("{}T{:02}:{:02}:00+08:00", published.date, time.hour(), time.minute())
}

/// The states that schema.org knows; the others say nothing about force.
fn legal_force(state: &str) -> Option<&'static str> {
    match state {
        "in-force" | "amended" => Some("InForce"),
        "partial" => Some("PartiallyInForce"),
        "expired" | "repealed" | "not-yet" | "consultation" | "consultation-closed" => Some("NotInForce"),
        _ => None,
    }
}
