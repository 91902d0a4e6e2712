//! Headers that talk a careless verifier into another algorithm, key or kind of token.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::{Value, json};

use super::Scene;
use super::jwt::foreign_key;

#[tokio::test]
async fn no_algorithm_is_not_an_algorithm() {
    let scene = Scene::set().await;
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = scene.good.header("alg", none);
        scene.refuses(&unsigned.with_signature("")).await;
        scene
            .refuses(&unsigned.with_signature(&scene.good.signature))
            .await;
    }
}

#[tokio::test]
async fn a_key_verifies_its_own_algorithm_only() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    for other in [
        "ES384", "RS256", "PS256", "EdDSA", "HS256", "HS512", "es256", "ES256K",
    ] {
        scene
            .refuses(&scene.good.header("alg", other).signed_by(&key))
            .await;
    }
    for nonsense in [json!(256), json!(["ES256"]), Value::Null] {
        scene
            .refuses(&scene.good.header("alg", nonsense).signed_by(&key))
            .await;
    }
}

#[tokio::test]
async fn another_kind_of_jwt_is_not_an_access_token() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    for other in [
        json!("JWT"),
        json!("jwt"),
        json!("id+jwt"),
        json!("logout+jwt"),
        json!("at+jwt2"),
        json!(""),
        json!(["at+jwt"]),
        Value::Null,
    ] {
        scene
            .refuses(&scene.good.header("typ", other).signed_by(&key))
            .await;
    }
}

#[tokio::test]
async fn a_key_is_found_by_its_exact_name_or_not_at_all() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let ours = scene.good.header["kid"].as_str().expect("a kid").to_owned();
    for other in [
        json!("unknown"),
        json!(""),
        json!(ours.to_lowercase()),
        json!(format!("{ours} ")),
        json!("../../dev/null"),
        json!("' OR '1'='1"),
        json!("\0"),
        json!([ours]),
        json!(0),
        Value::Null,
    ] {
        scene
            .refuses(&scene.good.header("kid", other).signed_by(&key))
            .await;
    }
}

#[tokio::test]
async fn a_key_that_comes_with_the_token_is_not_used() {
    let scene = Scene::set().await;
    let foreign = foreign_key();
    let jwk = public_jwk(&foreign);
    let embedded = scene.good.header("jwk", jwk.clone());
    scene.refuses(&embedded.signed_by(&foreign)).await;
    scene
        .refuses(
            &embedded
                .header("kid", jwk["kid"].clone())
                .signed_by(&foreign),
        )
        .await;
    scene
        .refuses(&embedded.header("kid", Value::Null).signed_by(&foreign))
        .await;
    let certificate = json!(["MIIBszCCAVmgAwIBAgIUQ=="]);
    scene
        .refuses(&scene.good.header("x5c", certificate).signed_by(&foreign))
        .await;
}

#[tokio::test]
async fn no_address_in_a_token_is_ever_called() {
    let scene = Scene::set().await;
    let foreign = foreign_key();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!(
        "http://{}/jwks.json",
        listener.local_addr().expect("an address")
    );
    for name in ["jku", "x5u"] {
        let pointing = scene.good.header(name, address.as_str());
        scene.refuses(&pointing.signed_by(&foreign)).await;
        let unnamed = pointing.header("kid", "theirs");
        scene.refuses(&unnamed.signed_by(&foreign)).await;
    }
    listener.set_nonblocking(true).expect("a listener");
    let called = listener.accept().map(drop).map_err(|error| error.kind());
    assert_eq!(called, Err(ErrorKind::WouldBlock), "somebody called");
}

#[tokio::test]
async fn what_is_critical_and_unknown_is_refused() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let critical = scene
        .good
        .header("crit", json!(["b64"]))
        .header("b64", true);
    scene.refuses(&critical.signed_by(&key)).await;
}

/// The public half of `pkcs8` as a JWK with its name, as a server of theirs would publish it.
fn public_jwk(pkcs8: &[u8]) -> Value {
    let key =
        countersign::tokens::SigningKey::from_pkcs8(countersign::tokens::Algorithm::Es256, pkcs8);
    serde_json::to_value(key.expect("a key").jwk()).expect("JSON")
}
