//! What the proofreading benches read.

use std::fmt::Write as _;
use std::fs;

use jiedu::text::SourceFile;

/// The `.md` files of a folder, in the order of their names; without a folder, a
/// regulation long enough to measure.
pub fn texts(folder: Option<&str>) -> Vec<SourceFile> {
    folder.map_or_else(|| vec![made_up()], read)
}

fn read(folder: &str) -> Vec<SourceFile> {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("files are UTF-8");
        SourceFile::new(&path.to_string_lossy(), &text.replace('\r', ""))
    };
    paths.iter().filter(|path| path.extension().is_some_and(|end| end == "md")).map(read).collect()
}

/// Articles that differ in number and wording.
fn made_up() -> SourceFile {
    let bodies = [
        "县级以上人民政府应当加强对本行政区域内安全生产工作的领导，建立健全协调机制，及时解决重大问题。",
        "生产经营单位应当依法设置安全生产管理机构，配备专职管理人员，并报送主管部门备案。",
        "违反本条例规定，有下列情形之一的，由市场监督管理部门责令限期改正，处2万元以上10万元以下罚款：",
        "本条例自2025年7月1日起施行，《某市安全生产管理办法》（某政发〔2012〕8号）同时废止。",
    ];
    let mut text = String::from("# 某市安全生产条例\n\n");
    for (article, body) in (1..6_000).zip(bodies.iter().cycle()) {
        let _ = write!(text, "本条共计{article}项。{body}\n\n");
    }
    SourceFile::new("made-up.md", &text)
}
