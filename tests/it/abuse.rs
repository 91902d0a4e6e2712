//! Shapes of GraphQL that are made to abuse it: each meets a limit that has a name. And whatever
//! its shape, one request tries one code, or sends one message, or does neither.
//!
//! The table in docs/security.md says which test fires which limit; those that are not here are in
//! `floods`, `bodies`, `misfits`, `introspection` and `transport`.

mod shapes;

use serde_json::{Value, json};

use self::shapes::{CHOSEN, shapes};
use crate::support::{Answer, TestServer, email};

async fn post(server: &TestServer, body: &Value) -> Answer {
    server.anonymous().post(&body.to_string()).await
}

async fn refused(server: &TestServer, query: &str, code: &str) {
    let answer = post(server, &json!({ "query": query })).await;
    answer.assert_sound();
    assert_eq!(
        answer.error_code(),
        Some(code),
        "{query:.80}: {}",
        answer.text
    );
}

#[tokio::test]
async fn literals_are_bounded_in_number_and_in_length() {
    let server = TestServer::start().await;
    let with = |code: &str| {
        format!(
            r#"mutation {{ verifyOtp(input: {{ recipient: {{ email: "ada@example.com" }}, code: {code} }}) {{ userErrors {{ code }} }} }}"#
        )
    };
    let list = format!("[{}]", "1 ".repeat(1_000));
    refused(&server, &with(&list), "QUERY_TOO_COMPLEX").await;
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    refused(&server, &with(&nested), "QUERY_TOO_DEEP").await;
    let number = "9".repeat(129);
    refused(&server, &with(&number), "QUERY_TOO_COMPLEX").await;
    refused(&server, &with(&number[1..]), "GRAPHQL_VALIDATION_FAILED").await;
    let name = "A".repeat(129);
    refused(&server, &with(&name), "QUERY_TOO_COMPLEX").await;
    let large = format!("\"{}\"", "9".repeat(65_536));
    refused(&server, &with(&large), "BODY_TOO_LARGE").await;
    // What fits into a body is a slip like another.
    let long = with(&format!("\"{}\"", "9".repeat(60_000)));
    let answer = post(&server, &json!({ "query": long })).await;
    assert_eq!(
        answer.user_error_code("verifyOtp"),
        Some("OTP_INVALID"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn variables_are_bounded_in_number_and_in_depth() {
    let server = TestServer::start().await;
    let query = "query($v: [Int]) { __typename }";
    let with = async |value: Value| {
        let body = json!({ "query": query, "variables": { "v": value } });
        post(&server, &body).await
    };
    let many = with(json!(vec![1; 300])).await;
    assert_eq!(
        many.error_code(),
        Some("QUERY_TOO_COMPLEX"),
        "{}",
        many.text
    );
    let unused = with(json!("a")).await;
    assert_eq!(
        unused.error_code(),
        Some("GRAPHQL_VALIDATION_FAILED"),
        "{}",
        unused.text
    );
    let deep = format!("{}1{}", "[".repeat(1_000), "]".repeat(1_000));
    let body = format!(r#"{{"query":"{query}","variables":{{"v":{deep}}}}}"#);
    let answer = server.anonymous().post(&body).await;
    assert_eq!(answer.error_code(), Some("BAD_REQUEST"), "{}", answer.text);
}

#[tokio::test]
async fn what_the_server_does_not_do_is_refused_by_name() {
    let server = TestServer::start().await;
    for query in [
        "subscription { me { id } }",
        "{ me { ... @defer { id } } }",
        "{ me { sessions { nodes @stream { id } } } }",
        "{ me { id @skip(if: true) @skip(if: true) } }",
        "query($a: Int, $a: Int) { __typename }",
        "{ ...F ...F } fragment F on Query { __typename } fragment F on Query { __typename }",
        "{ a: __typename a: me { id } }",
    ] {
        let answer = post(&server, &json!({ "query": query })).await;
        answer.assert_sound();
        let code = answer.error_code();
        let is_named = matches!(
            code,
            Some("GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED")
        );
        assert!(is_named, "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn no_shape_sends_more_than_one_message() {
    let server = TestServer::start().await;
    for round in 0..shapes(&|_, _| String::new()).len() {
        let one = |alias: &str, number: usize| {
            let address = format!("ada{round}.{number}@example.com");
            format!(
                r#"{alias}: requestOtp(input: {{ recipient: {{ email: "{address}" }} }}) {{ userErrors {{ code }} }}"#
            )
        };
        let (shape, body) = shapes(&one).swap_remove(round);
        let before = server.deliveries().await.len();
        let answer = server.anonymous().post(&body).await;
        server.deliver().await;
        let sent = server.deliveries().await.len() - before;
        assert_eq!(
            sent,
            usize::from(CHOSEN.contains(&shape)),
            "{shape}: {}",
            answer.text
        );
        assert_eq!(server.mailbox.len(), server.deliveries().await.len());
    }
}

#[tokio::test]
async fn no_shape_tries_more_than_one_code() {
    let server = TestServer::start().await;
    for round in 0..shapes(&|_, _| String::new()).len() {
        let address = format!("ada{round}@example.com");
        let sent = server.code_for(&email(&address)).await;
        // The first guess is wrong, and the second is right.
        let guesses = [sent.wrong(), sent.code];
        let one = |alias: &str, number: usize| {
            format!(
                r#"{alias}: verifyOtp(input: {{ recipient: {{ email: "{address}" }}, code: "{}", challengeToken: "{}" }}) {{ isNewUser userErrors {{ code }} }}"#,
                guesses[number], sent.token
            )
        };
        let (shape, body) = shapes(&one).swap_remove(round);
        let answer = server.anonymous().post(&body).await;
        let challenge = server.challenge(&sent.token).await;
        let tries = i32::from(CHOSEN.contains(&shape));
        assert_eq!(
            5 - i32::from(challenge.attempts_left),
            tries,
            "{shape}: {}",
            answer.text
        );
        assert!(tries == 1 || challenge.consumed_at.is_none(), "{shape}");
    }
}

#[tokio::test]
async fn no_shape_mixes_a_message_with_a_try() {
    let server = TestServer::start().await;
    for round in 0..shapes(&|_, _| String::new()).len() {
        let (ada, bea) = (
            format!("ada{round}@example.com"),
            format!("bea{round}@example.com"),
        );
        let sent = server.code_for(&email(&ada)).await;
        let one = |alias: &str, number: usize| match number {
            0 => format!(
                r#"{alias}: requestOtp(input: {{ recipient: {{ email: "{bea}" }} }}) {{ userErrors {{ code }} }}"#
            ),
            _ => format!(
                r#"{alias}: verifyOtp(input: {{ recipient: {{ email: "{ada}" }}, code: "{}", challengeToken: "{}" }}) {{ isNewUser userErrors {{ code }} }}"#,
                sent.wrong(),
                sent.token
            ),
        };
        let (shape, body) = shapes(&one).swap_remove(round);
        let answer = server.anonymous().post(&body).await;
        server.deliver().await;
        let messages = server.mailbox.to(&bea).len();
        let tries = 5 - server.challenge(&sent.token).await.attempts_left;
        let done = messages + usize::try_from(tries).unwrap();
        assert_eq!(
            done,
            usize::from(CHOSEN.contains(&shape)),
            "{shape}: {}",
            answer.text
        );
    }
}
