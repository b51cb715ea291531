//! Which instant a command speaks of (details 6, 70, 71).

use super::Stop;
use jiedu_base::clock::Clock;
use jiedu_source::History;

/// Seconds by which the default may lie ahead of the machine's clock.
const TOLERANCE: i64 = 600;

/// What the caller knows about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// `--at`.
    pub given: Option<Clock>,
    /// The machine's clock. It never enters an output; it only keeps a
    /// post-dated commit from opening an embargo.
    pub machine: Clock,
}

/// The instant settled on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// The publication instant.
    pub at: Clock,
    /// The instant at which keys and roles are judged. With the default it is
    /// the latest committer time reachable, so that a back-dated tip cannot
    /// revive an expired key.
    pub keys: Clock,
    /// Whether the user gave it.
    pub given: bool,
}

/// Settles the instant: the one given, else the committer time of the revision.
///
/// # Errors
/// When the default would lie in the future.
pub(super) fn settle(time: Time, history: &History) -> Result<Instant, Stop> {
    if let Some(at) = time.given {
        return Ok(Instant { at, keys: at, given: true });
    }
    let tip = Clock::from_unix(history.head().map_or(0, |commit| commit.committer_time));
    let keys = Clock::from_unix(history.latest_time());
    if keys.unix() > time.machine.unix().saturating_add(TOLERANCE) {
        let shown = keys.rfc3339();
        return Err(Stop::usage(
            format!(
                "历史中有提交自称在 {shown} 作出，晚于本机时钟；请用 --at 指定发布时刻，例如 --at {}",
                time.machine.rfc3339()
            ),
            format!(
                "a commit claims the time {shown}, which is later than this machine's clock; give the publication instant with --at"
            ),
        ));
    }
    Ok(Instant { at: tip, keys, given: false })
}
