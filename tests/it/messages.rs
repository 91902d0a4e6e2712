//! `/dev/messages`: codes for who sits before the server, on a machine where nobody else is served.

use std::sync::Arc;

use axum::http::StatusCode;
use countersign::app;
use countersign::config::{Config, Sources};
use countersign::domain::{Clock, Timestamp};

use crate::support::clock::TestClock;
use crate::support::{Actor, Answer, SECRET, TestServer, email};

const ADA: &str = "ada@example.com";
const BEA: &str = "bea@example.com";
const PAGE: &str = "/dev/messages";
const OURS: [(&str, &str); 2] = [
    ("host", "127.0.0.1:8000"),
    ("sec-fetch-site", "same-origin"),
];

/// A server whose couriers are those that its settings name.
async fn server(settings: &[(&'static str, &str)]) -> TestServer {
    let clock: Arc<dyn Clock> = Arc::new(TestClock::default());
    let variable = |key: &str| format!("COUNTERSIGN__{}", key.replace('.', "__").to_uppercase());
    let sources = Sources {
        environment: settings
            .iter()
            .map(|(key, value)| (variable(key), (*value).to_owned()))
            .collect(),
        now: Timestamp::from_micros(0),
        ..Sources::default()
    };
    let config = Config::load(sources).expect("a sound configuration");
    let couriers = app::couriers(&config, &clock).expect("couriers");
    TestServer::carried_by(couriers, settings).await
}

async fn look(actor: &Actor, headers: &[(&'static str, &str)]) -> Answer {
    let actor = headers.iter().fold(actor.clone(), |actor, (name, value)| {
        actor.with_header(name, value)
    });
    actor.get(PAGE).await
}

async fn send_code(server: &TestServer, address: &str) -> String {
    let answer = server.anonymous().request_otp(email(address)).await;
    server.deliver().await;
    answer.text_at("requestOtp/challenge/challengeToken")
}

#[tokio::test]
async fn the_page_on_the_same_machine_reads_the_last_code() {
    let server = server(&[]).await;
    send_code(&server, ADA).await;
    let token = send_code(&server, BEA).await;
    let answer = look(&server.anonymous(), &OURS).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let messages = answer.json["messages"].as_array().expect("messages");
    let to: Vec<_> = messages.iter().map(|message| &message["to"]).collect();
    assert_eq!(to, [BEA, ADA], "the newest first");
    assert_eq!(messages[0]["channel"], "email");
    assert_eq!(messages[0]["about"], "code");
    let code = messages[0]["code"].as_str().expect("a code");
    let page = server.anonymous().get("/").await;
    assert!(page.text.contains("content=\"dev/messages\""), "it knows");
    let bea = server
        .anonymous()
        .verify_otp(email(BEA), code, Some(&token))
        .await;
    assert_eq!(bea.data("verifyOtp/user/email"), BEA, "{}", bea.text);
}

#[tokio::test]
async fn only_the_newest_twenty_are_remembered() {
    let server = server(&[]).await;
    for number in 1..=21 {
        send_code(&server, &format!("{number}@example.com")).await;
    }
    let answer = look(&server.anonymous(), &OURS).await;
    let messages = answer.json["messages"].as_array().expect("messages");
    assert_eq!(messages.len(), 20);
    assert_eq!(messages[0]["to"], "21@example.com");
    assert_eq!(messages[19]["to"], "2@example.com");
}

#[tokio::test]
async fn every_name_of_the_machine_will_do() {
    let server = server(&[]).await;
    for host in ["localhost", "LOCALHOST:8000", "127.0.0.1", "[::1]:8000"] {
        // As somebody's own address bar, and as curl.
        for site in [&[("sec-fetch-site", "none")][..], &[]] {
            let headers = [&[("host", host)], site].concat();
            let answer = look(&server.anonymous(), &headers).await;
            assert_eq!(answer.status, StatusCode::OK, "{host}: {}", answer.text);
        }
    }
    for address in ["::1", "::ffff:127.0.0.1"] {
        let answer = look(&server.anonymous().from(address), &OURS).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test]
async fn nobody_else_reads_a_code() {
    let server = server(&[]).await;
    send_code(&server, ADA).await;
    let refused = async |what: &str, actor: Actor, headers: &[(&'static str, &str)]| {
        let answer = look(&actor, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        assert!(!answer.text.contains(ADA), "{what}: {}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
    };
    let here = server.anonymous();
    refused("another machine", here.from("192.0.2.7"), &OURS).await;
    refused("one in the same network", here.from("192.168.0.7"), &OURS).await;
    for host in [
        "rebound.example:8000",
        "localhost.rebound.example",
        "127.0.0.1.rebound.example",
        "192.168.0.7:8000",
        "0.0.0.0:8000",
        "",
    ] {
        refused(host, here.clone(), &[("host", host)]).await;
    }
    refused("no name at all", here.clone(), &[]).await;
    let two = [OURS[0], ("host", "rebound.example")];
    refused("two names", here.clone(), &two).await;
    for site in ["cross-site", "same-site"] {
        let headers = [OURS[0], ("sec-fetch-site", site)];
        refused(site, here.clone(), &headers).await;
    }
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "localhost"),
        ("x-forwarded-proto", "https"),
        ("x-real-ip", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1"),
        ("via", "1.1 proxy"),
    ] {
        refused(name, here.clone(), &[OURS[0], (name, value)]).await;
    }
}

#[tokio::test]
async fn there_is_no_such_page_for_others_than_who_sits_at_the_machine() {
    let cases: [&[(&str, &str)]; 4] = [
        // Production, where a console is refused to begin with.
        &[
            ("env", "production"),
            ("public_url", "https://id.example.com"),
            ("secret", SECRET),
            ("smtp.host", "mail.example.com"),
            ("smtp.from", "codes@example.com"),
        ],
        // Production on this machine.
        &[
            ("env", "production"),
            ("public_url", "https://localhost"),
            ("secret", SECRET),
            ("email.chain", "none"),
        ],
        // Somebody forgot `env`.
        &[("public_url", "https://id.example.com")],
        // No console.
        &[("email.chain", "none"), ("sms.chain", "none")],
    ];
    for settings in cases {
        let server = server(settings).await;
        let answer = look(&server.anonymous(), &OURS).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{settings:?}");
        let page = server.anonymous().get("/").await;
        assert!(!page.text.contains("dev/messages"), "{settings:?}");
    }
}
