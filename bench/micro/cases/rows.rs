//! Rows without a database: SeaORM builds the statement and reads the answer, and no driver, no
//! socket and no other thread is between the two.

use std::sync::Arc;

use countersign::domain::ServerSecrets;
use countersign::tokens::{Algorithm, Sealer};
use entity::{session, signing_key, user};
use sea_orm::{
    DatabaseConnection, DatabaseConnectionType, DbBackend, DbErr, ExecResult, MockDatabase,
    MockDatabaseConnection, MockDatabaseTrait, QueryResult, Statement, Transaction,
};

use super::fixed::{self, NOW, SESSION, USER};

/// One key, and one person who is signed in.
#[derive(Debug)]
pub struct Rows {
    key: signing_key::Model,
    session: session::Model,
    user: user::Model,
}

impl Rows {
    /// With the key sealed under `secrets`.
    pub fn new(secrets: &ServerSecrets) -> Self {
        Self {
            key: key(secrets),
            session: session(),
            user: user(),
        }
    }

    /// As the store takes it.
    pub fn connect(self) -> DatabaseConnection {
        let connection = MockDatabaseConnection::new(self);
        DatabaseConnectionType::MockDatabaseConnection(Arc::new(connection)).into()
    }
}

/// SeaORM's own gives each row once, and keeps all statements; a bench asks for ever.
impl MockDatabaseTrait for Rows {
    fn query(&mut self, _: usize, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let once = MockDatabase::new(DbBackend::Postgres);
        let mut once = if statement.sql.contains(r#"FROM "sessions""#) {
            once.append_query_results([[(self.session.clone(), self.user.clone())]])
        } else {
            once.append_query_results([[self.key.clone()]])
        };
        once.query(0, statement)
    }

    fn execute(&mut self, _: usize, statement: Statement) -> Result<ExecResult, DbErr> {
        unreachable!("{} writes", statement.sql)
    }

    fn begin(&mut self) {}

    fn commit(&mut self) {}

    fn rollback(&mut self) {}

    fn drain_transaction_log(&mut self) -> Vec<Transaction> {
        Vec::new()
    }

    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    fn ping(&self) -> Result<(), DbErr> {
        Ok(())
    }
}

fn key(secrets: &ServerSecrets) -> signing_key::Model {
    let kid = fixed::signing_key().kid().to_string();
    let sealer = Sealer::new(secrets);
    let (secret_id, sealed) = sealer.seal(&kid, &fixed::pkcs8());
    signing_key::Model {
        algorithm: Algorithm::Es256.as_str().to_owned(),
        serial: 1,
        secret_id: secret_id.as_str().to_owned(),
        sealed,
        created_at: NOW.as_micros(),
        activates_at: NOW.as_micros(),
        revoked_at: None,
        kid,
    }
}

fn session() -> session::Model {
    let (now, hour) = (NOW.as_micros(), 3_600_000_000);
    session::Model {
        id: SESSION.0,
        user_id: USER.0,
        generation: 7,
        rotated_at: now,
        device_name: Some("Ada's telephone".into()),
        user_agent: Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".into()),
        ip_address: Some("203.0.113.7".into()),
        created_at: now,
        last_seen_at: now,
        expires_at: now + hour,
        ends_at: now + hour,
        revoked_at: None,
        sweep_at: now + hour,
    }
}

fn user() -> user::Model {
    user::Model {
        id: USER.0,
        email: Some("ada@example.com".into()),
        email_identity: Some("ada@example.com".into()),
        phone: Some("+447911123456".into()),
        locale: Some("en-GB".into()),
        created_at: NOW.as_micros(),
    }
}
