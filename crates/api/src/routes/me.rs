//! One's own account.

pub(super) mod api_keys;
pub(super) mod change;
pub(super) mod delete;
pub(super) mod password;
pub(super) mod show;
pub(super) mod storage;
pub(super) mod tokens;
