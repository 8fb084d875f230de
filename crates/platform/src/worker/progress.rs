//! The line between a computation and its job's row: progress goes out (not more often than people can read),
//! the wish to stop comes in.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use trainyard_store::{Fence, Heartbeat, Job, Store, StoreError};

use super::LEASE;
use crate::Platform;

/// The least time between two writes of progress.
const PACE: Duration = Duration::from_millis(400);
/// The most time between two signs of life.
const BEAT: Duration = Duration::from_secs(5);

const GO_ON: u8 = 0;
const CANCELLED: u8 = 1;
const STOPPING: u8 = 2;
const LOST: u8 = 3;

/// Why a computation was told to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Its owner wants it.
    Cancelled,
    /// The server stops.
    Stopping,
    /// Somebody else holds the job.
    Lost,
}

/// Asked by the computation, set by whoever watches the job.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopSign(Arc<Signs>);

#[derive(Debug, Default)]
struct Signs {
    reason: AtomicU8,
    enough: AtomicBool,
}

impl StopSign {
    pub(crate) fn reason(&self) -> Option<StopReason> {
        match self.0.reason.load(Ordering::Relaxed) {
            CANCELLED => Some(StopReason::Cancelled),
            STOPPING => Some(StopReason::Stopping),
            LOST => Some(StopReason::Lost),
            _ => None,
        }
    }

    /// Whether the owner has seen enough: the best so far will do.
    pub(crate) fn is_enough(&self) -> bool {
        self.0.enough.load(Ordering::Relaxed)
    }

    /// The first reason stays.
    fn set(&self, reason: u8) {
        let _ = self
            .0
            .reason
            .compare_exchange(GO_ON, reason, Ordering::Relaxed, Ordering::Relaxed);
    }
}

/// Runs `work` while saying for it that it lives, and writes what it last told before it returns.
pub(crate) async fn attended<T>(
    platform: &Platform,
    job: &Job,
    stop: &StopSign,
    progress: watch::Receiver<Value>,
    work: impl Future<Output = T>,
) -> T {
    let mut attendant = Attendant {
        stopping: platform.0.stopping.clone(),
        store: platform.store().clone(),
        fence: job.fence(),
        stop: stop.clone(),
        changes: platform.store().jobs().subscribe(),
        own: 0,
        progress,
    };
    let result = tokio::select! {
        result = work => result,
        never = attendant.attend() => match never {},
    };
    if stop.reason().is_none() {
        attendant.tell().await;
    }
    result
}

struct Attendant {
    stopping: CancellationToken,
    store: Store,
    fence: Fence,
    stop: StopSign,
    changes: Receiver<uuid::Uuid>,
    /// News of this job that its own writes will cause.
    own: usize,
    progress: watch::Receiver<Value>,
}

impl Attendant {
    async fn attend(&mut self) -> Infallible {
        loop {
            let mut told = false;
            tokio::select! {
                changed = self.progress.changed() => match changed {
                    Ok(()) => told = true,
                    // Nothing more will be told; the lease still has to be kept.
                    Err(_) => tokio::time::sleep(BEAT).await,
                },
                () = heard(&mut self.changes, self.fence.job, &mut self.own) => {}
                () = tokio::time::sleep(BEAT) => {}
                () = self.stopping.cancelled(), if self.stop.reason().is_none() => self.stop.set(STOPPING),
            }
            if told {
                self.tell().await;
            } else {
                self.sign(None).await;
            }
            tokio::time::sleep(PACE).await;
        }
    }

    async fn tell(&mut self) {
        let now = self.progress.borrow_and_update().clone();
        if now.is_null() {
            return;
        }
        self.own += 1;
        self.sign(Some(now)).await;
    }

    async fn sign(&mut self, progress: Option<Value>) {
        match self
            .store
            .jobs()
            .heartbeat(self.fence, LEASE, progress)
            .await
        {
            Ok(Heartbeat::Continue) => {}
            Ok(Heartbeat::StopRequested) => self.stop.0.enough.store(true, Ordering::Relaxed),
            Ok(Heartbeat::CancelRequested) => self.stop.set(CANCELLED),
            Err(StoreError::LostLease) => self.stop.set(LOST),
            // The lease outlives several beats: the next one may get through.
            Err(error) => tracing::warn!(%error, "a sign of life could not be written"),
        }
    }
}

/// Returns when somebody else than this worker changed the job.
async fn heard(changes: &mut Receiver<uuid::Uuid>, job: uuid::Uuid, own: &mut usize) {
    loop {
        match changes.recv().await {
            Ok(id) if id != job => {}
            Ok(_) if *own > 0 => *own -= 1,
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
