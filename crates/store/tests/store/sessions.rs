//! Refresh tokens and keys for scripts.

use std::time::Duration;

use super::house::{House, by};
use trainyard_store::*;
use uuid::Uuid;

fn renewal() -> AuditEntry {
    AuditEntry::new("session.renew")
}

fn session(hash: &str, family: Uuid, lifetime: Duration) -> NewSession<'_> {
    NewSession {
        hash,
        family,
        lifetime,
    }
}

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn a_refresh_token_works_once_and_a_copy_ends_its_family() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    let tokens = house.store.refresh_tokens();
    let (family, other) = (Uuid::now_v7(), Uuid::now_v7());
    tokens
        .insert(ana.id, session("a1", family, DAY))
        .await
        .unwrap();
    tokens
        .insert(ana.id, session("b1", other, DAY))
        .await
        .unwrap();
    assert!(matches!(
        tokens.insert(ana.id, session("a1", family, DAY)).await,
        Err(StoreError::Conflict { .. })
    ));
    assert!(
        matches!(tokens.rotate("a1", "a2", DAY, renewal()).await.unwrap(), Rotation::Rotated(user) if user.id == ana.id)
    );
    assert!(matches!(
        tokens.rotate("a2", "a3", DAY, renewal()).await.unwrap(),
        Rotation::Rotated(_)
    ));
    // Somebody shows the first one again: everything that came of it ends, the other browser goes on.
    assert_eq!(
        tokens.rotate("a1", "x", DAY, renewal()).await.unwrap(),
        Rotation::Reused {
            user_id: ana.id,
            family
        }
    );
    assert!(matches!(
        tokens.rotate("a3", "a4", DAY, renewal()).await.unwrap(),
        Rotation::Reused { .. }
    ));
    assert!(matches!(
        tokens.rotate("b1", "b2", DAY, renewal()).await.unwrap(),
        Rotation::Rotated(_)
    ));
    assert_eq!(
        tokens.rotate("never", "x", DAY, renewal()).await.unwrap(),
        Rotation::Unknown
    );
    assert_eq!(tokens.family_of("b2").await.unwrap(), Some((other, ana.id)));
    tokens.revoke_family(other).await.unwrap();
    assert!(matches!(
        tokens.rotate("b2", "b3", DAY, renewal()).await.unwrap(),
        Rotation::Reused { .. }
    ));
    tokens
        .insert(ana.id, session("old", Uuid::now_v7(), Duration::ZERO))
        .await
        .unwrap();
    assert_eq!(
        tokens.rotate("old", "x", DAY, renewal()).await.unwrap(),
        Rotation::Expired
    );
    assert_eq!(tokens.remove_expired(Duration::ZERO).await.unwrap(), 1);
    assert_eq!(
        tokens.rotate("old", "x", DAY, renewal()).await.unwrap(),
        Rotation::Unknown
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_simultaneous_uses_of_one_refresh_token_one_succeeds() {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    house
        .store
        .refresh_tokens()
        .insert(ana.id, session("a", Uuid::now_v7(), DAY))
        .await
        .unwrap();
    let uses: Vec<_> = (0..8)
        .map(|number| {
            let store = house.store.clone();
            tokio::spawn(async move {
                store
                    .refresh_tokens()
                    .rotate("a", &format!("n{number}"), DAY, renewal())
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut rotated = 0;
    for one in uses {
        rotated += u32::from(matches!(one.await.unwrap(), Rotation::Rotated(_)));
    }
    assert_eq!(rotated, 1);
}

#[tokio::test]
async fn a_new_password_a_demotion_and_a_switched_off_account_end_refresh_tokens() {
    let house = House::new().await;
    let tokens = house.store.refresh_tokens();
    for change in ["password", "role", "off", "all"] {
        let user = house.user(change, 0).await;
        tokens
            .insert(user.id, session(change, Uuid::now_v7(), DAY))
            .await
            .unwrap();
        let users = house.store.users();
        match change {
            "password" => drop(users.set_password(user.id, "new", by(&user)).await.unwrap()),
            "role" => {
                let changes = UserChanges {
                    role: Some(Role::Guest),
                    ..UserChanges::default()
                };
                users.update(user.id, changes, by(&user)).await.unwrap();
            }
            "off" => {
                let changes = UserChanges {
                    active: Some(false),
                    ..UserChanges::default()
                };
                users.update(user.id, changes, by(&user)).await.unwrap();
            }
            _ => tokens.revoke_user(user.id).await.unwrap(),
        }
        let answer = tokens.rotate(change, "next", DAY, renewal()).await.unwrap();
        assert!(
            matches!(answer, Rotation::Reused { .. }),
            "{change}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn keys_work_until_they_end() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 0).await, house.user("bo", 0).await);
    let keys = house.store.api_keys();
    let new = |hash: &str, expires_at: Option<Timestamp>| NewApiKey {
        user_id: ana.id,
        name: "script".to_owned(),
        prefix: "ty_abc".to_owned(),
        hash: hash.to_owned(),
        scopes: vec!["predict".to_owned()],
        expires_at,
    };
    let key = keys.create(new("h1", None), by(&ana)).await.unwrap();
    keys.create(new("h2", Some(Timestamp::now())), by(&ana))
        .await
        .unwrap();
    assert!(matches!(
        keys.create(new("h1", None), by(&ana)).await,
        Err(StoreError::Conflict { .. })
    ));
    let (found, user) = keys.by_hash("h1").await.unwrap().unwrap();
    assert_eq!((found.id, user.id), (key.id, ana.id));
    assert!(keys.by_hash("h2").await.unwrap().is_none());
    keys.used(&found).await.unwrap();
    let (found, _) = keys.by_hash("h1").await.unwrap().unwrap();
    let first_use = found.last_used_at.unwrap();
    keys.used(&found).await.unwrap();
    assert_eq!(
        keys.by_hash("h1").await.unwrap().unwrap().0.last_used_at,
        Some(first_use)
    );
    assert_eq!(
        keys.list(ana.id, &PageRequest::default())
            .await
            .unwrap()
            .items
            .len(),
        2
    );
    assert!(matches!(
        keys.revoke(bo.id, key.id, by(&bo)).await,
        Err(StoreError::NotFound { .. })
    ));
    keys.revoke(ana.id, key.id, by(&ana)).await.unwrap();
    assert!(keys.by_hash("h1").await.unwrap().is_none());
    let off = UserChanges {
        active: Some(false),
        ..UserChanges::default()
    };
    keys.create(new("h3", None), by(&ana)).await.unwrap();
    house
        .store
        .users()
        .update(ana.id, off, by(&bo))
        .await
        .unwrap();
    assert!(keys.by_hash("h3").await.unwrap().is_none());
    let shown = format!("{key:?} {ana:?}");
    assert!(!shown.contains("h1") && !shown.contains("hash"), "{shown}");
}
