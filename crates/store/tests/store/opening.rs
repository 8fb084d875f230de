//! Opening, closing, permissions, and who may hold the folder.

use super::house::{House, by};
use trainyard_store::*;

#[tokio::test]
async fn opening_again_keeps_everything_and_migrates_nothing() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    house.store.close().await.unwrap();
    for _ in 0..2 {
        let store = Store::open(house.options.clone()).await.unwrap();
        assert_eq!(store.users().by_id(ana.id).await.unwrap(), ana);
        assert_eq!(
            store.users().count(&UserFilter::default()).await.unwrap(),
            1
        );
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_store_answers_errors() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let model = house.ready_model(&ana, "m").await;
    house.store.close().await.unwrap();
    let late = house
        .store
        .predictions()
        .charge_and_record(super::house::charge(&ana, &model, 5))
        .await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
    assert!(house.store.users().by_id(ana.id).await.is_err());
    assert!(house.store.ping().await.is_err());
}

#[tokio::test]
async fn a_second_server_waits_and_is_refused_but_a_visitor_comes_in() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    let dataset = house.dataset_of(&ana, "d").await;
    let job = house.claim().await;
    let visitor = Store::open(house.options.clone().visiting()).await.unwrap();
    visitor
        .ledger()
        .grant(ana.id, 3, None, None, by(&ana))
        .await
        .unwrap();
    assert_eq!(house.balance(&ana).await, 10);
    // The visitor took nothing back from the server.
    assert_eq!(
        visitor.jobs().get(ana.id, job.id).await.unwrap().status,
        JobStatus::Running
    );
    assert_eq!(dataset.job_id, Some(job.id));
    let second = Store::open(house.options.clone()).await;
    assert!(matches!(second, Err(StoreError::Locked)), "{second:?}");
}

/// A job that another process queued is found, at once where the database can tell.
#[tokio::test]
async fn work_that_a_visitor_queues_is_done() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    let visitor = Store::open(house.options.clone().visiting()).await.unwrap();
    let asked = NewJob::new("nothing", serde_json::json!({}));
    let queued = visitor
        .jobs()
        .create(ana.id, asked, by(&ana))
        .await
        .unwrap();
    house.store.jobs().wait_for_work().await;
    assert_eq!(house.claim().await.id, queued.id);
    visitor.close().await.unwrap();
}

/// A server that is not there, and what is no address: said, without the password.
#[tokio::test]
async fn a_database_server_that_cannot_be_used_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for url in [
        "postgres://ana:hunter22@127.0.0.1:1/trainyard",
        "postgres://ana:hunter22@127.0.0.1:notaport/trainyard",
    ] {
        let options = StoreOptions::in_folder(folder.path()).at_server(url);
        let refused = Store::open(options.clone()).await.unwrap_err();
        assert!(refused.is_unreachable(), "{refused:?}");
        let said = format!("{refused} {refused:?} {options:?}");
        assert!(!said.contains("hunter22"), "{said}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_folder() {
    use std::os::unix::fs::PermissionsExt;
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    house.dataset_of(&ana, "d").await;
    let mut folders = vec![house.folder.path().to_path_buf()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        assert_eq!(
            folder.metadata().unwrap().permissions().mode() & 0o777,
            0o700,
            "{}",
            folder.display()
        );
        #[expect(clippy::disallowed_methods, reason = "the test looks at the disk")]
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert_eq!(
                    path.metadata().unwrap().permissions().mode() & 0o777,
                    0o600,
                    "{}",
                    path.display()
                );
                files += 1;
            }
        }
    }
    // The lock, one artifact, and of a database that is a file itself with its log and index.
    let least = if house.is_file() { 5 } else { 2 };
    assert!(files >= least, "{files}");
}

#[tokio::test]
async fn the_database_is_durable_and_keeps_its_keys() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    // A dataset of nobody, behind the store's back: foreign keys are on for the store's own connections.
    let upload = house.store.artifacts().put("x").await.unwrap();
    let mut nobody = ana.clone();
    nobody.id = uuid::Uuid::now_v7();
    let new = super::house::new_dataset(&nobody, "d", upload);
    let orphan = house.store.datasets().create_with_job(new, by(&ana)).await;
    assert!(matches!(orphan, Err(StoreError::Database(_))));
    assert_eq!(
        house
            .store
            .datasets()
            .list(
                Scope::Everyone,
                &DatasetFilter::default(),
                &PageRequest::default()
            )
            .await
            .unwrap()
            .items,
        vec![]
    );
    assert_eq!(
        house.folder.path().join("trainyard.db-wal").exists(),
        house.is_file()
    );
}
