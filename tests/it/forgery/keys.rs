//! Signatures by other keys, by no key, and by our public key in another role.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pem::{EncodeConfig, LineEnding, Pem};
use serde_json::Value;

use super::Scene;
use super::jwt::{foreign_key, private_key};
use crate::support::TestServer;

#[tokio::test]
async fn a_signature_that_is_missing_or_damaged_is_none() {
    let scene = Scene::set().await;
    let (message, signature) = scene.tokens.access.rsplit_once('.').expect("a JWT");
    let (head, tail) = signature.split_at(signature.len() / 2);
    for damaged in [
        "",
        "!",
        head,
        tail,
        &signature.repeat(2),
        &format!("{signature}="),
        &URL_SAFE_NO_PAD.encode([0; 64]),
        // As other libraries write ECDSA signatures: r and s in DER, here both 1.
        &URL_SAFE_NO_PAD.encode([0x30, 6, 2, 1, 1, 2, 1, 1]),
    ] {
        scene.refuses(&format!("{message}.{damaged}")).await;
    }
    let stripped = scene.shows(message).await;
    assert_eq!(stripped, Err("TOKEN_MALFORMED".to_owned()));
}

#[tokio::test]
async fn a_signature_covers_every_word() {
    let scene = Scene::set().await;
    let key = scene.private_key().await;
    let (_, other) = scene.server.signed_in("bea@example.com").await;
    let other = super::Jwt::read(&other.access);
    let (good, theirs) = (&scene.good, &other.claims);
    for altered in [
        good.claim("sub", theirs["sub"].clone()),
        good.claim("sid", theirs["sid"].clone()),
        good.claim("exp", 9_999_999_999_i64),
        good.claim("role", "admin"),
        good.header("cty", "JWT"),
    ] {
        scene
            .refuses(&altered.marked_by(&key).with_signature(&good.signature))
            .await;
    }
    scene.refuses(&good.with_signature(&other.signature)).await;
}

#[tokio::test]
async fn another_key_is_refused_even_under_our_keys_name() {
    let scene = Scene::set().await;
    scene.refuses(&scene.good.signed_by(&foreign_key())).await;

    let other = TestServer::start().await;
    let (_, theirs) = other.signed_in("ada@example.com").await;
    scene.refuses(&theirs.access).await;
    scene
        .refuses(&scene.good.signed_by(&private_key(&other).await))
        .await;
}

#[tokio::test]
async fn our_public_key_is_not_a_shared_secret() {
    for algorithm in ["ES256", "EdDSA", "RS256"] {
        let scene = Scene::with(&[("tokens.algorithm", algorithm)]).await;
        let shown = scene.shows(&scene.tokens.access).await;
        assert_eq!(shown.as_deref(), Ok("ada@example.com"), "{algorithm}");
        let jwks = scene.server.anonymous().get("/.well-known/jwks.json").await;
        let der = public_der(algorithm, &scene.private_key().await);
        for hmac in ["HS256", algorithm] {
            let forged = scene.good.header("alg", hmac);
            for secret in spellings(&jwks.json, &der) {
                scene.refuses(&forged.signed_with_secret(&secret)).await;
            }
        }
    }
}

/// The public key as DER (X.509's `SubjectPublicKeyInfo`).
fn public_der(algorithm: &str, pkcs8: &[u8]) -> Vec<u8> {
    let der = match algorithm {
        "ES256" => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
            .unwrap()
            .public_key()
            .as_der(),
        "EdDSA" => Ed25519KeyPair::from_pkcs8(pkcs8)
            .unwrap()
            .public_key()
            .as_der(),
        _ => RsaKeyPair::from_pkcs8(pkcs8).unwrap().public_key().as_der(),
    };
    der.expect("a public key").as_ref().to_vec()
}

/// Everything that "the public key" may mean to a verifier which takes it for an HMAC secret.
fn spellings(jwks: &Value, der: &[u8]) -> Vec<Vec<u8>> {
    let jwk = &jwks["keys"][0];
    let pem = |ending| {
        let config = EncodeConfig::new().set_line_ending(ending);
        pem::encode_config(&Pem::new("PUBLIC KEY", der), config)
    };
    let (lf, crlf) = (pem(LineEnding::LF), pem(LineEnding::CRLF));
    let mut spellings = vec![
        jwks.to_string(),
        jwk.to_string(),
        lf.trim_end().to_owned(),
        lf,
        crlf,
        STANDARD.encode(der),
        URL_SAFE_NO_PAD.encode(der),
        String::new(),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect::<Vec<_>>();
    spellings.push(der.to_vec());
    let coordinates =
        ["x", "y", "n", "e", "kid"].map(|name| jwk[name].as_str().unwrap_or_default());
    spellings.extend(coordinates.map(|text| text.as_bytes().to_vec()));
    let raw = coordinates.map(|text| URL_SAFE_NO_PAD.decode(text).expect("base64url"));
    // The two halves of a point, as they stand in an uncompressed one.
    spellings.push([&[4], &raw[0][..], &raw[1][..]].concat());
    spellings.extend(raw);
    spellings
}
