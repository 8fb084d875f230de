//! A folder, the server that runs on it, and the least of an HTTP client.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

#[path = "../../../store/tests/support/server.rs"]
mod server;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A data folder that goes away.
pub(crate) struct Place {
    /// Its name is the database's too.
    folder: TempDir,
    /// The data folder in it, when that is not to be there yet.
    data: PathBuf,
    in_a_file: bool,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().to_owned();
        Self {
            folder,
            data,
            in_a_file: false,
        }
    }

    /// A place whose data folder is not there yet.
    pub(crate) fn empty() -> Self {
        let mut place = Self::new();
        place.data = place.folder.path().join("data");
        place
    }

    /// A place on a SQLite file, wherever the other tests are.
    pub(crate) fn in_a_file() -> Self {
        Self {
            in_a_file: true,
            ..Self::new()
        }
    }

    pub(crate) fn empty_in_a_file() -> Self {
        Self {
            in_a_file: true,
            ..Self::empty()
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.data
    }

    /// The database on a server, if it is on one.
    fn url(&self) -> Option<String> {
        server::database_for(self.folder.path()).filter(|_| !self.in_a_file)
    }

    /// Where the database is, for a client of its own.
    pub(crate) fn database(&self) -> String {
        self.url()
            .unwrap_or_else(|| format!("sqlite://{}/trainyard.db", self.path().display()))
    }

    /// The binary on this folder.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trainyard"));
        command
            .args(words)
            .env("TRAINYARD_DATA", self.path())
            .env("TRAINYARD_DIGITS", "off")
            .env("TRAINYARD_LOG", "error");
        match self.url() {
            Some(url) => command.env("TRAINYARD_DATABASE_URL", url),
            None => command.env_remove("TRAINYARD_DATABASE_URL"),
        };
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Outcome {
        let output = self.command(words).output().unwrap();
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn serve(&self) -> Server {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0", "--threads", "1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        assert!(line.contains("is ready at"), "{line}");
        Server { child, address }
    }

    /// Lets SQLite look at every page of its file.
    pub(crate) fn check_database(&self) {
        use sea_orm::{ConnectionTrait, DbBackend, Statement};
        if !self.database().starts_with("sqlite:") {
            return;
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = sea_orm::Database::connect(self.database()).await.unwrap();
            for question in ["PRAGMA integrity_check", "PRAGMA foreign_key_check"] {
                let question = Statement::from_string(DbBackend::Sqlite, question);
                let rows = database.query_all_raw(question).await.unwrap();
                let said: Vec<String> = rows
                    .iter()
                    .filter_map(|row| row.try_get_by_index(0).ok())
                    .collect();
                assert!(said.iter().all(|line| line == "ok"), "{said:?}");
            }
            database.close().await.unwrap();
        });
    }

    /// Changes the database behind the server's back.
    pub(crate) fn sql(&self, sql: &str) {
        use sea_orm::ConnectionTrait;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let database = sea_orm::Database::connect(self.database()).await.unwrap();
            database.execute_unprepared(sql).await.unwrap();
            database.close().await.unwrap();
        });
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    body: String,
}

impl Answer {
    pub(crate) fn has_header(&self, name: &str) -> bool {
        let mut names = self.head.lines().filter_map(|line| line.split(':').next());
        names.any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(crate) fn text(&self) -> &str {
        &self.body
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

impl Server {
    /// Ends it as a failing machine would: nothing is closed, nothing said.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Makes the first administrator with this many tokens; the access token.
    pub(crate) fn set_up(&self, tokens: i64) -> String {
        let body = json!({ "email": "admin@example.com", "password": PASSWORD, "starting_tokens": tokens });
        let answer = self
            .ask("POST", "/api/v1/setup", None, &[], Some(&body))
            .unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> std::io::Result<Answer> {
        ask(&self.address, method, path, token, headers, body)
    }

    /// Sends a file.
    pub(crate) fn send(&self, path: &str, token: &str, file: &[u8]) -> std::io::Result<Answer> {
        let headers = [("content-type", "application/octet-stream")];
        exchange(&self.address, "POST", path, Some(token), &headers, file)
    }
}

/// One request on a connection of its own. An error when the server went away before the whole answer came.
pub(crate) fn ask(
    address: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> std::io::Result<Answer> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let headers = [&[("content-type", "application/json")], headers].concat();
    exchange(address, method, path, token, &headers, body.as_bytes())
}

fn exchange(
    address: &str,
    method: &str,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    if let Some(token) = token {
        head += &format!("authorization: Bearer {token}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(body)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse::<usize>().ok())?
    });
    if length.is_some_and(|length| length != body.len()) {
        return Err(cut());
    }
    Ok(Answer {
        status: status.ok_or_else(cut)?,
        head: head.to_owned(),
        body: body.to_owned(),
    })
}
