//! Two instances on one database: one key, and each message once.

use tokio_util::sync::CancellationToken;

use crate::support::database::TestDatabase;
use crate::support::{TestServer, at_once, email};

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
