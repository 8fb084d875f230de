//! A model is asked about a picture, and how any route takes one in.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use trainyard_platform::{Drawing, PictureInput, PictureRequest, Predicted};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::App;
use crate::extract::{IdempotencyKey, Json, Name, Query, SignedIn, json_within, with_files};
use crate::problem::{Code, Problem};

/// A picture in JSON: a file, or strokes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PictureInput, example = json!({ "image": "iVBORw0KGgo=" }))]
pub(crate) struct PictureBody {
    /// The bytes of a PNG, JPEG, GIF, WebP or BMP file in base64; a leading `data:…;base64,` is passed over.
    #[schema(example = "iVBORw0KGgo=")]
    image: Option<String>,
    /// Strokes drawn on a screen, instead.
    drawing: Option<DrawingBody>,
}

/// Strokes of a pen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Drawing)]
pub(crate) struct DrawingBody {
    /// Width of the canvas, in the unit of the points.
    #[schema(example = 280)]
    width: f64,
    /// Its height.
    #[schema(example = 280)]
    height: f64,
    /// Width of the pen; a fourteenth of the longer side unless said.
    pen: Option<f64>,
    /// Points `[x, y]` from the top left, stroke by stroke.
    #[schema(example = json!([[[140, 60], [140, 220]]]))]
    strokes: Vec<Vec<[f64; 2]>>,
}

/// What a picture shows.
#[derive(Serialize, ToSchema)]
#[schema(as = PictureAnswer)]
pub(crate) struct PictureAnswerBody {
    /// The likeliest class, or the number.
    #[schema(example = "7")]
    value: Value,
    /// How likely it is, 0 to 1; null for a number.
    confidence: Option<f64>,
    /// The three likeliest classes, that one first.
    alternatives: Vec<AlternativeBody>,
    /// What the model saw: a PNG in base64.
    seen: String,
    /// What the parts of the picture were worth; only with `explain`.
    explanation: Option<OcclusionBody>,
}

/// What the parts of a picture were worth to its answer: each was covered in turn.
#[derive(Serialize, ToSchema)]
#[schema(as = PictureExplanation)]
pub(crate) struct OcclusionBody {
    /// Row by row from the top left, a number for each part: by how much the answered class becomes less probable, or the
    /// answered number smaller, when the part is covered. Below 0, the part spoke against the answer.
    effects: Vec<Vec<f64>>,
}

/// What else is wanted about a picture.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PictureQuery {
    /// Whether the parts that mattered are wanted.
    #[serde(default)]
    #[param(required = false)]
    explain: bool,
}

/// A class a picture may show.
#[derive(Serialize, ToSchema)]
#[schema(as = PictureAlternative)]
pub(crate) struct AlternativeBody {
    #[schema(example = "7")]
    value: Value,
    /// How likely it is, 0 to 1.
    confidence: f64,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
#[schema(as = PicturePrediction)]
pub(crate) struct PicturePredictionBody {
    id: Uuid,
    #[schema(value_type = PictureAnswerBody)]
    prediction: Value,
    /// Tokens this request was charged.
    #[schema(example = 5)]
    charged: i64,
    #[schema(example = 9)]
    balance: i64,
}

/// Predict from a picture
///
/// For a model that was trained on pictures. The picture is the body itself, the part `file` of a form, or JSON with a file in
/// base64 or with strokes. Something written is found on it whatever its size, place and shade. Charged once the answer is
/// there; a picture that shows nothing costs nothing.
#[utoipa::path(
    post, path = "/models/{id}/pictures", operation_id = "predict_picture", tag = "predictions",
    params(
        ("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"),
        ("Idempotency-Key" = Option<String>, Header, description = "Charges the same request once"),
        PictureQuery
    ),
    request_body(content = PictureBody, description = "Or the bytes of a file, as the body or as the part `file` of a form"),
    responses((status = 200, body = PicturePredictionBody))
)]
pub(crate) async fn predict(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Name(id): Name,
    Query(query): Query<PictureQuery>,
    request: Request,
) -> Result<Response, Problem> {
    let request = asked(&app, request, &query, idempotency_key).await?;
    let predicted = app
        .platform
        .pictures()
        .predict(&caller, &id, request)
        .await?;
    Ok(answered(predicted))
}

/// What a request asks about the picture it carries.
pub(super) async fn asked(
    app: &App,
    request: Request,
    query: &PictureQuery,
    idempotency_key: Option<String>,
) -> Result<PictureRequest, Problem> {
    Ok(PictureRequest {
        explain: query.explain,
        idempotency_key,
        ..picture(app, request).await?.into()
    })
}

pub(super) fn answered(predicted: Predicted) -> Response {
    let replayed = predicted
        .replayed
        .then_some([("idempotency-replayed", "true")]);
    let body = PicturePredictionBody {
        id: predicted.id,
        prediction: predicted.answer,
        charged: predicted.charged,
        balance: predicted.balance,
    };
    (replayed, Json(body)).into_response()
}

/// The picture a request carries.
async fn picture(app: &App, request: Request) -> Result<PictureInput, Problem> {
    let most = app.platform.picture_bytes();
    let too_large = || {
        Problem::new(
            Code::PayloadTooLarge,
            format!("The picture has more than {most} bytes. Make it smaller or save it as JPEG."),
        )
    };
    if crate::extract::is_json(request.headers()) {
        // Four letters for three bytes, and some room for what stands around them.
        let Json(body): Json<PictureBody> = json_within(request, most / 3 * 4 + (64 << 10)).await?;
        return in_json(body);
    }
    let bytes = with_files(request, async |file| {
        let mut bytes = Vec::new();
        while let Some(piece) = file.piece().await? {
            if bytes.len() + piece.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    })
    .await?;
    Ok(PictureInput::File(Bytes::from(bytes)))
}

fn in_json(body: PictureBody) -> Result<PictureInput, Problem> {
    match (body.image, body.drawing) {
        (Some(image), None) => {
            let letters = match image.split_once(";base64,") {
                Some((start, letters)) if start.starts_with("data:") => letters,
                _ => image.as_str(),
            };
            let bytes = STANDARD.decode(letters.trim()).map_err(|_| {
                Problem::field(
                    "/image",
                    "This is not base64. Send the bytes of the file in base64.",
                )
            })?;
            Ok(PictureInput::File(Bytes::from(bytes)))
        }
        (None, Some(drawing)) => Ok(PictureInput::Drawing(Drawing {
            width: drawing.width,
            height: drawing.height,
            pen: drawing.pen,
            strokes: drawing.strokes,
        })),
        _ => Err(Problem::field(
            "/image",
            "Send either image, the bytes of a file in base64, or drawing, the strokes.",
        )),
    }
}
