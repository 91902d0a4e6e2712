//! Random requests, from noise to nearly right: never a fault.

use axum::body::Body;
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::support::TestServer;

/// One server for all cases of a test, and the runtime that it lives in.
struct Target {
    runtime: Runtime,
    server: TestServer,
    bearer: String,
}

impl Target {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let (server, bearer) = runtime.block_on(async {
            let server = TestServer::start().await;
            let (_, tokens) = server.signed_in("ada@example.com").await;
            (server, tokens.access)
        });
        Self {
            runtime,
            server,
            bearer,
        }
    }

    /// Posts `body`, signed in, and sees that the answer is sound.
    fn survives(&self, body: impl Into<Body>) {
        let actor = self.server.anonymous().with_bearer(&self.bearer);
        let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
        let request = request.body(body.into()).unwrap();
        let answer = self.runtime.block_on(actor.send(request));
        answer.assert_sound();
        assert!(answer.status.as_u16() < 500);
    }
}

/// Runs `test` on each case, then sees that the server still lets somebody in.
fn every<S: Strategy>(cases: S, test: impl Fn(&Target, S::Value)) {
    let target = Target::new();
    proptest!(|(case in cases)| test(&target, case));
    target.runtime.block_on(target.server.assert_open());
}

#[test]
fn no_bytes_are_a_fault() {
    every(any::<Vec<u8>>(), Target::survives);
}

#[test]
fn no_text_for_a_query_is_a_fault() {
    every(any::<String>(), |target, query| {
        target.survives(json!({ "query": query }).to_string());
    });
}

#[test]
fn no_json_is_a_fault() {
    let request = vec((select(&MEMBERS[..]), value()), 0..5);
    let request = request.prop_map(|members| object(members.into_iter()));
    every(prop_oneof![value(), request], |target, body| {
        target.survives(body.to_string());
    });
}

#[test]
fn no_sequence_of_tokens_is_a_fault() {
    every(vec(token(), 0..60), |target, tokens| {
        target.survives(json!({ "query": tokens.join(" ") }).to_string());
    });
}

#[test]
fn no_selection_is_a_fault() {
    let document = (
        select(&["query", "mutation", "subscription"][..]),
        vec(selection(), 1..4),
    );
    every(document, |target, (operation, fields)| {
        let query = format!("{operation} {{ {} }}", fields.join(" "));
        target.survives(json!({ "query": query }).to_string());
    });
}

#[test]
fn no_input_is_a_fault() {
    let text = || prop_oneof![any::<String>().prop_map(Value::from), value()];
    let recipient =
        (select(&["email", "phone"][..]), text()).prop_map(|member| object([member].into_iter()));
    let input = (recipient, vec((select(&FIELDS[..]), text()), 0..3));
    every(
        (select(&MUTATIONS[..]), input),
        |target, ((name, ty), (recipient, members))| {
            let mut input = object(members.into_iter());
            if ty.contains("Otp") {
                input["recipient"] = recipient;
            }
            let query = format!("mutation($i: {ty}!) {{ {name}(input: $i) {{ __typename }} }}");
            target.survives(json!({ "query": query, "variables": { "i": input } }).to_string());
        },
    );
}

const MEMBERS: [&str; 4] = ["query", "variables", "operationName", "extensions"];

const FIELDS: [&str; 7] = [
    "code",
    "challengeToken",
    "delivery",
    "deviceName",
    "locale",
    "refreshToken",
    "sessionId",
];

const MUTATIONS: [(&str, &str); 5] = [
    ("requestOtp", "RequestOtpInput"),
    ("verifyOtp", "VerifyOtpInput"),
    ("refreshToken", "RefreshTokenInput"),
    ("logout", "LogoutInput"),
    ("revokeSession", "RevokeSessionInput"),
];

const WORDS: [&str; 24] = [
    "{", "}", "(", ")", "[", "]", ":", "!", "...", "@skip", "$v", "=", "|", "&", "\"\"\"", "query",
    "mutation", "fragment", "on", "null", "true", "-1", "1e9", "#",
];

const NAMES: [&str; 20] = [
    "me",
    "id",
    "email",
    "sessions",
    "nodes",
    "pageInfo",
    "endCursor",
    "requestOtp",
    "verifyOtp",
    "refreshToken",
    "logoutAll",
    "revokeSession",
    "input",
    "recipient",
    "code",
    "userErrors",
    "User",
    "Mutation",
    "__typename",
    "__schema",
];

fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&WORDS[..]).prop_map(str::to_owned),
        select(&NAMES[..]).prop_map(str::to_owned),
        any::<String>().prop_map(|text| json!(text).to_string()),
    ]
}

/// A field, or a fragment, with arguments and fields of its own: as a person would write it who
/// does not know the schema.
fn selection() -> impl Strategy<Value = String> {
    let field = (select(&NAMES[..]), arguments())
        .prop_map(|(name, arguments)| format!("{name}{arguments}"));
    field.prop_recursive(4, 24, 4, |inner| {
        let head = prop_oneof![
            (select(&NAMES[..]), arguments())
                .prop_map(|(name, arguments)| format!("{name}{arguments}")),
            select(&NAMES[..]).prop_map(|name| format!("... on {name}")),
            select(&NAMES[..]).prop_map(|name| format!("alias: {name}")),
        ];
        (head, vec(inner, 1..4))
            .prop_map(|(head, inner)| format!("{head} {{ {} }}", inner.join(" ")))
    })
}

fn arguments() -> impl Strategy<Value = String> {
    let literal = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|is_it| is_it.to_string()),
        any::<String>().prop_map(|text| json!(text).to_string()),
        select(
            &[
                "null",
                "[]",
                "{}",
                "EMAIL",
                "{ recipient: { email: \"ada@example.com\" }, code: \"1\" }"
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    let argument = (select(&["input", "first", "after", "name"][..]), literal);
    prop_oneof![
        Just(String::new()),
        argument.prop_map(|(name, literal)| format!("({name}: {literal})")),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        select(&["{ me { id } }", "mutation { logoutAll { revokedCount } }"][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((any::<String>(), inner), 0..6).prop_map(|members| object(members.into_iter())),
        ]
    })
}

fn object<K: Into<String>>(members: impl Iterator<Item = (K, Value)>) -> Value {
    let members = members.map(|(name, value)| (name.into(), value));
    Value::Object(members.collect::<Map<_, _>>())
}
