//! The settings of an engine: which program, with which limits.
//!
//! They are a file of whoever runs the check and never part of the repository
//! under check: a repository that could name a program to run would let whoever
//! can push a text run programs on the machines of those who check it.

use std::path::{Path, PathBuf};

use jiedu::engine::Limits;
use jiedu::finding::Severity;
use serde::Deserialize;

use crate::ui::Failure;

/// Seconds that an engine may have for one text, at most.
const MOST_SECONDS: u64 = 600;
/// Bytes of an answer, at most.
const MOST_BYTES: usize = 64 << 20;
/// Findings in one text, at most.
const MOST_FINDINGS: usize = 10_000;

/// One engine.
#[derive(Debug)]
pub(super) struct Settings {
    /// How messages call it until it says its own name.
    pub(super) name: String,
    /// Program and arguments; no shell reads them.
    pub(super) command: Vec<String>,
    /// The folder in which it runs: that of its settings.
    pub(super) folder: PathBuf,
    /// The highest severity of its findings.
    pub(super) grade: Severity,
    /// Its limits.
    pub(super) limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    command: Vec<String>,
    name: Option<String>,
    #[serde(default)]
    grade: Grade,
    seconds: Option<u64>,
    answer_bytes: Option<usize>,
    findings: Option<usize>,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Grade {
    #[default]
    Hint,
    Warning,
}

impl Settings {
    /// Reads a settings file, which may not lie in `repository`.
    pub(super) fn read(path: &Path, repository: Option<&Path>) -> Result<Self, Failure> {
        let shown = path.display();
        let full = path.canonicalize().map_err(|error| {
            Failure::usage(
                format!("读不出外部校对设置 {shown}：{error}"),
                format!("cannot read the engine's settings {shown}: {error}"),
            )
        })?;
        let repository = repository.and_then(|folder| folder.canonicalize().ok());
        let is_repository = |folder: &Path| folder.join("site.toml").is_file();
        if repository.is_some_and(|folder| full.starts_with(folder)) || full.ancestors().any(is_repository) {
            return Err(Failure::usage(
                format!("外部校对设置 {shown} 在政策仓库里，不予采用"),
                format!("the engine's settings {shown} lie in a policy repository and are not believed"),
            )
            .hint(
                "仓库里的文件谁都可能改；请把设置文件放到仓库以外",
                "anybody who can push could change what runs here; keep the file outside of the repository",
            ));
        }
        let bad = |why: String| {
            Failure::usage(
                format!("外部校对设置 {shown} 写得不对：{why}"),
                format!("the engine's settings {shown} are malformed: {why}"),
            )
            .hint(
                "至少要有 command = [\"程序\", \"参数\"]",
                "at least: command = [\"program\", \"argument\"]",
            )
        };
        let text = std::fs::read_to_string(&full).map_err(|error| bad(error.to_string()))?;
        let file: File = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
        let folder = full.parent().unwrap_or(&full).to_owned();
        let default = Limits::default();
        let limits = Limits {
            seconds: file.seconds.unwrap_or(default.seconds).clamp(1, MOST_SECONDS),
            answer_bytes: file.answer_bytes.unwrap_or(default.answer_bytes).min(MOST_BYTES),
            findings: file.findings.unwrap_or(default.findings).min(MOST_FINDINGS),
        };
        let grade = match file.grade {
            Grade::Hint => Severity::Hint,
            Grade::Warning => Severity::Warning,
        };
        let mut settings = Self::of_command(&file.command).map_err(|_| bad("command = []".to_owned()))?;
        settings.name = file.name.unwrap_or(settings.name);
        Ok(Self { folder, grade, limits, ..settings })
    }

    /// An engine that is a command and nothing else.
    pub(super) fn of_command(command: &[String]) -> Result<Self, Failure> {
        let Some(program) = command.first().filter(|program| !program.is_empty()) else {
            return Err(Failure::usage("没有给出外部校对程序", "no engine was given").hint(
                "例如 jiedu engine-test jiedu engine，或用 --engine 指定设置文件",
                "for example: jiedu engine-test jiedu engine, or name its settings with --engine",
            ));
        };
        let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self {
            name,
            command: command.to_vec(),
            folder: PathBuf::from("."),
            grade: Severity::Hint,
            limits: Limits::default(),
        })
    }
}
