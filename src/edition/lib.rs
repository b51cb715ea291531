//! Which approved text was current when.
//!
//! The first-parent line of a revision is walked once; an edition of a set
//! comes into being at the first commit on it at which the set's digest was
//! current and a complete valid chain existed (contract §7, details 61).

mod git_facts;
mod hidden;
mod numbering;
pub mod pins;
mod site_line;
mod small;
mod types;
mod walk;

pub use git_facts::GitFacts;
pub use hidden::Hidden;
pub use site_line::{SiteLine, SiteWalk};
pub use small::{SmallEdition, SmallLine};
pub use types::{Birth, Edition, PublishedSet};
pub use walk::{Known, ParseSet, ParsedEdition, SetLine, Walk};
