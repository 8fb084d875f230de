//! Tokens: never spent twice, never lost, never made.

use serde_json::json;

use super::house::{House, by, charge, key, new_model};
use trainyard_store::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_five_tokens_are_spent_once() {
    // One token goes for the training; 5 to 9 are left, which is one prediction and never two.
    for tokens in 6..=10 {
        let left = tokens - 6;
        let house = House::new().await;
        let ana = house.user("ana", tokens).await;
        let model = house.ready_model(&ana, "m").await;
        let [one, two] = [(), ()].map(|()| {
            let (store, charge) = (house.store.clone(), charge(&ana, &model, 5));
            tokio::spawn(async move { store.predictions().charge_and_record(charge).await })
        });
        let mut outcomes = [one.await.unwrap(), two.await.unwrap()];
        outcomes.sort_by_key(Result::is_err);
        let recorded = matches!(outcomes[0], Ok(Charged::Recorded { charged: 5, balance, .. }) if balance == left);
        assert!(recorded, "{outcomes:?}");
        let refused = matches!(outcomes[1], Err(StoreError::InsufficientTokens { needed: 5, balance }) if balance == left);
        assert!(refused, "{outcomes:?}");
        assert_eq!(house.balance(&ana).await, left);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_at_once_are_charged_exactly() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 501).await, house.user("bo", 10_000).await);
    let model = house.ready_model(&ana, "m").await;
    house.share(&ana, &model).await;
    let before = house.chain().await.unwrap();
    let tries: Vec<_> = (0..400)
        .map(|number| {
            let caller = if number % 2 == 0 { &ana } else { &bo };
            let (store, charge) = (house.store.clone(), charge(caller, &model, 5));
            tokio::spawn(async move { store.predictions().charge_and_record(charge).await })
        })
        .collect();
    let (mut recorded, mut refused) = (0, 0);
    for one in tries {
        match one.await.unwrap() {
            Ok(Charged::Recorded { .. }) => recorded += 1,
            Err(StoreError::InsufficientTokens { .. }) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((recorded, refused), (300, 100));
    assert_eq!(
        (house.balance(&ana).await, house.balance(&bo).await),
        (0, 9_000)
    );
    let predictions = house.store.predictions();
    let since = model.created_at;
    assert_eq!(predictions.totals(ana.id, since).await.unwrap(), (100, 100));
    assert_eq!(
        predictions.totals(Scope::Everyone, since).await.unwrap(),
        (300, 300)
    );
    assert_eq!(house.chain().await.unwrap(), before + 300);
    let entries = house
        .store
        .ledger()
        .entries(ana.id, &PageRequest::first(200))
        .await
        .unwrap()
        .items;
    assert_eq!(entries.len(), 102);
    assert_eq!(entries.iter().map(|entry| entry.delta).sum::<i64>(), 0);
    let entry = entries.first().unwrap();
    assert_eq!(
        (entry.reason.as_str(), entry.delta, entry.balance_after),
        ("predict", -5, 0)
    );
    let prediction = predictions
        .get(ana.id, entry.reference.as_ref().unwrap().parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        (prediction.price, prediction.answer),
        (5, Some(json!({"value": "yes"}).into()))
    );
}

#[tokio::test]
async fn a_charge_that_may_not_be_is_refused_by_its_reason_and_takes_nothing() {
    let house = House::new().await;
    let ana = house.user("ana", 15).await;
    let model = house.ready_model(&ana, "m").await;
    let queued = house.training(&ana, "queued").await.model;
    let balance = house.balance(&ana).await;
    let users = house.store.users();
    let predictions = house.store.predictions();
    let refused = async |charge: Charge| predictions.charge_and_record(charge).await.unwrap_err();
    for (token_version, role, model, price) in [
        (0, Role::User, &model, 5),
        (1, Role::Admin, &model, 5),
        (1, Role::User, &queued, 0),
        (1, Role::User, &model, 16),
    ] {
        let one = Charge {
            token_version: Some(token_version),
            role,
            ..charge(&ana, model, price)
        };
        let error = refused(one).await;
        let right = match (token_version, role, price) {
            (0, ..) => matches!(error, StoreError::Unauthenticated),
            (_, Role::Admin, _) => matches!(error, StoreError::Forbidden),
            (.., 0) => matches!(error, StoreError::NotFound { what: "model" }),
            _ => matches!(
                error,
                StoreError::InsufficientTokens {
                    needed: 16,
                    balance: 13
                }
            ),
        };
        assert!(right, "{error:?}");
    }
    for price in [-5, i64::MIN, i64::MAX, MAX_TOKENS + 1] {
        assert!(
            matches!(
                refused(charge(&ana, &model, price)).await,
                StoreError::Invalid { .. }
            ),
            "{price}"
        );
    }
    // What a session was allowed when it began does not count.
    let one = charge(&ana, &model, 0);
    users.bump_token_version(ana.id, by(&ana)).await.unwrap();
    assert!(matches!(
        refused(one.clone()).await,
        StoreError::Unauthenticated
    ));
    let key_of_hers = Charge {
        token_version: None,
        ..one
    };
    assert!(matches!(
        predictions
            .charge_and_record(key_of_hers.clone())
            .await
            .unwrap(),
        Charged::Recorded { charged: 0, .. }
    ));
    let off = UserChanges {
        active: Some(false),
        ..UserChanges::default()
    };
    users.update(ana.id, off, by(&ana)).await.unwrap();
    assert!(matches!(
        refused(key_of_hers.clone()).await,
        StoreError::Unauthenticated
    ));
    let on = UserChanges {
        active: Some(true),
        ..UserChanges::default()
    };
    users.update(ana.id, on, by(&ana)).await.unwrap();
    house
        .store
        .models()
        .delete(ana.id, model.id, by(&ana))
        .await
        .unwrap();
    assert!(matches!(
        refused(key_of_hers.clone()).await,
        StoreError::NotFound { what: "model" }
    ));
    assert_eq!(house.balance(&ana).await, balance);
    users.delete(ana.id, AuditEntry::new("test")).await.unwrap();
    assert!(matches!(
        refused(key_of_hers).await,
        StoreError::Unauthenticated
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_request_is_charged_once_and_answered_alike() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 16).await, house.user("bo", 5).await);
    let model = house.ready_model(&ana, "m").await;
    house.share(&ana, &model).await;
    let with = |caller: &User, digest: &str| Charge {
        idempotency: key("k", digest),
        ..charge(caller, &model, 5)
    };
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (store, charge) = (house.store.clone(), with(&ana, "d"));
            tokio::spawn(
                async move { store.predictions().charge_and_record(charge).await.unwrap() },
            )
        })
        .collect();
    let (mut first, mut replays) = (Vec::new(), Vec::new());
    for one in tries {
        match one.await.unwrap() {
            Charged::Recorded { prediction_id, .. } => first.push(prediction_id),
            Charged::Replayed {
                prediction,
                balance,
            } => replays.push((prediction, balance)),
        }
    }
    assert_eq!((first.len(), replays.len()), (1, 19));
    for (prediction, balance) in replays {
        assert_eq!((prediction.id, balance), (first[0], 10));
        assert_eq!(prediction.answer, Some(json!({"value": "yes"}).into()));
    }
    let predictions = house.store.predictions();
    let other = predictions.charge_and_record(with(&ana, "other")).await;
    assert!(
        matches!(
            other,
            Err(StoreError::Conflict {
                what: "idempotency_key"
            })
        ),
        "{other:?}"
    );
    assert!(matches!(
        predictions.charge_and_record(with(&bo, "x")).await.unwrap(),
        Charged::Recorded { .. }
    ));
    let asked = predictions
        .earlier(ana.id, &key("k", "d").unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(asked.id, first[0]);
    assert_eq!(
        predictions
            .earlier(ana.id, &key("new", "d").unwrap())
            .await
            .unwrap(),
        None
    );
    assert!(
        predictions
            .earlier(ana.id, &key("k", "e").unwrap())
            .await
            .is_err()
    );
    // A key of a prediction is not a key of a training.
    let dataset = house.ready_dataset(&ana, "d2").await;
    let training = NewModel {
        idempotency: key("k", "d"),
        ..new_model(&ana, &dataset, "m2")
    };
    assert!(
        house
            .store
            .models()
            .create_with_job(training, by(&ana))
            .await
            .is_err()
    );
    assert_eq!(
        (house.balance(&ana).await, house.balance(&bo).await),
        (10, 0)
    );
    // Also after a restart.
    let house = house.die_and_reopen().await;
    let again = house
        .store
        .predictions()
        .charge_and_record(with(&ana, "d"))
        .await
        .unwrap();
    assert!(matches!(again, Charged::Replayed { .. }));
}

#[tokio::test]
async fn somebody_else_can_pay() {
    let house = House::new().await;
    let (ana, guest) = (house.user("ana", 11).await, house.user("guest", 0).await);
    let model = house.ready_model(&ana, "m").await;
    let shared = Charge {
        payer_id: ana.id,
        ..charge(&guest, &model, 5)
    };
    // Not before she shares it, and not as a guest's call.
    let predictions = house.store.predictions();
    let as_guest = Charge {
        access: Access::Guest { daily_calls: 1 },
        ..charge(&ana, &model, 5)
    };
    for refused in [&shared, &as_guest] {
        assert!(matches!(
            predictions.charge_and_record(refused.clone()).await,
            Err(StoreError::NotFound { what: "model" })
        ));
    }
    house.share(&ana, &model).await;
    house
        .store
        .predictions()
        .charge_and_record(shared.clone())
        .await
        .unwrap();
    house
        .store
        .predictions()
        .charge_and_record(shared.clone())
        .await
        .unwrap();
    assert!(matches!(
        house.store.predictions().charge_and_record(shared).await,
        Err(StoreError::InsufficientTokens {
            needed: 5,
            balance: 0
        })
    ));
    assert_eq!(
        (house.balance(&ana).await, house.balance(&guest).await),
        (0, 0)
    );
}

#[tokio::test]
async fn grants_are_bounded_and_damage_shows() {
    let house = House::new().await;
    let ana = house.user("ana", 5).await;
    let ledger = house.store.ledger();
    let idempotency = Idempotency {
        key: "welcome to ana".to_owned(),
        request_digest: "10".to_owned(),
    };
    let give = || ledger.grant(ana.id, 10, Some("welcome"), Some(&idempotency), by(&ana));
    let granted = give().await.unwrap();
    assert!(!granted.replayed);
    let again = give().await.unwrap();
    assert!(again.replayed);
    let entry = granted.movement;
    assert_eq!(again.movement, entry);
    assert_eq!(
        (
            entry.balance_after,
            entry.reference.as_deref(),
            entry.actor_id
        ),
        (15, Some("welcome"), Some(ana.id))
    );
    for delta in [0, i64::MIN, i64::MAX, MAX_TOKENS] {
        assert!(
            matches!(
                ledger.grant(ana.id, delta, None, None, by(&ana)).await,
                Err(StoreError::Invalid { .. })
            ),
            "{delta}"
        );
    }
    let too_much = ledger.grant(ana.id, -16, None, None, by(&ana)).await;
    assert!(matches!(
        too_much,
        Err(StoreError::InsufficientTokens {
            needed: 16,
            balance: 15
        })
    ));
    assert!(matches!(
        ledger.grant(SYSTEM_USER, 1, None, None, by(&ana)).await,
        Err(StoreError::NotFound { .. })
    ));
    ledger
        .grant(ana.id, -15, None, None, by(&ana))
        .await
        .unwrap();
    assert_eq!(
        ledger.verify(ana.id).await.unwrap(),
        Verified {
            entries: 3,
            balance: 0
        }
    );
    assert_eq!(ledger.balance(ana.id).await.unwrap(), 0);
    for sql in [
        "UPDATE users SET tokens = 99 WHERE user_name = 'ana'",
        "UPDATE ledger SET delta = 12 WHERE delta = 10",
        "DELETE FROM ledger WHERE delta = 10",
    ] {
        let house = House::new().await;
        let ana = house.user("ana", 5).await;
        house
            .store
            .ledger()
            .grant(ana.id, 10, None, None, by(&ana))
            .await
            .unwrap();
        house
            .store
            .ledger()
            .grant(ana.id, -3, None, None, by(&ana))
            .await
            .unwrap();
        assert_eq!(house.tamper(sql).await, 1);
        let found = house.store.ledger().verify(ana.id).await;
        assert!(
            matches!(found, Err(StoreError::Corrupt { what: "ledger", .. })),
            "{sql} {found:?}"
        );
    }
}
