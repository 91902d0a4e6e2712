//! Is the database there, are its tables up to date, and does its clock agree with ours?

use std::time::Duration;

use super::check::Check;
use crate::config::DatabaseConfig;
use crate::domain::Clock;
use crate::domain::clock::SystemClock;
use crate::store::{DatabaseSettings, Replica, Store};

const DATABASE: &str = "database";
const TABLES: &str = "tables";
const CLOCK: &str = "clock";
const REPLICA: &str = "replica";

/// Instances that share a database must agree on when a code expires.
const TOLERANCE: Duration = Duration::from_secs(5);

/// A replica that follows is behind by less, however busy the database. One segment of its log.
const FOLLOWS: i64 = 16 * 1024 * 1024;

/// Without a connection there is nothing more to ask.
pub(super) async fn checks(config: &DatabaseConfig) -> Vec<Check> {
    let connected = async {
        let store = Store::connect(&config.settings).await?;
        store.ping().await.map(|()| store)
    };
    let url = config.redacted_url();
    let store = match connected.await {
        Ok(store) => store,
        Err(error) => {
            let remedy =
                "See that it runs, that `database.url` is right and that its user may connect.";
            return vec![Check::problem(DATABASE, format!("{url}: {error}"), remedy)];
        }
    };
    let mut checks = vec![
        Check::ok(DATABASE, url),
        tables(&store).await,
        clock(&store).await,
    ];
    if let (Some(settings), Some(url)) = (&config.replica, config.redacted_replica_url()) {
        checks.push(replica(&store, settings, &url).await);
    }
    store.close().await;
    checks
}

async fn replica(store: &Store, settings: &DatabaseSettings, url: &str) -> Check {
    let asked = async {
        let replica = Replica::open(settings).await?;
        let behind = replica.bytes_behind(store).await;
        replica.close().await;
        behind
    };
    match asked.await {
        Ok(Some(bytes)) if bytes <= FOLLOWS => {
            Check::ok(REPLICA, format!("{url}, {} bytes behind", bytes.max(0)))
        }
        Ok(Some(bytes)) => Check::problem(
            REPLICA,
            format!("{url} is {bytes} bytes behind: a logout works there only later"),
            "See that it follows the database (`pg_stat_replication` there), or leave \
             `database.replica_url` out until it does.",
        ),
        Ok(None) => Check::warning(
            REPLICA,
            format!("{url} is no standby, and cannot tell how far it is behind"),
            "Name a streaming replica of `database.url`.",
        ),
        Err(error) => Check::problem(
            REPLICA,
            format!("{url}: {error}"),
            "See that it runs, that `database.replica_url` is right and that its user may connect. \
             Until then the database is asked instead.",
        ),
    }
}

async fn tables(store: &Store) -> Check {
    match store.pending_migrations().await {
        Ok(0) => Check::ok(TABLES, "up to date"),
        Ok(pending) => Check::problem(
            TABLES,
            format!("lack {pending} migrations"),
            "Run `countersign migrate`.",
        ),
        Err(error) => Check::problem(
            TABLES,
            error.to_string(),
            "See that the database's user may read its tables.",
        ),
    }
}

async fn clock(store: &Store) -> Check {
    match store.database_time().await {
        Ok(None) => Check::ok(CLOCK, "the database's is this machine's"),
        Ok(Some(theirs)) => {
            let ours = SystemClock.now();
            let apart = ours.since(theirs).max(theirs.since(ours));
            if apart <= TOLERANCE {
                return Check::ok(CLOCK, "agrees with the database's");
            }
            let what = format!("is {} seconds from the database's", apart.as_secs());
            Check::problem(CLOCK, what, "Keep both machines' clocks by NTP.")
        }
        Err(error) => Check::problem(
            CLOCK,
            error.to_string(),
            "See that the database's user may run queries.",
        ),
    }
}
