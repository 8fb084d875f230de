//! `trainyard admin`: what an administrator does to a data folder from the command line.

use crate::arguments::{AdminAction, AdminOptions, DatabaseOptions};
use crate::failure::Failure;
use crate::{files, serve, terminal};
use std::path::Path;
use trainyard_platform::{Findings, NewAdministrator, Platform, PlatformOptions};

/// Administers as asked.
pub(crate) fn admin(options: &AdminOptions) -> Result<(), Failure> {
    serve::block_on(async {
        match &options.action {
            AdminAction::Create { email, password } => {
                create(options, email, password.as_deref()).await
            }
            AdminAction::Verify => verify(options).await,
        }
    })
}

/// Opens the folder beside a server that may be running on it.
pub(crate) async fn visit(data: &Path, database: &DatabaseOptions) -> Result<Platform, Failure> {
    let platform = PlatformOptions {
        workers: 0,
        database_url: database.url()?,
        ..PlatformOptions::new(data)
    };
    Platform::start(platform)
        .await
        .map_err(|error| serve::unusable(data, &error))
}

async fn create(
    options: &AdminOptions,
    email: &str,
    password: Option<&str>,
) -> Result<(), Failure> {
    let platform = visit(&options.data, &options.database).await?;
    let made_up = password.is_none();
    let password = password.map_or_else(trainyard_platform::generate_password, str::to_owned);
    let administrator = NewAdministrator {
        email: email.to_owned(),
        password: password.clone(),
    };
    let created = platform.create_administrator(administrator).await;
    platform.stop().await;
    created.map_err(|error| Failure::mistake(error.to_string()))?;
    terminal::line(&format!("Made administrator {email}"));
    if made_up {
        terminal::line(&format!(
            "Password: {password}  (shown once; change it after signing in)"
        ));
    }
    Ok(())
}

async fn verify(options: &AdminOptions) -> Result<(), Failure> {
    // Opening would make a folder whose name was mistyped, and find nothing wrong in it.
    files::check_data(&options.data, options.database.url()?.is_none())?;
    let platform = visit(&options.data, &options.database).await?;
    let found = platform.verify().await;
    platform.stop().await;
    report(&found.map_err(|error| Failure::fault(error.cause()))?)
}

/// Says what was found; a failure when something does not fit.
pub(crate) fn report(findings: &Findings) -> Result<(), Failure> {
    terminal::line(&format!(
        "Ledger       {} entries of {} accounts",
        findings.entries, findings.accounts
    ));
    terminal::line(&format!(
        "Charges      {} for predictions, {} for jobs",
        findings.predictions, findings.jobs
    ));
    terminal::line(&format!("Refunds      {}", findings.refunds));
    let audit = findings.audit.map(|entries| entries.to_string());
    terminal::line(&format!(
        "Audit        {} entries",
        audit.as_deref().unwrap_or("?")
    ));
    for (writer, sequence, hash) in &findings.heads {
        terminal::line(&format!("Audit end    {writer} {sequence} {hash}"));
    }
    for problem in &findings.problems {
        terminal::line(problem);
    }
    if findings.is_sound() {
        terminal::line("Everything fits.");
        return Ok(());
    }
    let count = findings.problems.len() as u64 + findings.more;
    let things = if count == 1 {
        "1 thing does"
    } else {
        &format!("{count} things do")
    };
    Err(Failure::fault(format!(
        "{things} not fit. Keep a copy of the data folder as it is, and compare it with a backup"
    )))
}
