//! What Twilio reports of a message that it took, from the request for a code on.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::delivery::twilio::{Callbacks, Sender, TwilioSettings, TwilioSms};
use countersign::delivery::{Courier, Couriers};
use countersign::domain::targets::Targets;
use countersign::domain::{Channel, Clock};
use secrecy::SecretString;
use serde_json::json;
use url::form_urlencoded;

use crate::support::mailbox::Mailbox;
use crate::support::provider::{Provider, Reply};
use crate::support::{TestServer, at_once, phone};

const NUMBER: &str = "+447911123456";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "hunter2";
const FIRST: &str = "SM00000000000000000000000000000001";

#[tokio::test]
async fn a_message_that_came_back_goes_by_the_next_courier() {
    let (server, twilio, gateway) = server().await;
    asked(&server).await;
    assert_eq!((twilio.requests().len(), gateway.len()), (1, 0));
    let report = [("MessageStatus", "undelivered"), ("ErrorCode", "30003")];
    assert_eq!(
        reported(&server, FIRST, &report).await,
        StatusCode::NO_CONTENT
    );
    server.deliver().await;
    assert_eq!((twilio.requests().len(), gateway.len()), (1, 1));
    assert_eq!(
        reported(&server, FIRST, &report).await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(server.deliver().await, 0, "old news changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_comes_fifty_times_at_once_is_heard_once() {
    let (server, _, gateway) = server().await;
    asked(&server).await;
    let (path, form, signature) = report(&server, FIRST, &[("MessageStatus", "failed")]).await;
    let anonymous = server.anonymous();
    let answers = at_once(&[&server], 50, |_| {
        let request = post(&path, &form, &signature);
        let twilio = anonymous.clone();
        async move { twilio.send(request).await.status }
    })
    .await;
    assert!(
        answers
            .iter()
            .all(|status| *status == StatusCode::NO_CONTENT)
    );
    while server.deliver().await > 0 {}
    assert_eq!(gateway.len(), 1);
}

#[tokio::test]
async fn a_number_that_turns_out_to_be_dead_is_told_to_whoever_asks_next() {
    let (server, _, gateway) = server().await;
    asked(&server).await;
    let report = [("MessageStatus", "undelivered"), ("ErrorCode", "30005")];
    reported(&server, FIRST, &report).await;
    server.advance(Duration::from_mins(2));
    let again = server.anonymous().request_otp(phone(NUMBER)).await;
    assert_eq!(
        again.user_error_code("requestOtp"),
        Some("CHANNEL_UNAVAILABLE")
    );
    server.deliver().await;
    assert_eq!(gateway.len(), 0);
    let row = &server.deliveries().await[0];
    assert_eq!(row.outcome.as_deref(), Some("failed"));
    assert_eq!(row.failure.as_deref(), Some("error 30005"));
}

#[tokio::test]
async fn what_arrived_is_noted_and_cannot_come_back() {
    let (server, _, gateway) = server().await;
    asked(&server).await;
    for status in ["sent", "delivered", "undelivered"] {
        reported(&server, FIRST, &[("MessageStatus", status)]).await;
    }
    server.deliver().await;
    assert_eq!(gateway.len(), 0);
    let row = &server.deliveries().await[0];
    assert_eq!(row.outcome.as_deref(), Some("delivered"));
}

#[tokio::test]
async fn nobody_but_twilio_reports() {
    let (server, _, _) = server().await;
    asked(&server).await;
    let (path, form, signature) = report(&server, FIRST, &[("MessageStatus", "failed")]).await;
    let other = "/callbacks/twilio/01a208a2-5970-7ecf-b719-c2ddb7ed689b";
    let forged = STANDARD.encode([0; 20]);
    for (path, form, signature) in [
        (path.as_str(), form.as_str(), forged.as_str()),
        (path.as_str(), form.as_str(), "not base64"),
        (path.as_str(), "MessageStatus=failed", signature.as_str()),
        (other, form.as_str(), signature.as_str()),
    ] {
        let answer = server.anonymous().send(post(path, form, signature)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {form}");
    }
    let unsigned = Request::post(&path).body(Body::from(form)).unwrap();
    let answer = server.anonymous().send(unsigned).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let row = &server.deliveries().await[0];
    assert_eq!(row.outcome.as_deref(), Some("sent"));
}

/// A server whose text messages go by Twilio first and by a gateway next.
async fn server() -> (TestServer, Provider, Mailbox) {
    let (provider, gateway) = (Provider::start().await, Mailbox::named("gateway"));
    provider.will([Reply::answer(201, json!({ "sid": FIRST }).to_string())]);
    let clock: Arc<dyn Clock> = Arc::new(crate::support::clock::TestClock::default());
    let settings = TwilioSettings {
        api_url: provider.url.parse().unwrap(),
        account_sid: ACCOUNT.to_owned(),
        auth_token: Some(SecretString::from(TOKEN)),
        api_key: None,
        sender: Some(Sender::From("Example".to_owned())),
        timeout: Duration::from_secs(10),
        targets: Targets::Anywhere,
    };
    let public_url = "http://127.0.0.1:8000".parse().unwrap();
    let callbacks = Callbacks::new(&SecretString::from(TOKEN), &public_url);
    let twilio = TwilioSms::new(&settings, Some(callbacks), clock).unwrap();
    let chain: Vec<Arc<dyn Courier>> = vec![Arc::new(twilio), Arc::new(gateway.clone())];
    let couriers = Couriers::default().with(Channel::Sms, chain);
    let configured = [
        ("sms.chain", "twilio"),
        ("twilio.account_sid", ACCOUNT),
        ("twilio.auth_token", TOKEN),
        ("twilio.from", "Example"),
    ];
    (
        TestServer::carried_by(couriers, &configured).await,
        provider,
        gateway,
    )
}

async fn asked(server: &TestServer) {
    let answer = server.anonymous().request_otp(phone(NUMBER)).await;
    assert!(
        answer.data("requestOtp/challenge").is_object(),
        "{}",
        answer.text
    );
    assert_eq!(server.deliver().await, 1);
}

/// Twilio reports on the only delivery.
async fn reported(server: &TestServer, sid: &str, fields: &[(&str, &str)]) -> StatusCode {
    let (path, form, signature) = report(server, sid, fields).await;
    server
        .anonymous()
        .send(post(&path, &form, &signature))
        .await
        .status
}

/// Where a report on the only delivery goes, what it says and how it is signed.
async fn report(
    server: &TestServer,
    sid: &str,
    fields: &[(&str, &str)],
) -> (String, String, String) {
    let path = format!("/callbacks/twilio/{}", server.deliveries().await[0].id);
    let mut fields = [&[("MessageSid", sid), ("AccountSid", ACCOUNT)], fields].concat();
    fields.sort_unstable();
    let mut signed = format!("http://127.0.0.1:8000{path}");
    for (name, value) in &fields {
        signed += name;
        signed += value;
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    (path, form, signature)
}

fn post(path: &str, form: &str, signature: &str) -> Request<Body> {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-twilio-signature", signature)
        .body(Body::from(form.to_owned()))
        .unwrap()
}
