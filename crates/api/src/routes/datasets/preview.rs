//! How a file would be read, before it is brought.

use axum::extract::{Request, State};
use bytes::BytesMut;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::schema::FormQuery;
use crate::App;
use crate::extract::{Json, Query, SignedIn, with_files};
use crate::problem::{Code, Problem};

/// How much of a file is looked at.
const MOST: usize = 4 << 20;

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// Helps to recognise the format.
    file_name: Option<String>,
    /// `begin`, or `end` for the last bytes of a Parquet file of any size; `begin` unless said.
    part: Option<String>,
}

/// Look at the beginning of a file
///
/// Send up to the first 4 MiB of it as the body, or as the part `file` of a form. Free; nothing is stored. Answers the
/// recognised settings (`format`, `delimiter`, `encoding`, `decimal`, `header`), the `columns` with the kinds that
/// this part suggests, up to 100 `rows` and `notes`; of a workbook also its `sheets`, and which `sheet` this is.
///
/// XLSX and Parquet files are read whole. Of a Parquet file of any size the last bytes (up to 4 MiB) tell with
/// `part=end` its `columns` and how many rows it has (`row_count`), without the rows.
#[utoipa::path(
    post, path = "/datasets/preview", operation_id = "preview", tag = "datasets", params(PreviewQuery, FormQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Object))
)]
pub(crate) async fn preview(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(query): Query<PreviewQuery>,
    Query(form): Query<FormQuery>,
    request: Request,
) -> Result<Json<Value>, Problem> {
    let end = match query.part.as_deref() {
        None | Some("" | "begin") => false,
        Some("end") => true,
        Some(_) => return Err(Problem::field("/part", "Use begin or end.")),
    };
    let reading = form.reading()?;
    let (bytes, part_name) = with_files(request, async |file| {
        let mut bytes = BytesMut::new();
        while let Some(piece) = file.piece().await? {
            if bytes.len() + piece.len() > MOST {
                let detail = "A preview looks at up to 4 MiB. Send only the beginning of the file, or with part=end the end of a Parquet file.";
                return Err(Problem::new(Code::PayloadTooLarge, detail));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok((bytes.freeze(), file.file_name()))
    })
    .await?;
    let file_name = query.file_name.or(part_name).unwrap_or_default();
    let datasets = app.platform.datasets();
    let preview = match end {
        true => datasets.preview_end(&caller, bytes).await?,
        false => datasets.preview(&caller, bytes, file_name, reading).await?,
    };
    serde_json::to_value(preview)
        .map(Json)
        .map_err(|_| Problem::internal())
}
