//! Who did what, for administrators: pages, and a file of all.

use axum::Json as Reply;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use trainyard_platform::{
    AuditFilter, AuditRow, PageRequest, Timestamp, User, UserFilter, seconds_of_date,
};

use super::administration::administrator;
use super::envelope::success;
use super::paging::Paging;
use super::predict::percent;
use crate::App;
use crate::body::Query;
use crate::caller::{Signed, address};
use crate::fields::Fields;
use crate::refusal::{Answer, Refusal};
use crate::{csv, fields, registry, times};

const HEADER: &str = "timestamp,user_email,event_type,action,details,ip_address,user_agent\n";
/// Rows that pages are made of at most: further back the export goes.
const MOST_ROWS: usize = 10_000;
const DAY_SECONDS: f64 = 86_400.0;

/// What is wanted.
struct Wanted {
    filter: AuditFilter,
    kind: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(mut query): Query,
) -> Answer<Reply<Value>> {
    administrator(&signed)?;
    let paging = Paging::of(&mut query);
    let search = query.optional_words("search");
    let people = people(&app, &signed).await?;
    let mut wanted = wanted(query, &people)?;
    wanted.filter.search = search;
    let rows = rows(&app, &signed, &wanted).await?;
    let total = rows.len();
    let logs: Vec<Value> = rows
        .iter()
        .skip(paging.before())
        .take(paging.size)
        .map(|row| log(row, &people))
        .collect();
    Ok(success(json!({
        "logs": logs,
        "total": total,
        "page": paging.page,
        "page_size": paging.size,
        "total_pages": total.div_ceil(paging.size),
    })))
}

pub(super) async fn export(
    State(app): State<App>,
    signed: Signed,
    Query(query): Query,
) -> Answer<Response> {
    administrator(&signed)?;
    let people = people(&app, &signed).await?;
    let wanted = wanted(query, &people)?;
    let audit = app.platform.audit();
    let pages = audit.export(&signed.caller, wanted.filter).await?;
    let kind = wanted.kind;
    let lines = pages.map(move |page| {
        page.map(|rows| {
            let mut text = String::new();
            for row in rows.iter().filter(|row| fits(row, kind.as_deref())) {
                line(&mut text, row, &people);
            }
            Bytes::from(text)
        })
    });
    let first = stream::iter([Ok(Bytes::from_static(HEADER.as_bytes()))]);
    let mut response = Body::from_stream(first.chain(lines)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv"));
    let day = times::day(Timestamp::now());
    if let Ok(shown) = HeaderValue::from_str(&format!("attachment; filename=audit_logs_{day}.csv"))
    {
        headers.insert(header::CONTENT_DISPOSITION, shown);
    }
    Ok(response)
}

async fn people(app: &App, signed: &Signed) -> Answer<Vec<User>> {
    registry::users(&app.platform, &signed.caller, &UserFilter::default()).await
}

fn wanted(mut query: Fields, people: &[User]) -> Answer<Wanted> {
    let user = query.optional_integer("user_id");
    let kind = query.optional_words("event_type");
    let from = query.optional_text("start_date");
    let until = query.optional_text("end_date");
    query.done()?;
    let moment = |text: Option<String>, whole_day: bool| -> Answer<Option<Timestamp>> {
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let wrong = || Refusal::bad(format!("'{}' is no date", shortened(&text)));
        let mut seconds = seconds_of_date(&text).ok_or_else(wrong)?;
        // A day alone as the end means all of it.
        if whole_day && text.trim().len() <= 10 {
            seconds += DAY_SECONDS;
        }
        Timestamp::from_microseconds((seconds * 1e6) as i64)
            .map(Some)
            .ok_or_else(wrong)
    };
    let actor_id = match user {
        None => None,
        Some(number) => {
            let found = people.iter().find(|user| i64::from(user.number) == number);
            Some(found.map_or(uuid::Uuid::nil(), |user| user.id))
        }
    };
    Ok(Wanted {
        filter: AuditFilter {
            actor_id,
            from: moment(from, false)?,
            until: moment(until, true)?,
            ..AuditFilter::default()
        },
        kind,
    })
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Newest first.
async fn rows(app: &App, signed: &Signed, wanted: &Wanted) -> Answer<Vec<AuditRow>> {
    let mut rows = Vec::new();
    let mut cursor = None;
    loop {
        let request = PageRequest::after(200, cursor);
        let audit = app.platform.audit();
        let page = audit.list(&signed.caller, &wanted.filter, &request).await?;
        let fitting = page
            .items
            .into_iter()
            .filter(|row| fits(row, wanted.kind.as_deref()));
        rows.extend(fitting);
        cursor = page.next_cursor;
        if cursor.is_none() || rows.len() >= MOST_ROWS {
            return Ok(rows);
        }
    }
}

/// What kind of event clients take an action for.
fn kind(row: &AuditRow) -> &'static str {
    match row.action.split('.').next() {
        Some("predict") => "api",
        Some("user" | "session" | "tokens" | "key") => "user",
        _ => "system",
    }
}

fn fits(row: &AuditRow, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| wanted == kind(row))
}

/// What clients call an action.
fn action(row: &AuditRow) -> &str {
    match row.action.as_str() {
        "user.create" => "user.created",
        "user.change" if switched_off(row) => "user.deactivated",
        "user.change" => "user.updated",
        other => other,
    }
}

fn switched_off(row: &AuditRow) -> bool {
    let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
    details.get("active") == Some(&Value::Bool(false))
}

fn actor<'a>(row: &AuditRow, people: &'a [User]) -> Option<&'a User> {
    people.iter().find(|user| Some(user.id) == row.actor_id)
}

/// The details as JSON text: of a picture in the old server's words, of an account with its number.
fn details(row: &AuditRow, people: &[User]) -> String {
    if row.action == "predict" {
        return of_picture(row).unwrap_or_else(|| row.details.clone());
    }
    let about = row
        .subject_id
        .as_deref()
        .filter(|_| row.subject_kind.as_deref() == Some("user"));
    let target = about.and_then(|id| people.iter().find(|user| user.id.to_string() == id));
    let Some(target) = target else {
        return row.details.clone();
    };
    let mut details = match serde_json::from_str(&row.details) {
        Ok(Value::Object(details)) => details,
        _ => Map::new(),
    };
    if row.action == "user.change" {
        details = flags(&details);
    }
    details.insert("target_user_id".to_owned(), target.number.into());
    Value::Object(details).to_string()
}

/// Which fields of an account were changed, under the names that clients know.
fn flags(details: &Map<String, Value>) -> Map<String, Value> {
    let fields = [
        ("display_name", "name_changed"),
        ("email", "email_changed"),
        ("role", "role_changed"),
        ("active", "is_active_changed"),
    ];
    let changed = |name: &str| match details.get(name) {
        None | Some(Value::Null) => false,
        // Whether somebody is active is told as it is now; of names only that they are others.
        Some(Value::Bool(told)) => *told || name == "active",
        Some(_) => true,
    };
    let found = fields.iter().filter(|(name, _)| changed(name));
    found
        .map(|(_, flag)| ((*flag).to_owned(), true.into()))
        .collect()
}

/// What was read, or why nothing was; nothing for predictions of other doors.
fn of_picture(row: &AuditRow) -> Option<String> {
    let details: Value = serde_json::from_str(&row.details).ok()?;
    let name = details.get("file_name")?;
    if let Some(error) = details.get("error") {
        return Some(json!({ "error": error, "filename": name }).to_string());
    }
    let read = json!({
        "digit": details.get("value").and_then(|value| fields::whole_number(value).ok()),
        "confidence": percent(details.get("confidence")),
        "processing_time_ms": details.get("milliseconds"),
        "filename": name,
    });
    Some(read.to_string())
}

fn log(row: &AuditRow, people: &[User]) -> Value {
    let user = actor(row, people);
    let moment = times::iso(row.at);
    json!({
        "id": row.id,
        "user_id": user.map(|user| user.number),
        "user_email": user.map(address),
        "event_type": kind(row),
        "action": action(row),
        "details": details(row, people),
        "ip_address": row.address,
        "created_at": moment,
        "timestamp": moment,
    })
}

fn line(text: &mut String, row: &AuditRow, people: &[User]) {
    let user = actor(row, people).map(address).unwrap_or_default();
    let cells = [
        times::iso(row.at),
        user,
        kind(row).to_owned(),
        action(row).to_owned(),
        details(row, people),
        row.address.clone().unwrap_or_default(),
        row.agent.clone().unwrap_or_default(),
    ];
    let cells: Vec<String> = cells.into_iter().map(no_formula).collect();
    csv::write(text, &cells);
}

/// A cell that no table program takes for a formula.
fn no_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}
