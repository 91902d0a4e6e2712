//! Cookie mode: the browser keeps the tokens.

use std::sync::Arc;
use std::time::Duration;

use countersign::domain::clock::Clock;
use serde_json::{Value, json};

use crate::support::jar::{Jar, page, set_cookies, sign_in};
use crate::support::{Actor, Answer, TestServer, at_once};

mod bearer;
mod ends;

const ADA: &str = "ada@example.com";
const REFRESH: &str = "mutation { refreshToken { session { id current expiresAt } \
                       tokens { accessToken refreshToken } userErrors { code } } }";

async fn https() -> TestServer {
    TestServer::with(&[("public_url", "https://id.example.com")]).await
}

async fn refresh(actor: &Actor) -> Answer {
    actor.graphql(REFRESH, Value::Null).await
}

#[track_caller]
fn assert_signed_in(answer: &Answer) {
    assert_eq!(answer.data("me/email"), ADA, "{}", answer.text);
}

/// Panics unless the answer has a browser forget both cookies.
#[track_caller]
fn assert_cleared(answer: &Answer, jar: &Jar) {
    let mut jar = jar.clone();
    jar.take(answer);
    assert_eq!(set_cookies(answer).len(), 2, "{}", answer.text);
    assert!(jar.is_empty(), "{:?}", answer.headers);
}

#[tokio::test]
async fn a_sign_in_by_cookie_sets_two_that_no_script_reads_and_tells_no_token() {
    let server = https().await;
    let answer = sign_in(&server, ADA).await;
    assert_eq!(answer.data("verifyOtp/user/email"), ADA, "{}", answer.text);
    assert!(answer.data("verifyOtp/tokens").is_null(), "{}", answer.text);
    assert!(answer.data("verifyOtp/session/id").is_string());

    let lines: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let names = ["__Host-countersign-access", "__Host-countersign-refresh"];
    assert_eq!(lines.len(), 2);
    for (line, name) in lines.into_iter().zip(names) {
        let (pair, attributes) = line.to_str().unwrap().split_once("; ").unwrap();
        let (found, value) = pair.split_once('=').unwrap();
        assert_eq!(found, name);
        assert!(value.len() > 40 && !answer.text.contains(value));
        let mut attributes: Vec<_> = attributes.split("; ").collect();
        attributes.sort_unstable();
        let week = "Max-Age=604800";
        let wanted = ["HttpOnly", week, "Path=/", "SameSite=Lax", "Secure"];
        assert_eq!(attributes, wanted);
    }

    let mut jar = Jar::default();
    jar.take(&answer);
    assert_signed_in(&jar.of(&server).me().await);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn over_plain_http_the_cookies_do_without_what_needs_https() {
    let server = TestServer::start().await;
    let answer = sign_in(&server, ADA).await;
    let cookies = set_cookies(&answer);
    let names: Vec<_> = cookies.iter().map(cookie::Cookie::name).collect();
    assert_eq!(names, ["countersign-access", "countersign-refresh"]);
    for cookie in &cookies {
        assert_eq!(cookie.secure(), None);
        assert_eq!(cookie.http_only(), Some(true));
        assert_eq!(cookie.same_site(), Some(cookie::SameSite::Lax));
    }
    let mut jar = Jar::default();
    jar.take(&answer);
    assert_signed_in(&jar.of(&server).me().await);

    // Any host beside it, and any page in clear text, could have written these.
    let https = server
        .another_with(&[("public_url", "https://id.example.com")])
        .await;
    let me = jar.of(&https.unwrap()).me().await;
    assert_eq!(me.json, json!({ "data": { "me": null } }));
}

#[tokio::test]
async fn an_expired_login_is_told_to_refresh_and_does_not_look_anonymous() {
    let server = https().await;
    let mut jar = Jar::signed_in(&server, ADA).await;
    server.advance(Duration::from_hours(24));
    for jar in [&jar, &jar.without("access")] {
        let me = jar.of(&server).me().await;
        let told = (me.error_code(), me.reason());
        assert_eq!(told, (Some("UNAUTHENTICATED"), Some("TOKEN_EXPIRED")));
        assert!(set_cookies(&me).is_empty());
    }

    let before = jar.clone();
    let answer = refresh(&jar.of(&server)).await;
    assert!(answer.data("refreshToken/tokens").is_null());
    assert_eq!(answer.data("refreshToken/session/current"), true);
    assert!(answer.data("refreshToken/session/expiresAt").is_string());
    assert!(answer.user_error_code("refreshToken").is_none());
    jar.take(&answer);
    assert_ne!(jar.value("access"), before.value("access"));
    assert_ne!(jar.value("refresh"), before.value("refresh"));
    assert!(!answer.text.contains(jar.value("refresh")));
    assert_signed_in(&jar.of(&server).me().await);
    // As long as the session lasts now, which is not for ever.
    for cookie in set_cookies(&answer) {
        assert_eq!(
            cookie.max_age().map(cookie::time::Duration::whole_days),
            Some(7)
        );
    }
}

#[tokio::test]
async fn both_cookies_live_as_long_as_the_session() {
    let settings = [("session.absolute_lifetime", "8d")];
    let server = TestServer::with(&settings).await;
    let mut jar = Jar::signed_in(&server, ADA).await;
    server.advance(Duration::from_hours(6 * 24));
    let answer = refresh(&jar.of(&server)).await;
    jar.take(&answer);
    for cookie in set_cookies(&answer) {
        assert_eq!(
            cookie.max_age().map(cookie::time::Duration::whole_days),
            Some(2)
        );
    }
    server.advance(Duration::from_hours(2 * 24 + 1));
    assert_cleared(&refresh(&jar.of(&server)).await, &jar);
}

#[tokio::test]
async fn a_cookie_that_comes_twice_signs_nobody_in() {
    let server = https().await;
    let ada = Jar::signed_in(&server, ADA).await;
    let eve = Jar::signed_in(&server, "eve@example.com").await;
    let both = format!("{}; {}", eve.header(), ada.header());
    let on_one_line = page(&server).with_header("cookie", &both);
    let on_two = ada.of(&server).with_header("cookie", &eve.header());
    for tossed in [on_one_line, on_two] {
        let me = tossed.me().await;
        assert_eq!(me.reason(), Some("TOKEN_MALFORMED"), "{}", me.text);
        let answer = refresh(&tossed).await;
        let told = answer.user_error_code("refreshToken");
        assert_eq!(told, Some("SESSION_EXPIRED"));
        assert_cleared(&answer, &ada);
    }
    assert_signed_in(&ada.of(&server).me().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_parallel_refreshes_with_one_cookie_get_one_successor() {
    let server = https().await;
    let jar = Arc::new(Jar::signed_in(&server, ADA).await);
    let actor = jar.of(&server);
    let answers = at_once(&[&server], 50, |_| {
        let (actor, jar) = (actor.clone(), Arc::clone(&jar));
        async move {
            let answer = refresh(&actor).await;
            let mut jar = (*jar).clone();
            jar.take(&answer);
            (answer, jar)
        }
    })
    .await;
    let first = answers[0].1.value("refresh");
    assert_ne!(first, jar.value("refresh"));
    for (answer, jar) in &answers {
        assert_eq!(set_cookies(answer).len(), 2, "{}", answer.text);
        assert_eq!(jar.value("refresh"), first);
    }
    assert_eq!(server.session_rows().await[0].generation, 1);
    let expires_at = server.session_rows().await[0].expires_at;
    assert!(expires_at > server.clock.now().as_micros());
}
