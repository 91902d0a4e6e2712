//! `countersign schema`

use std::io::{self, Write};

use super::failure::Failure;
use crate::graphql;

/// Needs no configuration and no database, so that it works in any build.
pub(super) fn run() -> Result<(), Failure> {
    Ok(io::stdout().write_all(graphql::sdl().as_bytes())?)
}
