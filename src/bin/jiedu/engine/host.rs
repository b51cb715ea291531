//! Running an engine: one process a text, no shell, limits on time and size.
//!
//! Whatever the process does (hang, print without end, close its pipes, leave
//! children behind), this returns in time and the process is gone.

use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use jiedu::engine::{Fault, Limits};

/// Complaints that are kept.
const COMPLAINT: u64 = 2_000;
/// How often a process that has closed its output is asked whether it has ended.
const POLL: Duration = Duration::from_millis(5);

/// Runs a command with a request on its standard input; what it prints.
pub(super) fn run(
    command: &[String],
    folder: &Path,
    request: Vec<u8>,
    limits: Limits,
) -> Result<Vec<u8>, Fault> {
    let until = Instant::now() + Duration::from_secs(limits.seconds);
    let mut child = Guard(start(command, folder)?);
    if let Some(mut input) = child.0.stdin.take() {
        // It may answer, or die, without reading: no fault of its own.
        std::thread::spawn(move || drop(input.write_all(&request)));
    }
    let most = u64::try_from(limits.answer_bytes).unwrap_or(u64::MAX).saturating_add(1);
    let answer = collect(child.0.stdout.take(), most);
    let complaint = collect(child.0.stderr.take(), COMPLAINT);
    let timed_out = || Fault::TimedOut { seconds: limits.seconds };
    let left = until.saturating_duration_since(Instant::now());
    let bytes = answer.recv_timeout(left).map_err(|_| timed_out())?;
    if bytes.len() > limits.answer_bytes {
        return Err(Fault::TooLarge { limit: limits.answer_bytes });
    }
    let status = child.wait(until).ok_or_else(timed_out)?;
    if !status.success() {
        let said = complaint.recv_timeout(POLL * 20).unwrap_or_default();
        return Err(Fault::Failed { why: complaint_of(status, &said) });
    }
    Ok(bytes)
}

fn start(command: &[String], folder: &Path) -> Result<Child, Fault> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Fault::NotStarted { why: "command = []".to_owned() });
    };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // What belongs to publishing is none of its business.
    command.env_remove("JIEDU_TRUST").env_remove("JIEDU_PUBLISH_KEY");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().map_err(|error| Fault::NotStarted { why: format!("{program}: {error}") })
}

/// Reads at most so many bytes in a thread of its own; a pipe that a left-behind
/// child keeps open holds up nobody.
fn collect(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    if let Some(pipe) = pipe {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was read before the pipe broke is judged like any answer.
            let _ = pipe.take(most).read_to_end(&mut bytes);
            // Nobody listens any more when the time is over.
            let _ = sender.send(bytes);
        });
    }
    receiver
}

/// A process that does not outlive its question.
struct Guard(Child);

impl Guard {
    fn wait(&mut self, until: Instant) -> Option<ExitStatus> {
        loop {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Some(status);
            }
            if Instant::now() >= until {
                return None;
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Its children are in its process group.
        #[cfg(target_os = "linux")]
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn complaint_of(status: ExitStatus, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line: String =
        said.lines().next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{status} {line}").trim().to_owned()
}
