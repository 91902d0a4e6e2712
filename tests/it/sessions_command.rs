//! `countersign sessions`: the binary, on the database of a server that runs.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::support::database::TestDatabase;
use crate::support::process::{self, Process, with_mail};
use crate::support::smtp::{MailServer, code_in};

const ADA: &str = "ada@example.com";

/// Whether the session of `signed_in` opens `me`, and the server's reason when it does not.
async fn shown(server: &Process, signed_in: &Value) -> String {
    let access = signed_in["tokens"]["accessToken"].as_str();
    let answer = server.graphql("{ me { email } }", json!({}), access).await;
    match answer["data"]["me"]["email"].as_str() {
        Some(email) => email.to_owned(),
        None => answer["errors"][0]["extensions"]["reason"].to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_somebodys_sessions_and_ends_one_or_all() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let mail = MailServer::start().await;
    let (url, port) = (database.url(), mail.port().to_string());
    let mut environment = with_mail(&url, &port);
    environment.push(("COUNTERSIGN__NOTICES__NEW_DEVICE", "false"));
    let server = Process::start(folder.path(), &environment).await;
    let token = server.request_otp(ADA).await;
    let code = code_in(&mail.first_mail().await);
    let first = server.verify_otp(ADA, &code, &token).await;
    let refreshed = async |signed_in: &Value| {
        let refresh = "mutation($t: String!) { refreshToken(input: { refreshToken: $t }) \
                       { tokens { accessToken } } }";
        let shown = json!({ "t": signed_in["tokens"]["refreshToken"] });
        let answer = server.graphql(refresh, shown, None).await;
        answer["data"]["refreshToken"]["tokens"].is_object()
    };
    let run = |arguments: &[&str]| process::run(folder.path(), &environment, arguments);
    let (code, said) = run(&["sessions", "list", "Ada@Example.com"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("Live sessions of ada@example.com: 1 session.\n"),
        "{said}"
    );
    assert!(said.contains("from 127.0.0.1"), "{said}");
    let id = said.lines().nth(2).expect("an id");

    let another = "00000000-0000-7000-8000-000000000000";
    let (code, said) = run(&["sessions", "end", ADA, "--session", another]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(shown(&server, &first).await, ADA);

    let (code, said) = run(&["sessions", "end", ADA, "--session", id]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("Ended of ada@example.com: 1 session."),
        "{said}"
    );
    assert_eq!(shown(&server, &first).await, "\"SESSION_ENDED\"");
    assert!(!refreshed(&first).await);

    let (_, said) = run(&["audit", "tail"]);
    let ended: Vec<_> = said
        .lines()
        .filter(|it| it.contains("session_ended"))
        .collect();
    let [ended] = ended[..] else { panic!("{said}") };
    assert!(ended.contains("operator") && ended.contains(id), "{ended}");

    let (code, said) = run(&["sessions", "end", ADA]);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "ada@example.com has no live session.\n")
    );
    for (who, exit) in [("nobody@example.com", 1), ("nobody", 2)] {
        for call in ["list", "end"] {
            let (code, said) = run(&["sessions", call, who]);
            assert_eq!(code, Some(exit), "{said}");
        }
    }
}
