//! The store through its public door, on real files.

#![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

#[path = "store/accounts.rs"]
mod accounts;
#[path = "store/artifacts.rs"]
mod artifacts;
#[path = "store/audit.rs"]
mod audit;
#[path = "store/charges.rs"]
mod charges;
#[path = "store/holdings.rs"]
mod holdings;
#[path = "store/house.rs"]
mod house;
#[path = "store/jobs.rs"]
mod jobs;
#[path = "store/opening.rs"]
mod opening;
#[path = "store/sessions.rs"]
mod sessions;
#[path = "store/verify.rs"]
mod verify;
