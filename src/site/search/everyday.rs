//! Words that stand for one another when a reader searches, and other spellings.
//!
//! A starter list of everyday words for administrative ones comes with the
//! program; an office adds its own in `wordlists/` (`synonyms`), which are
//! approved as everything else of the set `site`. The sounds are those of the
//! 6,763 characters of GB 2312 (one reading each, the commonest; made with
//! pinyin-pro 3, MIT), the traditional characters those of the table of `OpenCC` whose
//! simplified form is one of these (Apache-2.0).

use std::collections::BTreeMap;
use std::sync::LazyLock;

const EVERYDAY: &str = include_str!("data/everyday.txt");
const PINYIN: &str = include_str!("data/pinyin.txt");
const TRADITIONAL: &str = include_str!("data/traditional.txt");

static SOUNDS: LazyLock<BTreeMap<char, &'static str>> = LazyLock::new(|| {
    let lines = PINYIN.lines().filter_map(|line| line.split_once(' '));
    lines.flat_map(|(sound, chars)| chars.chars().map(move |c| (c, sound))).collect()
});

/// The words as JSON: the office's groups first, then the starter list.
pub(super) fn words(own: &[Vec<String>]) -> String {
    let starter = EVERYDAY.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let starter = starter.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<String>>());
    let same: Vec<Vec<String>> = own.iter().cloned().chain(starter).collect();
    serde_json::json!({ "same": same }).to_string()
}

/// Traditional characters, and at the same places their simplified forms.
pub(super) fn traditional() -> String {
    let chars: Vec<char> = TRADITIONAL.chars().filter(|c| !c.is_whitespace()).collect();
    let side = |from: usize| chars.iter().skip(from).step_by(2).collect::<String>();
    serde_json::json!([side(0), side(1)]).to_string()
}

/// The sounds of a text's characters, one after another.
pub(super) fn pinyin(text: &str) -> String {
    text.chars().filter_map(|c| SOUNDS.get(&c).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole() {
        assert_eq!(pinyin("《公交优惠》办法2"), "gongjiaoyouhuibanfa");
        let table: Vec<String> = serde_json::from_str(&traditional()).unwrap();
        let (old, new): (Vec<char>, Vec<char>) = (table[0].chars().collect(), table[1].chars().collect());
        assert_eq!(old.len(), new.len());
        let place = old.iter().position(|c| *c == '殘').unwrap();
        assert_eq!(new[place], '残');
        let own = vec![vec!["公交办法".to_owned(), "公共汽电车优惠乘车办法".to_owned()]];
        let words: serde_json::Value = serde_json::from_str(&words(&own)).unwrap();
        assert_eq!(words["same"][0][0], "公交办法");
        assert!(
            words["same"].as_array().unwrap().iter().skip(1).all(|group| group.as_array().unwrap().len() > 1)
        );
    }
}
