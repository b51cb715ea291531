//! Re-doing the whole argument of a site from its files alone.
//!
//! 1. every file against the manifest, nothing missing, nothing extra;
//! 2. trust anchor → chain of rosters, all statements read again;
//! 3. the publisher's signature over `release.json`, and that it speaks of this
//!    manifest, this roster, this ledger, and follows what is remembered;
//! 4. every edition: digest manifest → chain of signed statements;
//! 5. pages and attachments belong to released editions; nothing withdrawn is
//!    live; neither the ledger nor the editions of an older release shrank;
//! 6. with a repository, the rebuilt site, byte for byte.
//!
//! All steps run even when one fails, so that the report is complete; what
//! cannot be judged any more is itself a problem.

mod editions;
mod files;
mod pages;
mod release;
mod report;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::release::Documents;
pub use self::release::evidence_fits;
pub use self::report::{Checked, Problem, VerifyReport};
use super::manifest::{MANIFEST_PATH, Manifest, RELEASE_PATH};
use super::release::Release;
use super::seal::PreviousRelease;
use super::site::BuiltSite;
use jiedu_approve::Anchor;
use jiedu_base::name::{Digest, SetId};
use jiedu_base::text::Message;

/// So many problems of one kind are listed; whoever made the site chooses how
/// many there are.
const MOST: usize = 5_000;

/// A site to be verified.
pub struct VerifyInput<'a> {
    /// The site as it was read.
    pub site: &'a BuiltSite,
    /// The trust anchor; [`Anchor::Provisional`] never verifies as OK.
    pub anchor: &'a Anchor,
    /// An older release that this one must follow.
    pub previous: Option<&'a PreviousRelease>,
    /// Builds the recorded revision again; all files but the signature.
    pub rebuild: Option<&'a Rebuild<'a>>,
}

/// Builds a recorded revision again, or says why it cannot.
pub type Rebuild<'a> = dyn Fn(&Recorded) -> Result<BTreeMap<String, Arc<[u8]>>, Message> + 'a;

/// What a site says about how it was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The commit.
    pub commit: String,
    /// The publication instant, RFC 3339.
    pub at: String,
    /// Whether a person chose the instant.
    pub at_given: bool,
    /// What to pass as the release before; none for the first.
    pub previous: Option<PreviousRelease>,
    /// Program and version.
    pub builder: String,
    /// Digests of the editions that the site holds, by set.
    pub editions: BTreeMap<SetId, BTreeSet<Digest>>,
}

/// What a site says about how it was built; none when it does not say.
#[must_use]
pub fn recorded(site: &BuiltSite) -> Option<Recorded> {
    Release::parse(site.document(RELEASE_PATH)?).ok().map(|release| record_of(&release))
}

fn record_of(release: &Release) -> Recorded {
    let previous = release.sequence.checked_sub(1).filter(|before| *before > 0 || release.previous.is_some());
    Recorded {
        commit: release.commit.clone(),
        at: release.at.clone(),
        at_given: release.at_given,
        previous: previous.map(|sequence| PreviousRelease {
            sequence,
            digest: release.previous,
            ledger: None,
            release: None,
            statements: BTreeMap::new(),
        }),
        builder: release.builder.clone(),
        editions: release
            .sets
            .iter()
            .map(|set| (set.id.clone(), set.editions.iter().map(|edition| edition.digest).collect()))
            .collect(),
    }
}

/// Verifies a built site.
#[must_use]
pub fn verify(input: &VerifyInput<'_>) -> VerifyReport {
    let mut report = VerifyReport::default();
    let site = input.site;
    let manifest = read_manifest(site, &mut report);
    files::compare(site, manifest.as_ref(), &mut report);
    if manifest.as_ref().is_some_and(|manifest| manifest.drafts) {
        let message = Message::new(
            "这是含未审签稿件的预览（--drafts），不能作为正式网站通过验证",
            "this is a preview with drafts (--drafts); it never verifies as a published site",
        );
        report.add("DRAFTS", MANIFEST_PATH, message);
    } else {
        let documents = Documents::new(site);
        verify_release(input, &documents, &mut report);
    }
    if matches!(input.anchor, Anchor::Provisional) {
        let message = Message::new(
            "没有给出信任锚（--trust），只能核对文件，不能认定网站有效",
            "without a trust anchor (--trust) files can be compared, but the site is not proved",
        );
        report.add("UNANCHORED", "", message);
    }
    report.close();
    report.problems.sort();
    report.problems.dedup();
    if !report.ok() {
        report.advanced = None;
    }
    report
}

fn verify_release(input: &VerifyInput<'_>, documents: &Documents<'_>, report: &mut VerifyReport) {
    let Some(release) = release::read(input.site, report) else { return };
    release::archive(input.site, &release, report);
    let approvals = release::approvals(input.anchor, documents, &release, report);
    if let Some(approvals) = &approvals {
        release::publisher(input.site, approvals, report);
        release::agrees(input.site, approvals, &release, documents, report);
        editions::judge(approvals, &release, documents, report);
        let before = input.previous.and_then(|previous| previous.release.as_ref());
        // An older release than the given one is told of by its number.
        if let Some(before) = before.filter(|before| before.sequence < release.sequence) {
            editions::remain(before, approvals, &release, report);
        }
    }
    release::follows(input, &release, documents, report);
    pages::check(input.site, &release, documents, report);
    if let Some(rebuild) = input.rebuild {
        match rebuild(&record_of(&release)) {
            Ok(files) => files::compare_rebuilt(input.site, &files, report),
            Err(message) => report.add("RENDER_MISMATCH", "", message),
        }
        report.rebuilt = true;
    }
    report.advanced = release::advance(input.anchor, &release);
}

fn read_manifest(site: &BuiltSite, report: &mut VerifyReport) -> Option<Manifest> {
    let Some(bytes) = site.document(MANIFEST_PATH) else {
        let message = Message::new(
            "网站没有 manifest.json，不是 jiedu 生成的网站，或已被删改",
            "there is no manifest.json",
        );
        report.add("SITE_FILE_MISSING", MANIFEST_PATH, message);
        return None;
    };
    match Manifest::parse(bytes) {
        // Any form of the same values: which bytes they are is for the release
        // statement to say, and that is signed.
        Ok(manifest) => Some(manifest),
        Err(error) => {
            let message = Message::new(
                format!("manifest.json 无法读取：{error}"),
                format!("manifest.json cannot be read: {error}"),
            );
            report.add("ENVELOPE_MALFORMED", MANIFEST_PATH, message);
            None
        }
    }
}

impl VerifyReport {
    fn add(&mut self, code: &'static str, path: impl Into<String>, message: Message) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= MOST {
            self.problems.push(Problem { path: path.into(), code, message });
        }
    }

    /// Says how many problems of a kind were not listed.
    fn close(&mut self) {
        for (code, count) in &self.counts {
            let more = count.saturating_sub(MOST);
            if more > 0 {
                let message = Message::new(
                    format!("还有 {more} 处同样的问题没有列出"),
                    format!("{more} more problems of this kind are not listed"),
                );
                self.problems.push(Problem { path: String::new(), code, message });
            }
        }
    }
}
