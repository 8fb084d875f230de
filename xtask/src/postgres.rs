//! A PostgreSQL server for the tests alone: in a folder that goes away, on a free port of this machine, stopped when the
//! value is dropped.

use crate::command::{command, output};
use crate::prerequisites::{self, is_root};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whoever runs the server when this process is root, which the server refuses to be; Debian's package makes the account.
const ACCOUNT: &str = "postgres";
/// The database's owner.
const USER: &str = "trainyard";

/// It keeps nothing that outlives the tests, so it neither writes pages twice nor tidies up; hundreds of schemas want their
/// catalogue in memory, and no query is long enough to be compiled.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB \
    -c checkpoint_timeout=1h -c autovacuum=off -c jit=off -c shared_buffers=512MB -c max_connections=300";

/// A running server.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Makes and starts a server. It does not wait for disks: tests end processes of ours, not the machine.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = prerequisites::postgres()?;
        let folder =
            std::env::temp_dir().join(format!("trainyard-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let server = Self {
            programs,
            folder,
            port,
        };
        if is_root() {
            let folder = server.folder.to_string_lossy();
            output(&mut command("chown", &[ACCOUNT, &folder], Path::new("/")))?;
        }
        server.run(
            "initdb",
            &["-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8"],
        )?;
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} {SETTINGS}",
            server.port,
            server.folder.display()
        );
        let log = server.folder.join("log");
        let log = log.to_string_lossy();
        server.run("pg_ctl", &["start", "-w", "-l", &log, "-o", &settings])?;
        Ok(server)
    }

    /// The address of its database, without a query.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let program = self.programs.join(program);
        let data = self.folder.join("data");
        let (program, data) = (program.to_string_lossy(), data.to_string_lossy());
        let mut words = vec!["-u", ACCOUNT, "--", &program, "-D", &data];
        words.extend(arguments);
        let mut run: Command = if is_root() {
            command("runuser", &words, &self.folder)
        } else {
            command(&program, &words[4..], &self.folder)
        };
        // Captured by a file: a started server would hold a pipe open.
        let said = self.folder.join("said");
        let file = std::fs::File::create(&said).map_err(|error| error.to_string())?;
        let copy = file.try_clone().map_err(|error| error.to_string())?;
        let status = run
            .stdin(std::process::Stdio::null())
            .stdout(file)
            .stderr(copy)
            .status()
            .map_err(|error| format!("{program} could not be started: {error}"))?;
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read_to_string(&said).unwrap_or_default();
        Err(format!("{program} ended with {status}:\n{said}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(reason) = self.run("pg_ctl", &["stop", "-m", "fast", "-w"]) {
            println!("{reason}");
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
