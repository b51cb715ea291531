//! What a person runs: the sample site to look at, and the stages timed over
//! real statutes.

use super::super::*;
use super::{full, is_kind, tree};
use jiedu_site::View;
use jiedu_site::fixtures::{Sample, published};
use jiedu_theme::Theme;

/// Sets with real statutes, when the corpus is there. Beyond the number of
/// statutes, texts are made of articles of different ones.
fn statutes(count: usize) -> Option<Sample> {
    let folder = std::env::temp_dir().join("jiedu-corpus/local-regulations");
    let entries = std::fs::read_dir(&folder).ok()?;
    let mut texts: Vec<String> =
        entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    texts.sort();
    let paragraphs: Vec<Vec<&str>> = texts.iter().map(|text| text.split("\n\n").collect()).collect();
    let mut sample = Sample::empty();
    for index in 0..count {
        let own = &paragraphs[index % texts.len()];
        let title = own[0].trim_start_matches("# ");
        let (title, text) = if index < texts.len() {
            (title.to_owned(), texts[index].clone())
        } else {
            let from = |place: usize| &paragraphs[(index * 7 + place / 3 * 13) % texts.len()];
            let mixed: Vec<&str> =
                (0..own.len()).filter_map(|place| from(place).get(place).copied()).collect();
            (format!("{title}第{index}号"), mixed.join("\n\n"))
        };
        let (month, day) = (index % 12 + 1, index % 28 + 1);
        let year = 2010 + index % 15;
        let head = format!(
            "---\n标题: '{title}'\n发文机关: 示例市交通运输局\n发文字号: 示交规〔{year}〕{index}号\n主题分类: 综合政务_其他\n成文日期: {year}-{month:02}-{day:02}\n发布日期: {year}-{month:02}-{day:02}\n---\n\n{text}"
        );
        sample.sets.push(published(&format!("{year}/n{index}"), &[&[("policy.md", &head)]]));
    }
    Some(sample)
}

/// Times the stages over a folder of real statutes, and writes the tree:
/// `cargo test --release --lib render::tests::speed -- --ignored --nocapture`.
#[test]
#[ignore = "needs the corpus unpacked in the temporary folder"]
fn speed() {
    let Some(sample) = statutes(1_862) else { return };
    let stage = |name: &str, start: std::time::Instant| println!("{name}: {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let plan = sample.plan();
    stage("plan", start);
    let start = std::time::Instant::now();
    let views: Vec<View<'_>> = plan.pages.iter().map(|page| plan.view(page)).collect();
    stage("views", start);
    let theme = Theme::built_in().unwrap();
    let start = std::time::Instant::now();
    for view in &views {
        theme.render("layout", &Scope { head: &view.head, view: &view.content }).unwrap();
    }
    stage("frames", start);
    let start = std::time::Instant::now();
    for view in &views {
        theme.render(view.content.template(), &Scope { head: &view.head, view: &view.content }).unwrap();
    }
    stage("templates", start);
    let words = rows::Words::new(&theme).unwrap();
    let start = std::time::Instant::now();
    let bytes: usize =
        views.iter().filter_map(|view| view.body.as_ref()).map(|body| rows::rows(body, &words).len()).sum();
    stage("rows", start);
    println!("{bytes} bytes of rows");
    drop(views);
    let start = std::time::Instant::now();
    let tree = render(&plan, &Theme::built_in().unwrap(), 1).unwrap();
    stage("render, one thread, search included", start);
    let size = |files: &BTreeMap<String, Arc<[u8]>>| files.values().map(|bytes| bytes.len()).sum::<usize>();
    println!("{} files, {} bytes", tree.files.len(), size(&tree.files));
    let longest = tree
        .files
        .iter()
        .filter(|(path, _)| is_kind(path, "html"))
        .map(|(path, bytes)| (bytes.len(), path))
        .max();
    println!("largest page: {longest:?}");
    let out = std::env::temp_dir().join("jiedu-site-speed");
    write_tree(&out, &tree);
}

fn write_tree(out: &std::path::Path, tree: &SiteTree) {
    let _ = std::fs::remove_dir_all(out);
    for (path, bytes) in &tree.files {
        let target = out.join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}

/// Writes the sample site to the temporary folder, to be looked at:
/// `cargo test --lib render::tests::write_sample -- --ignored`.
#[test]
#[ignore = "writes files for a person to look at"]
fn write_sample() {
    for (name, sample) in [("jiedu-site-content", Sample::content()), ("jiedu-site-full", full())] {
        write_tree(&std::env::temp_dir().join(name), &tree(&sample));
    }
}
