//! The machine twins: `set.json`, `v<N>/edition.json` and `record/index.json`;
//! `compare/<A>-<B>/index.json` is made with its page; and the catalogue of the
//! site.
//!
//! Fields are only ever added; a field that has no value is `null`. The shape
//! is part of the product: `jiedu.set/1`, `jiedu.edition/1` and
//! `jiedu.record/1` are described by [`SCHEMA`], which every site carries.

mod data;
mod listing;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use self::types::{
    ConsultationJson, EditionJson, EditionTextJson, EvidenceJson, ExplanationJson, FileJson,
    InterpretationJson, MetadataJson, ProvisionJson, RecordJson, SectionJson, SetJson, SourceJson, StepJson,
    ValidityJson, ValiditySpanJson, WithdrawnJson,
};
use super::SitePlan;
use super::catalogue::{Entry, Material, listed_date, title};
use super::pages::is_readable;
use super::pinned::{Pin, Pinboard};
use super::route::Route;
use jiedu_base::clock::Clock;
use jiedu_base::name::SetId;
use jiedu_edition::{Edition, PublishedSet};
use jiedu_model::{DocumentClass, MaterialStage, PolicyDocument, PolicyMeta, Stage, Validity};

pub(super) use self::listing::{CSV, JSON};

/// The JSON Schema of the twins and of the JSON feeds.
const SCHEMA: &str = include_str!("../schema/jiedu.json");

/// Where a site carries it.
const SCHEMA_PATH: &str = "schema/jiedu.json";

/// Bytes of a usual twin.
const TWIN: usize = 48 * 1024;

impl<'a> SitePlan<'a> {
    /// The schema, under its address.
    pub(super) fn schema_file() -> (String, Arc<[u8]>) {
        (SCHEMA_PATH.to_owned(), SCHEMA.as_bytes().into())
    }

    /// `set.json` of a published set.
    pub(super) fn set_json(&self, entry: &Entry<'a>) -> Vec<u8> {
        let set = entry.set;
        let json = SetJson {
            schema: "jiedu.set/1",
            id: set.id.as_str(),
            url: self.base.absolute(&entry.route().url()),
            state: "published",
            draft: set.draft,
            metadata: metadata(&entry.policy.meta, &set.id),
            validity: self.validity_json(entry),
            provisions: self.provisions_json(entry),
            references: self.references_json(entry),
            cited_by: self.cited_by_json(entry),
            coverage: self.coverage(entry),
            interpretations: self.interpretations_json(entry),
            questions: self.questions_json(entry),
            opinions: self.opinions_json(entry),
            topics: self.topics_of(&set.id, "").iter().map(|topic| self.base.absolute(&topic.href)).collect(),
            attachments: self.attachments_json(set, entry.edition),
            editions: self.editions_json(set),
            comparisons: self.comparisons_json(set),
            evidence: self.evidence_json(set),
        };
        to_bytes(&json)
    }

    fn validity_json(&self, entry: &Entry<'_>) -> ValidityJson {
        let spans = entry.forces.iter().map(|span| ValiditySpanJson {
            state: span.said.state,
            from: span.from.to_string(),
            until: span.until.map(|until| until.to_string()),
        });
        ValidityJson {
            state: entry.force.state,
            as_of: self.clock.today().to_string(),
            date: filled(&entry.force.date),
            document: filled(&entry.force.document),
            url: filled(&entry.force.url).map(|url| self.base.absolute(&url)),
            spans: spans.collect(),
        }
    }

    /// `set.json` of a set that was withdrawn or voided: that it was, and where
    /// its record stands.
    pub(super) fn gone_json(&self, set: &PublishedSet) -> Vec<u8> {
        to_bytes(&self.record_value(set, "jiedu.set/1"))
    }

    /// `record/index.json`.
    pub(super) fn record_json(&self, set: &PublishedSet) -> Vec<u8> {
        to_bytes(&self.record_value(set, "jiedu.record/1"))
    }

    fn record_value<'s>(&'s self, set: &'s PublishedSet, schema: &'static str) -> RecordJson<'s> {
        let published = self.catalogue.entry(&set.id).is_some();
        RecordJson {
            schema,
            set: set.id.as_str(),
            state: match (published, set.withdrawn.is_some()) {
                (true, _) => "published",
                (_, true) => "withdrawn",
                _ => "void",
            },
            draft: set.draft,
            withdrawn: set.withdrawn.as_ref().map(|(statement, when)| WithdrawnJson {
                statement: statement.to_string(),
                claimed_at: when.rfc3339(),
            }),
            editions: self.editions_json(set),
        }
    }

    fn editions_json<'s>(&'s self, set: &'s PublishedSet) -> Vec<EditionJson<'s>> {
        let current = self.catalogue.entry(&set.id).map(|entry| entry.edition.number);
        let terms = self.terms(set);
        let term = |number| terms.iter().find(|term| term.holds(number));
        set.editions
            .iter()
            .map(|edition| EditionJson {
                number: edition.number,
                url: self.base.absolute(&Route::edition(&set.id, edition.number).url()),
                publish_date: listed_date(edition).to_string(),
                digest: edition.digest.to_string(),
                check_code: edition.digest.check_code(),
                commit: edition.commit.as_str(),
                instant: edition.instant.rfc3339(),
                revision: edition.revision,
                profile: &edition.profile,
                current: current == Some(edition.number),
                applies_from: term(edition.number).map(|term| term.from.to_string()),
                applies_until: term(edition.number)
                    .and_then(|term| term.until)
                    .map(|until| until.to_string()),
                void: if set.withdrawn.is_some() { Some("WITHDRAWN") } else { edition.void },
                steps: self.steps_json(edition),
            })
            .collect()
    }

    fn steps_json<'s>(&self, edition: &'s Edition) -> Vec<StepJson<'s>> {
        edition
            .steps
            .iter()
            .map(|step| StepJson {
                step: &step.step,
                post: &step.post,
                name: self.config.record.names.then_some(step.name.as_str()),
                substitute: step.substitute_for.is_some(),
                claimed_at: Clock::from_unix(step.claimed_at).rfc3339(),
                key_fingerprint: &step.key_fingerprint,
                statement: step.statement.to_string(),
                report: step.report.map(|digest| digest.to_string()),
                commit: step.commit.as_ref().map(jiedu_base::name::CommitId::as_str),
            })
            .collect()
    }

    fn evidence_json(&self, set: &PublishedSet) -> EvidenceJson {
        let public = self.evidence_is_public() && !set.draft;
        let at = |path: String| self.base.absolute(&format!(".well-known/jiedu/{path}"));
        let readable = || set.editions.iter().filter(|edition| public && is_readable(set, edition));
        EvidenceJson {
            record: self.base.absolute(&Route::in_set(&set.id, "record/index.json").url()),
            manifest: public.then(|| at("manifest.json".to_owned())),
            set_manifests: readable()
                .map(|edition| at(format!("evidence/sets/{}/v{}.txt", set.id, edition.number)))
                .collect(),
            statements: readable()
                .flat_map(|edition| &edition.steps)
                .map(|step| at(format!("evidence/statements/{}.commit", step.statement.hex())))
                .collect(),
        }
    }

    fn provisions_json(&self, entry: &Entry<'a>) -> Vec<ProvisionJson<'a>> {
        let mut explained = self.explanations(entry);
        let mut provisions = provisions_json(entry.policy);
        for (index, provision) in provisions.iter_mut().enumerate() {
            provision.explained_by = Some(explained.remove(&index).unwrap_or_default());
            // The words are the edition's, and stand in its twin.
            provision.text = None;
        }
        provisions
    }

    /// `v<N>/edition.json` of an edition whose text may be read.
    pub(super) fn edition_json(
        &self,
        set: &PublishedSet,
        edition: &Edition,
        policy: &PolicyDocument,
    ) -> Vec<u8> {
        to_bytes(&EditionTextJson {
            schema: "jiedu.edition/1",
            set: set.id.as_str(),
            url: self.base.absolute(&Route::edition(&set.id, edition.number).url()),
            number: edition.number,
            publish_date: listed_date(edition).to_string(),
            digest: edition.digest.to_string(),
            check_code: edition.digest.check_code(),
            draft: set.draft,
            metadata: metadata(&policy.meta, &set.id),
            provisions: provisions_json(policy),
            attachments: self.attachments_json(set, edition),
        })
    }

    fn attachments_json<'s>(&self, set: &PublishedSet, edition: &'s Edition) -> Vec<FileJson<'s>> {
        let json = |file: &'s jiedu_model::Attachment| FileJson {
            path: &file.path,
            url: self.base.absolute(&self.attachment_url(set, edition, &file.path)),
            size: file.bytes.len(),
            sha256: file.digest.hex(),
        };
        edition.set.attachments.iter().map(json).collect()
    }

    /// The sections that explain each provision.
    fn explanations(&self, entry: &Entry<'a>) -> BTreeMap<usize, Vec<ExplanationJson>> {
        let mut explained: BTreeMap<usize, Vec<ExplanationJson>> = BTreeMap::new();
        let mut seen: BTreeSet<(usize, String)> = BTreeSet::new();
        let mut note = |pin: Pin, material: Material<'_>, section: usize| {
            let Some(section) = material.material.sections.get(section) else { return };
            let list = explained.entry(pin.provision).or_default();
            let found = ExplanationJson {
                set: material.set.id.to_string(),
                material: material.material.name.clone(),
                anchor: section.anchor.clone(),
                url: self.base.absolute(&format!("{}#{}", material.route().url(), section.anchor)),
                stale: pin.stale,
            };
            if seen.insert((pin.provision, found.url.clone())) {
                list.push(found);
            }
        };
        for material in entry.own_materials() {
            let pinboard = Pinboard::new(&self.catalogue, material);
            for (index, section) in material.material.sections.iter().enumerate() {
                for target in section.heading_targets.iter().chain(&section.text_targets) {
                    if let Some((None, pin)) = pinboard.find(index, target) {
                        note(pin, material, index);
                    }
                }
            }
        }
        for foreign in self.catalogue.foreign.get(&entry.set.id).into_iter().flatten() {
            let pin = Pin { provision: foreign.provision, stale: foreign.stale };
            note(pin, foreign.material, foreign.section);
        }
        explained
    }

    fn interpretations_json(&self, entry: &Entry<'a>) -> Vec<InterpretationJson<'a>> {
        entry
            .own_materials()
            .map(|material| {
                let meta = &material.material.meta;
                InterpretationJson {
                    set: material.set.id.as_str(),
                    name: &material.material.name,
                    title: material.title(),
                    form: meta.form.as_ref().map(|form| form.value.as_str()),
                    stage: stage_name(meta.stage),
                    source: meta.source.as_ref().map(|source| source.value.as_str()),
                    publish_date: material.published().map(|published| published.date.to_string()),
                    url: self.base.absolute(&material.route().url()),
                    sections: sections_json(material, entry, &Pinboard::new(&self.catalogue, material)),
                }
            })
            .collect()
    }
}

fn provisions_json(policy: &PolicyDocument) -> Vec<ProvisionJson<'_>> {
    let all = &policy.provisions;
    all.iter()
        .map(|provision| ProvisionJson {
            anchor: &provision.anchor,
            label: &provision.label,
            reference: &provision.reference,
            heading: &provision.heading,
            depth: provision.depth,
            parent: provision.parent.and_then(|parent| all.get(parent)).map(|parent| parent.anchor.as_str()),
            text: Some(&provision.text),
            fingerprint: provision.fingerprint.to_string(),
            explained_by: None,
        })
        .collect()
}

fn sections_json<'s>(
    material: Material<'s>,
    entry: &Entry<'s>,
    pinboard: &Pinboard<'_, 's>,
) -> Vec<SectionJson<'s>> {
    material
        .material
        .sections
        .iter()
        .enumerate()
        .map(|(index, section)| {
            let targets = section.heading_targets.iter().chain(&section.text_targets);
            let own = targets.filter_map(|target| {
                let (_, pin) = pinboard.find(index, target).filter(|(other, _)| other.is_none())?;
                entry.policy.provisions.get(pin.provision).map(|provision| provision.anchor.clone())
            });
            let mut explains: Vec<String> = Vec::new();
            for anchor in own {
                if !explains.contains(&anchor) {
                    explains.push(anchor);
                }
            }
            SectionJson { anchor: &section.anchor, heading: &section.heading, explains }
        })
        .collect()
}

fn metadata<'s>(meta: &'s PolicyMeta, id: &'s SetId) -> MetadataJson<'s> {
    let text =
        |value: &'s Option<jiedu_model::Spanned<String>>| value.as_ref().map(|value| value.value.as_str());
    let day = |value: &Option<jiedu_model::Spanned<jiff::civil::Date>>| {
        value.as_ref().map(|date| date.value.to_string())
    };
    MetadataJson {
        title: title(meta, id),
        issuers: meta.issuers.iter().map(|issuer| issuer.value.as_str()).collect(),
        document_number: text(&meta.document_number),
        index_number: text(&meta.index_number),
        registration_number: text(&meta.registration_number),
        class: class_name(meta.class),
        subject: meta.subject.as_ref().map(|subject| {
            let (first, second) = &subject.value;
            std::iter::once(first.as_str()).chain(second.as_deref()).collect()
        }),
        signed_date: day(&meta.signed),
        publish_date: meta.published.as_ref().map(|published| super::head::pub_date(published.value)),
        effective_date: day(&meta.effective),
        expires: day(&meta.expires),
        validity: Some(printed_validity(meta)).filter(|word| !word.is_empty()),
        stage: if meta.stage == Stage::Consultation { "征求意见" } else { "印发" },
        consultation: meta.consultation.as_ref().map(|consultation| ConsultationJson {
            from: consultation.value.from.to_string(),
            until: consultation.value.until.to_string(),
            channels: consultation.value.channels.iter().map(String::as_str).collect(),
        }),
        amends: meta.amends.iter().map(|target| target.value.as_str()).collect(),
        repeals: meta.repeals.iter().map(|target| target.value.as_str()).collect(),
        no_interpretation: text(&meta.no_interpretation),
        source: meta.reposted.as_ref().map(|reposted| SourceJson {
            name: &reposted.value.name,
            url: &reposted.value.url,
            date: reposted.value.date.to_string(),
        }),
        aliases: meta.aliases.iter().map(SetId::as_str).collect(),
        corrections: data::corrections_json(&meta.corrections),
    }
}

/// 阶段 of a material as front matter writes it.
fn stage_name(stage: MaterialStage) -> &'static str {
    match stage {
        MaterialStage::Release => "发布",
        MaterialStage::Second => "二次解读",
        MaterialStage::FollowUp => "跟踪解读",
    }
}

/// 文件类别 as front matter writes it.
pub(super) fn class_name(class: DocumentClass) -> &'static str {
    match class {
        DocumentClass::Normative => "行政规范性文件",
        DocumentClass::Rule => "规章",
        DocumentClass::Policy => "政策文件",
        DocumentClass::Other => "其他文件",
    }
}

/// 有效性 as the document prints it; empty when it prints none.
pub(super) fn printed_validity(meta: &PolicyMeta) -> &'static str {
    match meta.validity.as_ref().map(|validity| validity.value) {
        None => "",
        Some(Validity::InForce) => "有效",
        Some(Validity::Expired) => "失效",
        Some(Validity::Repealed) => "废止",
        Some(Validity::Amended) => "已修改",
        Some(Validity::Partial) => "部分有效",
        Some(Validity::NotYet) => "尚未生效",
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// JSON on one line that ends in a line feed. These values always serialise: they
/// hold strings, numbers and lists only.
pub(super) fn to_bytes<T: Serialize>(value: &T) -> Vec<u8> {
    // Room for most texts at once: growing copies them again and again.
    let mut bytes = Vec::with_capacity(TWIN);
    if serde_json::to_writer(&mut bytes, value).is_err() {
        bytes.clear();
    }
    bytes.push(b'\n');
    bytes
}
