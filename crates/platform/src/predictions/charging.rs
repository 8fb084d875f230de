//! What was answered is paid for: charge, answer and audit entry are one commit, whatever was asked and whoever pays.

use serde_json::Value;
use trainyard_store::{
    Access, AuditEntry, Charge, Charged, Idempotency, JsonText, Role, User, settings,
};
use uuid::Uuid;

use super::{Predicted, Predictions};
use crate::caller::{Caller, Door, Origin};
use crate::error::Result;

/// An answer that is not charged yet.
pub(crate) struct Answered {
    pub(crate) input_digest: String,
    pub(crate) rows: u32,
    /// What is told, and kept.
    pub(crate) answer: Value,
    /// Where the rows fall among those the model learned from.
    pub(crate) tally: Option<Value>,
    /// What the audit remembers: how much was asked, and a digest of it.
    pub(crate) details: Value,
}

/// Who pays for an answer, how much, and on what terms.
pub(crate) struct Bill {
    payer_id: Uuid,
    token_version: Option<i32>,
    role: Role,
    access: Access,
    price: i64,
    door: Door,
    idempotency_key: Option<String>,
    audit: AuditEntry,
}

impl Bill {
    /// For a guest of an owner's model, or of the house's: it is asked in the owner's name.
    pub(crate) fn of_owner(owner: &User, access: Access, price: i64, origin: Origin) -> Self {
        let origin = Origin {
            door: Door::Guest,
            ..origin
        };
        Self {
            payer_id: owner.id,
            token_version: None,
            role: owner.role,
            access,
            price,
            door: origin.door,
            idempotency_key: None,
            audit: origin.entry("predict"),
        }
    }
}

impl Predictions<'_> {
    /// Whoever asks pays what it costs at their door; the same request under the same key once.
    pub(crate) fn bill(&self, caller: &Caller, idempotency_key: Option<String>) -> Bill {
        Bill {
            payer_id: caller.id,
            token_version: caller.token_version(),
            role: caller.role,
            access: Access::Account,
            price: self.0.prices_at(caller.origin.door).predict,
            door: caller.origin.door,
            idempotency_key,
            audit: caller.entry("predict"),
        }
    }

    /// Charges and records an answer.
    ///
    /// # Errors
    /// `Unauthenticated`, `Forbidden`, `NotFound`, `InsufficientTokens`, `Conflict`, `TooManyRequests`; nothing is charged
    /// then.
    pub(crate) async fn charge(
        &self,
        model: Uuid,
        bill: Bill,
        answered: Answered,
    ) -> Result<Predicted> {
        let Answered {
            input_digest,
            rows,
            answer,
            tally,
            details,
        } = answered;
        let charge = Charge {
            caller_id: bill.payer_id,
            payer_id: bill.payer_id,
            token_version: bill.token_version,
            role: bill.role,
            model_id: model,
            access: bill.access,
            price: bill.price,
            door: bill.door.name().to_owned(),
            idempotency: bill.idempotency_key.map(|key| Idempotency {
                key,
                request_digest: input_digest.clone(),
            }),
            input_digest,
            rows,
            answer: self.kept(&answer),
            tally,
            audit: bill.audit.details(details),
        };
        let predictions = self.0.store().predictions();
        Ok(match predictions.charge_and_record(charge).await? {
            Charged::Recorded {
                prediction_id,
                charged,
                balance,
            } => {
                self.0.0.counters.predicted(rows as usize, charged);
                Predicted {
                    id: prediction_id,
                    answer,
                    charged,
                    balance,
                    replayed: false,
                }
            }
            // Equal input, equal model: what was computed now is what was answered then.
            Charged::Replayed {
                prediction,
                balance,
            } => Predicted {
                id: prediction.id,
                answer: prediction.answer.map_or(answer, JsonText::into_json),
                charged: prediction.price,
                balance,
                replayed: true,
            },
        })
    }

    /// The answer, when it is small enough to keep.
    fn kept(&self, answer: &Value) -> Option<Value> {
        let current = self.0.store().settings().current();
        let longest = current.integer(&settings::STORED_ANSWER_BYTES);
        let length = answer.to_string().len();
        (u64::try_from(longest).is_ok_and(|longest| length as u64 <= longest))
            .then(|| answer.clone())
    }
}
