//! `countersign migrate`

use super::failure::Failure;
use crate::config::Config;
use crate::server;

pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    server::migrate(config).await.map_err(Failure::failed)
}
