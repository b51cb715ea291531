//! Every link leads somewhere, and something leads to every page.

use std::collections::{BTreeMap, BTreeSet};

use super::html_check::Parsed;
use super::{content_tree, full_tree, pages};
use jiedu_link::decode_percent;

#[test]
fn no_link_dangles_and_no_page_is_an_orphan() {
    for tree in [full_tree(), content_tree()] {
        let parsed: Vec<(&String, Parsed)> = pages(tree).collect();
        let ids: BTreeMap<&String, BTreeSet<String>> = parsed
            .iter()
            .map(|(path, parsed)| {
                (*path, parsed.elements.iter().filter_map(|e| e.get("id").map(str::to_owned)).collect())
            })
            .collect();
        let mut linked = BTreeSet::from(["index.html".to_owned(), "404.html".to_owned()]);
        for (path, parsed) in &parsed {
            let links = parsed.elements.iter().filter(|e| e.get("rel") != Some("canonical"));
            let links =
                links.flat_map(|e| ["href", "src", "action"].into_iter().filter_map(|name| e.get(name)));
            for link in links.filter(|link| !link.starts_with("http") && !link.contains(".well-known")) {
                let (file, fragment) = target(path, link);
                assert!(tree.files.contains_key(&file), "{path}: {link} → {file}");
                if let Some(fragment) = fragment {
                    assert!(ids[&file].contains(&fragment), "{path}: {link}");
                }
                if file != **path {
                    linked.insert(file);
                }
            }
        }
        for path in ids.keys() {
            assert!(linked.contains(*path), "nothing leads to {path}");
        }
    }
}

fn target(page: &str, link: &str) -> (String, Option<String>) {
    let (link, fragment) =
        link.split_once('#').map_or((link, None), |(link, f)| (link, Some(decode_percent(f))));
    let link = link.split('?').next().unwrap();
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    let link = match link.strip_prefix('/') {
        // The 404 page begins at the host, with the base path of the tests.
        Some(rest) => {
            parts.clear();
            rest.strip_prefix("zc/").unwrap_or(rest)
        }
        None => link,
    };
    if link.is_empty() && fragment.is_some() {
        return (page.to_owned(), fragment);
    }
    for part in link.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop().unwrap();
        } else {
            parts.push(part);
        }
    }
    let mut path = decode_percent(&parts.join("/"));
    if link.ends_with('/') || path.is_empty() {
        path = if path.is_empty() { "index.html".to_owned() } else { format!("{path}/index.html") };
    }
    (path, fragment)
}
