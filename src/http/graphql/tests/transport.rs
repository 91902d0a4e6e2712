//! Methods, media types, statuses and headers.

use axum::{
    body::Body,
    extract::Request,
    http::header::{ALLOW, CONTENT_TYPE, SET_COOKIE},
};
use serde_json::json;

use super::{GRAPHQL_RESPONSE, JSON, get, post, run, send};

#[tokio::test]
async fn statuses_follow_the_draft() {
    let cases = [
        ("{ greeting }", 200, 200, None),
        ("{", 400, 200, Some("GRAPHQL_PARSE_FAILED")),
        ("{ greting }", 400, 200, Some("GRAPHQL_VALIDATION_FAILED")),
        (
            "{ greeting { a } }",
            400,
            200,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "query ($id: ID!) { greeting }",
            400,
            200,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "subscription { a }",
            400,
            200,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "{ ...A } fragment A on Query { ...A }",
            400,
            200,
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
        (
            "mutation { verifyOtp verifyOtp }",
            400,
            200,
            Some("TOO_MANY_CREDENTIAL_MUTATIONS"),
        ),
        ("{ forbidden }", 200, 200, Some("FORBIDDEN")),
        ("{ careless }", 200, 200, Some("INTERNAL_SERVER_ERROR")),
    ];
    for (query, newer, older, code) in cases {
        let body = json!({ "query": query }).to_string();
        for (accept, status) in [(GRAPHQL_RESPONSE, newer), (JSON, older)] {
            let answer = post(body.clone(), accept).await;
            assert_eq!(
                answer.status, status,
                "{query} as {accept}: {}",
                answer.text
            );
            let media = answer.headers[CONTENT_TYPE].to_str().expect("ASCII");
            assert!(media.starts_with(accept), "{media}");
            assert_eq!(
                answer
                    .json()
                    .get("errors")
                    .map(|_| answer.code())
                    .as_deref(),
                code
            );
            assert_eq!(
                answer.json().get("data").is_some(),
                newer == 200,
                "{}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn malformed_requests_are_refused_alike_for_every_client() {
    let cases: [(&[u8], u16, &str); 14] = [
        (b"", 400, "BAD_REQUEST"),
        (b"{ \"not a JSON", 400, "BAD_REQUEST"),
        (b"\"{ greeting }\"", 400, "BAD_REQUEST"),
        (b"{}", 400, "BAD_REQUEST"),
        (b"{\"qeury\": \"{ greeting }\"}", 400, "BAD_REQUEST"),
        (b"{\"query\": null}", 400, "BAD_REQUEST"),
        (b"{\"query\": [\"{ greeting }\"]}", 400, "BAD_REQUEST"),
        (
            b"{\"query\": \"{ greeting }\", \"operationName\": 0}",
            400,
            "BAD_REQUEST",
        ),
        (
            b"{\"query\": \"{ greeting }\", \"variables\": \"\"}",
            400,
            "BAD_REQUEST",
        ),
        (
            b"{\"query\": \"{ greeting }\", \"variables\": []}",
            400,
            "BAD_REQUEST",
        ),
        (
            b"{\"query\": \"{ greeting }\", \"extensions\": false}",
            400,
            "BAD_REQUEST",
        ),
        (
            b"{\"query\": \"{ greeting }\", \"query\": \"{ greeting }\"}",
            400,
            "BAD_REQUEST",
        ),
        (
            b"{\"query\": \"{ greeting }\", \"ignored\": \"\xff\"}",
            400,
            "BAD_REQUEST",
        ),
        (
            b" [{\"query\": \"{ greeting }\"}]",
            400,
            "BATCHING_NOT_SUPPORTED",
        ),
    ];
    for (body, status, code) in cases {
        for accept in [GRAPHQL_RESPONSE, JSON] {
            let answer = post(body, accept).await;
            assert_eq!((answer.status.as_u16(), &*answer.code()), (status, code));
        }
    }
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let answer = post(" ".repeat(64 * 1024 + 1), GRAPHQL_RESPONSE).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.code()),
        (413, "BODY_TOO_LARGE")
    );
}

#[tokio::test]
async fn null_members_are_absent_and_others_ignored() {
    let body = json!({
        "query": "{ greeting }", "operationName": null, "variables": null, "extensions": null,
        "token": "abc",
    });
    let answer = post(body.to_string(), GRAPHQL_RESPONSE).await;
    assert_eq!(answer.json(), json!({ "data": { "greeting": "context" } }));
}

#[tokio::test]
async fn only_json_is_read_and_only_json_is_spoken() {
    let body = r#"{"query": "{ greeting }"}"#;
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let request = Request::post("/graphql").header(CONTENT_TYPE, media);
        let answer = send(request.body(body.into()).expect("a request")).await;
        assert_eq!(answer.status, 415);
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE");
    }
    let answer = post(body, "text/html").await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.code()),
        (406, "NOT_ACCEPTABLE")
    );
}

#[tokio::test]
async fn get_is_for_queries() {
    let answer =
        get("query=query+Q($n:Int!)%7Beven(n:$n)%7D&operationName=Q&variables=%7B%22n%22:7%7D")
            .await;
    assert_eq!(answer.json(), json!({ "data": { "even": false } }));
    let answer =
        get("query=%7Bgreeting%7D&operationName=&variables=&extensions=null&token=abc").await;
    assert_eq!(answer.status, 200, "{}", answer.text);

    for query in [
        "",
        "query=%7Bgreeting%7D&variables=1",
        "query=%7Bgreeting%7D&variables=%7B",
        "query=a&query=b",
    ] {
        let answer = get(query).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.code()),
            (400, "BAD_REQUEST")
        );
    }
    let longest = Request::get(format!("/graphql?query={}", "a".repeat(64 * 1024)));
    assert!(
        longest.body(()).is_err(),
        "the query string is bounded by the `Uri` itself"
    );
}

#[tokio::test]
async fn other_methods_are_told_which_to_use() {
    for query in [
        "query=mutation%7BverifyOtp(input:%7Bcode:%22%22%7D)%7Bdone%7D%7D",
        "query=mutation+M%7B__typename%7Dquery+Q%7Bgreeting%7D&operationName=M",
    ] {
        let answer = get(query).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.code()),
            (405, "METHOD_NOT_ALLOWED")
        );
        assert_eq!(answer.headers[ALLOW], "POST");
    }
    let answer = send(
        Request::put("/graphql")
            .body(Body::empty())
            .expect("a request"),
    )
    .await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.code()),
        (405, "METHOD_NOT_ALLOWED")
    );
    assert_eq!(answer.headers[ALLOW], "GET, POST");
}

#[tokio::test]
async fn resolvers_set_no_headers() {
    let answer = run(r#"mutation { verifyOtp(input: { code: "" }) { done } }"#).await;
    assert_eq!(
        answer.json(),
        json!({ "data": { "verifyOtp": { "done": true } } })
    );
    assert!(!answer.headers.contains_key(SET_COOKIE));
}
