//! Neither a stop nor a database that is out of order loses an event.

use std::sync::Arc;
use std::time::Duration;

use entity::audit_event;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::task::JoinSet;

use crate::support::database::TestDatabase;
use crate::support::process::{Process, with_mail};
use crate::support::smtp::MailServer;

const REQUEST: &str = "mutation($email: String!) { requestOtp(input: { recipient: { email: $email } }) \
                       { challenge { challengeToken } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_writes_every_event_first() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let mail = MailServer::start().await;
    let (url, port) = (database.url(), mail.port().to_string());
    let server = Arc::new(Process::start(folder.path(), &with_mail(&url, &port)).await);
    let mut requests = JoinSet::new();
    for at in 0..30 {
        let server = Arc::clone(&server);
        requests.spawn(async move {
            let email = json!({ "email": format!("person{at}@example.com") });
            server.graphql(REQUEST, email, None).await
        });
    }
    let answers: Vec<Value> = requests.join_all().await;
    server.terminate();
    let server = Arc::into_inner(server).expect("the requests are over");
    assert!(server.ended().await.success());
    assert!(
        answers
            .iter()
            .all(|answer| answer["data"]["requestOtp"]["challenge"].is_object())
    );

    assert_eq!(written(&database).await, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_wait_for_a_database_that_does_not_take_them() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let mail = MailServer::start().await;
    let (url, port) = (database.url(), mail.port().to_string());
    let server = Process::start(folder.path(), &with_mail(&url, &port)).await;
    let rename = async |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        let store = database.connect().await;
        store.pool().execute_unprepared(&sql).await.unwrap();
        store.close().await;
    };
    rename("audit_events", "elsewhere").await;
    server.request_otp("ada@example.com").await;
    server.request_otp("bob@example.com").await;
    let complaint = "events cannot be written, and wait";
    while !server.output().contains(complaint) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    rename("elsewhere", "audit_events").await;
    server.terminate();
    let log = folder.path().join("err.log");
    assert!(server.ended().await.success());
    assert_eq!(written(&database).await, 2);
    let log = std::fs::read_to_string(log).unwrap();
    assert_eq!(log.matches(complaint).count(), 1, "{log}");
}

async fn written(database: &TestDatabase) -> u64 {
    let store = database.connect().await;
    let events = audit_event::Entity::find().count(store.pool()).await;
    store.close().await;
    events.unwrap()
}
