//! `trainyard admin`: what an administrator does to a data folder from the command line.

use crate::arguments::{AdminAction, AdminOptions};
use crate::failure::Failure;
use crate::{serve, terminal};
use trainyard_platform::{NewAdministrator, Platform, PlatformOptions};

/// Administers as asked.
pub(crate) fn admin(options: &AdminOptions) -> Result<(), Failure> {
    let AdminAction::Create { email, password } = &options.action;
    serve::block_on(async {
        let platform = PlatformOptions {
            workers: 0,
            database_url: options.database.url()?,
            ..PlatformOptions::new(&options.data)
        };
        let platform = Platform::start(platform)
            .await
            .map_err(|error| serve::unusable(&options.data, &error))?;
        let made_up = password.is_none();
        let password = password
            .clone()
            .unwrap_or_else(trainyard_platform::generate_password);
        let administrator = NewAdministrator {
            email: email.clone(),
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
    })
}
