//! The binary itself: first start, crash, stop, and what it says meanwhile.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::SECRET;
use crate::support::database::TestDatabase;
use crate::support::process::{Process, command, with_mail};
use crate::support::smtp::{MailServer, code_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_needs_nothing_and_the_second_remembers() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let token = server.request_otp("ada@example.com").await;
    let code = server.printed("code  ").await;
    assert_eq!(server.printed("GraphiQL  ").await, server.url("/"));
    let signed_in = server.verify_otp("ada@example.com", &code, &token).await;
    let refresh = signed_in["tokens"]["refreshToken"]
        .as_str()
        .unwrap()
        .to_owned();

    let secret = folder.path().join("countersign.secret");
    assert_eq!(
        secret.metadata().unwrap().permissions().mode() & 0o777,
        0o600
    );
    server.kill();

    let again = Process::start(folder.path(), &[]).await;
    let query = "mutation($t: String!) { refreshToken(input: { refreshToken: $t }) { tokens { accessToken } } }";
    let answer = again.graphql(query, json!({ "t": refresh }), None).await;
    let access = answer["data"]["refreshToken"]["tokens"]["accessToken"]
        .as_str()
        .unwrap();
    let me = again
        .graphql("{ me { email } }", Value::Null, Some(access))
        .await;
    assert_eq!(me["data"]["me"]["email"], "ada@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_promised_arrives_although_the_server_is_killed_before_it_is_sent() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let url = database.url();
    let silent = MailServer::silent().await;
    let server = Process::start(folder.path(), &with_mail(&url, &silent.port().to_string())).await;
    let token = server.request_otp("ada@example.com").await;
    silent.visited().await;
    server.kill();

    let mail = MailServer::start().await;
    let server = Process::start(folder.path(), &with_mail(&url, &mail.port().to_string())).await;
    let code = code_in(&mail.first_mail().await);
    let first = server.verify_otp("ada@example.com", &code, &token).await;
    assert!(first["tokens"]["accessToken"].is_string(), "{first}");
    let second = server.verify_otp("ada@example.com", &code, &token).await;
    assert_eq!(second["userErrors"][0]["code"], "OTP_EXPIRED");
    assert_eq!(mail.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_finishes_what_runs_and_gives_back_what_it_cannot_send() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let url = database.url();
    let silent = MailServer::silent().await;
    let port = silent.port().to_string();
    let mut environment = with_mail(&url, &port);
    environment.push(("COUNTERSIGN__HTTP__SHUTDOWN_GRACE", "2s"));
    let server = Process::start(folder.path(), &environment).await;
    let token = server.request_otp("ada@example.com").await;
    silent.visited().await;

    // A request whose body is still on its way when the signal comes.
    let body = r#"{"query":"{ __typename }"}"#;
    let address = ("127.0.0.1", server.port());
    let mut running = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    running.write_all(head.as_bytes()).await.unwrap();
    running.write_all(&body.as_bytes()[..5]).await.unwrap();
    // Its head has been read once a later request was answered.
    server.graphql("{ __typename }", Value::Null, None).await;
    server.terminate();
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    running.write_all(&body.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    running.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(server.ended().await.success());

    // Given back, not left to the lease: the next server sends it at once.
    let mail = MailServer::start().await;
    let server = Process::start(folder.path(), &with_mail(&url, &mail.port().to_string())).await;
    let wait = std::time::Duration::from_secs(5);
    let mail = tokio::time::timeout(wait, mail.first_mail())
        .await
        .expect("at once");
    let signed_in = server
        .verify_otp("ada@example.com", &code_in(&mail), &token)
        .await;
    assert!(
        signed_in["tokens"]["accessToken"].is_string(),
        "{signed_in}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_token_or_address_gets_into_the_log_even_at_trace() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let (url, mail) = (database.url(), MailServer::start().await);
    let port = mail.port().to_string();
    let mut environment = with_mail(&url, &port);
    environment.push(("RUST_LOG", "trace"));
    let server = Process::start(folder.path(), &environment).await;

    let token = server.request_otp("Ada.Lovelace@example.com").await;
    let code = code_in(&mail.first_mail().await);
    server
        .verify_otp("Ada.Lovelace@example.com", "000000", &token)
        .await;
    let signed_in = server
        .verify_otp("Ada.Lovelace@example.com", &code, &token)
        .await;
    let access = signed_in["tokens"]["accessToken"].as_str().unwrap();
    let refresh = signed_in["tokens"]["refreshToken"].as_str().unwrap();
    server
        .graphql("{ me { email } }", Value::Null, Some(access))
        .await;
    server
        .graphql(&format!("{{ me {{ {code}"), Value::Null, Some(access))
        .await;
    let query = "mutation($t: String!) { refreshToken(input: { refreshToken: $t }) { tokens { accessToken } } }";
    for _ in 0..2 {
        server
            .graphql(query, json!({ "t": refresh }), Some("garbage-bearer"))
            .await;
    }

    let log = server.output();
    assert!(
        log.contains(" sent id=") && log.contains("answered"),
        "the log is on: {log}"
    );
    let secrets = [
        &code,
        &token,
        access,
        refresh,
        SECRET,
        "garbage-bearer",
        "Lovelace",
        "lovelace",
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn an_unsafe_configuration_is_refused_whole_before_the_port_opens() {
    let folder = tempdir().unwrap();
    let environment = [
        ("COUNTERSIGN__ENV", "production"),
        ("COUNTERSIGN__HTTP__ALLOWED_ORIGINS", "*"),
        ("COUNTERSIGN__EMAIL__CHAIN", "console"),
        ("COUNTERSIGN__OTP__DIGITS", "4"),
        ("COUNTERSIGN__OPT__DIGITS", "6"),
    ];
    let output = command(folder.path(), &environment).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for key in [
        "secret",
        "http.allowed_origins",
        "email.chain",
        "otp.digits",
        "opt.digits",
        "public_url",
    ] {
        assert!(said.contains(key), "{key} is not named in: {said}");
    }
    assert!(!folder.path().join("countersign.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_without_a_courier_is_not_offered() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[("COUNTERSIGN__SMS__CHAIN", "none")]).await;
    let query = "mutation { requestOtp(input: { recipient: { phone: \"+447911123456\" } }) \
                 { challenge { channel } userErrors { code } } }";
    let answer = server.graphql(query, Value::Null, None).await;
    let payload = &answer["data"]["requestOtp"];
    assert!(payload["challenge"].is_null());
    assert_eq!(payload["userErrors"][0]["code"], "CHANNEL_UNAVAILABLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_with_the_way_out() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let port = server.port().to_string();
    let output = command(folder.path(), &[("PORT", &port)]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_and_the_healthcheck_look_at_the_real_parts() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let (url, mail) = (database.url(), MailServer::start().await);
    let port = mail.port().to_string();
    let environment = with_mail(&url, &port);
    let server = Process::start(folder.path(), &environment).await;
    let run = |argument: &str, environment: &[(&str, &str)]| {
        let output = command(folder.path(), environment)
            .arg(argument)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };

    let (code, said) = run("doctor", &environment);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("✓ database") && said.contains("✓ mail") && said.contains("ES256"),
        "{said}"
    );

    let mut healthcheck = environment.clone();
    let listening = server.port().to_string();
    healthcheck.push(("PORT", &listening));
    assert_eq!(run("healthcheck", &healthcheck).0, Some(0));
    server.kill();
    assert_eq!(run("healthcheck", &healthcheck).0, Some(1));

    let mut rotated = environment.clone();
    let other = SECRET.replace('5', "6");
    rotated[1] = ("COUNTERSIGN__SECRET", &other);
    let (code, said) = run("doctor", &rotated);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("✗ signing keys"), "{said}");
}
