//! Objects of approved texts that are missing or corrupt.
//!
//! A set without its blobs has no digest, and would look like one that nobody
//! approved: a broken disk would quietly take published policies off the site.
//! So damage in any text of a set that was ever approved refuses the whole
//! revision; damage in a set that never was blocks that set only (details 68).

use std::collections::BTreeMap;

use super::Stop;
use super::ground::Ground;
use jiedu_base::finding::Finding;
use jiedu_base::name::SetId;
use jiedu_source::{Digests, FileFault, Snapshot};

/// Refuses the revision when a set with an edition is damaged.
pub(super) fn refuse(ground: &Ground<'_>, snapshot: &Snapshot, digests: &Digests<'_>) -> Result<(), Stop> {
    let mut damage: BTreeMap<SetId, Vec<FileFault>> = digests.damage();
    for (id, files) in &snapshot.sets {
        let faults = files.faults.iter().filter(|fault| fault.is_damage()).cloned();
        let faults: Vec<FileFault> = faults.collect();
        if !faults.is_empty() {
            damage.entry(id.clone()).or_default().extend(faults);
        }
    }
    damage.retain(|id, _| ground.walk.was_cleared(&ground.known, id));
    let mut findings: Vec<Finding> = Vec::new();
    for fault in damage.values().flatten() {
        if !findings.contains(&fault.finding) {
            findings.push(fault.finding.clone());
        }
    }
    let Some((fault, id)) = damage.iter().find_map(|(id, faults)| Some((faults.first()?, id))) else {
        return Ok(());
    };
    let (path, sets) = (&fault.finding.place.path, damage.len());
    let (zh, en) = match fault.code {
        "OBJECT_MISSING" => ("不在仓库里", "is missing from the repository"),
        _ => ("已损坏或被调换", "is corrupt or was exchanged"),
    };
    Err(Stop::refused(
        fault.code,
        format!(
            "已审签的 {id} 有文件“{path}”的内容{zh}（共 {sets} 套受影响），不能据此生成网站；请运行 git fsck，并从可信的完整副本重新克隆"
        ),
        format!(
            "the content of `{path}` of the approved set {id} {en} (sets affected: {sets}), so no site can be made from it; run `git fsck` and clone again from a whole copy that you trust"
        ),
    )
    .with(findings))
}
