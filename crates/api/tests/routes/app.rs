//! A server in a folder of its own, and people who use it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use trainyard_api::{ApiOptions, Patience};
use trainyard_platform::{Platform, PlatformOptions};
use trainyard_store::StoreOptions;

#[path = "../../../store/tests/support/server.rs"]
mod server;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running server.
pub(crate) struct TestApp {
    pub(crate) router: Router,
    pub(crate) platform: Platform,
    pub(crate) stopping: CancellationToken,
    pub(crate) folder: Arc<TempDir>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// A request being put together.
pub(crate) struct Call<'a> {
    app: &'a TestApp,
    request: axum::http::request::Builder,
    body: Body,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) token: String,
    pub(crate) refresh_token: String,
    pub(crate) id: String,
}

impl TestApp {
    /// A server with the first administrator made.
    pub(crate) async fn start() -> Self {
        let app = Self::empty().await;
        app.set_up().await;
        app
    }

    /// A server nobody has set up yet.
    pub(crate) async fn empty() -> Self {
        Self::with(|_| {}).await
    }

    /// A server whose options were changed.
    pub(crate) async fn with(change: impl FnOnce(&mut PlatformOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(folder, change).await
    }

    /// A server on a folder that may have been used before.
    pub(crate) async fn on(folder: TempDir, change: impl FnOnce(&mut PlatformOptions)) -> Self {
        let mut options = options(folder.path());
        change(&mut options);
        let platform = Platform::start(options).await.unwrap();
        let stopping = CancellationToken::new();
        let router = router(&platform, &stopping, Patience::default(), None);
        Self {
            router,
            platform,
            stopping,
            folder: Arc::new(folder),
        }
    }

    /// Another door to the same server, which waits this long.
    pub(crate) fn waiting(&self, patience: Patience) -> Self {
        self.door(patience, None)
    }

    /// Another door to the same server, which people know by this address.
    pub(crate) fn known_as(&self, public_url: &str) -> Self {
        self.door(Patience::default(), Some(public_url))
    }

    fn door(&self, patience: Patience, public_url: Option<&str>) -> Self {
        Self {
            router: router(&self.platform, &self.stopping, patience, public_url),
            platform: self.platform.clone(),
            stopping: self.stopping.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    /// The folder, when the server is no longer needed.
    pub(crate) fn into_folder(self) -> Arc<TempDir> {
        Arc::clone(&self.folder)
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8000");
        Call {
            app: self,
            request,
            body: Body::empty(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    /// Makes the first administrator.
    pub(crate) async fn set_up(&self) -> Person {
        let body = json!({ "email": "admin@example.com", "password": PASSWORD });
        Person::of(&self.post("/api/v1/setup").json(body).send().await)
    }

    pub(crate) async fn register(&self, name: &str) -> Person {
        let body = json!({ "email": format!("{name}@example.com"), "user_name": name, "password": PASSWORD });
        let answer = self.post("/api/v1/auth/register").json(body).send().await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        Person::of(&answer)
    }

    /// Signs in.
    pub(crate) fn log_in(&self, login: &str, password: &str) -> Call<'_> {
        let body = json!({ "login": login, "password": password });
        self.post("/api/v1/auth/login").json(body)
    }

    /// A sample, read.
    pub(crate) async fn sample(&self, person: &Person, name: &str) -> Value {
        let call = self.post(&format!("/api/v1/samples/{name}")).by(person);
        let answer = call.header("prefer", "wait=60").send().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let dataset = answer.json();
        assert_eq!(dataset["status"], "ready", "{dataset}");
        dataset
    }

    /// A file, read or not.
    pub(crate) async fn upload(
        &self,
        person: &Person,
        file_name: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Answer {
        let path = format!("/api/v1/datasets?file_name={file_name}");
        let call = self.post(&path).by(person).header("prefer", "wait=60");
        call.body(bytes).send().await
    }

    /// A training, waited for.
    pub(crate) async fn train(&self, person: &Person, request: Value) -> Answer {
        let call = self
            .post("/api/v1/models")
            .by(person)
            .header("prefer", "wait=60");
        call.json(request).send().await
    }

    pub(crate) async fn balance(&self, person: &Person) -> i64 {
        self.get("/api/v1/me").by(person).send().await.json()["tokens"]
            .as_i64()
            .unwrap()
    }

    /// What a job has become once it is over.
    pub(crate) async fn ended(&self, person: &Person, job: &str) -> Value {
        for _ in 0..600 {
            let job = self
                .get(&format!("/api/v1/jobs/{job}"))
                .by(person)
                .send()
                .await
                .json();
            let status = job["status"].as_str().unwrap();
            if !["queued", "running"].contains(&status) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the job does not end");
    }
}

fn router(
    platform: &Platform,
    stopping: &CancellationToken,
    patience: Patience,
    public_url: Option<&str>,
) -> Router {
    let options = ApiOptions {
        public_url: public_url.map(str::to_owned),
        listen: "127.0.0.1:8000".parse().unwrap(),
        trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
        stopping: stopping.clone(),
        patience,
    };
    let ui = Router::new().fallback(|| async { (StatusCode::OK, "a page").into_response() });
    trainyard_api::router(platform.clone(), ui, options)
}

/// The usual options of a test: one thread, so that tests run beside each other.
pub(crate) fn options(folder: &Path) -> PlatformOptions {
    let mut options = PlatformOptions::new(folder);
    options.database_url = server::database_for(folder);
    options.threads = 1;
    options.workers = 1;
    options
}

/// The store behind it.
pub(crate) fn store_options(folder: &Path) -> StoreOptions {
    let options = StoreOptions::in_folder(folder);
    match server::database_for(folder) {
        Some(url) => options.at_server(&url),
        None => options,
    }
}

impl Call<'_> {
    pub(crate) fn by(self, person: &Person) -> Self {
        let value = format!("Bearer {}", person.token);
        self.header("authorization", &value)
    }

    /// Comes from this address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        let peer = SocketAddr::new(address.parse().unwrap(), 50_000);
        self.request = self.request.extension(ConnectInfo(peer));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::from(body.into());
        self
    }

    pub(crate) fn stream(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// The answer with its body still coming.
    pub(crate) async fn open(self) -> axum::response::Response {
        let request = self.request.body(self.body).unwrap();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.app.router.clone().oneshot(request).await.unwrap();
        crate::documented::check(&method, &path, &response);
        response
    }

    pub(crate) async fn send(self) -> Answer {
        let response = self.open().await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX)
            .await
            .unwrap()
            .to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes,
        }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}: {}", self.status, String::from_utf8_lossy(&self.bytes)))
    }

    /// Asserts a problem of this status and code, and gives it.
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status.as_u16(), status, "{text}");
        assert_eq!(
            self.headers["content-type"], "application/problem+json",
            "{text}"
        );
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/errors/{code}"));
        assert_eq!(
            problem["request_id"].as_str().unwrap(),
            self.headers["x-request-id"].to_str().unwrap()
        );
        assert!(
            problem["detail"].as_str().unwrap().ends_with(['.', '?']),
            "{problem}"
        );
        problem
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let lines = self
            .headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|line| line.to_str().ok());
        lines
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .next()
            .map(str::to_owned)
    }
}

impl Person {
    pub(crate) fn of(answer: &Answer) -> Self {
        let body = answer.json();
        let text = |value: &Value| {
            value
                .as_str()
                .unwrap_or_else(|| panic!("{body}"))
                .to_owned()
        };
        Self {
            token: text(&body["access_token"]),
            refresh_token: text(&body["refresh_token"]),
            id: text(&body["user"]["id"]),
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}
