//! A defect that panics costs one request, or one turn of what runs in the background, and no more.

use std::time::Duration;

use axum::http::StatusCode;
use countersign::auth::scribe::Scribe;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::support::{TestServer, Tokens, email, phone};

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_request_that_panics_is_a_500_with_an_id_and_a_constant_text() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in("ada@example.com").await;
    let mut texts = Vec::new();
    for _ in 0..2 {
        // Who is signed in is asked in a task of its own; the sessions are not.
        let has_panicked = server.set_trap_after(1);
        let answer = ada.sessions(1, None).await;
        assert!(has_panicked());
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.error_code(), Some("INTERNAL_SERVER_ERROR"));
        assert_ne!(answer.header("x-request-id"), "");
        assert!(!answer.text.contains("424242"), "{}", answer.text);
        texts.push(answer.text);
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(ada.me().await.data("me/email"), "ada@example.com");
    server.assert_open().await;
}

#[tokio::test]
async fn a_panic_while_many_are_asked_for_is_a_fault_to_each_and_keeps_nobody_waiting() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in("ada@example.com").await;
    for _ in 0..3 {
        for refreshes in [false, true] {
            let has_panicked = server.set_trap();
            let answer = if refreshes {
                ada.refresh(&tokens.refresh).await
            } else {
                ada.me().await
            };
            assert!(has_panicked());
            assert_eq!(answer.error_code(), Some("INTERNAL_SERVER_ERROR"));
            assert!(!answer.text.contains("424242"), "{}", answer.text);
        }
    }
    assert_eq!(ada.me().await.data("me/email"), "ada@example.com");
    Tokens::of(&ada.refresh(&tokens.refresh).await, "refreshToken");
}

#[tokio::test]
async fn a_panic_in_the_middle_of_a_transaction_leaves_nothing_behind() {
    let server = TestServer::start().await;
    let mut statements = 0;
    // One request after the other, each of which gets one statement further. To telephones: on
    // PostgreSQL an e-mail takes one statement, and no transaction.
    for spared in 0.. {
        let number = format!("+44740012345{spared}");
        let _ = server.set_trap_after(spared);
        let answer = server.anonymous().request_otp(phone(&number)).await;
        if answer.status == StatusCode::OK {
            break;
        }
        statements += 1;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(server.deliveries().await.len(), 0, "after {spared}");
    }
    let _ = server.set_trap_after(-1);
    assert!(statements > 2, "{statements}");
    server.assert_open().await;
}

#[tokio::test]
async fn a_panic_does_not_stop_the_worker() {
    let server = TestServer::start().await;
    let (stop, abandon) = <(CancellationToken, CancellationToken)>::default();
    let has_panicked = server.set_trap();
    let worker = server.app.worker.clone();
    let worker = tokio::spawn(worker.run(stop.clone(), abandon));
    until(has_panicked).await;
    server
        .anonymous()
        .request_otp(email("ada@example.com"))
        .await;
    until(|| server.mailbox.to("ada@example.com").len() == 1).await;
    stop.cancel();
    worker.await.expect("it has not panicked");
}

#[tokio::test]
async fn a_panic_does_not_stop_the_sweeper() {
    let server = TestServer::start().await;
    let (stop, has_panicked) = (CancellationToken::new(), server.set_trap());
    let sweeper = tokio::spawn(server.app.sweeper.run(stop.clone()));
    until(has_panicked).await;
    stop.cancel();
    sweeper.await.expect("it has not panicked");
}

#[tokio::test]
async fn a_panic_loses_no_event() {
    let server = TestServer::start().await;
    server
        .anonymous()
        .request_otp(email("ada@example.com"))
        .await;
    let has_panicked = server.set_trap();
    let scribe: &Scribe = &server.app.scribe;
    assert_eq!(scribe.write_due().await, 1);
    assert!(has_panicked());
    assert_eq!(server.events().await.len(), 1);
}

/// Waits for what happens in the background.
async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, waiting).await.expect("it happens");
}
