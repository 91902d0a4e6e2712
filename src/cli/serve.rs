//! `countersign serve`

use super::failure::Failure;
use crate::server;
use crate::config::Config;

pub(super) async fn run(config: Config) -> Result<(), Failure> {
    server::serve(config).await.map_err(Failure::failed)
}
