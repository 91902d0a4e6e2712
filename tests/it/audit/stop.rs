//! A server that is told to stop loses no event.

use entity::audit_event;
use sea_orm::{EntityTrait, PaginatorTrait};
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
    let server = std::sync::Arc::new(Process::start(folder.path(), &with_mail(&url, &port)).await);
    let mut requests = JoinSet::new();
    for at in 0..40 {
        let server = std::sync::Arc::clone(&server);
        requests.spawn(async move {
            let email = json!({ "email": format!("person{at}@example.com") });
            server.graphql(REQUEST, email, None).await
        });
    }
    let answers: Vec<Value> = requests.join_all().await;
    server.terminate();
    let server = std::sync::Arc::into_inner(server).expect("the requests are over");
    assert!(server.ended().await.success());
    assert!(
        answers
            .iter()
            .all(|answer| answer["data"]["requestOtp"]["challenge"].is_object())
    );

    let store = database.connect().await;
    let events = audit_event::Entity::find().count(store.pool()).await;
    assert_eq!(events.unwrap(), 40);
}
