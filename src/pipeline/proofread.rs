//! Proofreading of a whole revision: every text, with the office's own lists.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rayon::prelude::*;

use super::attachments::check_attachments;
use super::content::Content;
use super::engines::{Answers, Offer};
use jiedu_base::finding::{Checked, Finding, Place, Severity};
use jiedu_base::name::Digest;
use jiedu_base::text::{self, Message, SourceFile};
use jiedu_config::{Config, Wordlist};
use jiedu_markdown::Body;
use jiedu_model::PublicationSet;
use jiedu_proof::{Lists, Model, Profile, References, check_set, read_allowing};
use jiedu_source::{SetFiles, Snapshot};

/// A text to proofread.
struct Reading<'a> {
    set: String,
    file: &'a SourceFile,
    body: &'a Body,
    profile: Profile,
    allowed: &'a [String],
    /// The day of the text, for dated entries of the lists.
    day: Option<Date>,
    /// Whether it is the whole of its file, so that the file's other findings
    /// may be set aside in it.
    is_whole: bool,
}

impl<'a> Reading<'a> {
    fn offer(&self) -> Offer<'a> {
        Offer { set: self.set.clone(), body: self.body, profile: self.profile, allowed: self.allowed }
    }
}

/// The findings in the texts, those of proofreading included; what a text
/// itself sets aside is left out.
pub(super) fn proofread(
    content: &Content,
    snapshot: &Snapshot,
    today: Date,
    references: Option<&References>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lists = wordlists(&snapshot.site, &mut findings).on(today);
    let lists = match references {
        None => lists,
        Some(given) => {
            let own = content.corpus.sets.values().filter_map(|set| set.policy.as_ref());
            let own = References::new(own.map(|policy| policy.file.clone()));
            lists.with_references(given.clone().and(own))
        }
    };
    findings.extend(proofread_with(content, &lists, &|_| true));
    // An editor, who is served by the other door, does not write attachments.
    findings.extend(content.corpus.sets.values().flat_map(|set| check_attachments(set, &lists)));
    findings
}

/// The same without attachments, for the sets wanted (`site` for the standing
/// pages), with lists that were read already.
pub(super) fn proofread_with(
    content: &Content,
    lists: &Lists,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut readings: Vec<Reading<'_>> = readings(content);
    readings.retain(|reading| is_wanted(&reading.set));
    // Nothing sets aside what keeps a set from being published.
    let sets = content.corpus.sets.iter().filter(|(id, _)| is_wanted(id.as_str()));
    let of_sets: Vec<Finding> = sets.flat_map(|(_, set)| check_set(set, lists)).collect();
    let (others, fixed): (Vec<Finding>, Vec<Finding>) = content
        .findings
        .iter()
        .chain(&content.synchrony)
        .chain(&of_sets)
        .cloned()
        .partition(|finding| !finding.blocks && finding.place.file.is_some());
    findings.extend(fixed);
    let (mut of_texts, loose): (Vec<Finding>, Vec<Finding>) = {
        let paths: BTreeSet<&str> =
            readings.iter().filter(|one| one.is_whole).map(|one| one.file.path()).collect();
        others.into_iter().partition(|finding| paths.contains(finding.place.path.as_str()))
    };
    findings.extend(loose);
    of_texts.sort_by(|a, b| a.place.path.cmp(&b.place.path));
    let read = readings.into_par_iter().map(|reading| {
        let start = of_texts.partition_point(|finding| finding.place.path.as_str() < reading.file.path());
        let of_file = of_texts
            .iter()
            .skip(start)
            .take_while(|finding| reading.is_whole && finding.place.path == reading.file.path());
        let others = of_file.cloned().collect();
        let Reading { body, profile, day, allowed, .. } = reading;
        let mut found = read_allowing(body, profile, lists, day, allowed, others).open;
        for finding in &mut found {
            finding.set.get_or_insert_with(|| reading.set.clone());
            // Proofreading never blocks, whatever its severity (details 49).
            finding.blocks = false;
        }
        found
    });
    findings.extend(read.collect::<Vec<_>>().into_iter().flatten());
    findings
}

fn readings(content: &Content) -> Vec<Reading<'_>> {
    let mut readings: Vec<Reading<'_>> =
        content.corpus.sets.values().flat_map(|set| readings_of(set)).collect();
    let pages = content.corpus.pages.iter().map(|page| (&page.file, &page.body));
    let topics = content.corpus.topics.iter().map(|topic| (&topic.file, &topic.body));
    readings.extend(pages.chain(topics).map(|(file, body)| Reading {
        set: "site".to_owned(),
        file,
        body,
        profile: Profile::Interpretation,
        allowed: &[],
        day: None,
        is_whole: true,
    }));
    readings
}

/// The day of a set's texts, for dated entries of the lists.
pub(super) fn day_of(set: &PublicationSet) -> Option<Date> {
    let meta = set.policy.as_ref().map(|policy| &policy.meta)?;
    let published = meta.published.as_ref().map(|published| published.value.date);
    meta.signed.as_ref().map(|signed| signed.value).or(published)
}

fn readings_of(set: &PublicationSet) -> Vec<Reading<'_>> {
    let id = || set.id.to_string();
    let day = day_of(set);
    let policy = set.policy.iter().map(|policy| Reading {
        set: id(),
        file: &policy.file,
        body: &policy.body,
        profile: Profile::infer(&policy.body),
        allowed: &policy.meta.allowed_words,
        day,
        is_whole: true,
    });
    let plan = set.plan.iter().map(|plan| Reading {
        set: id(),
        file: &plan.file,
        body: &plan.body,
        profile: Profile::Official,
        allowed: &plan.allowed_words,
        day,
        is_whole: true,
    });
    let materials = set.materials.iter().map(|material| Reading {
        set: id(),
        file: &material.file,
        body: &material.body,
        profile: Profile::Interpretation,
        allowed: &material.meta.allowed_words,
        day: material.meta.published.as_ref().map(|published| published.value.date).or(day),
        is_whole: true,
    });
    // The data files: each text by itself.
    let questions = set.questions.iter().flat_map(|sheet| sheet.prose.iter().map(|body| (&sheet.file, body)));
    let opinions = set.opinions.iter().flat_map(|sheet| sheet.prose.iter().map(|body| (&sheet.file, body)));
    let data = questions.chain(opinions).map(|(file, body)| Reading {
        set: id(),
        file,
        body,
        profile: Profile::Interpretation,
        allowed: &[],
        day,
        is_whole: false,
    });
    policy.chain(plan).chain(materials).chain(data).collect()
}

/// What proofreading alone says of a set: its texts, and the set as a whole.
/// Nothing but the set, the lists and the answers on record has a say.
pub(super) fn read_set(set: &PublicationSet, lists: &Lists, answers: &Answers) -> jiedu_proof::Reading {
    let mut of_set = check_set(set, lists);
    let mut all = jiedu_proof::Reading::default();
    for text in readings_of(set) {
        let path = text.file.path();
        let mine = |finding: &Finding| text.is_whole && finding.place.path == path;
        let (own, rest) = of_set.into_iter().partition(mine);
        of_set = rest;
        let read_with =
            |others| read_allowing(text.body, text.profile, lists, text.day, text.allowed, others);
        let mut read = read_with(own.clone());
        if text.is_whole && !answers.is_empty() {
            let known: Vec<Finding> =
                read.open.iter().chain(read.aside.iter().map(|aside| &aside.finding)).cloned().collect();
            let (heard, used) = answers.about(&text.offer(), &known);
            all.engines.extend(used);
            if !heard.is_empty() {
                // The text may set aside what an engine says, too.
                read = read_with([own, heard].concat());
            }
        }
        all.open.extend(read.open);
        all.aside.extend(read.aside);
    }
    all.open.extend(of_set);
    all.open.extend(check_attachments(set, lists));
    all
}

/// The texts of a set that are proofread.
pub(super) fn texts_of(set: &PublicationSet) -> Vec<jiedu_proof::Text> {
    let readings = readings_of(set);
    let texts = readings.iter().map(|text| jiedu_proof::Text {
        path: text.file.path().to_owned(),
        profile: Some(text.profile),
        sha256: Digest::of(text.file.text().as_bytes()).hex(),
    });
    let folder = format!("content/policies/{}", set.id);
    let attachments = set.attachments.iter().map(|file| jiedu_proof::Text {
        path: format!("{folder}/{}", file.path),
        profile: None,
        sha256: file.digest.hex(),
    });
    // A data file is read text by text.
    texts.chain(attachments).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The files below `wordlists/` that are lists.
pub(super) fn lists_of(site: &SetFiles) -> Vec<jiedu_proof::ListFile> {
    let lists = site.files.iter().filter(|file| is_list(&file.path));
    lists.map(|file| jiedu_proof::ListFile { path: file.path.clone(), sha256: file.digest.hex() }).collect()
}

fn is_list(path: &str) -> bool {
    path == MODEL
        || path.starts_with("wordlists/") && [".toml", ".json"].iter().any(|end| path.ends_with(end))
}

/// Where an office keeps the character statistics it trained (`jiedu train`).
const MODEL: &str = "wordlists/model.bin";

/// The lists below `wordlists/`, and the character statistics beside them.
pub(super) fn wordlists(site: &SetFiles, findings: &mut Vec<Finding>) -> Lists {
    let lists = wordlists_of(site).into_iter().map(|list| list.drain_into(findings));
    let lists = Lists::new(&lists.collect::<Vec<_>>());
    let settings = site.get("site.toml").and_then(|file| text::decode("site.toml", &file.bytes).ok());
    let config = settings.and_then(|file| Config::parse(&file).value);
    let rules = config.map(|config| config.rules).unwrap_or_default();
    let lists = lists.with_excerpt_percent(rules.excerpt_percent);
    let Some(file) = site.files.iter().find(|file| file.path == MODEL) else { return lists };
    if let Some(model) = Model::parse(&file.bytes) {
        return lists.with_model(model);
    }
    let message = Message::new(
        "这不是 jiedu train 生成的统计模型，校对时没有用它",
        "this is no model made by `jiedu train`; it was not used",
    );
    let (code, name) = ("W105", "model-unreadable");
    let finding = Finding::new(code, name, "config", Severity::Error, Place::whole(MODEL), message);
    findings.push(finding.in_set("site"));
    lists
}

/// The lists below `wordlists/` as written, each with what is wrong in it.
pub(super) fn wordlists_of(site: &SetFiles) -> Vec<Checked<Wordlist>> {
    let files = site.files.iter().filter(|file| is_list(&file.path) && file.path != MODEL);
    let sources = files.filter_map(|file| text::decode(&file.path, &file.bytes).ok());
    let parsed = sources.map(|source| {
        let mut list = Wordlist::parse(&source);
        list.findings.iter_mut().for_each(|finding| finding.set = Some("site".to_owned()));
        list
    });
    parsed.collect()
}

/// The words that readers use for one another, from all lists.
pub(super) fn synonyms(site: &SetFiles) -> Vec<Vec<String>> {
    wordlists_of(site).into_iter().flat_map(|list| list.value.synonyms).collect()
}

/// The texts that may go to engines: whole files, not the data files.
pub(super) fn for_engines(content: &Content) -> Vec<Offer<'_>> {
    let whole = readings(content).into_iter().filter(|reading| reading.is_whole);
    whole.map(|reading| reading.offer()).collect()
}
