//! CPU time and memory of processes, as Linux tells them; 0 elsewhere.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// User and system seconds of this process so far.
pub fn cpu_seconds() -> f64 {
    stat_seconds(11)
}

/// User and system seconds of the programs that this process has waited for.
pub fn children_cpu_seconds() -> f64 {
    stat_seconds(13)
}

/// Two neighbouring fields of `/proc/self/stat`, counted from its third.
fn stat_seconds(first: usize) -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(first) + ticks(first + 1)) / 100.0
}

/// What one run of a program cost.
pub struct Run {
    /// Seconds on the wall.
    pub wall: f64,
    /// CPU seconds, user and system.
    pub cpu: f64,
    /// Peak resident memory.
    pub peak_mib: u64,
    /// Files that it wrote.
    pub files: usize,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wall, cpu, peak_mib, files } = self;
        write!(f, "{files} files; {wall:.2} s wall, {cpu:.2} s CPU, peak memory {peak_mib} MiB")
    }
}

/// Runs a program that makes a folder, and measures it.
pub fn run(program: &mut Command, made: &Path) -> Run {
    let (start, before) = (Instant::now(), children_cpu_seconds());
    let mut child =
        program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program is there");
    let peak_mib = watch(&mut child);
    let wall = start.elapsed().as_secs_f64();
    Run { wall, cpu: children_cpu_seconds() - before, peak_mib, files: count(made) }
}

/// Waits for a program and says how much memory it had at most.
fn watch(child: &mut Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        peak = peak.max(peak_of(&path));
        match child.try_wait().expect("it is our child") {
            Some(status) => {
                assert!(status.success(), "the program failed: {status}");
                return peak;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Peak resident memory from a `/proc/<pid>/status` file, in MiB.
fn peak_of(status: &str) -> u64 {
    let status = fs::read_to_string(status).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("it was made").map(|entry| entry.expect("readable").path());
    entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}
