//! What attachments hold that may not be published, seen or not.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::proofread::day_of;
use jiedu_attach::{Extract, Veil, extract};
use jiedu_base::finding::{Finding, Place};
use jiedu_base::text::Message;
use jiedu_model::PublicationSet;
use jiedu_proof::{Lists, check_passages};

/// So many findings of one kind are listed for one file; the rest is counted.
const MOST: usize = 10;

/// The findings in the attachments of a set.
pub(super) fn check_attachments(set: &PublicationSet, lists: &Lists) -> Vec<Finding> {
    // A picture beside a material is published like any attachment.
    let files: Vec<_> = set.attachments.iter().chain(&set.images).collect();
    let lists = lists.for_text(day_of(set), []);
    let found = files.into_par_iter().map(|file| {
        let path = format!("content/policies/{}/{}", set.id, file.path);
        check_file(&path, &file.bytes, &lists)
    });
    let found = found.collect::<Vec<_>>().into_iter().flatten();
    found.map(|finding| finding.in_set(set.id.to_string())).collect()
}

/// The findings in one attachment.
pub(super) fn check_file(path: &str, bytes: &[u8], lists: &Lists) -> Vec<Finding> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let read = extract(name, bytes);
    let mut findings: Vec<Finding> = remarks(path, &read);
    findings.extend(sensitive(path, &read, lists));
    findings
}

fn remarks(path: &str, read: &Extract) -> Vec<Finding> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for remark in &read.remarks {
        let count = counts.entry(remark.rule.code).or_default();
        *count += 1;
        if *count > MOST {
            continue;
        }
        let rule = remark.rule;
        let spot = &remark.spot;
        let at = |zh: bool| {
            use jiedu_base::text::Lang::{En, Zh};
            if *spot == jiedu_attach::Spot::File {
                String::new()
            } else {
                spot.describe(if zh { Zh } else { En })
            }
        };
        let (zh, en) = (&remark.message.zh, &remark.message.en);
        let message = Message::new(format!("附件{}{zh}", at(true)), join(&at(false), en));
        let finding =
            Finding::new(rule.code, rule.name, rule.category, rule.severity, Place::whole(path), message);
        findings.push(finding.note(rule.why.0, rule.why.1));
    }
    findings
}

fn join(at: &str, what: &str) -> String {
    if at.is_empty() { format!("attachment: {what}") } else { format!("attachment, {at}: {what}") }
}

/// Personal data, secrecy and the office's words, with the place in the file.
fn sensitive(path: &str, read: &Extract, lists: &Lists) -> Vec<Finding> {
    let found = check_passages(read.passages.iter().map(|passage| passage.text.as_str()), lists);
    let mut kept: Vec<Finding> = Vec::new();
    let mut counts: BTreeMap<(&'static str, Veil), (usize, usize)> = BTreeMap::new();
    for (at, finding) in found {
        let Some(passage) = read.passages.get(at) else { continue };
        let (count, last) = counts.entry((finding.code, passage.veil)).or_default();
        *count += 1;
        if *count > MOST {
            continue;
        }
        *last = kept.len();
        let (veil, spot) = (passage.veil.describe(), &passage.spot);
        let (zh, en) = (spot.describe(jiedu_base::text::Lang::Zh), spot.describe(jiedu_base::text::Lang::En));
        let (veil_zh, veil_en) = if veil.zh.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("（{}）", veil.zh), format!(" ({})", veil.en))
        };
        let message = Message::new(
            format!("附件{zh}{veil_zh}{}", finding.message.zh),
            format!("attachment, {en}{veil_en}: {}", finding.message.en),
        );
        // The place is one in the file as a person opens it, not of its bytes.
        kept.push(Finding { place: Place::whole(path), message, fix: None, blocks: false, ..finding });
    }
    for (count, last) in counts.into_values().filter(|(count, _)| *count > MOST) {
        let rest = count - MOST;
        if let Some(finding) = kept.get_mut(last) {
            finding.notes.push(Message::new(
                format!("这个附件里另有 {rest} 处同样的问题"),
                format!("{rest} more of the same in this attachment"),
            ));
        }
    }
    kept
}
