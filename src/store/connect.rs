//! Opening the pool.

use std::fs::OpenOptions;
use std::iter;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use secrecy::{ExposeSecret, SecretString};

use super::again::again;
use super::has_code;

/// How long a connection may lie idle without being asked whether it still is one.
const PRESUMED_ALIVE: Duration = Duration::from_secs(1);

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

    /// The file that SQLite keeps its rows in; `None` for PostgreSQL and in memory.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.url.expose_secret();
        if !self.is_sqlite()
            || url.contains(":memory:")
            || parameters(url).any(|it| it == "mode=memory")
        {
            return None;
        }
        let options = SqliteConnectOptions::from_str(url).ok()?;
        Some(options.get_filename().to_owned())
    }
}

fn parameters(url: &str) -> impl Iterator<Item = &str> {
    let (_, parameters) = url.split_once('?').unwrap_or_default();
    parameters.split('&')
}

/// Makes the file of a new SQLite database, its owner's alone: SQLite would ask the umask. Its
/// journals are as open as the file. What cannot be made, SQLite will complain of.
fn make_file(settings: &DatabaseSettings) {
    let is_made = || parameters(settings.url.expose_secret()).any(|it| it == "mode=rwc");
    if let Some(path) = settings.sqlite_file().filter(|_| is_made()) {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        drop(options.open(path));
    }
}

/// Opens the pool. Whoever opens a new SQLite file first changes its journal mode, and SQLite lets
/// nobody else wait for that (`SQLITE_BUSY`, 5, at once): they open it again.
pub(super) async fn connect(settings: &DatabaseSettings) -> Result<DatabaseConnection, DbErr> {
    make_file(settings);
    let pauses = iter::repeat_n(Duration::from_millis(50), 19);
    let is_busy = |error: &DbErr| has_code(error, &["5"]);
    again(pauses, is_busy, || Database::connect(options(settings))).await
}

/// Opens the pool, and connections only for who asks for one.
pub(super) async fn connect_lazily(
    settings: &DatabaseSettings,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = options(settings);
    options.connect_lazy(true);
    Database::connect(options).await
}

fn options(settings: &DatabaseSettings) -> ConnectOptions {
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
        // A connection that was in use a moment ago is most likely alive: to ask it first would be
        // a round trip more for every statement. One that is not costs a request, and is gone.
        .test_before_acquire_if_idle_for(PRESUMED_ALIVE)
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
    options
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use sea_orm::ConnectionTrait;

    use super::*;

    fn settings(url: &str) -> DatabaseSettings {
        DatabaseSettings {
            url: url.into(),
            max_connections: 1,
            connect_timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn a_sqlite_database_has_a_file_or_is_in_memory() {
        for (url, file) in [
            ("sqlite://countersign.db?mode=rwc", Some("countersign.db")),
            (
                "sqlite:/var/lib/countersign.db",
                Some("/var/lib/countersign.db"),
            ),
            ("sqlite:///var/lib/a%20b.db", Some("/var/lib/a b.db")),
            ("sqlite::memory:", None),
            ("sqlite://shared?mode=memory&cache=shared", None),
            ("postgres://db/auth", None),
        ] {
            assert_eq!(
                settings(url).sqlite_file(),
                file.map(PathBuf::from),
                "{url}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_made_for_its_owner_and_one_that_is_there_is_left_as_it_is() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.db");
        let url = |mode: &str| settings(&format!("sqlite://{}?mode={mode}", path.display()));
        make_file(&url("rw"));
        assert!(!path.exists());
        make_file(&url("rwc"));
        let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        make_file(&url("rwc"));
        assert_eq!(mode(), 0o640);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn all_who_open_a_new_file_while_others_make_its_tables_get_it() {
        for _ in 0..100 {
            let folder = tempfile::tempdir().unwrap();
            let url = format!(
                "sqlite://{}?mode=rwc",
                folder.path().join("new.db").display()
            );
            let all = (0..8).map(|_| {
                let settings = settings(&url);
                tokio::spawn(async move {
                    let db = connect(&settings).await?;
                    db.execute_unprepared("CREATE TABLE IF NOT EXISTS a (b INT)")
                        .await?;
                    db.execute_unprepared("INSERT INTO a VALUES (1)").await
                })
            });
            for opened in join_all(all).await {
                opened.unwrap().unwrap();
            }
        }
    }
}
