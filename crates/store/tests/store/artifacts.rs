//! Bytes: whole or not there, checked when read, gone with their last reference.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests damage files behind the store's back"
)]

use std::fs;
use std::io::Read;

use bytes::Bytes;

use super::house::{House, by, new_dataset};
use trainyard_store::*;

#[tokio::test]
async fn bytes_come_back_and_are_named_by_their_content() {
    let house = House::new().await;
    let artifacts = house.store.artifacts();
    let big: Vec<u8> = (0..3_000_017_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    let mut writer = artifacts.begin_upload().await.unwrap();
    for piece in big.chunks(70_001) {
        writer.write(Bytes::copy_from_slice(piece)).await.unwrap();
    }
    assert_eq!(writer.size(), big.len() as u64);
    let streamed = writer.finish().await.unwrap();
    let whole = artifacts.put(big.clone()).await.unwrap();
    assert_eq!(streamed, whole);
    assert_eq!(streamed.hash, blake3::hash(&big).to_hex().as_str());
    assert_eq!(artifacts.read(&streamed.hash).await.unwrap(), big);
    let mut read = Vec::new();
    artifacts
        .open(&streamed.hash)
        .await
        .unwrap()
        .read_to_end(&mut read)
        .unwrap();
    assert_eq!(read, big);
    let empty = artifacts.put("").await.unwrap();
    assert_eq!(
        (empty.size, artifacts.read(&empty.hash).await.unwrap().len()),
        (0, 0)
    );
}

#[tokio::test]
async fn damaged_bytes_are_noticed_and_a_new_upload_repairs_them() {
    let house = House::new().await;
    let artifacts = house.store.artifacts();
    let stored = artifacts.put("a model").await.unwrap();
    for damage in ["a modem", "a mode", "a model and more", ""] {
        fs::write(house.artifact_path(&stored.hash), damage).unwrap();
        assert!(
            matches!(
                artifacts.read(&stored.hash).await,
                Err(StoreError::Corrupt { .. })
            ),
            "{damage}"
        );
        assert!(
            matches!(
                artifacts.open(&stored.hash).await,
                Err(StoreError::Corrupt { .. })
            ),
            "{damage}"
        );
    }
    artifacts.put("a model").await.unwrap();
    assert_eq!(artifacts.read(&stored.hash).await.unwrap(), "a model");
}

#[tokio::test]
async fn only_hashes_name_files() {
    let house = House::new().await;
    fs::write(house.folder.path().join("secret"), "secret").unwrap();
    let traversal = format!("../{}", "a".repeat(61));
    for name in [
        "../secret",
        "..\\secret",
        "/etc/passwd",
        "",
        "é",
        "a\0b",
        &traversal,
        &"A".repeat(64),
        &"0".repeat(63),
    ] {
        let answer = house.store.artifacts().read(name).await;
        assert!(
            matches!(answer, Err(StoreError::NotFound { .. })),
            "{name:?} {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_torn_upload_is_never_seen_and_goes_at_the_next_start() {
    let house = House::new().await;
    let incoming = house.folder.path().join("artifacts/incoming");
    let files = || fs::read_dir(&incoming).unwrap().count();
    let mut writer = house.store.artifacts().begin_upload().await.unwrap();
    writer.write(Bytes::from(vec![7; 2_000_000])).await.unwrap();
    assert_eq!(files(), 1);
    drop(writer);
    assert_eq!(files(), 0);
    // What a killed process leaves: half a file that was being written, and a file in place without a row.
    fs::write(incoming.join("half"), "half").unwrap();
    let stray = blake3::hash(b"stray").to_hex().to_string();
    fs::create_dir_all(house.artifact_path(&stray).parent().unwrap()).unwrap();
    fs::write(house.artifact_path(&stray), "stray").unwrap();
    let half = blake3::hash(b"half").to_hex().to_string();
    assert!(matches!(
        house.store.artifacts().read(&half).await,
        Err(StoreError::NotFound { .. })
    ));
    let house = house.die_and_reopen().await;
    assert_eq!(files(), 0);
    assert!(!house.artifact_path(&stray).exists());
}

#[tokio::test]
async fn bytes_stay_while_anything_needs_them_and_go_with_the_last() {
    let house = House::new().await;
    let (ana, bo) = (house.user("ana", 0).await, house.user("bo", 0).await);
    let datasets = house.store.datasets();
    let one = house.store.artifacts().put("same").await.unwrap();
    let two = house.store.artifacts().put("same").await.unwrap();
    let first = datasets
        .create_with_job(new_dataset(&ana, "a", one.clone()), by(&ana))
        .await
        .unwrap();
    datasets.delete(ana.id, first.id, by(&ana)).await.unwrap();
    // Nothing refers to the bytes, but the other upload of them is about to.
    assert_eq!(
        house.store.artifacts().sweep_unreferenced().await.unwrap(),
        0
    );
    let second = datasets
        .create_with_job(new_dataset(&bo, "b", two), by(&bo))
        .await
        .unwrap();
    assert_eq!(
        house.store.artifacts().read(&one.hash).await.unwrap(),
        "same"
    );
    datasets.delete(bo.id, second.id, by(&bo)).await.unwrap();
    assert!(!house.artifact_path(&one.hash).exists());
    assert!(matches!(
        house.store.artifacts().read(&one.hash).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn refused_uploads_go_and_forgotten_ones_go_at_the_next_start() {
    let house = House::new().await;
    let artifacts = house.store.artifacts();
    let refused = artifacts.put("refused").await.unwrap();
    artifacts.discard(&refused).await.unwrap();
    assert!(!house.artifact_path(&refused.hash).exists());
    let forgotten = artifacts.put("forgotten").await.unwrap();
    assert_eq!(artifacts.sweep_unreferenced().await.unwrap(), 0);
    let house = house.die_and_reopen().await;
    assert!(!house.artifact_path(&forgotten.hash).exists());
    let missing = ArtifactRef {
        hash: forgotten.hash,
        size: 9,
    };
    let ana = house.user("ana", 0).await;
    let dataset = house
        .store
        .datasets()
        .create_with_job(new_dataset(&ana, "d", missing), by(&ana))
        .await;
    assert!(
        matches!(dataset, Err(StoreError::NotFound { what: "artifact" })),
        "{dataset:?}"
    );
}
