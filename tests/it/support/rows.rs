//! What is in the database, for what no answer tells.

use countersign::domain::ChallengeToken;
use entity::{audit_event, challenge, delivery, limit, session};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::TestServer;

impl TestServer {
    /// The challenge that `token` names.
    pub async fn challenge(&self, token: &str) -> challenge::Model {
        let id = ChallengeToken::parse(token)
            .expect("a challenge token")
            .as_uuid();
        let row = challenge::Entity::find_by_id(id)
            .one(self.app.store.pool())
            .await;
        row.expect("the database answers").expect("a challenge")
    }

    /// All deliveries, oldest first.
    pub async fn deliveries(&self) -> Vec<delivery::Model> {
        let query = delivery::Entity::find().order_by_asc(delivery::Column::Id);
        query
            .all(self.app.store.pool())
            .await
            .expect("the database answers")
    }

    /// All sessions, oldest first.
    pub async fn session_rows(&self) -> Vec<session::Model> {
        let query = session::Entity::find().order_by_asc(session::Column::Id);
        query
            .all(self.app.store.pool())
            .await
            .expect("the database answers")
    }

    /// All that happened, oldest first.
    pub async fn events(&self) -> Vec<audit_event::Model> {
        self.flush_audit().await;
        let query = audit_event::Entity::find().order_by_asc(audit_event::Column::Id);
        query
            .all(self.app.store.pool())
            .await
            .expect("the database answers")
    }

    /// When the budget kept under `key` is whole again; `None` when it is whole.
    pub async fn full_at(&self, key: &str) -> Option<i64> {
        let row = limit::Entity::find_by_id(key)
            .one(self.app.store.pool())
            .await;
        row.expect("the database answers").map(|row| row.full_at)
    }

    /// How many rows the table of `E` has.
    pub async fn count<E: EntityTrait>(&self) -> usize {
        E::find()
            .all(self.app.store.pool())
            .await
            .expect("the database answers")
            .len()
    }

    /// Adds `count` challenges with their deliveries, and as many sessions, that were over a day
    /// ago.
    pub async fn bury(&self, count: usize) {
        // In order of their ids: a million in random order would take SQLite a minute.
        let (id, ghost) = if self.database.is_postgres() {
            (
                "lpad(to_hex(n), 32, '0')::uuid",
                "'00000000-0000-0000-0000-000000000000'",
            )
        } else {
            (
                "unhex(printf('%032x', n))",
                "x'00000000000000000000000000000000'",
            )
        };
        let numbers = format!(
            "WITH RECURSIVE numbers(n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
        );
        let over = self.now().as_micros() - 86_400_000_000;
        self.execute(&format!(
            "INSERT INTO challenges (id, channel, contact, secret_id, attempts_left, \
             open_attempts_left, decoy, created_at, expires_at) {numbers} \
             SELECT {id}, 'email', 'dead' || ({count} + n) || '@example.com', '00000000', 5, 5, \
             FALSE, {over} - 600000000, {over} - {count} + n FROM numbers"
        ))
        .await;
        self.execute(
            "INSERT INTO deliveries (id, challenge_id, channel, recipient, created_at, due_at, deadline, \
             tries, settled_at, outcome) \
             SELECT id, id, channel, contact, created_at, created_at, expires_at, 1, created_at, 'sent' \
             FROM challenges WHERE contact LIKE 'dead%'",
        )
        .await;
        self.execute(&format!(
            "INSERT INTO users (id, created_at) VALUES ({ghost}, {over})"
        ))
        .await;
        self.execute(&format!(
            "INSERT INTO sessions (id, user_id, generation, rotated_at, created_at, last_seen_at, \
             expires_at, ends_at) {numbers} \
             SELECT {id}, {ghost}, 0, {over}, {over}, {over}, {over} - {count} + n, {over} FROM numbers"
        ))
        .await;
    }

    /// Has all messages owed again, as before a worker wrote what became of them.
    pub async fn unsettle(&self) {
        self.execute("UPDATE deliveries SET settled_at = NULL, outcome = NULL")
            .await;
    }

    /// Runs `sql` as it is.
    pub async fn execute(&self, sql: &str) -> u64 {
        let done = self.app.store.pool().execute_unprepared(sql).await;
        done.expect(sql).rows_affected()
    }
}
