//! One file per table: its row as a plain struct, and every query on it. Conditions that decide something
//! (a balance, a fence) stand in the statement that acts on them, never in a read before it.
//!
//! `pub(crate)` functions take a connection and are steps of a larger transaction; the handles (`Users`,
//! `Jobs`, …) are whole use cases.

#![expect(
    unreachable_pub,
    reason = "the entity derive makes public items; what leaves the crate is named in lib.rs"
)]

/// The parts of an entity that every table here has in the same, empty form.
macro_rules! no_relations {
    () => {
        #[derive(Copy, Clone, Debug, sea_orm::EnumIter, sea_orm::DeriveRelation)]
        pub enum Relation {}

        impl sea_orm::ActiveModelBehavior for ActiveModel {}
    };
}

pub(crate) mod api_keys;
pub(crate) mod artifact_references;
pub(crate) mod artifacts;
pub(crate) mod audit;
pub(crate) mod audit_anchors;
pub(crate) mod audit_heads;
pub(crate) mod batches;
pub(crate) mod counters;
pub(crate) mod dataset_revisions;
pub(crate) mod datasets;
pub(crate) mod guest_days;
pub(crate) mod idempotency_keys;
pub(crate) mod jobs;
pub(crate) mod ledger;
pub(crate) mod login_names;
pub(crate) mod model_aliases;
pub(crate) mod model_contracts;
pub(crate) mod model_findings;
pub(crate) mod model_names;
pub(crate) mod model_reports;
pub(crate) mod models;
pub(crate) mod password_resets;
pub(crate) mod predictions;
pub(crate) mod refresh_tokens;
pub(crate) mod settings;
pub(crate) mod studies;
pub(crate) mod study_trials;
pub(crate) mod users;
