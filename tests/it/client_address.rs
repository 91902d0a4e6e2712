//! Where people are said to have signed in from, and who may say so.

use serde_json::Value;

use crate::support::{Actor, TestServer, Tokens, email};

const PROXY: &str = "10.0.0.1";
const CLIENT: &str = "192.0.2.1";
const LIE: &str = "203.0.113.66";

async fn behind_a_proxy() -> TestServer {
    TestServer::with(&[("http.trusted_proxies", "10.0.0.0/8, fd00::/8")]).await
}

/// Signs in as `actor`, and tells what `me { sessions }` then shows.
async fn seen(server: &TestServer, actor: &Actor) -> String {
    let ada = email("ada@example.com");
    let code = server.code_for(&ada).await;
    let answer = actor.verify_otp(ada, &code.code, Some(&code.token)).await;
    let tokens = Tokens::of(&answer, "verifyOtp");
    let query = "{ me { sessions { nodes { current ipAddress } } } }";
    let answer = actor
        .with_bearer(&tokens.access)
        .graphql(query, Value::Null)
        .await;
    // A code a minute.
    server.advance(std::time::Duration::from_mins(2));
    let sessions = answer.data("me/sessions/nodes").as_array().expect("a list");
    let current = sessions.iter().find(|session| session["current"] == true);
    current.expect("this one")["ipAddress"]
        .as_str()
        .expect("an address")
        .to_owned()
}

#[tokio::test]
async fn a_header_from_a_stranger_changes_nothing() {
    for server in [TestServer::start().await, behind_a_proxy().await] {
        let stranger = server.anonymous().from(CLIENT);
        for actor in [
            stranger.clone(),
            stranger.with_header("x-forwarded-for", LIE),
            stranger.with_header("x-forwarded-for", "10.0.0.2"),
            stranger.with_header("forwarded", "for=203.0.113.66"),
        ] {
            assert_eq!(seen(&server, &actor).await, CLIENT);
        }
    }
}

#[tokio::test]
async fn a_trusted_proxy_tells_who_called_it() {
    let server = behind_a_proxy().await;
    let proxy = server.anonymous().from(PROXY);
    for (header, value, client) in [
        ("x-forwarded-for", "192.0.2.1", CLIENT),
        ("x-forwarded-for", "[2001:db8::1]:4711", "2001:db8::1"),
        ("forwarded", "for=192.0.2.1;proto=https", CLIENT),
        ("forwarded", "for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
    ] {
        let actor = proxy.with_header(header, value);
        assert_eq!(seen(&server, &actor).await, client, "{header}: {value}");
    }
    let mapped = server.anonymous().from("::ffff:10.0.0.1");
    let mapped = mapped.with_header("x-forwarded-for", CLIENT);
    assert_eq!(seen(&server, &mapped).await, CLIENT);
}

#[tokio::test]
async fn what_the_client_sent_through_the_proxies_stays_a_lie() {
    let server = behind_a_proxy().await;
    let proxy = server.anonymous().from(PROXY);
    for actor in [
        proxy.with_header("x-forwarded-for", "203.0.113.66, 192.0.2.1, 10.0.0.2"),
        proxy
            .with_header("x-forwarded-for", LIE)
            .with_header("x-forwarded-for", CLIENT)
            .with_header("x-forwarded-for", "fd00::2"),
        proxy
            .with_header("forwarded", "for=203.0.113.66")
            .with_header("x-forwarded-for", CLIENT),
        proxy.with_header(
            "forwarded",
            "for=\"203.0.113.66, for=192.0.2.1, for=10.0.0.2",
        ),
    ] {
        assert_eq!(seen(&server, &actor).await, CLIENT);
    }
    let hidden = proxy.with_header("x-forwarded-for", "203.0.113.66, unknown, 10.0.0.2");
    assert_eq!(
        seen(&server, &hidden).await,
        "10.0.0.2",
        "the last proven hop"
    );
}
