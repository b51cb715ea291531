//! A small office in memory: roster, keys, signed statements, two sets.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use crate::{PreviousRelease, SealInput, SealRefusal, Sealed, seal};
use jiedu_approve::signature::{KeyPair, key_pair, sign_ssh};
use jiedu_approve::statement::{Decision, Kind, Statement, message, statement_id};
use jiedu_approve::{
    Anchor, Approvals, Carrier, NothingReachable, RELEASE_NAMESPACE, ReadInput, SetFacts, SetState,
    StatementSource, Subject, TrustAnchor,
};
use jiedu_base::clock::Clock;
use jiedu_base::name::{CommitId, Digest, PersonId, SetId};
use jiedu_edition::{Birth, Edition, PublishedSet};
use jiedu_model::PublicationSet;

pub(super) type Files = BTreeMap<String, Arc<[u8]>>;

/// Who takes which step, in the order of the profile `strict`.
const STEPS: [(&str, &str); 8] = [
    ("submit", "zhang.san"),
    ("secrecy-review", "bao.mi"),
    ("first-review", "shen.yi"),
    ("second-review", "shen.er"),
    ("final-review", "shen.san"),
    ("first-proof", "jiao.yi"),
    ("second-proof", "jiao.er"),
    ("third-proof", "jiao.san"),
];
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn key(person: &str) -> KeyPair {
    key_pair(Digest::of(person.as_bytes()).as_bytes(), "").unwrap()
}

pub(super) fn digest_of(id: &str, files: &[(&str, &str)]) -> (Vec<u8>, Digest) {
    let mut text = format!("jiedu-set/1\nset {id}\nfiles {}\n", files.len());
    for (path, content) in files {
        writeln!(text, "{} {} {path}", Digest::of(content.as_bytes()).hex(), content.len()).unwrap();
    }
    let digest = Digest::of(text.as_bytes());
    (text.into_bytes(), digest)
}

/// The office.
pub(super) struct World {
    pub(super) roster: Files,
    pub(super) statements: Vec<StatementSource>,
    pub(super) site: Digest,
    pub(super) clock: Clock,
    time: i64,
}

impl World {
    pub(super) fn new(with_publisher: bool) -> Self {
        let mut text = String::from(
            "version = 1\nprevious = \"none\"\n\n[root]\nmembers = [\"chen.gen\"]\nthreshold = 1\n",
        );
        let mut person = |id: &str, roles: &[&str], usage: &str| {
            let public = key(id).public;
            let roles: Vec<String> = roles.iter().map(|step| format!("{{ step = \"{step}\" }}")).collect();
            write!(
                text,
                "\n[[person]]\nid = \"{id}\"\nname = \"{id}\"\npost = \"科员\"\nemails = [\"{id}@office.example\"]\nroles = [{}]\n\n[[key]]\nperson = \"{id}\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"{usage}\"]\n",
                roles.join(", "),
                public.trim()
            )
            .unwrap();
        };
        person("chen.gen", &[], "root");
        for (step, id) in STEPS {
            let mut roles = vec![step];
            if id == "zhang.san" {
                roles.push("withdraw");
            }
            person(id, &roles, "review");
        }
        person("wang.zhan", &[], "publish");
        if with_publisher {
            text.push_str("\n[[publisher]]\nperson = \"wang.zhan\"\n");
        }
        let site = Digest::of(text.as_bytes());
        Self {
            roster: [("1.toml".to_owned(), Arc::from(text.into_bytes()))].into(),
            statements: Vec::new(),
            site,
            clock: Clock::parse("2025-07-01T00:00:00Z").unwrap(),
            time: Clock::parse("2025-06-01T00:00:00Z").unwrap().unix(),
        }
    }

    /// Signs a statement as a collected commit without a parent; its id.
    pub(super) fn sign(&mut self, statement: &Statement) -> Digest {
        self.time += 60;
        let signer = statement.signer.as_str();
        let ident = format!("{signer} <{signer}@office.example> {} +0800", self.time);
        let head =
            format!("tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor {ident}\ncommitter {ident}\n");
        let body = format!("\n{}", message(statement));
        let armour = sign_ssh(&key(signer).private, "git", format!("{head}{body}").as_bytes()).unwrap();
        let folded = armour.trim_end().replace('\n', "\n ");
        let bytes: Arc<[u8]> = Arc::from(format!("{head}gpgsig {folded}\n{body}").into_bytes());
        let id = statement_id(&bytes);
        self.statements
            .push(StatementSource { bytes, carrier: Carrier::File(format!("{}.commit", id.hex())) });
        id
    }

    pub(super) fn statement(&self, kind: Kind, subject: &Subject, digest: Digest) -> Statement {
        Statement {
            kind,
            site: self.site,
            subject: subject.clone(),
            revision: 1,
            step: String::new(),
            decision: Decision::Approve,
            digest,
            roster: (1, self.site),
            previous: None,
            signer: PersonId::parse("zhang.san").unwrap(),
            authors: Vec::new(),
            report: None,
        }
    }

    /// Signs a whole chain; the id of its last statement.
    pub(super) fn approve(
        &mut self,
        subject: &Subject,
        digest: Digest,
        revision: u32,
        before: Option<Digest>,
    ) -> Digest {
        let mut previous = before;
        let site = ["submit", "secrecy-review", "final-review"];
        for (step, person) in
            STEPS.iter().filter(|(step, _)| *subject != Subject::Site || site.contains(step))
        {
            let kind = if *step == "submit" { Kind::Submit } else { Kind::Review };
            let mut statement = self.statement(kind, subject, digest);
            statement.revision = revision;
            (*step).clone_into(&mut statement.step);
            statement.signer = PersonId::parse(person).unwrap();
            statement.previous = previous;
            if kind == Kind::Submit {
                statement.authors = vec![PersonId::parse("zhang.san").unwrap()];
            }
            previous = Some(self.sign(&statement));
        }
        previous.unwrap()
    }

    pub(super) fn withdraw(
        &mut self,
        subject: &Subject,
        digest: Digest,
        revision: u32,
        last: Digest,
    ) -> Digest {
        let mut statement = self.statement(Kind::Withdraw, subject, digest);
        statement.step = "withdraw".to_owned();
        statement.revision = revision;
        statement.previous = Some(last);
        self.sign(&statement)
    }

    pub(super) fn anchor(&self) -> Anchor {
        Anchor::Trusted(TrustAnchor::first(self.site))
    }

    pub(super) fn approvals(&self) -> Approvals {
        let current = BTreeMap::new();
        let anchor = self.anchor();
        let input = ReadInput {
            roster: &self.roster,
            statements: &self.statements,
            anchor: &anchor,
            at: self.clock,
            at_given: true,
            current: &current,
            tree: &NothingReachable,
        };
        match Approvals::read(&input) {
            Ok(checked) => checked.value,
            Err(refusal) => panic!("{refusal:?}"),
        }
    }
}

/// An edition of a set, cleared by the statements that were signed.
fn edition(approvals: &Approvals, id: &SetId, number: u32, files: &[(&str, &str)]) -> Edition {
    let (manifest, digest) = digest_of(id.as_str(), files);
    let chains = approvals.chains(&Subject::from(id), &digest, &SetFacts::default());
    let set = PublicationSet {
        id: id.clone(),
        digest: Some(digest),
        manifest,
        files: Vec::new(),
        faults: Vec::new(),
        policy: None,
        plan: None,
        materials: Vec::new(),
        attachments: Vec::new(),
        images: Vec::new(),
        questions: None,
        opinions: None,
    };
    let birth = Birth { number, commit: CommitId::parse(COMMIT).unwrap(), instant: Clock::from_unix(0) };
    Edition::cleared(birth, Arc::new(set), chains.first().expect("a complete chain")).unwrap()
}

pub(super) const OLD: [(&str, &str); 2] = [("attachments/a.txt", "附件"), ("policy.md", "旧文")];
pub(super) const NEW: [(&str, &str); 2] = [("attachments/a.txt", "附件"), ("policy.md", "新文")];
pub(super) const GONE: [(&str, &str); 1] = [("policy.md", "撤下的文件")];
pub(super) const SITE: [(&str, &str); 1] = [("site.toml", "[site]\n")];

/// The usual release, built once: signing is slow in a debug build.
pub(super) static BUILT: LazyLock<(Release, Sealed)> = LazyLock::new(|| {
    let release = Release::new();
    let sealed = release.build();
    (release, sealed)
});

/// A world with a set of two editions, a withdrawn set and an approved theme.
pub(super) struct Release {
    pub(super) world: World,
    pub(super) ids: [SetId; 2],
    pub(super) private: bool,
    pub(super) previous: Option<PreviousRelease>,
}

impl Release {
    pub(super) fn new() -> Self {
        Self::with(World::new(true))
    }

    pub(super) fn with(mut world: World) -> Self {
        let ids = ["2025/a", "2025/gone"].map(|id| SetId::parse(id).unwrap());
        let subjects = [Subject::from(&ids[0]), Subject::from(&ids[1])];
        let last = world.approve(&subjects[0], digest_of("2025/a", &OLD).1, 1, None);
        world.approve(&subjects[0], digest_of("2025/a", &NEW).1, 2, Some(last));
        let gone = digest_of("2025/gone", &GONE).1;
        let last = world.approve(&subjects[1], gone, 1, None);
        world.withdraw(&subjects[1], gone, 1, last);
        world.approve(&Subject::Site, digest_of("site", &SITE).1, 1, None);
        Self { world, ids, private: false, previous: None }
    }

    pub(super) fn pages() -> Files {
        [
            ("index.html", "首页"),
            ("policies/2025/a/index.html", "新文"),
            ("policies/2025/a/v1/index.html", "旧文"),
            ("policies/2025/a/v2/index.html", "新文"),
            ("policies/2025/a/attachments/a.txt", "附件"),
            ("policies/2025/gone/index.html", "本文件已撤下"),
            ("policies/index.html", "目录"),
        ]
        .map(|(path, text)| (path.to_owned(), Arc::from(text.as_bytes())))
        .into()
    }

    pub(super) fn sets(&self, approvals: &Approvals) -> Vec<PublishedSet> {
        let [a, gone] = &self.ids;
        let editions = vec![edition(approvals, a, 1, &OLD), edition(approvals, a, 2, &NEW)];
        let verdict =
            approvals.judge(&Subject::from(gone), &digest_of("2025/gone", &GONE).1, &SetFacts::default());
        let withdrawn = verdict.withdrawn.map(|withdrawal| (withdrawal.statement, withdrawal.claimed_at));
        vec![
            PublishedSet { id: a.clone(), state: SetState::Cleared, editions, withdrawn: None, draft: false },
            PublishedSet {
                id: gone.clone(),
                state: SetState::Withdrawn,
                editions: vec![edition(approvals, gone, 1, &GONE)],
                withdrawn,
                draft: false,
            },
        ]
    }

    pub(super) fn try_seal(&self, pages: Files, anchor: &Anchor) -> Result<Sealed, SealRefusal> {
        let approvals = self.world.approvals();
        let sets = self.sets(&approvals);
        let (site_manifest, digest) = digest_of("site", &SITE);
        let chains = approvals.chains(&Subject::Site, &digest, &SetFacts::default());
        let input = SealInput {
            small: &[],
            commit: &CommitId::parse(COMMIT).unwrap(),
            clock: self.world.clock,
            at_given: true,
            judged_at: self.world.clock,
            approvals: &approvals,
            roster: &self.world.roster,
            sets: &sets,
            site: chains.first().expect("an approved theme"),
            site_manifest: &site_manifest,
            private: self.private,
            anchor,
            previous: self.previous.as_ref(),
        };
        seal(pages, &input)
    }

    /// The whole site, signed by the publisher.
    pub(super) fn build(&self) -> Sealed {
        let mut sealed = self.try_seal(Self::pages(), &self.world.anchor()).unwrap();
        sign(&mut sealed, "wang.zhan");
        sealed
    }
}

/// Signs a sealed site as this person.
pub(super) fn sign(sealed: &mut Sealed, person: &str) {
    let bytes = sealed.files.get(crate::RELEASE_PATH).unwrap().clone();
    sealed.add_signature(&sign_ssh(&key(person).private, RELEASE_NAMESPACE, &bytes).unwrap());
}
