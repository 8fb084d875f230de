//! `trainyard serve`: the platform behind its doors, on one address, until it is asked to stop.

mod connections;
mod stalled;

use crate::arguments::{LogFormat, ServeOptions, Switch};
use crate::failure::Failure;
use crate::terminal;
use axum::middleware::map_response;
use axum::response::Response;
use connections::Patience;
use std::future::Future;
use std::path::Path;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use trainyard_api::{ApiOptions, Foreign, UnknownHere, prefix_of};
use trainyard_dialects::DialectOptions;
use trainyard_platform::{NewAdministrator, Platform, PlatformError, PlatformOptions};

/// Serves until interrupted.
pub(crate) fn serve(options: &ServeOptions) -> Result<(), Failure> {
    log(options)?;
    block_on(run(options))
}

/// Runs a future to its end on a runtime of its own.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| Failure::fault(format!("cannot start: {error}")))?
        .block_on(future)
}

async fn run(options: &ServeOptions) -> Result<(), Failure> {
    // The port is taken first: a second server on the same folder by mistake must not touch the database.
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        Failure::mistake(format!("cannot listen on {}: {error}. Choose another address with --listen, for instance --listen 127.0.0.1:8001", options.listen))
    })?;
    let platform = open(options).await?;
    if let (Some(email), Some(password)) = (&options.admin_email, &options.admin_password) {
        let administrator = NewAdministrator {
            email: email.clone(),
            password: password.clone(),
        };
        platform
            .ensure_administrator(administrator)
            .await
            .map_err(|error| Failure::mistake(error.to_string()))?;
    }
    let stopping = CancellationToken::new();
    let api = ApiOptions {
        public_url: options.public_url.clone(),
        listen: options.listen,
        trusted_proxies: options.trusted_proxies.clone(),
        stopping: stopping.clone(),
        patience: trainyard_api::Patience::default(),
    };
    if options.demo {
        platform
            .ensure_demonstration()
            .await
            .map_err(|error| Failure::mistake(error.to_string()))?;
    }
    let router = trainyard_api::router_beside(
        platform.clone(),
        trainyard_ui::router(options.public_url.as_deref().map_or("", prefix_of)),
        old_doors(&platform, options),
        api,
    );

    let address = listener
        .local_addr()
        .map_err(|error| Failure::fault(error.to_string()))?;
    let listening = format!("http://{address}");
    terminal::line(&format!(
        "Trainyard {} is ready at {}",
        env!("CARGO_PKG_VERSION"),
        match &options.public_url {
            Some(public) => format!("{public}, listening at {listening}"),
            None => listening,
        }
    ));
    let signal = stopping.clone();
    let halted = platform.clone();
    tokio::spawn(async move {
        interrupted().await;
        tracing::info!("stopping: jobs go back to the queue, open requests are finished");
        halted.halt_jobs();
        signal.cancel();
    });
    connections::serve(listener, router, stopping, Patience::default()).await;
    platform.stop().await;
    Ok(())
}

/// The old APIs in their places.
fn old_doors(platform: &Platform, options: &ServeOptions) -> Foreign {
    let dialects = DialectOptions { demo: options.demo };
    let root = options.root_dialect.map(|dialect| {
        let door = trainyard_dialects::door(platform, dialect, dialects);
        door.layer(map_response(async |mut response: Response| {
            let unknown = response.extensions().get::<trainyard_dialects::Unknown>();
            if unknown.is_some() {
                response.extensions_mut().insert(UnknownHere);
            }
            response
        }))
    });
    Foreign {
        mounted: trainyard_dialects::router(platform, dialects),
        root,
    }
}

/// Opens the data folder and starts the workers.
async fn open(options: &ServeOptions) -> Result<Platform, Failure> {
    let platform = PlatformOptions {
        threads: options.threads,
        digits: options.digits == Switch::On,
        database_url: options.database.url()?,
        give_back: crate::memory::give_back,
        ..PlatformOptions::new(&options.data)
    };
    Platform::start(platform)
        .await
        .map_err(|error| unusable(&options.data, &error))
}

/// Why a data folder cannot be worked on, whole: whoever starts the program is who can mend it.
pub(crate) fn unusable(folder: &Path, error: &PlatformError) -> Failure {
    let text = format!("cannot open {}: {}", folder.display(), error.cause());
    match error {
        PlatformError::Internal(_) => Failure::fault(text),
        _ => Failure::mistake(text),
    }
}

fn log(options: &ServeOptions) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&options.log)
        .map_err(|error| Failure::mistake(format!("--log {}: {error}", options.log)))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match options.log_format {
        LogFormat::Text => subscriber.compact().init(),
        LogFormat::Json => subscriber.json().init(),
    }
    Ok(())
}

/// Ends with Ctrl-C or, where there is one, a termination signal.
async fn interrupted() {
    let control_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = control_c => {}
        () = terminated => {}
    }
}
