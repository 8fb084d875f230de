//! The API's own description: made from the routes, served as JSON and shown by Swagger UI. The committed copy is
//! `openapi.json` beside this crate's manifest; `cargo xtask openapi` writes it. How operations fail is in `failures`.

mod failures;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, PathItem, Server};
use utoipa::{Modify, OpenApi as _};
use utoipa_swagger_ui::SwaggerUi;

use crate::extract::API_KEY;
use crate::problem::{FieldBody, ProblemBody};
use crate::routes;

/// Scripts and styles of the reference come from this server; Swagger UI writes style attributes of its own.
const REFERENCE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Trainyard",
        description = "Bring a table, train a model, predict. Sign in at `/api/v1/auth/login` and send the token as \
            `Authorization: Bearer …`; scripts send an API key the same way, or as `X-API-Key`. Everything that goes wrong is `application/problem+json` with a stable `code`."
    ),
    components(schemas(ProblemBody, FieldBody)),
    modifiers(&Security)
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("trainyard_session"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let key = ApiKey::Header(ApiKeyValue::new(API_KEY));
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(key));
    }
}

/// An empty document with everything that is not a route.
pub(crate) fn foundation() -> OpenApi {
    Document::openapi()
}

/// Adds what is the same for every operation: who may call it unless it says otherwise, and how it fails.
fn finished(mut document: OpenApi) -> OpenApi {
    let who: [&str; 3] = ["bearer", "session", "api_key"];
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            if operation.security.is_none() {
                let any = who.map(|scheme| SecurityRequirement::new(scheme, Vec::<String>::new()));
                operation.security = Some(any.to_vec());
            }
        }
    }
    failures::add(&mut document);
    document
}

/// What there is at a path, by method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
        ("PUT", &mut item.put),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The document of every route.
pub(crate) fn document() -> OpenApi {
    let (_, document) = routes::table_of_contents().split_for_parts();
    finished(document)
}

/// The document as it is served and committed.
#[must_use]
pub fn openapi_json() -> String {
    document_below("")
}

fn document_below(prefix: &str) -> String {
    let mut document = document();
    if !prefix.is_empty() {
        document.servers = Some(vec![Server::new(prefix)]);
    }
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// The document and the pages that show it, on a server below this path of its host.
pub(crate) fn reference(prefix: &str) -> Router {
    let text: &'static str = document_below(prefix).leak();
    let json = move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
    let pages: Router = SwaggerUi::new("/docs")
        .config(utoipa_swagger_ui::Config::new([format!(
            "{prefix}/openapi.json"
        )]))
        .into();
    pages
        .layer(from_fn(guarded))
        .route("/openapi.json", get(json))
}

async fn guarded(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = HeaderValue::from_static(REFERENCE_POLICY);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
