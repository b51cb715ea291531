//! The stages in order: what the program and embedders call.
//!
//! [`Revision::read`] is the trunk: repository → snapshot and history → instant
//! → configuration → texts → approvals → editions → states. [`check`],
//! [`status`] and [`manifest`] report on it; [`build`] goes on to the site.
//! Every function returns plain data; nothing here prints or exits.
//!
//! Two things stop a command: a [`Stop`] of kind usage (exit 2) and one of kind
//! security (exit 3). Everything else is a finding or the state of a set, and
//! the other sets go on.

mod assemble;
mod attachments;
mod build;
mod check;
mod codes;
mod content;
mod damage;
mod dated;
mod drafts;
mod due;
mod earlier;
mod engines;
mod error;
mod facts;
mod ground;
mod in_force;
mod instant;
mod join;
mod live;
mod near;
mod office;
mod pages;
mod parts;
mod patrol;
mod pins;
mod preview;
mod proof_sheet;
mod proofread;
mod report;
mod revision;
mod shard;
mod site_sheet;
mod state;
mod vanished;
mod view;

pub use build::{BuildOptions, BuildReport, LeftOut, build, rebuild};
pub use check::{CheckOptions, CheckReport, SetReport, StatusReport, check, manifest, status};
pub use codes::{CodePage, codes};
pub use content::Content;
pub use drafts::Drafts;
pub use due::{DueItem, DueReport, Why, due};
pub use earlier::{EarlierText, earlier_site, earlier_text};
pub use engines::check_with_engines;
pub use error::{Stop, StopKind};
pub use in_force::{Pending, PendingSite};
pub use instant::{Instant, Time};
pub use join::{JoinOptions, PartReport, build_shard, join};
pub use live::Live;
pub use office::cards_at;
pub use patrol::{ColumnState, PatrolItem, PatrolKind, PatrolReport, patrol, patrol_rules};
pub use pins::{LINK_RETARGETED, retargeted_links};
pub use preview::{Preview, PreviewOptions, Previewer, site_file};
pub use proof_sheet::proof_sheet;
pub use report::{proof_report, report_digest};
pub use revision::{ReadOptions, Revision};
pub use shard::{MOST_SHARDS, Shard};
pub use site_sheet::site_sheet;
pub use state::JudgedSet;
pub use view::{state_name, step_state_name};

/// More threads than this only cost memory.
const MOST_JOBS: usize = 256;

/// Runs the work with a number of threads; none for as many as there are.
fn in_pool<T: Send>(jobs: Option<usize>, work: impl FnOnce() -> Result<T, Stop> + Send) -> Result<T, Stop> {
    let Some(jobs) = jobs else { return work() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.clamp(1, MOST_JOBS)).build();
    let pool = pool.map_err(|error| {
        Stop::usage(format!("无法启动线程：{error}"), format!("cannot start threads: {error}"))
    })?;
    pool.install(work)
}
