//! The queue: one holder at a time, nothing lost, everything given back once.

use std::time::Duration;

use serde_json::json;

use super::house::{House, LEASE, by, trained};
use trainyard_store::*;

async fn refunds(house: &House, user: &User) -> usize {
    let entries = house
        .store
        .ledger()
        .entries(user.id, &PageRequest::first(200))
        .await
        .unwrap()
        .items;
    entries
        .iter()
        .filter(|entry| entry.reason == "refund")
        .count()
}

#[tokio::test]
async fn a_job_goes_to_one_worker_in_order_of_priority_and_age() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let jobs = house.store.jobs();
    assert_eq!(jobs.claim("w", LEASE).await.unwrap(), None);
    let mut ids = Vec::new();
    for priority in [0, 0, 5] {
        let new = NewJob {
            priority,
            ..NewJob::new("work", json!({"p": priority}))
        };
        ids.push(jobs.create(ana.id, new, by(&ana)).await.unwrap().id);
    }
    let order = [ids[2], ids[0], ids[1]];
    for id in order {
        let job = jobs.claim("w", LEASE).await.unwrap().unwrap();
        assert_eq!(
            (job.id, job.attempt, job.status),
            (id, 1, JobStatus::Running)
        );
        assert_eq!(job.lease_owner.as_deref(), Some("w"));
        let done = jobs
            .complete(job.fence(), Some(json!({"kind": "nothing"})))
            .await
            .unwrap();
        assert_eq!(
            (done.status, done.result),
            (JobStatus::Done, Some(json!({"kind": "nothing"}).into()))
        );
        assert!(done.finished_at.is_some());
    }
    assert_eq!(jobs.claim("w", LEASE).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_never_share_a_job() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    for _ in 0..30 {
        house
            .store
            .jobs()
            .create(ana.id, NewJob::new("work", json!({})), by(&ana))
            .await
            .unwrap();
    }
    let workers: Vec<_> = (0..6)
        .map(|worker| {
            let store = house.store.clone();
            tokio::spawn(async move {
                let mut held = Vec::new();
                while let Some(job) = store
                    .jobs()
                    .claim(&format!("w{worker}"), LEASE)
                    .await
                    .unwrap()
                {
                    held.push(job.id);
                }
                held
            })
        })
        .collect();
    let mut held = Vec::new();
    for worker in workers {
        held.extend(worker.await.unwrap());
    }
    held.sort();
    held.dedup();
    assert_eq!(held.len(), 30);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_cannot_write_anything() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let accepted = house.training(&ana, "m").await;
    let jobs = house.store.jobs();
    let stale = jobs.claim("slow", Duration::ZERO).await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(jobs.requeue_expired().await.unwrap(), 1);
    let queued = house
        .store
        .models()
        .get(ana.id, accepted.model.id)
        .await
        .unwrap();
    assert_eq!(queued.status, ModelStatus::Queued);
    let artifact = house.store.artifacts().put("stale").await.unwrap();
    // Once while it waits, once while another worker of the same name holds it.
    for round in 0..2 {
        let fence = stale.fence();
        assert!(matches!(
            jobs.heartbeat(fence, LEASE, None).await,
            Err(StoreError::LostLease)
        ));
        assert!(matches!(
            jobs.heartbeat(fence, LEASE, Some(json!({}))).await,
            Err(StoreError::LostLease)
        ));
        assert!(matches!(
            jobs.complete(fence, None).await,
            Err(StoreError::LostLease)
        ));
        assert!(matches!(
            jobs.fail(fence, Failure::new("x", "y")).await,
            Err(StoreError::LostLease)
        ));
        assert!(matches!(
            jobs.cancelled(fence).await,
            Err(StoreError::LostLease)
        ));
        assert!(matches!(
            jobs.release(fence).await,
            Err(StoreError::LostLease)
        ));
        let finished = house
            .store
            .models()
            .finish(fence, trained(artifact.clone()))
            .await;
        assert!(
            matches!(finished, Err(StoreError::LostLease)),
            "round {round}"
        );
        if round == 0 {
            let fresh = jobs.claim("slow", LEASE).await.unwrap().unwrap();
            assert_eq!((fresh.id, fresh.attempt), (stale.id, 2));
        }
    }
    assert_eq!(house.balance(&ana).await, 14);
    let model = house
        .store
        .models()
        .get(ana.id, accepted.model.id)
        .await
        .unwrap();
    assert_eq!(
        (model.status, model.artifact_hash),
        (ModelStatus::Training, None)
    );
}

#[tokio::test]
async fn a_living_worker_keeps_its_job_and_tells_how_far_it_is() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let jobs = house.store.jobs();
    let mut changes = jobs.subscribe();
    let id = jobs
        .create(ana.id, NewJob::new("work", json!({})), by(&ana))
        .await
        .unwrap()
        .id;
    tokio::time::timeout(Duration::from_secs(1), jobs.wait_for_work())
        .await
        .unwrap();
    let job = jobs.claim("w", Duration::ZERO).await.unwrap().unwrap();
    let progress = json!({"stage": "training", "done": 3, "of": 7});
    assert_eq!(
        jobs.heartbeat(job.fence(), LEASE, Some(progress.clone()))
            .await
            .unwrap(),
        Heartbeat::Continue
    );
    assert_eq!(jobs.requeue_expired().await.unwrap(), 0);
    assert_eq!(
        jobs.heartbeat(job.fence(), LEASE, None).await.unwrap(),
        Heartbeat::Continue
    );
    assert_eq!(jobs.get(ana.id, id).await.unwrap().progress, progress);
    let mut seen = 0;
    while let Ok(changed) = changes.try_recv() {
        assert_eq!(changed, id);
        seen += 1;
    }
    assert_eq!(seen, 3, "queued, claimed, progress");
}

#[tokio::test]
async fn a_killed_server_tries_three_times_and_gives_the_price_back_once() {
    let mut house = House::new().await;
    let ana = house.user("ana", 15).await;
    let accepted = house.training(&ana, "m").await;
    let job = accepted.model.job_id.unwrap();
    assert_eq!((accepted.charged, accepted.balance), (1, 14));
    for attempt in 1..=3 {
        assert_eq!(house.claim().await.attempt, attempt);
        assert_eq!(house.balance(&ana).await, 14);
        house = house.die_and_reopen().await;
    }
    let job = house.store.jobs().get(ana.id, job).await.unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert_eq!(
        job.error.unwrap().get("code").unwrap(),
        "attempts_exhausted"
    );
    let model = house
        .store
        .models()
        .get(ana.id, accepted.model.id)
        .await
        .unwrap();
    assert_eq!(
        (model.status, model.artifact_hash),
        (ModelStatus::Failed, None)
    );
    assert!(
        model
            .error
            .unwrap()
            .get("detail")
            .unwrap()
            .as_str()
            .unwrap()
            .contains("3 times")
    );
    for _ in 0..2 {
        house = house.die_and_reopen().await;
        assert_eq!(house.store.jobs().requeue_expired().await.unwrap(), 0);
    }
    assert_eq!(
        (house.balance(&ana).await, refunds(&house, &ana).await),
        (15, 1)
    );
    assert_eq!(house.store.jobs().claim("w", LEASE).await.unwrap(), None);
    house.chain().await.unwrap();
}

#[tokio::test]
async fn a_job_survives_a_kill_and_ends_well() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    house.training(&ana, "m").await;
    house.claim().await;
    let house = house.die_and_reopen().await;
    let job = house.claim().await;
    assert_eq!(job.attempt, 2);
    let artifact = house.store.artifacts().put("model").await.unwrap();
    let model = house
        .store
        .models()
        .finish(job.fence(), trained(artifact))
        .await
        .unwrap();
    assert_eq!(model.status, ModelStatus::Ready);
    assert_eq!(
        (house.balance(&ana).await, refunds(&house, &ana).await),
        (14, 0)
    );
}

#[tokio::test]
async fn a_failure_gives_the_price_back_once_whoever_tries() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let accepted = house.training(&ana, "m").await;
    let job = house.claim().await;
    let failed = house
        .store
        .jobs()
        .fail(job.fence(), Failure::new("one_class", "Only one class."))
        .await
        .unwrap();
    assert_eq!(
        failed.error,
        Some(json!({"code": "one_class", "detail": "Only one class."}).into())
    );
    assert!(
        house
            .store
            .jobs()
            .fail(job.fence(), Failure::new("x", "y"))
            .await
            .is_err()
    );
    // A row put back by hand: the ledger's unique entry still decides.
    house
        .tamper("UPDATE jobs SET status = 'running' WHERE kind = 'train'")
        .await;
    house
        .store
        .jobs()
        .fail(job.fence(), Failure::new("x", "y"))
        .await
        .unwrap();
    assert_eq!(
        (house.balance(&ana).await, refunds(&house, &ana).await),
        (15, 1)
    );
    let model = house
        .store
        .models()
        .get(ana.id, accepted.model.id)
        .await
        .unwrap();
    assert_eq!(model.status, ModelStatus::Failed);
}

#[tokio::test]
async fn cancelling_ends_waiting_work_at_once_and_running_work_when_it_listens() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 0).await);
    let jobs = house.store.jobs();
    let waiting = house.training(&ana, "m").await.model.job_id.unwrap();
    assert!(matches!(
        jobs.request_cancel(bo.id, waiting, by(&bo)).await,
        Err(StoreError::NotFound { .. })
    ));
    let cancelled = jobs
        .request_cancel(ana.id, waiting, by(&ana))
        .await
        .unwrap();
    assert_eq!(cancelled.status, JobStatus::Cancelled);
    assert_eq!(house.balance(&ana).await, 15);
    let running = house.training(&ana, "m").await.model;
    let job = house.claim().await;
    assert_eq!(Some(job.id), running.job_id);
    let asked = jobs.request_cancel(ana.id, job.id, by(&ana)).await.unwrap();
    assert_eq!(
        (asked.status, asked.cancel_requested),
        (JobStatus::Running, true)
    );
    assert_eq!(
        jobs.heartbeat(job.fence(), LEASE, None).await.unwrap(),
        Heartbeat::CancelRequested
    );
    assert_eq!(house.balance(&ana).await, 14);
    jobs.cancelled(job.fence()).await.unwrap();
    assert_eq!(house.balance(&ana).await, 15);
    let model = house.store.models().get(ana.id, running.id).await.unwrap();
    assert_eq!(model.status, ModelStatus::Cancelled);
    // Asking again, or for one that died while it was to stop.
    assert_eq!(
        jobs.request_cancel(ana.id, job.id, by(&ana))
            .await
            .unwrap()
            .status,
        JobStatus::Cancelled
    );
    house.training(&ana, "m").await;
    let job = house.claim().await;
    jobs.request_cancel(ana.id, job.id, by(&ana)).await.unwrap();
    let house = house.die_and_reopen().await;
    assert_eq!(
        house.store.jobs().get(ana.id, job.id).await.unwrap().status,
        JobStatus::Cancelled
    );
    assert_eq!(
        (house.balance(&ana).await, refunds(&house, &ana).await),
        (15, 3)
    );
}

#[tokio::test]
async fn work_put_back_at_shutdown_does_not_lose_a_try() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let jobs = house.store.jobs();
    jobs.create(ana.id, NewJob::new("work", json!({})), by(&ana))
        .await
        .unwrap();
    for _ in 0..5 {
        let job = house.claim().await;
        assert_eq!(job.attempt, 1);
        jobs.release(job.fence()).await.unwrap();
        assert!(jobs.complete(job.fence(), None).await.is_err());
    }
}

#[tokio::test]
async fn jobs_are_listed_to_their_owner() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 15).await);
    let accepted = house.training(&ana, "m").await;
    house.dataset_of(&bo, "d").await;
    let jobs = house.store.jobs();
    let count = async |scope: Scope, filter: JobFilter<'_>| {
        jobs.list(scope, &filter, &PageRequest::first(50))
            .await
            .unwrap()
            .items
            .len()
    };
    let all = JobFilter::default();
    assert_eq!(count(ana.id.into(), all).await, 2);
    assert_eq!(count(bo.id.into(), all).await, 1);
    assert_eq!(count(Scope::Everyone, all).await, 3);
    assert_eq!(
        count(
            Scope::Everyone,
            JobFilter {
                status: Some(JobStatus::Queued),
                ..all
            }
        )
        .await,
        2
    );
    assert_eq!(
        count(
            Scope::Everyone,
            JobFilter {
                kind: Some("train"),
                ..all
            }
        )
        .await,
        1
    );
    assert_eq!(
        count(
            ana.id.into(),
            JobFilter {
                subject_id: Some(accepted.model.id),
                ..all
            }
        )
        .await,
        1
    );
    let page = jobs
        .list(ana.id, &all, &PageRequest::first(1))
        .await
        .unwrap();
    let next = jobs
        .list(ana.id, &all, &PageRequest::after(1, page.next_cursor))
        .await
        .unwrap();
    assert_eq!((next.items.len(), next.next_cursor), (1, None));
    assert!(page.items[0].created_at > next.items[0].created_at);
    assert!(
        jobs.get(bo.id, accepted.model.job_id.unwrap())
            .await
            .is_err()
    );
}
