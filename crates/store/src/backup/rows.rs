//! Rows as lines: a JSON array of a row's values, in the order of the manifest's columns. What a column holds is asked of
//! the database, so that a new column needs no line of code here.

use std::str::FromStr;

use sea_orm::sea_query::{Alias, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::{Result, StoreError};

/// How many rows one statement writes; the widest table stays below what both databases take.
pub(super) const BATCH: usize = 200;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Uuid,
    Text,
    Small,
    Big,
    Boolean,
    Double,
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The tables there are, apart from the databases' own.
pub(super) async fn tables(database: &impl ConnectionTrait) -> Result<Vec<String>> {
    let question = match database.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema()"
        }
        _ => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
    };
    let question = Statement::from_string(database.get_database_backend(), question);
    let rows = database.query_all_raw(question).await?;
    let names = rows.iter().map(|row| row.try_get_by_index(0));
    Ok(names.collect::<std::result::Result<_, DbErr>>()?)
}

/// A table's columns.
pub(super) async fn columns(
    database: &impl ConnectionTrait,
    table: &'static str,
) -> Result<Vec<Column>> {
    let postgres = database.get_database_backend() == DbBackend::Postgres;
    let question = if postgres {
        format!(
            "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
        )
    } else {
        format!("SELECT name, type FROM pragma_table_info('{table}') ORDER BY cid")
    };
    let question = Statement::from_string(database.get_database_backend(), question);
    let rows = database.query_all_raw(question).await?;
    rows.iter()
        .map(|row| {
            let (name, said): (String, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let kind = match said.to_lowercase().as_str() {
                "uuid" | "uuid_text" => Kind::Uuid,
                "text" => Kind::Text,
                "integer" if postgres => Kind::Small,
                // SQLite's are as wide as they need to be.
                "integer" | "bigint" => Kind::Big,
                "boolean" => Kind::Boolean,
                "double" | "double precision" => Kind::Double,
                other => {
                    return Err(damaged(format!(
                        "column {name} of {table} is of the kind {other}, which backups do not know"
                    )));
                }
            };
            Ok(Column { name, kind })
        })
        .collect()
}

/// All of a table's rows.
pub(super) fn select(backend: DbBackend, table: &'static str, columns: &[Column]) -> Statement {
    let mut query = Query::select();
    query.from(table);
    for column in columns {
        query.column(Alias::new(&column.name));
    }
    backend.build(&query)
}

/// A row as a line, without its end.
pub(super) fn line(row: &QueryResult, columns: &[Column]) -> Result<String> {
    let values = columns.iter().enumerate().map(|(index, column)| {
        Ok(match column.kind {
            Kind::Uuid => json(
                row.try_get_by_index::<Option<Uuid>>(index)?
                    .map(|id| id.to_string()),
            ),
            Kind::Text => json(row.try_get_by_index::<Option<String>>(index)?),
            Kind::Small => json(row.try_get_by_index::<Option<i32>>(index)?),
            Kind::Big => json(row.try_get_by_index::<Option<i64>>(index)?),
            Kind::Boolean => json(row.try_get_by_index::<Option<bool>>(index)?),
            // As text: every bit survives, and so does what is no number.
            Kind::Double => json(
                row.try_get_by_index::<Option<f64>>(index)?
                    .map(|number| format!("{number:?}")),
            ),
        })
    });
    let values = values.collect::<Result<Vec<Json>>>()?;
    Ok(Json::Array(values).to_string())
}

fn json<T: Into<Json>>(value: Option<T>) -> Json {
    value.map_or(Json::Null, Into::into)
}

/// A line as a row's values.
pub(super) fn values(line: &str, columns: &[Column]) -> Result<Vec<SimpleExpr>> {
    let values: Vec<Json> = serde_json::from_str(line)
        .map_err(|error| damaged(format!("a row is no JSON: {error}")))?;
    if values.len() != columns.len() {
        return Err(damaged("a row has another number of columns"));
    }
    let row = values.into_iter().zip(columns);
    row.map(|(value, column)| Ok(SimpleExpr::Value(read(&value, column)?)))
        .collect()
}

fn read(value: &Json, column: &Column) -> Result<Value> {
    let wrong = || damaged(format!("column {} holds {value}", column.name));
    fn parsed<T: FromStr>(value: &Json) -> Option<T> {
        value.as_str().and_then(|text| text.parse().ok())
    }
    if value.is_null() {
        return Ok(match column.kind {
            Kind::Uuid => Value::Uuid(None),
            Kind::Text => Value::String(None),
            Kind::Small => Value::Int(None),
            Kind::Big => Value::BigInt(None),
            Kind::Boolean => Value::Bool(None),
            Kind::Double => Value::Double(None),
        });
    }
    let read = match column.kind {
        Kind::Uuid => parsed::<Uuid>(value).map(Value::from),
        Kind::Text => value.as_str().map(Value::from),
        Kind::Small => value
            .as_i64()
            .and_then(|number| i32::try_from(number).ok())
            .map(Value::from),
        Kind::Big => value.as_i64().map(Value::from),
        Kind::Boolean => value.as_bool().map(Value::from),
        Kind::Double => parsed::<f64>(value).map(Value::from),
    };
    read.ok_or_else(wrong)
}

pub(super) fn damaged(detail: impl Into<String>) -> StoreError {
    StoreError::Corrupt {
        what: "backup",
        detail: detail.into(),
    }
}
