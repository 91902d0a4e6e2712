//! Forgetting what is over, and not being slowed down by what is not forgotten yet.

use std::time::Duration;

use countersign::domain::Clock;

use crate::support::{TestServer, email};

const ADA: &str = "ada@example.com";

#[tokio::test]
async fn a_challenge_is_forgotten_an_hour_after_it_expired_and_its_delivery_with_it() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    server.advance(Duration::from_mins(70));
    sweep(&server).await;
    let late = server
        .anonymous()
        .verify_otp(email(ADA), &code.code, Some(&code.token))
        .await;
    let verdict = late.user_error_code("verifyOtp");
    assert_eq!(
        verdict,
        Some("OTP_EXPIRED"),
        "its holder may still hear why it does not work"
    );

    server.advance(Duration::from_micros(1));
    sweep(&server).await;
    assert_eq!(server.count::<entity::challenge::Entity>().await, 0);
    assert_eq!(server.count::<entity::delivery::Entity>().await, 0);
    let later = server
        .anonymous()
        .verify_otp(email(ADA), &code.code, Some(&code.token))
        .await;
    assert_eq!(later.user_error_code("verifyOtp"), Some("OTP_INVALID"));
}

#[tokio::test]
async fn a_notice_is_forgotten_an_hour_after_it_was_of_use() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    server.anonymous().refresh(&tokens.refresh).await;
    server.advance(Duration::from_mins(1));
    server.anonymous().refresh(&tokens.refresh).await;
    server.deliver().await;
    server.advance(Duration::from_hours(2));
    sweep(&server).await;
    assert_eq!(
        server.deliveries().await.len(),
        1,
        "the notice outlives the code"
    );
    server.advance(Duration::from_micros(1));
    sweep(&server).await;
    assert_eq!(server.deliveries().await.len(), 0);
}

#[tokio::test]
async fn a_session_is_forgotten_an_hour_after_the_day_on_which_it_ended_and_never_before() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    server.advance(Duration::from_hours(6 * 24));
    sweep(&server).await;
    let refreshed = server.anonymous().refresh(&tokens.refresh).await;
    assert!(
        refreshed.data("refreshToken/tokens").is_object(),
        "{}",
        refreshed.text
    );
    let end = server.clock.now() + Duration::from_hours(7 * 24);
    let wait = end.end_of_day().since(server.clock.now());
    server.advance(wait + Duration::from_hours(1));
    sweep(&server).await;
    assert_eq!(server.session_rows().await.len(), 1);
    server.advance(Duration::from_micros(1));
    sweep(&server).await;
    assert_eq!(server.session_rows().await.len(), 0);
    assert_eq!(
        server.count::<entity::user::Entity>().await,
        1,
        "the person stays"
    );
}

#[tokio::test]
async fn a_session_that_the_version_before_wrote_is_forgotten_when_it_is_over_and_never_before() {
    let server = TestServer::start().await;
    server.signed_in(ADA).await;
    server.execute("UPDATE sessions SET sweep_at = 0").await;
    server.advance(Duration::from_hours(7 * 24 + 1));
    sweep(&server).await;
    assert_eq!(server.session_rows().await.len(), 1);
    server.advance(Duration::from_micros(1));
    sweep(&server).await;
    assert_eq!(server.session_rows().await.len(), 0);
}

#[tokio::test]
async fn a_budget_is_kept_for_as_long_as_it_holds_anybody_back() {
    let server = TestServer::start().await;
    let code = server.code_for(&email(ADA)).await;
    for _ in 0..5 {
        server
            .anonymous()
            .verify_otp(email(ADA), &code.wrong(), Some(&code.token))
            .await;
    }
    let (sends, guesses) = (format!("{ADA}:send"), format!("{ADA}:guess"));
    sweep(&server).await;
    assert!(server.full_at(&sends).await.is_some() && server.full_at(&guesses).await.is_some());
    // The guesses are whole again after half an hour.
    server.advance(Duration::from_mins(62));
    sweep(&server).await;
    assert!(server.full_at(&sends).await.is_none() && server.full_at(&guesses).await.is_some());
    server.advance(Duration::from_mins(29));
    sweep(&server).await;
    assert!(server.full_at(&guesses).await.is_none());
}

#[tokio::test]
async fn what_is_over_goes_in_small_batches_and_what_lives_stays() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in(ADA).await;
    server.bury(1_200).await;
    let code = server.code_for(&email("bob@example.com")).await;
    let mut swept = Vec::new();
    for _ in 0..4 {
        swept.push(sweep(&server).await);
    }
    assert_eq!(swept, [1_000, 1_000, 400, 0], "500 of each table at most");
    assert_eq!(
        server.count::<entity::delivery::Entity>().await,
        2,
        "Ada's and Bob's"
    );
    let owed = server.count::<entity::delivery::Entity>().await;
    assert_eq!(owed, 2, "those of the dead are gone with their challenges");
    assert_eq!(ada.me().await.data("me/email"), ADA);
    let bob = server
        .anonymous()
        .verify_otp(email("bob@example.com"), &code.code, Some(&code.token))
        .await;
    assert_eq!(bob.data("verifyOtp/user/email"), "bob@example.com");
    let soon = server
        .anonymous()
        .request_otp(email("bob@example.com"))
        .await;
    assert_eq!(soon.user_error_code("requestOtp"), Some("RATE_LIMITED"));
}

async fn sweep(server: &TestServer) -> u64 {
    server
        .app
        .sweeper
        .sweep_once()
        .await
        .expect("the database answers")
}
