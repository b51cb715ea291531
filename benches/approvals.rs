//! What approvals cost: 10,000 statements over 1,000 sets among 100,000 commits,
//! against the bare signature primitive and against `git log --format=%G?`.
//!
//! ```sh
//! cargo bench --bench approvals            # the whole size
//! cargo bench --bench approvals -- 100     # another number of sets
//! ```
//!
//! Every figure is given as time on the wall and as CPU time of this process
//! and its children; on a shared machine only ratios of CPU time mean much.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::string_slice,
    unreachable_pub,
    missing_docs,
    reason = "a bench prints what it measured and stops at the first thing that is not as it should be"
)]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use git2::{ObjectType, Oid};
use jiedu::approve::roster::allowed_signers;
use jiedu::approve::signature::verify_ssh;
use jiedu::approve::statement::{self, Decision, Kind, Statement, message, payload};
use jiedu::approve::{Anchor, Approvals, Carrier, ReadInput, SetFacts, SetState, StatementSource, Subject};
use jiedu::clock::Clock;
use jiedu::edition::GitFacts;
use jiedu::name::{Digest, SetId};
use jiedu::pipeline::{ReadOptions, Revision, Time};
use jiedu::source::Digests;
use ssh_key::{HashAlg, LineEnding, PrivateKey};

#[path = "../tests/testsuite/project.rs"]
#[allow(dead_code, reason = "shared with the test-suite")]
mod project;

use project::{Project, START, STRICT, ident, key, person};

/// Ordinary commits before every statement: 10 commits for each.
const ORDINARY: usize = 9;
/// Commits that git is asked about; the rest is extrapolated.
const SAMPLE: usize = 300;

fn main() {
    // `cargo test --all-targets` starts benches too, without this argument.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let sets = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(1000);
    let (world, cost) = measure(|| World::new(sets));
    println!("generated {} statements over {sets} sets in {} commits", world.statements.len(), world.commits);
    row("  generation", cost, None);
    bench(&world);
}

/// Time on the wall and CPU time.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

impl Cost {
    fn times(self, factor: f64) -> Self {
        Self { wall: self.wall.mul_f64(factor), cpu: self.cpu.mul_f64(factor) }
    }
}

/// CPU time of this process and of its finished children, in ticks of 10 ms;
/// nothing where the system does not tell.
fn cpu() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let after = stat.rsplit_once(')')?.1;
    let ticks: u64 =
        after.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(ticks * 10))
}

fn measure<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (before, start) = (cpu(), Instant::now());
    let value = work();
    let wall = start.elapsed();
    let used = cpu().zip(before).map_or(wall, |(after, before)| after.saturating_sub(before));
    (value, Cost { wall, cpu: used })
}

/// The cheapest of three.
fn best<T>(work: impl Fn() -> T) -> (T, Cost) {
    let mut all: Vec<(T, Cost)> = (0..3).map(|_| measure(&work)).collect();
    all.sort_by_key(|(_, cost)| (cost.cpu, cost.wall));
    all.swap_remove(0)
}

fn row(name: &str, cost: Cost, ratio: Option<(&str, f64)>) {
    let ratio = ratio.map_or(String::new(), |(to, ratio)| format!("   {ratio:>8.2} × {to}"));
    println!(
        "{name:<46} wall {:>9.3} s   CPU {:>9.2} s{ratio}",
        cost.wall.as_secs_f64(),
        cost.cpu.as_secs_f64()
    );
}

fn bench(world: &World) {
    let primitive = bench_signatures(world);
    let approvals = bench_reading(world);
    let git = bench_git(world);
    let ratio = |a: Cost, b: Cost| a.cpu.as_secs_f64() / b.cpu.as_secs_f64().max(0.001);
    println!("\nApprovals::read costs {:.2} × the bare primitive", ratio(approvals, primitive));
    if let Some(git) = git {
        println!("git costs {:.0} × Approvals::read (goal: at least 100)", ratio(git, approvals));
    }
}

/// The signature part alone, against `verify_strict` over the same bytes.
fn bench_signatures(world: &World) -> Cost {
    let prepared: Vec<(Vec<u8>, String, String)> = world
        .statements
        .iter()
        .map(|(_, raw, public)| (payload(raw), armour_of(raw), public.clone()))
        .collect();
    let bare: Vec<_> = prepared.iter().map(|(payload, armour, _)| Bare::new(payload, armour)).collect();
    let ((), primitive) = best(|| bare.iter().for_each(Bare::verify));
    let ((), ours) = best(|| {
        for (payload, armour, public) in &prepared {
            verify_ssh("git", payload, armour, public).unwrap();
        }
    });
    row("ed25519 verify_strict, one core", primitive, None);
    let ratio = ours.cpu.as_secs_f64() / primitive.cpu.as_secs_f64().max(0.001);
    row("our SSH signatures, parsed and verified", ours, Some(("primitive (goal: at most 1.3)", ratio)));
    primitive
}

/// What the primitive needs: key, signed bytes, signature.
struct Bare {
    key: ed25519_dalek::VerifyingKey,
    data: Vec<u8>,
    signature: ed25519_dalek::Signature,
}

impl Bare {
    fn new(payload: &[u8], armour: &str) -> Self {
        let signature = ssh_key::SshSig::from_pem(armour).unwrap();
        let key = signature.public_key().ed25519().unwrap();
        Self {
            key: ed25519_dalek::VerifyingKey::from_bytes(key.as_ref()).unwrap(),
            data: ssh_key::SshSig::signed_data("git", signature.hash_alg(), payload).unwrap(),
            signature: ed25519_dalek::Signature::from_slice(signature.signature_bytes()).unwrap(),
        }
    }

    fn verify(&self) {
        self.key.verify_strict(&self.data, &self.signature).unwrap();
    }
}

fn armour_of(raw: &[u8]) -> String {
    let text = std::str::from_utf8(raw).unwrap();
    let start = text.find("gpgsig ").unwrap() + 7;
    let end = start + text[start..].find("\n\n").unwrap();
    format!("{}\n", text[start..end].replace("\n ", "\n"))
}

/// Reading and judging, in parts and whole.
fn bench_reading(world: &World) -> Cost {
    let repository = world.project.open();
    let head = repository.resolve("HEAD").unwrap();
    let (history, cost) = measure(|| repository.history(&head).unwrap());
    row("history of all commits", cost, None);
    let snapshot = repository.snapshot(&head).unwrap();
    let roster = snapshot.roster.files.iter().map(|file| (file.path.clone(), file.bytes.clone())).collect();
    let current =
        snapshot.sets.iter().map(|(id, files)| (Subject::from(id), files.digest(id.as_str()))).collect();
    let anchor = Anchor::Trusted(world.project.anchor());
    let candidates = history.candidates();
    let sources: Vec<StatementSource> = candidates
        .into_iter()
        .map(|(commit, raw)| StatementSource {
            bytes: raw.clone(),
            carrier: Carrier::Commit(commit.id.clone()),
        })
        .collect();
    assert_eq!(sources.len(), world.statements.len());
    let (approvals, cost) = best(|| {
        let digests = Digests::new(&repository);
        let facts = GitFacts { repository: &repository, history: &history, digests: &digests };
        let input = ReadInput {
            roster: &roster,
            statements: &sources,
            anchor: &anchor,
            at: Clock::from_unix(world.now),
            at_given: false,
            current: &current,
            tree: &facts,
        };
        Approvals::read(&input).unwrap().value
    });
    assert!(approvals.known().iter().all(|known| known.refused.is_none()));
    row("Approvals::read, all cores", cost, None);
    let (cleared, judged) = best(|| {
        let judge = |(subject, digest): (&Subject, &Option<Digest>)| {
            approvals.judge(subject, &digest.unwrap(), &SetFacts::default()).cleared.is_some()
        };
        current.iter().filter(|(subject, digest)| judge((subject, digest))).count()
    });
    assert_eq!(cleared, current.len());
    row("judging every set", judged, None);
    let trust = world.project.anchor();
    let time = Time { given: None, machine: Clock::from_unix(world.now) };
    let options = ReadOptions { revision: "HEAD", time, anchor: Some(&trust), drafting: false };
    let (revision, whole) = measure(|| Revision::read(&repository, options).unwrap());
    assert!(revision.sets.iter().all(|set| set.state == SetState::Cleared));
    row("Revision::read: history, texts, editions, all", whole, None);
    cost
}

/// The same question asked of git, for a sample.
fn bench_git(world: &World) -> Option<Cost> {
    let signers = world.project.path().join("allowed_signers");
    let revision =
        jiedu::approve::read_rosters(&[("1.toml".to_owned(), project::roster().into_bytes().into())].into())
            .unwrap();
    fs::write(&signers, allowed_signers(&revision[0])).unwrap();
    let step = (world.statements.len() / SAMPLE).max(1);
    let ids: Vec<String> = world.statements.iter().step_by(step).map(|(id, ..)| format!("{id}\n")).collect();
    let setting = format!("gpg.ssh.allowedSignersFile={}", signers.display());
    let (answer, cost) = measure(|| {
        let mut git = Command::new("git");
        git.current_dir(world.project.path()).args([
            "-c",
            &setting,
            "log",
            "--no-walk",
            "--stdin",
            "--format=%G?",
        ]);
        let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        child.stdin.take()?.write_all(ids.concat().as_bytes()).ok()?;
        child.wait_with_output().ok()
    });
    let answer = String::from_utf8(answer?.stdout).unwrap();
    assert_eq!(answer.lines().filter(|verdict| *verdict == "G").count(), ids.len(), "{answer}");
    let all = cost.times(world.statements.len() as f64 / ids.len() as f64);
    row(&format!("git log --format=%G? ({} of them, scaled)", ids.len()), all, None);
    Some(all)
}

/// A repository of that size.
struct World {
    project: Project,
    /// Id, raw bytes and public key of every statement.
    statements: Vec<(Oid, Vec<u8>, String)>,
    commits: usize,
    now: i64,
}

/// Objects on their way into one pack.
struct Packer {
    git: git2::Repository,
    ids: Vec<Oid>,
}

impl Packer {
    fn write(&mut self, kind: ObjectType, bytes: &[u8]) -> Oid {
        let id = self.git.odb().unwrap().write(kind, bytes).unwrap();
        self.ids.push(id);
        id
    }

    /// Writes everything into one pack.
    fn finish(self) {
        let mut pack = self.git.packbuilder().unwrap();
        pack.set_threads(0);
        for id in &self.ids {
            pack.insert_object(*id, None).unwrap();
        }
        pack.write(&self.git.path().join("objects/pack"), 0o644).unwrap();
    }
}

/// Where the line stands.
struct Line {
    tip: Oid,
    tree: Oid,
    commits: usize,
}

impl World {
    fn new(sets: usize) -> Self {
        let mut project = project::project();
        let ids: Vec<String> = (0..sets).map(|at| format!("2025/set-{at:04}")).collect();
        for id in &ids {
            project.set(id);
        }
        project.commit("all sets");
        let digests: Vec<Digest> = {
            let snapshot = project.open().snapshot(&project.head_id()).unwrap();
            ids.iter().map(|id| snapshot.sets[&SetId::parse(id).unwrap()].digest(id).unwrap()).collect()
        };
        let mut packer = Packer { git: git2::Repository::open(project.path()).unwrap(), ids: Vec::new() };
        packer.git.odb().unwrap().add_new_mempack_backend(1000).unwrap();
        let trees = variants(&mut packer, project.head());
        let mut world = Self { project, statements: Vec::new(), commits: 1, now: START };
        let mut line = Line { tip: world.project.head(), tree: trees[0], commits: 1 };
        world.rounds(&mut packer, &mut line, &trees, &ids, &digests);
        packer.finish();
        world.commits = line.commits;
        world.now = START + 60 + 10 * i64::try_from(line.commits).unwrap();
        let id = line.tip;
        world.project.reset(id);
        world
    }

    /// One whole round for every set and the beginning of a second: ten
    /// statements each, with ordinary commits between.
    fn rounds(
        &mut self,
        packer: &mut Packer,
        line: &mut Line,
        trees: &[Oid],
        ids: &[String],
        digests: &[Digest],
    ) {
        let mut last: Vec<Option<Digest>> = vec![None; ids.len()];
        let round = || [("submit", "writer")].into_iter().chain(STRICT);
        let steps = round().map(|step| (1, step)).chain(round().take(2).map(|step| (2, step)));
        let keys: Vec<(u32, &str, &str, PrivateKey)> =
            steps.map(|(revision, (step, who))| (revision, step, who, key(who))).collect();
        for (revision, step, who, key) in &keys {
            let public = key.public_key().to_openssh().unwrap();
            let drafts: Vec<Statement> = (0..ids.len())
                .map(|at| draft(&ids[at], *revision, step, who, digests[at], last[at]))
                .collect();
            // The bytes hang on the tip, so commits are made one by one, but
            // ids of statements do not hang on signatures.
            for (at, draft) in drafts.iter().enumerate() {
                for _ in 0..ORDINARY {
                    line.tree = trees[line.commits % trees.len()];
                    ordinary(packer, line);
                }
                let raw = signed(line, draft, who, key);
                last[at] = Some(statement::statement_id(&raw));
                line.tip = packer.write(ObjectType::Commit, &raw);
                line.commits += 1;
                self.statements.push((line.tip, raw, public.trim_end().to_owned()));
            }
        }
    }
}

/// A hundred trees that differ in one file outside all sets.
fn variants(packer: &mut Packer, commit: Oid) -> Vec<Oid> {
    let root = packer.git.find_commit(commit).unwrap().tree_id();
    let raw = packer.git.odb().unwrap().read(root).unwrap().data().to_vec();
    let mut trees = Vec::new();
    for number in 0..100 {
        let blob = packer.write(ObjectType::Blob, format!("notes {number}\n").as_bytes());
        // `NOTES` sorts before the lower-case names.
        let tree = [b"100644 NOTES\0", blob.as_bytes(), &raw].concat();
        trees.push(packer.write(ObjectType::Tree, &tree));
    }
    trees
}

fn head(line: &Line, who: &str) -> String {
    let who = ident(who, START + 60 + 10 * i64::try_from(line.commits).unwrap());
    format!("tree {}\nparent {}\nauthor {who}\ncommitter {who}\n", line.tree, line.tip)
}

fn ordinary(packer: &mut Packer, line: &mut Line) {
    let raw = format!("{}\nwork {}\n", head(line, "writer"), line.commits);
    line.tip = packer.write(ObjectType::Commit, raw.as_bytes());
    line.commits += 1;
}

fn draft(
    id: &str,
    revision: u32,
    step: &str,
    who: &str,
    digest: Digest,
    previous: Option<Digest>,
) -> Statement {
    let site = Digest::of(project::roster().as_bytes());
    let submit = step == "submit";
    Statement {
        kind: if submit { Kind::Submit } else { Kind::Review },
        site,
        subject: Subject::parse(id).unwrap(),
        revision,
        step: step.to_owned(),
        decision: Decision::Approve,
        digest,
        roster: (1, site),
        previous,
        signer: person(who),
        authors: if submit { vec![person(who)] } else { Vec::new() },
        report: None,
    }
}

fn signed(line: &Line, draft: &Statement, who: &str, key: &PrivateKey) -> Vec<u8> {
    let (head, body) = (head(line, who), format!("\n{}", message(draft)));
    let signature = key.sign("git", HashAlg::Sha512, format!("{head}{body}").as_bytes()).unwrap();
    let armour = signature.to_pem(LineEnding::LF).unwrap();
    format!("{head}gpgsig {}\n{body}", armour.trim_end().replace('\n', "\n ")).into_bytes()
}
