//! Webhooks, through the real HTTP client, and as the reference implementation reads them.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use countersign::delivery::webhook::{Webhook, WebhookSecret, WebhookSettings};
use countersign::delivery::{Courier, Message, Purpose, Receipt, SendError};
use countersign::domain::clock::SystemClock;
use countersign::domain::targets::Targets;
use countersign::domain::{Channel, Clock};
use serde_json::Value;

use crate::support::clock::TestClock;
use crate::support::json_schema;
use crate::support::message::{CODE, ID, PHONE, assert_discreet, code_by};
use crate::support::provider::{Provider, Reply, Request};

const NEW: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

#[tokio::test]
async fn the_reference_implementation_verifies_what_is_signed() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    // It asks the machine what time it is.
    let webhook = Webhook::new(&settings(&provider), Arc::new(SystemClock)).unwrap();
    webhook.send(&code_by(Channel::Sms, &clock)).await.unwrap();

    let request = provider.request();
    assert_eq!(request.line, "POST /take?from=us");
    assert_eq!(request.header("content-type"), Some("application/json"));
    for secret in [NEW, OLD] {
        let reference = standardwebhooks::Webhook::new(secret).unwrap();
        reference.verify(&request.body, &headers(&request)).unwrap();
    }
    let stranger = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let stranger = standardwebhooks::Webhook::new(stranger).unwrap();
    assert!(stranger.verify(&request.body, &headers(&request)).is_err());
}

#[tokio::test]
async fn a_repetition_has_the_same_id_and_a_fresh_timestamp() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let webhook = webhook(&provider, &clock);
    let message = code_by(Channel::Sms, &clock);
    provider.will([Reply::Cut]);
    webhook.send(&message).await.unwrap_err();
    clock.advance(Duration::from_secs(7));
    webhook.send(&message).await.unwrap();

    let requests = provider.requests();
    let ids: Vec<_> = requests
        .iter()
        .map(|request| request.header("webhook-id"))
        .collect();
    assert_eq!(ids, [Some(ID.to_string().as_str()); 2]);
    let times: Vec<i64> = requests.iter().map(timestamp).collect();
    assert_eq!(
        times,
        [clock.now().as_seconds() - 7, clock.now().as_seconds()]
    );
}

#[tokio::test]
async fn every_body_is_as_the_schema_says() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let webhook = webhook(&provider, &clock);
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/webhook.schema.json")).unwrap();
    for channel in Channel::ALL {
        let code = code_by(channel, &clock);
        for purpose in [
            code.purpose.clone(),
            Purpose::NewDevice,
            Purpose::TokenReuse,
        ] {
            let message = Message {
                purpose,
                ..code.clone()
            };
            webhook.send(&message).await.unwrap();
        }
    }
    let requests = provider.requests();
    let bodies = requests.iter().map(body).collect::<Vec<_>>();
    assert_eq!(bodies.len(), 9);
    for body in bodies.iter().chain([&schema["examples"][0]]) {
        assert_eq!(json_schema::faults(&schema, body), [""; 0], "{body}");
        let known = schema["properties"]["data"]["properties"]
            .as_object()
            .unwrap();
        let members = body["data"].as_object().unwrap();
        assert!(
            members.keys().all(|name| known.contains_key(name)),
            "{body}"
        );
    }

    let by_sms = bodies
        .iter()
        .find(|body| body["data"]["channel"] == "sms")
        .unwrap();
    assert_eq!(by_sms["type"], "message.code");
    let data = &by_sms["data"];
    assert_eq!((&data["to"], &data["code"]), (&PHONE.into(), &CODE.into()));
    assert_eq!(
        data["expiresAt"],
        (clock.now() + Duration::from_mins(5)).to_string()
    );
    let types = bodies.iter().map(|body| body["type"].as_str().unwrap());
    assert!(types.clone().any(|kind| kind == "message.new_device"));
    assert!(types.clone().any(|kind| kind == "message.token_reuse"));
}

#[test]
fn the_schema_has_teeth() {
    let schema: Value =
        serde_json::from_str(include_str!("../../docs/webhook.schema.json")).unwrap();
    for (member, value) in [
        ("channel", Value::from("pigeon")),
        ("channel", Value::from("email")),
        ("code", Value::from("12")),
        ("expiresAt", Value::from("tomorrow")),
        ("to", Value::Null),
    ] {
        let mut body = schema["examples"][0].clone();
        body["data"][member] = value;
        assert!(!json_schema::faults(&schema, &body).is_empty(), "{body}");
    }
}

#[tokio::test]
async fn a_gateway_names_a_message_in_short_and_printable_words_or_not_at_all() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let webhook = webhook(&provider, &clock);
    let long = format!(r#"{{"reference":"{}"}}"#, "x".repeat(129));
    for (status, body, reference) in [
        (200, r#"{"reference":"sms-17"}"#, Some("sms-17")),
        (202, "", None),
        (204, "", None),
        (200, "<html>ok</html>", None),
        (200, r#"{"reference":""}"#, None),
        (200, r#"{"reference":"two\nlines"}"#, None),
        (200, r#"{"reference":17}"#, None),
        (200, &long, None),
    ] {
        provider.will([Reply::answer(status, body)]);
        let receipt = webhook.send(&code_by(Channel::Sms, &clock)).await.unwrap();
        assert_eq!(receipt.reference.as_deref(), reference, "{body}");
    }
    provider.will([Reply::answer(200, vec![b' '; 10 << 20])]);
    let receipt = webhook.send(&code_by(Channel::Sms, &clock)).await;
    assert_eq!(receipt, Ok(Receipt::default()));
}

#[tokio::test]
async fn only_a_gateway_that_says_so_makes_a_person_unreachable() {
    let (provider, clock) = (Provider::start().await, TestClock::default());
    let webhook = webhook(&provider, &clock);
    let unreachable = r#"{"error":"unreachable"}"#;
    for (reply, why) in [
        (
            Reply::answer(422, r#"{"detail":[{"msg":"field required"}]}"#),
            "status 422",
        ),
        (Reply::answer(422, "<html>"), "status 422"),
        (Reply::answer(400, unreachable), "status 400"),
        (Reply::answer(401, ""), "status 401"),
        (Reply::answer(404, "<html>"), "status 404"),
        (Reply::answer(410, ""), "status 410"),
        (Reply::answer(429, ""), "status 429"),
        (Reply::answer(500, "x".repeat(10 << 20)), "status 500"),
        (Reply::Redirect(provider.url.clone()), "status 307"),
        (Reply::Hang, "timed out"),
        (Reply::Cut, "the connection broke"),
    ] {
        provider.will([reply]);
        let error = webhook
            .send(&code_by(Channel::Sms, &clock))
            .await
            .unwrap_err();
        let is_about_the_message = ["status 400", "status 422"].contains(&why);
        let judged = if is_about_the_message {
            SendError::Temporary(why.to_owned())
        } else {
            SendError::Unwell(why.to_owned())
        };
        assert_eq!(error, judged);
        assert_discreet(&error, &["take", NEW]);
    }
    provider.will([Reply::answer(422, unreachable)]);
    let refused = webhook.send(&code_by(Channel::Sms, &clock)).await;
    assert_eq!(refused, Err(SendError::Permanent("unreachable".to_owned())));
    assert_eq!(
        provider.requests().len(),
        12,
        "nobody followed the redirect"
    );
    let printed = format!("{webhook:?} {:?}", settings(&provider));
    assert!(!printed.contains("MfKQ9r8G"), "{printed}");
}

fn settings(provider: &Provider) -> WebhookSettings {
    WebhookSettings {
        url: format!("{}/take?from=us", provider.url).parse().unwrap(),
        secrets: [NEW, OLD]
            .map(|text| WebhookSecret::parse(text).unwrap())
            .into(),
        timeout: Duration::from_secs(1),
        targets: Targets::Anywhere,
    }
}

fn webhook(provider: &Provider, clock: &TestClock) -> Webhook {
    Webhook::new(&settings(provider), Arc::new(clock.clone())).unwrap()
}

fn headers(request: &Request) -> HeaderMap {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let header = |name| {
        (
            HeaderName::from_static(name),
            request.header(name).unwrap().parse().unwrap(),
        )
    };
    names.into_iter().map(header).collect()
}

fn timestamp(request: &Request) -> i64 {
    request
        .header("webhook-timestamp")
        .unwrap()
        .parse()
        .unwrap()
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}
