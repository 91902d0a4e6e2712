//! `countersign keys`: the binary, on the database of a server that runs.

use serde_json::Value;
use tempfile::tempdir;

use super::*;
use crate::support::database::TestDatabase;
use crate::support::process::{Process, command, free_port, with_mail};
use crate::support::smtp::{MailServer, code_in};

#[tokio::test(flavor = "multi_thread")]
async fn the_command_lists_rotates_and_revokes_under_a_running_server() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let mail = MailServer::start().await;
    let (url, port) = (database.url(), mail.port().to_string());
    let metrics_at = format!("127.0.0.1:{}", free_port());
    let mut environment = with_mail(&url, &port);
    environment.push(("COUNTERSIGN__METRICS__LISTEN", &metrics_at));
    let run = |arguments: &[&str]| {
        let output = command(folder.path(), &environment)
            .args(arguments)
            .output()
            .expect("the binary runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(text).unwrap())
    };
    let well = |arguments: &[&str]| {
        let (code, said) = run(arguments);
        assert_eq!(code, Some(0), "{said}");
        said
    };
    // Kid and state of each, the newest first.
    let listed = || {
        let table = well(&["keys", "list"]);
        let row = |line: &str| {
            let words: Vec<_> = line.split_whitespace().collect();
            (words[0].to_owned(), words[2].to_owned())
        };
        let rows: Vec<_> = table.lines().skip(1).map(row).collect();
        let states = rows.iter().map(|row| row.1.clone()).collect::<Vec<_>>();
        (
            rows.into_iter().map(|row| row.0).collect::<Vec<_>>(),
            states.join(" "),
        )
    };
    let server = Process::start(folder.path(), &environment).await;
    let (first, states) = listed();
    assert_eq!(states, "active");
    let token = server.request_otp(ADA).await;
    let code = code_in(&mail.first_mail().await);
    let signed_in = server.verify_otp(ADA, &code, &token).await;
    let access = signed_in["tokens"]["accessToken"]
        .as_str()
        .expect("a token");
    let me = async || {
        let me = server
            .graphql("{ me { email } }", Value::Null, Some(access))
            .await;
        (
            me["data"]["me"]["email"].clone(),
            me["errors"][0]["extensions"]["reason"].clone(),
        )
    };
    assert_eq!(me().await, (json!(ADA), Value::Null));

    let said = well(&["keys", "rotate"]);
    let (both, states) = listed();
    assert_eq!(states, "waiting active");
    assert!(
        said.starts_with(&both[0]) && said.contains("signs from "),
        "{said}"
    );
    assert_eq!(well(&["keys", "rotate"]), said, "one waits already");
    let public = async || {
        let jwks = reqwest::get(server.url("/.well-known/jwks.json")).await;
        jwks.expect("an answer").text().await.expect("a body")
    };
    // The running server looks by itself.
    let follows = async {
        while !public().await.contains(&both[0]) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let followed = tokio::time::timeout(Duration::from_secs(30), follows).await;
    assert!(followed.is_ok(), "{}", server.output());
    let said = well(&["keys", "rotate", "--now"]);
    assert!(
        said.starts_with(&format!("{} signs from now on.\n", both[0])),
        "{said}"
    );
    assert!(said.contains("may refuse its tokens for 5m"), "{said}");
    assert_eq!(listed(), (both.clone(), "active retired".to_owned()));
    assert_eq!(
        me().await,
        (json!(ADA), Value::Null),
        "through the rotation"
    );
    let doctor = run(&["doctor"]).1;
    assert!(
        doctor.contains(&format!(
            "{} signs with ES256; all are sealed under the newest",
            both[0]
        )),
        "{doctor}"
    );

    let said = well(&["keys", "revoke", &both[0]]);
    assert!(
        said.contains(" is revoked") && said.contains("was not published before"),
        "{said}"
    );
    let (three, states) = listed();
    assert_eq!(states, "active revoked retired");
    assert_eq!(three[1..], both);
    assert_eq!(me().await, (json!(ADA), Value::Null), "another key");
    well(&["keys", "revoke", &first[0]]);
    assert_eq!(me().await, (Value::Null, json!("TOKEN_INVALID")));
    assert!(well(&["keys", "revoke", &first[0]]).contains("was revoked at "));
    assert_eq!(run(&["keys", "revoke", "nonsense"]).0, Some(2));
    assert_eq!(run(&["keys", "revoke", &"A".repeat(43)]).0, Some(1));

    let trail = well(&["audit", "export", "--since", "1h"]);
    let kinds: Vec<_> = trail
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|event| {
            event["kind"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("key_"))
        })
        .map(|event| format!("{} {}", event["kind"], event["outcome"]).replace('"', ""))
        .collect();
    let wanted = [
        "key_rotated commanded",
        "key_rotated commanded",
        "key_revoked null",
        "key_revoked null",
    ];
    assert_eq!(kinds, wanted);
    let metrics = reqwest::get(format!("http://{metrics_at}/metrics"))
        .await
        .unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("countersign_signing_key_age_seconds "),
        "{metrics}"
    );
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
