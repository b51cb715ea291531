//! Putting right what a build leaves that is killed between its two last
//! steps: the site is in its place, the evidence that is kept beside it not yet.
//!
//! No two folders can be exchanged at once. But the new evidence is complete in
//! its work folder before the site is touched, and the release in the site names
//! its digest; so whoever comes next can tell which evidence belongs to the site
//! that stands, and finish the work.

use std::fs;
use std::path::Path;

use super::error::{At as _, OutputError};
use super::lock::WorkFolder;
use super::publish::{evidence_folder, exchange, work_name};
use super::read::{Limits, read_site_with};
use jiedu_evidence::evidence_fits;

/// Puts the evidence of a site in its place, when a killed build left it in
/// the work folder; says whether it did.
///
/// # Errors
/// [`OutputError`] when another build is at it, or a rename fails.
pub fn heal_evidence(site: &Path) -> Result<bool, OutputError> {
    let folder = evidence_folder(site);
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else { return Ok(false) };
    let path = parent.join(work_name(name));
    let left = |name: &str| fs::symlink_metadata(path.join(name)).is_ok_and(|meta| meta.is_dir());
    if !site.is_dir() || !(left("new") || left("old")) {
        return Ok(false);
    }
    let work = WorkFolder::hold(&folder, path)?;
    let healed = put_in_place(&work, site, &folder);
    work.finish()?;
    healed
}

fn put_in_place(work: &WorkFolder, site: &Path, folder: &Path) -> Result<bool, OutputError> {
    let fits = |evidence: &Path| {
        evidence.is_dir()
            && read_site_with(site, Some(evidence), &Limits::default()).is_ok_and(|site| evidence_fits(&site))
    };
    if fits(folder) {
        return Ok(false);
    }
    let found = ["old", "new"].map(|name| work.join(name)).into_iter().find(|left| fits(left));
    let Some(found) = found else { return Ok(false) };
    if folder.exists() && exchange(&found, folder).is_err() {
        // Where folders cannot be exchanged: whatever this build leaves if it
        // is killed too, the next one finds the same way.
        let free = ["old", "new"].map(|name| work.join(name)).into_iter().find(|name| !name.exists());
        let aside = free.unwrap_or_else(|| work.join("old"));
        fs::rename(folder, &aside).at("move aside", folder)?;
    }
    if !folder.exists() {
        fs::rename(&found, folder).at("put in place", folder)?;
    }
    Ok(true)
}
