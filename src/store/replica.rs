//! A replica: a copy of the database that is asked first, and may be behind, or away.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use tokio::time::timeout;

use super::{DatabaseSettings, Holders, Store, close, connect};
use crate::domain::Timestamp;

/// How long a replica may take. It was asked to save time.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long one that failed is left alone. Then one request tries it, and pays for that.
const PAUSE: Duration = Duration::from_secs(5);
/// Stands for a replica that is well, as the time until which it is left alone.
const WELL: i64 = 0;

/// A copy of the database. Whatever it does not know, or does not say, the database is asked for.
#[derive(Clone, Debug)]
pub struct Replica {
    db: DatabaseConnection,
    holders: Holders,
    left_alone_until: Arc<AtomicI64>,
}

impl Replica {
    /// Opens the pool, and no connection in it: a server starts without its replica.
    ///
    /// # Errors
    /// When the URL cannot be read.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, DbErr> {
        connect::connect_lazily(settings)
            .await
            .map(Self::from_connection)
    }

    /// Wraps a pool that is open already.
    #[must_use]
    pub fn from_connection(db: DatabaseConnection) -> Self {
        Self {
            holders: Holders::new(db.clone()),
            db,
            left_alone_until: Arc::new(AtomicI64::new(WELL)),
        }
    }

    /// Who holds access tokens, as far as it has heard.
    #[must_use]
    pub fn holders(&self) -> &Holders {
        &self.holders
    }

    /// What the replica answers to `question`, which was put to it. `None` when it does not
    /// know, or does not answer, or has lately failed to.
    pub async fn ask<T>(
        &self,
        now: Timestamp,
        question: impl Future<Output = Result<Option<T>, DbErr>>,
    ) -> Option<T> {
        let is_probe = self.admit(now)?;
        match timeout(PATIENCE, question).await {
            Ok(Ok(answer)) => {
                if is_probe {
                    self.left_alone_until.store(WELL, Ordering::Relaxed);
                    tracing::info!("the replica answers again");
                }
                answer
            }
            Ok(Err(error)) => self.fail(now, &error),
            Err(late) => self.fail(now, &late),
        }
    }

    /// Whether it may be asked, and whether that is to find out how it is.
    fn admit(&self, now: Timestamp) -> Option<bool> {
        let until = self.left_alone_until.load(Ordering::Relaxed);
        if until == WELL {
            return Some(false);
        }
        let again = (now + PAUSE).as_micros();
        // Far further away than it was ever put, it says that the clock was set back since. A little
        // further it is for who came a moment before those that failed.
        if now.as_micros() < until && until <= (now + PAUSE * 2).as_micros() {
            return None;
        }
        // One finds out; the others go to the database meanwhile.
        self.left_alone_until
            .compare_exchange(until, again, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
            .then_some(true)
    }

    /// Requests that were under way fail together: the first of them says so.
    fn fail<T>(&self, now: Timestamp, error: &(dyn std::error::Error + 'static)) -> Option<T> {
        let until = (now + PAUSE).as_micros();
        if self.left_alone_until.swap(until, Ordering::Relaxed) == WELL {
            tracing::warn!(
                error,
                "the replica does not answer: the database is asked instead"
            );
        }
        None
    }

    /// Closes the pool, waiting for the connections in use.
    pub async fn close(self) {
        close(self.db).await;
    }

    /// How many bytes of `primary`'s log the replica has yet to play; `None` when it is no standby
    /// of a PostgreSQL server, which alone can tell.
    ///
    /// # Errors
    /// When one of them does not answer, or does not know how far it is.
    pub async fn bytes_behind(&self, primary: &Store) -> Result<Option<i64>, DbErr> {
        let here = Statement::from_string(
            DbBackend::Postgres,
            "SELECT pg_current_wal_lsn()::text AS place",
        );
        let missing = || DbErr::RecordNotFound("a place in the log".to_owned());
        let row = primary.db.query_one_raw(here).await?.ok_or_else(missing)?;
        let place: String = row.try_get("", "place")?;
        let there = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_wal_lsn_diff($1::pg_lsn, pg_last_wal_replay_lsn())::bigint AS bytes \
             WHERE pg_is_in_recovery()",
            [place.into()],
        );
        let row = self.db.query_one_raw(there).await?;
        row.map(|row| row.try_get("", "bytes")).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn failed() -> Replica {
        let replica = Replica::from_connection(DatabaseConnection::default());
        assert_eq!(replica.admit(NOON), Some(false));
        replica.fail::<()>(NOON, &DbErr::Custom("away".to_owned()));
        replica
    }

    #[tokio::test]
    async fn one_that_failed_is_left_alone_until_one_request_finds_it_well() {
        let replica = failed();
        assert_eq!(replica.admit(NOON + PAUSE / 2), None);
        let later = NOON + PAUSE;
        assert_eq!(replica.ask(later, async { Ok(Some(1)) }).await, Some(1));
        assert_eq!(replica.admit(later), Some(false));
    }

    #[test]
    fn of_all_requests_one_finds_out() {
        let (replica, later) = (failed(), NOON + PAUSE);
        assert_eq!(replica.admit(later), Some(true));
        assert_eq!(replica.admit(later), None);
        // It never came back, and another one is let through.
        assert_eq!(replica.admit(later + PAUSE), Some(true));
    }

    #[test]
    fn who_came_a_moment_before_the_failure_leaves_it_alone_too() {
        let replica = failed();
        assert_eq!(replica.admit(NOON - Duration::from_millis(1)), None);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_it_away_for_longer() {
        let replica = failed();
        assert_eq!(replica.admit(NOON - Duration::from_hours(1)), Some(true));
    }

    #[tokio::test]
    async fn one_that_is_silent_is_not_waited_for() {
        let replica = Replica::from_connection(DatabaseConnection::default());
        let silence = std::future::pending::<Result<Option<()>, DbErr>>();
        assert_eq!(replica.ask(NOON, silence).await, None);
        assert_eq!(replica.admit(NOON), None);
    }
}
