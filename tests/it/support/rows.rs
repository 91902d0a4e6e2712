//! What is in the database, for what no answer tells.

use countersign::domain::ChallengeToken;
use entity::{challenge, limit, session};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};

use super::TestServer;

impl TestServer {
    /// The challenge that `token` names.
    pub async fn challenge(&self, token: &str) -> challenge::Model {
        let id = ChallengeToken::parse(token).expect("a challenge token").as_uuid();
        let row = challenge::Entity::find_by_id(id).one(self.app.store.pool()).await;
        row.expect("the database answers").expect("a challenge")
    }

    /// All sessions, oldest first.
    pub async fn session_rows(&self) -> Vec<session::Model> {
        let query = session::Entity::find().order_by_asc(session::Column::Id);
        query.all(self.app.store.pool()).await.expect("the database answers")
    }

    /// When the budget kept under `key` is whole again; `None` when it is whole.
    pub async fn full_at(&self, key: &str) -> Option<i64> {
        let row = limit::Entity::find_by_id(key).one(self.app.store.pool()).await;
        row.expect("the database answers").map(|row| row.full_at)
    }

    /// How many rows the table of `E` has.
    pub async fn count<E: EntityTrait>(&self) -> usize {
        E::find().all(self.app.store.pool()).await.expect("the database answers").len()
    }

    /// Runs `sql` as it is.
    pub async fn execute(&self, sql: &str) -> u64 {
        let done = self.app.store.pool().execute_unprepared(sql).await;
        done.expect(sql).rows_affected()
    }
}
