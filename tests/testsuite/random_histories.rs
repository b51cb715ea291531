//! Whatever two clerks do with the commands that the program advises, in any
//! order and without looking at each other: no published edition gets lost and
//! no signature becomes unreachable.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::clerk::{Office, SET, STAFF};

/// A small generator, so that a failure can be run again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What must never be lost.
#[derive(Default)]
struct Kept {
    /// Statements that the program said it made.
    statements: BTreeSet<String>,
    /// Digests of editions that the shared line had.
    editions: BTreeSet<String>,
}

fn git(office: &Office, folder: &str, args: &[&str]) -> Option<String> {
    let out = Command::new("git").current_dir(office.path(folder)).args(args).output().unwrap();
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// The steps that wait, as the clone sees them: the person and the step.
fn waiting(office: &Office, clone: &str) -> Option<(String, String)> {
    let (code, said) = office.jiedu(clone, &["status", SET, "--format", "json", "-q"]);
    assert_eq!(code, 0, "{said}");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let set = &json["sets"][0];
    if set["writers"].is_array() {
        return Some(("zhang.wen".to_owned(), "submit".to_owned()));
    }
    let steps = set["steps"].as_array().unwrap().iter();
    let open = steps.clone().find(|step| step["state"] != "done")?;
    let person = open["candidates"].as_array().unwrap().first()?.as_str()?.to_owned();
    Some((person, open["step"].as_str()?.to_owned()))
}

/// Runs a signing command; refusals are fine, losing something is not.
fn sign(office: &Office, kept: &mut Kept, clone: &str, person: &str, args: &[&str]) {
    let key = office.key(person);
    let (code, said) = office.jiedu(clone, &[args, &["--key", &key]].concat());
    assert!((0..=3).contains(&code), "{args:?}: {said}");
    let ids = said.split("声明 sha256:").skip(1).filter_map(|rest| rest.get(..64));
    kept.statements.extend(ids.map(str::to_owned));
}

fn act(office: &Office, kept: &mut Kept, dice: &mut Dice) {
    let clone = ["writer", "reviewer"][usize::try_from(dice.roll(2)).unwrap()];
    let push = dice.roll(2) == 0;
    let with_push = |args: &[&'static str]| -> Vec<&'static str> {
        let push: &[&str] = if push { &["--push"] } else { &[] };
        [args, push].concat()
    };
    match dice.roll(10) {
        0 => {
            let policy = office.path(clone).join(format!("content/policies/{SET}/policy.md"));
            let text = fs::read_to_string(&policy).unwrap();
            fs::write(&policy, format!("{text}\n第{}次修改。\n", dice.roll(1000))).unwrap();
            git(office, clone, &["commit", "--quiet", "-am", "改动"]);
        }
        1 | 2 => drop(office.jiedu(clone, &["sync"])),
        3 => {
            if let Some((person, step)) = waiting(office, clone).filter(|(_, step)| step != "submit") {
                let args = ["approve", SET, "--step", &step, "--reject", "--reason", "再核对", "--yes"];
                sign(office, kept, clone, &person, &args);
            }
        }
        4 => {
            let (person, steps) = STAFF[usize::try_from(1 + dice.roll(7)).unwrap()];
            let step = steps.split('+').next().unwrap();
            sign(office, kept, clone, person, &["approve", SET, "--step", step, "--retract", "--yes"]);
        }
        _ => match waiting(office, clone) {
            Some((person, step)) if step == "submit" => {
                sign(office, kept, clone, &person, &with_push(&["submit", SET]));
            }
            Some((person, step)) => {
                let args = [&["approve", SET, "--step", &step, "--yes"][..], &with_push(&[])].concat();
                sign(office, kept, clone, &person, &args);
            }
            None => drop(office.jiedu(clone, &["sync"])),
        },
    }
    remember(office, kept, clone);
}

/// A conflict is looked through by a person, who keeps both lines.
fn settle(office: &Office, clone: &str) {
    for _ in 0..3 {
        let (code, said) = office.jiedu(clone, &["sync"]);
        if code == 0 {
            return;
        }
        assert_eq!(code, 1, "{said}");
        let policy = office.path(clone).join(format!("content/policies/{SET}/policy.md"));
        let text = fs::read_to_string(&policy).unwrap();
        let marks = ["<<<<<<< ", "=======", ">>>>>>> "];
        let kept: Vec<&str> =
            text.lines().filter(|line| !marks.iter().any(|mark| line.starts_with(mark))).collect();
        fs::write(&policy, kept.join("\n") + "\n").unwrap();
    }
    panic!("{clone} could not be synchronised");
}

/// The editions on the shared line, when the clone stands on it.
fn remember(office: &Office, kept: &mut Kept, clone: &str) {
    if git(office, clone, &["rev-parse", "HEAD"]) != git(office, "shared.git", &["rev-parse", "main"]) {
        return;
    }
    let (_, said) = office.jiedu(clone, &["log", SET, "-q"]);
    kept.editions.extend(digests(&said));
}

fn digests(log: &str) -> BTreeSet<String> {
    log.split_whitespace().filter(|word| word.starts_with("sha256:")).map(str::to_owned).collect()
}

#[test]
fn no_order_of_advised_commands_loses_anything() {
    for seed in [3, 11] {
        let Some(office) = Office::found() else { return };
        let (mut kept, mut dice) = (Kept::default(), Dice(seed));
        office.jiedu_ok(
            "writer",
            &["new", "policy", SET, "--title", "示例市交通运输局关于印发《示例办法》的通知"],
        );
        office.jiedu_ok("writer", &["new", "material", SET, "article"]);
        git(&office, "writer", &["add", "-A"]).unwrap();
        git(&office, "writer", &["commit", "--quiet", "-m", "起草"]).unwrap();
        office.jiedu_ok("writer", &["sync"]);
        office.jiedu_ok("reviewer", &["sync"]);
        // A first edition, then anything.
        while let Some((person, step)) = waiting(&office, "writer") {
            let args: Vec<&str> = if step == "submit" {
                vec!["submit", SET, "--push"]
            } else {
                vec!["approve", SET, "--step", &step, "--yes", "--push"]
            };
            sign(&office, &mut kept, "writer", &person, &args);
        }
        remember(&office, &mut kept, "writer");
        assert_eq!(kept.editions.len(), 1, "seed {seed}: the first edition is out");
        for _ in 0..14 {
            act(&office, &mut kept, &mut dice);
        }
        for clone in ["writer", "reviewer", "writer"] {
            settle(&office, clone);
        }
        let (_, log) = office.jiedu("writer", &["log", SET, "-q"]);
        let lost: Vec<&String> =
            kept.editions.iter().filter(|edition| !digests(&log).contains(*edition)).collect();
        assert!(lost.is_empty(), "seed {seed}: editions {lost:?} are gone:\n{log}");
        office.jiedu_ok("writer", &["collect"]);
        let files = fs::read_dir(office.path("writer").join("evidence/statements")).unwrap();
        let known: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().to_string_lossy().trim_end_matches(".commit").to_owned())
            .collect();
        let lost: Vec<&String> = kept.statements.difference(&known).collect();
        assert!(lost.is_empty(), "seed {seed}: signatures {lost:?} cannot be reached");
        assert!(kept.statements.len() >= 8, "seed {seed}: something was signed");
    }
}
