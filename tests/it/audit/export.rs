//! The command line, on a database with events in it.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::ADA;
use crate::support::process::command;
use crate::support::{SECRET, TestServer, email};

/// `countersign audit …`, ready to run on the server's database.
fn audit(server: &TestServer, secret: &str, arguments: &[&str]) -> Command {
    let (folder, url) = (env::temp_dir(), server.database.url());
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", secret),
    ];
    let mut command = command(&folder, &environment);
    command.arg("audit").args(arguments);
    command
}

fn run(server: &TestServer, secret: &str, arguments: &[&str]) -> Output {
    audit(server, secret, arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{output:?}");
    let text = str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect()
}

/// The tests' clock is ahead of this machine's, and `export` goes up to now: the events become old.
async fn with_events() -> TestServer {
    let server = TestServer::start().await;
    server.signed_in(ADA).await;
    server.signed_in("bob@example.com").await;
    let events = server.events().await.len();
    assert_eq!(events, 6);
    make_old(&server).await;
    server
}

async fn make_old(server: &TestServer) {
    let now = server.now().as_micros();
    let then = now - 400 * 86_400_000_000;
    server
        .execute(&format!("UPDATE audit_events SET at = {then}"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn export_writes_an_object_in_each_line_and_finds_a_contact_under_any_secret() {
    let server = with_events().await;
    let all = lines(&run(
        &server,
        SECRET,
        &["export", "--since", "2020-01-01T00:00:00Z"],
    ));
    assert_eq!(all.len(), 6);
    let keys: Vec<_> = all[0].as_object().unwrap().keys().cloned().collect();
    let mut wanted = [
        "at",
        "contact_hash",
        "id",
        "ip_address",
        "kind",
        "outcome",
        "request_id",
        "session_id",
        "user_agent",
        "user_id",
    ];
    wanted.sort_unstable();
    assert_eq!(keys, wanted);

    let of_ada = [
        "export",
        "--since",
        "2020-01-01T00:00:00Z",
        "--contact",
        "ADA@example.com",
    ];
    let rotated = format!("{},{SECRET}", "77".repeat(32));
    for secret in [SECRET, &rotated] {
        let found = lines(&run(&server, secret, &of_ada));
        let kinds: Vec<_> = found.iter().map(|event| &event["kind"]).collect();
        assert_eq!(kinds, ["code_requested", "code_verified", "session_opened"]);
    }
    let other = lines(&run(&server, &"77".repeat(32), &of_ada));
    assert!(other.is_empty(), "without the key nobody is found");
    let nonsense = run(
        &server,
        SECRET,
        &["export", "--since", "1h", "--contact", "x"],
    );
    assert_eq!(nonsense.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn tail_prints_the_last_events_for_people() {
    let server = with_events().await;
    let output = run(&server, SECRET, &["tail"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 6, "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.contains("session_opened       by_code"), "{last}");
    assert!(last.ends_with("agent=it/1.0"), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_has_enough_is_no_failure() {
    let server = with_events().await;
    let arguments = ["export", "--since", "2020-01-01T00:00:00Z"];
    let mut child = audit(&server, SECRET, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_sees_what_happens_from_now_on() {
    let server = with_events().await;
    let mut child = audit(&server, SECRET, &["tail", "--follow"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let (seen, told) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines() {
            seen.send(line.unwrap()).unwrap();
        }
    });
    let next = || told.recv_timeout(Duration::from_secs(20)).expect("a line");
    let first: Vec<_> = (0..6).map(|_| next()).collect();
    assert!(first[5].contains("session_opened"), "{first:?}");
    server
        .anonymous()
        .request_otp(email("cleo@example.com"))
        .await;
    server.flush_audit().await;
    make_old(&server).await;
    let line = next();
    assert!(line.contains("code_requested       accepted"), "{line}");
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
}
