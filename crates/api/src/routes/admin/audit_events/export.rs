//! The entries as a file for spreadsheets. Its cells hold what people and programs chose (names, agents, searches), and
//! a spreadsheet runs what begins like a formula; such cells get an apostrophe in front.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use trainyard_platform::AuditRow;

use super::AuditQuery;
use crate::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;
use crate::routes::times::moment;

const HEADER: &str = "sequence,at,actor_id,actor_name,action,outcome,subject_kind,subject_id,address,agent,request_id,door,details,previous_hash,hash\r\n";

/// Who did what, as a CSV file
///
/// For administrators; newest first. Cells that a spreadsheet would take for a formula begin with an apostrophe. That
/// somebody took the file is an entry itself.
#[utoipa::path(
    get, path = "/admin/audit-events/export", operation_id = "export_audit", tag = "admin", params(AuditQuery),
    responses((status = 200, body = String, content_type = "text/csv"))
)]
pub(crate) async fn export(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<AuditQuery>,
) -> Result<Response, Problem> {
    let pages = app
        .platform
        .audit()
        .export(&caller, query.filter()?)
        .await?;
    let lines = pages.map(|page| {
        page.map(|rows| {
            let mut text = String::new();
            rows.iter().for_each(|row| write(&mut text, row));
            Bytes::from(text)
        })
        .inspect_err(|error| {
            tracing::error!(cause = error.cause(), "an export of the audit broke off");
        })
    });
    let first = stream::iter([Ok(Bytes::from_static(HEADER.as_bytes()))]);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"audit.csv\"",
        ),
    ];
    Ok((headers, Body::from_stream(first.chain(lines))).into_response())
}

fn write(text: &mut String, row: &AuditRow) {
    let numbers = [row.sequence.to_string(), moment(row.at)];
    let actor = row.actor_id.map(|id| id.to_string());
    let cells = [
        actor.as_deref(),
        Some(row.actor_name.as_str()),
        Some(row.action.as_str()),
        Some(row.outcome.as_str()),
        row.subject_kind.as_deref(),
        row.subject_id.as_deref(),
        row.address.as_deref(),
        row.agent.as_deref(),
        row.request_id.as_deref(),
        row.door.as_deref(),
        Some(row.details.as_str()),
        Some(row.previous_hash.as_str()),
        Some(row.hash.as_str()),
    ];
    text.push_str(&numbers.join(","));
    for cell in cells {
        text.push(',');
        quote(text, cell.unwrap_or_default());
    }
    text.push_str("\r\n");
}

/// One cell, always in quotes, so that no separator of any country ends it early.
fn quote(text: &mut String, cell: &str) {
    text.push('"');
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        text.push('\'');
    }
    for letter in cell.chars() {
        if letter == '"' {
            text.push('"');
        }
        text.push(letter);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(cell: &str) -> String {
        let mut text = String::new();
        quote(&mut text, cell);
        text
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(quoted(formula), format!("\"'{formula}\""));
        }
        assert_eq!(quoted("a=1"), "\"a=1\"");
        assert_eq!(quoted("=\"x\""), "\"'=\"\"x\"\"\"");
        assert_eq!(quoted(""), "\"\"");
    }
}
