//! The end of a session takes its cookies along.

use std::time::Duration;

use tempfile::tempdir;

use super::{ADA, assert_cleared, assert_signed_in, https, refresh};
use crate::support::jar::{Jar, page, set_cookies};
use crate::support::process::Process;

#[tokio::test]
async fn logout_by_cookie_ends_the_session_and_clears_both() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let answer = jar.of(&server).logout(None).await;
    assert!(answer.user_error_code("logout").is_none());
    assert_cleared(&answer, &jar);
    assert!(server.session_rows().await[0].revoked_at.is_some());
    let me = jar.of(&server).me().await;
    assert_eq!(me.reason(), Some("SESSION_ENDED"));

    // A second tab that has not heard of it.
    let again = jar.of(&server).logout(None).await;
    assert!(again.user_error_code("logout").is_none(), "{}", again.text);
    assert_cleared(&again, &jar);
}

#[tokio::test]
async fn logout_needs_one_cookie_and_no_fresh_access_token() {
    let server = https().await;
    for (which, ending) in ["refresh", "access"].into_iter().enumerate() {
        let jar = Jar::signed_in(&server, ADA).await;
        server.advance(Duration::from_mins(2));
        assert_cleared(&jar.without(ending).of(&server).logout(None).await, &jar);
        assert!(server.session_rows().await[which].revoked_at.is_some());
    }
    let jar = Jar::signed_in(&server, ADA).await;
    server.advance(Duration::from_hours(24));
    assert_cleared(&jar.of(&server).logout(None).await, &jar);
    assert!(server.session_rows().await[2].revoked_at.is_some());
}

#[tokio::test]
async fn cookies_that_are_not_ours_are_cleared_and_end_nothing() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let garbage = "__Host-countersign-access=a.b.c; __Host-countersign-refresh=csr_garbage";
    let somebody = page(&server).with_header("cookie", garbage);
    let answer = somebody.logout(None).await;
    assert_eq!(answer.user_error_code("logout"), Some("SESSION_NOT_FOUND"));
    assert!(answer.user_error("logout")["field"].is_null());
    assert_cleared(&answer, &jar);
    assert_cleared(&refresh(&somebody).await, &jar);
    assert_signed_in(&jar.of(&server).me().await);
}

#[tokio::test]
async fn ending_ones_own_session_clears_the_cookies_and_ending_another_does_not() {
    let server = https().await;
    let jar = Jar::signed_in(&server, ADA).await;
    server.advance(Duration::from_mins(2));
    let other = Jar::signed_in(&server, ADA).await;
    let rows = server.session_rows().await;
    let ids: Vec<_> = rows.iter().map(|row| row.id.to_string()).collect();
    let ada = jar.of(&server);

    let answer = ada.revoke_session(&ids[1]).await;
    assert_eq!(answer.data("revokeSession/revokedSessionId"), &*ids[1]);
    assert!(set_cookies(&answer).is_empty());
    assert_cleared(&refresh(&other.of(&server)).await, &other);
    assert!(set_cookies(&ada.logout_all(false).await).is_empty());
    assert_cleared(&ada.revoke_session(&ids[0]).await, &jar);

    server.advance(Duration::from_mins(2));
    let jar = Jar::signed_in(&server, ADA).await;
    assert_cleared(&jar.of(&server).logout_all(true).await, &jar);
}

#[tokio::test]
async fn a_cookie_that_was_spent_ends_the_session_and_is_cleared() {
    let server = https().await;
    let spent = Jar::signed_in(&server, ADA).await;
    let mut jar = spent.clone();
    jar.take(&refresh(&spent.of(&server)).await);
    server.advance(Duration::from_secs(29));
    let mut late = spent.clone();
    late.take(&refresh(&spent.of(&server)).await);
    assert_eq!(late.value("refresh"), jar.value("refresh"));

    server.advance(Duration::from_secs(2));
    let answer = refresh(&spent.of(&server)).await;
    let told = answer.user_error_code("refreshToken");
    assert_eq!(told, Some("SESSION_EXPIRED"));
    assert_cleared(&answer, &spent);
    assert_cleared(&refresh(&jar.of(&server)).await, &jar);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cookie_gets_into_the_log_even_at_trace() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[("RUST_LOG", "trace")]).await;
    assert!(server.output().contains("Cookies   without `Secure`"));
    let client = reqwest::Client::new();
    let post = async |query: &str, cookies: &str| {
        let request = client
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .header("graphql-require-preflight", "1")
            .header("cookie", cookies)
            .body(serde_json::json!({ "query": query }).to_string());
        request.send().await.expect("an answer")
    };
    let token = server.request_otp(ADA).await;
    let code = printed_code(&server).await;
    let verify = format!(
        "mutation {{ verifyOtp(input: {{ recipient: {{ email: \"{ADA}\" }}, code: \"{code}\", \
         challengeToken: \"{token}\", delivery: COOKIE }}) {{ isNewUser }} }}"
    );
    let mut secrets = Vec::new();
    let mut cookies = String::from("theme=dark");
    for query in [
        &*verify,
        "mutation { refreshToken { userErrors { code } } }",
    ] {
        let answer = post(query, &cookies).await;
        let lines = answer.headers().get_all("set-cookie").iter();
        let pairs = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap());
        let pairs: Vec<_> = pairs.map(str::to_owned).collect();
        assert_eq!(pairs.len(), 2, "{query}");
        secrets.extend(
            pairs
                .iter()
                .map(|pair| pair.split_once('=').unwrap().1.to_owned()),
        );
        cookies = pairs.join("; ");
    }
    post("{ me { id } }", "countersign-access=garbage-cookie").await;
    secrets.push("garbage-cookie".to_owned());

    let log = server.output();
    assert!(log.contains("answered"), "the log is on: {log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}

/// The code that the server prints on its terminal.
async fn printed_code(server: &Process) -> String {
    loop {
        let output = server.output();
        let code = output.split_once("code  ").map(|(_, rest)| rest);
        if let Some(code) = code.and_then(|rest| rest.split_whitespace().next()) {
            return code.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
