//! The built-in tables are what their program made from the named sources.

use std::fs;
use std::path::Path;

use jiedu::name::Digest;

#[test]
fn built_in_tables_have_the_recorded_digests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let record = fs::read_to_string(root.join("tests/tables/digests.txt")).unwrap();
    let mut named = Vec::new();
    for line in record.lines().filter(|line| !line.starts_with('#')) {
        let (digest, name) = line.split_once("  ").unwrap();
        let path = match name {
            "added.txt" => root.join("tests/tables").join(name),
            // Sources that are not copied into the repository.
            "dict.txt" | "pinyin.txt" | "same_stroke.txt" | "corpus" | "genres" => continue,
            _ => root.join("src/proof/data").join(name),
        };
        let found = Digest::of(&fs::read(&path).unwrap()).to_string();
        assert_eq!(
            found,
            format!("sha256:{digest}"),
            "{name}: make the tables anew, see tests/tables/README.md"
        );
        named.push(name.to_owned());
    }
    for entry in fs::read_dir(root.join("src/proof/data")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_made = Path::new(&name).extension().is_some_and(|end| end == "bin") || name == "free.txt";
        assert!(!is_made || named.contains(&name), "{name} has no recorded digest");
    }
}
