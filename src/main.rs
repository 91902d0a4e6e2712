//! The `countersign` binary.

use std::process::ExitCode;

use clap::Parser;
use countersign::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::parse().run().await
}
