//! Nothing of a person and no secret leaves with a trace, whatever the log's level.

use serde_json::{Value, json};

use super::Scene;
use crate::support::SECRET;
use crate::support::collector::Manner;

#[tokio::test(flavor = "multi_thread")]
async fn no_code_token_or_address_is_exported() {
    let scene = Scene::start(Manner::Takes, &[("RUST_LOG", "trace")]).await;
    let (server, email) = (&scene.server, "Ada.Lovelace@example.com");
    let token = server.request_otp(email).await;
    let code = scene.code().await;
    server.verify_otp(email, "000000", &token).await;
    let signed_in = server.verify_otp(email, &code, &token).await;
    let access = signed_in["tokens"]["accessToken"].as_str().unwrap();
    let refresh = signed_in["tokens"]["refreshToken"].as_str().unwrap();
    server
        .graphql("query Ada { me { email } }", Value::Null, Some(access))
        .await;
    server
        .graphql(&format!("{{ me {{ {code}"), Value::Null, Some(access))
        .await;
    server
        .graphql(&format!("{{ x{code} }}"), Value::Null, Some(access))
        .await;
    let query = "mutation($t: String!) { refreshToken(input: { refreshToken: $t }) { tokens { accessToken } } }";
    for _ in 0..2 {
        server
            .graphql(query, json!({ "t": refresh }), Some("garbage-bearer"))
            .await;
    }
    let client = reqwest::Client::new();
    client
        .get(server.url(&format!("/graphql?query=%7Bme%7Bid%7D%7D&token={refresh}")))
        .header("user-agent", "Lovelace/1.0")
        .header("x-forwarded-for", "203.0.113.7")
        .header("cookie", format!("refresh={refresh}"))
        .send()
        .await
        .unwrap();
    client
        .get(server.url(&format!("/{email}/{code}")))
        .send()
        .await
        .unwrap();

    scene.collector.span("none").await;
    server.terminate();
    let (collector, output) = (scene.collector.clone(), scene.server.output());
    assert!(scene.server.ended().await.success());
    let spans = collector.spans();
    for name in [
        "requestOtp",
        "verifyOtp",
        "refreshToken",
        "me",
        "deliver",
        "send",
    ] {
        assert!(
            spans.iter().any(|span| span.name == name),
            "no {name}: {spans:?}"
        );
    }
    let said = collector.text();
    let secrets = [
        token.as_str(),
        access,
        refresh,
        SECRET,
        "garbage-bearer",
        "Lovelace",
        "lovelace",
        "203.0.113.7",
        "SELECT \\\"",
        "whsec_",
    ];
    for secret in secrets {
        assert!(!said.contains(secret), "{secret} was exported");
    }
    // Six digits may stand in a time by chance; in a text they stand in quotes or beside a letter.
    let is_alone = |at: usize| !said[..at].ends_with(|c: char| c.is_ascii_hexdigit());
    let found = said.match_indices(&code).find(|(at, _)| is_alone(*at));
    assert!(found.is_none(), "the code was exported: {found:?}");
    // The spans are for the collector, and are not written into the log.
    assert!(!output.contains("http.request.method"), "{output}");
}
