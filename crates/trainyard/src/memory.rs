//! The allocator, and giving back what nobody uses.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(
    unsafe_code,
    reason = "a function of the allocator's own library that its crate does not name"
)]
mod library {
    unsafe extern "C" {
        /// Gives pages back that this thread, or a thread that has ended, keeps free for later. Allocates nothing, and
        /// touches nothing that is in use.
        pub(super) safe fn mi_collect(force: bool);
    }
}

/// Gives the system back what this thread has freed and kept for later: worth its milliseconds where nothing is left to do.
pub(crate) fn give_back() {
    library::mi_collect(true);
}
