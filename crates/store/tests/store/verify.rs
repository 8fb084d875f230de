//! Going through the books: nothing to find after honest work, and every kind of tampering named.

use serde_json::json;

use super::house::{House, anchor_key, by, charge};
use trainyard_store::*;

/// A house in which everything was paid for once: trainings that ended well and badly, predictions, a grant.
async fn busy_house() -> House {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 30).await, house.user("bo", 15).await);
    let model = house.ready_model(&ana, "m").await;
    house.training(&bo, "bad").await;
    let job = house.claim().await;
    let failure = Failure::new("internal", "It broke.");
    house.store.jobs().fail(job.fence(), failure).await.unwrap();
    let predictions = house.store.predictions();
    for price in [5, 5, 0] {
        let one = charge(&ana, &model, price);
        predictions.charge_and_record(one).await.unwrap();
    }
    let ledger = house.store.ledger();
    ledger
        .grant(bo.id, 7, Some("thanks"), None, by(&ana))
        .await
        .unwrap();
    house
}

async fn found(house: &House) -> Findings {
    house.store.verify(&anchor_key()).await.unwrap()
}

#[tokio::test]
async fn honest_books_fit() {
    let house = busy_house().await;
    let findings = found(&house).await;
    assert!(findings.is_sound(), "{:?}", findings.problems);
    // ana, bo and the account that owns what is shipped; two openings, two trainings, a refund, two charges, a grant.
    assert_eq!((findings.accounts, findings.entries), (3, 8));
    assert_eq!(
        (findings.predictions, findings.jobs, findings.refunds),
        (2, 2, 1)
    );
    assert_eq!(findings.audit, Some(house.chain().await.unwrap()));
    let (writer, sequence, hash) = &findings.heads[0];
    assert_eq!((writer.as_str(), hash.len()), ("main", 64));
    assert_eq!(Some(*sequence as u64), findings.audit);
}

/// Attacks 19 and 26, from behind: whoever can write into the database does not do it unseen.
#[tokio::test]
async fn every_kind_of_tampering_is_named() {
    let first_prediction = "(SELECT id FROM predictions WHERE price > 0 ORDER BY id LIMIT 1)";
    let copied = "user_id, at, delta, reason, reference, balance_after";
    for (sql, names) in [
        (
            "UPDATE users SET tokens = tokens + 100 WHERE user_name = 'bo'".to_owned(),
            vec!["Balance: account 2"],
        ),
        (
            "UPDATE ledger SET delta = 107, balance_after = balance_after + 100 WHERE reason = 'grant'".to_owned(),
            vec!["Balance: account 2"],
        ),
        (
            "UPDATE ledger SET delta = 107 WHERE reason = 'grant'".to_owned(),
            vec!["Ledger: entry 8", "Balance: account 2"],
        ),
        (
            "DELETE FROM ledger WHERE reason = 'grant'; UPDATE users SET tokens = tokens - 7 WHERE user_name = 'bo'; \
             DELETE FROM ledger WHERE reason = 'opening' AND delta = 15".to_owned(),
            vec!["Ledger: entry", "Balance: account 2"],
        ),
        (
            format!("DELETE FROM predictions WHERE id = {first_prediction}"),
            vec!["which is not recorded"],
        ),
        (
            format!("UPDATE predictions SET price = 50 WHERE id = {first_prediction}"),
            vec!["for a prediction of 50 tokens"],
        ),
        (
            "DELETE FROM ledger WHERE reason = 'predict' AND balance_after = 19; \
             UPDATE users SET tokens = tokens + 5 WHERE user_name = 'ana'".to_owned(),
            vec!["Prediction ", "which nobody was charged for"],
        ),
        (
            "DELETE FROM ledger WHERE reason = 'refund'".to_owned(),
            vec!["Refund: job", "was not given back"],
        ),
        (
            "UPDATE ledger SET refund_of = NULL WHERE reason = 'refund'".to_owned(),
            vec!["names no job"],
        ),
        (
            "UPDATE jobs SET status = 'done' WHERE status = 'failed'".to_owned(),
            vec!["which did not fail at that price"],
        ),
        (
            "UPDATE jobs SET price = 100 WHERE status = 'failed'".to_owned(),
            vec!["job", "of 100 tokens"],
        ),
        (
            format!("INSERT INTO ledger ({copied}) SELECT {copied} FROM ledger WHERE reason = 'predict' AND balance_after = 19"),
            vec!["was paid for 2 times"],
        ),
        (
            format!(
                "DROP INDEX ix_ledger_refund_of; INSERT INTO ledger (refund_of, {copied}) SELECT refund_of, {copied} FROM ledger WHERE reason = 'refund'"
            ),
            vec!["was given back 2 times"],
        ),
        (
            "UPDATE audit SET actor_name = 'nobody' WHERE sequence = 3".to_owned(),
            vec!["Audit: entry 3 of main was changed"],
        ),
        (
            "INSERT INTO audit_anchors (writer, sequence, hash, created_at) SELECT writer, sequence, hash, at FROM audit WHERE sequence = 3; \
             DELETE FROM audit WHERE sequence <= 3".to_owned(),
            vec!["Audit: the anchor of main at entry 3 was not signed"],
        ),
    ] {
        let house = busy_house().await;
        house.tamper(&sql).await;
        let findings = found(&house).await;
        let text = findings.problems.join("\n");
        assert!(!findings.is_sound(), "{sql}");
        for name in names {
            assert!(text.contains(name), "{sql}: {text}");
        }
    }
}

#[tokio::test]
async fn more_damage_than_can_be_read_is_counted() {
    let house = busy_house().await;
    let ana = house.store.users().by_login("ana").await.unwrap().unwrap();
    for _ in 0..120 {
        house
            .store
            .ledger()
            .grant(ana.id, 1, None, None, by(&ana))
            .await
            .unwrap();
    }
    house
        .tamper("UPDATE ledger SET delta = 2 WHERE delta = 1 AND reason = 'grant'")
        .await;
    let findings = found(&house).await;
    assert_eq!((findings.problems.len(), findings.more), (100, 21));
}

/// What retention removed is not missed, what somebody else removed is.
#[tokio::test]
async fn predictions_too_old_to_keep_are_not_missed() {
    let house = busy_house().await;
    let predictions = house.store.predictions();
    house.tamper("UPDATE predictions SET created_at = created_at - 86400000000; UPDATE ledger SET at = at - 86400000000").await;
    let hour = std::time::Duration::from_secs(3_600);
    let removed = predictions
        .remove_before(Timestamp::now().minus(hour))
        .await;
    assert_eq!(removed.unwrap(), 3);
    let findings = found(&house).await;
    assert!(findings.is_sound(), "{:?}", findings.problems);
    assert_eq!(findings.predictions, 2);
    let filter = AuditFilter {
        action: Some("predictions.remove".to_owned()),
        ..AuditFilter::default()
    };
    let entries = house
        .store
        .audit()
        .list(&filter, &PageRequest::first(2))
        .await
        .unwrap()
        .items;
    let details: serde_json::Value = serde_json::from_str(&entries[0].details).unwrap();
    assert_eq!((entries.len(), &details["count"]), (1, &json!(3)));
    assert_eq!(
        predictions
            .remove_before(Timestamp::now().minus(hour))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        found(&house).await.audit,
        findings.audit,
        "nothing removed, nothing to say"
    );
}
