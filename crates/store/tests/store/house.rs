//! What the tests share: a store in a folder that goes away, and the usual things in it.

use std::path::PathBuf;
use std::time::Duration;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use trainyard_store::*;

#[path = "../support/server.rs"]
mod server;

/// Long enough that no test outlives it.
pub(crate) const LEASE: Duration = Duration::from_secs(600);

pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    /// How to open it again.
    pub(crate) options: StoreOptions,
}

impl House {
    /// In a SQLite file or, where the tests are told of a PostgreSQL server, in a schema of its own there.
    pub(crate) async fn new() -> Self {
        let (folder, options) = empty_place();
        let store = Store::open(options.clone()).await.unwrap();
        Self {
            store,
            folder,
            options,
        }
    }

    /// Whether the database is a file in the folder.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.options.database, DatabasePlace::File(_))
    }

    /// The same folder after the process died: nothing is closed, nothing said.
    pub(crate) async fn die_and_reopen(self) -> Self {
        let Self {
            store,
            folder,
            options,
        } = self;
        drop(store);
        let store = Store::open(options.clone()).await.unwrap();
        Self {
            store,
            folder,
            options,
        }
    }

    /// Changes the database behind the store's back.
    pub(crate) async fn tamper(&self, sql: &str) -> u64 {
        let address = match &self.options.database {
            DatabasePlace::File(path) => format!("sqlite://{}", path.display()),
            DatabasePlace::Server(url) => url.clone(),
        };
        let other = Database::connect(address).await.unwrap();
        let changed = other.execute_unprepared(sql).await.unwrap().rows_affected();
        other.close().await.unwrap();
        changed
    }

    /// Says all of this to the database on one connection; the texts in a column of the last answer.
    pub(crate) async fn texts(&self, statements: &[&str], column: &str) -> Vec<String> {
        let address = match &self.options.database {
            DatabasePlace::File(path) => format!("sqlite://{}", path.display()),
            DatabasePlace::Server(url) => url.clone(),
        };
        let mut options = ConnectOptions::new(address);
        options.max_connections(1);
        let other = Database::connect(options).await.unwrap();
        let mut rows = Vec::new();
        for statement in statements {
            let statement = Statement::from_string(other.get_database_backend(), *statement);
            rows = other.query_all_raw(statement).await.unwrap();
        }
        other.close().await.unwrap();
        rows.iter()
            .map(|row| row.try_get("", column).unwrap())
            .collect()
    }

    pub(crate) fn artifact_path(&self, hash: &str) -> PathBuf {
        self.folder
            .path()
            .join("artifacts")
            .join(&hash[..2])
            .join(hash)
    }

    pub(crate) async fn user(&self, name: &str, tokens: i64) -> User {
        self.store
            .users()
            .create(new_user(name, tokens), AuditEntry::new("user.create"))
            .await
            .unwrap()
    }

    pub(crate) async fn dataset_of(&self, owner: &User, name: &str) -> Dataset {
        let upload = self
            .store
            .artifacts()
            .put(format!("upload of {name}"))
            .await
            .unwrap();
        self.store
            .datasets()
            .create_with_job(new_dataset(owner, name, upload), by(owner))
            .await
            .unwrap()
    }

    /// A dataset that was read.
    pub(crate) async fn ready_dataset(&self, owner: &User, name: &str) -> Dataset {
        self.dataset_of(owner, name).await;
        let job = self.claim().await;
        let table = self
            .store
            .artifacts()
            .put(format!("table of {name}"))
            .await
            .unwrap();
        self.store
            .datasets()
            .mark_ready(job.fence(), read_dataset(table))
            .await
            .unwrap()
    }

    pub(crate) async fn training(&self, owner: &User, name: &str) -> AcceptedModel {
        let dataset = self.ready_dataset(owner, "data").await;
        self.store
            .models()
            .create_with_job(new_model(owner, &dataset, name), by(owner))
            .await
            .unwrap()
    }

    /// Lets everybody with an account ask a model.
    pub(crate) async fn share(&self, owner: &User, model: &Model) {
        let models = self.store.models();
        models
            .set_visibility(owner.id, model.id, Visibility::SignedIn, None, by(owner))
            .await
            .unwrap();
    }

    /// A model that predicts.
    pub(crate) async fn ready_model(&self, owner: &User, name: &str) -> Model {
        self.training(owner, name).await;
        self.finish(name).await
    }

    /// Finishes the training that waits.
    pub(crate) async fn finish(&self, bytes: &str) -> Model {
        let job = self.claim().await;
        let artifact = self
            .store
            .artifacts()
            .put(format!("model {bytes}"))
            .await
            .unwrap();
        self.store
            .models()
            .finish(job.fence(), trained(artifact))
            .await
            .unwrap()
    }

    pub(crate) async fn claim(&self) -> Job {
        self.store
            .jobs()
            .claim("worker", LEASE)
            .await
            .unwrap()
            .unwrap()
    }

    /// How many entries the audit's chain has, when it is whole.
    pub(crate) async fn chain(&self) -> Result<u64> {
        self.store.audit().verify(&anchor_key()).await
    }

    pub(crate) async fn balance(&self, user: &User) -> i64 {
        let verified = self.store.ledger().verify(user.id).await.unwrap();
        verified.balance
    }
}

/// Where nobody has been yet.
pub(crate) fn empty_place() -> (TempDir, StoreOptions) {
    let folder = tempfile::tempdir().unwrap();
    let mut options = StoreOptions::in_folder(folder.path());
    if let Some(url) = server::database_for(folder.path()) {
        options = options.at_server(&url);
    }
    (folder, options)
}

pub(crate) fn anchor_key() -> AnchorKey {
    AnchorKey::of(b"the secret of a test")
}

pub(crate) fn by(user: &User) -> AuditEntry {
    AuditEntry::new("test").by(user.id, user.display_name.clone())
}

pub(crate) fn new_user(name: &str, tokens: i64) -> NewUser {
    NewUser {
        user_name: Some(name.to_owned()),
        email: Some(format!("{name}@example.com")),
        display_name: String::new(),
        password_hash: Some("hash".to_owned()),
        role: Role::User,
        tokens,
    }
}

pub(crate) fn new_dataset(owner: &User, name: &str, upload: ArtifactRef) -> NewDataset {
    NewDataset {
        owner_id: owner.id,
        name: name.to_owned(),
        file_name: format!("{name}.csv"),
        sample: None,
        format: Some("csv".to_owned()),
        upload,
        options: json!({}),
        job: NewJob::new("profile", Value::Null),
        idempotency: None,
    }
}

pub(crate) fn read_dataset(table: ArtifactRef) -> ReadDataset {
    ReadDataset {
        table,
        format: "csv".to_owned(),
        rows: 10,
        columns: 3,
        suggested_target: Some("y".to_owned()),
        profile: json!({"rows": 10}),
    }
}

pub(crate) fn new_model(owner: &User, dataset: &Dataset, name: &str) -> NewModel {
    NewModel {
        owner_id: owner.id,
        name: name.to_owned(),
        dataset_id: dataset.id,
        dataset_hash: dataset.table_hash.clone().unwrap(),
        target: "y".to_owned(),
        task: None,
        algorithm: "auto".to_owned(),
        effort: Some("quick".to_owned()),
        metric: None,
        positive_class: None,
        params: json!({}),
        features: None,
        test_size: 0.2,
        folds: 0,
        seed: 42,
        spec: json!({"target": "y"}),
        tags: json!([]),
        price: 1,
        name_must_be_new: false,
        job: NewJob::new("train", json!({})),
        idempotency: None,
    }
}

pub(crate) fn trained(artifact: ArtifactRef) -> TrainedModel {
    TrainedModel {
        artifact,
        task: "classification".to_owned(),
        algorithm: "random_forest".to_owned(),
        params: json!({"n_estimators": 100}),
        metrics: json!({"accuracy": {"value": 0.8}}),
        classes: json!(["no", "yes"]),
        signature: json!([]),
        report: json!({"z": 1, "a": 2}),
        lineage: json!({}),
        verdict: "Good.".to_owned(),
        fit_seconds: 0.5,
    }
}

pub(crate) fn charge(caller: &User, model: &Model, price: i64) -> Charge {
    Charge {
        caller_id: caller.id,
        payer_id: caller.id,
        token_version: Some(caller.token_version),
        role: caller.role,
        model_id: model.id,
        access: Access::Account,
        price,
        door: "api".to_owned(),
        input_digest: "digest".to_owned(),
        rows: 1,
        answer: Some(json!({"value": "yes"})),
        tally: None,
        idempotency: None,
        audit: by(caller),
    }
}

pub(crate) fn key(key: &str, digest: &str) -> Option<Idempotency> {
    Some(Idempotency {
        key: key.to_owned(),
        request_digest: digest.to_owned(),
    })
}
