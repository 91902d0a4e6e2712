//! What happened to a person's account, as that person sees it.

use std::time::Duration;

use serde_json::{Value, json};

use super::ADA;
use crate::support::{Actor, TestServer};

fn kinds(page: &Value) -> Vec<&str> {
    let nodes = page["nodes"].as_array().expect("nodes");
    nodes
        .iter()
        .map(|node| node["kind"].as_str().expect("a kind"))
        .collect()
}

async fn page(person: &Actor, first: i32, after: Option<&str>) -> Value {
    let answer = person.security_events(first, after).await;
    answer.data("me/securityEvents").clone()
}

#[tokio::test]
async fn a_person_sees_what_happened_to_them_and_nothing_of_others() {
    let server = TestServer::start().await;
    let (_, stolen) = server.signed_in(ADA).await;
    let (bob, _) = server.signed_in("bob@example.com").await;
    server.anonymous().refresh(&stolen.refresh).await;
    server.advance(Duration::from_mins(1));
    server.anonymous().refresh(&stolen.refresh).await;
    server.advance(Duration::from_mins(1));
    let (ada, _) = server.signed_in(ADA).await;
    server.flush_audit().await;

    let seen = page(&ada, 20, None).await;
    let wanted = [
        "SESSION_OPENED",
        "SESSION_ENDED",
        "REFRESH_TOKEN_REUSED",
        "SESSION_OPENED",
    ];
    assert_eq!(kinds(&seen), wanted);
    let sessions = server.session_rows().await;
    assert_eq!(seen["nodes"][3]["session"], json!(sessions[0].id));
    assert_eq!(seen["nodes"][0]["ipAddress"], "127.0.0.1");
    assert_eq!(seen["nodes"][0]["userAgent"], "it/1.0");
    assert_eq!(kinds(&page(&bob, 20, None).await), ["SESSION_OPENED"]);
}

#[tokio::test]
async fn the_list_comes_page_by_page() {
    let server = TestServer::start().await;
    for _ in 0..3 {
        server.signed_in(ADA).await.0.logout(None).await;
        server.advance(Duration::from_mins(1));
        server.signed_in("bob@example.com").await;
    }
    let (ada, _) = server.signed_in(ADA).await;
    server.flush_audit().await;
    let whole = page(&ada, 100, None).await;
    assert_eq!(whole["nodes"].as_array().unwrap().len(), 7);
    assert_eq!(whole["pageInfo"]["hasNextPage"], false);

    let (mut ids, mut after) = (Vec::new(), None::<String>);
    loop {
        let part = page(&ada, 3, after.as_deref()).await;
        ids.extend(part["nodes"].as_array().unwrap().clone());
        after = part["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        if part["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(Value::from(ids), whole["nodes"]);
    assert!(page(&ada, 3, after.as_deref()).await["pageInfo"]["endCursor"].is_null());
}

#[tokio::test]
async fn a_page_has_the_bounds_that_every_page_has() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    for (first, after) in [(0, None), (101, None), (-1, None), (20, Some("x"))] {
        let answer = ada.security_events(first, after).await;
        assert_eq!(answer.error_code(), Some("BAD_USER_INPUT"));
    }
    let nobody = server.anonymous().security_events(20, None).await;
    assert!(nobody.data("me").is_null());
}
