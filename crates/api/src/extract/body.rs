//! Bodies of JSON, read strictly.

use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use crate::problem::{Code, Problem};

/// The largest JSON body.
const JSON_BYTES: usize = 2 << 20;

/// A JSON body, in or out. In: the type, syntax and every field are checked, and unknown fields are refused where
/// the target says so; no body at all reads as `{}`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = whole(request.into_body().into_data_stream(), JSON_BYTES).await?;
        if bytes.is_empty() {
            return read(b"{}");
        }
        if !is_json {
            return Err(Problem::new(
                Code::UnsupportedMediaType,
                "Send JSON, with the header Content-Type: application/json.",
            ));
        }
        read(&bytes)
    }
}

/// A JSON body of at most so many bytes, where more than usual are expected.
pub(crate) async fn json_within<T: DeserializeOwned>(
    request: Request,
    most: usize,
) -> Result<Json<T>, Problem> {
    read(&whole(request.into_body().into_data_stream(), most).await?)
}

/// Rows as a JSON body, or as a small file.
#[derive(Debug)]
pub(crate) enum RowsBody<T> {
    /// What the JSON says.
    Json(T),
    /// A file's bytes, and a name with the ending of its format.
    File(Bytes, &'static str),
}

/// Files that may stand for rows, and how the like are called. What is in them decides.
const ROW_FILES: &[(&str, &str)] = &[
    ("text/csv", "rows.csv"),
    ("text/tab-separated-values", "rows.tsv"),
    ("application/x-ndjson", "rows.jsonl"),
    ("application/jsonl", "rows.jsonl"),
    ("application/vnd.apache.parquet", "rows.parquet"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "rows.xlsx",
    ),
];
/// The largest of them.
const ROW_FILE_BYTES: usize = 8 << 20;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for RowsBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = essence(request.headers()).unwrap_or_default();
        let Some((_, name)) = ROW_FILES.iter().find(|(known, _)| *known == kind) else {
            let Json(body) = Json::from_request(request, state).await?;
            return Ok(Self::Json(body));
        };
        let bytes = whole(request.into_body().into_data_stream(), ROW_FILE_BYTES).await?;
        Ok(Self::File(bytes.into(), name))
    }
}

/// A small body in one piece. Its pieces are copied as they come: a list of a million of one byte would take fifty
/// times their room.
async fn whole(mut stream: BodyDataStream, most: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| {
            Problem::new(
                Code::BadRequest,
                "The body did not arrive whole. Try again.",
            )
        })?;
        if bytes.len() + piece.len() > most {
            return Err(Problem::new(
                Code::PayloadTooLarge,
                format!(
                    "The body is larger than {} MB. Send less in a request.",
                    most >> 20
                ),
            ));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Tells null from absent, in a field that may be either.
pub(crate) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Json<T>, Problem> {
    // Every body is an object. Deserializers would take a list of its values in order as well.
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| b"[\"-0123456789tfn".contains(byte))
        && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
    {
        return Err(Problem::field(
            "",
            "Send a JSON object: names and values in braces.",
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        wrong(pointer, error.inner())
    })?;
    reader.end().map_err(|error| wrong(String::new(), &error))?;
    Ok(Json(value))
}

fn wrong(pointer: String, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let text = text
        .strip_suffix(&format!(" at line {line} column {column}"))
        .unwrap_or(&text);
    if !error.is_data() {
        let detail = format!("The body is not valid JSON: {text} at line {line} column {column}.");
        return Problem::new(Code::BadRequest, detail);
    }
    let named = text
        .strip_prefix("unknown field `")
        .or_else(|| text.strip_prefix("missing field `"));
    let pointer = match named.and_then(|rest| rest.split('`').next()) {
        // The path of an unknown field ends in the field itself, that of a missing one in its parent.
        Some(field) if !pointer.ends_with(&format!("/{field}")) => format!("{pointer}/{field}"),
        _ => pointer,
    };
    let text = if text.starts_with("UUID parsing failed") {
        "this is not an identifier; identifiers look like 01a1fce5-ded3-7020-b17a-50110e76bddf"
    } else {
        text
    };
    Problem::field(pointer, sentence(&plain_words(text)))
}

/// A parser's message without the names that types have in this program.
pub(super) fn plain_words(text: &str) -> String {
    const WORDS: &[(&str, &str)] = &[
        ("expected usize", "expected a whole number from 0"),
        ("expected u64", "expected a whole number from 0"),
        ("expected u32", "expected a whole number from 0"),
        ("expected i64", "expected a whole number"),
        ("expected f64", "expected a number"),
        ("expected a sequence", "expected a list"),
        ("expected a map", "expected an object"),
        ("invalid type: sequence", "invalid type: a list"),
        ("invalid type: map", "invalid type: an object"),
        ("invalid digit found in string", "use a whole number from 0"),
        (
            "cannot parse integer from empty string",
            "use a whole number from 0",
        ),
        (
            "number too large to fit in target type",
            "this number is too large",
        ),
    ];
    let plain = WORDS.iter().fold(text.to_owned(), |text, (ours, plain)| {
        text.replace(ours, plain)
    });
    match plain.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected an object"),
        None => plain,
    }
}

/// A parser's message as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1")))
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// The type of a body, without what follows it.
fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

/// Whether a body says that it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let essence = essence(headers).unwrap_or_default();
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}
