//! The flood shield: how many requests one client address may make.
//!
//! It protects this process and no account, so it counts in memory, in each instance for itself, and
//! by a clock of its own (tower-governor's): no row depends on it, and a restart forgives. What must
//! hold across instances, and what one request can do many times, is budgeted in the use cases.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use governor::middleware::NoOpMiddleware;
use tokio_util::sync::CancellationToken;
use tower_governor::governor::{GovernorConfig, GovernorConfigBuilder};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use super::refusal::rate_limited;
use crate::domain::AddressBlock;
use crate::domain::device::Client;
use crate::domain::limit::Budget;

/// How often whose budget is whole again is forgotten. What is kept in between is some fifty bytes
/// for each address that has called, and each has cost its sender a connection.
const INTERVAL: Duration = Duration::from_mins(1);

/// Counts requests by client address; clones count together.
#[derive(Clone, Debug)]
pub struct Shield(Arc<GovernorConfig<ByAddress, NoOpMiddleware>>);

impl Shield {
    /// A shield that lets `budget` through, of every client address; `None` if that is no request.
    #[must_use]
    pub fn new(budget: Budget) -> Option<Self> {
        let config = GovernorConfigBuilder::default()
            .period(budget.interval())
            .burst_size(budget.burst)
            .key_extractor(ByAddress)
            .finish()?;
        Some(Self(Arc::new(config)))
    }

    /// The layer, which asks for the [`Client`] that `client::locate` has noted.
    pub fn layer(&self) -> GovernorLayer<ByAddress, NoOpMiddleware, Body> {
        GovernorLayer::new(Arc::clone(&self.0)).error_handler(refused)
    }

    /// Forgets, until `stop`, those whose budget is whole again: they are as good as never seen, and
    /// an attacker with many addresses would otherwise fill the memory.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                () = stop.cancelled() => {}
            }
            let limiter = self.0.limiter();
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Tells requests apart by whom they come from. Those without an address, which no socket brings,
/// are all one.
#[derive(Clone, Copy, Debug)]
pub struct ByAddress;

impl KeyExtractor for ByAddress {
    type Key = Option<AddressBlock>;

    fn extract<T>(&self, request: &Request<T>) -> Result<Self::Key, GovernorError> {
        let client = request.extensions().get::<Client>();
        Ok(client.and_then(Client::address_block))
    }
}

fn refused(error: GovernorError) -> Response {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => {
            metrics::counter!("countersign_floods_refused_total").increment(1);
            // It was rounded down, and who comes back too early is refused again.
            rate_limited(wait_time.saturating_add(1))
        }
        // Our extractor never fails.
        other => other.into_response().map(Body::from),
    }
}
