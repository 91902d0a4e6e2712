//! What every command takes: where the configuration is, and what to put above it.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use crate::config::{Config, Sources};
use crate::domain::Clock;
use crate::domain::clock::SystemClock;

/// Read when it is there and no other file is named.
const USUAL_FILE: &str = "countersign.toml";

#[derive(Args)]
pub(super) struct Flags {
    /// The configuration file; without it `countersign.toml` is read if it is there.
    #[arg(long, value_name = "PATH", env = "COUNTERSIGN_CONFIG", global = true)]
    config: Option<PathBuf>,
    /// `development` or `production`.
    #[arg(long, value_name = "ENV", global = true)]
    env: Option<String>,
    /// The database. Other users of this machine can read a command line: a password belongs in
    /// `DATABASE_URL` or `database.url_file`.
    #[arg(long, value_name = "URL", global = true)]
    database_url: Option<String>,
    /// The IP address to listen on.
    #[arg(long, value_name = "IP", global = true)]
    host: Option<String>,
    /// The port to listen on.
    #[arg(long, value_name = "PORT", global = true)]
    port: Option<String>,
}

impl Flags {
    /// The configuration that they and the environment lead to.
    pub fn config(self) -> Result<Config, Failure> {
        Ok(Config::load(self.sources())?)
    }

    /// All layers, not yet read.
    pub fn sources(self) -> Sources {
        let usual_file = || Path::new(USUAL_FILE).exists().then(|| USUAL_FILE.into());
        let unicode = |(name, value): (_, _)| Some((into_string(name)?, into_string(value)?));
        let flags = [
            ("env", self.env),
            ("database.url", self.database_url),
            ("http.host", self.host),
            ("http.port", self.port),
        ];
        Sources {
            // A variable that is there but empty counts as absent, here as everywhere.
            file: self
                .config
                .filter(|path| !path.as_os_str().is_empty())
                .or_else(usual_file),
            environment: env::vars_os().filter_map(unicode).collect(),
            flags: flags
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?)))
                .collect(),
            now: SystemClock.now(),
        }
    }
}

fn into_string(text: std::ffi::OsString) -> Option<String> {
    text.into_string().ok()
}
