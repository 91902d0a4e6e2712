//! Forgetting what is over, in the background.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;

use crate::domain::Clock;
use crate::store::Store;
use crate::store::sweep::{Swept, sweep};

/// Rows in one deletion: a few milliseconds, even on a slow disk.
const BATCH: u64 = 500;
/// A pause between two deletions, so that logins come first.
const BREATH: Duration = Duration::from_millis(50);
/// How often to look.
const INTERVAL: Duration = Duration::from_mins(1);
/// How long a row is kept after it is over, to tell its owner why it no longer works.
const KEEP: Duration = Duration::from_hours(1);
/// How long messages stay counted, for the report: a month, and some days to look at it.
const KEEP_TRAFFIC: Duration = Duration::from_hours(35 * 24);

/// Deletes challenges, messages, sessions, budgets, counters and events that are over.
pub struct Sweeper {
    store: Store,
    clock: Arc<dyn Clock>,
    keep_audit: Duration,
}

impl Sweeper {
    /// A sweeper of `store`, which keeps what happened for as long as `keep_audit`.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, keep_audit: Duration) -> Self {
        Self {
            store,
            clock,
            keep_audit,
        }
    }

    /// Sweeps until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            // A panic is one sweep's: the next one goes on.
            let pause = match AssertUnwindSafe(self.sweep_once()).catch_unwind().await {
                Ok(Ok(0)) => INTERVAL,
                Ok(Ok(_)) => BREATH,
                Ok(Err(error)) => {
                    tracing::error!(%error, "the sweep failed");
                    INTERVAL
                }
                Err(_) => {
                    tracing::error!("the sweep panicked");
                    INTERVAL
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Deletes at most one batch from each table, and tells how many rows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_once(&self) -> Result<u64, DbErr> {
        let mut swept = 0;
        for table in Swept::ALL {
            let keep = match table {
                Swept::Traffic => KEEP_TRAFFIC,
                Swept::Audit => self.keep_audit,
                Swept::Challenges | Swept::Notices | Swept::Sessions | Swept::Limits => KEEP,
            };
            let before = self.clock.now() - keep;
            swept += sweep(self.store.pool(), table, before, BATCH).await?;
        }
        Ok(swept)
    }
}
