//! A database of its own for every test.

use std::env;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use countersign::store::{DatabaseSettings, Store};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use secrecy::SecretString;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// What the names of all our databases begin with; the id of the process follows.
const PREFIX: &str = "countersign_it_";

/// Holds the tables and nothing else, and is gone when dropped.
pub enum TestDatabase {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A clone of the template, on the server that the tests were given.
    Postgres { server: String, name: String },
}

impl TestDatabase {
    /// On PostgreSQL when `TEST_DATABASE_URL` names a server, else on SQLite.
    pub async fn create() -> Self {
        let Some(server) = postgres() else {
            return Self::sqlite();
        };
        let template = template(&server).await;
        Self::clone_of(server, &format!("TEMPLATE {template}")).await
    }

    /// The same, without tables yet.
    pub async fn blank() -> Self {
        match postgres() {
            Some(server) => Self::clone_of(server, "").await,
            None => Self::sqlite(),
        }
    }

    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    async fn clone_of(server: String, origin: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{count}", process::id());
        recreate(&server, &name, origin).await;
        Self::Postgres { server, name }
    }

    /// Whether it is on PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// How many connections an instance has to it.
    pub fn connections(&self) -> u32 {
        if self.is_postgres() { 10 } else { 1 }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => {
                format!(
                    "sqlite://{}?mode=rwc",
                    folder.path().join("it.db").display()
                )
            }
            Self::Postgres { server, name } => beside(server, name),
        }
    }

    /// A pool of its own, with the tables in place.
    pub async fn connect(&self) -> Store {
        let settings = DatabaseSettings {
            url: SecretString::from(self.url()),
            max_connections: self.connections(),
            connect_timeout: Duration::from_secs(10),
        };
        let store = Store::connect(&settings)
            .await
            .expect("the database answers");
        store.migrate().await.expect("the tables can be made");
        store
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Self::Postgres { server, name } = self else {
            return;
        };
        let (server, sql) = (
            server.clone(),
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        );
        // A runtime of its own: the test's may be on its way out.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .expect("a runtime")
                .block_on(async { execute(&admin(&server).await, &sql).await });
        });
        dropping.join().expect("the database can be dropped");
    }
}

/// The database that all others are cloned from, migrated once per run.
async fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    TEMPLATE
        .get_or_init(|| async {
            drop_leftovers(server).await;
            let name = format!("{PREFIX}{}", process::id());
            recreate(server, &name, "").await;
            let template = TestDatabase::Postgres {
                server: server.to_owned(),
                name: name.clone(),
            };
            // Closed again: nobody may be connected to what is cloned.
            template.connect().await.close().await;
            std::mem::forget(template);
            name
        })
        .await
}

/// Templates and clones of runs that are over. Nobody else can clean up after a run: statics are
/// never dropped, and a killed process drops nothing.
async fn drop_leftovers(server: &str) {
    let admin = admin(server).await;
    let sql = format!("SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let names = admin
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await;
    for row in names.expect("a list of databases") {
        let name: String = row.try_get("", "datname").expect("a name");
        let process = name[PREFIX.len()..].split('_').next().unwrap_or_default();
        let is_running = Path::new("/proc").join(process).exists();
        if Path::new("/proc").exists() && !is_running {
            execute(
                &admin,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            )
            .await;
        }
    }
}

/// The server of `TEST_DATABASE_URL`, if there is one.
fn postgres() -> Option<String> {
    let server = env::var("TEST_DATABASE_URL")
        .ok()
        .filter(|server| !server.is_empty())?;
    assert!(
        server.starts_with("postgres"),
        "TEST_DATABASE_URL is not a postgres:// address"
    );
    Some(server)
}

async fn recreate(server: &str, name: &str, options: &str) {
    let admin = admin(server).await;
    execute(
        &admin,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await;
    execute(&admin, &format!("CREATE DATABASE {name} {options}")).await;
}

async fn admin(server: &str) -> DatabaseConnection {
    Database::connect(server)
        .await
        .expect("the PostgreSQL server of TEST_DATABASE_URL answers")
}

async fn execute(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.expect(sql);
}

/// The address of the database `name` on the same server.
fn beside(server: &str, name: &str) -> String {
    let mut url = url::Url::parse(server).expect("TEST_DATABASE_URL is an address");
    url.set_path(name);
    url.into()
}

/// Takes back all migrations from the one whose name ends with `name` on.
pub async fn take_back(store: &Store, name: &str) {
    let later = Migrator::migrations()
        .iter()
        .rev()
        .position(|migration| migration.name().ends_with(name));
    let steps = u32::try_from(later.expect("the migration") + 1).unwrap();
    let back = Migrator::down(store.pool(), Some(steps)).await;
    back.expect("the way back");
}
