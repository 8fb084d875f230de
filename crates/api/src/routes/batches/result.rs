//! The answers of a batch are taken away.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use trainyard_platform::ZippedResult;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Id, Query, SignedIn};
use crate::problem::Problem;

/// How much of a file is read at once.
const PIECE: usize = 256 << 10;

/// How answers are packed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ResultQuery {
    /// Whether they come as a zip archive of the one file.
    #[serde(default)]
    #[param(required = false)]
    zip: bool,
}

/// The answers of a batch
///
/// One row an answer, in the order of the file: `prediction`, and with probabilities one `probability:<class>` a class.
/// In CSV, texts that a spreadsheet would take for a formula begin with an apostrophe.
#[utoipa::path(
    get, path = "/batch-predictions/{id}/result", operation_id = "batch_result", tag = "predictions",
    params(("id" = uuid::Uuid, Path, description = "The batch's identifier"), ResultQuery),
    responses((status = 200, content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet"),
        (Vec<u8> = "application/zip")
    )))
)]
pub(crate) async fn result(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Id(id): Id,
    Query(query): Query<ResultQuery>,
) -> Result<Response, Problem> {
    if query.zip {
        return Ok(zipped(
            app.platform.batches().zipped_result(&caller, id).await?,
        ));
    }
    let result = app.platform.batches().result(&caller, id).await?;
    let kind = match result.format.as_str() {
        "parquet" => "application/vnd.apache.parquet",
        _ => "text/csv; charset=utf-8",
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, result.bytes.to_string()),
        (header::CONTENT_DISPOSITION, attachment(&result.name)),
    ];
    let file = tokio::fs::File::from_std(result.file);
    let body = Body::from_stream(ReaderStream::with_capacity(file, PIECE));
    Ok((headers, body).into_response())
}

fn zipped(result: ZippedResult) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&result.name)),
    ];
    (headers, Body::from_stream(result.into_pieces())).into_response()
}

/// A header that names the file, in letters that every header may hold and in all that it has (RFC 6266).
fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' | ' ' => letter,
            _ => '_',
        })
        .collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            attachment("a\"; x=\"y.csv"),
            "attachment; filename=\"a__ x__y.csv\"; filename*=UTF-8''a%22%3B%20x%3D%22y.csv"
        );
        assert!(attachment("déjà.csv").ends_with("UTF-8''d%C3%A9j%C3%A0.csv"));
    }
}
