//! What stays in force while a change of it waits for signatures: the site-wide
//! files last approved, and the roster last signed.

use super::Stop;
use jiedu_approve::{Cleared, Judgement, PendingRoster, StepState, step_label};
use jiedu_base::finding::{Finding, Message, Place, Severity};
use jiedu_base::name::Digest;
use jiedu_edition::SiteLine;
use jiedu_source::{Repository, SetFiles, Snapshot};

/// The code of the warning that a state of `site` is not approved.
const THEME_UNAPPROVED: &str = "THEME_UNAPPROVED";

/// Changes that wait for signatures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pending {
    /// The newest version of the roster.
    pub roster: Option<PendingRoster>,
    /// The site-wide files.
    pub site: Option<PendingSite>,
}

/// A state of the site-wide files that is not approved, while an older one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSite {
    /// The digest of the files as they are.
    pub digest: Digest,
    /// English names of the steps that are missing.
    pub missing: Vec<String>,
    /// The round that approved the state in force.
    pub in_force: u32,
}

/// The site-wide files of a revision, and those in force.
#[derive(Debug)]
pub(super) struct SiteFiles {
    /// The proof of the state in force, when it is not the present one.
    pub(super) in_force: Option<Cleared>,
    /// The files as they are, when others are in force.
    pub(super) present: Option<SetFiles>,
    /// Code of the first fault in the files as they are.
    pub(super) fault: Option<&'static str>,
    /// The digest of the files as they are.
    pub(super) digest: Option<Digest>,
}

/// Puts the files in force into the snapshot, unless the texts are being written
/// and what is there is what counts.
pub(super) fn choose(
    repository: &Repository,
    snapshot: &mut Snapshot,
    line: &SiteLine,
    drafting: bool,
) -> Result<SiteFiles, Stop> {
    let digest = snapshot.site.digest("site");
    let fault = snapshot.site.faults.first().map(|fault| fault.code);
    let mut files = SiteFiles { in_force: None, present: None, fault, digest };
    let Some((commit, cleared)) = &line.in_force else { return Ok(files) };
    if digest == Some(*cleared.digest()) {
        return Ok(files);
    }
    files.in_force = Some(cleared.clone());
    if !drafting {
        let approved = repository.site_files(commit)?;
        files.present = Some(std::mem::replace(&mut snapshot.site, approved));
    }
    Ok(files)
}

/// What the judgement of the present files lacks; the warning takes the place of
/// the finding that steps are missing.
pub(super) fn pending_site(site: &mut Judgement, files: &SiteFiles) -> Option<PendingSite> {
    let cleared = files.in_force.as_ref().filter(|_| site.cleared.is_none())?;
    let open = site.steps.iter().filter(|step| step.state != StepState::Done);
    let missing: Vec<String> = open.map(|step| step.step.clone()).collect();
    let pending = PendingSite { digest: site.digest, missing, in_force: cleared.revision() };
    site.findings.retain(|finding| finding.code != "STEP_MISSING");
    site.findings.push(pending.finding());
    Some(pending)
}

impl PendingSite {
    fn finding(&self) -> Finding {
        let zh: Vec<&str> = self.missing.iter().map(|step| step_label(step)).collect();
        let (zh, en, round) = (zh.join("、"), self.missing.join(", "), self.in_force);
        let message = Message::new(
            format!(
                "网站公用文件（site）有改动还没有审签完（还差：{zh}）：在那以前网站仍用第 {round} 轮审签的版本"
            ),
            format!(
                "the site-wide files (set `site`) were changed and are not approved yet (missing: {en}); until then the site uses those of round {round}"
            ),
        );
        let place = Place::whole("site.toml");
        Finding::new(THEME_UNAPPROVED, "theme-unapproved", "approval", Severity::Warning, place, message)
            .in_set("site")
            .note(
                "请对 site 送审并审签：jiedu submit site，再办理保密审查和终审",
                "have the set `site` approved: `jiedu submit site`, then secrecy review and final review",
            )
    }
}
