//! Goes through the books in one snapshot, beside whatever is being written: every balance is computed anew from the
//! ledger, every charge is matched with what it paid for, every refund with the job it gives back, and the audit's
//! chain is followed. What does not fit is named, not repaired.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{DbBackend, QueryOrder, QuerySelect, Statement};

use crate::Store;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::tables::audit::verify::chain;
use crate::tables::audit_anchors::AnchorKey;
use crate::tables::jobs::{self, JobStatus};
use crate::tables::{ledger, predictions, settings, users};

/// How many rows are in memory at once.
const STEP: u64 = 1_000;
/// How many problems are described; more are counted.
const DESCRIBED: usize = 100;

/// What going through the books found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Accounts whose balance was computed anew.
    pub accounts: u64,
    /// Movements of tokens, all of them summed.
    pub entries: u64,
    /// Of those, what was paid for predictions.
    pub predictions: u64,
    /// What was paid for jobs.
    pub jobs: u64,
    /// What was given back.
    pub refunds: u64,
    /// Entries of the audit's chain; nothing when it is broken.
    pub audit: Option<u64>,
    /// Where the audit's chains end, as writer, place and hash: noted elsewhere, they show that nobody wrote the whole
    /// chain anew.
    pub heads: Vec<(String, i64, String)>,
    /// What does not fit, each fit for a person to read.
    pub problems: Vec<String>,
    /// How many more do not fit than are described.
    pub more: u64,
}

impl Findings {
    fn problem(&mut self, text: String) {
        if self.problems.len() < DESCRIBED {
            self.problems.push(text);
        } else {
            self.more += 1;
        }
    }

    /// Whether everything fits.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Store {
    /// Goes through the books.
    ///
    /// # Errors
    /// Only the database's: what does not fit is a finding.
    pub async fn verify(&self, key: &AnchorKey) -> Result<Findings> {
        let snapshot = self.snapshot().await?;
        let mut findings = Findings::default();
        balances(&snapshot, &mut findings).await?;
        twice(&snapshot, &mut findings).await?;
        unpaid(&snapshot, &mut findings).await?;
        let chain = chain(&snapshot, key).await?;
        match chain.entries {
            Ok(entries) => findings.audit = Some(entries),
            Err(detail) => findings.problem(format!("Audit: {detail}")),
        }
        findings.heads = chain.heads;
        Ok(findings)
    }
}

/// An account as its entries tell it.
#[derive(Clone, Copy, Default)]
struct Told {
    /// What all its movements come to.
    sum: i64,
    /// What its last entry says.
    said: i64,
}

async fn balances(database: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let removed = settings::predictions_removed(database).await?;
    let mut told: HashMap<Uuid, Told> = HashMap::new();
    let mut last = 0;
    loop {
        let rows = ledger::Entity::find()
            .filter(ledger::Column::Id.gt(last))
            .order_by_asc(ledger::Column::Id)
            .limit(STEP)
            .all(database)
            .await?;
        let Some(row) = rows.last() else { break };
        last = row.id;
        for row in &rows {
            findings.entries += 1;
            let account = told.entry(row.user_id).or_default();
            account.sum = account.sum.saturating_add(row.delta);
            let expected = account.said.saturating_add(row.delta);
            if row.balance_after != expected || row.balance_after < 0 {
                findings.problem(format!(
                    "Ledger: entry {} of account {} says {} tokens after it; {} before and {} make {expected}",
                    row.id, row.user_id, row.balance_after, account.said, row.delta
                ));
            }
            account.said = row.balance_after;
        }
        charges(database, &rows, removed, findings).await?;
    }
    let mut after = Uuid::nil();
    loop {
        let accounts: Vec<(Uuid, i32, i64)> = users::Entity::find()
            .select_only()
            .columns([
                users::Column::Id,
                users::Column::Number,
                users::Column::Tokens,
            ])
            .filter(users::Column::Id.gt(after))
            .order_by_asc(users::Column::Id)
            .limit(STEP)
            .into_tuple()
            .all(database)
            .await?;
        let Some(row) = accounts.last() else { break };
        after = row.0;
        for (id, number, tokens) in accounts {
            findings.accounts += 1;
            let Told { sum, .. } = told.remove(&id).unwrap_or_default();
            if sum != tokens {
                findings.problem(format!(
                    "Balance: account {number} ({id}) has {tokens} tokens, its entries come to {sum}"
                ));
            }
        }
    }
    for id in told.keys() {
        findings.problem(format!(
            "Ledger: account {id} has entries and does not exist"
        ));
    }
    Ok(())
}

/// Matches entries with what they paid for or gave back.
async fn charges(
    database: &impl ConnectionTrait,
    rows: &[ledger::Model],
    removed: Option<Timestamp>,
    findings: &mut Findings,
) -> Result<()> {
    let references = |reason: &'static str| {
        rows.iter()
            .filter(move |row| row.reason == reason)
            .filter_map(|row| Uuid::parse_str(row.reference.as_deref()?).ok())
    };
    let answered: HashMap<Uuid, (Uuid, i64)> = predictions::Entity::find()
        .select_only()
        .columns([
            predictions::Column::Id,
            predictions::Column::PayerId,
            predictions::Column::Price,
        ])
        .filter(predictions::Column::Id.is_in(references("predict")))
        .into_tuple()
        .all(database)
        .await?
        .into_iter()
        .map(|(id, payer, price)| (id, (payer, price)))
        .collect();
    let ours = jobs::Column::SubjectId
        .is_in(ledger::FOR_JOBS.iter().copied().flat_map(references))
        .or(jobs::Column::Id.is_in(rows.iter().filter_map(|row| row.refund_of)));
    let jobs = jobs::Entity::find().filter(ours).all(database).await?;
    let of_subject: HashMap<Uuid, &jobs::Model> = jobs
        .iter()
        .filter_map(|job| Some((job.subject_id?, job)))
        .collect();
    let of_id: HashMap<Uuid, &jobs::Model> = jobs.iter().map(|job| (job.id, job)).collect();
    for row in rows {
        let reference = row.reference.as_deref();
        let id = reference.and_then(|text| Uuid::parse_str(text).ok());
        let place = format!("Charge: entry {} of account {}", row.id, row.user_id);
        match (row.reason.as_str(), row.refund_of) {
            ("predict", _) => {
                findings.predictions += 1;
                let old = removed.is_some_and(|removed| row.at < removed);
                match id.and_then(|id| answered.get(&id)) {
                    Some((payer, price)) if (*payer, -*price) == (row.user_id, row.delta) => {}
                    Some((payer, price)) => findings.problem(format!(
                        "{place} is {} for a prediction of {price} tokens paid by {payer}",
                        row.delta
                    )),
                    None if old => {}
                    None => findings.problem(format!(
                        "{place} paid for prediction {}, which is not recorded",
                        reference.unwrap_or("?")
                    )),
                }
            }
            (reason, _) if ledger::FOR_JOBS.contains(&reason) => {
                findings.jobs += 1;
                match id.and_then(|id| of_subject.get(&id)) {
                    Some(job) if (job.owner_id, -job.price) == (row.user_id, row.delta) => {}
                    Some(job) => findings.problem(format!(
                        "{place} is {} for job {} of {} tokens",
                        row.delta, job.id, job.price
                    )),
                    None => findings.problem(format!(
                        "{place} paid for the job of {}, which does not exist",
                        reference.unwrap_or("?")
                    )),
                }
            }
            (_, Some(job)) => {
                findings.refunds += 1;
                let ended = |job: &&&jobs::Model| {
                    matches!(job.status, JobStatus::Failed | JobStatus::Cancelled)
                        && (job.owner_id, job.price) == (row.user_id, row.delta)
                };
                if of_id.get(&job).filter(ended).is_none() {
                    findings.problem(format!(
                        "Refund: entry {} of account {} gives back {} for job {job}, which did not fail at that price",
                        row.id, row.user_id, row.delta
                    ));
                }
            }
            ("refund", None) => findings.problem(format!(
                "Refund: entry {} of account {} names no job",
                row.id, row.user_id
            )),
            _ => {}
        }
    }
    Ok(())
}

/// What was paid for or given back more than once.
async fn twice(database: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let paid: Vec<(Option<String>, i64)> = ledger::Entity::find()
        .select_only()
        .column(ledger::Column::Reference)
        .column_as(ledger::Column::Id.count(), "times")
        .filter(ledger::Column::Reason.is_in(ledger::FOR_JOBS.iter().copied().chain(["predict"])))
        .group_by(ledger::Column::Reference)
        .having(ledger::Column::Id.count().gt(1))
        .into_tuple()
        .all(database)
        .await?;
    for (reference, times) in paid {
        let reference = reference.unwrap_or_default();
        findings.problem(format!("Charge: {reference} was paid for {times} times"));
    }
    let returned: Vec<(Option<Uuid>, i64)> = ledger::Entity::find()
        .select_only()
        .column(ledger::Column::RefundOf)
        .column_as(ledger::Column::Id.count(), "times")
        .filter(ledger::Column::RefundOf.is_not_null())
        .group_by(ledger::Column::RefundOf)
        .having(ledger::Column::Id.count().gt(1))
        .into_tuple()
        .all(database)
        .await?;
    for (job, times) in returned {
        let job = job.unwrap_or_default();
        findings.problem(format!(
            "Refund: the price of job {job} was given back {times} times"
        ));
    }
    Ok(())
}

/// What has a price and no charge, and what failed and was not given back.
async fn unpaid(database: &impl ConnectionTrait, findings: &mut Findings) -> Result<()> {
    let backend = database.get_database_backend();
    // Entries name what they paid for as text; SQLite keeps identifiers as bytes.
    let plain = |column: &str| match backend {
        DbBackend::Postgres => format!("replace(CAST({column} AS TEXT), '-', '')"),
        _ => format!("lower(hex({column}))"),
    };
    let charged = |reasons: &[&str]| {
        format!(
            "WITH charged AS MATERIALIZED (SELECT replace(reference, '-', '') AS id FROM ledger WHERE reason IN ('{}')) ",
            reasons.join("', '")
        )
    };
    let questions = [
        (
            format!(
                "{}SELECT p.id AS id, p.price AS price FROM predictions p LEFT JOIN charged c ON c.id = {} WHERE p.price > 0 AND c.id IS NULL",
                charged(&["predict"]),
                plain("p.id")
            ),
            "Prediction",
            "which nobody was charged for",
        ),
        (
            format!(
                "{}SELECT j.id AS id, j.price AS price FROM jobs j LEFT JOIN charged c ON c.id = {} WHERE j.price > 0 AND c.id IS NULL",
                charged(ledger::FOR_JOBS),
                plain("j.subject_id")
            ),
            "Job",
            "which nobody was charged for",
        ),
        (
            "SELECT j.id AS id, j.price AS price FROM jobs j LEFT JOIN ledger r ON r.refund_of = j.id \
             WHERE j.price > 0 AND j.status IN ('failed', 'cancelled') AND r.id IS NULL"
                .to_owned(),
            "Refund: job",
            "did not end well, and its price was not given back",
        ),
    ];
    for (question, what, finding) in questions {
        let rows = database
            .query_all_raw(Statement::from_string(backend, question))
            .await?;
        for row in rows {
            let id: Uuid = row.try_get("", "id")?;
            let price: i64 = row.try_get("", "price")?;
            findings.problem(format!("{what} {id} of {price} tokens: {finding}"));
        }
    }
    Ok(())
}
