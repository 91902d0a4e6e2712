//! The outbox: what is owed is sent, by somebody, while it is of use.

mod together;

use std::time::{Duration, Instant};

use countersign::delivery::SendError;
use countersign::domain::Channel;
use entity::delivery;
use migration::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::support::{LEASE, TestServer, code_of, email};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_temporary_failure_is_tried_again_within_one_two_and_four_seconds_by_chance() {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![busy(); 3]);
    let token = asked(&server).await;
    assert_eq!(server.deliver().await, 1);
    for (tries, pause) in [(1, 1), (2, 2), (3, 4)] {
        let half = 500 * pause;
        server.advance(Duration::from_millis(half - 1));
        assert_eq!(server.deliver().await, 0, "not before half of its time");
        assert_eq!(server.mailbox.tries().len(), tries);
        server.advance(Duration::from_millis(half + 1));
        assert_eq!(server.deliver().await, 1);
    }
    assert_eq!(outcome(&server).await, (Some("sent".to_owned()), 4));
    assert_arrived(&server, &token).await;
}

#[tokio::test]
async fn a_message_has_one_id_however_often_it_is_tried() {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![busy(); 3]);
    asked(&server).await;
    for _ in 0..4 {
        server.deliver().await;
        server.advance(Duration::from_secs(10));
    }
    let mut ids = server.mailbox.tries();
    assert_eq!(ids.len(), 4);
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn a_message_that_cannot_be_read_holds_up_no_other() {
    let server = TestServer::start().await;
    asked(&server).await;
    server
        .execute("UPDATE deliveries SET recipient = 'nobody'")
        .await;
    let bob = server
        .anonymous()
        .request_otp(email("bob@example.com"))
        .await;
    assert!(bob.data("requestOtp/challenge").is_object());
    assert_eq!(server.deliver().await, 1);
    assert_eq!(server.mailbox.to("bob@example.com").len(), 1);
    server.advance(LEASE);
    assert_eq!(server.deliver().await, 0, "it is settled");
}

#[tokio::test]
async fn a_sudden_backlog_is_taken_from_as_fast_as_a_short_queue() {
    let server = TestServer::start().await;
    server.bury(20_000).await;
    server.unsettle().await;
    let (store, now) = (&server.app.store, server.now());
    let mut fastest = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        let taken = store.take_due(Channel::Email, now, LEASE, 32).await;
        fastest = fastest.min(begun.elapsed());
        assert_eq!(taken.expect("the outbox").len(), 32);
    }
    // Each row of the backlog once for each row that is taken: 200 ms and more.
    assert!(fastest < Duration::from_millis(60), "{fastest:?}");
}

#[tokio::test]
async fn a_permanent_failure_is_not_tried_again() {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![unknown()]);
    asked(&server).await;
    for _ in 0..9 {
        server.deliver().await;
        server.advance(Duration::from_mins(1));
    }
    assert_eq!(server.mailbox.tries().len(), 1);
    assert_eq!(outcome(&server).await, (Some("failed".to_owned()), 1));
}

#[tokio::test]
async fn whoever_asks_next_is_told_that_nothing_reaches_the_contact_and_a_while_later_it_is_tried_again()
 {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![unknown()]);
    asked(&server).await;
    server.deliver().await;
    server.advance(Duration::from_mins(2));
    let again = server.anonymous().request_otp(email(ADA)).await;
    assert_eq!(
        again.user_error_code("requestOtp"),
        Some("CHANNEL_UNAVAILABLE")
    );
    assert_eq!(server.deliver().await, 0);
    let other = server
        .anonymous()
        .request_otp(email("bob@example.com"))
        .await;
    assert!(other.data("requestOtp/challenge").is_object());

    server.advance(Duration::from_mins(13));
    asked(&server).await;
}

#[tokio::test]
async fn with_sign_up_closed_nobody_is_told_whether_anything_was_sent() {
    let server = TestServer::start().await;
    server.signed_in(ADA).await;
    let closed = server.another_with(&[("signup", "closed")]).await.unwrap();
    for address in [ADA, "nobody@example.com"] {
        closed.mailbox.fail_next(vec![unknown()]);
        closed.advance(Duration::from_mins(2));
        closed.anonymous().request_otp(email(address)).await;
        closed.deliver().await;
        closed.advance(Duration::from_mins(2));
        let again = closed.anonymous().request_otp(email(address)).await;
        assert!(
            again.data("requestOtp/challenge").is_object(),
            "{}",
            again.text
        );
        closed.mailbox.fail_next(Vec::new());
    }
}

#[tokio::test]
async fn a_message_that_nobody_takes_is_given_up() {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![busy(); 100]);
    asked(&server).await;
    for _ in 0..590 {
        server.deliver().await;
        server.advance(Duration::from_secs(1));
    }
    assert_eq!(server.mailbox.tries().len(), 8);
    assert_eq!(outcome(&server).await, (Some("failed".to_owned()), 8));
}

#[tokio::test]
async fn what_a_dead_worker_had_in_hand_is_sent_by_the_next_one_and_works_once() {
    let server = TestServer::start().await;
    let token = asked(&server).await;
    let store = &server.app.store;
    let in_hand = store
        .take_due(Channel::Email, server.now(), LEASE, 16)
        .await
        .expect("the outbox");
    assert_eq!(in_hand.len(), 1);
    drop(in_hand);

    let next = server.another().await;
    server.advance(Duration::from_secs(14));
    assert_eq!(next.deliver().await, 0, "it may still be alive");
    server.advance(Duration::from_secs(1));
    assert_eq!(next.deliver().await, 1);
    assert_arrived(&server, &token).await;
}

#[tokio::test]
async fn a_worker_that_dies_after_sending_has_the_very_same_message_sent_again() {
    let server = TestServer::start().await;
    let token = asked(&server).await;
    server.deliver().await;
    server.unsettle().await;
    server.advance(LEASE);
    assert_eq!(server.another().await.deliver().await, 1);
    let sent = server.mailbox.to(ADA);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].id, sent[1].id);
    assert_eq!(code_of(&sent[0]), code_of(&sent[1]));
    assert_arrived(&server, &token).await;
}

#[tokio::test]
async fn a_message_whose_next_try_would_come_too_late_has_failed_and_says_why() {
    let server = TestServer::start().await;
    server.mailbox.fail_next(vec![busy()]);
    asked(&server).await;
    server.advance(Duration::from_millis(599_600));
    server.deliver().await;
    let row = &server.deliveries().await[0];
    assert_eq!(row.outcome.as_deref(), Some("failed"));
    assert_eq!(row.failure.as_deref(), Some("busy"));
}

#[tokio::test]
async fn what_is_owed_survives_the_migration_of_the_outbox_there_and_back() {
    let server = TestServer::start().await;
    let token = asked(&server).await;
    let pool = server.app.store.pool();
    // Back to before `…_000007_deliveries`.
    Migrator::down(pool, Some(2)).await.expect("the way back");
    Migrator::up(pool, None).await.expect("and there again");
    assert_eq!(server.deliver().await, 1);
    assert_arrived(&server, &token).await;
}

#[tokio::test]
async fn a_code_that_has_expired_is_not_sent() {
    let server = TestServer::start().await;
    asked(&server).await;
    server.advance(Duration::from_mins(10));
    server.deliver().await;
    assert!(server.mailbox.tries().is_empty());
    assert_eq!(outcome(&server).await.0.as_deref(), Some("late"));
}

#[tokio::test]
async fn a_code_that_was_used_is_not_sent_again() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    server
        .anonymous()
        .verify_otp(email(ADA), &code.code, Some(&code.token))
        .await;
    server.unsettle().await;
    server.advance(LEASE);
    server.deliver().await;
    assert_eq!(server.mailbox.len(), 1);
}

#[tokio::test]
async fn a_decoy_owes_no_message() {
    let server = TestServer::with(&[("signup", "closed")]).await;
    asked(&server).await;
    assert_eq!(outcome(&server).await, (Some("suppressed".to_owned()), 0));
    for _ in 0..3 {
        assert_eq!(server.deliver().await, 0);
        server.advance(LEASE);
    }
    assert!(server.mailbox.tries().is_empty());
}

fn busy() -> SendError {
    SendError::Temporary("busy".to_owned())
}

fn unknown() -> SendError {
    SendError::Permanent("reply 550".to_owned())
}

/// Asks for a code to ADA, and returns the challenge token.
async fn asked(server: &TestServer) -> String {
    let answer = server.anonymous().request_otp(email(ADA)).await;
    answer.text_at("requestOtp/challenge/challengeToken")
}

/// How the only delivery ended, and how often it was taken.
async fn outcome(server: &TestServer) -> (Option<String>, i32) {
    let row = delivery::Entity::find().one(server.app.store.pool()).await;
    let row = row.expect("the database answers").expect("a delivery");
    (row.outcome, row.tries)
}

/// The code that was sent opens the door, once.
async fn assert_arrived(server: &TestServer, token: &str) {
    let sent = server.mailbox.to(ADA).pop().expect("a message");
    let first = server
        .anonymous()
        .verify_otp(email(ADA), code_of(&sent), Some(token))
        .await;
    assert_eq!(
        first.data("verifyOtp/userErrors"),
        &json!([]),
        "{}",
        first.text
    );
    let second = server
        .anonymous()
        .verify_otp(email(ADA), code_of(&sent), Some(token))
        .await;
    assert_eq!(second.user_error_code("verifyOtp"), Some("OTP_EXPIRED"));
}
