//! A server with all doors, and requests to them.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use trainyard_api::{ApiOptions, Foreign, Patience, UnknownHere};
use trainyard_dialects::DialectOptions;
use trainyard_platform::{Dialect, NewAdministrator, Platform, PlatformOptions};

#[path = "../../../store/tests/support/server.rs"]
mod server;

pub(crate) const ADMIN: (&str, &str) = ("root@example.com", "correct horse battery");

/// A running server.
pub(crate) struct TestApp {
    pub(crate) router: Router,
    pub(crate) platform: Platform,
    pub(crate) secret: Vec<u8>,
    folder: Arc<TempDir>,
}

/// Texts of a form, by name.
pub(crate) type Texts<'a> = &'a [(&'a str, &'a str)];

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// A request being put together.
pub(crate) struct Call<'a> {
    app: &'a TestApp,
    request: axum::http::request::Builder,
    body: Vec<u8>,
}

/// A door as its clients see it: an address, to which everything is added.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) base: &'static str,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(DialectOptions::default(), |_| {}).await
    }

    /// A server with the first administrator made, and other options.
    pub(crate) async fn with(
        dialects: DialectOptions,
        change: impl FnOnce(&mut PlatformOptions),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(Arc::new(folder), dialects, change).await
    }

    /// A server on a folder that may have been used before.
    pub(crate) async fn on(
        folder: Arc<TempDir>,
        dialects: DialectOptions,
        change: impl FnOnce(&mut PlatformOptions),
    ) -> Self {
        let secret = vec![7; 32];
        let mut options = PlatformOptions::new(folder.path());
        options.database_url = server::database_for(folder.path());
        options.threads = 1;
        options.workers = 1;
        options.secret = Some(secret.clone());
        change(&mut options);
        let platform = Platform::start(options).await.unwrap();
        let administrator = NewAdministrator {
            email: ADMIN.0.to_owned(),
            password: ADMIN.1.to_owned(),
        };
        platform.ensure_administrator(administrator).await.unwrap();
        if dialects.demo {
            platform.ensure_demonstration().await.unwrap();
        }
        let router = router(&platform, dialects, None);
        Self {
            router,
            platform,
            secret,
            folder,
        }
    }

    /// The folder of a server that is stopped.
    pub(crate) async fn stop(self) -> Arc<TempDir> {
        self.platform.stop().await;
        self.folder
    }

    /// The same server with a door at the root.
    pub(crate) fn rooted(&self, dialect: Dialect) -> Self {
        Self {
            router: router(&self.platform, DialectOptions::default(), Some(dialect)),
            platform: self.platform.clone(),
            secret: self.secret.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    pub(crate) fn door(&self, base: &'static str) -> Door<'_> {
        Door { app: self, base }
    }

    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        let method: Method = method.parse().unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8000");
        Call {
            app: self,
            request,
            body: Vec::new(),
        }
    }

    /// An administrator's session of the canonical API.
    pub(crate) async fn administrator(&self) -> String {
        let body = json!({ "login": ADMIN.0, "password": ADMIN.1 });
        let call = self.call("POST", "/api/v1/auth/login").json(body);
        call.send().await.json()["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Changes settings.
    pub(crate) async fn set(&self, settings: Value) {
        let token = self.administrator().await;
        let call = self.call("PATCH", "/api/v1/admin/settings").bearer(&token);
        let answer = call.json(settings).send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

fn router(platform: &Platform, dialects: DialectOptions, root: Option<Dialect>) -> Router {
    let options = ApiOptions {
        public_url: None,
        listen: "127.0.0.1:8000".parse().unwrap(),
        trusted_proxies: Vec::new(),
        stopping: CancellationToken::new(),
        patience: Patience::default(),
    };
    let ui = Router::new().fallback(|| async { "a page".into_response() });
    let foreign = Foreign {
        mounted: trainyard_dialects::router(platform, dialects),
        root: root.map(|dialect| {
            let door = trainyard_dialects::door(platform, dialect, dialects);
            door.layer(map_response(async |mut response: Response| {
                if response
                    .extensions()
                    .get::<trainyard_dialects::Unknown>()
                    .is_some()
                {
                    response.extensions_mut().insert(UnknownHere);
                }
                response
            }))
        }),
    };
    trainyard_api::router_beside(platform.clone(), ui, foreign, options)
}

impl<'a> Door<'a> {
    pub(crate) fn call(self, method: &str, path: &str) -> Call<'a> {
        self.app.call(method, &format!("{}{path}", self.base))
    }

    pub(crate) fn get(self, path: &str) -> Call<'a> {
        self.call("GET", path)
    }

    pub(crate) fn post(self, path: &str) -> Call<'a> {
        self.call("POST", path)
    }
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// A plain form.
    pub(crate) fn form(self, pairs: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('&', "%26").replace(' ', "+")))
            .collect();
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(pairs.join("&"))
    }

    /// A form with files: name, file name, bytes.
    pub(crate) fn multipart(self, texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (name, value) in texts {
            let part = format!(
                "--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, bytes) in files {
            let kind = if file.ends_with(".png") {
                "image/png"
            } else {
                "text/csv"
            };
            let part = format!(
                "--XX\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {kind}\r\n\r\n"
            );
            body.extend_from_slice(part.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--XX--\r\n");
        self.header("content-type", "multipart/form-data; boundary=XX")
            .body(body)
    }

    /// Comes from this address of the network.
    pub(crate) fn from(mut self, address: [u8; 4]) -> Self {
        let peer = std::net::SocketAddr::from((address, 50_000));
        self.request = self.request.extension(ConnectInfo(peer));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) async fn send(self) -> Answer {
        let request = self.request.body(Body::from(self.body)).unwrap();
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes: bytes.to_vec(),
        }
    }

    /// Asserts status and JSON.
    pub(crate) async fn gives(self, status: u16, body: Value) -> Answer {
        let answer = self.send().await;
        let text = answer.text();
        assert_eq!(answer.status, status, "{text}");
        assert_eq!(answer.json(), body, "{text}");
        answer
    }

    /// Asserts a status and a sentence under `detail`.
    pub(crate) async fn refuses(self, status: u16, detail: &str) -> Answer {
        self.gives(status, json!({ "detail": detail })).await
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }
}

/// What a token says.
pub(crate) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// A fixture.
pub(crate) fn data(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    #[expect(clippy::disallowed_methods, reason = "a test reads its own fixture")]
    std::fs::read(path.join(name)).unwrap()
}
