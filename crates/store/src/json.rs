//! How JSON is stored: as the text it was written in. A database's own JSON type may order keys anew, and a stored answer
//! is to come back byte for byte.

use std::ops::Deref;

use sea_orm::prelude::Json;
use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable, Value};

/// A JSON value in a row; reads like the [`Json`] it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct JsonText(Json);

impl JsonText {
    /// The value alone.
    #[must_use]
    pub fn into_json(self) -> Json {
        self.0
    }
}

impl From<Json> for JsonText {
    fn from(json: Json) -> Self {
        Self(json)
    }
}

impl From<JsonText> for Json {
    fn from(text: JsonText) -> Self {
        text.0
    }
}

impl Deref for JsonText {
    type Target = Json;

    fn deref(&self) -> &Json {
        &self.0
    }
}

impl PartialEq<Json> for JsonText {
    fn eq(&self, other: &Json) -> bool {
        self.0 == *other
    }
}

impl From<JsonText> for Value {
    fn from(text: JsonText) -> Self {
        text.0.to_string().into()
    }
}

impl TryGetable for JsonText {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(|error| TryGetError::DbErr(DbErr::Json(error.to_string())))
    }
}

impl ValueType for JsonText {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let text = <String as ValueType>::try_from(value)?;
        serde_json::from_str(&text)
            .map(Self)
            .map_err(|_| ValueTypeErr)
    }

    fn type_name() -> String {
        "JsonText".to_owned()
    }

    fn array_type() -> ArrayType {
        <String as ValueType>::array_type()
    }

    fn column_type() -> ColumnType {
        ColumnType::Text
    }
}

impl Nullable for JsonText {
    fn null() -> Value {
        String::null()
    }
}
