//! Who else may open the files that the server keeps.

use super::StartError;
use crate::config::Config;
use crate::file_mode::{Content, Exposed, exposed};

/// Those that others may open: of secrets, and of a database.
#[must_use]
pub fn exposed_files(config: &Config) -> Vec<Exposed> {
    let mut found = config.exposed.clone();
    if let Some(database) = config.database.settings.sqlite_file() {
        if config.secrets.is_none() {
            found.extend(exposed(&database.with_extension("secret"), Content::Secret));
        }
        // SQLite keeps what is newest beside the file.
        for suffix in ["", "-wal", "-shm"] {
            let mut path = database.clone().into_os_string();
            path.push(suffix);
            found.extend(exposed(path.as_ref(), Content::Database));
        }
    }
    found
}

/// Production does not start with such a file; development says so.
pub(super) fn judge(config: &Config) -> Result<(), StartError> {
    for file in exposed_files(config) {
        if config.env.is_production() {
            return Err(StartError::Exposed(file));
        }
        tracing::warn!("{file}. {}", file.remedy());
    }
    Ok(())
}
