//! The `countersign` binary.

use std::process::ExitCode;

use clap::Parser;
use countersign::cli::Cli;
use mimalloc::MiMalloc;

/// A request is some hundred small allocations: see docs/decisions/0029.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    Cli::parse().run().await
}
