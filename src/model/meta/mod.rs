//! Front matter with a meaning: which keys there are, what their values are.
//!
//! Reading is tolerant and reporting is not: a value that cannot be understood
//! is absent from the model and named in a finding with its place. What blocks
//! is what the contract says blocks: a missing required key and wrong dates,
//! 公开方式 or 阶段; an unknown key is a warning (contract details 73).

mod agreement;
mod fields;
mod material;
mod numbers;
mod plan;
mod policy;
mod vocabulary;

pub(super) use agreement::check_policy_meta;
pub(super) use fields::{Fields, Key};
pub(super) use material::read_material_meta;
pub(super) use plan::{PlanMeta, read_plan_meta};
pub(super) use policy::read_policy_meta;
pub use vocabulary::{KeyInfo, TextKind, front_matter_keys};
