//! The command line, on a database with events in it.

use std::process::Output;

use serde_json::Value;
use tempfile::tempdir;

use super::ADA;
use crate::support::process::command;
use crate::support::{SECRET, TestServer};

/// Runs `countersign audit …` on the server's database.
fn run(server: &TestServer, secret: &str, arguments: &[&str]) -> Output {
    let (folder, url) = (tempdir().unwrap(), server.database.url());
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", secret),
    ];
    let mut command = command(folder.path(), &environment);
    command.arg("audit").args(arguments).output().unwrap()
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
    server
        .execute("UPDATE audit_events SET at = at - 86400000000 * 400")
        .await;
    assert_eq!(events, 6);
    server
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
