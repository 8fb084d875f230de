//! Datasets, models, their names and versions, and predictions as rows.

use std::collections::BTreeMap;

use serde_json::json;

use super::house::{House, by, charge, key, new_dataset, new_model, read_dataset};
use trainyard_store::*;

fn first() -> PageRequest {
    PageRequest::first(100)
}

#[tokio::test]
async fn a_dataset_from_upload_to_deletion() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 0).await);
    let datasets = house.store.datasets();
    let created = house.dataset_of(&ana, "Titanic").await;
    assert_eq!(
        (created.number, created.status, created.rows),
        (1, DatasetStatus::Profiling, None)
    );
    let job = house.claim().await;
    assert_eq!(
        (job.kind.as_str(), Some(job.id)),
        ("profile", created.job_id)
    );
    assert_eq!(job.payload, json!({"dataset_id": created.id.to_string()}));
    let table = house.store.artifacts().put("table").await.unwrap();
    let ready = datasets
        .mark_ready(job.fence(), read_dataset(table.clone()))
        .await
        .unwrap();
    assert_eq!(
        (ready.status, ready.rows, ready.columns),
        (DatasetStatus::Ready, Some(10), Some(3))
    );
    let job = house.store.jobs().get(ana.id, job.id).await.unwrap();
    assert_eq!(
        job.result,
        Some(json!({"kind": "dataset", "id": created.id}).into())
    );
    let (same, revision) = datasets.with_revision(ana.id, created.id).await.unwrap();
    assert_eq!(
        (same, revision.profile),
        (ready.clone(), Some(json!({"rows": 10}).into()))
    );
    assert_eq!(
        datasets
            .by_upload(ana.id, &created.upload_hash)
            .await
            .unwrap()
            .unwrap()
            .id,
        created.id
    );
    assert_eq!(
        datasets
            .by_upload(bo.id, &created.upload_hash)
            .await
            .unwrap(),
        None
    );
    let renamed = datasets
        .rename(ana.id, created.id, "Ships", by(&ana))
        .await
        .unwrap();
    assert_eq!(renamed.name, "Ships");
    let found = async |words: &str| {
        let filter = DatasetFilter {
            search: Some(words.to_owned()),
            status: None,
        };
        datasets
            .list(ana.id, &filter, &first())
            .await
            .unwrap()
            .items
            .len()
    };
    assert_eq!(
        (
            found("SHIP").await,
            found("titanic.csv").await,
            found("x' OR ''='").await
        ),
        (1, 1, 0)
    );
    // For anybody else it does not exist.
    assert!(matches!(
        datasets.get(bo.id, created.id).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(datasets.with_revision(bo.id, created.id).await.is_err());
    assert!(
        datasets
            .rename(bo.id, created.id, "mine", by(&bo))
            .await
            .is_err()
    );
    assert!(datasets.delete(bo.id, created.id, by(&bo)).await.is_err());
    assert_eq!(
        datasets
            .list(bo.id, &DatasetFilter::default(), &first())
            .await
            .unwrap()
            .items,
        vec![]
    );
    assert_eq!(
        datasets.totals(ana.id).await.unwrap(),
        (1, u64::try_from(created.bytes).unwrap())
    );
    assert_eq!(datasets.totals(bo.id).await.unwrap(), (0, 0));
    datasets.delete(ana.id, created.id, by(&ana)).await.unwrap();
    assert!(!house.artifact_path(&table.hash).exists());
    assert!(!house.artifact_path(&created.upload_hash).exists());
    assert_eq!(house.dataset_of(&ana, "next").await.number, 2);
}

#[tokio::test]
async fn a_dataset_that_cannot_be_read_says_why() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let created = house.dataset_of(&ana, "d").await;
    let job = house.claim().await;
    house
        .store
        .datasets()
        .mark_failed(
            job.fence(),
            Failure::new("unreadable_file", "Row 3 is short."),
        )
        .await
        .unwrap();
    let failed = house
        .store
        .datasets()
        .get(ana.id, created.id)
        .await
        .unwrap();
    assert_eq!(failed.status, DatasetStatus::Failed);
    assert_eq!(
        failed.error,
        Some(json!({"code": "unreadable_file", "detail": "Row 3 is short."}).into())
    );
    assert_eq!(
        house
            .store
            .datasets()
            .by_upload(ana.id, &created.upload_hash)
            .await
            .unwrap(),
        None
    );
    // Deleted while it is being read: the reader finds that it lost the job.
    let created = house.dataset_of(&ana, "e").await;
    let job = house.claim().await;
    house
        .store
        .datasets()
        .delete(ana.id, created.id, by(&ana))
        .await
        .unwrap();
    let table = house.store.artifacts().put("table").await.unwrap();
    let late = house
        .store
        .datasets()
        .mark_ready(job.fence(), read_dataset(table))
        .await;
    assert!(matches!(late, Err(StoreError::LostLease)), "{late:?}");
}

#[tokio::test]
async fn an_upload_sent_twice_is_one_dataset() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let send = async |digest: &str| {
        let upload = house.store.artifacts().put("same bytes").await.unwrap();
        let new = NewDataset {
            idempotency: key("up", digest),
            ..new_dataset(&ana, "d", upload)
        };
        house.store.datasets().create_with_job(new, by(&ana)).await
    };
    let one = send("a").await.unwrap();
    assert_eq!(send("a").await.unwrap(), one);
    assert!(matches!(
        send("b").await,
        Err(StoreError::Conflict {
            what: "idempotency_key"
        })
    ));
    assert_eq!(
        house
            .store
            .artifacts()
            .read(&one.upload_hash)
            .await
            .unwrap(),
        "same bytes"
    );
    assert_eq!(house.store.datasets().totals(ana.id).await.unwrap().0, 1);
}

#[tokio::test]
async fn versions_count_up_and_follow_their_name() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 15).await);
    let models = house.store.models();
    let v1 = house.ready_model(&ana, "m").await;
    let v2 = house.ready_model(&ana, "m").await;
    assert_eq!(house.ready_model(&bo, "m").await.version, 1);
    let v3 = house.training(&ana, "m").await.model;
    assert_eq!((v1.version, v2.version, v3.version), (1, 2, 3));
    let which = async |which: Which<'_>| {
        models
            .by_name(ana.id, "m", which)
            .await
            .map(|model| model.id)
    };
    assert_eq!(which(Which::Latest).await.unwrap(), v2.id);
    house.finish("3").await;
    assert_eq!(which(Which::Latest).await.unwrap(), v3.id);
    assert_eq!(which(Which::Version(1)).await.unwrap(), v1.id);
    assert!(which(Which::Alias("champion")).await.is_err());
    models
        .set_alias(ana.id, v1.id, "champion", by(&ana))
        .await
        .unwrap();
    models
        .set_alias(ana.id, v2.id, "champion", by(&ana))
        .await
        .unwrap();
    assert_eq!(which(Which::Alias("champion")).await.unwrap(), v2.id);
    // A rename takes all of them along, and refuses a name that is taken.
    house.ready_model(&ana, "other").await;
    let taken = models.rename(ana.id, v1.id, "other", by(&ana)).await;
    assert!(
        matches!(taken, Err(StoreError::Conflict { what: "name" })),
        "{taken:?}"
    );
    assert_eq!(
        models
            .rename(ana.id, v1.id, "n", by(&ana))
            .await
            .unwrap()
            .name,
        "n"
    );
    assert_eq!(
        models
            .by_name(ana.id, "n", Which::Version(3))
            .await
            .unwrap()
            .id,
        v3.id
    );
    assert_eq!(
        models
            .by_name(ana.id, "n", Which::Alias("champion"))
            .await
            .unwrap()
            .id,
        v2.id
    );
    assert_eq!(models.aliases(ana.id, "n").await.unwrap().len(), 1);
    assert!(models.by_name(ana.id, "m", Which::Latest).await.is_err());
    // The number of a deleted version does not come back as another model.
    models.delete(ana.id, v3.id, by(&ana)).await.unwrap();
    assert_eq!(house.ready_model(&ana, "n").await.version, 4);
    models.delete(ana.id, v2.id, by(&ana)).await.unwrap();
    assert!(
        models
            .by_name(ana.id, "n", Which::Alias("champion"))
            .await
            .is_err()
    );
    models.delete_name(ana.id, "n", by(&ana)).await.unwrap();
    assert!(models.delete_name(ana.id, "n", by(&ana)).await.is_err());
    assert_eq!(house.training(&ana, "n").await.model.version, 1);
    assert!(matches!(
        models.remove_alias(ana.id, "n", "champion", by(&ana)).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_training_is_paid_once_and_refused_without_a_trace() {
    let house = House::new().await;
    let (ana, poor) = (house.user("ana", 3).await, house.user("poor", 0).await);
    let models = house.store.models();
    let dataset = house.ready_dataset(&ana, "d").await;
    let theirs = house.ready_dataset(&poor, "d").await;
    let new = || NewModel {
        idempotency: key("t", "a"),
        ..new_model(&ana, &dataset, "m")
    };
    let one = models.create_with_job(new(), by(&ana)).await.unwrap();
    let two = models.create_with_job(new(), by(&ana)).await.unwrap();
    assert_eq!(
        (one.model.id, one.balance, one.charged, one.replayed),
        (two.model.id, 2, 1, false)
    );
    assert_eq!((two.balance, two.charged, two.replayed), (2, 1, true));
    let job = house
        .store
        .jobs()
        .get(ana.id, one.model.job_id.unwrap())
        .await
        .unwrap();
    assert_eq!(
        (
            job.price,
            job.payload.get("model_id").unwrap().as_str().unwrap()
        ),
        (1, one.model.id.to_string().as_str())
    );
    let refused = async |new: NewModel| models.create_with_job(new, by(&ana)).await.unwrap_err();
    let plain = |name: &str| new_model(&ana, &dataset, name);
    let other = refused(NewModel {
        idempotency: key("t", "b"),
        ..plain("m")
    })
    .await;
    assert!(matches!(
        other,
        StoreError::Conflict {
            what: "idempotency_key"
        }
    ));
    assert!(matches!(
        refused(NewModel {
            name_must_be_new: true,
            ..plain("m")
        })
        .await,
        StoreError::Conflict { what: "name" }
    ));
    assert!(matches!(
        refused(new_model(&ana, &theirs, "x")).await,
        StoreError::NotFound { what: "dataset" }
    ));
    let dear = refused(NewModel {
        price: 3,
        ..plain("x")
    })
    .await;
    assert!(matches!(
        dear,
        StoreError::InsufficientTokens {
            needed: 3,
            balance: 2
        }
    ));
    assert!(matches!(
        refused(NewModel {
            price: -3,
            ..plain("x")
        })
        .await,
        StoreError::Invalid { .. }
    ));
    let nothing = refused(new_model(&poor, &theirs, "x")).await;
    assert!(matches!(
        nothing,
        StoreError::InsufficientTokens {
            needed: 1,
            balance: 0
        }
    ));
    assert_eq!(
        models.counts(Scope::Everyone).await.unwrap(),
        BTreeMap::from([("queued".to_owned(), 1)])
    );
    assert_eq!(house.balance(&ana).await, 2);
    // What was refused used up neither a number nor a version.
    let next = models
        .create_with_job(plain("m"), by(&ana))
        .await
        .unwrap()
        .model;
    assert_eq!((next.number, next.version), (2, 2));
}

#[tokio::test]
async fn a_model_in_training_survives_its_dataset_and_is_refunded_when_deleted() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let (models, datasets) = (house.store.models(), house.store.datasets());
    let accepted = house.training(&ana, "m").await;
    let dataset = accepted.model.dataset_id.unwrap();
    assert_eq!(
        datasets.model_counts(&[dataset]).await.unwrap(),
        BTreeMap::from([(dataset, 1)])
    );
    datasets
        .rename(ana.id, dataset, "renamed", by(&ana))
        .await
        .unwrap();
    datasets.delete(ana.id, dataset, by(&ana)).await.unwrap();
    let table = accepted.model.dataset_hash.clone().unwrap();
    assert_eq!(
        house.store.artifacts().read(&table).await.unwrap(),
        "table of data"
    );
    let model = house.finish("m").await;
    assert_eq!(
        (model.dataset_id, model.dataset_name.as_str()),
        (None, "renamed")
    );
    assert!(!house.artifact_path(&table).exists());
    let report = models.report(model.id).await.unwrap();
    assert_eq!(report.report.to_string(), r#"{"z":1,"a":2}"#);
    assert!(models.report(uuid::Uuid::now_v7()).await.is_err());
    assert_eq!(house.balance(&ana).await, 14);
    let other = house.training(&ana, "m").await.model;
    let job = house.claim().await;
    models.delete(ana.id, other.id, by(&ana)).await.unwrap();
    assert_eq!(house.balance(&ana).await, 14);
    assert!(
        house
            .store
            .jobs()
            .heartbeat(job.fence(), super::house::LEASE, None)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn models_are_listed_shared_and_hidden() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 15).await);
    let models = house.store.models();
    let ready = house.ready_model(&ana, "Ships").await;
    let waiting = house.training(&ana, "waiting").await.model;
    let count = async |scope: Scope, filter: ModelFilter| {
        models
            .list(scope, &filter, &first())
            .await
            .unwrap()
            .items
            .len()
    };
    let all = ModelFilter::default;
    assert_eq!(count(ana.id.into(), all()).await, 2);
    assert_eq!(count(bo.id.into(), all()).await, 0);
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                search: Some("SHIP".to_owned()),
                ..all()
            }
        )
        .await,
        1
    );
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                search: Some("%".to_owned()),
                ..all()
            }
        )
        .await,
        0
    );
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                status: Some(ModelStatus::Queued),
                ..all()
            }
        )
        .await,
        1
    );
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                dataset_id: waiting.dataset_id,
                ..all()
            }
        )
        .await,
        1
    );
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                name: Some("Ships".to_owned()),
                ..all()
            }
        )
        .await,
        1
    );
    for id in [ready.id, waiting.id] {
        assert!(matches!(
            models.get(bo.id, id).await,
            Err(StoreError::NotFound { .. })
        ));
        assert!(models.rename(bo.id, id, "mine", by(&bo)).await.is_err());
        assert!(models.delete(bo.id, id, by(&bo)).await.is_err());
        assert!(
            models
                .set_visibility(bo.id, id, Visibility::Guest, None, by(&bo))
                .await
                .is_err()
        );
        assert!(
            models
                .set_alias(bo.id, id, "champion", by(&bo))
                .await
                .is_err()
        );
    }
    assert!(
        models
            .set_alias(ana.id, waiting.id, "champion", by(&ana))
            .await
            .is_err()
    );
    models
        .set_visibility(ana.id, ready.id, Visibility::Guest, Some("slug"), by(&ana))
        .await
        .unwrap();
    assert_eq!(models.by_guest_slug("slug").await.unwrap().id, ready.id);
    assert_eq!(
        count(
            Scope::Everyone,
            ModelFilter {
                visibility: Some(Visibility::Guest),
                ..all()
            }
        )
        .await,
        1
    );
    let taken = models
        .set_visibility(
            ana.id,
            waiting.id,
            Visibility::Guest,
            Some("slug"),
            by(&ana),
        )
        .await;
    assert!(matches!(
        taken,
        Err(StoreError::Conflict { what: "guest_slug" })
    ));
    models
        .set_visibility(ana.id, ready.id, Visibility::Private, None, by(&ana))
        .await
        .unwrap();
    assert!(models.by_guest_slug("slug").await.is_err());
}

#[tokio::test]
async fn predictions_have_a_history_and_take_the_truth() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 50).await, house.user("bo", 0).await);
    let model = house.ready_model(&ana, "m").await;
    let predictions = house.store.predictions();
    for _ in 0..3 {
        predictions
            .charge_and_record(charge(&ana, &model, 5))
            .await
            .unwrap();
    }
    let all = PredictionFilter::default();
    let page = predictions
        .list(ana.id, &all, &PageRequest::first(2))
        .await
        .unwrap();
    let rest = predictions
        .list(ana.id, &all, &PageRequest::after(2, page.next_cursor))
        .await
        .unwrap();
    assert_eq!(
        (page.items.len(), rest.items.len(), rest.next_cursor),
        (2, 1, None)
    );
    let one = rest.items.first().unwrap();
    assert_eq!(
        (one.model_id, one.model_owner_id, one.door.as_str()),
        (model.id, ana.id, "api")
    );
    assert!(predictions.get(bo.id, one.id).await.is_err());
    assert!(
        predictions
            .set_truths(bo.id, vec![(one.id, json!(["no"]))], &by(&bo))
            .await
            .is_err()
    );
    predictions
        .set_truths(ana.id, vec![(one.id, json!(["no"]))], &by(&ana))
        .await
        .unwrap();
    let known = predictions.get(ana.id, one.id).await.unwrap();
    assert_eq!(known.truth, Some(json!(["no"]).into()));
    let none = PredictionFilter {
        model_id: Some(uuid::Uuid::now_v7()),
        ..all
    };
    assert!(
        predictions
            .list(ana.id, &none, &first())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        predictions.remove_before(Timestamp::now()).await.unwrap(),
        3
    );
    assert_eq!(house.balance(&ana).await, 34);
}

/// Nothing stored holds a NUL, and databases differ in what they make of one that is looked for.
#[tokio::test]
async fn a_nul_is_found_nowhere() {
    let house = House::new().await;
    let ana = house.user("ana", 7).await;
    let store = &house.store;
    assert_eq!(store.users().by_login("ana\0").await.unwrap(), None);
    for (name, which) in [
        ("a\0", Which::Latest),
        ("a\0", Which::Version(1)),
        ("a", Which::Alias("\0")),
    ] {
        let found = store.models().by_name(ana.id, name, which).await;
        assert!(
            matches!(found, Err(StoreError::NotFound { .. })),
            "{found:?}"
        );
    }
    let found = store.models().by_guest_slug("\0").await;
    assert!(
        matches!(found, Err(StoreError::NotFound { .. })),
        "{found:?}"
    );
    let filter = JobFilter {
        kind: Some("train\0"),
        ..JobFilter::default()
    };
    let jobs = store
        .jobs()
        .list(ana.id, &filter, &PageRequest::default())
        .await;
    match jobs {
        Ok(page) => assert_eq!(page.items, vec![]),
        Err(error) => assert!(matches!(error, StoreError::Invalid { .. }), "{error:?}"),
    }
}

#[tokio::test]
async fn names_that_no_database_or_page_could_hold_are_refused() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let model = house.ready_model(&ana, "m").await;
    let dataset = house
        .store
        .datasets()
        .get(ana.id, model.dataset_id.unwrap())
        .await
        .unwrap();
    for name in ["", "  ", "a\0b", "a\nb", &"n".repeat(201)] {
        let upload = house.store.artifacts().put("bytes").await.unwrap();
        let refused = [
            house
                .store
                .datasets()
                .create_with_job(new_dataset(&ana, name, upload), by(&ana))
                .await
                .err(),
            house
                .store
                .datasets()
                .rename(ana.id, dataset.id, name, by(&ana))
                .await
                .err(),
            house
                .store
                .models()
                .create_with_job(new_model(&ana, &dataset, name), by(&ana))
                .await
                .err(),
            house
                .store
                .models()
                .rename(ana.id, model.id, name, by(&ana))
                .await
                .err(),
            house
                .store
                .models()
                .set_alias(ana.id, model.id, name, by(&ana))
                .await
                .err(),
        ];
        for (place, error) in refused.into_iter().enumerate() {
            assert!(
                matches!(error, Some(StoreError::Invalid { .. })),
                "{name:?} {place} {error:?}"
            );
        }
    }
}
