//! `serve`: pages made one by one are those of a build, and a change of the
//! work tree is seen without judging the commits again.

use std::fs;

use jiedu::approve::TrustAnchor;
use jiedu::clock::Clock;
use jiedu::evidence::FileFact;
use jiedu::output::{Limits, read_site};
use jiedu::pipeline::{BuildOptions, PreviewOptions, Previewer, Time, build};
use jiedu::source::{OpenOptions, Repository};
use jiedu::text::SourceFile;
use jiedu::workspace::{DemoOptions, demo};

use crate::project::project;

#[test]
fn every_file_that_is_asked_for_is_the_one_of_a_build() {
    let home = tempfile::tempdir().unwrap();
    let made = demo(&home.path().join("demo"), DemoOptions { seed: Some([3; 32]), ..DemoOptions::default() })
        .unwrap();
    let trust = fs::read_to_string(&made.trust).unwrap();
    let anchor = TrustAnchor::parse(&SourceFile::new("trust.toml", &trust)).unwrap();
    let repository = Repository::open(&made.repository, OpenOptions::default()).unwrap();
    let machine = Clock::parse("2030-01-01T00:00:00+08:00").unwrap();
    let (time, out) = (Time { given: None, machine }, home.path().join("out"));
    let options = BuildOptions {
        revision: "HEAD",
        time,
        anchor: Some(&anchor),
        drafts: false,
        out: &out,
        previous: None,
        publish_key: None,
        jobs: None,
    };
    build(&repository, &options).unwrap();
    let site = read_site(&out, &Limits::default()).unwrap();

    let options = PreviewOptions { revision: "HEAD", time, anchor: Some(&anchor), drafts: false };
    let mut previewer = Previewer::default();
    let preview = previewer.look(&repository, &options).unwrap().unwrap();
    let pages = site.files.iter().filter(|(path, _)| !path.starts_with(".well-known/"));
    let seen = preview.show(|shown| {
        let same = pages.map(|(path, fact)| {
            let file = shown.file(path).unwrap().unwrap_or_else(|| panic!("{path} is missing"));
            assert_eq!(FileFact::of(&file), *fact, "{path}");
        });
        assert_eq!(shown.file("policies/2025/none/index.html").unwrap(), None);
        same.count()
    });
    assert!(seen.unwrap() > 90);
    assert!(previewer.look(&repository, &options).unwrap().is_none(), "nothing changed");
}

#[test]
fn a_saved_text_is_seen_and_an_unchanged_folder_is_not_shown_again() {
    let mut p = project();
    p.set("2025/a").commit("draft");
    p.checkout();
    let (repository, anchor) = (p.open(), p.anchor());
    let options = PreviewOptions { revision: "HEAD", time: p.time(), anchor: Some(&anchor), drafts: true };
    let mut previewer = Previewer::default();
    let mut look = || previewer.look(&repository, &options).unwrap();
    assert!(look().is_some());
    assert!(look().is_none());

    let file = p.path().join("content/policies/2025/a/policy.md");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}\n刚刚保存的一句话。\n")).unwrap();
    let preview = look().expect("a text was saved");
    let page = preview.show(|shown| shown.file("policies/2025/a/index.html").unwrap()).unwrap();
    let page = String::from_utf8(page.unwrap()).unwrap();
    assert!(page.contains("刚刚保存的一句话") && page.contains("未审签"), "{page}");
    assert!(look().is_none());

    // Settings that cannot be used are told once, and the texts are back with them.
    let settings = p.path().join("site.toml");
    let good = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, "[site").unwrap();
    assert!(previewer.look(&repository, &options).is_err());
    assert!(previewer.look(&repository, &options).unwrap().is_none());
    fs::write(&settings, good).unwrap();
    assert!(previewer.look(&repository, &options).unwrap().is_some());
}
