//! Annual reports that `check` is given by their paths.

use std::path::{Path, PathBuf};

use jiedu::disclosure::reports::{check_against, check_sums, looks_like_report, read_report};
use jiedu::finding::Finding;

use super::office_files;
use crate::ui::Failure;

/// What `check` was asked to look at.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Annual reports by their paths, which are judged alone.
    pub(crate) reports: Vec<PathBuf>,
    /// Everything else: sets, and paths inside of the repository.
    pub(crate) sets: Vec<String>,
}

/// Sorts the arguments.
pub(crate) fn split(args: &[String]) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    for arg in args {
        let path = Path::new(arg);
        let is_data = path.extension().is_some_and(|extension| extension == "toml") && path.is_file();
        if is_data && looks_like_report(&office_files::read(path)?) {
            asked.reports.push(path.to_owned());
        } else {
            asked.sets.push(arg.clone());
        }
    }
    Ok(asked)
}

/// What is wrong with each report, and of reports of years that follow each other
/// between them.
pub(crate) fn findings(paths: &[PathBuf]) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let mut reports = Vec::new();
    for path in paths {
        let report = read_report(&office_files::read(path)?).drain_into(&mut findings);
        reports.extend(report);
    }
    findings.extend(reports.iter().flat_map(check_sums));
    reports.sort_by_key(|report| report.year);
    for (at, later) in reports.iter().enumerate() {
        let earlier = reports.iter().take(at);
        findings.extend(earlier.flat_map(|earlier| check_against(earlier, later)));
    }
    Ok(findings)
}
