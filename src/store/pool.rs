//! How much of the pool is in use.

use sea_orm::DbBackend;
use sea_orm::sqlx::{Database, Pool};

use super::Store;

/// The pool's connections at one moment. How many callers wait for one the library does not tell;
/// when all are in use, some do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections that are open.
    pub open: u32,
    /// Those of them that nobody uses.
    pub idle: u32,
    /// How many there may be.
    pub max: u32,
}

impl Store {
    /// How much of the pool is in use. Asks the database nothing.
    #[must_use]
    pub fn pool_use(&self) -> PoolUse {
        match self.db.get_database_backend() {
            DbBackend::Postgres => of(self.db.get_postgres_connection_pool()),
            _ => of(self.db.get_sqlite_connection_pool()),
        }
    }
}

fn of<D: Database>(pool: &Pool<D>) -> PoolUse {
    let open = pool.size();
    // The two are counted apart, so that for a moment more may be idle than are open.
    let idle = u32::try_from(pool.num_idle()).unwrap_or(open).min(open);
    let max = pool.options().get_max_connections();
    PoolUse { open, idle, max }
}
