//! `countersign config check` and `countersign config show`

use std::io::{self, Write};

use super::failure::Failure;
use super::flags::Flags;
use crate::{config, server};

pub(super) fn check(flags: Flags) -> Result<(), Failure> {
    let config = flags.config()?;
    // They are settings too, in files of their own.
    server::templates(&config).map_err(Failure::failed)?;
    let env = if config.env.is_production() {
        "production"
    } else {
        "development"
    };
    Ok(writeln!(
        io::stdout(),
        "The configuration is sound, for {env}."
    )?)
}

pub(super) fn show(flags: Flags) -> Result<(), Failure> {
    let values = config::show(flags.sources())?;
    Ok(io::stdout().write_all(values.as_bytes())?)
}
