//! How a data set is read: kinds of columns, and the form of its file.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Kind, ReadOptions, Reading, ReadingChange};
use utoipa::{IntoParams, ToSchema};

use super::DatasetBody;
use super::upload::accepted;
use crate::App;
use crate::extract::{Id, Json, SignedIn, Wait, present};
use crate::problem::Problem;

/// How a data set is read.
#[derive(Serialize, ToSchema)]
#[schema(as = DatasetSchema)]
pub(crate) struct SchemaBody {
    /// Which reading this is, from 1.
    revision: i32,
    /// None before it could be read.
    columns: Vec<ColumnKind>,
    settings: SettingsBody,
}

/// A column and its kind.
#[derive(Serialize, ToSchema)]
pub(crate) struct ColumnKind {
    name: String,
    /// `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
    #[schema(value_type = String, example = "category")]
    kind: Value,
    /// Whether a person chose it; else it was found by looking at the values.
    set: bool,
}

/// The form of the file; null where it is found by looking.
#[derive(Serialize, ToSchema)]
#[schema(as = ReadingSettings)]
pub(crate) struct SettingsBody {
    sheet: Option<String>,
    #[schema(value_type = Option<String>, example = ";")]
    delimiter: Value,
    #[schema(value_type = Option<String>, example = "windows-1252")]
    encoding: Value,
    #[schema(value_type = Option<String>, example = ",")]
    decimal: Value,
    header: Option<bool>,
}

/// How a file is to be read; what is left out is found by looking.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormQuery {
    /// Which sheet of a workbook; the first with data unless said.
    sheet: Option<String>,
    /// What separates cells: `,`, `;`, `|` or `tab`.
    delimiter: Option<String>,
    /// `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    encoding: Option<String>,
    /// What stands before the fraction of a number: `.` or `,`.
    decimal: Option<String>,
    /// Whether the first line names the columns: `true` or `false`.
    header: Option<String>,
}

impl FormQuery {
    pub(super) fn reading(self) -> Result<ReadingChange, Problem> {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Some);
        let header = match self.header.as_deref() {
            None | Some("") => None,
            Some("true") => Some(Some(true)),
            Some("false") => Some(Some(false)),
            Some(_) => return Err(Problem::field("/header", "Use true or false.")),
        };
        let change = SchemaChange {
            kinds: BTreeMap::new(),
            sheet: said(self.sheet),
            delimiter: said(self.delimiter),
            encoding: said(self.encoding),
            decimal: said(self.decimal),
            header,
        };
        change.wanted()
    }
}

/// What is to be read differently. What is left out stays; null goes back to looking at the file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchemaChange {
    /// Kinds by column: `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`; null for what the
    /// values suggest.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Option<String>>, required = false)]
    kinds: BTreeMap<String, Option<String>>,
    /// Which sheet of a workbook.
    #[serde(default, deserialize_with = "present")]
    sheet: Option<Option<String>>,
    /// What separates cells: `,`, `;`, `|` or `tab`.
    #[serde(default, deserialize_with = "present")]
    delimiter: Option<Option<String>>,
    /// `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`.
    #[serde(default, deserialize_with = "present")]
    encoding: Option<Option<String>>,
    /// What stands before the fraction of a number: `.` or `,`.
    #[serde(default, deserialize_with = "present")]
    decimal: Option<Option<String>>,
    /// Whether the first line names the columns: `true` or `false`.
    #[serde(default, deserialize_with = "present_flag")]
    header: Option<Option<bool>>,
}

fn present_flag<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<bool>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// How a data set is read
///
/// The kinds of its columns, and which of them a person chose; the form of its file, where a person told it.
#[utoipa::path(
    get, path = "/datasets/{id}/schema", operation_id = "dataset_schema", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    responses((status = 200, body = SchemaBody))
)]
pub(crate) async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
) -> Result<Json<SchemaBody>, Problem> {
    let reading = app.platform.datasets().reading(&caller, id).await?;
    Ok(Json(reading.into()))
}

/// Read a data set differently
///
/// Reads the upload once more, with other kinds of columns or in another form, as the next revision. Free. Until that has
/// succeeded, and when it fails, the data set stays as it is; models that were trained stay in any case. Cells that do not
/// fit their kind become missing, and the profile warns of them. Follow `Location`, or send `Prefer: wait=N`.
#[utoipa::path(
    post, path = "/datasets/{id}/schema", operation_id = "change_dataset_schema", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set")),
    request_body = SchemaChange,
    responses((status = 202, body = DatasetBody), (status = 200, body = DatasetBody, description = "Read in time"))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    wait: Wait,
    Id(id): Id,
    Json(request): Json<SchemaChange>,
) -> Result<Response, Problem> {
    let datasets = app.platform.datasets();
    let card = datasets.read_again(&caller, id, request.wanted()?).await?;
    accepted(&app, &caller, wait, card).await
}

impl SchemaChange {
    fn wanted(self) -> Result<ReadingChange, Problem> {
        let mut kinds = BTreeMap::new();
        for (column, word) in self.kinds {
            let kind: Option<Kind> = match word {
                Some(word) => Some(named(word).ok_or_else(|| {
                    let column = column.replace('~', "~0").replace('/', "~1");
                    Problem::field(
                        format!("/kinds/{column}"),
                        "Use integer, number, boolean, date, category, text or identifier.",
                    )
                })?),
                None => None,
            };
            kinds.insert(column, kind);
        }
        Ok(ReadingChange {
            kinds,
            sheet: self.sheet,
            delimiter: choice(
                "/delimiter",
                self.delimiter,
                "Use a comma, a semicolon, a bar (|) or tab.",
            )?,
            encoding: choice(
                "/encoding",
                self.encoding,
                "Use utf-8, utf-16le, utf-16be or windows-1252.",
            )?,
            decimal: choice("/decimal", self.decimal, "Use a point or a comma.")?,
            header: self.header,
        })
    }
}

fn named<T: DeserializeOwned>(word: String) -> Option<T> {
    serde_json::from_value(Value::from(word)).ok()
}

/// One of the words that there are for something, null, or nothing said.
fn choice<T: DeserializeOwned>(
    pointer: &str,
    said: Option<Option<String>>,
    allowed: &str,
) -> Result<Option<Option<T>>, Problem> {
    match said {
        None => Ok(None),
        Some(None) => Ok(Some(None)),
        Some(Some(word)) => match named(word) {
            Some(value) => Ok(Some(Some(value))),
            None => Err(Problem::field(pointer, allowed)),
        },
    }
}

impl From<Reading> for SchemaBody {
    fn from(reading: Reading) -> Self {
        let Reading {
            revision,
            columns,
            options,
        } = reading;
        let columns = columns.into_iter().map(|field| ColumnKind {
            kind: serde_json::to_value(field.kind).unwrap_or_default(),
            set: options.kinds.contains_key(&field.name),
            name: field.name,
        });
        Self {
            revision,
            columns: columns.collect(),
            settings: options.into(),
        }
    }
}

impl From<ReadOptions> for SettingsBody {
    fn from(options: ReadOptions) -> Self {
        Self {
            delimiter: serde_json::to_value(options.delimiter).unwrap_or_default(),
            encoding: serde_json::to_value(options.encoding).unwrap_or_default(),
            decimal: serde_json::to_value(options.decimal).unwrap_or_default(),
            sheet: options.sheet,
            header: options.header,
        }
    }
}
