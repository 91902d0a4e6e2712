//! Against the desk, and the server behind it.

use std::collections::BTreeMap;
use std::env;
use std::time::Duration;

use reqwest::{Client, Method};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, MutexGuard};
use verify_jwt::{Refused, Verifier};

const COOLDOWN: Duration = Duration::from_secs(30);

/// There is one desk, and it counts.
static DESK: Mutex<()> = Mutex::const_new(());

#[derive(Deserialize)]
struct Tokens {
    issuer: String,
    audience: String,
    subject: String,
    accepted: BTreeMap<String, String>,
    refused: BTreeMap<String, String>,
    rotated: String,
    unknown_keys: Vec<String>,
}

async fn ask<T: DeserializeOwned>(method: Method, path: &str) -> T {
    let url = env::var("DESK").unwrap() + path;
    let answer = Client::new().request(method, url).send().await;
    answer.unwrap().json().await.unwrap()
}

async fn set_up(cooldown: Duration) -> (Tokens, Verifier, MutexGuard<'static, ()>) {
    let turn = DESK.lock().await;
    ask::<()>(Method::POST, "/forget").await;
    let tokens: Tokens = ask(Method::GET, "/tokens").await;
    let jwks = env::var("DESK").unwrap() + "/.well-known/jwks.json";
    let verifier = Verifier::new(&tokens.issuer, &tokens.audience, jwks, cooldown);
    (tokens, verifier, turn)
}

#[tokio::test]
async fn a_good_token_tells_whose_it_is() {
    let (tokens, verifier, _turn) = set_up(COOLDOWN).await;
    for (name, token) in &tokens.accepted {
        let claims = verifier.verify(token).await.expect(name);
        assert_eq!(claims.sub, tokens.subject, "{name}");
    }
}

#[tokio::test]
async fn the_keys_are_found_at_the_issuer() {
    let (tokens, _, _turn) = set_up(COOLDOWN).await;
    let jwks = format!("{}/.well-known/jwks.json", tokens.issuer);
    let verifier = Verifier::new(&tokens.issuer, &tokens.audience, jwks, COOLDOWN);
    verifier.verify(&tokens.accepted["good"]).await.unwrap();
}

#[tokio::test]
async fn any_other_is_refused() {
    let (tokens, verifier, _turn) = set_up(COOLDOWN).await;
    assert!(tokens.refused.len() >= 20);
    for (name, token) in &tokens.refused {
        let refused = verifier.verify(token).await.expect_err(name);
        assert!(matches!(refused, Refused::Token), "{name}: {refused:?}");
    }
}

#[tokio::test]
async fn keys_are_fetched_once_and_not_for_each_unknown_kid() {
    let (tokens, verifier, _turn) = set_up(COOLDOWN).await;
    for _ in 0..20 {
        verifier.verify(&tokens.accepted["good"]).await.unwrap();
    }
    for token in &tokens.unknown_keys {
        verifier.verify(token).await.unwrap_err();
    }
    assert_eq!(ask::<u32>(Method::GET, "/fetches").await, 1);
}

#[tokio::test]
async fn a_new_key_is_fetched_when_it_is_first_seen() {
    let (tokens, verifier, _turn) = set_up(Duration::ZERO).await;
    verifier.verify(&tokens.rotated).await.unwrap_err();
    ask::<()>(Method::POST, "/rotate").await;
    verifier.verify(&tokens.rotated).await.unwrap();
}
