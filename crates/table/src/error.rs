//! What can be wrong with a table, by meaning. Texts are for the person who brought the file.

/// Why a file is not a table, or a table not as expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It cannot be read; the text says why and what to do.
    #[error("{detail}")]
    Unreadable {
        /// What is wrong and what to do.
        detail: String,
    },
}
