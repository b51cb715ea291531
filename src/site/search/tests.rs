//! The index holds what stands in the texts. `tests/browser/search.mjs` runs
//! the script itself over a built site.

use super::fold::DROPPED;
use super::postings::place;
use super::*;
use crate::fixtures::{Sample, published};

const SCRIPT: &str = include_str!("../../../themes/default/assets/search.js");

struct Index {
    files: BTreeMap<String, Vec<u8>>,
    /// Files that were read once.
    read: std::cell::RefCell<BTreeMap<String, serde_json::Value>>,
    parts: usize,
    shards: usize,
}

impl Index {
    fn of(sample: &Sample) -> Self {
        let files = std::sync::Mutex::new(BTreeMap::new());
        let put = |path: &str, bytes: Cow<'_, [u8]>| {
            files.lock().unwrap().insert(path.to_owned(), bytes.into_owned());
            Ok::<(), std::convert::Infallible>(())
        };
        sample.plan().search_into(&put).unwrap();
        let files = files.into_inner().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&files["search/index/index.json"]).unwrap();
        let number = |name: &str| usize::try_from(value[name].as_u64().unwrap()).unwrap();
        Self { parts: number("parts"), shards: number("shards"), files, read: std::cell::RefCell::default() }
    }

    fn json(&self, path: &str) -> serde_json::Value {
        self.with(path, Clone::clone)
    }

    /// Looks at a file without copying it.
    fn with<T>(&self, path: &str, look: impl FnOnce(&serde_json::Value) -> T) -> T {
        let mut read = self.read.borrow_mut();
        look(read.entry(path.to_owned()).or_insert_with(|| self.parse(path)))
    }

    fn parse(&self, path: &str) -> serde_json::Value {
        let bytes = &self.files[&format!("{FOLDER}{path}")];
        if path.ends_with("json") {
            return serde_json::from_slice(bytes).unwrap();
        }
        serde_json::from_reader(flate2::read::ZlibDecoder::new(bytes.as_slice())).unwrap()
    }

    /// A part with what is said of its document.
    fn part(&self, id: usize) -> serde_json::Value {
        self.with(&format!("d/{}.bin", id / PACK), |pack| {
            let part = &pack["p"][id % PACK];
            let mut found = pack["d"][usize::try_from(part[0].as_u64().unwrap()).unwrap()].clone();
            found["text"] = part[1].clone();
            found
        })
    }

    /// The places of a key by part.
    fn list(&self, key: &str, field: usize) -> BTreeMap<usize, usize> {
        let shard = format!("s/{}.bin", place(key, self.shards));
        let Some(value) = self.with(&shard, |shard| shard[key].as_str().map(str::to_owned)) else {
            return BTreeMap::new();
        };
        let list = value.split('|').nth(field).unwrap();
        let has_places = key.encode_utf16().count() == 2;
        let Some(cut) = list.strip_prefix('~') else { return decode(list, 0, has_places) };
        let cut: Vec<&str> = cut.split(';').collect();
        let (file, count): (usize, usize) = (cut[0].parse().unwrap(), cut[1].parse().unwrap());
        let starts = cut[2].split(',').map(|start| start.parse().unwrap());
        let list: BTreeMap<usize, usize> = starts
            .enumerate()
            .flat_map(|(n, start)| {
                let number = file + n;
                self.with(&format!("h/{}.bin", number / postings::PIECES), |pieces| {
                    decode(pieces[number % postings::PIECES].as_str().unwrap(), start, has_places)
                })
            })
            .collect();
        assert_eq!(list.len(), count, "{key}");
        list
    }

    /// What the script does: intersect, keep to the places, look the words up.
    fn search(&self, query: &str) -> Vec<String> {
        let folded: Vec<u16> = fold(query).collect();
        let width = folded.len().min(2);
        let keys: Vec<String> = folded.windows(width).map(|key| String::from_utf16(key).unwrap()).collect();
        let mut found = Vec::new();
        for field in 0..3 {
            let lists: Vec<BTreeMap<usize, usize>> = keys.iter().map(|key| self.list(key, field)).collect();
            for part in 0..self.parts {
                let mut places = 63;
                for (at, list) in lists.iter().enumerate() {
                    let mask = list.get(&part).copied().unwrap_or(0);
                    let mask = if width == 1 && list.contains_key(&part) { 63 } else { mask };
                    places &= (mask >> (at % 6) | mask << (6 - at % 6)) & 63;
                }
                if places == 0 {
                    continue;
                }
                let file = self.part(part);
                let url = file["url"].as_str().unwrap().to_owned();
                if holds(&file, field, &folded) && !found.contains(&url) {
                    found.push(url);
                }
            }
        }
        found
    }
}

fn holds(file: &serde_json::Value, field: usize, folded: &[u16]) -> bool {
    let texts: Vec<&str> = match field {
        0 => vec![file["title"].as_str().unwrap()],
        1 => {
            let ids = file["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap());
            std::iter::once(file["number"].as_str().unwrap()).chain(ids).collect()
        }
        _ => file["text"].as_array().unwrap().iter().map(|passage| passage[2].as_str().unwrap()).collect(),
    };
    let has = |text: &&str| fold(text).collect::<Vec<u16>>().windows(folded.len()).any(|run| run == folded);
    texts.iter().any(has)
}

fn decode(list: &str, start: usize, has_places: bool) -> BTreeMap<usize, usize> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut digits = list.chars().filter_map(|letter| LETTERS.find(letter));
    if list.starts_with('!') && !has_places {
        let bits =
            digits.enumerate().flat_map(|(n, bits)| (0..6).map(move |at| (n * 6 + at, bits >> at & 1)));
        return bits.filter(|(_, bit)| *bit > 0).map(|(at, _)| (start + at, 0)).collect();
    }
    if list.starts_with('!') {
        return digits.enumerate().map(|(n, places)| (start + n, places)).filter(|(_, p)| *p > 0).collect();
    }
    let (mut ids, mut next) = (BTreeMap::new(), 0);
    while let Some(mut digit) = digits.next() {
        let (mut gap, mut shift) = (0, 0);
        while digit >= 32 {
            gap += (digit - 32) << shift;
            shift += 5;
            digit = digits.next().unwrap();
        }
        next += gap + (digit << shift);
        ids.insert(next, if has_places { digits.next().unwrap() } else { 0 });
        next += 1;
    }
    ids
}

#[test]
fn every_run_of_a_text_is_found() {
    let sample = Sample::content();
    let index = Index::of(&sample);
    for document in sample.plan().documents() {
        for (n, passage) in document.parts.iter().flatten().enumerate().step_by(7) {
            let folded: Vec<u16> = fold(&passage.text).collect();
            for length in [1, 2, 3, 9] {
                let run: Vec<u16> =
                    folded.iter().skip(n % folded.len().max(1)).take(length).copied().collect();
                if let (Ok(query), false) = (String::from_utf16(&run), run.is_empty()) {
                    assert!(index.search(&query).contains(&document.url), "{query} in {}", document.url);
                }
            }
        }
    }
}

#[test]
fn numbers_are_found_in_any_spelling() {
    let index = Index::of(&Sample::content());
    for query in ["济交办〔2025〕14号", "济交办[2025]14号", "济交办(2025)14 号", "济交办【２０２５】14号"]
    {
        assert_eq!(
            index.search(query).first().map(String::as_str),
            Some("policies/2025/jijiaoban-14/"),
            "{query}"
        );
    }
    assert!(index.search("没有这样的一句话").is_empty());
}

#[test]
fn the_script_folds_like_the_index() {
    let range = |(from, to): &(u16, u16)| {
        if from == to { format!("\\u{from:04x}") } else { format!("\\u{from:04x}-\\u{to:04x}") }
    };
    let class: String = DROPPED.iter().map(range).collect();
    assert!(SCRIPT.contains(&format!("/[{class}]/")), "search.js must drop [{class}]");
    for text in ["0x811c9dc5", "0x01000193", "0xd800", "0xfee0", "LONGEST = 200"] {
        assert!(SCRIPT.contains(text), "search.js lost {text}");
    }
    assert!(asset("search.js") <= 15_000 && asset("near.js") <= 15_000);
}

/// Bytes of a script as it is served.
fn asset(name: &str) -> usize {
    jiedu_theme::Theme::built_in().unwrap().assets()[name].bytes.len()
}

/// A site of many short sets, so that long lists are cut.
fn many(count: usize) -> Sample {
    let mut sample = Sample::empty();
    for n in 0..count {
        let policy = format!(
            "---\n标题: 第{n}号通知\n发文字号: 示交〔2025〕{n}号\n主题分类: 综合政务_其他\n发布日期: 2025-01-01\n---\n\n请遵照执行。编号{n}结束。\n"
        );
        sample.sets.push(published(&format!("2025/n{n}"), &[&[("policy.md", &policy)]]));
    }
    sample
}

#[test]
fn long_lists_are_cut_and_still_complete() {
    let index = Index::of(&many(4_000));
    assert!(index.files.contains_key("search/index/h/1.bin"));
    assert_eq!(index.list("执行", 2).len(), 4_000);
    assert_eq!(index.list("执", 2).len(), 4_000);
    assert_eq!(index.search("示交(2025)3999号"), ["policies/2025/n3999/"]);
    let largest =
        index.files.iter().filter(|(path, _)| !path.ends_with("map.bin")).map(|(_, b)| b.len()).max();
    assert!(largest.unwrap() < 24_000, "{largest:?}");
}

#[test]
fn a_long_text_is_cut_into_parts_that_overlap() {
    let mut sample = Sample::empty();
    let numbered =
        |range: std::ops::Range<u32>| range.fold(String::new(), |text, n| text + "长文" + &n.to_string());
    let long = numbered(0..9_000);
    let policy = format!("---\n标题: 长\n发布日期: 2025-01-01\n---\n\n{long}\n");
    sample.sets.push(published("2025/long", &[&[("policy.md", &policy)]]));
    let index = Index::of(&sample);
    assert!(index.parts > 20);
    for n in (0..8_970).step_by(997) {
        let run = numbered(n..n + 25);
        assert_eq!(index.search(&run), ["policies/2025/long/"], "{run}");
    }
}

#[test]
fn dense_lists_of_numbers_say_each() {
    let all: Vec<usize> = (3..900).filter(|n| n % 7 > 1).collect();
    let list = postings::number_list(&all);
    assert!(list.starts_with('!') && list.len() < 160, "{list}");
    assert_eq!(decode(&list, 0, false).into_keys().collect::<Vec<_>>(), all);
    let few = postings::number_list(&[5, 800]);
    assert_eq!(decode(&few, 0, false).into_keys().collect::<Vec<_>>(), [5, 800]);
}

#[test]
fn questions_corrections_topics_and_withdrawals_are_found() {
    let mut sample = Sample::content();
    let index = Index::of(&sample);
    let url = |query: &str| index.search(query);
    let asked = url("交接班时应当熄灭空车灯");
    assert_eq!(asked, ["policies/2025/chuzuche-fuwu/qa/"]);
    let topic = sample.topics.first().unwrap();
    assert_eq!(url(&topic.title).first().unwrap(), &format!("topics/{}/", topic.slug));
    let corrected = sample.sets.iter().flat_map(|set| &set.editions);
    let policies = corrected.filter_map(|edition| edition.set.policy.as_ref());
    let note = policies.flat_map(|policy| &policy.meta.corrections).next().unwrap().note.clone();
    assert!(!url(&note).is_empty(), "{note}");
    let gone = sample.sets.first_mut().unwrap();
    gone.withdrawn = Some((jiedu_base::name::Digest::of(b"statement"), sample.clock));
    gone.state = jiedu_approve::SetState::Withdrawn;
    let policy = gone.editions.last().unwrap().set.policy.as_ref().unwrap();
    let title = policy.meta.title.as_ref().unwrap().value.clone();
    let line = jiedu_redline::passages(policy).last().unwrap().text.clone();
    let id = gone.id.clone();
    let index = Index::of(&sample);
    assert!(index.search(&title).contains(&format!("policies/{id}/")), "the notice is found");
    assert!(index.search(&line).is_empty(), "a withdrawn text is not");
}

#[test]
fn facets_name_the_documents() {
    let index = Index::of(&Sample::small());
    let value = index.json("index.json");
    assert_eq!(value["facets"]["kind"], serde_json::json!(["edition", "interpretation", "policy"]));
    assert_eq!(decode(index.json("f/kind-1.json").as_str().unwrap(), 0, false).len(), 1);
    assert_eq!(index.json("map.bin"), serde_json::json!(["BBC", "ABD"]));
}
