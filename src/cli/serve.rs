//! `countersign serve`

use super::failure::Failure;
use crate::config::Config;
use crate::server::{self, StartError};

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    server::serve(config).await.map_err(|error| match error {
        StartError::Traces(error) => Failure::CommandLine(error.to_string()),
        error => Failure::failed(error),
    })
}
