//! Answers that were given: by which model, to whom, for how much, with the stored answer itself when it is
//! small enough. Written only by the group-commit writer (see `charges`), together with what they cost.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use crate::Store;
use crate::charges::{Charge, Charged};
use crate::clock::Timestamp;
use crate::error::{Result as StoreResult, StoreError};
use crate::json::JsonText;
use crate::page::{self, Page, PageRequest, Scope};
use crate::tables::audit::{self, AuditEntry};
use crate::tables::idempotency_keys::{self, Idempotency};
use crate::tables::settings;

/// One call's answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "predictions")]
pub struct Model {
    /// UUIDv7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// By which model; it may be gone.
    pub model_id: Uuid,
    /// Whose model.
    pub model_owner_id: Uuid,
    /// Who asked.
    pub caller_id: Uuid,
    /// Who paid.
    pub payer_id: Uuid,
    /// Through which door.
    pub door: String,
    /// A digest of the input; the input itself is not kept.
    pub input_digest: String,
    /// How many rows.
    pub rows: i32,
    /// The answer, when it was small enough to keep.
    pub answer: Option<JsonText>,
    /// What it cost.
    pub price: i64,
    /// When.
    pub created_at: Timestamp,
    /// What turned out to be true, when somebody said so.
    pub truth: Option<JsonText>,
    /// When that was said.
    pub truth_at: Option<Timestamp>,
    /// The caller's key for a request that may come twice.
    pub idempotency_key: Option<String>,
    /// Where the rows fall among those the model learned from.
    pub tally: Option<JsonText>,
}

no_relations!();

/// Which predictions a list holds.
#[derive(Clone, Debug, Default)]
pub struct PredictionFilter {
    /// Only by this model.
    pub model_id: Option<Uuid>,
    /// Only through this door.
    pub door: Option<String>,
    /// Only those whose truth is known, or not.
    pub with_truth: Option<bool>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// What is needed of a prediction to judge its model.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The prediction.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// How many rows.
    pub rows: i32,
    /// The answer, where it was kept and asked for.
    pub answer: Option<JsonText>,
    /// What turned out to be true.
    pub truth: Option<JsonText>,
    /// Where the rows fall, where asked for.
    pub tally: Option<JsonText>,
}

/// Queries on predictions; from [`Store::predictions`].
#[derive(Clone, Copy, Debug)]
pub struct Predictions<'a>(pub(crate) &'a Store);

impl Predictions<'_> {
    /// Charges for an answer and records it, together with what others ask at the same moment, in one durable
    /// commit; returns after it. Under a key seen before: the earlier answer, nothing charged.
    ///
    /// # Errors
    /// Nothing is charged and nothing recorded on any: `Unauthenticated`, `Forbidden`, `NotFound` (the model),
    /// `InsufficientTokens`, `Conflict { what: "idempotency_key" }`.
    pub async fn charge_and_record(&self, charge: Charge) -> StoreResult<Charged> {
        self.0.charges().submit(charge).await
    }

    /// The answer given earlier under this key, if any: asked before predicting, so that a replay need not
    /// predict again.
    ///
    /// # Errors
    /// `Conflict { what: "idempotency_key" }` for a key used for another request.
    pub async fn earlier(
        &self,
        caller_id: Uuid,
        idempotency: &Idempotency,
    ) -> StoreResult<Option<Model>> {
        let database = self.0.read();
        match idempotency_keys::earlier(database, caller_id, "prediction", Some(idempotency))
            .await?
        {
            Some(id) => Ok(Entity::find_by_id(id).one(database).await?),
            None => Ok(None),
        }
    }

    /// A prediction of this caller's.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn get(&self, scope: impl Into<Scope>, id: Uuid) -> StoreResult<Model> {
        let found = Entity::find_by_id(id)
            .filter(called(scope.into()))
            .one(self.0.read())
            .await?;
        found.ok_or(StoreError::not_found("prediction"))
    }

    /// One page of predictions.
    ///
    /// # Errors
    /// `Invalid` for a foreign cursor.
    pub async fn list(
        &self,
        scope: impl Into<Scope>,
        filter: &PredictionFilter,
        request: &PageRequest,
    ) -> StoreResult<Page<Model>> {
        let condition = called(scope.into())
            .add_option(filter.model_id.map(|id| Column::ModelId.eq(id)))
            .add_option(filter.door.as_ref().map(|door| Column::Door.eq(door)))
            .add_option(filter.with_truth.map(|known| match known {
                true => Column::TruthAt.is_not_null(),
                false => Column::TruthAt.is_null(),
            }))
            .add_option(filter.from.map(|from| Column::CreatedAt.gte(from)))
            .add_option(filter.until.map(|until| Column::CreatedAt.lt(until)));
        let select = Entity::find().filter(condition);
        page::fetch(self.0.read(), select, request, Column::Id, None, |row| {
            (row.id, String::new())
        })
        .await
    }

    /// Predictions of this caller's; those that are not there or not theirs are left out.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn get_all(&self, scope: impl Into<Scope>, ids: &[Uuid]) -> StoreResult<Vec<Model>> {
        Ok(Entity::find()
            .filter(called(scope.into()))
            .filter(Column::Id.is_in(ids.iter().copied()))
            .all(self.0.read())
            .await?)
    }

    /// What a model answered after another of its answers, in order, at most so many; only what is needed to judge it.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn receipts(
        &self,
        model: Uuid,
        from: Timestamp,
        until: Timestamp,
        after: Option<Uuid>,
        truths: bool,
        most: u64,
    ) -> StoreResult<Vec<Receipt>> {
        let condition = Condition::all()
            .add(Column::ModelId.eq(model))
            .add(Column::CreatedAt.gte(from))
            .add(Column::CreatedAt.lt(until))
            .add_option(after.map(|id| Column::Id.gt(id)))
            .add_option(truths.then(|| Column::TruthAt.is_not_null()));
        let mut select = Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::CreatedAt)
            .column(Column::Rows)
            .filter(condition)
            .order_by_asc(Column::Id)
            .limit(most);
        // Answers are long; they are read only to be compared.
        select = match truths {
            true => select.column(Column::Answer).column(Column::Truth),
            false => select.column(Column::Tally),
        };
        if truths {
            type Judged = (Uuid, Timestamp, i32, Option<JsonText>, Option<JsonText>);
            let rows: Vec<Judged> = select.into_tuple().all(self.0.read()).await?;
            return Ok(rows
                .into_iter()
                .map(|(id, at, rows, answer, truth)| Receipt {
                    id,
                    at,
                    rows,
                    answer,
                    truth,
                    tally: None,
                })
                .collect());
        }
        let rows: Vec<(Uuid, Timestamp, i32, Option<JsonText>)> =
            select.into_tuple().all(self.0.read()).await?;
        Ok(rows
            .into_iter()
            .map(|(id, at, rows, tally)| Receipt {
                id,
                at,
                rows,
                answer: None,
                truth: None,
                tally,
            })
            .collect())
    }

    /// How many calls were answered since a moment, and how many rows they had.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn totals(
        &self,
        scope: impl Into<Scope>,
        since: Timestamp,
    ) -> StoreResult<(u64, u64)> {
        let rows: Vec<(i64, Option<i64>)> = Entity::find()
            .select_only()
            .column_as(Column::Id.count(), "calls")
            .column_as(Expr::expr(Column::Rows.sum()).cast_as("BIGINT"), "rows")
            .filter(called(scope.into()))
            .filter(Column::CreatedAt.gte(since))
            .into_tuple()
            .all(self.0.read())
            .await?;
        let (calls, rows) = rows.first().copied().unwrap_or_default();
        Ok((
            u64::try_from(calls).unwrap_or_default(),
            u64::try_from(rows.unwrap_or_default()).unwrap_or_default(),
        ))
    }

    /// Notes what turned out to be true of some predictions, of all or of none.
    ///
    /// # Errors
    /// `NotFound` when one of them is not there.
    pub async fn set_truths(
        &self,
        scope: impl Into<Scope>,
        truths: Vec<(Uuid, Json)>,
        entry: &AuditEntry,
    ) -> StoreResult<()> {
        let scope = scope.into();
        let transaction = self.0.write().await?;
        let mut entries = Vec::with_capacity(truths.len());
        for (id, truth) in truths {
            let change = ActiveModel {
                truth: Set(Some(truth.into())),
                truth_at: Set(Some(Timestamp::now())),
                ..Default::default()
            };
            let changed = Entity::update_many()
                .set(change)
                .filter(called(scope))
                .filter(Column::Id.eq(id))
                .exec(&transaction)
                .await?;
            if changed.rows_affected == 0 {
                return Err(StoreError::not_found("prediction"));
            }
            entries.push(entry.clone().about("prediction", id));
        }
        audit::append(&transaction, &entries).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes predictions older than a moment, and notes the moment: what was charged for them stays in the ledger, and
    /// its answer is no longer looked for. Keys of requests that may come twice are forgotten with them. Returns how many
    /// predictions went.
    ///
    /// # Errors
    /// Only the database's.
    pub async fn remove_before(&self, moment: Timestamp) -> StoreResult<u64> {
        let transaction = self.0.write().await?;
        let removed = Entity::delete_many()
            .filter(Column::CreatedAt.lt(moment))
            .exec(&transaction)
            .await?;
        idempotency_keys::forget_before(&transaction, moment).await?;
        if removed.rows_affected > 0 {
            settings::note_predictions_removed(&transaction, moment).await?;
            let details = serde_json::json!({ "before": moment, "count": removed.rows_affected });
            let entry = AuditEntry::new("predictions.remove").details(details);
            audit::append(&transaction, &[entry]).await?;
        }
        transaction.commit().await?;
        Ok(removed.rows_affected)
    }
}

fn called(scope: Scope) -> Condition {
    Condition::all().add_option(scope.condition(Column::CallerId))
}
