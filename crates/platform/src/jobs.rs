//! Slow work, as its owner sees it: how far it is, how it ended, and a way to stop it.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use trainyard_store::{Job, JobFilter, JobStatus, Page, PageRequest, Scope, StoreError};
use uuid::Uuid;

use crate::Platform;
use crate::caller::{Action, Caller};
use crate::error::Result;

/// How often a watched job is read again although nobody said that it changed: the net under lost news.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Use cases of jobs; from [`Platform::jobs`].
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'a>(pub(crate) &'a Platform);

impl Jobs<'_> {
    /// One page of the caller's jobs, newest first.
    ///
    /// # Errors
    /// `Validation` for a foreign cursor.
    pub async fn list(
        &self,
        caller: &Caller,
        status: Option<JobStatus>,
        page: &PageRequest,
    ) -> Result<Page<Job>> {
        caller.may(Action::Read)?;
        let filter = JobFilter {
            status,
            ..JobFilter::default()
        };
        Ok(self
            .0
            .store()
            .jobs()
            .list(Scope::Owner(caller.id), &filter, page)
            .await?)
    }

    /// One of the caller's jobs.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<Job> {
        caller.may(Action::Read)?;
        Ok(self.0.store().jobs().get(caller.id, id).await?)
    }

    /// Asks a job to stop: one that waits ends at once, one that runs at its next step. One that has ended stays as
    /// it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cancel(&self, caller: &Caller, id: Uuid) -> Result<Job> {
        caller.may(Action::Train)?;
        let entry = caller.entry("job.cancel");
        Ok(self
            .0
            .store()
            .jobs()
            .request_cancel(caller.id, id, entry)
            .await?)
    }

    /// Asks a job that looks for something to end with the best so far, which is then kept and paid for. One that waits has
    /// nothing and is cancelled, one that has nothing to choose from goes on to its end.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn stop(&self, caller: &Caller, id: Uuid) -> Result<Job> {
        caller.may(Action::Train)?;
        let entry = caller.entry("job.stop");
        let jobs = self.0.store().jobs();
        Ok(jobs.request_stop(caller.id, id, entry).await?)
    }

    /// The job as it is now and after every change; ends after the state that nothing follows, or when the job is
    /// deleted.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn watch(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<impl Stream<Item = Job> + Send + use<>> {
        // Listening begins before the first look, so that no change falls between.
        let changes = self.0.store().jobs().subscribe();
        let first = self.get(caller, id).await?;
        let watch = Watch {
            platform: self.0.clone(),
            owner: caller.id,
            id,
            changes,
            first: Some(first),
            last: None,
        };
        Ok(futures_util::stream::unfold(
            watch,
            |mut watch| async move { watch.next().await.map(|job| (job, watch)) },
        ))
    }

    /// The job once it has ended, or as it is after this long.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn wait(&self, caller: &Caller, id: Uuid, longest: Duration) -> Result<Job> {
        let mut jobs = Box::pin(self.watch(caller, id).await?);
        let ended = async {
            while let Some(job) = jobs.next().await {
                if job.status.is_final() {
                    break;
                }
            }
        };
        // Late or not, the answer is the row as it is now.
        let _ = tokio::time::timeout(longest, ended).await;
        self.get(caller, id).await
    }
}

/// Somebody who looks at a job until it has ended.
struct Watch {
    platform: Platform,
    owner: Uuid,
    id: Uuid,
    changes: Receiver<Uuid>,
    first: Option<Job>,
    last: Option<Job>,
}

impl Watch {
    async fn next(&mut self) -> Option<Job> {
        let job = match self.first.take() {
            Some(first) => first,
            None => self.changed().await?,
        };
        self.last = Some(job.clone());
        Some(job)
    }

    /// The job after its next change.
    async fn changed(&mut self) -> Option<Job> {
        let last = self.last.take()?;
        while !last.status.is_final() {
            self.news().await?;
            match self.platform.store().jobs().get(self.owner, self.id).await {
                Ok(job) if job != last => return Some(job),
                Ok(_) => {}
                Err(StoreError::NotFound { .. } | StoreError::Closed) => return None,
                Err(error) => {
                    tracing::warn!(%error, "a watched job could not be read");
                    return None;
                }
            }
        }
        None
    }

    /// Returns when there may be news of this job; nothing when there will be none.
    async fn news(&mut self) -> Option<()> {
        let mine = async {
            loop {
                match self.changes.recv().await {
                    Ok(id) if id != self.id => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        tokio::select! {
            news = tokio::time::timeout(LOOK_AGAIN, mine) => news.unwrap_or(Some(())),
            () = self.platform.0.stopping.cancelled() => None,
        }
    }
}
