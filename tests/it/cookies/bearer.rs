//! Cookies beside what is said explicitly: a Bearer token, a token in the input.

use serde_json::{Value, json};

use super::{ADA, assert_signed_in, https, refresh};
use crate::support::jar::{Jar, set_cookies};
use crate::support::{TestServer, Tokens};

#[tokio::test]
async fn a_bearer_token_wins_over_cookies() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let (_, bob) = server.signed_in("bob@example.com").await;
    let both = jar.of(&server).with_bearer(&bob.access);
    assert_eq!(both.me().await.data("me/email"), "bob@example.com");
    let garbage = jar.of(&server).with_bearer("garbage").me().await;
    assert_eq!(garbage.reason(), Some("TOKEN_MALFORMED"));

    // Not even for a refresh are they looked at, nor told to go.
    let answer = refresh(&both).await;
    assert_eq!(
        answer.user_error_code("refreshToken"),
        Some("SESSION_EXPIRED")
    );
    assert!(set_cookies(&answer).is_empty());
    let answer = both.logout(None).await;
    assert!(answer.user_error_code("logout").is_none());
    assert!(set_cookies(&answer).is_empty());
    assert_eq!(both.me().await.reason(), Some("SESSION_ENDED"));
    assert_signed_in(&jar.of(&server).me().await);
}

#[tokio::test]
async fn another_schemes_authorization_leaves_the_cookies_to_count() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let proxied = jar.of(&server).with_header("authorization", "Basic YTpi");
    assert_signed_in(&proxied.me().await);
}

#[tokio::test]
async fn a_token_in_the_input_wins_and_is_answered_in_the_payload() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let (_, bob) = server.signed_in("bob@example.com").await;
    let answer = jar.of(&server).refresh(&bob.refresh).await;
    let next = Tokens::of(&answer, "refreshToken");
    assert!(set_cookies(&answer).is_empty());
    let me = server.anonymous().with_bearer(&next.access).me().await;
    assert_eq!(me.data("me/email"), "bob@example.com");

    let answer = jar.of(&server).logout(Some(&next.refresh)).await;
    assert!(answer.user_error_code("logout").is_none());
    assert!(set_cookies(&answer).is_empty());
    assert_signed_in(&jar.of(&server).me().await);
}

#[tokio::test]
async fn without_cookies_there_is_nothing_to_refresh_or_to_clear() {
    let server = TestServer::start().await;
    for query in [
        "mutation { refreshToken { tokens { accessToken } userErrors { code } } }",
        "mutation { refreshToken(input: {}) { tokens { accessToken } userErrors { code } } }",
    ] {
        for cookies in ["", "theme=dark", "countersign-accessory=1"] {
            let somebody = server.anonymous().with_header("cookie", cookies);
            let answer = somebody.graphql(query, Value::Null).await;
            let told = answer.user_error_code("refreshToken");
            assert_eq!(told, Some("SESSION_EXPIRED"), "{}", answer.text);
            assert!(set_cookies(&answer).is_empty());
            let me = somebody.me().await;
            assert_eq!(me.json, json!({ "data": { "me": null } }));
        }
    }
}
