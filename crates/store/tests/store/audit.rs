//! The audit: complete, searchable, and hard to change unnoticed.

use super::house::{House, anchor_key, by, charge, empty_place};
use trainyard_store::*;

async fn five_entries() -> (House, User) {
    let house = House::new().await;
    let ana = house.user("ana", 0).await;
    for number in 0..4 {
        let entry = by(&ana).details(serde_json::json!({"number": number, "line": "a\nb"}));
        house.store.audit().append(entry).await.unwrap();
    }
    assert_eq!(house.chain().await.unwrap(), 5);
    (house, ana)
}

#[tokio::test]
async fn every_kind_of_tampering_is_found() {
    for (what, sql) in [
        (
            "a changed detail",
            "UPDATE audit SET details = '{}' WHERE sequence = 3",
        ),
        (
            "a changed actor",
            "UPDATE audit SET actor_name = 'bo' WHERE sequence = 1",
        ),
        (
            "a changed time",
            "UPDATE audit SET at = at + 1 WHERE sequence = 2",
        ),
        ("a removed entry", "DELETE FROM audit WHERE sequence = 3"),
        (
            "a removed beginning",
            "DELETE FROM audit WHERE sequence <= 2",
        ),
        ("a removed end", "DELETE FROM audit WHERE sequence >= 4"),
        ("everything removed", "DELETE FROM audit"),
        ("a removed head", "DELETE FROM audit_heads"),
        (
            "swapped entries",
            "UPDATE audit SET sequence = -sequence WHERE sequence IN (2, 3); \
             UPDATE audit SET sequence = 5 + sequence WHERE sequence < 0",
        ),
    ] {
        let (house, _) = five_entries().await;
        house.tamper(sql).await;
        let found = house.chain().await;
        assert!(
            matches!(found, Err(StoreError::Corrupt { what: "audit", .. })),
            "{what}: {found:?}"
        );
    }
}

#[tokio::test]
async fn appending_after_a_cut_does_not_heal_the_chain() {
    let (house, ana) = five_entries().await;
    house.tamper("DELETE FROM audit WHERE sequence = 5").await;
    house.store.audit().append(by(&ana)).await.unwrap();
    assert!(house.chain().await.is_err());
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_entry_and_one_that_works_leaves_one() {
    let (house, ana) = five_entries().await;
    assert!(
        house
            .store
            .ledger()
            .grant(ana.id, -1, None, None, by(&ana))
            .await
            .is_err()
    );
    assert_eq!(house.chain().await.unwrap(), 5);
    house
        .store
        .ledger()
        .grant(ana.id, 1, None, None, by(&ana))
        .await
        .unwrap();
    assert_eq!(house.chain().await.unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_make_one_chain() {
    let (house, ana) = five_entries().await;
    let appends: Vec<_> = (0..40)
        .map(|_| {
            let (store, entry) = (house.store.clone(), by(&ana));
            tokio::spawn(async move { store.audit().append(entry).await.unwrap() })
        })
        .collect();
    for append in appends {
        append.await.unwrap();
    }
    assert_eq!(house.chain().await.unwrap(), 45);
}

/// A filter goes straight to its entries instead of looking at all of them.
#[tokio::test]
async fn filters_have_a_way_of_their_own() {
    let (house, _) = five_entries().await;
    for column in ["actor_id", "action", "address", "request_id", "subject_id"] {
        let wanted = if column == "actor_id" {
            "'00000000-0000-7000-8000-000000000001'"
        } else {
            "'x'"
        };
        let question = format!("SELECT id FROM audit WHERE {column} = {wanted}");
        let plan = if house.is_file() {
            let newest = format!("EXPLAIN QUERY PLAN {question} ORDER BY id DESC LIMIT 51");
            house.texts(&[&newest], "detail").await
        } else {
            // Of so few entries a server would look at all.
            let plan = format!("EXPLAIN {question}");
            let only = ["SET enable_seqscan = off", &plan];
            house.texts(&only, "QUERY PLAN").await
        };
        let index = format!("ix_audit_{column}_id");
        assert!(
            plan.iter().any(|line| line.contains(&index)),
            "{column}: {plan:?}"
        );
        assert!(
            !plan.iter().any(|line| line.contains("TEMP B-TREE")),
            "{column}: {plan:?}"
        );
    }
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let (house, ana) = five_entries().await;
    let audit = house.store.audit();
    let mut refused = AuditEntry::new("auth.login")
        .outcome("refused")
        .about("user", ana.id);
    refused.address = Some("203.0.113.9".to_owned());
    audit.append(refused).await.unwrap();
    let count = async |filter: AuditFilter| {
        audit
            .list(&filter, &PageRequest::first(100))
            .await
            .unwrap()
            .items
            .len()
    };
    let all = AuditFilter::default;
    assert_eq!(count(all()).await, 6);
    assert_eq!(
        count(AuditFilter {
            actor_id: Some(ana.id),
            ..all()
        })
        .await,
        4
    );
    assert_eq!(
        count(AuditFilter {
            action: Some("auth.login".to_owned()),
            ..all()
        })
        .await,
        1
    );
    assert_eq!(
        count(AuditFilter {
            outcome: Some("refused".to_owned()),
            ..all()
        })
        .await,
        1
    );
    assert_eq!(
        count(AuditFilter {
            subject_id: Some(ana.id.to_string()),
            ..all()
        })
        .await,
        2
    );
    assert_eq!(
        count(AuditFilter {
            subject_kind: Some("user".to_owned()),
            ..all()
        })
        .await,
        2
    );
    assert_eq!(
        count(AuditFilter {
            search: Some("203.0.".to_owned()),
            ..all()
        })
        .await,
        1
    );
    assert_eq!(
        count(AuditFilter {
            search: Some("LOGIN".to_owned()),
            ..all()
        })
        .await,
        1
    );
    assert_eq!(
        count(AuditFilter {
            search: Some("%".to_owned()),
            ..all()
        })
        .await,
        0
    );
    assert_eq!(
        count(AuditFilter {
            search: Some("' OR 1=1 --".to_owned()),
            ..all()
        })
        .await,
        0
    );
    assert_eq!(
        count(AuditFilter {
            until: Some(Timestamp::now()),
            ..all()
        })
        .await,
        6
    );
    assert_eq!(
        count(AuditFilter {
            from: Some(Timestamp::now()),
            ..all()
        })
        .await,
        0
    );
    let first = audit.list(&all(), &PageRequest::first(4)).await.unwrap();
    assert_eq!(first.items.first().unwrap().action, "auth.login");
    let rest = audit
        .list(&all(), &PageRequest::after(4, first.next_cursor))
        .await
        .unwrap();
    assert_eq!((rest.items.len(), rest.next_cursor), (2, None));
}

/// Attack 26 and retention: what is too old goes, the rest still verifies, and only the holder of the secret can do it.
#[tokio::test]
async fn a_shortened_chain_still_verifies() {
    let (house, ana) = five_entries().await;
    let cut = Timestamp::now();
    for _ in 0..3 {
        house.store.audit().append(by(&ana)).await.unwrap();
    }
    let audit = house.store.audit();
    let before_all = Timestamp::from_microseconds(0).unwrap();
    assert_eq!(
        audit
            .remove_before(before_all, &anchor_key())
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        house.chain().await.unwrap(),
        8,
        "nothing removed, nothing to say"
    );

    assert_eq!(audit.remove_before(cut, &anchor_key()).await.unwrap(), 5);
    assert_eq!(house.chain().await.unwrap(), 4, "three, and that five went");
    let page = audit
        .list(&AuditFilter::default(), &PageRequest::first(9))
        .await
        .unwrap();
    let first = page.items.first().unwrap();
    assert_eq!((first.action.as_str(), first.sequence), ("audit.remove", 9));
    assert!(
        first.details.contains("\"through\":5") && first.details.contains("\"count\":5"),
        "{}",
        first.details
    );
    assert_eq!(audit.remove_before(cut, &anchor_key()).await.unwrap(), 0);

    let other = AnchorKey::of(b"the secret of somebody else");
    assert!(audit.verify(&other).await.is_err());
    assert!(audit.remove_before(Timestamp::now(), &other).await.is_err());
    // Again, and everything this time: what stays is that it went.
    assert_eq!(
        audit
            .remove_before(Timestamp::now(), &anchor_key())
            .await
            .unwrap(),
        4
    );
    assert_eq!(house.chain().await.unwrap(), 1);
    house.store.audit().append(by(&ana)).await.unwrap();
    assert_eq!(house.chain().await.unwrap(), 2);
    for sql in [
        "UPDATE audit_anchors SET sequence = sequence + 1; DELETE FROM audit WHERE sequence = 10",
        "DELETE FROM audit_anchors",
    ] {
        house.tamper(sql).await;
        assert!(house.chain().await.is_err(), "{sql}");
    }
}

/// Retention must not wipe the traces of whoever changed an entry.
#[tokio::test]
async fn what_was_changed_does_not_go() {
    for sql in [
        "UPDATE audit SET details = '{}' WHERE sequence = 3",
        "DELETE FROM audit WHERE sequence = 2",
        "DELETE FROM audit WHERE sequence = 1",
    ] {
        let (house, _) = five_entries().await;
        house.tamper(sql).await;
        let audit = house.store.audit();
        let removed = audit.remove_before(Timestamp::now(), &anchor_key()).await;
        assert!(matches!(removed, Err(StoreError::Corrupt { .. })), "{sql}");
        let left = audit
            .list(&AuditFilter::default(), &PageRequest::first(9))
            .await
            .unwrap();
        assert!(left.items.len() >= 4, "{sql}");
    }
}

/// A chain longer than what goes in one commit.
#[tokio::test]
async fn many_entries_go_in_steps() {
    let house = House::new().await;
    let ana = house.user("ana", 1).await;
    let model = house.ready_model(&ana, "m").await;
    let charges: Vec<_> = (0..1_500)
        .map(|_| {
            let (store, charge) = (house.store.clone(), charge(&ana, &model, 0));
            tokio::spawn(async move { store.predictions().charge_and_record(charge).await })
        })
        .collect();
    for charge in charges {
        charge.await.unwrap().unwrap();
    }
    let length = house.chain().await.unwrap();
    let removed = house
        .store
        .audit()
        .remove_before(Timestamp::now(), &anchor_key())
        .await;
    assert_eq!(removed.unwrap(), length);
    let steps = i64::try_from(length.div_ceil(1_000)).unwrap();
    assert!(steps > 1);
    assert_eq!(
        house.chain().await.unwrap(),
        steps as u64,
        "one entry for each step"
    );
}

/// A restored place has another secret: its shortened chain is signed with that one.
#[tokio::test]
async fn a_shortened_chain_survives_a_backup() {
    let (house, ana) = five_entries().await;
    house.store.audit().append(by(&ana)).await.unwrap();
    let removed = house
        .store
        .audit()
        .remove_before(Timestamp::now(), &anchor_key())
        .await;
    assert_eq!(removed.unwrap(), 6);
    let file = house.folder.path().join("backup");
    house.store.backup(&file, by(&ana)).await.unwrap();
    let other = AnchorKey::of(b"another secret");
    let (_folder, empty) = empty_place();
    let wanted = Restoration {
        key: other.clone(),
        audit: by(&ana),
        manifest: None,
        anyway: false,
    };
    let restored = restore(empty.clone(), &file, wanted).await.unwrap();
    assert!(restored.findings.is_sound(), "{:?}", restored.findings);
    let store = Store::open(empty).await.unwrap();
    assert_eq!(
        store.audit().verify(&other).await.unwrap(),
        3,
        "removed, backed up, restored"
    );
    assert!(store.audit().verify(&anchor_key()).await.is_err());
}
