//! `demo`: a sample repository with a real history, made in process.
//!
//! The invented office of `people` lives through the story of `story`: texts
//! are drafted on branches, submitted, reviewed, proofread (every step a signed
//! commit), merged and collected; a text appears in three editions, one is
//! withdrawn, one still lacks its 三校. No git program is needed, and the same
//! seed gives the same commit ids.

mod objects;
mod people;
mod story;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::{Date, Time};

use self::objects::{Branch, Entry, Objects};
use self::people::{CHAIN, EXTRA, STAFF, Staff, WEBMASTER};
use self::story::{Event, Round};
use super::WorkspaceError;
use super::files::{Access, is_vacant, write_new};
use jiedu_approve::statement::{Decision, Kind, Statement, message, statement_id};
use jiedu_approve::{Subject, TrustAnchor};
use jiedu_base::clock::{Clock, beijing_instant};
use jiedu_base::name::{CommitId, Digest, PersonId, SetId};
use jiedu_source::{SetFile, set_manifest};

/// Makes the proofreading report about a set at a commit of the repository in a
/// folder, as of an instant, and gives its digest; `None` when it cannot.
pub type Proofreader = fn(&Path, &CommitId, Clock, &SetId) -> Option<Digest>;

/// How to make a demonstration.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoOptions {
    /// Where the keys come from. The same seed gives the same repository; none
    /// takes fresh randomness from the system.
    pub seed: Option<[u8; 32]>,
    /// Who makes the reports that the proofreaders of the newer texts sign
    /// (`review/2`); without one they sign the text alone.
    pub proofreader: Option<Proofreader>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReport {
    /// The repository.
    pub repository: PathBuf,
    /// The folder of all private and public keys.
    pub keys: PathBuf,
    /// The trust anchor.
    pub trust: PathBuf,
    /// Where the site is meant to go.
    pub public: PathBuf,
    /// The private key that signs the release.
    pub publish_key: PathBuf,
    /// The head of `main`.
    pub head: CommitId,
    /// The instant of the last commit, which is the publication instant.
    pub at: Clock,
    /// What was left undone on purpose.
    pub unfinished: Unfinished,
}

/// The set that deliberately lacks a step, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// The set.
    pub set: SetId,
    /// English name of the missing step.
    pub step: &'static str,
    /// Who may take it.
    pub person: PersonId,
    /// The key to take it with.
    pub key: PathBuf,
}

/// Makes `dir/repo`, `dir/keys` and `dir/trust.toml`.
///
/// # Errors
/// [`WorkspaceError::NotEmpty`] when the folder holds anything, else what the
/// disk or git said.
pub fn demo(dir: &Path, options: DemoOptions) -> Result<DemoReport, WorkspaceError> {
    if !is_vacant(dir)? {
        return Err(WorkspaceError::NotEmpty { path: dir.to_owned() });
    }
    let seed = match options.seed {
        Some(seed) => seed,
        None => fresh_seed()?,
    };
    let [repository, keys, trust] = ["repo", "keys", "trust.toml"].map(|name| dir.join(name));
    write_keys(&keys, &seed)?;
    let mut teller = Teller::found(&repository, seed, options.proofreader)?;
    for event in story::events() {
        match event {
            Event::Round(round) => teller.round(&round)?,
            Event::Site { from, to, about, day } => teller.site_files(from, to, about, day)?,
            Event::Withdraw { set, by, day } => teller.withdraw(set, by, day)?,
            Event::Roster { by, day } => teller.new_roster(by, day)?,
        }
    }
    let head = teller.objects.finish(&teller.main)?;
    write_new(&trust, TrustAnchor::first(teller.site).to_toml().as_bytes(), Access::Shared)?;
    let webmaster = Staff::find(WEBMASTER)?;
    let (step, last) = CHAIN[CHAIN.len() - 1];
    Ok(DemoReport {
        publish_key: keys.join(webmaster.key_name("publish")),
        head: CommitId::parse(&head.to_string()).map_err(name_error)?,
        at: Clock::from_unix(teller.latest),
        unfinished: Unfinished {
            set: SetId::parse(story::UNFINISHED).map_err(name_error)?,
            step,
            person: PersonId::parse(last).map_err(name_error)?,
            key: keys.join(Staff::find(last)?.key_name("review")),
        },
        public: dir.join("public"),
        repository,
        keys,
        trust,
    })
}

fn fresh_seed() -> Result<[u8; 32], WorkspaceError> {
    use ssh_key::rand_core::{OsRng, RngCore as _};
    let mut seed = [0; 32];
    OsRng.try_fill_bytes(&mut seed).map_err(|error| {
        WorkspaceError::usage(
            format!("系统没有给出随机数：{error}"),
            format!("the system gave no random bytes: {error}"),
        )
    })?;
    Ok(seed)
}

fn write_keys(folder: &Path, seed: &[u8; 32]) -> Result<(), WorkspaceError> {
    for person in &STAFF {
        for purpose in person.keys {
            let [private, public] = person.key_files(seed, purpose)?;
            let name = person.key_name(purpose);
            write_new(&folder.join(format!("{name}.pub")), public.as_bytes(), Access::Shared)?;
            write_new(&folder.join(name), private.as_bytes(), Access::Private)?;
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn name_error(error: jiedu_base::name::NameError) -> WorkspaceError {
    WorkspaceError::usage(error.to_string(), error.to_string())
}

fn person(id: &str) -> Result<PersonId, WorkspaceError> {
    PersonId::parse(id).map_err(name_error)
}

/// Steps of [`CHAIN`] up to the final review.
const REVIEWS: usize = 4;

/// A signed statement, ready to be collected.
struct Signed {
    id: Digest,
    raw: Vec<u8>,
}

/// Tells the story, commit by commit.
struct Teller {
    objects: Objects,
    main: Branch,
    /// Where the repository is.
    path: PathBuf,
    proofreader: Option<Proofreader>,
    seed: [u8; 32],
    /// Digest of roster 1.
    site: Digest,
    /// The roster in force.
    roster: (u32, Digest),
    /// Subject, its latest revision, the digest then, and its last statement.
    last: std::collections::BTreeMap<Subject, (u32, Digest, Digest)>,
    /// The latest commit time so far.
    latest: i64,
}

impl Teller {
    /// Makes the repository, its first commit, and approves the site.
    fn found(path: &Path, seed: [u8; 32], proofreader: Option<Proofreader>) -> Result<Self, WorkspaceError> {
        let roster = people::roster(1, None, &seed)?;
        let site = Digest::of(roster.as_bytes());
        let mut files = story::founding_files();
        files.insert("roster/1.toml".to_owned(), roster.into_bytes().into());
        let mut teller = Self {
            objects: Objects::create(path)?,
            main: Branch { tip: None, files },
            path: path.to_owned(),
            proofreader,
            seed,
            site,
            roster: (1, site),
            last: std::collections::BTreeMap::new(),
            latest: 0,
        };
        teller.on_main(WEBMASTER, at(story::FOUNDED, 9, 0), "建立政策仓库：网站设置、名册和固定页面\n")?;
        let branch = teller.main.clone();
        teller.approve_site(branch, story::FOUNDED)?;
        Ok(teller)
    }

    /// Has the site-wide files of the branch approved, merges and collects.
    fn approve_site(&mut self, mut branch: Branch, day: Date) -> Result<(), WorkspaceError> {
        let reviews = [("secrecy-review", "qian.min"), ("final-review", "chen.zhong")];
        let signed = self.approve(&mut branch, &Subject::Site, WEBMASTER, &reviews, [day; 2], None)?;
        self.merge(&branch, at(day, 17, 30), "合并 site 的审签")?;
        self.collect(&signed, at(day, 17, 35), "site")
    }

    /// Adds site-wide files and has them approved.
    fn site_files(&mut self, from: &str, to: &str, about: &str, day: Date) -> Result<(), WorkspaceError> {
        let mut branch = self.main.clone();
        let files = super::sample::below(from);
        branch.files.extend(files.map(|(path, bytes)| (format!("{to}/{path}"), Arc::from(bytes))));
        let message = format!("{about}\n");
        let entry =
            Entry { who: Staff::find(WEBMASTER)?, time: at(day, 8, 30), message: &message, key: None };
        self.commit(&mut branch, None, &entry)?;
        self.approve_site(branch, day)
    }

    fn commit(
        &mut self,
        branch: &mut Branch,
        other: Option<git2::Oid>,
        entry: &Entry<'_>,
    ) -> Result<Vec<u8>, WorkspaceError> {
        self.latest = self.latest.max(entry.time);
        self.objects.commit(branch, other, entry)
    }

    /// A plain commit on `main`.
    fn on_main(&mut self, who: &str, time: i64, message: &str) -> Result<(), WorkspaceError> {
        let mut main = std::mem::take(&mut self.main);
        let entry = Entry { who: Staff::find(who)?, time, message, key: None };
        self.commit(&mut main, None, &entry)?;
        self.main = main;
        Ok(())
    }

    /// Drafts a text on a branch, has it approved, merges and collects.
    fn round(&mut self, round: &Round) -> Result<(), WorkspaceError> {
        let [drafted, reviewed, released] = round.days;
        let folder = format!("content/policies/{}/", round.set);
        let mut branch = self.main.clone();
        branch.files.retain(|path, _| !path.starts_with(&folder));
        let texts = |wanted: fn(&str) -> bool| {
            super::sample::below(round.from)
                .filter(move |(path, _)| wanted(path))
                .map(|(path, bytes)| (format!("{folder}{path}"), Arc::from(bytes)))
        };
        // Policy and plan first, then the materials: 同步组织.
        branch.files.extend(texts(|path| !path.starts_with("materials/")));
        let mut entry = Entry {
            who: Staff::find(round.writer)?,
            time: at(drafted, 9, 12),
            message: &format!("{}\n", round.about),
            key: None,
        };
        self.commit(&mut branch, None, &entry)?;
        let before = branch.files.len();
        branch.files.extend(texts(|path| path.starts_with("materials/")));
        if branch.files.len() > before {
            let message = format!("补充解读材料：{}\n", round.set);
            entry = Entry { time: at(drafted, 15, 40), message: &message, ..entry };
            self.commit(&mut branch, None, &entry)?;
        }
        let subject = Subject::parse(round.set).unwrap_or(Subject::Site);
        let mut steps = CHAIN.to_vec();
        steps.truncate(CHAIN.len().saturating_sub(round.open));
        if round.important {
            steps.splice(REVIEWS..REVIEWS, EXTRA);
        }
        let report = self.report(&branch, round)?;
        let signed =
            self.approve(&mut branch, &subject, round.writer, &steps, [reviewed, released], report)?;
        self.merge(&branch, at(released, 10, 30), &format!("合并 {}", round.set))?;
        self.collect(&signed, at(released, 10, 40), round.set)
    }

    /// The digest of the report that the proofreaders of the round sign.
    fn report(&self, branch: &Branch, round: &Round) -> Result<Option<Digest>, WorkspaceError> {
        let (Some(proofreader), Some(tip), true) = (self.proofreader, branch.tip, round.report) else {
            return Ok(None);
        };
        let commit = CommitId::parse(&tip.to_string()).map_err(name_error)?;
        let set = SetId::parse(round.set).map_err(name_error)?;
        let instant = Clock::from_unix(at(round.days[2], 8, 0));
        let report = proofreader(&self.path, &commit, instant, &set).ok_or_else(|| {
            WorkspaceError::usage(
                format!("做不出 {set} 的校对报告"),
                format!("no proofreading report about {set} could be made"),
            )
        })?;
        Ok(Some(report))
    }

    /// Signs submit and the given steps on the branch, proof steps with a report
    /// when there is one.
    fn approve(
        &mut self,
        branch: &mut Branch,
        subject: &Subject,
        writer: &str,
        steps: &[(&str, &str)],
        [reviewed, released]: [Date; 2],
        report: Option<Digest>,
    ) -> Result<Vec<Signed>, WorkspaceError> {
        const REVIEW_TIMES: [(i8, i8); 8] =
            [(8, 45), (9, 20), (10, 5), (14, 15), (16, 30), (16, 55), (17, 10), (17, 25)];
        const PROOF_TIMES: [(i8, i8); 3] = [(8, 50), (9, 25), (10, 0)];
        let before = self.last.get(subject).copied();
        let revision = before.map_or(1, |(revision, ..)| revision + 1);
        let mut statement = Statement {
            kind: Kind::Submit,
            site: self.site,
            subject: subject.clone(),
            revision,
            step: "submit".to_owned(),
            decision: Decision::Approve,
            digest: digest(subject, branch),
            roster: self.roster,
            previous: before.map(|(_, _, last)| last),
            signer: person(writer)?,
            authors: vec![person(writer)?],
            report: None,
        };
        let [mut reviews, mut proofs] = [REVIEW_TIMES.iter(), PROOF_TIMES.iter()];
        let mut signed = Vec::new();
        for (step, who) in std::iter::once(("submit", writer)).chain(steps.iter().copied()) {
            let is_proof = step.ends_with("-proof");
            let (day, time) = if is_proof { (released, proofs.next()) } else { (reviewed, reviews.next()) };
            let &(hour, minute) = time.unwrap_or(&(17, 0));
            if step != "submit" {
                statement.kind = Kind::Review;
                step.clone_into(&mut statement.step);
                statement.signer = person(who)?;
                statement.authors.clear();
                statement.report = report.filter(|_| is_proof);
            }
            let done = self.sign(branch, &statement, "review", at(day, hour, minute))?;
            statement.previous = Some(done.id);
            self.last.insert(subject.clone(), (revision, statement.digest, done.id));
            signed.push(done);
        }
        Ok(signed)
    }

    /// One signed statement on top of the branch.
    fn sign(
        &mut self,
        branch: &mut Branch,
        statement: &Statement,
        purpose: &str,
        time: i64,
    ) -> Result<Signed, WorkspaceError> {
        let who = Staff::find(statement.signer.as_str())?;
        let key = who.key(&self.seed, purpose)?;
        let text = message(statement);
        let entry = Entry { who, time, message: &text, key: Some(&key) };
        let raw = self.commit(branch, None, &entry)?;
        Ok(Signed { id: statement_id(&raw), raw })
    }

    fn merge(&mut self, branch: &Branch, time: i64, message: &str) -> Result<(), WorkspaceError> {
        let mut main = std::mem::take(&mut self.main);
        main.files.clone_from(&branch.files);
        let message = format!("{message}\n");
        let entry = Entry { who: Staff::find(WEBMASTER)?, time, message: &message, key: None };
        self.commit(&mut main, branch.tip, &entry)?;
        self.main = main;
        Ok(())
    }

    /// Keeps the statements as files, so that they survive any rewriting.
    fn collect(&mut self, signed: &[Signed], time: i64, what: &str) -> Result<(), WorkspaceError> {
        for Signed { id, raw } in signed {
            self.main.files.insert(format!("evidence/statements/{}.commit", id.hex()), raw.as_slice().into());
        }
        self.on_main(WEBMASTER, time, &format!("收集签名：{what}\n"))
    }

    fn withdraw(&mut self, set: &str, by: &str, day: Date) -> Result<(), WorkspaceError> {
        let subject = Subject::Set(SetId::parse(set).map_err(name_error)?);
        let Some(&(revision, digest, last)) = self.last.get(&subject) else { return Ok(()) };
        let statement = Statement {
            kind: Kind::Withdraw,
            site: self.site,
            subject,
            revision,
            step: "withdraw".to_owned(),
            decision: Decision::Approve,
            digest,
            roster: self.roster,
            previous: Some(last),
            signer: person(by)?,
            authors: Vec::new(),
            report: None,
        };
        let mut branch = self.main.clone();
        let signed = self.sign(&mut branch, &statement, "review", at(day, 11, 10))?;
        self.merge(&branch, at(day, 11, 20), &format!("合并 {set} 的撤下声明"))?;
        self.collect(&[signed], at(day, 11, 25), set)
    }

    fn new_roster(&mut self, by: [&str; 2], day: Date) -> Result<(), WorkspaceError> {
        let (version, before) = self.roster;
        let text = people::roster(version + 1, Some(before.to_string()), &self.seed)?;
        let digest = Digest::of(text.as_bytes());
        let mut branch = self.main.clone();
        branch.files.insert(format!("roster/{}.toml", version + 1), text.into_bytes().into());
        let entry = Entry {
            who: Staff::find(WEBMASTER)?,
            time: at(day, 9, 30),
            message: "名册第2版：增加何苗（运输管理处）\n",
            key: None,
        };
        self.commit(&mut branch, None, &entry)?;
        let mut signed = Vec::new();
        for (who, minute) in by.into_iter().zip([5, 25]) {
            let statement = Statement {
                kind: Kind::Roster,
                site: self.site,
                subject: Subject::Roster(version + 1),
                revision: version + 1,
                step: "roster".to_owned(),
                decision: Decision::Approve,
                digest,
                roster: self.roster,
                previous: None,
                signer: person(who)?,
                authors: Vec::new(),
                report: None,
            };
            signed.push(self.sign(&mut branch, &statement, "root", at(day, 10, minute))?);
        }
        self.roster = (version + 1, digest);
        self.merge(&branch, at(day, 11, 0), "合并名册第2版")?;
        self.collect(&signed, at(day, 11, 10), "roster/2")
    }
}

/// Seconds since the epoch of a time of day in Beijing.
fn at(day: Date, hour: i8, minute: i8) -> i64 {
    let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
    beijing_instant(day.to_datetime(time)).as_second()
}

/// The digest of a set, or of the site-wide files, as the branch has them.
fn digest(subject: &Subject, branch: &Branch) -> Digest {
    let prefix = subject.set().map(|id| format!("content/policies/{id}/"));
    let site = |path: &str| {
        path == "site.toml"
            || ["themes/", "wordlists/", "content/pages/", "content/topics/"]
                .iter()
                .any(|folder| path.starts_with(folder))
    };
    let files = branch.files.iter().filter_map(|(path, bytes)| {
        let path = match &prefix {
            Some(prefix) => path.strip_prefix(prefix.as_str())?,
            None => path.as_str(),
        };
        let counts = prefix.is_some() || site(path);
        counts.then(|| SetFile { path: path.to_owned(), bytes: bytes.clone(), digest: Digest::of(bytes) })
    });
    Digest::of(&set_manifest(&subject.to_string(), &files.collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests;
