//! The index finds what stands in the texts.

use super::postings::{decode, place};
use super::*;
use crate::site::fixtures::Sample;

struct Index {
    files: BTreeMap<String, Arc<[u8]>>,
    docs: usize,
    shards: usize,
}

impl Index {
    fn of(sample: &Sample) -> Self {
        let files = sample.plan().search_files();
        let value: serde_json::Value = serde_json::from_slice(&files["assets/search/index.json"]).unwrap();
        let number = |name: &str| usize::try_from(value[name].as_u64().unwrap()).unwrap();
        Self { docs: number("docs"), shards: number("shards"), files }
    }

    fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.files[&format!("{FOLDER}{path}")]).unwrap()
    }

    fn list(&self, key: &str) -> Vec<usize> {
        let shard = self.json(&format!("s/{}.json", place(key, self.shards)));
        let Some(value) = shard[key].as_str() else { return Vec::new() };
        let (titles, texts) = value.split_once('|').unwrap();
        let mut all = decode(titles, self.docs);
        all.extend(decode(texts, self.docs));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// What the script does: intersect, then look the words up.
    fn search(&self, query: &str) -> Vec<String> {
        let folded: Vec<char> = fold(query).collect();
        let keys: Vec<String> = folded
            .windows(2)
            .filter(|pair| pair.iter().all(|c| is_indexed(*c)))
            .map(|pair| pair.iter().collect())
            .collect();
        let keys = if keys.is_empty() { folded.iter().map(char::to_string).collect() } else { keys };
        let wanted: String = folded.iter().collect();
        let mut found = Vec::new();
        for id in 0..self.docs {
            if keys.iter().all(|key| self.list(key).contains(&id)) {
                let document = self.json(&format!("d/{id}.json"));
                let parts = document["parts"].as_u64().unwrap();
                let holds = (0..parts).any(|part| {
                    let path = if part == 0 { format!("d/{id}.json") } else { format!("d/{id}-{part}.json") };
                    let file = self.json(&path);
                    let texts = file["text"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|passage| passage[2].as_str().unwrap().to_owned());
                    let facts = ["title", "number"].map(|name| file[name].as_str().unwrap().to_owned());
                    texts.chain(facts).any(|text| fold(&text).collect::<String>().contains(&wanted))
                });
                if holds {
                    found.push(document["url"].as_str().unwrap().to_owned());
                }
            }
        }
        found
    }
}

#[test]
fn every_run_of_a_text_is_found() {
    let sample = Sample::content();
    let index = Index::of(&sample);
    let plan = sample.plan();
    for document in plan.documents() {
        for (_, _, text) in document.passages.iter().step_by(5) {
            let run: String = fold(text).skip(3).filter(|c| is_indexed(*c)).take(1).collect();
            let chars: Vec<char> = fold(text).collect();
            let window: String = chars.iter().skip(chars.len() / 3).take(9).collect();
            for query in [run, window].iter().filter(|query| query.chars().any(is_indexed)) {
                assert!(index.search(query).contains(&document.url), "{query} in {}", document.url);
            }
        }
    }
}

#[test]
fn numbers_are_found_in_any_spelling() {
    let index = Index::of(&Sample::content());
    for query in ["济交办〔2025〕14号", "济交办[2025]14号", "济交办(2025)14 号", "济交办【２０２５】14号"]
    {
        assert!(index.search(query).iter().any(|url| url == "policies/2025/jijiaoban-14/"), "{query}");
    }
    assert!(index.search("没有这样的一句话").is_empty());
}

#[test]
fn the_script_folds_like_the_index() {
    let script = include_str!("../../../themes/default/assets/search.js");
    for text in [
        "\\[{【〔﹝",
        "\\]}】〕﹞",
        "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff",
        "0x811c9dc5",
        "0x01000193",
    ] {
        assert!(script.contains(text), "search.js lost {text}");
    }
    assert!(script.len() <= 15_000);
}

#[test]
fn a_long_text_is_cut_between_passages() {
    let mut sample = Sample::empty();
    let long: Vec<String> = (0..40).map(|n| format!("（{n}号）{}", "长文".repeat(400))).collect();
    let long = long.join("\n\n");
    let policy = format!("---\n标题: 长\n发布日期: 2025-01-01\n---\n\n{long}\n");
    sample.sets.push(crate::site::fixtures::published("2025/long", &[&[("policy.md", &policy)]]));
    let index = Index::of(&sample);
    assert!(index.files.contains_key("assets/search/d/0-1.json"));
    assert_eq!(index.search("39号"), ["policies/2025/long/"]);
    assert!(index.files.values().all(|bytes| bytes.len() < 40_000));
}
