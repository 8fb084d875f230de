//! One's own account.

pub(super) mod change;
pub(super) mod show;
pub(super) mod tokens;
