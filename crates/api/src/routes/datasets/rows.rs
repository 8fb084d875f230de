//! A data set's rows, page by page, in the order of a column and through a filter.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Operator, RowFilter, RowOrder, RowQuery, RowsPage};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::extract::{Id, Json, Query, SignedIn};
use crate::problem::Problem;

/// Which rows, in which order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RowsQuery {
    /// The column that they are sorted by; missing cells come last.
    sort: Option<String>,
    /// `asc` or `desc`; `asc` unless said.
    order: Option<String>,
    /// The column that is filtered.
    column: Option<String>,
    /// `equals`, `contains` (texts, capitals or not), `at_least`, `at_most` (numbers and dates), `missing` or
    /// `not_missing`.
    operator: Option<String>,
    /// What cells are compared with; a day such as `2024-02-29` is the whole day.
    value: Option<String>,
    /// How many to pass over.
    offset: Option<usize>,
    /// How many, at most 500; 50 unless said.
    #[param(maximum = 500)]
    limit: Option<usize>,
}

/// Some rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rows {
    columns: Vec<ColumnBody>,
    /// Cells: a number, a text, or null when it is missing.
    rows: Vec<Vec<Value>>,
    /// Where each of them stands in the data set, from 0.
    positions: Vec<usize>,
    /// Rows that were asked for, on all pages.
    total: usize,
    /// Rows of the whole data set.
    dataset_rows: usize,
}

/// A column's name and kind.
#[derive(Serialize, ToSchema)]
#[schema(as = Column)]
pub(crate) struct ColumnBody {
    name: String,
    /// `integer`, `number`, `boolean`, `date`, `category`, `text` or `identifier`.
    kind: Value,
}

impl RowsQuery {
    /// What was asked, apart from the page.
    fn wanted(self) -> Result<RowQuery, Problem> {
        Ok(RowQuery {
            order: order_of(given(self.sort), given(self.order))?,
            filter: filter_of(given(self.column), given(self.operator), given(self.value))?,
        })
    }
}

/// An empty text says nothing.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn order_of(column: Option<String>, order: Option<String>) -> Result<Option<RowOrder>, Problem> {
    let descending = match order.as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(Problem::field("/order", "Use asc or desc.")),
    };
    match column {
        Some(column) => Ok(Some(RowOrder { column, descending })),
        None if order.is_none() => Ok(None),
        None => Err(Problem::field(
            "/sort",
            "Name the column that decides the order, or leave order out.",
        )),
    }
}

fn filter_of(
    column: Option<String>,
    operator: Option<String>,
    value: Option<String>,
) -> Result<Option<RowFilter>, Problem> {
    const OPERATORS: &str =
        "Use equals, contains, at_least, at_most, missing or not_missing as the operator.";
    let operator = operator.map(|word| serde_json::from_value::<Operator>(Value::from(word)));
    let operator = operator
        .transpose()
        .map_err(|_| Problem::field("/operator", OPERATORS))?;
    match (column, operator, value) {
        (None, None, None) => Ok(None),
        (Some(column), Some(operator @ (Operator::Missing | Operator::NotMissing)), _) => {
            Ok(Some(RowFilter {
                column,
                operator,
                value: String::new(),
            }))
        }
        (Some(column), Some(operator), Some(value)) => Ok(Some(RowFilter {
            column,
            operator,
            value,
        })),
        (None, ..) => Err(Problem::field(
            "/column",
            "Name the column that is filtered, or leave operator and value out.",
        )),
        (_, None, _) => Err(Problem::field("/operator", OPERATORS)),
        (_, _, None) => Err(Problem::field(
            "/value",
            "Say what the column's cells are compared with.",
        )),
    }
}

/// Rows of a data set
///
/// In the order they came in, or sorted by a column; all of them, or those whose cell in one column passes a filter.
#[utoipa::path(
    get, path = "/datasets/{id}/rows", operation_id = "rows", tag = "datasets",
    params(("id" = uuid::Uuid, Path, description = "The data set"), RowsQuery),
    responses((status = 200, body = Rows))
)]
pub(crate) async fn rows(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(query): Query<RowsQuery>,
) -> Result<Json<Rows>, Problem> {
    let (offset, limit) = (query.offset.unwrap_or(0), query.limit.unwrap_or(50));
    let page = app
        .platform
        .datasets()
        .rows(&caller, id, query.wanted()?, offset, limit)
        .await?;
    Ok(Json(page.into()))
}

impl From<RowsPage> for Rows {
    fn from(page: RowsPage) -> Self {
        let columns = page.columns.into_iter().map(|field| ColumnBody {
            kind: serde_json::to_value(field.kind).unwrap_or_default(),
            name: field.name,
        });
        Self {
            columns: columns.collect(),
            rows: page.rows,
            positions: page.positions,
            total: page.total,
            dataset_rows: page.dataset_rows,
        }
    }
}
