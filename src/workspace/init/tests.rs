//! `init` from outside.

use std::fs;

use ssh_key::PrivateKey;
use ssh_key::private::Ed25519Keypair;

use super::*;

fn newcomer(folder: &Path, id: &str, seed: u8, steps: &str) -> Newcomer {
    let key = PrivateKey::new(Ed25519Keypair::from_seed(&[seed; 32]).into(), "").unwrap();
    let path = folder.join(format!("{id}.pub"));
    fs::write(&path, key.public_key().to_openssh().unwrap()).unwrap();
    Newcomer::parse(&format!("{id}=某人,{id}@office.example,{},{steps}", path.display())).unwrap()
}

fn answers(folder: &Path) -> Answers {
    Answers {
        name: Some("示例市交通运输局政策文件库".into()),
        base_url: Some("https://policy.example.gov.cn/".into()),
        office: Some("示例市交通运输局".into()),
        uscc: Some("113701000041890072".into()),
        evidence: Some(EvidenceMode::Private),
        roots: vec![newcomer(folder, "chen.gen", 1, ""), newcomer(folder, "sun.gen", 2, "")],
        people: vec![
            newcomer(folder, "zhang.san", 3, "送审"),
            newcomer(folder, "li.si", 4, "复审+second-proof"),
        ],
        publishers: vec![newcomer(folder, "zhang.san", 5, "")],
        ..Answers::default()
    }
}

#[test]
fn names_everything_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("repo");
    let Err(WorkspaceError::Missing { flags }) = init(&dir, &Answers::default()) else { panic!() };
    assert_eq!(flags, ["--name", "--base-url", "--office", "--uscc", "--root", "--person", "--evidence"]);
    assert!(!dir.exists());
}

#[test]
fn makes_a_repository_that_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("repo");
    let made = init(&dir, &answers(folder.path())).unwrap();
    assert_eq!(made.files, [".gitattributes", ".gitignore", "README.md", "roster/1.toml", "site.toml"]);
    assert_eq!(made.vacant, ["secrecy-review", "first-review", "final-review", "first-proof", "third-proof"]);
    let site = SourceFile::new("site.toml", &fs::read_to_string(dir.join("site.toml")).unwrap());
    let config = Config::parse(&site);
    assert_eq!(config.findings, []);
    assert_eq!(config.value.unwrap().record.evidence, EvidenceMode::Private);
    let roster = fs::read(dir.join("roster/1.toml")).unwrap();
    let trust = SourceFile::new("trust.toml", &fs::read_to_string(&made.trust).unwrap());
    assert_eq!(TrustAnchor::parse(&trust).unwrap(), TrustAnchor::first(Digest::of(&roster)));
    assert_eq!(made.trust, std::path::absolute(folder.path().join("trust.toml")).unwrap());
    assert!(git2::Repository::open(&dir).is_ok());
    let table: toml::Table = String::from_utf8(roster).unwrap().parse().unwrap();
    assert_eq!(table["root"]["threshold"].as_integer(), Some(2));
    assert_eq!(table["person"].as_array().unwrap().len(), 4);
    assert!(matches!(init(&dir, &answers(folder.path())), Err(WorkspaceError::Exists { .. })));
}

#[test]
fn wrong_answers_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let good = answers(folder.path());
    let mut unknown = good.clone();
    unknown.people[0].steps = vec!["fourth-proof".to_owned()];
    let mut shared = good.clone();
    shared.people[1].key = shared.people[0].key.clone();
    for bad in [
        Answers { uscc: Some("113701000041890073".into()), ..good.clone() },
        Answers { base_url: Some("ftp:x".into()), ..good.clone() },
        Answers { threshold: Some(3), ..good.clone() },
        Answers { profile: Some("lenient".into()), ..good.clone() },
        unknown,
        shared,
    ] {
        let dir = folder.path().join("repo");
        assert!(matches!(init(&dir, &bad), Err(WorkspaceError::Usage { .. })), "{bad:?}");
        assert!(!dir.exists() && !folder.path().join("trust.toml").exists());
    }
    assert!(Newcomer::parse("li.si=李四,没有邮箱,x").is_err());
    assert!(Newcomer::parse("李四=李四,a@b,x").is_err());
}
