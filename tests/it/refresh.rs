//! Refresh tokens: rotated at each use, repeated within the grace window, deadly afterwards.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Tokens, code_of, email};

const ADA: &str = "ada@example.com";
const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn a_refresh_token_becomes_the_next_pair() {
    let server = TestServer::start().await;
    let (_, old) = server.signed_in(ADA).await;
    let answer = server.anonymous().refresh(&old.refresh).await;
    let new = renewed(&answer);
    assert_ne!(new.refresh, old.refresh);
    assert_ne!(new.access, old.access);
    assert_eq!(answer.data("refreshToken/tokens/tokenType"), "Bearer");
    assert_eq!(answer.data("refreshToken/tokens/expiresIn"), 900);
    assert_eq!(answer.data("refreshToken/tokens/refreshExpiresIn"), 604_800);
    assert_eq!(answer.data("refreshToken/session/current"), true);
    assert_eq!(
        server
            .anonymous()
            .with_bearer(&new.access)
            .me()
            .await
            .data("me/email"),
        ADA
    );
    let row = &server.session_rows().await[0];
    assert_eq!(
        answer.data("refreshToken/session/id"),
        &json!(row.id.to_string())
    );
    assert_eq!(row.generation, 1);
}

#[tokio::test]
async fn each_refresh_moves_the_end_of_the_session_and_without_one_it_comes() {
    let server = TestServer::start().await;
    let (_, mut tokens) = server.signed_in(ADA).await;
    for _ in 0..3 {
        server.advance(6 * DAY);
        tokens = renewed(&server.anonymous().refresh(&tokens.refresh).await);
    }
    server.advance(7 * DAY);
    assert_over(&server.anonymous().refresh(&tokens.refresh).await);
}

#[tokio::test]
async fn no_refresh_carries_a_session_past_its_absolute_end() {
    let server = TestServer::start().await;
    let (_, mut tokens) = server.signed_in(ADA).await;
    for _ in 0..14 {
        server.advance(6 * DAY);
        tokens = renewed(&server.anonymous().refresh(&tokens.refresh).await);
    }
    server.advance(5 * DAY);
    let answer = server.anonymous().refresh(&tokens.refresh).await;
    assert_eq!(
        answer.data("refreshToken/tokens/refreshExpiresIn"),
        86_400,
        "day 89 of 90"
    );
    server.advance(DAY);
    let answer = server.anonymous().refresh(&renewed(&answer).refresh).await;
    assert_over(&answer);
}

#[tokio::test]
async fn within_the_grace_window_the_previous_token_gets_the_very_same_successor() {
    let server = TestServer::start().await;
    let (_, old) = server.signed_in(ADA).await;
    let new = renewed(&server.anonymous().refresh(&old.refresh).await);
    server.advance(Duration::from_secs(29));
    let again = renewed(&server.anonymous().refresh(&old.refresh).await);
    assert_eq!(again.refresh, new.refresh);
    assert_eq!(
        server
            .anonymous()
            .with_bearer(&again.access)
            .me()
            .await
            .data("me/email"),
        ADA
    );
    let row = &server.session_rows().await[0];
    assert_eq!((row.generation, row.revoked_at), (1, None));
    renewed(&server.anonymous().refresh(&new.refresh).await);
}

#[tokio::test]
async fn a_replay_after_the_window_ends_the_session_for_everybody() {
    let server = TestServer::start().await;
    let (_, old) = server.signed_in(ADA).await;
    let new = renewed(&server.anonymous().refresh(&old.refresh).await);
    server.advance(Duration::from_secs(30));
    assert_over(&server.anonymous().refresh(&old.refresh).await);
    assert_over(&server.anonymous().refresh(&new.refresh).await);
    let me = server.anonymous().with_bearer(&new.access).me().await;
    assert_eq!(
        (me.error_code(), me.reason()),
        (Some("UNAUTHENTICATED"), Some("SESSION_ENDED"))
    );
}

#[tokio::test]
async fn an_older_generation_ends_the_session_even_within_the_window() {
    let server = TestServer::start().await;
    let (_, oldest) = server.signed_in(ADA).await;
    let old = renewed(&server.anonymous().refresh(&oldest.refresh).await);
    let new = renewed(&server.anonymous().refresh(&old.refresh).await);
    assert_over(&server.anonymous().refresh(&oldest.refresh).await);
    assert_over(&server.anonymous().refresh(&new.refresh).await);
}

#[tokio::test]
async fn a_replay_ends_its_own_session_and_no_other() {
    let server = TestServer::start().await;
    let (_, phone) = server.signed_in(ADA).await;
    server.advance(Duration::from_mins(1));
    let (laptop, _) = server.signed_in(ADA).await;
    renewed(&server.anonymous().refresh(&phone.refresh).await);
    server.advance(Duration::from_mins(1));
    assert_over(&server.anonymous().refresh(&phone.refresh).await);
    assert_eq!(laptop.me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn a_forged_token_is_refused_without_a_look_at_the_database() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let good = &tokens.refresh;
    let forged = |at: usize| {
        let mut text = good.clone();
        let other = if text.as_bytes()[at] == b'A' {
            "B"
        } else {
            "A"
        };
        text.replace_range(at..=at, other);
        text
    };
    let garbled = ["", "csr_", "\0", "😀"].map(str::to_owned);
    let altered = [
        forged(4),
        forged(28),
        forged(40),
        format!("{good}A"),
        format!("{good}="),
        format!(" {good}"),
        good[..good.len() - 1].to_owned(),
        good.replacen("csr_", "csc_", 1),
        tokens.access.clone(),
        "A".repeat(20_000),
    ];
    let before = server.statements();
    for token in garbled.iter().chain(&altered) {
        assert_over(&server.anonymous().refresh(token).await);
    }
    assert_eq!(server.statements(), before);
    renewed(&server.anonymous().refresh(good).await);
}

#[tokio::test]
async fn a_happy_refresh_is_one_statement() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let before = server.statements();
    renewed(&server.anonymous().refresh(&tokens.refresh).await);
    assert_eq!(server.statements() - before, 1);
}

#[tokio::test]
async fn a_session_that_was_logged_out_cannot_be_refreshed() {
    let server = TestServer::start().await;
    let (ada, tokens) = server.signed_in(ADA).await;
    ada.logout(None).await;
    assert_over(&server.anonymous().refresh(&tokens.refresh).await);
    server.advance(Duration::from_mins(1));
    assert_over(&server.anonymous().refresh(&tokens.refresh).await);
}

#[tokio::test]
async fn to_refresh_nothing_is_to_have_to_sign_in_again() {
    let server = TestServer::start().await;
    let query = "mutation($input: RefreshTokenInput) { refreshToken(input: $input) { userErrors { code } } }";
    for input in [Value::Null, json!({}), json!({ "refreshToken": null })] {
        let answer = server
            .anonymous()
            .graphql(query, json!({ "input": input }))
            .await;
        let told = answer.user_error_code("refreshToken");
        assert_eq!(told, Some("SESSION_EXPIRED"), "{}", answer.text);
    }
}

#[tokio::test]
async fn stale_credentials_do_not_stand_in_the_way_of_signing_in_and_refreshing() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    server.advance(Duration::from_hours(1));
    for stale in [&tokens.access, "garbage", "a.b.c"] {
        let client = server.anonymous().with_bearer(stale);
        assert_eq!(
            client.me().await.error_code(),
            Some("UNAUTHENTICATED"),
            "it is stale"
        );
        let asked = client.request_otp(email(ADA)).await;
        let token = asked.text_at("requestOtp/challenge/challengeToken");
        server.deliver().await;
        let sent = server.mailbox.to(ADA).pop().expect("a message");
        let answer = client
            .verify_otp(email(ADA), code_of(&sent), Some(&token))
            .await;
        let fresh = Tokens::of(&answer, "verifyOtp");
        renewed(&client.refresh(&fresh.refresh).await);
        server.advance(Duration::from_mins(1));
    }
}

fn renewed(answer: &Answer) -> Tokens {
    assert_eq!(
        answer.data("refreshToken/userErrors"),
        &json!([]),
        "{}",
        answer.text
    );
    Tokens::of(answer, "refreshToken")
}

fn assert_over(answer: &Answer) {
    let over = json!({ "data": { "refreshToken": {
        "tokens": null, "session": null,
        "userErrors": [{
            "code": "SESSION_EXPIRED", "message": "You have been signed out. Sign in again.",
            "field": null, "retryAfter": null, "attemptsRemaining": null
        }]
    } } });
    assert_eq!(answer.json, over);
}
