//! Documents and variables that do not fit the schema: told so, by type, and nothing is done.

use serde_json::{Value, json};

use crate::garbage::{LOGOUT, REFRESH, REQUEST, REVOKE, SESSIONS, VERIFY};
use crate::support::{Actor, TestServer};

#[tokio::test]
async fn what_the_schema_does_not_have_is_refused() {
    let server = TestServer::start().await;
    let ask = async |query: &str| {
        let answer = server.anonymous().graphql(query, Value::Null).await;
        answer.assert_sound();
        assert_eq!(
            answer.error_code(),
            Some("GRAPHQL_VALIDATION_FAILED"),
            "{query}: {}",
            answer.text
        );
    };
    ask("{ users { id } }").await;
    ask("{ me { passwordHash } }").await;
    ask("{ me(id: 1) { id } }").await;
    ask("{ me { id @admin } }").await;
    ask("{ ... on Admin { id } }").await;
    ask(r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example" }, code: "1", admin: true }) { __typename } }"#).await;
    ask(r#"mutation { verifyOtp(input: { recipient: { email: "a@b.example", phone: "1" }, code: "1" }) { __typename } }"#).await;
    ask(r#"mutation { verifyOtp(input: { recipient: {}, code: "1" }) { __typename } }"#).await;
    ask("mutation { requestOtp { __typename } }").await;
    ask("query($v: Admin) { me { id } }").await;
}

#[tokio::test]
async fn a_variable_of_the_wrong_type_is_refused() {
    let server = TestServer::start().await;
    let (ada, _) = server.signed_in("ada@example.com").await;
    let email = json!({ "email": "bea@example.com" });
    for (query, value) in [
        (REQUEST, json!(null)),
        (REQUEST, json!("bea@example.com")),
        (REQUEST, json!({ "recipient": "bea@example.com" })),
        (REQUEST, json!({ "recipient": [] })),
        (REQUEST, json!({ "recipient": {} })),
        (REQUEST, json!({ "recipient": { "email": null } })),
        (
            REQUEST,
            json!({ "recipient": { "email": "a@b.example", "phone": "+447911123456" } }),
        ),
        (
            REQUEST,
            json!({ "recipient": { "email": { "$ne": null } } }),
        ),
        (REQUEST, json!({ "recipient": email, "locale": 7 })),
        (REQUEST, json!({ "recipient": email, "admin": true })),
        (VERIFY, json!({ "recipient": email, "code": 123_456 })),
        (VERIFY, json!({ "recipient": email, "code": null })),
        (VERIFY, json!({ "recipient": email, "code": ["123456"] })),
        (VERIFY, json!({ "recipient": email })),
        (
            VERIFY,
            json!({ "recipient": email, "code": "1", "delivery": "PIGEON" }),
        ),
        (
            VERIFY,
            json!({ "recipient": email, "code": "1", "delivery": null }),
        ),
        (REFRESH, json!({ "refreshToken": 1e300 })),
        (REFRESH, json!("csr_")),
        (LOGOUT, json!({ "refreshToken": {} })),
        (REVOKE, json!({ "sessionId": true })),
        (REVOKE, json!({ "sessionId": null })),
        (SESSIONS, json!(1)),
    ] {
        refused(&ada, query, &value).await;
    }
    for first in [
        json!("20"),
        json!(1.5),
        json!(9_999_999_999_u64),
        json!(null),
        json!([1]),
    ] {
        refused(
            &ada,
            "query($i: Int!) { me { sessions(first: $i) { nodes { id } } } }",
            &first,
        )
        .await;
    }
    server.deliver().await;
    assert!(server.mailbox.to("bea@example.com").is_empty());
    server.assert_open().await;
}

async fn refused(actor: &Actor, query: &str, value: &Value) {
    let answer = actor.graphql(query, json!({ "i": value })).await;
    answer.assert_sound();
    let code = answer.error_code();
    let is_typed = matches!(code, Some("BAD_USER_INPUT" | "GRAPHQL_VALIDATION_FAILED"));
    assert!(is_typed, "{query} with {value}: {}", answer.text);
}
