//! What must be told before anything else: marks of secrecy anywhere in a file,
//! and personal data in what was left out of the text, where no check will look.

use super::{FileReport, Role};
use jiedu_base::text::Message;
use jiedu_proof::{Lists, check_passages};

/// Code of the rule about marks of secrecy.
const SECRECY: &str = "P611";
/// How codes of rules about personal data begin.
const PERSONAL: &str = "P60";
/// Most alarms of one file that are told one by one.
const MOST: usize = 20;

/// Fills the alarms of a file.
pub(super) fn raise(report: &mut FileReport, written: &[(String, Vec<u8>)]) {
    let lists = Lists::default();
    let lines: Vec<&str> = report.lost.iter().flat_map(|entry| entry.text.lines()).collect();
    let owners: Vec<usize> = report
        .lost
        .iter()
        .enumerate()
        .flat_map(|(at, entry)| std::iter::repeat_n(at, entry.text.lines().count()))
        .collect();
    let mut first = Vec::new();
    for (at, finding) in check_passages(lines.iter().copied(), &lists) {
        let is_mark = finding.code == SECRECY;
        if !is_mark && !finding.code.starts_with(PERSONAL) {
            continue;
        }
        report.is_marked |= is_mark;
        let Some(owner) = owners.get(at).copied() else { continue };
        first.push(owner);
        if let Some(loss) = report.lost.get(owner).filter(|_| report.alarms.len() < MOST) {
            report.alarms.push(Message::new(
                format!("{}（{}，没有导入）：{}", loss.what.zh, loss.place.zh, finding.message.zh),
                format!("{} ({}, not imported): {}", loss.what.en, loss.place.en, finding.message.en),
            ));
        }
    }
    first.sort_unstable();
    first.dedup();
    for (to, from) in first.into_iter().enumerate() {
        if from > to {
            let entry = report.lost.remove(from);
            report.lost.insert(to, entry);
        }
    }
    if report.role != Role::Attachment
        && let Some((_, bytes)) = written.iter().find(|(path, _)| *path == report.path)
    {
        in_text(report, &String::from_utf8_lossy(bytes), &lists);
    }
}

/// Marks of secrecy in the text itself.
fn in_text(report: &mut FileReport, text: &str, lists: &Lists) {
    for (_, finding) in check_passages(text.lines(), lists) {
        if finding.code == SECRECY {
            report.is_marked = true;
            if report.alarms.len() < MOST {
                report.alarms.push(Message::new(
                    format!("正文：{}", finding.message.zh),
                    format!("the text: {}", finding.message.en),
                ));
            }
        }
    }
}

/// The first mark of secrecy in some lines, for people.
pub(crate) fn is_marked(lines: &[String]) -> Option<Message> {
    let found = check_passages(lines.iter().map(String::as_str), &Lists::default());
    found.into_iter().find(|(_, finding)| finding.code == SECRECY).map(|(_, finding)| finding.message)
}
