//! Accounts: names, the first administrator, changes, lists, settings.

use std::collections::BTreeMap;

use super::house::{House, by, charge, new_user};
use serde_json::json;
use trainyard_store::settings::{PRICE_PREDICT, REGISTRATION_OPEN, STARTING_TOKENS};
use trainyard_store::*;

fn entry() -> AuditEntry {
    AuditEntry::new("test")
}

#[tokio::test]
async fn names_are_unique_whatever_their_case_and_across_both_columns() {
    let house = House::new().await;
    let users = house.store.users();
    let ana = users.create(new_user("Ana", 15), entry()).await.unwrap();
    assert_eq!(
        (ana.number, ana.tokens, ana.display_name.as_str()),
        (1, 15, "Ana")
    );
    for login in ["ana", " ANA ", "ANA@example.COM"] {
        assert_eq!(users.by_login(login).await.unwrap().unwrap().id, ana.id);
    }
    assert_eq!(users.by_login("nobody").await.unwrap(), None);
    let taken = |user_name: Option<&str>, email: Option<&str>| NewUser {
        user_name: user_name.map(str::to_owned),
        email: email.map(str::to_owned),
        ..new_user("x", 0)
    };
    let conflict = |result: Result<User>| match result {
        Err(StoreError::Conflict { what }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        conflict(users.create(taken(Some("aNa"), None), entry()).await),
        "user_name"
    );
    assert_eq!(
        conflict(
            users
                .create(taken(None, Some("ana@EXAMPLE.com")), entry())
                .await
        ),
        "email"
    );
    assert_eq!(
        conflict(users.create(taken(Some("system"), None), entry()).await),
        "user_name"
    );
    // The other one's address as a user name, and names that are none.
    for bad in [
        taken(Some("ana@example.com"), Some("other@example.com")),
        taken(Some("at@sign"), None),
        taken(None, None),
        taken(Some("  "), None),
        taken(None, Some("no-at-sign")),
        taken(Some("line\nbreak"), None),
    ] {
        let result = users.create(bad.clone(), entry()).await;
        assert!(
            matches!(result, Err(StoreError::Invalid { .. })),
            "{bad:?} {result:?}"
        );
    }
    // One's own address as one's user name is fine, and nothing failed left a number behind.
    let own = users
        .create(
            taken(Some("Bo@example.com"), Some("bo@example.com")),
            entry(),
        )
        .await
        .unwrap();
    assert_eq!(own.number, 2);
    assert_eq!(users.by_number(2).await.unwrap().id, own.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_administrators_exactly_one_is_made() {
    let house = House::new().await;
    assert!(house.store.users().setup_needed().await.unwrap());
    let tries: Vec<_> = (0..16)
        .map(|number| {
            let store = house.store.clone();
            tokio::spawn(async move {
                store
                    .users()
                    .setup_first_admin(new_user(&format!("admin{number}"), 0), entry())
                    .await
            })
        })
        .collect();
    let mut made = 0;
    for attempt in tries {
        match attempt.await.unwrap() {
            Ok(user) => {
                assert_eq!(user.role, Role::Admin);
                made += 1;
            }
            Err(error) => assert!(
                matches!(error, StoreError::Conflict { what: "setup" }),
                "{error:?}"
            ),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(
        house
            .store
            .users()
            .count(&UserFilter::default())
            .await
            .unwrap(),
        1
    );
    assert!(!house.store.users().setup_needed().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_registrations_under_one_name_exactly_one_succeeds() {
    let house = House::new().await;
    let tries: Vec<_> = (0..8)
        .map(|number| {
            let store = house.store.clone();
            let name = if number % 2 == 0 { "ana" } else { "ANA" };
            tokio::spawn(async move {
                store
                    .users()
                    .create(new_user(name, 15), entry())
                    .await
                    .is_ok()
            })
        })
        .collect();
    let mut made = 0;
    for attempt in tries {
        made += u32::from(attempt.await.unwrap());
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn changing_rights_ends_sessions_and_the_last_administrator_stays() {
    let house = House::new().await;
    let users = house.store.users();
    let admin = users
        .setup_first_admin(new_user("root", 0), entry())
        .await
        .unwrap();
    let ana = house.user("ana", 15).await;
    let demote = UserChanges {
        role: Some(Role::Analyst),
        ..UserChanges::default()
    };
    let last = users.update(admin.id, demote.clone(), by(&admin)).await;
    assert!(
        matches!(last, Err(StoreError::Conflict { what: "last_admin" })),
        "{last:?}"
    );
    let off = UserChanges {
        active: Some(false),
        ..UserChanges::default()
    };
    assert!(users.update(admin.id, off, by(&admin)).await.is_err());
    assert!(users.delete(admin.id, by(&admin)).await.is_err());
    let changed = users.update(ana.id, demote, by(&admin)).await.unwrap();
    assert_eq!(
        (changed.role, changed.token_version),
        (Role::Analyst, ana.token_version + 1)
    );
    let renamed = UserChanges {
        user_name: Some(Some("Anna".to_owned())),
        email: Some(None),
        display_name: Some("Anna K.".to_owned()),
        ..UserChanges::default()
    };
    let renamed = users.update(ana.id, renamed, by(&admin)).await.unwrap();
    assert_eq!(renamed.token_version, changed.token_version);
    assert_eq!(users.by_login("ana").await.unwrap(), None);
    assert_eq!(users.by_login("ana@example.com").await.unwrap(), None);
    assert_eq!(users.by_login("anna").await.unwrap().unwrap().id, ana.id);
    let taken = UserChanges {
        user_name: Some(Some("ROOT".to_owned())),
        ..UserChanges::default()
    };
    let taken = users.update(ana.id, taken, by(&admin)).await;
    assert!(matches!(
        taken,
        Err(StoreError::Conflict { what: "user_name" })
    ));
    assert_eq!(users.by_login("anna").await.unwrap().unwrap().id, ana.id);
    let password = users.set_password(ana.id, "new", by(&ana)).await.unwrap();
    assert_eq!(
        (password.password_hash.as_deref(), password.token_version),
        (Some("new"), 3)
    );
    assert_eq!(
        users
            .bump_token_version(ana.id, by(&ana))
            .await
            .unwrap()
            .token_version,
        4
    );
    users
        .rehash_password(ana.id, "not the old one", "other")
        .await
        .unwrap();
    assert_eq!(
        users.by_id(ana.id).await.unwrap().password_hash.as_deref(),
        Some("new")
    );
    users
        .rehash_password(ana.id, "new", "stronger")
        .await
        .unwrap();
    let session = NewSession {
        hash: "a session",
        family: ana.id,
        lifetime: std::time::Duration::from_secs(60),
    };
    assert!(matches!(
        users.signed_in(ana.id, "new", session, by(&ana)).await,
        Err(StoreError::Unauthenticated)
    ));
    users
        .signed_in(ana.id, "stronger", session, by(&ana))
        .await
        .unwrap();
    let ana = users.by_id(ana.id).await.unwrap();
    assert_eq!(ana.password_hash.as_deref(), Some("stronger"));
    assert!(ana.last_login_at.is_some());
    assert!(matches!(
        users.set_password(SYSTEM_USER, "x", entry()).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn deleting_an_account_takes_its_things_and_leaves_the_audit() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 15).await, house.user("bo", 15).await);
    let model = house.ready_model(&ana, "m").await;
    house
        .store
        .predictions()
        .charge_and_record(charge(&ana, &model, 5))
        .await
        .unwrap();
    // Both uploaded the same bytes: they stay for the other one.
    house.dataset_of(&bo, "data").await;
    let shared = house
        .store
        .datasets()
        .get(Scope::Everyone, model.dataset_id.unwrap())
        .await
        .unwrap()
        .upload_hash;
    let before = house.chain().await.unwrap();
    house.store.users().delete(ana.id, by(&bo)).await.unwrap();
    assert!(matches!(
        house.store.users().by_id(ana.id).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(
        house
            .store
            .models()
            .get(Scope::Everyone, model.id)
            .await
            .is_err()
    );
    assert!(!house.artifact_path(&model.artifact_hash.unwrap()).exists());
    assert!(house.artifact_path(&shared).exists());
    assert_eq!(house.chain().await.unwrap(), before + 1);
    assert_eq!(house.user("ana", 0).await.number, 3);
}

#[tokio::test]
async fn lists_page_filter_and_sort_and_texts_stay_texts() {
    let house = House::new().await;
    for number in 0..25 {
        house.user(&format!("user{number:02}"), number).await;
    }
    house.user("100%_sure", 0).await;
    let users = house.store.users();
    for sort in [Sort::Newest, Sort::Oldest, Sort::Name] {
        let mut seen = Vec::new();
        let mut request = PageRequest {
            limit: 7,
            cursor: None,
            sort,
        };
        loop {
            let page = users.list(&UserFilter::default(), &request).await.unwrap();
            assert!(page.items.len() <= 7);
            seen.extend(page.items.into_iter().map(|user| user.display_name));
            request.cursor = page.next_cursor;
            if request.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 26, "{sort:?}");
        let mut expected: Vec<String> = (0..25).map(|number| format!("user{number:02}")).collect();
        expected.push("100%_sure".to_owned());
        match sort {
            Sort::Newest => expected.reverse(),
            Sort::Oldest => {}
            _ => expected.sort(),
        }
        assert_eq!(seen, expected);
    }
    let found = async |words: &str| {
        let filter = UserFilter {
            search: Some(words.to_owned()),
            ..UserFilter::default()
        };
        users
            .list(&filter, &PageRequest::first(100))
            .await
            .unwrap()
            .items
            .len()
    };
    assert_eq!(found("USER0").await, 10);
    // Pattern letters, quotes and statements find only themselves.
    assert_eq!(found("%").await, 1);
    assert_eq!(found("_").await, 1);
    assert_eq!(found("\\").await, 0);
    for attack in [
        "' OR '1'='1",
        "'; DROP TABLE users; --",
        "%' OR 1=1 --",
        "\0",
        "user0' UNION SELECT * FROM users --",
    ] {
        assert_eq!(found(attack).await, 0, "{attack}");
        assert!(attack.parse::<Sort>().is_err());
        let request = PageRequest {
            cursor: Some(attack.to_owned()),
            ..PageRequest::default()
        };
        let answer = users.list(&UserFilter::default(), &request).await;
        assert!(
            matches!(answer, Err(StoreError::Invalid { what: "cursor", .. })),
            "{attack} {answer:?}"
        );
    }
    assert_eq!(users.count(&UserFilter::default()).await.unwrap(), 26);
    // A cursor of one order does not continue another.
    let newest = users
        .list(&UserFilter::default(), &PageRequest::first(5))
        .await
        .unwrap()
        .next_cursor;
    let mixed = PageRequest {
        limit: 5,
        cursor: newest,
        sort: Sort::Name,
    };
    assert!(users.list(&UserFilter::default(), &mixed).await.is_err());
    let rich = UserFilter {
        min_tokens: Some(20),
        role: Some(Role::User),
        active: Some(true),
        search: None,
    };
    assert_eq!(users.count(&rich).await.unwrap(), 5);
}

#[tokio::test]
async fn settings_have_defaults_bounds_and_survive() {
    let house = House::new().await;
    let settings = house.store.settings();
    let now = settings.current();
    assert_eq!(
        (now.integer(&STARTING_TOKENS), now.integer(&PRICE_PREDICT)),
        (15, 5)
    );
    assert!(now.boolean(&REGISTRATION_OPEN));
    let change = |key: &str, value: serde_json::Value| BTreeMap::from([(key.to_owned(), value)]);
    for (key, value) in [
        ("price_predict", json!(-1)),
        ("price_predict", json!("5")),
        ("starting_tokens", json!(1.5)),
        ("registration_open", json!(1)),
        ("set_up", json!(false)),
        ("unknown", json!(1)),
    ] {
        assert!(
            settings
                .set(&change(key, value.clone()), entry())
                .await
                .is_err(),
            "{key} {value}"
        );
    }
    // All or none.
    let mut both = change("price_predict", json!(3));
    both.insert("starting_tokens".to_owned(), json!(-5));
    assert!(settings.set(&both, entry()).await.is_err());
    assert_eq!(settings.current().integer(&PRICE_PREDICT), 5);
    both.insert("starting_tokens".to_owned(), json!(50));
    settings.set(&both, entry()).await.unwrap();
    let house = house.die_and_reopen().await;
    let now = house.store.settings().current();
    assert_eq!(
        (now.integer(&STARTING_TOKENS), now.integer(&PRICE_PREDICT)),
        (50, 3)
    );
    assert_eq!(now.all().len(), trainyard_store::settings::SETTINGS.len());
}
