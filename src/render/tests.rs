//! The rendered site as browsers and machines meet it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::site::fixtures::{Sample, config, published};
use crate::theme::Theme;

fn tree(sample: &Sample) -> SiteTree {
    tree_with(sample, 2)
}

fn tree_with(sample: &Sample, jobs: usize) -> SiteTree {
    render(&sample.plan(), &Theme::built_in().unwrap(), jobs).unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string)))
}

fn page<'t>(tree: &'t SiteTree, path: &str) -> &'t str {
    let bytes = tree.files.get(path).unwrap_or_else(|| panic!("no {path} in {:#?}", tree.files.keys()));
    std::str::from_utf8(bytes).unwrap()
}

/// Writes the sample site to the temporary folder, to be looked at:
/// `cargo test --lib render::tests::write_sample -- --ignored`.
#[test]
#[ignore = "writes files for a person to look at"]
fn write_sample() {
    for (name, sample) in [("jiedu-site-content", Sample::content()), ("jiedu-site-small", Sample::small())] {
        let out = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&out);
        for (path, bytes) in &tree(&sample).files {
            let target = out.join(path);
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::write(target, bytes).unwrap();
        }
    }
}

#[test]
fn the_small_site_renders() {
    let tree = tree(&Sample::small());
    assert!(page(&tree, "policies/2025/a/index.html").contains("加强公开"));
    let _ = (BTreeMap::<u8, u8>::new(), BTreeSet::<u8>::new(), config(""), published("2025/b", &[]));
}
