//! A repository with the unsaved texts of an editor.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use jiedu_base::finding::{Finding, Place, Severity};
use jiedu_base::name::SetId;
use jiedu_base::text::{Message, SourceFile, TextRange};
use jiedu_config::Config;
use jiedu_markdown::Body;
use jiedu_model::PublicationSet;
use jiedu_pipeline::{Content, Live};
use jiedu_source::{Snapshot, overlay, set_of_path};

use super::document::normalised;

/// One policy repository as an editor sees it.
#[derive(Debug, Default)]
pub struct Desk {
    /// The files as they were on disk.
    disk: Snapshot,
    /// The same with the texts of the editor.
    present: Snapshot,
    /// Path → text of the editor, line ends normalised.
    open: BTreeMap<String, String>,
    /// Open texts that hold carriage returns.
    returns: BTreeSet<String>,
    live: Live,
    findings: Vec<Finding>,
    stale: Stale,
    /// Whether the folder was ever looked at.
    has_looked: bool,
}

/// What has to be looked at again.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stale {
    /// Nothing.
    #[default]
    No,
    /// Only the links of the whole, which wait until somebody asks for them.
    Links,
    /// The open texts.
    Texts,
    /// Everything: files came, went or changed.
    Everything,
}

impl Desk {
    /// A desk over the files of a folder.
    #[must_use]
    pub fn new(disk: Snapshot) -> Self {
        Self { disk, stale: Stale::Everything, ..Self::default() }
    }

    /// Takes the files anew: something changed on disk.
    pub fn reload(&mut self, disk: Snapshot) {
        self.disk = disk;
        self.stale = Stale::Everything;
    }

    /// Says which day it is, for texts without a date of their own.
    pub fn set_today(&mut self, today: Date) {
        if self.live.set_today(today) {
            self.stale = Stale::Everything;
        }
    }

    /// Takes the text of the editor for a path of the repository.
    pub fn write(&mut self, path: &str, text: &str) {
        if text.contains('\r') {
            self.returns.insert(path.to_owned());
        } else {
            self.returns.remove(path);
        }
        let text = normalised(text).into_owned();
        let knows = set_of_path(path).is_some_and(|(set, inner)| match SetId::parse(&set) {
            Ok(id) => self.present.sets.get(&id).is_some_and(|files| files.get(inner).is_some()),
            // The files of the site have a say in everything.
            Err(_) => false,
        });
        if knows && self.stale != Stale::Everything {
            overlay(&mut self.present, path, &text);
            self.stale = Stale::Texts;
        } else {
            self.stale = Stale::Everything;
        }
        self.open.insert(path.to_owned(), text);
    }

    /// The editor has closed the text: the file on disk counts again.
    pub fn close(&mut self, path: &str) {
        self.open.remove(path);
        self.returns.remove(path);
        self.stale = Stale::Everything;
    }

    /// Whether a text of this repository is open.
    #[must_use]
    pub fn is_open(&self, path: &str) -> bool {
        self.open.contains_key(path)
    }

    /// All findings about the sets in which a text is open. Looks anew only when
    /// something changed since the last time, and only at what has to do with
    /// the open texts when nothing else did.
    pub fn findings(&mut self) -> &[Finding] {
        match self.stale {
            Stale::No | Stale::Links => {}
            Stale::Texts => {
                let sets = self.open_sets();
                let findings = self.live.look_near(&self.present, &sets);
                self.take(findings);
                self.stale = Stale::Links;
            }
            Stale::Everything => self.refresh(),
        }
        &self.findings
    }

    /// How many sets the last look had to do with.
    #[must_use]
    pub fn work(&self) -> usize {
        self.live.work()
    }

    fn open_sets(&self) -> BTreeSet<String> {
        self.open.keys().filter_map(|path| set_of_path(path)).map(|(set, _)| set).collect()
    }

    fn take(&mut self, mut findings: Vec<Finding>) {
        findings.extend(self.returns.iter().filter_map(|path| self.has_returns(path)));
        self.findings = findings;
    }

    /// Makes sure that the folder was looked at once: what is offered while
    /// somebody types need not know the last word.
    pub(super) fn look_once(&mut self) {
        if !self.has_looked {
            self.refresh();
        }
    }

    /// Takes in what changed, anywhere: for whoever follows links.
    pub(super) fn refresh(&mut self) {
        if self.stale == Stale::No {
            return;
        }
        self.has_looked = true;
        if self.stale == Stale::Everything {
            self.present = self.disk.clone();
            for (path, text) in &self.open {
                overlay(&mut self.present, path, text);
            }
        }
        let sets = self.open_sets();
        let findings = self.live.look(&self.present, &sets);
        self.take(findings);
        self.stale = Stale::No;
    }

    /// A commit with Windows line ends is refused; in an editor it is enough to
    /// say so once, since git converts them on the way.
    fn has_returns(&self, path: &str) -> Option<Finding> {
        let file = self.file(path)?;
        let message = Message::new(
            "文件用 Windows 换行（CRLF），提交入库时须为 LF",
            "the file has Windows line ends (CRLF); committed text must have LF",
        );
        let place = Place::range(&file, TextRange::new(0, 0));
        let finding = Finding::new("TEXT_EOL", "text-eol", "encoding", Severity::Hint, place, message);
        Some(finding.note(
            "仓库里有 .gitattributes（* text eol=lf）时，git 会自动转换；也可以在编辑器状态栏把换行改为 LF。",
            "With `* text eol=lf` in .gitattributes git converts by itself; or choose LF in the editor.",
        ))
    }

    /// The text at a path: the editor's, else the file's; none when there is no
    /// such file or it is no text.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<SourceFile> {
        if let Some(text) = self.open.get(path) {
            return Some(SourceFile::new(path, text));
        }
        let (set, inner) = set_of_path(path)?;
        let files = match SetId::parse(&set) {
            Ok(id) => self.disk.sets.get(&id)?,
            Err(_) => &self.disk.site,
        };
        let text = std::str::from_utf8(&files.get(inner)?.bytes).ok()?;
        Some(SourceFile::new(path, &normalised(text)))
    }

    /// The texts of the last look.
    pub(super) fn content(&self) -> &Content {
        self.live.content()
    }

    /// The settings, when they could be read.
    pub(super) fn config(&self) -> Option<&Config> {
        self.live.config()
    }

    /// The set in which a path lies, parsed.
    pub(super) fn set(&self, path: &str) -> Option<(&SetId, &PublicationSet)> {
        let (set, _) = set_of_path(path)?;
        let id = SetId::parse(&set).ok()?;
        self.content().corpus.sets.get_key_value(&id).map(|(id, set)| (id, &**set))
    }

    /// Every parsed text.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body> {
        let corpus = &self.content().corpus;
        let of_sets = corpus.sets.values().flat_map(|set| {
            let policy = set.policy.iter().map(|policy| &policy.body);
            let plan = set.plan.iter().map(|plan| &plan.body);
            policy.chain(plan).chain(set.materials.iter().map(|material| &material.body))
        });
        of_sets.chain(corpus.pages.iter().map(|page| &page.body))
    }

    /// The parsed text at a path.
    pub(super) fn body(&self, path: &str) -> Option<&Body> {
        self.bodies().find(|body| body.file.path() == path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiedu_base::text::Lang;

    const SETTINGS: &str = "[site]\nname = \"站\"\nbase_url = \"https://policy.example.gov.cn/\"\n\
        [office]\nname = \"局\"\nuscc = \"113701000041890072\"\n";

    fn policy(n: usize) -> String {
        format!(
            "---\n标题: 关于事项{n}的通知\n发文字号: 济交办〔2025〕{n}号\n索引号: {n}\n---\n一、总则\n\n（一）办理。\n"
        )
    }

    fn material(links: &str) -> String {
        format!("---\n标题: 解读\n---\n## 为什么\n\n{links}\n")
    }

    /// A folder of sets; the second explains the first, too.
    fn folder(sets: usize) -> Snapshot {
        let mut all = Snapshot::default();
        overlay(&mut all, "site.toml", SETTINGS);
        for n in 1..=sets {
            let set = format!("content/policies/2025/s{n}");
            overlay(&mut all, &format!("{set}/policy.md"), &policy(n));
            let links = if n == 2 {
                "见[（一）](clause:2025/s1#（一）)。"
            } else {
                "见[（一）](clause:（一）)。"
            };
            overlay(&mut all, &format!("{set}/materials/article.md"), &material(links));
        }
        all
    }

    const OPEN: &str = "content/policies/2025/s1/materials/article.md";
    const POLICY: &str = "content/policies/2025/s1/policy.md";

    fn shown(desk: &mut Desk) -> Vec<String> {
        let all = desk.findings().iter();
        all.map(|one| format!("{} {:?} {} {:?}", one.place.path, one.place.range, one.message.zh, one.notes))
            .collect()
    }

    #[test]
    fn a_keystroke_costs_the_same_in_a_large_archive() {
        let work = |sets: usize| {
            let mut desk = Desk::new(folder(sets));
            desk.write(OPEN, &material("一"));
            desk.findings();
            assert_eq!(desk.work(), sets, "the first look is at everything");
            let mut most = 0;
            for text in ["一", "一二", "一二[三](clause:2025/s3#（一）)", "一二[三](clause:2025/s9999)"]
            {
                desk.write(OPEN, &material(text));
                desk.findings();
                desk.complete(OPEN, 30, Lang::Zh);
                most = most.max(desk.work());
            }
            most
        };
        assert_eq!((work(10), work(1_000)), (3, 3), "itself, what explains it, what it names or may mean");
    }

    /// What is found while somebody types is what a look at everything finds.
    #[test]
    fn the_near_look_finds_what_the_wide_one_does() {
        let mut desk = Desk::new(folder(12));
        desk.write(OPEN, &material("一"));
        desk.write(POLICY, &policy(1));
        desk.findings();
        let edits = [
            (OPEN, material("见[甲](clause:2025/s7#（一）)、[乙](clause:2025/s77)、[丙](clause:（九）)。")),
            (OPEN, material("见[甲](../../s5/policy.md)、[乙](../../s55/policy.md)、[丙](../policy.md)，,")),
            (POLICY, policy(4)),
            (
                POLICY,
                policy(1).replace("索引号", "修改: [济交办〔2025〕9号, 2025/s8, 济交办〔2025〕99号]\n索引号"),
            ),
            (POLICY, policy(1).replace("（一）", "（二）")),
            (
                OPEN,
                material("[丁](/policies/2025/s6/)")
                    .replace("---\n##", "解读对象: [2025/s1, 2025/s11, 2025/s111]\n---\n##"),
            ),
        ];
        for (path, text) in edits {
            desk.write(path, &text);
            let near = shown(&mut desk);
            assert!(desk.work() < 12);
            let mut fresh = Desk::new(folder(12));
            for (path, text) in &desk.open {
                fresh.write(path, text);
            }
            assert_eq!(near, shown(&mut fresh), "{path}: {text}");
            // Whoever follows a link sees the whole as it is now.
            assert_eq!(
                desk.references(POLICY, policy(1).len() - 3, true),
                fresh.references(POLICY, policy(1).len() - 3, true)
            );
        }
    }
}
