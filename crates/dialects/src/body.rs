//! Bodies: JSON, forms with files, and plain forms, read whole, each piece in its time and all of them within bounds.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, RawQuery, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio::sync::Semaphore;

use crate::App;
use crate::fields::Fields;
use crate::refusal::{Answer, Issue, Refusal};

/// The largest body that is no file.
const PLAIN_BYTES: usize = 8 << 20;
/// The largest file. It is held in memory while it is checked.
pub(crate) const FILE_BYTES: usize = 64 << 20;
/// Files taken in at once.
const AT_ONCE: usize = 8;
/// The most parts of a form.
const MOST_PARTS: usize = 1_000;
/// For the next piece of a body.
const PATIENCE: Duration = Duration::from_secs(30);

static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(AT_ONCE));

/// A JSON object.
pub(crate) struct Json(pub(crate) Fields);

impl FromRequest<App> for Json {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Answer<Self> {
        let is_json = is(request.headers(), |essence| {
            essence == "application/json" || essence.ends_with("+json")
        });
        let bytes = whole(request).await?;
        let place = || vec![Value::from("body")];
        if bytes.is_empty() {
            let issue = Issue::new("missing", place(), "Field required", Value::Null);
            return Err(Refusal::issues(vec![issue]).by_frame());
        }
        let read = if is_json {
            serde_json::from_slice(&bytes)
        } else {
            Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
        };
        let other = match read {
            Ok(Value::Object(values)) => return Ok(Self(Fields::of_body(values))),
            Ok(other) => other,
            Err(error) => return Err(not_json(&bytes, &error)),
        };
        let message = "Input should be a valid dictionary or object to extract fields from";
        let issue = Issue::new("model_attributes_type", place(), message, other);
        Err(Refusal::issues(vec![issue]).by_frame())
    }
}

/// What is wrong with a body that is no JSON, and at which byte.
fn not_json(bytes: &[u8], error: &serde_json::Error) -> Refusal {
    let lines = bytes.split(|byte| *byte == b'\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(|line| line.len() + 1)
        .sum();
    let at = (before + error.column().saturating_sub(1)).min(bytes.len());
    let said = match error.classify() {
        serde_json::error::Category::Eof => "Expecting value",
        _ => "Expecting property name enclosed in double quotes",
    };
    let place = vec![Value::from("body"), Value::from(at)];
    let empty = Value::Object(Map::new());
    let issue = Issue::new("json_invalid", place, "JSON decode error", empty).with("error", said);
    Refusal::issues(vec![issue]).by_frame()
}

/// A file of a form.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) field: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) bytes: Bytes,
    /// Whether it was larger than is taken; its bytes are then not all here.
    pub(crate) too_large: bool,
}

impl File {
    /// What it says. Of text nothing is copied, and it is looked through at once.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        let text = std::str::from_utf8(&self.bytes);
        text.map_or_else(|_| String::from_utf8_lossy(&self.bytes), Cow::Borrowed)
    }
}

/// A form, with or without files.
pub(crate) struct Form {
    pub(crate) fields: Fields,
    pub(crate) files: Vec<File>,
}

impl FromRequest<App> for Form {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Answer<Self> {
        if is(request.headers(), |essence| {
            essence == "multipart/form-data"
        }) {
            return parts(request, app).await;
        }
        let is_form = is(request.headers(), |essence| {
            essence == "application/x-www-form-urlencoded"
        });
        let bytes = whole(request).await?;
        let texts = if is_form { pairs(&bytes) } else { Vec::new() };
        Ok(Self::of(texts, Vec::new()))
    }
}

impl Form {
    /// A field that was left empty is one that was not filled in: it is missing, or its default.
    fn of(texts: Vec<(String, String)>, files: Vec<File>) -> Self {
        let filled = texts.into_iter().filter(|(_, text)| !text.is_empty());
        Self {
            fields: Fields::of_texts("body", filled),
            files,
        }
    }

    /// The file of this name; its absence is noted.
    pub(crate) fn file(&mut self, name: &str) -> Option<File> {
        let place = self.files.iter().position(|file| file.field == name);
        match place {
            Some(place) => Some(self.files.swap_remove(place)),
            None if self.fields.has(name) => {
                let message = "Value error, Expected UploadFile, received: <class 'str'>";
                self.fields.wrong(name, "value_error", message);
                None
            }
            None => {
                self.fields.missing(name);
                None
            }
        }
    }

    /// All files of this name, in their order; their absence is noted.
    pub(crate) fn files(&mut self, name: &str) -> Vec<File> {
        let files = std::mem::take(&mut self.files);
        let (wanted, others) = files.into_iter().partition(|file| file.field == name);
        self.files = others;
        let wanted: Vec<File> = wanted;
        if wanted.is_empty() {
            self.fields.missing(name);
        }
        wanted
    }
}

/// What stands behind the question mark.
pub(crate) struct Query(pub(crate) Fields);

impl axum::extract::FromRequestParts<App> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Answer<Self> {
        let found = RawQuery::from_request_parts(parts, app).await;
        let text = found
            .ok()
            .and_then(|RawQuery(text)| text)
            .unwrap_or_default();
        Ok(Self(Fields::of_texts("query", pairs(text.as_bytes()))))
    }
}

async fn parts(request: Request, app: &App) -> Answer<Form> {
    let wrong = || Refusal::bad("There was an error parsing the body").by_frame();
    let _turn = TURNS.acquire().await.map_err(|_| Refusal::internal())?;
    let announced = announced_bytes(request.headers());
    let mut form = Multipart::from_request(request, app)
        .await
        .map_err(|_| wrong())?;
    let mut texts = Vec::new();
    let mut files = Vec::new();
    let mut room = FILE_BYTES;
    let mut plain = PLAIN_BYTES;
    while let Some(mut field) = in_time(form.next_field()).await?.map_err(|_| wrong())? {
        if texts.len() + files.len() >= MOST_PARTS {
            return Err(
                Refusal::bad("Too many fields. Maximum number of fields is 1000.").by_frame(),
            );
        }
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file_name) = field.file_name().map(str::to_owned) else {
            let (bytes, too_large) = take(&mut field, plain, 0).await?;
            if too_large {
                return Err(Refusal::bad("Part exceeded maximum size.").by_frame());
            }
            plain -= bytes.len();
            texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            continue;
        };
        let kind = field.content_type().unwrap_or_default().to_owned();
        let (bytes, too_large) = take(&mut field, room, announced).await?;
        room = room.saturating_sub(bytes.len());
        files.push(File {
            field: name,
            name: file_name,
            kind,
            bytes: bytes.into(),
            too_large,
        });
    }
    Ok(Form::of(texts, files))
}

/// How long the body is said to be; 0 where nothing is said.
fn announced_bytes(headers: &HeaderMap) -> usize {
    let said = headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|said| said.to_str().ok()?.parse().ok());
    said.unwrap_or(0)
}

/// The bytes of a part, as many as there is room for, and whether there were more. What is too much is read to its end:
/// a client that still sends would not see the answer. For as many bytes as are announced memory is set aside at once:
/// what grows is copied again and again.
async fn take(field: &mut Field<'_>, room: usize, announced: usize) -> Answer<(Vec<u8>, bool)> {
    let wrong = |_| Refusal::bad("There was an error parsing the body").by_frame();
    let mut bytes = Vec::with_capacity(announced.min(room));
    let mut too_large = false;
    let mut beyond = 0_usize;
    while let Some(piece) = in_time(field.chunk()).await?.map_err(wrong)? {
        if too_large || bytes.len() + piece.len() > room {
            too_large = true;
            beyond += piece.len();
            bytes = Vec::new();
            if beyond > 4 * FILE_BYTES {
                return Err(Refusal::detail(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "The file is larger than is taken here.",
                ));
            }
        } else {
            bytes.extend_from_slice(&piece);
        }
    }
    Ok((bytes, too_large))
}

/// A body that is no file, in one piece.
async fn whole(request: Request) -> Answer<Vec<u8>> {
    let mut stream = request.into_body().into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = in_time(stream.next()).await? {
        let piece =
            piece.map_err(|_| Refusal::bad("There was an error parsing the body").by_frame())?;
        if bytes.len() + piece.len() > PLAIN_BYTES {
            return Err(Refusal::detail(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is larger than is taken here.",
            ));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn in_time<T>(piece: impl Future<Output = T>) -> Answer<T> {
    let late = |_| {
        Refusal::detail(
            StatusCode::REQUEST_TIMEOUT,
            "The body did not arrive in time.",
        )
    };
    tokio::time::timeout(PATIENCE, piece).await.map_err(late)
}

fn is(headers: &HeaderMap, wanted: impl Fn(&str) -> bool) -> bool {
    let given = headers.get(header::CONTENT_TYPE);
    let essence = given
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| wanted(&essence.trim().to_lowercase()))
}

/// Names and values of a form's or an address's text.
fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let decoded = |part: &[u8]| {
        let mut plain = Vec::with_capacity(part.len());
        let mut rest = part.iter();
        while let Some(byte) = rest.next() {
            let hex = rest.as_slice().get(..2).and_then(|digits| {
                let text = std::str::from_utf8(digits).ok()?;
                u8::from_str_radix(text, 16).ok()
            });
            match (byte, hex) {
                (b'+', _) => plain.push(b' '),
                (b'%', Some(value)) => {
                    plain.push(value);
                    rest = rest.as_slice().get(2..).unwrap_or_default().iter();
                }
                _ => plain.push(*byte),
            }
        }
        String::from_utf8_lossy(&plain).into_owned()
    };
    let parts = bytes.split(|byte| *byte == b'&');
    parts
        .filter(|part| !part.is_empty())
        .map(|part| {
            let cut = part.iter().position(|byte| *byte == b'=');
            let (name, value) = match cut {
                Some(cut) => (&part[..cut], &part[cut + 1..]),
                None => (part, &part[part.len()..]),
            };
            (decoded(name), decoded(value))
        })
        .collect()
}
