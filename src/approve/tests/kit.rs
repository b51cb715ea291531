//! An office with a roster, keys and a pretended git.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::signature::{KeyPair, key_pair, sign_ssh};
use crate::statement::{Decision, Kind, message, statement_id};
use crate::{
    Anchor, Approvals, Carrier, InTree, Judgement, ReadInput, Reason, Refusal, SetFacts, Statement,
    StatementSource, StepState, Subject, TreeFacts, TrustAnchor,
};
use jiedu_base::clock::Clock;
use jiedu_base::finding::Checked;
use jiedu_base::name::{CommitId, Digest, PersonId, SetId};

/// Who takes which step.
pub(super) const HOLDERS: [(&str, &str); 8] = [
    ("submit", "zhang.san"),
    ("secrecy-review", "bao.mi"),
    ("first-review", "chu.shen"),
    ("second-review", "fu.shen"),
    ("final-review", "zhong.shen"),
    ("first-proof", "yi.jiao"),
    ("second-proof", "er.jiao"),
    ("third-proof", "san.jiao"),
];

/// When the commits claim to be made.
pub(super) const NOON: i64 = 1_751_252_400;

pub(super) fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}

pub(crate) fn key(name: &str) -> KeyPair {
    key_pair(Digest::of(name.as_bytes()).as_bytes(), name).unwrap()
}

pub(super) fn subject() -> Subject {
    Subject::from(&SetId::parse("2025/a").unwrap())
}

pub(super) fn text(word: &str) -> Digest {
    Digest::of(word.as_bytes())
}

/// An office: roster files, statements found, and what git would say.
#[derive(Clone)]
pub(super) struct Office {
    pub(super) rosters: Vec<String>,
    pub(super) files: BTreeMap<String, Arc<[u8]>>,
    pub(super) sources: Vec<StatementSource>,
    pub(super) current: BTreeMap<Subject, Option<Digest>>,
    pub(super) facts: SetFacts,
    pub(super) anchor: Option<Anchor>,
    pub(super) at: Clock,
    pub(super) at_given: bool,
    pub(super) git: Git,
}

/// A pretended git: one parent that everything stands on.
#[derive(Clone)]
pub(super) struct Git {
    pub(super) tree: String,
    pub(super) in_tree: BTreeMap<Subject, InTree>,
    pub(super) is_reachable: bool,
}

impl TreeFacts for Git {
    fn tree_of(&self, commit: &CommitId) -> Option<String> {
        (self.is_reachable && commit.as_str() == parent()).then(|| self.tree.clone())
    }

    fn in_tree(&self, _commit: &CommitId, subject: &Subject) -> InTree {
        self.in_tree.get(subject).copied().unwrap_or(InTree::Absent)
    }
}

pub(super) fn parent() -> String {
    "1".repeat(40)
}

fn tree() -> String {
    "a".repeat(40)
}

/// `[[person]]` and `[[key]]` for one person with one key.
pub(crate) fn member(id: &str, roles: &[&str], uses: &[&str]) -> String {
    let roles: Vec<String> = roles.iter().map(|step| format!("{{ step = \"{step}\" }}")).collect();
    let uses: Vec<String> = uses.iter().map(|word| format!("\"{word}\"")).collect();
    format!(
        "[[person]]\nid = \"{id}\"\nname = \"{id}\"\npost = \"科员\"\nemails = [\"{id}@office.example\"]\nroles = [{}]\n\n\
         [[key]]\nperson = \"{id}\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [{}]\n\n",
        roles.join(", "),
        key(id).public,
        uses.join(", ")
    )
}

/// The head of a roster.
pub(super) fn head(version: u32, previous: &str, extra: &str) -> String {
    format!(
        "version = {version}\nprevious = \"{previous}\"\n{extra}\n[root]\nmembers = [\"chen.gen\", \"sun.gen\", \"wu.gen\"]\nthreshold = 2\n\n"
    )
}

/// Everybody, one step each, and three roots.
pub(super) fn members() -> String {
    let holders = HOLDERS.iter().map(|(step, id)| member(id, &[step], &["review"]));
    let roots = ["chen.gen", "sun.gen", "wu.gen"].into_iter().map(|id| member(id, &[], &["root"]));
    let extra = [
        member("wang.zhan", &["withdraw"], &["review", "publish"]),
        member("jia.yi", &["extra-review"], &["review"]),
        member("jia.er", &["extra-review"], &["review"]),
        member("ba.guan", &["gatekeeper"], &["review"]),
    ];
    holders.chain(roots).chain(extra).collect()
}

pub(crate) fn roster_1() -> String {
    head(1, "none", "") + &members() + "[[publisher]]\nperson = \"wang.zhan\"\n"
}

impl Office {
    pub(super) fn new() -> Self {
        Self::with_roster(roster_1())
    }

    pub(super) fn with_roster(roster: String) -> Self {
        let digest = text("A");
        let mut office = Self {
            rosters: Vec::new(),
            files: BTreeMap::new(),
            sources: Vec::new(),
            current: BTreeMap::from([(subject(), Some(digest)), (Subject::Site, Some(text("site")))]),
            facts: SetFacts::default(),
            anchor: None,
            at: Clock::from_unix(NOON + 3600),
            at_given: true,
            git: Git { tree: tree(), in_tree: BTreeMap::new(), is_reachable: true },
        };
        office.add_roster(roster);
        office
    }

    /// Adds the next version as a file; nobody has signed it yet.
    pub(super) fn add_roster(&mut self, text: String) {
        self.rosters.push(text.clone());
        self.files.insert(format!("{}.toml", self.rosters.len()), text.into_bytes().into());
    }

    /// Adds the next version, made from the members given, signed by two roots.
    pub(super) fn next_roster(&mut self, extra: &str, members: &str) {
        let version = u32::try_from(self.rosters.len()).unwrap() + 1;
        let previous = Digest::of(self.rosters.last().unwrap().as_bytes()).to_string();
        self.add_roster(head(version, &previous, extra) + members);
        for root in ["chen.gen", "sun.gen"] {
            self.sign_roster(version, root, root);
        }
    }

    /// Adds an accepted list to the next version and returns the line for it.
    pub(super) fn accept(&mut self, ids: &[Digest]) -> String {
        let mut lines: Vec<String> = ids.iter().map(|id| format!("{id}\n")).collect();
        lines.sort();
        let list = lines.concat();
        let line = format!("accepted = \"{}\"", Digest::of(list.as_bytes()));
        self.files.insert(format!("accepted/{}.txt", self.rosters.len() + 1), list.into_bytes().into());
        line
    }

    pub(super) fn roster_digest(&self, version: u32) -> Digest {
        Digest::of(self.rosters[version as usize - 1].as_bytes())
    }

    pub(super) fn site(&self) -> Digest {
        self.roster_digest(1)
    }

    /// A statement of the strict chain, about the present text.
    pub(super) fn statement(&self, step: &str, revision: u32, previous: Option<Digest>) -> Statement {
        let signer = HOLDERS.iter().find(|(name, _)| *name == step).map_or("zhang.san", |(_, id)| *id);
        let version = u32::try_from(self.rosters.len()).unwrap();
        let submit = step == "submit";
        Statement {
            kind: if submit { Kind::Submit } else { Kind::Review },
            site: self.site(),
            subject: subject(),
            revision,
            step: step.to_owned(),
            decision: Decision::Approve,
            digest: self.current.get(&subject()).copied().flatten().unwrap(),
            roster: (version, self.roster_digest(version)),
            previous,
            signer: person(signer),
            authors: if submit { vec![person("zhang.san")] } else { Vec::new() },
            report: None,
        }
    }

    /// Signs with the named signer's own key and adds it as a commit.
    pub(super) fn sign(&mut self, statement: &Statement) -> Digest {
        let bytes = signed(&unsigned(&message(statement)), statement.signer.as_str());
        self.add(bytes)
    }

    pub(super) fn sign_roster(&mut self, version: u32, signer: &str, with: &str) -> Digest {
        let digest = self.roster_digest(version);
        let statement = Statement {
            kind: Kind::Roster,
            subject: Subject::Roster(version),
            step: "roster".to_owned(),
            digest,
            roster: (version - 1, self.roster_digest(version - 1)),
            signer: person(signer),
            authors: Vec::new(),
            ..self.statement("submit", version, None)
        };
        self.add(signed(&unsigned(&message(&statement)), with))
    }

    /// Adds raw bytes as a reachable commit.
    pub(super) fn add(&mut self, bytes: Vec<u8>) -> Digest {
        let id = statement_id(&bytes);
        let commit = CommitId::parse(Digest::of(&bytes).hex().get(..40).unwrap()).unwrap();
        self.sources.push(StatementSource { bytes: bytes.into(), carrier: Carrier::Commit(commit) });
        id
    }

    /// Adds raw bytes as a collected file under its right name.
    pub(super) fn collect(&mut self, bytes: Vec<u8>) -> Digest {
        let id = statement_id(&bytes);
        let carrier = Carrier::File(format!("{}.commit", id.hex()));
        self.sources.push(StatementSource { bytes: bytes.into(), carrier });
        id
    }

    /// Signs the steps one after the other; answers with the ids.
    pub(super) fn steps(&mut self, revision: u32, first: Option<Digest>, steps: &[&str]) -> Vec<Digest> {
        let mut previous = first;
        let mut ids = Vec::new();
        for step in steps {
            let statement = self.statement(step, revision, previous);
            previous = Some(self.sign(&statement));
            ids.extend(previous);
        }
        ids
    }

    /// A complete strict chain.
    pub(super) fn chain(&mut self) -> Vec<Digest> {
        self.steps(1, None, &HOLDERS.map(|(step, _)| step))
    }

    /// A complete chain of which one statement is made differently; the rest
    /// follows it.
    pub(super) fn chain_with(
        &mut self,
        step: &str,
        make: impl Fn(&mut Self, Statement) -> Digest,
    ) -> Vec<Digest> {
        let mut previous = None;
        let mut ids = Vec::new();
        for (name, _) in HOLDERS {
            let statement = self.statement(name, 1, previous);
            let id = if name == step { make(self, statement) } else { self.sign(&statement) };
            previous = Some(id);
            ids.push(id);
        }
        ids
    }

    pub(super) fn read(&self) -> Result<Checked<Approvals>, Refusal> {
        let anchor = self.anchor.clone().unwrap_or_else(|| Anchor::Trusted(TrustAnchor::first(self.site())));
        Approvals::read(&ReadInput {
            roster: &self.files,
            statements: &self.sources,
            anchor: &anchor,
            at: self.at,
            at_given: self.at_given,
            current: &self.current,
            tree: &self.git,
        })
    }

    pub(super) fn refusal(&self) -> Reason {
        self.read().unwrap_err().reason
    }

    /// How many roots agreed to the version that waits, of how many.
    pub(super) fn waiting(&self) -> Option<(usize, usize)> {
        let read = self.read().unwrap().value;
        read.pending_roster().map(|pending| (pending.have, pending.need))
    }

    pub(super) fn judge(&self) -> Judgement {
        let digest = self.current.get(&subject()).copied().flatten().unwrap();
        self.read().unwrap().value.judge(&subject(), &digest, &self.facts)
    }

    /// `None` when cleared, else the reason.
    pub(super) fn verdict(&self) -> Option<Reason> {
        let judgement = self.judge();
        assert_eq!(judgement.cleared.is_some(), judgement.reason.is_none());
        judgement.reason
    }

    /// State and reason of a step.
    pub(super) fn step(&self, step: &str) -> (StepState, Option<&'static str>) {
        let judgement = self.judge();
        let found = judgement.steps.iter().find(|status| status.step == step).unwrap();
        (found.state, found.reason)
    }

    /// Codes of error findings, of reading and judging together.
    pub(super) fn errors(&self) -> BTreeSet<&'static str> {
        let read = self.read().unwrap();
        let digest = self.current.get(&subject()).copied().flatten().unwrap();
        let judged = read.value.judge(&subject(), &digest, &self.facts).findings;
        let all = read.findings.into_iter().chain(judged);
        all.filter(|finding| finding.severity == jiedu_base::finding::Severity::Error)
            .map(|finding| finding.code)
            .collect()
    }
}

/// Commit bytes without a signature, as git would write them.
pub(super) fn unsigned(message: &str) -> Vec<u8> {
    let ident = format!("Clerk <clerk@office.example> {NOON} +0800");
    format!("tree {}\nparent {}\nauthor {ident}\ncommitter {ident}\n\n{message}", tree(), parent())
        .into_bytes()
}

/// Adds a signature by the named key over the bytes as they are.
pub(super) fn signed(payload: &[u8], signer: &str) -> Vec<u8> {
    with_armour(payload, &sign_ssh(&key(signer).private, "git", payload).unwrap())
}

/// Puts an armoured signature into the header.
pub(super) fn with_armour(payload: &[u8], armour: &str) -> Vec<u8> {
    let folded = armour.trim_end_matches('\n').replace('\n', "\n ");
    insert(payload, &format!("gpgsig {folded}\n"))
}

/// Inserts header lines at the end of the header.
pub(super) fn insert(commit: &[u8], lines: &str) -> Vec<u8> {
    let at = commit.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    [&commit[..at], lines.as_bytes(), &commit[at..]].concat()
}

pub(super) fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}
