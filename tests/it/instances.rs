//! Two instances on one database: one key, and each message once.

use std::time::Duration;

use countersign::domain::{Channel, Timestamp};
use countersign::store::Store;
use countersign::store::deliveries::Delivery;
use entity::delivery::Column;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::database::TestDatabase;
use crate::support::{LEASE, TestServer, at_once, email};

const ADA: &str = "ada@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_that_start_at_once_agree_on_one_key() {
    let database = TestDatabase::create().await;
    database.connect().await.close().await;
    let (one, other) = Box::pin(TestServer::pair(database)).await;
    assert_agreed(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_that_start_at_once_on_an_empty_database_make_its_tables_once() {
    let (one, other) = Box::pin(TestServer::pair(TestDatabase::blank().await)).await;
    assert_agreed(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_never_send_one_message_twice() {
    let server = TestServer::start().await;
    let other = server.another().await;
    for at in 0..50 {
        server
            .anonymous()
            .request_otp(email(&format!("ada{at}@example.com")))
            .await;
    }
    let workers = [server.app.worker.clone(), other.app.worker.clone()];
    at_once(&[&server, &other], 20, |at| {
        let worker = workers[at % 2].clone();
        async move {
            worker
                .send_due(&CancellationToken::new())
                .await
                .expect("the outbox")
        }
    })
    .await;
    // What they left to each other.
    while server.deliver().await > 0 {}
    assert_eq!(server.mailbox.len(), 50);
    let mut ids = server.mailbox.tries();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_who_take_from_a_backlog_at_once_get_each_message_once() {
    const BACKLOG: usize = 1_000;
    let server = TestServer::start().await;
    let other = server.another().await;
    server.bury(BACKLOG).await;
    server.unsettle().await;
    let (stores, now) = (
        [&server, &other].map(|it| it.app.store.clone()),
        server.now(),
    );
    let takings = at_once(&[&server, &other], 20, |at| {
        let store = stores[at % 2].clone();
        async move {
            let mut taken = Vec::new();
            for _ in 0..20 {
                let some = take(&store, now).await;
                taken.extend(some.into_iter().map(|delivery| delivery.id));
            }
            taken
        }
    })
    .await;
    let mut taken = takings.concat();
    let count = taken.len();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), count, "some were taken twice");
    assert_eq!(count, BACKLOG);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_would_wait_for_another_for_ever_takes_again() {
    let server = TestServer::start().await;
    for address in [ADA, "bob@example.com"] {
        server.anonymous().request_otp(email(address)).await;
    }
    let due = entity::delivery::Entity::find().all(server.app.store.pool());
    let ids: Vec<Uuid> = due.await.unwrap().iter().map(|row| row.id).collect();
    // A worker takes one of them first, and nobody says which.
    for [held, wanted] in [[ids[0], ids[1]], [ids[1], ids[0]]] {
        let tx = server.app.store.begin().await.unwrap();
        touch(&tx, held).await;
        let (store, now) = (server.app.store.clone(), server.now());
        let taking = tokio::spawn(async move { take(&store, now).await });
        // PostgreSQL refuses whoever has waited for a second, and that is to be the worker.
        sleep(Duration::from_millis(300)).await;
        touch(&tx, wanted).await;
        tx.rollback().await.unwrap();
        assert_eq!(taking.await.unwrap().len(), 2);
        server.advance(LEASE);
    }
}

/// Changes nothing of a delivery, and holds its row until the end of the transaction.
async fn touch(tx: &DatabaseTransaction, id: Uuid) {
    let touching = entity::delivery::Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries))
        .filter(Column::Id.eq(id));
    touching.exec(tx).await.expect("a row");
}

async fn take(store: &Store, now: Timestamp) -> Vec<Delivery> {
    let taken = store.take_due(Channel::Email, now, LEASE, 16).await;
    taken.expect("the outbox")
}

/// They have one signing key, and believe each other's tokens.
async fn assert_agreed(one: &TestServer, other: &TestServer) {
    let jwks = one.anonymous().get("/.well-known/jwks.json").await.json;
    assert_eq!(jwks["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        jwks,
        other.anonymous().get("/.well-known/jwks.json").await.json
    );
    assert_eq!(one.count::<entity::signing_key::Entity>().await, 1);
    for (here, there, address) in [(one, other, ADA), (other, one, "bob@example.com")] {
        let (_, tokens) = here.signed_in(address).await;
        let me = there.anonymous().with_bearer(&tokens.access).me().await;
        assert_eq!(me.data("me/email"), address, "{}", me.text);
    }
}
