//! The fuzz targets with mutated seeds, and with growing input: no panic, and
//! time that grows with the length, not with its square.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

#[path = "../fuzz/src/lib.rs"]
mod targets;

use targets::{TARGETS, Target, seeds};

/// A small generator: the same seed, the same choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

/// Pieces that parsers stumble over.
const PIECES: [&str; 24] = [
    "\n",
    "\r\n",
    "\0",
    "---\n",
    "- ",
    "[",
    "](clause:",
    "\"",
    "'",
    "{",
    "}",
    "`",
    "（",
    "）",
    "《",
    "“",
    "<",
    "&#",
    "\u{202e}",
    "=",
    ": ",
    "99999999999999999999",
    "\u{feff}",
    "e\u{301}",
];

fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len() + 1);
        match dice.roll(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.splice(at..at, PIECES[dice.roll(PIECES.len())].bytes())),
            3 => {
                let end = (at + dice.roll(40)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                let to = dice.roll(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            4 => drop(bytes.drain(at..(at + dice.roll(12)).min(bytes.len()))),
            _ if at < bytes.len() => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
            _ => {}
        }
    }
    bytes
}

#[test]
fn mutated_seeds_break_no_law() {
    let seeds = seeds();
    for (name, target) in TARGETS {
        assert!(seeds.iter().any(|(of, seed)| *of == name && !seed.is_empty()), "{name} has no seed");
        let mut dice = Dice(name.bytes().map(u64::from).sum());
        for (_, seed) in seeds.iter().filter(|(of, _)| *of == name) {
            target(seed);
            for _ in 0..120 {
                target(&mutated(seed, &mut dice));
            }
        }
        // Another target's seed, and noise.
        for (_, seed) in &seeds {
            target(seed);
        }
        for length in 0..40 {
            let noise: Vec<u8> = (0..length * 5).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect();
            target(&noise);
        }
    }
}

/// What is repeated until the input is long.
const UNITS: [&str; 40] = [
    "a",
    "一",
    " ",
    "\n",
    "\t",
    "1",
    "（",
    "）",
    "(",
    "“",
    "”",
    "《",
    "》",
    "[",
    "]",
    "[a](",
    "![",
    "*",
    "_",
    "`",
    "<",
    "&",
    "\\",
    "|a",
    "# ",
    "> ",
    "- ",
    "- a\n",
    "[^1]",
    "[a]: b\n",
    "a: b\n",
    "a = 1\n",
    "[a]\n",
    "{\"a\":",
    "第一条　甲。\n\n",
    "（一）甲；\n\n",
    "1. 甲\n\n",
    "“甲“乙”",
    "parent 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n",
    "Approval-Step: x\n",
];

/// Length of the short input; the long one is four times as long.
const SHORT: usize = 8 * 1024;
/// Below this, the clock and the machine's other work decide.
const LEAST: Duration = Duration::from_millis(60);
/// Four times the input may take so many times the time. Squares take 16.
const MOST: u32 = 9;

fn repeated(unit: &str, length: usize) -> Vec<u8> {
    unit.bytes().cycle().take(length / unit.len() * unit.len()).collect()
}

/// What a target costs: time on the processor where it is known, so that a busy
/// machine does not count.
fn cost(target: Target, input: &[u8]) -> Duration {
    let start = clock();
    target(input);
    clock().saturating_sub(start)
}

fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|text| text.split(' ').next().and_then(|field| field.parse().ok()));
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Whether the cost grows out of proportion, in every one of three attempts.
fn grows(cost: impl Fn(&[u8]) -> Duration, unit: &str) -> bool {
    let (short, long) = (repeated(unit, SHORT), repeated(unit, 4 * SHORT));
    (0..3).all(|_| {
        let longer = cost(&long);
        longer > LEAST && longer > MOST * (0..2).map(|_| cost(&short)).max().unwrap_or_default()
    })
}

#[test]
fn four_times_the_input_takes_four_times_the_time() {
    let mut slow = Vec::new();
    for (name, target) in TARGETS {
        slow.extend(
            UNITS
                .iter()
                .filter(|unit| grows(|input| cost(target, input), unit))
                .map(|unit| format!("{name}: {unit:?}")),
        );
    }
    assert!(slow.is_empty(), "time grows faster than the input: {slow:#?}");
}

#[test]
fn the_detector_sees_a_square() {
    // Costs that are told, not taken, try the detector and not the machine.
    let micros = |parts: usize| Duration::from_micros(u64::try_from(parts).unwrap());
    assert!(grows(|data| micros(data.len().pow(2) / 2_200), "a"));
    assert!(!grows(|data| micros(data.len() * 3), "a"));
}
