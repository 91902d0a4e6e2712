//! Signing keys: sealed at rest, published by half, never quietly replaced, and replaced in time.

mod command;
mod load;
mod revocation;
mod rotation;
mod secrets;
mod upgrade;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::auth::keys::Vault;
use countersign::domain::rotation::RotationPolicy;
use countersign::domain::secret::ServerSecret;
use countersign::domain::{Kid, ServerSecrets};
use countersign::tokens::{Algorithm, Sealer, SigningKey};
use entity::signing_key;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::support::entropy::SeededEntropy;
use crate::support::{SECRET, TestServer, Tokens, email};

const ADA: &str = "ada@example.com";
const DAY: Duration = Duration::from_hours(24);
/// The members of a JWK that anybody may know.
const PUBLIC: [&str; 10] = [
    "kty", "use", "alg", "kid", "key_ops", "crv", "x", "y", "n", "e",
];

#[tokio::test]
async fn every_algorithm_signs_people_in_and_publishes_its_public_half() {
    let cases = [("ES256", "EC"), ("EdDSA", "OKP"), ("RS256", "RSA")];
    for (algorithm, key_type) in cases {
        let server = TestServer::with(&[("tokens.algorithm", algorithm)]).await;
        let (ada, tokens) = server.signed_in(ADA).await;
        assert_eq!(ada.me().await.data("me/email"), ADA, "{algorithm}");

        let header = header(&tokens.access);
        assert_eq!(header["alg"], algorithm);
        assert_eq!(header["typ"], "at+jwt");
        let jwks = jwks(&server).await;
        assert_eq!(jwks.len(), 1);
        assert_eq!(jwks[0]["kid"], header["kid"]);
        assert_eq!(jwks[0]["alg"], algorithm);
        assert_eq!(jwks[0]["kty"], key_type);
        assert_eq!(jwks[0]["use"], "sig");
        let members: BTreeSet<_> = jwks[0]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert!(members.is_subset(&BTreeSet::from(PUBLIC)), "{members:?}");
    }
}

#[tokio::test]
async fn a_private_key_is_nowhere_in_clear() {
    // The DER of each algorithm's object identifier, as PKCS #8 begins with it.
    let cases: [(&str, Algorithm, &[u8]); 3] = [
        (
            "ES256",
            Algorithm::Es256,
            &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
        ),
        ("EdDSA", Algorithm::EdDsa, &[0x06, 0x03, 0x2b, 0x65, 0x70]),
        (
            "RS256",
            Algorithm::Rs256,
            &[
                0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
            ],
        ),
    ];
    for (name, algorithm, identifier) in cases {
        let holds = |bytes: &[u8]| {
            bytes
                .windows(identifier.len())
                .any(|part| part == identifier)
        };
        let plain = algorithm.generate().expect("a key");
        assert!(
            holds(&plain),
            "{name}: this is how a key in clear would look"
        );

        let server = TestServer::with(&[("tokens.algorithm", name)]).await;
        let row = key_row(&server).await;
        assert_eq!(row.algorithm, name);
        assert!(!holds(&row.sealed));
        assert!(
            (0..row.sealed.len())
                .all(|at| SigningKey::from_pkcs8(algorithm, &row.sealed[at..]).is_err())
        );
    }
}

#[tokio::test]
async fn a_server_with_another_secret_does_not_start_and_names_the_key() {
    let server = TestServer::start().await;
    let kid = key_row(&server).await.kid;
    let refused = server
        .another_with(&[("secret", &"ab".repeat(32))])
        .await
        .err()
        .expect("a refusal");
    let told = refused.to_string();
    assert!(told.contains(&kid) && told.contains("secret"), "{told}");
    assert_eq!(
        server.count::<signing_key::Entity>().await,
        1,
        "and makes no other key"
    );
    server.another().await;
}

#[tokio::test]
async fn an_altered_key_keeps_the_server_from_starting() {
    let server = TestServer::start().await;
    server
        .execute("UPDATE signing_keys SET kid = 'renamed'")
        .await;
    let refused = server.another_with(&[]).await.err().expect("a refusal");
    assert!(refused.to_string().contains("renamed"), "{refused}");
}

#[tokio::test]
async fn a_restart_keeps_the_key_and_signs_nobody_out() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let restarted = server.another().await;
    assert_eq!(jwks(&restarted).await, jwks(&server).await);
    assert_signed_in(&restarted, &tokens).await;
}

#[tokio::test]
async fn a_new_secret_before_the_old_one_signs_nobody_out_and_loses_no_code() {
    let server = TestServer::start().await;
    let (_, tokens) = server.signed_in(ADA).await;
    let code = server.code_for(&email("bob@example.com")).await;

    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(file, "{}\n{}", "ab".repeat(32), "5e".repeat(32)).expect("written");
    let path = file.path().to_str().expect("a path");
    let server = server
        .another_with(&[("secret_file", path)])
        .await
        .expect("a server");
    assert_signed_in(&server, &tokens).await;
    let bob = server
        .anonymous()
        .verify_otp(email("bob@example.com"), &code.code, Some(&code.token))
        .await;
    assert_eq!(
        bob.data("verifyOtp/user/email"),
        "bob@example.com",
        "{}",
        bob.text
    );
    server.advance(Duration::from_mins(1));
    server.signed_in(ADA).await;
}

/// The access token opens `me`, the refresh token the next pair.
async fn assert_signed_in(server: &TestServer, tokens: &Tokens) -> Tokens {
    let me = server.anonymous().with_bearer(&tokens.access).me().await;
    assert_eq!(me.data("me/email"), ADA, "{}", me.text);
    let refreshed = server.anonymous().refresh(&tokens.refresh).await;
    assert_eq!(refreshed.data("refreshToken/userErrors"), &json!([]));
    Tokens::of(&refreshed, "refreshToken")
}

async fn key_row(server: &TestServer) -> signing_key::Model {
    let row = signing_key::Entity::find()
        .one(server.app.store.pool())
        .await;
    row.expect("the database answers").expect("a key")
}

async fn jwks(server: &TestServer) -> Vec<Value> {
    let answer = server.anonymous().get("/.well-known/jwks.json").await;
    answer.json["keys"].as_array().expect("a key set").clone()
}

/// What a JWT says about itself.
fn header(token: &str) -> Value {
    let encoded = token.split('.').next().expect("a header");
    let decoded = URL_SAFE_NO_PAD.decode(encoded).expect("base64url");
    serde_json::from_slice(&decoded).expect("JSON")
}

/// The name of the key that has signed `token`.
fn kid(token: &str) -> String {
    header(token)["kid"].as_str().expect("a kid").to_owned()
}

/// The same, as commands read it.
fn named(token: &str) -> Kid {
    Kid::parse(&kid(token)).expect("a thumbprint")
}

/// The names of the public keys.
async fn kids(server: &TestServer) -> BTreeSet<String> {
    let keys = jwks(server).await;
    keys.iter()
        .map(|key| key["kid"].as_str().expect("a kid").to_owned())
        .collect()
}

/// What the keeper does every few seconds.
async fn keep(server: &TestServer) {
    server.app.keeper.keep().await.expect("the keys are kept");
}

/// What commands work with, on the database of `server`.
fn vault(server: &TestServer) -> Vault {
    let secret = ServerSecret::parse(SECRET).expect("a secret");
    Vault {
        store: server.app.store.clone(),
        sealer: Sealer::new(&ServerSecrets::new(vec![secret]).expect("one")),
        algorithm: Algorithm::Es256,
        policy: RotationPolicy {
            every: 30 * DAY,
            publish_before: DAY,
        },
        clock: Arc::new(server.clock.clone()),
        entropy: Arc::new(SeededEntropy::new(1_000)),
    }
}

/// Who `token` opens `me` to on `server`, or why to nobody.
async fn shown(server: &TestServer, token: &str) -> String {
    let me = server.anonymous().with_bearer(token).me().await;
    let email = me.data("me/email").as_str().or(me.reason());
    email.unwrap_or_else(|| panic!("{}", me.text)).to_owned()
}
