//! Opening the pool.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use secrecy::{ExposeSecret, SecretString};

/// Which database, and how many connections to it.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// `sqlite://…` or `postgres://…`. Secret, since it may hold a password.
    pub url: SecretString,
    /// The pool's size on PostgreSQL. SQLite has one writer, so its pool has one connection.
    pub max_connections: u32,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
}

impl DatabaseSettings {
    /// Whether the database is a file of ours.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.url.expose_secret().starts_with("sqlite:")
    }
}

/// Opens the pool.
pub(super) async fn connect(settings: &DatabaseSettings) -> Result<DatabaseConnection, DbErr> {
    let connections = if settings.is_sqlite() {
        1
    } else {
        settings.max_connections
    };
    let mut options = ConnectOptions::new(settings.url.expose_secret());
    options
        .max_connections(connections)
        .connect_timeout(settings.connect_timeout)
        .acquire_timeout(settings.connect_timeout)
        // Our own spans say what is slow; a statement's text is nobody's business.
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            // Readers do not wait for the writer; a commit survives a crash of the process, and
            // the file stays whole through a power cut.
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .busy_timeout(Duration::from_secs(5))
        });
    Database::connect(options).await
}
