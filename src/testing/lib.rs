//! Whether work grows with its input or with the square of it.
//!
//! Work is done on an input and on one four times as long. What is linear takes about
//! four times as long, what is quadratic sixteen times. The bound lies between; what is
//! over in no time is not judged, and time on the processor counts where it is known:
//! a busy machine must not fail this.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The longer input is so many times as long.
pub const FACTOR: usize = 4;
/// Shorter runs on the longer input are not judged: a square of ten thousand steps
/// takes longer in a debug build.
const BRIEF: Duration = Duration::from_millis(120);
/// Between four and sixteen.
const BOUND: f64 = 10.0;

/// Time that this thread has had on a processor; elsewhere than on Linux, on the wall.
fn clock() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|text| text.split(' ').next().and_then(|field| field.parse().ok()));
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// What one piece of work costs.
pub fn cost<T>(work: impl FnOnce() -> T) -> Duration {
    let start = clock();
    let _ = std::hint::black_box(work());
    clock().saturating_sub(start)
}

/// Whether the cost grows faster than the input, in each of three tries.
pub fn is_square<T: ?Sized>(cost: impl Fn(&T) -> Duration, short: &T, long: &T) -> bool {
    cost(long) > BRIEF
        && (0..3).all(|_| {
            let (some, more) = (cost(short).min(cost(short)), cost(long));
            more > BRIEF && more.as_secs_f64() / some.as_secs_f64().max(1e-9) > BOUND
        })
}

#[test]
fn the_bound_can_fail() {
    let square = |text: &str| {
        cost(|| -> usize { text.chars().map(|a| text.chars().filter(|b| a == *b).count()).sum() })
    };
    let line = |text: &str| {
        cost(|| -> usize { (0..2_000).map(|_| text.chars().filter(|&c| c == '甲').count()).sum() })
    };
    let (short, long) = ("甲".repeat(1_500), "甲".repeat(1_500 * FACTOR));
    assert!(is_square(square, short.as_str(), long.as_str()));
    assert!(!is_square(line, short.as_str(), long.as_str()));
}
