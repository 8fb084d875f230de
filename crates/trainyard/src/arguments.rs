//! Every flag and environment variable, with its help. Other files receive these structs and read no environment.

use crate::failure::Failure;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use trainyard_api::Network;
use trainyard_platform::Dialect;

/// Self-hosted, no-code machine learning in one binary.
#[derive(Debug, Parser)]
#[command(name = "trainyard", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// What to do; `serve` when absent.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Flags of `serve`, so that `trainyard --listen …` works too.
    #[command(flatten)]
    pub(crate) serve: ServeOptions,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the web app and the API (the default)
    Serve(ServeOptions),
    /// Train a model from a file
    Train(TrainOptions),
    /// Predict a file with a model
    Predict(PredictOptions),
    /// Write a model in a form that other programs read
    Export(ExportOptions),
    /// Administer a data folder
    Admin(AdminOptions),
    /// Write everything into one file, also beside a running server
    Backup(BackupOptions),
    /// Restore a backup into an empty folder (and database)
    Restore(RestoreOptions),
    /// Print the OpenAPI document
    #[command(hide = true)]
    Openapi,
}

/// Which database.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DatabaseOptions {
    /// PostgreSQL instead of a SQLite file in the folder: postgres://USER:PASSWORD@HOST:PORT/DATABASE
    #[arg(
        long = "database-url",
        env = "TRAINYARD_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    url: Option<String>,
}

impl DatabaseOptions {
    /// The server's address; nothing for a file. It holds a password: no message repeats it, and hence it is looked at
    /// here and not while arguments are read.
    pub(crate) fn url(&self) -> Result<Option<String>, Failure> {
        let known = ["postgres://", "postgresql://"];
        match &self.url {
            Some(url) if !known.iter().any(|start| url.starts_with(start)) => {
                Err(Failure::mistake(
                    "--database-url is for PostgreSQL and begins with postgres://. Leave it out (and TRAINYARD_DATABASE_URL unset) for a SQLite file in the folder of --data",
                ))
            }
            url => Ok(url.clone()),
        }
    }
}

/// Where and what to serve.
#[derive(Clone, Debug, Args)]
pub(crate) struct ServeOptions {
    /// Address and port to listen on
    #[arg(
        long,
        env = "TRAINYARD_LISTEN",
        default_value = "127.0.0.1:8000",
        value_name = "ADDR:PORT"
    )]
    pub(crate) listen: SocketAddr,
    /// Folder for the database and all files
    #[arg(
        long,
        env = "TRAINYARD_DATA",
        default_value = "trainyard-data",
        value_parser = folder,
        value_name = "DIR"
    )]
    pub(crate) data: PathBuf,
    /// The database
    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
    /// E-mail of the first administrator, made at the first start
    #[arg(
        long,
        env = "TRAINYARD_ADMIN_EMAIL",
        requires = "admin_password",
        value_name = "EMAIL"
    )]
    pub(crate) admin_email: Option<String>,
    /// Password of the first administrator (at least 8 characters)
    #[arg(
        long,
        env = "TRAINYARD_ADMIN_PASSWORD",
        requires = "admin_email",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    pub(crate) admin_password: Option<String>,
    /// The address people use, when it is not the one above (https makes cookies Secure; a path is served too)
    #[arg(long, env = "TRAINYARD_PUBLIC_URL", value_parser = public_url, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// A proxy whose X-Forwarded-For is believed, as address or network (10.0.0.0/8), as often as needed
    #[arg(
        long = "trusted-proxy",
        env = "TRAINYARD_TRUSTED_PROXY",
        value_delimiter = ',',
        value_name = "ADDR"
    )]
    pub(crate) trusted_proxies: Vec<Network>,
    /// Threads for training (0: one for each core)
    #[arg(long, env = "TRAINYARD_THREADS", default_value_t = 0, value_parser = threads, value_name = "N")]
    pub(crate) threads: usize,
    /// Whether handwritten digits are read: a model of them is trained at the first start
    #[arg(long, env = "TRAINYARD_DIGITS", value_enum, default_value_t = Switch::On)]
    pub(crate) digits: Switch,
    /// An old API that also answers at the root, beside its place under /dialects: autoclassifier, token-platform, grid-search, digit-ocr or lesson-prices
    #[arg(long, env = "TRAINYARD_ROOT_DIALECT", value_parser = dialect, value_name = "NAME")]
    pub(crate) root_dialect: Option<Dialect>,
    /// A demonstration: makes the old clients' accounts, whose passwords anybody knows, and lets people give themselves tokens through the old API of the lesson prices
    #[arg(long, env = "TRAINYARD_DEMO")]
    pub(crate) demo: bool,
    /// What to log, as tracing directives
    #[arg(
        long,
        env = "TRAINYARD_LOG",
        default_value = "info,sqlx=warn,sea_orm=warn,sea_orm_migration=warn",
        value_name = "DIRECTIVES"
    )]
    pub(crate) log: String,
    /// How to log
    #[arg(long, env = "TRAINYARD_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// How to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What to train.
#[derive(Debug, Args)]
pub(crate) struct TrainOptions {
    /// CSV, TSV, XLSX, Parquet or JSON lines
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The sheet of a workbook; the first with data when absent
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// The column to predict
    #[arg(long, value_name = "COL")]
    pub(crate) target: String,
    /// An algorithm's name, or auto to pick among the families
    #[arg(long, default_value = "auto", value_name = "A")]
    pub(crate) algorithm: String,
    /// A parameter of the algorithm, as often as needed (n_estimators=200)
    #[arg(long = "param", value_name = "K=V")]
    pub(crate) params: Vec<String>,
    /// Learn only from these columns, as often as needed
    #[arg(long = "feature", value_name = "COL")]
    pub(crate) features: Vec<String>,
    /// Treat the target as classes or numbers instead of guessing
    #[arg(long, value_parser = ["auto", "classification", "regression"], default_value = "auto")]
    pub(crate) task: String,
    /// How long auto looks
    #[arg(long, value_parser = ["quick", "balanced", "thorough"], default_value = "balanced")]
    pub(crate) effort: String,
    /// Units of work auto may spend instead, each about a million looks at one cell
    #[arg(long, value_name = "N", conflicts_with = "seconds")]
    pub(crate) work: Option<f64>,
    /// Seconds auto may take instead; the model cannot be made again to the byte then
    #[arg(long, value_name = "S")]
    pub(crate) seconds: Option<f64>,
    /// What auto maximises (accuracy, f1_macro, roc_auc, rmse, mae, …)
    #[arg(long, value_name = "METRIC")]
    pub(crate) metric: Option<String>,
    /// Share of rows held out for the test
    #[arg(long, default_value_t = 0.2, value_name = "SHARE")]
    pub(crate) test_size: f64,
    /// Folds of an additional cross-validation (0: none)
    #[arg(long, default_value_t = 0, value_name = "K")]
    pub(crate) folds: usize,
    /// All randomness derives from this
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Threads (0: one for each core); the model is the same for any number
    #[arg(long, env = "TRAINYARD_THREADS", default_value_t = 0, value_parser = threads, value_name = "N")]
    pub(crate) threads: usize,
    /// Where to write the model
    #[arg(short, long, default_value = "model.tym", value_name = "MODEL")]
    pub(crate) output: PathBuf,
    /// Print the whole report as JSON instead of a summary
    #[arg(long)]
    pub(crate) json: bool,
    /// Fit on every row and test on none (for comparisons that hold rows out themselves)
    #[arg(long, hide = true)]
    pub(crate) no_holdout: bool,
}

/// What to predict.
#[derive(Debug, Args)]
pub(crate) struct PredictOptions {
    /// A model file (.tym)
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// CSV, TSV, XLSX, Parquet or JSON lines with the model's columns, in any order, of any size
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The sheet of a workbook; the first with data when absent
    #[arg(long, value_name = "NAME")]
    pub(crate) sheet: Option<String>,
    /// Add one probability column for each class
    #[arg(long)]
    pub(crate) proba: bool,
    /// Threads (0: one for each core)
    #[arg(long, env = "TRAINYARD_THREADS", default_value_t = 0, value_parser = threads, value_name = "N")]
    pub(crate) threads: usize,
    /// Where to write the predictions, as CSV or, when the name ends in .parquet, as Parquet; the terminal when absent
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
}

/// What to export.
#[derive(Debug, Args)]
pub(crate) struct ExportOptions {
    /// A model file (.tym)
    #[arg(value_name = "MODEL")]
    pub(crate) model: PathBuf,
    /// The form to write
    #[arg(long, value_enum, default_value_t = ExportFormat::Onnx)]
    pub(crate) format: ExportFormat,
    /// The file to write; there must be no such file
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Forms that other programs read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One graph from columns to answers, for ONNX Runtime and others
    Onnx,
}

/// What to write into a file.
#[derive(Debug, Args)]
pub(crate) struct BackupOptions {
    /// The backup to write; there must be no such file
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Folder for the database and all files
    #[arg(
        long,
        env = "TRAINYARD_DATA",
        default_value = "trainyard-data",
        value_parser = folder,
        value_name = "DIR"
    )]
    pub(crate) data: PathBuf,
    /// The database
    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
}

/// What to restore, and where.
#[derive(Debug, Args)]
pub(crate) struct RestoreOptions {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Folder for the database and all files; empty, or not there
    #[arg(
        long,
        env = "TRAINYARD_DATA",
        default_value = "trainyard-data",
        value_parser = folder,
        value_name = "DIR"
    )]
    pub(crate) data: PathBuf,
    /// The database
    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
    /// Only the backup that printed this when it was made
    #[arg(long, value_name = "HASH")]
    pub(crate) manifest: Option<String>,
    /// Restore although its books do not fit
    #[arg(long)]
    pub(crate) anyway: bool,
}

/// Administration of a data folder.
#[derive(Debug, Args)]
pub(crate) struct AdminOptions {
    /// Folder for the database and all files
    #[arg(
        long,
        env = "TRAINYARD_DATA",
        default_value = "trainyard-data",
        value_parser = folder,
        value_name = "DIR",
        global = true
    )]
    pub(crate) data: PathBuf,
    /// The database
    #[command(flatten)]
    pub(crate) database: DatabaseOptions,
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: AdminAction,
}

/// What to administer.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminAction {
    /// Make an administrator
    Create {
        /// E-mail to sign in with
        #[arg(long, env = "TRAINYARD_ADMIN_EMAIL", value_name = "EMAIL")]
        email: String,
        /// Password of at least 8 characters; one is made up and printed when absent
        #[arg(
            long,
            env = "TRAINYARD_ADMIN_PASSWORD",
            hide_env_values = true,
            value_name = "PASSWORD"
        )]
        password: Option<String>,
    },
    /// Recompute every balance and check every charge, refund and audit entry; exit code 1 when something does not fit
    Verify,
}

/// More threads than this are a slip of the keyboard on any machine.
const MOST_THREADS: usize = 1_024;

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= MOST_THREADS => Ok(count),
        _ => Err(format!(
            "use a whole number from 0 (one for each core) to {MOST_THREADS}"
        )),
    }
}

fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() {
        return Err("name a folder, or leave it out for trainyard-data here".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// An old API, by its name.
fn dialect(name: &str) -> Result<Dialect, String> {
    Dialect::parse(name).ok_or_else(|| {
        let names = Dialect::ALL.map(Dialect::name).join(", ");
        format!("choose one of {names}")
    })
}

/// What addresses begin with that do not stand for pages.
const OURS: &[&str] = &[
    "api", "assets", "dialects", "docs", "healthz", "metrics", "readyz", "redoc", "v2",
];

/// `http://` or `https://`, a name, maybe a path, and nothing that has no place there. The path stands in pages and
/// cookies as it is, so it is made of letters that mean nothing anywhere.
fn public_url(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let (host, path) = match rest.map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
        Some((host, path)) => (Some(host), path),
        None => (None, ""),
    };
    let odd = |letter: char| {
        letter.is_whitespace() || letter.is_control() || matches!(letter, '@' | '?' | '#' | '\\')
    };
    let ours = |path: &str| OURS.contains(&path.split('/').next().unwrap_or_default());
    let plain = |path: &str| {
        let usual = |letter: char| letter.is_ascii_alphanumeric() || "-_.~".contains(letter);
        let segments = path.strip_suffix('/').unwrap_or(path);
        segments.is_empty()
            || (segments.split('/'))
                .all(|one| !matches!(one, "" | "." | "..") && one.chars().all(usual))
    };
    match host {
        Some(_) if ours(path) => Err(format!(
            "a path that begins with one of {} cannot be told from the server's own addresses; choose another",
            OURS.join(", ")
        )),
        Some(host) if !host.is_empty() && !text.contains(odd) && plain(path) => {
            Ok(text.to_owned())
        }
        _ => Err(
            "write it as https://ml.example.com or https://example.com/ml, with letters, digits, - _ . and ~ in the path"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(arguments: &[&str]) -> bool {
        Arguments::try_parse_from([&["trainyard"], arguments].concat()).is_err()
    }

    #[test]
    fn slips_of_the_keyboard_are_refused_before_anything_starts() {
        for good in [
            &["--public-url", "https://ml.example.com/x"][..],
            &["--public-url", "http://localhost:8000"],
            &["--public-url", "https://example.com/tools/ml-2/"],
            &["--threads", "0"],
            &["serve", "--data", "here"],
            &[
                "--trusted-proxy",
                "127.0.0.1",
                "--trusted-proxy",
                "fd00::/8",
            ],
            &["--trusted-proxy", "127.0.0.1,10.0.0.0/8"],
        ] {
            assert!(!refused(good), "{good:?}");
        }
        for bad in [
            &["--public-url", "ml.example.com"][..],
            &["--public-url", "https://"],
            &["--public-url", "https://example.com/a\"b"],
            &["--public-url", "https://example.com/a//b"],
            &["--public-url", "https://example.com/../b"],
            &["--public-url", "https://example.com/api"],
            &["--public-url", "https://example.com/docs/ml"],
            &["--public-url", "https://ana:pw@ml.example.com"],
            &["--public-url", "ftp://ml.example.com"],
            &["--threads", "1000000"],
            &["--threads", "-1"],
            &["--trusted-proxy", "proxy.example.com"],
            &["--trusted-proxy", "10.0.0.0/40"],
            &["serve", "--data", ""],
            &["admin", "create", "--email", "a@example.com", "--data", ""],
        ] {
            assert!(refused(bad), "{bad:?}");
        }
    }
}
