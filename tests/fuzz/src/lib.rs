//! The parsers that read what anybody may have written, as plain functions.
//!
//! cargo-fuzz drives them through `fuzz_targets/`; the test-suite of the main
//! package includes this file and drives the same functions with mutated seeds.
//! A target panics when a law is broken, and returns otherwise.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use base64ct::{Base64, Encoding as _};
use jiedu::approve::signature::{SshKey, key_pair, sign_ssh, verify_ssh};
use jiedu::approve::statement::{looks, payload, statement_id};
use jiedu::approve::{
    Anchor, Approvals, Carrier, NothingReachable, ReadInput, StatementSource, Subject, TrustAnchor,
    read_rosters,
};
use jiedu::clock::Clock;
use jiedu::config::{Config, Wordlist};
use jiedu::evidence::{BuiltSite, Ledger, Manifest, Release, SetManifest, VerifyInput, verify};
use jiedu::link::ClauseIndex;
use jiedu::markdown::{RenderOptions, front_matter, parse_body, render_blocks};
use jiedu::model::{PublicationSet, parse_set};
use jiedu::name::{CommitId, Digest, PersonId, SetId};
use jiedu::proof::{Lists, Profile, check_text};
use jiedu::source::{SetFile, SetFiles, tree_names};
use jiedu::text::{SourceFile, decode};

/// One function over hostile bytes.
pub type Target = fn(&[u8]);

/// Every target by name.
pub const TARGETS: [(&str, Target); 14] = [
    ("commit", commit),
    ("trailer", trailer),
    ("armour", armour),
    ("sshsig", sshsig),
    ("openpgp", openpgp),
    ("roster", roster),
    ("trust", trust),
    ("tree", tree),
    ("evidence", evidence),
    ("settings", settings),
    ("front_matter", policy),
    ("markdown", markdown),
    ("clause", clause),
    ("names", names),
];

const SEED: [u8; 32] = [7; 32];
const HEAD: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor a <a@office.example> 1751247000 +0800\n\
                    committer a <a@office.example> 1751247000 +0800\n";

/// Text that a user's file may hold; bytes that are no text stop at the door.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Raw commit bytes, as a commit and as a collected file.
pub fn commit(data: &[u8]) {
    let _ = looks(data);
    assert!(payload(data).len() <= data.len(), "a payload is a part of the commit");
    let id = statement_id(data);
    let commit = CommitId::parse(&Digest::of(data).hex()[..40]).map(Carrier::Commit);
    let file = Carrier::File(format!("{}.commit", id.hex()));
    let sources: Vec<StatementSource> = commit
        .into_iter()
        .chain([file])
        .map(|carrier| StatementSource { bytes: data.into(), carrier })
        .collect();
    let read = read(&sources);
    assert!(read.known().iter().all(|known| known.refused.is_some()), "the office has signed nothing");
}

/// A message under a good signature: the trailers.
pub fn trailer(data: &[u8]) {
    let Ok(key) = key_pair(&SEED, "seed") else { return };
    let unsigned = [HEAD.as_bytes(), b"\n", data].concat();
    if let Ok(armour) = sign_ssh(&key.private, "git", &unsigned) {
        commit(&with_signature(&armour, data));
    }
}

/// Armour of any kind in the header of a commit.
pub fn armour(data: &[u8]) {
    let text = text(data);
    let _ = verify_ssh("git", b"payload", &text, "ssh-ed25519 AAAA");
    commit(&with_signature(&text, b"subject\n\nApproval-Statement: review/1\n"));
}

/// The bytes inside an SSH armour, and an SSH public key.
pub fn sshsig(data: &[u8]) {
    let body = Base64::encode_string(data);
    let armour = format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n");
    assert!(verify_ssh("git", b"nobody signed this", &armour, public()).is_err());
    let _ = SshKey::from_blob(data);
    let _ = SshKey::parse(&format!("ssh-ed25519 {body}"));
}

/// The packets inside an OpenPGP armour, and a certificate.
pub fn openpgp(data: &[u8]) {
    let body = Base64::encode_string(data);
    let armour = format!("-----BEGIN PGP SIGNATURE-----\n\n{body}\n-----END PGP SIGNATURE-----\n");
    commit(&with_signature(&armour, b"subject\n\nApproval-Statement: review/1\n"));
    #[cfg(feature = "openpgp")]
    {
        use jiedu::approve::signature::OpenPgpKey;
        let certificate =
            format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n-----END PGP PUBLIC KEY BLOCK-----\n");
        let _ = OpenPgpKey::parse(&certificate, &"0".repeat(40));
        let _ = OpenPgpKey::parse(&text(data), &"0".repeat(40));
    }
}

/// Roster versions and accepted lists.
pub fn roster(data: &[u8]) {
    let bytes: Arc<[u8]> = data.into();
    let files = |name: &str| BTreeMap::from([(name.to_owned(), bytes.clone())]);
    let _ = read_rosters(&files("1.toml"));
    let mut second = files("2.toml");
    second.insert("1.toml".to_owned(), office().into());
    let _ = read_rosters(&second);
    second.insert("accepted/2.txt".to_owned(), data.into());
    let _ = read_rosters(&second);
}

/// `trust.toml`.
pub fn trust(data: &[u8]) {
    if let Ok(anchor) = TrustAnchor::parse(&SourceFile::new("trust.toml", &text(data))) {
        let again = TrustAnchor::parse(&SourceFile::new("trust.toml", &anchor.to_toml()));
        assert_eq!(again.ok(), Some(anchor), "what is written is read back");
    }
}

/// Raw trees with their names.
pub fn tree(data: &[u8]) {
    for id_len in [20, 32] {
        if let Some(names) = tree_names(data, id_len) {
            assert!(
                names
                    .iter()
                    .all(|name| !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != "..")
            );
        }
    }
}

/// Everything below `.well-known/jiedu/`.
pub fn evidence(data: &[u8]) {
    if let Ok(manifest) = Manifest::parse(data) {
        assert_eq!(Manifest::parse(&manifest.to_json()), Ok(manifest), "what is written is read back");
    }
    if let Ok(release) = Release::parse(data) {
        assert_eq!(Release::parse(&release.to_json()).as_ref(), Ok(&release), "what is written is read back");
    }
    let _ = Ledger::parse(data);
    let _ = SetManifest::parse(data);
    let paths =
        ["manifest.json", "release.json", "release.sshsig", "evidence/ledger.txt", "evidence/roster/1.toml"];
    let bytes: Arc<[u8]> = data.into();
    let files = paths.map(|path| (format!(".well-known/jiedu/{path}"), bytes.clone())).into();
    let anchor = Anchor::Trusted(TrustAnchor::first(Digest::of(data)));
    let report =
        verify(&VerifyInput { site: &BuiltSite::of(&files), anchor: &anchor, previous: None, rebuild: None });
    assert!(!report.ok(), "nobody released this");
}

/// `site.toml` and word lists.
pub fn settings(data: &[u8]) {
    let text = text(data);
    let _ = Config::parse(&SourceFile::new("site.toml", &text));
    let _ = Wordlist::parse(&SourceFile::new("wordlists/a.toml", &text));
}

/// The files of a set: front matter, provisions, plan and material.
pub fn policy(data: &[u8]) {
    let source = SourceFile::new("policy.md", &text(data));
    let found = front_matter(&source).value;
    assert!(found.body.end <= source.text().len() && found.yaml.end <= source.text().len());
    for path in ["policy.md", "plan.md", "materials/a.md"] {
        let _ = decode(path, data);
        let _ = set(path, data);
    }
}

/// Markdown bodies: prose, HTML and proofreading.
pub fn markdown(data: &[u8]) {
    let source = SourceFile::new("a.md", &text(data));
    let whole = jiedu::text::TextRange::new(0, source.text().len());
    let body = parse_body(&source, whole);
    let prose: usize = body.prose.iter().map(|prose| prose.text.len()).sum();
    assert!(prose <= 8 * source.text().len() + 1024, "prose of {prose} bytes");
    let blocks = render_blocks(&source, whole, &RenderOptions::default());
    let html: usize = blocks.iter().map(|block| block.html.len()).sum();
    assert!(html <= 400 * source.text().len() + 4096, "HTML of {html} bytes");
    for finding in check_text(&source, whole, Profile::Official, &Lists::default()) {
        let range = finding.place.range;
        assert!(source.text().get(range.start..range.end).is_some(), "a place inside the text: {finding:?}");
    }
}

/// What stands after `clause:`.
pub fn clause(data: &[u8]) {
    static SET: OnceLock<PublicationSet> = OnceLock::new();
    let text = text(data);
    let policy = &SET.get_or_init(|| set("policy.md", POLICY.as_bytes())).policy;
    let index = policy.as_ref().map(ClauseIndex::new).unwrap_or_default();
    let _ = index.find(&text);
    let _ = set("materials/a.md", format!("---\n标题: 解读\n---\n\n## 一 [甲](clause:{text})\n").as_bytes());
}

/// Every name that travels between rooms.
pub fn names(data: &[u8]) {
    let text = text(data);
    let kept = [
        SetId::parse(&text).map(|id| id.as_str().to_owned()),
        CommitId::parse(&text).map(|id| id.as_str().to_owned()),
        PersonId::parse(&text).map(|id| id.as_str().to_owned()),
        Digest::parse(&text).map(|id| id.to_string()),
    ];
    assert!(kept.iter().flatten().all(|name| *name == text && text.is_ascii()), "a name is what was parsed");
    let _ = Subject::parse(&text);
    let _ = Clock::parse(&text);
}

const SITE_TOML: &str = "[site]\nname = \"示例\"\nbase_url = \"https://policy.example.gov.cn/\"\n\n[office]\nname = \"示例市交通运输局\"\nuscc = \"113701000041890072\"\n";
const POLICY: &str = "---\n标题: 通知\n发文机关: 示例市交通运输局\n成文日期: 2025-06-25\n发布日期: 2025-06-30\n---\n\n# 通知\n\n各单位：\n\n## 一、总体要求\n\n（一）便民。\n\n（二）利民：\n\n1. 优化办理流程；\n\n2. 加强宣传。\n\n第三条　公民有下列情形之一的，免费：\n\n（一）六十五周岁以上；\n\n（二）现役军人。\n";

fn public() -> &'static str {
    static PUBLIC: OnceLock<String> = OnceLock::new();
    PUBLIC.get_or_init(|| key_pair(&SEED, "seed").map(|key| key.public).unwrap_or_default())
}

/// A roster of one root whose key signs nothing here.
fn office() -> Vec<u8> {
    let Ok(root) = key_pair(&[8; 32], "root") else { return Vec::new() };
    format!(
        "version = 1\nprevious = \"none\"\n\n[root]\nmembers = [\"root\"]\nthreshold = 1\n\n[[person]]\nid = \"root\"\nname = \"root\"\n\
         post = \"科员\"\nemails = [\"root@office.example\"]\nroles = []\n\n[[key]]\nperson = \"root\"\nkind = \"ssh\"\npublic = \"{}\"\nuse = [\"root\"]\n",
        root.public
    )
    .into_bytes()
}

fn read(statements: &[StatementSource]) -> Approvals {
    static ROSTER: OnceLock<BTreeMap<String, Arc<[u8]>>> = OnceLock::new();
    let input = ReadInput {
        roster: ROSTER.get_or_init(|| BTreeMap::from([("1.toml".to_owned(), office().into())])),
        statements,
        anchor: &Anchor::Provisional,
        at: Clock::from_unix(1_751_331_600),
        at_given: false,
        current: &BTreeMap::new(),
        tree: &NothingReachable,
    };
    match Approvals::read(&input) {
        Ok(read) => read.value,
        Err(refusal) => panic!("the office's own roster was refused: {refusal:?}"),
    }
}

fn with_signature(armour: &str, message: &[u8]) -> Vec<u8> {
    let folded = armour.trim_end_matches('\n').replace('\n', "\n ");
    [HEAD.as_bytes(), b"gpgsig ", folded.as_bytes(), b"\n\n", message].concat()
}

fn set(path: &str, bytes: &[u8]) -> PublicationSet {
    static CONFIG: OnceLock<Option<Config>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| Config::parse(&SourceFile::new("site.toml", SITE_TOML)).value);
    let (Some(config), Ok(id)) = (config.as_ref(), SetId::parse("2025/a")) else {
        panic!("the settings of the targets")
    };
    let file = SetFile { path: path.to_owned(), bytes: bytes.into(), digest: Digest::of(bytes) };
    parse_set(&id, &SetFiles { files: vec![file], faults: Vec::new() }, config).value
}

/// Valid input for every target, to be mutated.
#[must_use]
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    const TRAILERS: &str = "初审：2025/a\n\nApproval-Statement: submit/1\nApproval-Site: sha256:0000000000000000000000000000000000000000000000000000000000000000\nApproval-Set: 2025/a\nApproval-Revision: 1\nApproval-Step: submit\nApproval-Decision: approve\nApproval-Digest: sha256:0000000000000000000000000000000000000000000000000000000000000000\nApproval-Roster: 1 sha256:0000000000000000000000000000000000000000000000000000000000000000\nApproval-Previous: none\nApproval-Signer: li.si\nApproval-Authors: li.si, zhang.san\nSigned-off-by: A <a@b>\n";
    let key = key_pair(&SEED, "seed").ok();
    let sign = |bytes: &[u8]| {
        key.as_ref().and_then(|key| sign_ssh(&key.private, "git", bytes).ok()).unwrap_or_default()
    };
    let signed = sign(&[HEAD.as_bytes(), b"\n", TRAILERS.as_bytes()].concat());
    let blob: String = signed.lines().filter(|line| !line.starts_with("-----")).collect();
    let pgp: String = GPG_SIG
        .lines()
        .skip_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with(['-', '=']))
        .collect();
    let decoded = |text: &str| Base64::decode_vec(text).unwrap_or_default();
    let zero = "00".repeat(32);
    let tree = [
        &b"100644 policy.md\0"[..],
        &[1; 20],
        b"40000 materials\0",
        &[2; 20],
        "100644 附件.md\0".as_bytes(),
        &[3; 20],
    ]
    .concat();
    vec![
        ("commit", with_signature(&signed, TRAILERS.as_bytes())),
        ("commit", include_bytes!("../../fixtures/signatures/git-gpg.commit").to_vec()),
        ("commit", include_bytes!("../../fixtures/signatures/git-sha256.commit").to_vec()),
        ("trailer", TRAILERS.as_bytes().to_vec()),
        ("armour", signed.into_bytes()),
        ("armour", GPG_SIG.as_bytes().to_vec()),
        ("sshsig", decoded(&blob)),
        ("openpgp", decoded(&pgp)),
        ("openpgp", include_bytes!("../../fixtures/signatures/gpg-subkey.asc").to_vec()),
        ("roster", office()),
        ("trust", TrustAnchor::first(Digest::of(b"")).to_toml().into_bytes()),
        ("tree", tree),
        ("evidence", format!("jiedu-set/1\nset 2025/a\nfiles 1\n{zero} 3 policy.md\n").into_bytes()),
        ("evidence", format!("{{\"schema\":\"jiedu.manifest/1\",\"revision\":\"a\",\"at\":\"2025-06-30T00:00:00Z\",\"generator\":\"jiedu 0.1.0\",\"files\":{{\"index.html\":{{\"sha256\":\"{zero}\",\"size\":1}}}}}}").into_bytes()),
        ("evidence", Ledger::of(&[]).to_bytes()),
        ("settings", SITE_TOML.as_bytes().to_vec()),
        ("front_matter", POLICY.as_bytes().to_vec()),
        ("markdown", include_bytes!("../../../content/editions/2025/gongjiao-youhui/2/policy.md").to_vec()),
        ("clause", "第三条第（二）项".as_bytes().to_vec()),
        ("clause", "2025/a#一、（二）".as_bytes().to_vec()),
        ("names", b"2025/jijiaoban-14".to_vec()),
        ("names", format!("sha256:{zero}").into_bytes()),
    ]
}

const GPG_SIG: &str = include_str!("../../fixtures/signatures/gpg-ed25519.sig");
