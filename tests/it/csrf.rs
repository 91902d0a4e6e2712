//! A page of somebody else, in the browser of somebody who is signed in.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::jar::{Jar, cookie_input, page, set_cookies};
use crate::support::{Actor, Answer, TestServer};

const ADA: &str = "ada@example.com";
const APP: &str = "https://app.example.com";
const EVIL: &str = "https://evil.example";
const HEADER: &str = "graphql-require-preflight";

/// What could be done in the name of who is signed in.
const MUTATIONS: [&str; 5] = [
    "mutation { logout { userErrors { code } } }",
    "mutation { logoutAll { revokedCount } }",
    "mutation { refreshToken { userErrors { code } } }",
    "mutation { requestOtp(input: { recipient: { email: \"eve@example.com\" } }) { challenge { codeLength } } }",
    "{ me { id } }",
];

async fn listing() -> TestServer {
    TestServer::with(&[
        ("public_url", "https://id.example.com"),
        ("http.allowed_origins", APP),
    ])
    .await
}

/// The person whose cookies these are, by a request that says nothing of its page.
fn simple(server: &TestServer, jar: &Jar) -> Actor {
    server.anonymous().with_header("cookie", &jar.header())
}

#[track_caller]
fn assert_rejected(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(answer.error_code(), Some("CSRF_REJECTED"));
    assert!(answer.json.get("data").is_none());
    assert!(set_cookies(answer).is_empty());
    answer.assert_sound();
}

#[tokio::test]
async fn no_foreign_page_does_anything_with_cookies() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let rows = server.session_rows().await;
    let somebody = simple(&server, &jar);
    let evil = somebody.with_header("origin", EVIL);
    let pages = [
        somebody.clone(),
        evil.clone(),
        evil.with_header("sec-fetch-site", "same-site"),
        evil.with_header(HEADER, "1"),
        evil.with_header(HEADER, "1")
            .with_header("sec-fetch-site", "cross-site"),
        somebody
            .with_header("origin", "null")
            .with_header(HEADER, "1"),
        somebody.with_header("origin", APP),
        somebody.with_header("sec-fetch-site", "same-origin"),
        somebody
            .with_header("sec-fetch-site", "same-site")
            .with_header(HEADER, "1"),
        // A form can send this, of whoever made up a user and a password.
        evil.with_header("authorization", "Basic YTpi"),
    ];
    let before = server.statements();
    for page in &pages {
        for query in MUTATIONS {
            assert_rejected(&page.graphql(query, Value::Null).await);
            let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
            assert_rejected(&page.get(&format!("/graphql?query={query}")).await);
        }
    }
    assert_eq!(server.statements(), before, "the database was not asked");
    assert_eq!(server.session_rows().await, rows);
    assert_eq!(server.deliveries().await.len(), 1, "nobody was sent a code");
    assert_eq!(jar.of(&server).me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn what_a_form_can_send_is_refused_with_cookies_and_not_read_without() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let body = json!({ "query": MUTATIONS[0] }).to_string();
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain; application/json",
    ] {
        let post = |actor: Actor| {
            let request = Request::post("/graphql")
                .header(CONTENT_TYPE, media)
                .header(ORIGIN, EVIL)
                .body(Body::from(body.clone()));
            async move { actor.send(request.unwrap()).await }
        };
        assert_rejected(&post(simple(&server, &jar)).await);
        // JSON is asked for also of who brings no cookies, and of who brings the header.
        for somebody in [server.anonymous(), jar.of(&server)] {
            let answer = post(somebody).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
    }
    assert_eq!(jar.of(&server).me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn a_page_of_the_list_acts_with_cookies_and_so_does_a_server() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    for name in [
        HEADER,
        "apollo-require-preflight",
        "x-apollo-operation-name",
    ] {
        let tool = simple(&server, &jar).with_header(name, "1");
        let app = tool.with_header("origin", APP);
        let own = tool.with_header("origin", "https://id.example.com");
        for actor in [tool, app, own] {
            assert_eq!(actor.me().await.data("me/email"), ADA, "{name}");
            let query = "/graphql?query=%7Bme%7Bemail%7D%7D";
            assert_eq!(actor.get(query).await.data("me/email"), ADA);
        }
    }
}

#[tokio::test]
async fn a_mutation_by_get_does_nothing_even_from_a_page_of_ours() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    for query in &MUTATIONS[..4] {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let answer = jar
            .of(&server)
            .get(&format!("/graphql?query={query}"))
            .await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    assert_eq!(jar.of(&server).me().await.data("me/email"), ADA);
}

#[tokio::test]
async fn no_foreign_page_signs_a_visitor_in_as_somebody_else() {
    let server = listing().await;
    let input = cookie_input(&server, "eve@example.com").await;
    let before = server.statements();
    for visitor in [
        server.anonymous(),
        server.anonymous().with_header("origin", EVIL),
        server.anonymous().with_header("origin", APP),
        server
            .anonymous()
            .with_header("origin", EVIL)
            .with_header(HEADER, "1"),
        server
            .anonymous()
            .with_header("sec-fetch-site", "cross-site")
            .with_header(HEADER, "1"),
    ] {
        let answer = visitor.verify_otp_with(input.clone()).await;
        assert_eq!(answer.error_code(), Some("CSRF_REJECTED"));
        assert!(answer.data("verifyOtp").is_null());
        assert!(set_cookies(&answer).is_empty());
    }
    assert_eq!(server.statements(), before, "no attempt was charged");
    let answer = page(&server).verify_otp_with(input).await;
    assert_eq!(set_cookies(&answer).len(), 2, "{}", answer.text);
}

#[tokio::test]
async fn bearer_requests_need_none_of_it() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let (bob, tokens) = server.signed_in("bob@example.com").await;
    let evil = bob.with_header("origin", EVIL);
    for actor in [&bob, &evil, &evil.with_header("cookie", &jar.header())] {
        assert_eq!(actor.me().await.data("me/email"), "bob@example.com");
    }
    // Nor does who signs in, refreshes and logs out without any cookie.
    let somebody = server.anonymous().with_header("origin", EVIL);
    let answer = somebody.refresh(&tokens.refresh).await;
    assert!(answer.data("refreshToken/tokens").is_object());
    let answer = somebody.logout(Some(&tokens.refresh)).await;
    assert!(answer.user_error_code("logout").is_none());
}

#[tokio::test]
async fn a_refusal_says_what_is_missing_to_a_page_that_may_read_it() {
    let server = listing().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let answer = simple(&server, &jar).with_header("origin", APP).me().await;
    assert_rejected(&answer);
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
    assert!(answer.text.contains(HEADER), "{}", answer.text);
    let newer = "application/graphql-response+json";
    let answer = simple(&server, &jar)
        .with_header("accept", newer)
        .me()
        .await;
    assert_rejected(&answer);
    assert!(answer.header("content-type").starts_with(newer));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn in_development_pages_of_this_machine_act_with_cookies_and_no_others() {
    let server = TestServer::start().await;
    let jar = Jar::signed_in(&server, ADA).await;
    let from = |origin| {
        simple(&server, &jar)
            .with_header(HEADER, "1")
            .with_header("origin", origin)
    };
    for origin in ["http://localhost:5173", "http://127.0.0.1:3000"] {
        let answer = from(origin).me().await;
        assert_eq!(answer.data("me/email"), ADA, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
    }
    for origin in [EVIL, "http://localhost.evil.example", "null"] {
        let answer = from(origin).me().await;
        assert_rejected(&answer);
        assert_eq!(answer.header("access-control-allow-credentials"), "");
    }
}
