//! No value of a request may come back in a message: 424242 stands for a one-time code.

use serde_json::json;

use super::{GRAPHQL_RESPONSE, post, run};

#[tokio::test]
async fn a_value_never_comes_back() {
    let documents = [
        "{ even(n: \"424242\") }",
        "{ even(n: A424242) }",
        "{ even(n: 424242424242) }",
        "{ even(n: 1, flag: \"424242\") }",
        "{ even(n: 1, flag: { a424242: 1 }) }",
        "{ even(n: 1, other: 424242) }",
        "{ even(other: [424242]) }",
        "{ even(n: 1) @skip(if: \"424242\") }",
        "{ even(n: 1) @skip(if: 424242) }",
        "{ even(n: 1) @unknown(if: 424242) }",
        "{ even(n: 1) @include(if: true, other: \"424242\") }",
        "{ even(n: 1) even(n: 424242) }",
        "{ greeting(a: 424242) { b(c: 424242) } }",
        "query ($n: Int = \"424242\") { even(n: $n) }",
        "query ($n: Delivery = A424242) { even(n: $n) }",
        "query ($n: Proof = { code: 424242, a424242: 1 }) { even(n: $n) }",
        "query ($n: Unknown = 424242) { even(n: $n) }",
        "query ($n: [Int] = [424242]) { greeting }",
        "query ($code: String! = \"424242\") { even(n: $code) }",
        "mutation { verifyOtp(input: 424242) { done } }",
        "mutation { verifyOtp(input: { code: 424242 }) { done } }",
        "mutation { verifyOtp(input: { code: A424242 }) { done } }",
        "mutation { verifyOtp(input: { code: [\"424242\"] }) { done } }",
        "mutation { verifyOtp(input: { code: \"424242\", delivery: A424242 }) { done } }",
        "mutation { verifyOtp(input: { code: \"424242\", delivery: \"424242\" }) { done } }",
        "mutation { verifyOtp(input: { code: \"424242\", other: \"424242\" }) { done } }",
        "mutation { verifyOtp(input: { kode: \"424242\" }) { done } }",
        "mutation { verifyOtp(input: \"\"\"424242\"\"\") { done } }",
        "mutation { verifyOtp(input: { code: \"424242\" ) { done } }",
        "mutation { verifyOtp(code: 424242",
        "mutation { verifyOtp(input: { code: \"424242 }) }",
        "{ careless }",
    ];
    for query in documents {
        let answer = run(query).await;
        assert!(!answer.text.contains("424242"), "{query}: {}", answer.text);
        assert!(!answer.code().is_empty());
    }
}

#[tokio::test]
async fn a_variable_never_comes_back() {
    let number = "query ($v: Int!) { even(n: $v) }";
    let untyped = "query ($v: Float) { even(n: $v) }";
    let proof = "mutation ($v: Proof!) { verifyOtp(input: $v) { done } }";
    let code = "mutation ($v: String!) { verifyOtp(input: { code: $v }) { done } }";
    let delivery =
        "mutation ($v: Delivery!) { verifyOtp(input: { code: \"\", delivery: $v }) { done } }";
    let skip = "query ($v: Boolean!) { even(n: 1) @skip(if: $v) }";
    let cases = [
        (number, json!("424242")),
        (number, json!(4_242_424_242_424_242_u64)),
        (number, json!(["424242"])),
        (number, json!({ "424242": 424_242 })),
        (untyped, json!(424_242)),
        (proof, json!(424_242)),
        (proof, json!({ "code": 424_242 })),
        (proof, json!({ "code": "", "424242": 1 })),
        (proof, json!({ "code": "", "delivery": "424242" })),
        (proof, json!({ "code": null, "delivery": 424_242 })),
        (code, json!(424_242)),
        (code, json!(["424242"])),
        (delivery, json!("424242")),
        (delivery, json!(424_242)),
        (delivery, json!({ "424242": "424242" })),
        (skip, json!("424242")),
    ];
    for (query, value) in cases {
        let body = json!({ "query": query, "variables": { "v": value, "424242": 424_242 } });
        let answer = post(body.to_string(), GRAPHQL_RESPONSE).await;
        assert!(
            !answer.text.contains("424242"),
            "{query}, {value}: {}",
            answer.text
        );
    }
}
