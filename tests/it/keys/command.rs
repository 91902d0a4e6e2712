//! `countersign keys`: the binary, on the database of a server that runs.

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::*;
use crate::support::database::TestDatabase;
use crate::support::process::{self, Process, command, free_port, with_mail};
use crate::support::smtp::{MailServer, code_in};

/// A running server, and the commands beside it.
struct Scene {
    server: Process,
    /// Of somebody who has just signed in.
    access: String,
    folder: TempDir,
    environment: Vec<(String, String)>,
    /// Last: the others use it.
    _database: TestDatabase,
}

impl Scene {
    async fn set(more: &[(&str, &str)]) -> Self {
        let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
        let mail = MailServer::start().await;
        let (url, port) = (database.url(), mail.port().to_string());
        let environment = [with_mail(&url, &port), more.to_vec()].concat();
        let server = Process::start(folder.path(), &environment).await;
        let token = server.request_otp(ADA).await;
        let code = code_in(&mail.first_mail().await);
        let signed_in = server.verify_otp(ADA, &code, &token).await;
        let access = signed_in["tokens"]["accessToken"].as_str();
        Self {
            access: access.expect("a token").to_owned(),
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            server,
            folder,
            _database: database,
        }
    }

    /// The code that `countersign` exits with, and what it says.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let environment: Vec<_> = self
            .environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        process::run(self.folder.path(), &environment, arguments)
    }

    /// What it says when all goes well.
    fn says(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, Some(0), "{said}");
        said
    }

    /// The names of all keys and their states, the newest first.
    fn listed(&self) -> (Vec<String>, String) {
        let table = self.says(&["keys", "list"]);
        let column = |at: usize| {
            let rows = table.lines().skip(1);
            let word = move |row: &str| row.split_whitespace().nth(at).map(str::to_owned);
            rows.filter_map(word).collect::<Vec<_>>()
        };
        (column(0), column(2).join(" "))
    }

    /// Who the access token opens `me` to, or why to nobody.
    async fn shown(&self) -> String {
        let query = "{ me { email } }";
        let me = self.server.graphql(query, Value::Null, Some(&self.access));
        let me = me.await;
        let reason = me.pointer("/errors/0/extensions/reason");
        let told = me.pointer("/data/me/email").or(reason);
        told.and_then(Value::as_str).expect("an answer").to_owned()
    }

    /// The kinds and outcomes of what happened to keys.
    fn trail(&self) -> Vec<String> {
        let trail = self.says(&["audit", "export", "--since", "1h"]);
        let events = trail
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        events
            .map(|event| format!("{} {}", event["kind"], event["outcome"]).replace('"', ""))
            .filter(|event| event.starts_with("key_"))
            .collect()
    }
}

async fn page(url: &str) -> String {
    let page = reqwest::get(url).await.expect("an answer");
    page.text().await.expect("a body")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_rotates_and_a_running_server_follows() {
    let metrics_at = format!("127.0.0.1:{}", free_port());
    let scene = Scene::set(&[("COUNTERSIGN__METRICS__LISTEN", &metrics_at)]).await;
    assert_eq!(scene.listed().1, "active");
    assert_eq!(scene.shown().await, ADA);

    let said = scene.says(&["keys", "rotate"]);
    let (both, states) = scene.listed();
    assert_eq!(states, "waiting active");
    assert!(
        said.starts_with(&both[0]) && said.contains("signs from "),
        "{said}"
    );
    assert_eq!(scene.says(&["keys", "rotate"]), said, "one waits already");
    let jwks = scene.server.url("/.well-known/jwks.json");
    let follows = async {
        while !page(&jwks).await.contains(&both[0]) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let followed = tokio::time::timeout(Duration::from_secs(30), follows).await;
    assert!(followed.is_ok(), "{}", scene.server.output());

    let said = scene.says(&["keys", "rotate", "--now"]);
    let begins = format!("{} signs from now on.\n", both[0]);
    assert!(said.starts_with(&begins), "{said}");
    assert!(said.contains("may refuse its tokens for 5m"), "{said}");
    assert_eq!(scene.listed(), (both.clone(), "active retired".to_owned()));
    assert_eq!(scene.shown().await, ADA, "through the rotation");
    let doctor = scene.run(&["doctor"]).1;
    let well = format!(
        "{} signs with ES256; all are sealed under the newest",
        both[0]
    );
    assert!(doctor.contains(&well), "{doctor}");
    assert_eq!(scene.trail(), ["key_rotated commanded"; 2]);
    let metrics = page(&format!("http://{metrics_at}/metrics")).await;
    assert!(
        metrics.contains("countersign_signing_key_age_seconds "),
        "{metrics}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_revokes_under_a_running_server() {
    let scene = Scene::set(&[]).await;
    let (first, _) = scene.listed();
    scene.says(&["keys", "rotate", "--now"]);
    let (both, _) = scene.listed();

    let said = scene.says(&["keys", "revoke", &both[0]]);
    assert!(
        said.contains(" is revoked") && said.contains("was not published before"),
        "{said}"
    );
    let (three, states) = scene.listed();
    assert_eq!(states, "active revoked retired");
    assert_eq!(three[1..], both);
    assert!(said.contains(&format!("{} signs.\n", three[0])), "{said}");
    assert_eq!(scene.shown().await, ADA, "by another key");
    scene.says(&["keys", "revoke", &first[0]]);
    assert_eq!(scene.shown().await, "TOKEN_INVALID");
    let again = scene.says(&["keys", "revoke", &first[0]]);
    assert!(again.contains("was revoked at "), "{again}");
    assert_eq!(scene.run(&["keys", "revoke", "nonsense"]).0, Some(2));
    // The names of keys that do not exist; one of them looks like a flag.
    for unknown in ["A".repeat(43), format!("-{}", "A".repeat(42))] {
        assert_eq!(scene.run(&["keys", "revoke", &unknown]).0, Some(1));
    }
    let wanted = [
        "key_rotated commanded",
        "key_revoked null",
        "key_revoked null",
    ];
    assert_eq!(scene.trail(), wanted);
}

#[tokio::test]
async fn the_doctor_tells_whether_an_older_secret_is_still_needed() {
    let server = TestServer::start().await;
    let (url, folder) = (server.database.url(), tempdir().unwrap());
    let both = format!("{},{SECRET}", "ab".repeat(32));
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", &both),
    ];
    let doctor = || {
        let output = command(folder.path(), &environment).arg("doctor").output();
        String::from_utf8(output.expect("the binary runs").stdout).unwrap()
    };
    assert!(
        doctor().contains("an older secret is still needed"),
        "{}",
        doctor()
    );
    let newer = [("secret", both.as_str())];
    let restarted = server.another_with(&newer).await.expect("a server");
    server.advance(Duration::from_hours(1));
    keep(&restarted).await;
    assert!(
        doctor().contains("all are sealed under the newest secret"),
        "{}",
        doctor()
    );
}
