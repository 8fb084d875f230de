//! Who did what, from where, with which result. Entries of one writer form a chain: each holds the hash of the
//! one before, so an entry that was changed, removed or moved breaks every later link: `verify` looks, `shorten` removes what is
//! too old to keep.

pub(crate) mod shorten;
pub(crate) mod verify;

use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    Condition, DbBackend, FromQueryResult, IntoActiveModel, QueryResult, QuerySelect, QueryTrait,
    Statement,
};

use crate::Store;
use crate::clock::Timestamp;
use crate::database::together;
use crate::error::Result as StoreResult;
use crate::page::{self, Page, PageRequest};
use crate::tables::audit_heads;

/// The chain this process appends to. Every process on one SQLite file takes turns at the same chain.
const WRITER: &str = "main";
/// What the first entry of a chain follows.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An audit entry as stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, serde::Serialize)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Grows with time.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Which chain.
    pub writer: String,
    /// The place in the chain, from 1.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// Who, if anybody was signed in.
    pub actor_id: Option<Uuid>,
    /// What that account was called then.
    pub actor_name: String,
    /// What was done, such as `model.train`.
    pub action: String,
    /// `ok`, `refused` or `failed`.
    pub outcome: String,
    /// What it was done to, such as `model`.
    pub subject_kind: Option<String>,
    /// Which one.
    pub subject_id: Option<String>,
    /// From which network address.
    pub address: Option<String>,
    /// With which program.
    pub agent: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// Through which door, such as `api`.
    pub door: Option<String>,
    /// More, as JSON text. Digests, never inputs or secrets.
    pub details: String,
    /// The hash of the entry before.
    pub previous_hash: String,
    /// The hash of this entry.
    pub hash: String,
}

no_relations!();

/// What is to be remembered about an act.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Who, if anybody was signed in.
    pub actor_id: Option<Uuid>,
    /// What that account is called.
    pub actor_name: String,
    /// What is done, such as `model.train`.
    pub action: String,
    /// `ok`, `refused` or `failed`.
    pub outcome: String,
    /// What it is done to.
    pub subject_kind: Option<String>,
    /// Which one.
    pub subject_id: Option<String>,
    /// From which network address.
    pub address: Option<String>,
    /// With which program.
    pub agent: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// Through which door.
    pub door: Option<String>,
    /// More. Digests, never inputs or secrets.
    pub details: Json,
}

impl AuditEntry {
    /// An act that went well, by nobody in particular until [`AuditEntry::by`] says whom.
    #[must_use]
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            actor_id: None,
            actor_name: "system".to_owned(),
            action: action.into(),
            outcome: "ok".to_owned(),
            subject_kind: None,
            subject_id: None,
            address: None,
            agent: None,
            request_id: None,
            door: None,
            details: Json::Null,
        }
    }

    /// Says who did it.
    #[must_use]
    pub fn by(mut self, actor_id: Uuid, actor_name: impl Into<String>) -> Self {
        self.actor_id = Some(actor_id);
        self.actor_name = actor_name.into();
        self
    }

    /// Says what it was done to, unless that was said before.
    #[must_use]
    pub fn about(mut self, kind: impl Into<String>, id: impl ToString) -> Self {
        if self.subject_kind.is_none() {
            self.subject_kind = Some(kind.into());
            self.subject_id = Some(id.to_string());
        }
        self
    }

    /// Says how it ended: `ok`, `refused` or `failed`.
    #[must_use]
    pub fn outcome(mut self, outcome: impl Into<String>) -> Self {
        self.outcome = outcome.into();
        self
    }

    /// Adds what else is worth knowing to what was added before.
    #[must_use]
    pub fn details(mut self, details: Json) -> Self {
        match (&mut self.details, details) {
            (Json::Object(known), Json::Object(more)) => known.extend(more),
            (known, more) => *known = more,
        }
        self
    }
}

/// Which entries a list holds.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only by this account.
    pub actor_id: Option<Uuid>,
    /// Only this action.
    pub action: Option<String>,
    /// Only this outcome.
    pub outcome: Option<String>,
    /// Only about things of this kind.
    pub subject_kind: Option<String>,
    /// Only about this thing.
    pub subject_id: Option<String>,
    /// Only from this network address.
    pub address: Option<String>,
    /// Only of this request.
    pub request_id: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Words in the actor's name, the action, the subject, the address, the program, the request or the details.
    pub search: Option<String>,
}

/// Queries on the audit; from [`Store::audit`].
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(pub(crate) &'a Store);

impl Audit<'_> {
    /// Remembers an act that changes nothing else, such as a refused sign-in.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn append(&self, entry: AuditEntry) -> StoreResult<()> {
        let transaction = self.0.write().await?;
        append(&transaction, &[entry]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// One page of entries.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        filter: &AuditFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let words = filter.search.as_deref();
        let texts = [
            (Column::Action, &filter.action),
            (Column::Outcome, &filter.outcome),
            (Column::SubjectKind, &filter.subject_kind),
            (Column::SubjectId, &filter.subject_id),
            (Column::Address, &filter.address),
            (Column::RequestId, &filter.request_id),
        ];
        let condition = texts
            .into_iter()
            .fold(Condition::all(), |all, (column, wanted)| {
                all.add_option(wanted.as_deref().map(|text| page::equals(column, text)))
            })
            .add_option(filter.actor_id.map(|id| Column::ActorId.eq(id)))
            .add_option(filter.from.map(|from| Column::At.gte(from)))
            .add_option(filter.until.map(|until| Column::At.lt(until)))
            .add_option(words.map(|words| {
                [
                    Column::ActorName,
                    Column::Action,
                    Column::SubjectKind,
                    Column::SubjectId,
                    Column::Address,
                    Column::Agent,
                    Column::RequestId,
                    Column::Details,
                ]
                .into_iter()
                .fold(Condition::any(), |any, column| {
                    any.add(page::contains_any_case(column, words))
                })
            }));
        let select = Entity::find().filter(condition);
        page::fetch(self.0.read(), select, request, Column::Id, None, |row| {
            (row.id, String::new())
        })
        .await
    }
}

/// Appends to this process's chain inside the caller's transaction: the act and its entry are one commit.
pub(crate) async fn append(
    database: &impl ConnectionTrait,
    entries: &[AuditEntry],
) -> StoreResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let backend = database.get_database_backend();
    let head = database.query_one_raw(head(backend)).await?;
    let statements = continued(head.as_ref(), entries, backend)?;
    together::execute(database, statements).await
}

/// Asks where this process's chain ends, and keeps others from continuing it.
pub(crate) fn head(backend: DbBackend) -> Statement {
    audit_heads::Entity::find_by_id(WRITER)
        .lock_exclusive()
        .build(backend)
}

/// What continues the chain from what [`head`] found.
pub(crate) fn continued(
    head: Option<&QueryResult>,
    entries: &[AuditEntry],
    backend: DbBackend,
) -> StoreResult<Vec<Statement>> {
    let head = head.map(|row| audit_heads::Model::from_query_result(row, ""));
    let (mut sequence, mut hash) = head
        .transpose()?
        .map_or((0, GENESIS.to_owned()), |head| (head.sequence, head.hash));
    let now = Timestamp::now();
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence += 1;
        let mut row = Model {
            id: 0,
            writer: WRITER.to_owned(),
            sequence,
            at: now,
            actor_id: entry.actor_id,
            actor_name: entry.actor_name.clone(),
            action: entry.action.clone(),
            outcome: entry.outcome.clone(),
            subject_kind: entry.subject_kind.clone(),
            subject_id: entry.subject_id.clone(),
            address: entry.address.clone(),
            agent: entry.agent.clone(),
            request_id: entry.request_id.clone(),
            door: entry.door.clone(),
            details: if entry.details.is_null() {
                "{}".to_owned()
            } else {
                entry.details.to_string()
            },
            previous_hash: hash,
            hash: String::new(),
        };
        row.hash = digest(&row);
        hash = row.hash.clone();
        let mut row = row.into_active_model();
        row.id = NotSet;
        rows.push(row);
    }
    let head = audit_heads::ActiveModel {
        writer: Set(WRITER.to_owned()),
        sequence: Set(sequence),
        hash: Set(hash),
    };
    let moved = OnConflict::column(audit_heads::Column::Writer)
        .update_columns([audit_heads::Column::Sequence, audit_heads::Column::Hash])
        .to_owned();
    let head = audit_heads::Entity::insert(head).on_conflict(moved);
    Ok(vec![
        Entity::insert_many(rows).build(backend),
        head.build(backend),
    ])
}

/// BLAKE3 over every field, each with its length in front so that no two entries read the same.
fn digest(row: &Model) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("trainyard audit entry 1");
    let mut field = |text: Option<&str>| match text {
        Some(text) => {
            hasher.update(&(text.len() as u64 + 1).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        None => {
            hasher.update(&0_u64.to_le_bytes());
        }
    };
    field(Some(&row.writer));
    field(Some(&row.sequence.to_string()));
    field(Some(&row.at.microseconds().to_string()));
    field(row.actor_id.map(|id| id.to_string()).as_deref());
    field(Some(&row.actor_name));
    field(Some(&row.action));
    field(Some(&row.outcome));
    field(row.subject_kind.as_deref());
    field(row.subject_id.as_deref());
    field(row.address.as_deref());
    field(row.agent.as_deref());
    field(row.request_id.as_deref());
    field(row.door.as_deref());
    field(Some(&row.details));
    field(Some(&row.previous_hash));
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test stops at its first surprise")]

    use super::verify::verify_chain;
    use super::*;
    use crate::{AnchorKey, StoreOptions};

    /// Whoever can compute an entry's hash can forge the entry, but then its follower does not follow it.
    #[tokio::test]
    async fn an_entry_forged_with_its_right_hash_breaks_the_link_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(StoreOptions::in_folder(folder.path()))
            .await
            .unwrap();
        for _ in 0..3 {
            store.audit().append(AuditEntry::new("act")).await.unwrap();
        }
        let key = AnchorKey::of(b"a secret");
        assert_eq!(store.audit().verify(&key).await.unwrap(), 3);
        for (sequence, fits) in [(2, "entry 3 of main"), (3, "after 3 are missing")] {
            let transaction = store.write().await.unwrap();
            let found = Entity::find()
                .filter(Column::Sequence.eq(sequence))
                .one(&transaction)
                .await
                .unwrap();
            let mut forged = found.unwrap();
            forged.actor_name = "somebody else".to_owned();
            forged.hash = digest(&forged);
            let change = ActiveModel {
                actor_name: Set(forged.actor_name.clone()),
                hash: Set(forged.hash.clone()),
                ..Default::default()
            };
            Entity::update_many()
                .set(change)
                .filter(Column::Id.eq(forged.id))
                .exec(&transaction)
                .await
                .unwrap();
            // Seen inside the transaction, which is then dropped: the next forgery starts from a whole chain.
            let head = audit_heads::Entity::find_by_id(WRITER)
                .one(&transaction)
                .await
                .unwrap()
                .unwrap();
            let broken = verify_chain(&transaction, &head, &key)
                .await
                .unwrap_err()
                .to_string();
            assert!(broken.contains(fits), "{broken}");
        }
    }
}
