//! The sample content, embedded in the program.
//!
//! `content/` of the project holds one real notice with sample
//! interpretations, the documents of an invented office, a topic, two standing
//! pages and the settings of the sample repository. Its layout:
//!
//! - `policies/<year>/<slug>/…`: the newest edition of every set;
//! - `editions/<year>/<slug>/<n>/…`: the editions before it, as whole sets;
//! - `pages/…`: standing pages;
//! - `topics/…`: topics;
//! - `repository/…`: what stands at the top of the sample repository
//!   (`gitattributes` gets its dot there).
//!
//! To add a file: put it there and add one line to the table; a test compares
//! the table with the folder.

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleFile {
    /// Path below `content/`.
    pub path: &'static str,
    /// The bytes.
    pub bytes: &'static [u8],
}

impl SampleFile {
    /// Whether it is a text with front matter.
    #[cfg(test)]
    fn is_markdown(&self) -> bool {
        self.path.rsplit('.').next() == Some("md")
    }
}

macro_rules! embed {
    ($path:literal) => {
        SampleFile { path: $path, bytes: include_bytes!(concat!("../../content/", $path)) }
    };
}

/// Every file of `content/`, sorted by path.
pub const SAMPLE: &[SampleFile] = &[
    embed!("editions/2025/chuzuche-fuwu/1/materials/drafting-note.md"),
    embed!("editions/2025/chuzuche-fuwu/1/plan.md"),
    embed!("editions/2025/chuzuche-fuwu/1/policy.md"),
    embed!("editions/2025/chuzuche-fuwu/2/materials/article.md"),
    embed!("editions/2025/chuzuche-fuwu/2/materials/press.md"),
    embed!("editions/2025/chuzuche-fuwu/2/materials/tujie.md"),
    embed!("editions/2025/chuzuche-fuwu/2/materials/tujie.svg"),
    embed!("editions/2025/chuzuche-fuwu/2/opinions.toml"),
    embed!("editions/2025/chuzuche-fuwu/2/plan.md"),
    embed!("editions/2025/chuzuche-fuwu/2/policy.md"),
    embed!("editions/2025/fuwu-chuangkou/1/policy.md"),
    embed!("editions/2025/gongjiao-youhui/1/materials/article.md"),
    embed!("editions/2025/gongjiao-youhui/1/plan.md"),
    embed!("editions/2025/gongjiao-youhui/1/policy.md"),
    embed!("editions/2025/gongjiao-youhui/2/materials/article.md"),
    embed!("editions/2025/gongjiao-youhui/2/materials/qa.md"),
    embed!("editions/2025/gongjiao-youhui/2/plan.md"),
    embed!("editions/2025/gongjiao-youhui/2/policy.md"),
    embed!("pages/about.md"),
    embed!("pages/accessibility.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/article.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/expert.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/follow-up.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/press.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/tujie.md"),
    embed!("policies/2025/chuzuche-fuwu/materials/tujie.svg"),
    embed!("policies/2025/chuzuche-fuwu/opinions.toml"),
    embed!("policies/2025/chuzuche-fuwu/plan.md"),
    embed!("policies/2025/chuzuche-fuwu/policy.md"),
    embed!("policies/2025/chuzuche-fuwu/qa.toml"),
    embed!("policies/2025/chuzuche-kaohe/materials/article.md"),
    embed!("policies/2025/chuzuche-kaohe/plan.md"),
    embed!("policies/2025/chuzuche-kaohe/policy.md"),
    embed!("policies/2025/fuwu-chuangkou/policy.md"),
    embed!("policies/2025/gongjiao-youhui/materials/article.md"),
    embed!("policies/2025/gongjiao-youhui/materials/qa.md"),
    embed!("policies/2025/gongjiao-youhui/plan.md"),
    embed!("policies/2025/gongjiao-youhui/policy.md"),
    embed!("policies/2025/gongjiao-youhui/qa.toml"),
    embed!("policies/2025/jijiaoban-14/materials/article.md"),
    embed!("policies/2025/jijiaoban-14/materials/qa.md"),
    embed!("policies/2025/jijiaoban-14/plan.md"),
    embed!("policies/2025/jijiaoban-14/policy.md"),
    embed!("policies/2025/xianlu-tiaozheng/materials/qa.md"),
    embed!("policies/2025/xianlu-tiaozheng/plan.md"),
    embed!("policies/2025/xianlu-tiaozheng/policy.md"),
    embed!("policies/2026/cailiang-jizhun/materials/article.md"),
    embed!("policies/2026/cailiang-jizhun/plan.md"),
    embed!("policies/2026/cailiang-jizhun/policy.md"),
    embed!("policies/2026/chuangkou-qianzhi/policy.md"),
    embed!("policies/2026/gongxiang-danche/materials/drafting-note.md"),
    embed!("policies/2026/gongxiang-danche/plan.md"),
    embed!("policies/2026/gongxiang-danche/policy.md"),
    embed!("policies/2026/qingming-fuwu/materials/article.md"),
    embed!("policies/2026/qingming-fuwu/plan.md"),
    embed!("policies/2026/qingming-fuwu/policy.md"),
    embed!("repository/README.md"),
    embed!("repository/gitattributes"),
    embed!("repository/gitignore"),
    embed!("repository/site.toml"),
    embed!("repository/wordlists/office.toml"),
    embed!("topics/shimin-chuxing.md"),
];

/// The files below a folder of `content/`, with the paths below that folder.
pub(super) fn below(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    SAMPLE.iter().filter_map(move |file| {
        let rest = file.path.strip_prefix(folder)?.strip_prefix('/')?;
        Some((rest, file.bytes))
    })
}

#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;
