//! Opening, closing, permissions, and who may hold the folder.

use super::house::{House, by};
use trainyard_store::*;

#[tokio::test]
async fn opening_again_keeps_everything_and_migrates_nothing() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    house.store.close().await.unwrap();
    for _ in 0..2 {
        let store = Store::open(StoreOptions::in_folder(house.folder.path()))
            .await
            .unwrap();
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
    let visitor = Store::open(StoreOptions::in_folder(house.folder.path()).visiting())
        .await
        .unwrap();
    visitor
        .ledger()
        .grant(ana.id, 3, None, by(&ana))
        .await
        .unwrap();
    assert_eq!(house.balance(&ana).await, 10);
    // The visitor took nothing back from the server.
    assert_eq!(
        visitor.jobs().get(ana.id, job.id).await.unwrap().status,
        JobStatus::Running
    );
    assert_eq!(dataset.job_id, Some(job.id));
    let second = Store::open(StoreOptions::in_folder(house.folder.path())).await;
    assert!(matches!(second, Err(StoreError::Locked)), "{second:?}");
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
    // The database with its log and index, the lock, one artifact.
    assert!(files >= 5, "{files}");
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
    assert!(house.folder.path().join("trainyard.db-wal").exists());
}
