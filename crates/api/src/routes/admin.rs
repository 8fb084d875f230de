//! What administrators see and do.

pub(crate) mod audit_events;
