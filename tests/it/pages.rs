//! The list of sessions, page by page.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Actor, Answer, TestServer};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn sessions_come_newest_first_a_page_at_a_time() {
    let server = TestServer::start().await;
    let (ada, mut ids) = signed_in_five_times(&server).await;
    ids.reverse();
    let mut seen = Vec::new();
    let mut after = None;
    for (nodes, more) in [(2, true), (2, true), (1, false)] {
        let page = ada.sessions(2, after.as_deref()).await;
        assert_eq!(listed(&page).len(), nodes);
        assert_eq!(page.data("me/sessions/pageInfo/hasNextPage"), more);
        seen.extend(listed(&page));
        after = Some(page.text_at("me/sessions/pageInfo/endCursor"));
    }
    assert_eq!(seen, ids);

    let past = ada.sessions(2, after.as_deref()).await;
    assert!(listed(&past).is_empty());
    assert_eq!(past.data("me/sessions/pageInfo/hasNextPage"), false);
    assert_eq!(past.data("me/sessions/pageInfo/endCursor"), &Value::Null);
}

#[tokio::test]
async fn a_page_that_is_just_full_knows_that_nothing_follows() {
    let server = TestServer::start().await;
    let (ada, _) = signed_in_five_times(&server).await;
    let page = ada.sessions(5, None).await;
    assert_eq!(listed(&page).len(), 5);
    assert_eq!(page.data("me/sessions/pageInfo/hasNextPage"), false);
}

#[tokio::test]
async fn only_the_session_that_asks_is_the_current_one() {
    let server = TestServer::start().await;
    let (ada, ids) = signed_in_five_times(&server).await;
    let page = ada.sessions(100, None).await;
    let nodes = page.data("me/sessions/nodes").as_array().expect("a list");
    let current: Vec<_> = nodes
        .iter()
        .filter(|node| node["current"] == true)
        .collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["id"], *ids.last().unwrap());
    assert_eq!(current[0]["deviceName"], "Ada's phone");
}

#[tokio::test]
async fn a_list_holds_ones_own_live_sessions_and_nothing_else() {
    let server = TestServer::start().await;
    server.signed_in("bob@example.com").await;
    let (ada, ids) = signed_in_five_times(&server).await;
    ada.revoke_session(&ids[1]).await;
    let page = ada.sessions(20, None).await;
    let live = [&ids[4], &ids[3], &ids[2], &ids[0]];
    assert_eq!(listed(&page).iter().collect::<Vec<_>>(), live);

    // Just when the oldest of them runs out.
    server.advance(Duration::from_hours(7 * 24) - Duration::from_mins(4));
    let (ada, _) = server.signed_in(ADA).await;
    let page = ada.sessions(20, None).await;
    assert_eq!(
        listed(&page).len(),
        4,
        "one new, one expired: {}",
        page.text
    );
    assert!(!listed(&page).contains(&ids[0]));
}

#[tokio::test]
async fn pages_have_one_to_a_hundred_sessions() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    for first in [0, 101, -1, i32::MIN, i32::MAX] {
        let answer = ada.sessions(first, None).await;
        assert_eq!(
            answer.error_code(),
            Some("BAD_USER_INPUT"),
            "{first}: {}",
            answer.text
        );
    }
    for first in [1, 100] {
        assert_eq!(listed(&ada.sessions(first, None).await).len(), 1);
    }
}

#[tokio::test]
async fn what_is_no_cursor_of_the_list_is_refused() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    let cursor = ada
        .sessions(1, None)
        .await
        .text_at("me/sessions/pageInfo/endCursor");
    let (padded, short) = (format!("{cursor}=="), &cursor[1..]);
    for after in [
        "",
        "garbage",
        "\0",
        "😀",
        &padded,
        short,
        &"A".repeat(10_000),
    ] {
        let answer = ada.sessions(1, Some(after)).await;
        assert_eq!(
            answer.error_code(),
            Some("BAD_USER_INPUT"),
            "{after}: {}",
            answer.text
        );
    }
}

/// The person as their newest session, and the ids of all, oldest first.
async fn signed_in_five_times(server: &TestServer) -> (Actor, Vec<String>) {
    let mut newest = server.signed_in(ADA).await;
    for _ in 1..5 {
        server.advance(Duration::from_mins(1));
        newest = server.signed_in(ADA).await;
    }
    let me = newest
        .0
        .sessions(1, None)
        .await
        .text_at("me/sessions/nodes/0/id");
    let mut rows = server.session_rows().await;
    let owner = rows
        .iter()
        .find(|row| row.id.to_string() == me)
        .expect("a row")
        .user_id;
    rows.retain(|row| row.user_id == owner);
    rows.sort_by_key(|row| row.created_at);
    (
        newest.0,
        rows.iter().map(|row| row.id.to_string()).collect(),
    )
}

fn listed(page: &Answer) -> Vec<String> {
    let nodes = page.data("me/sessions/nodes").as_array();
    let nodes = nodes.unwrap_or_else(|| panic!("no page in {}", page.text));
    nodes
        .iter()
        .map(|node| node["id"].as_str().expect("an id").to_owned())
        .collect()
}
