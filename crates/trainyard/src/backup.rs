//! `trainyard backup` and `trainyard restore`: the whole place in one file, and back.

use crate::arguments::{BackupOptions, RestoreOptions};
use crate::failure::Failure;
use crate::{admin, files, serve, terminal};
use trainyard_platform::{Platform, PlatformError, PlatformOptions, RestoreRequest};

/// Makes a backup, also beside a running server.
pub(crate) fn backup(options: &BackupOptions) -> Result<(), Failure> {
    serve::block_on(async {
        files::check_data(&options.data, options.database.url()?.is_none())?;
        files::check_writable(&options.file)?;
        let platform = admin::visit(&options.data, &options.database).await?;
        let made = platform.backup(&options.file).await;
        platform.stop().await;
        let made = made.map_err(|error| failure(&error))?;
        terminal::line(&format!(
            "Wrote {} rows and {} files to {}",
            made.rows,
            made.artifacts,
            options.file.display()
        ));
        terminal::line(&format!("Manifest {}", made.hash));
        Ok(())
    })
}

/// Restores a backup into an empty place.
pub(crate) fn restore(options: &RestoreOptions) -> Result<(), Failure> {
    serve::block_on(async {
        let place = PlatformOptions {
            workers: 0,
            database_url: options.database.url()?,
            ..PlatformOptions::new(&options.data)
        };
        let request = RestoreRequest {
            file: options.file.clone(),
            manifest: options.manifest.clone(),
            anyway: options.anyway,
        };
        let restored = Platform::restore(&place, request).await;
        let restored = restored.map_err(|error| failure(&error))?;
        let made = restored.made_at;
        terminal::line(&format!(
            "Restored {} with {} files; everybody signs in anew. The backup was made on {} at {:02}:{:02} UTC",
            options.data.display(),
            restored.artifacts,
            made.date(),
            made.hour(),
            made.minute()
        ));
        admin::report(&restored.findings)
    })
}

fn failure(error: &PlatformError) -> Failure {
    match error {
        PlatformError::Internal(cause) => Failure::fault(cause.clone()),
        other => Failure::mistake(other.to_string()),
    }
}
