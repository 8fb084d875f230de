//! The one clock, and how a moment is stored: whole microseconds since 1970 in a 64-bit integer. Text
//! times would sort wrongly (a whole second has no fraction digits), and integers compare the same in
//! every database.

use std::ops::Deref;
use std::time::Duration;

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable, Value};
use time::OffsetDateTime;

/// A moment in UTC with microsecond resolution; reads like the [`OffsetDateTime`] it holds and is written
/// in JSON as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// The present moment. The only place in the product that reads the system's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    pub fn now() -> Self {
        Self::from(OffsetDateTime::now_utc())
    }

    /// The moment this many microseconds after 1970, or nothing when no calendar holds it.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(microseconds) * 1_000)
            .ok()
            .map(Self)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        <i64 as TryFrom<i128>>::try_from(self.0.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
    }

    /// This moment in the `time` crate's terms.
    #[must_use]
    pub fn date_time(self) -> OffsetDateTime {
        self.0
    }

    /// This much later, or the latest moment there is.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let microseconds = <i64 as TryFrom<u128>>::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_microseconds(self.microseconds().saturating_add(microseconds)).unwrap_or(self)
    }

    /// This much earlier, or the earliest moment there is.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let microseconds = <i64 as TryFrom<u128>>::try_from(span.as_micros()).unwrap_or(i64::MAX);
        Self::from_microseconds(self.microseconds().saturating_sub(microseconds)).unwrap_or(self)
    }
}

impl From<OffsetDateTime> for Timestamp {
    fn from(moment: OffsetDateTime) -> Self {
        let microseconds = moment.unix_timestamp_nanos() / 1_000;
        let truncated = OffsetDateTime::from_unix_timestamp_nanos(microseconds * 1_000);
        Self(truncated.unwrap_or(moment))
    }
}

impl Deref for Timestamp {
    type Target = OffsetDateTime;

    fn deref(&self) -> &OffsetDateTime {
        &self.0
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        time::serde::rfc3339::serialize(&self.0, serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        time::serde::rfc3339::deserialize(deserializer).map(Self::from)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Value::BigInt(Some(moment.microseconds()))
    }
}

impl TryGetable for Timestamp {
    fn try_get_by<I: ColIdx>(
        result: &QueryResult,
        index: I,
    ) -> std::result::Result<Self, TryGetError> {
        let microseconds = i64::try_get_by(result, index)?;
        Self::from_microseconds(microseconds).ok_or_else(|| {
            TryGetError::DbErr(sea_orm::DbErr::Type(format!(
                "{microseconds} µs is no moment"
            )))
        })
    }
}

impl ValueType for Timestamp {
    fn try_from(value: Value) -> std::result::Result<Self, ValueTypeErr> {
        match value {
            Value::BigInt(Some(microseconds)) => {
                Self::from_microseconds(microseconds).ok_or(ValueTypeErr)
            }
            _ => Err(ValueTypeErr),
        }
    }

    fn type_name() -> String {
        "Timestamp".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::BigInt
    }

    fn column_type() -> ColumnType {
        ColumnType::BigInteger
    }
}

impl Nullable for Timestamp {
    fn null() -> Value {
        Value::BigInt(None)
    }
}
