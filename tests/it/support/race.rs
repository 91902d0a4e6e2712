//! Many at once.

use std::time::Duration;

use sea_orm::DatabaseTransaction;
use tokio::task::JoinSet;

use super::{Actor, TestServer, Tokens};

/// Runs `count` of them at once, each in a task of its own. The instances get no connection to
/// their database before all tasks wait for one, so that every step of each is a race.
pub async fn at_once<F>(
    instances: &[&TestServer],
    count: usize,
    start: impl Fn(usize) -> F,
) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let mut held = Vec::new();
    for server in instances {
        for _ in 0..server.database.connections() {
            held.push(server.app.store.begin().await.expect("a connection"));
        }
    }
    let tasks: JoinSet<_> = (0..count).map(start).collect();
    // Nobody can be asked how long the queue is.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let freed: JoinSet<_> = held
        .into_iter()
        .map(DatabaseTransaction::rollback)
        .collect();
    assert!(freed.join_all().await.iter().all(Result::is_ok));
    tasks.join_all().await
}

impl TestServer {
    /// So many people, who have just signed in: `ada0@example.com`, `ada1@example.com`, …
    pub async fn crowd(&self, count: usize) -> Vec<(Actor, Tokens)> {
        let mut people = Vec::new();
        for at in 0..count {
            people.push(self.signed_in(&format!("ada{at}@example.com")).await);
        }
        people
    }
}
