//! Numbered pages, as clients of this door ask for them.

use crate::fields::Fields;

/// Which page of a list is wanted.
pub(super) struct Paging {
    /// From 1.
    pub(super) page: usize,
    /// Rows of a page.
    pub(super) size: usize,
}

impl Paging {
    /// `page` and `page_size` of a query.
    pub(super) fn of(query: &mut Fields) -> Self {
        let page = query.within("page", 1, 1, None);
        let size = query.within("page_size", 50, 1, Some(100));
        Self {
            page: usize::try_from(page).unwrap_or(1),
            size: usize::try_from(size).unwrap_or(50),
        }
    }

    /// Rows before it.
    pub(super) fn before(&self) -> usize {
        (self.page - 1).saturating_mul(self.size)
    }
}
