//! The database: rows ↔ domain. Only portable SQL, the same on SQLite and on PostgreSQL; races
//! are settled by conditional updates, never by a read and then a write.

mod again;
mod batches;
mod connect;
mod holders;
mod pool;
mod replica;
mod rotations;
mod text;

pub mod audit;
pub mod challenges;
pub mod deliveries;
pub mod keys;
pub mod limits;
pub mod sessions;
pub mod statement;
pub mod sweep;
pub mod together;
pub mod traffic;
pub mod users;

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    Statement, TransactionTrait,
};

use crate::domain::{Session, Timestamp};
use again::again;
use batches::Batches;
pub use connect::DatabaseSettings;
use deliveries::Settlement;
pub use holders::{Holders, Shown};
pub use pool::PoolUse;
pub use replica::Replica;
use rotations::Turn;

/// A pool of connections to the one database that all instances share.
#[derive(Clone, Debug)]
pub struct Store {
    db: DatabaseConnection,
    holders: Holders,
    rotations: Arc<Batches<Turn, Session>>,
    settlements: Arc<Batches<Settlement, ()>>,
    replica: Option<Replica>,
}

impl Store {
    /// Opens the pool.
    ///
    /// # Errors
    /// When the database does not answer within the settings' timeout.
    pub async fn connect(settings: &DatabaseSettings) -> Result<Self, DbErr> {
        connect::connect(settings).await.map(Self::from_connection)
    }

    /// Wraps a pool that is open already, such as one that counts its statements.
    #[must_use]
    pub fn from_connection(db: DatabaseConnection) -> Self {
        Self {
            holders: Holders::new(db.clone()),
            rotations: Arc::default(),
            settlements: Arc::default(),
            db,
            replica: None,
        }
    }

    /// The same, with a replica beside it.
    #[must_use]
    pub fn with_replica(self, replica: Replica) -> Self {
        Self {
            replica: Some(replica),
            ..self
        }
    }

    /// The pool, for statements that stand alone and are committed at once.
    #[must_use]
    pub fn pool(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Who holds access tokens.
    #[must_use]
    pub fn holders(&self) -> &Holders {
        &self.holders
    }

    /// A copy of the database, if there is one, for what may be a moment old.
    #[must_use]
    pub fn replica(&self) -> Option<&Replica> {
        self.replica.as_ref()
    }

    /// Begins the one transaction of a use case. On SQLite it holds the only connection: ask
    /// nothing of [`pool`](Self::pool) until it is over.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        // A task of its own: a request is dropped when its client hangs up. While a `BEGIN` is on
        // its way, sqlx would not know that it has to be rolled back, and whoever got the connection
        // next would write into a transaction that nobody commits.
        let db = self.db.clone();
        let begun = tokio::spawn(async move { db.begin().await });
        begun
            .await
            .map_err(|died| DbErr::Custom(died.to_string()))?
    }

    /// Runs a whole transaction again when the database could not serialise it (SQLSTATE 40001 and
    /// 40P01; SQLite's `SQLITE_BUSY_SNAPSHOT`, 517): under contention a database means "try again".
    ///
    /// # Errors
    /// Those of `transaction`.
    pub async fn retrying<T, E, F>(&self, transaction: impl Fn() -> F) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
        E: AsDbErr,
    {
        let pauses = (0..5).map(|retry| Duration::from_millis(5 << retry));
        let may_pass = |error: &E| error.as_db_err().is_some_and(is_serialization_failure);
        again(pauses, may_pass, transaction).await
    }

    /// Asks the database for the smallest answer it can give.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.db.ping().await
    }

    /// Brings the schema up to date. Instances may do so at the same moment: of two that run the
    /// same migration one fails, and finds on its next try that it was done.
    ///
    /// # Errors
    /// When a migration fails again and again; those before it stay applied.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        let pauses = iter::repeat_n(Duration::from_millis(100), 9);
        again(pauses, |_| true, || Migrator::up(&self.db, None)).await
    }

    /// How many migrations the database lacks. Writes nothing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn pending_migrations(&self) -> Result<usize, DbErr> {
        let pending = Migrator::get_pending_migrations_read_only(&self.db).await?;
        Ok(pending.len())
    }

    /// The database server's clock, to compare ours with. `None` for SQLite, which has none of
    /// its own.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn database_time(&self) -> Result<Option<Timestamp>, DbErr> {
        if self.db.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let query = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS micros";
        let row = self
            .db
            .query_one_raw(Statement::from_string(DbBackend::Postgres, query))
            .await?;
        row.map(|row| row.try_get("", "micros").map(Timestamp::from_micros))
            .transpose()
    }

    /// Closes the pools, waiting for the connections in use.
    pub async fn close(self) {
        close(self.db).await;
        if let Some(replica) = self.replica {
            replica.close().await;
        }
    }
}

async fn close(db: DatabaseConnection) {
    if let Err(error) = db.close().await {
        tracing::warn!(%error, "a pool of connections did not close cleanly");
    }
}

/// An error that may be the database's.
pub trait AsDbErr {
    /// The database's error, if it is one.
    fn as_db_err(&self) -> Option<&DbErr>;
}

impl AsDbErr for DbErr {
    fn as_db_err(&self) -> Option<&DbErr> {
        Some(self)
    }
}

fn is_serialization_failure(error: &DbErr) -> bool {
    has_code(error, &["40001", "40P01", "517"])
}

fn has_code(error: &DbErr, codes: &[&str]) -> bool {
    let (DbErr::Conn(why) | DbErr::Exec(why) | DbErr::Query(why)) = error else {
        return false;
    };
    let RuntimeErr::SqlxError(error) = why else {
        return false;
    };
    let code = error
        .as_database_error()
        .and_then(<dyn DatabaseError>::code);
    code.is_some_and(|code| codes.contains(&&*code))
}

/// A row that this version of the server cannot have written.
fn corrupt(what: &str) -> DbErr {
    DbErr::Type(format!("unreadable {what} in a row"))
}
