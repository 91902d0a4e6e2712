//! A JWT with its seams open.

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::domain::ServerSecrets;
use countersign::domain::secret::ServerSecret;
use countersign::tokens::{Algorithm, Sealer};
use sea_orm::EntityTrait;
use serde_json::Value;
use uuid::Uuid;

use crate::support::{SECRET, TestServer};

/// A token in its parts, to be altered and signed by whoever likes to.
#[derive(Clone)]
pub struct Jwt {
    pub header: Value,
    pub claims: Value,
    /// As it was.
    pub signature: String,
}

impl Jwt {
    /// Takes `token` apart.
    pub fn read(token: &str) -> Self {
        let parts: Vec<&str> = token.split('.').collect();
        let json = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).expect("base64url");
            serde_json::from_slice(&bytes).expect("JSON")
        };
        let signature = parts[2].to_owned();
        Self {
            header: json(parts[0]),
            claims: json(parts[1]),
            signature,
        }
    }

    /// With another value in the header, or with none when it is null.
    pub fn header(&self, name: &str, value: impl Into<Value>) -> Self {
        let mut altered = self.clone();
        set(&mut altered.header, name, value.into());
        altered
    }

    /// With another claim, or without it when it is null.
    pub fn claim(&self, name: &str, value: impl Into<Value>) -> Self {
        let mut altered = self.clone();
        set(&mut altered.claims, name, value.into());
        altered
    }

    /// With the mark of its claims; as it is where one of them is not what it should be.
    pub fn marked_by(&self, pkcs8: &[u8]) -> Self {
        match mark(&self.claims, pkcs8) {
            Some(mark) => self.claim("jti", mark.to_string()),
            None => self.clone(),
        }
    }

    /// Marked and signed, as the server itself does it.
    pub fn issued_by(&self, pkcs8: &[u8]) -> String {
        self.marked_by(pkcs8).signed_by(pkcs8)
    }

    /// Signed by ES256, whatever the header says.
    pub fn signed_by(&self, pkcs8: &[u8]) -> String {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).expect("a key");
        let signature = key.sign(&SystemRandom::new(), self.message().as_bytes());
        self.with_signature(&URL_SAFE_NO_PAD.encode(signature.expect("a signature")))
    }

    /// Signed by HMAC-SHA256, whatever the header says.
    pub fn signed_with_secret(&self, secret: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let tag = hmac::sign(&key, self.message().as_bytes());
        self.with_signature(&URL_SAFE_NO_PAD.encode(tag))
    }

    /// With this for a signature.
    pub fn with_signature(&self, signature: &str) -> String {
        format!("{}.{signature}", self.message())
    }

    fn message(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }
}

/// The mark that belongs to `claims` (decision 35).
fn mark(claims: &Value, pkcs8: &[u8]) -> Option<Uuid> {
    let id = |name: &str| Uuid::parse_str(claims[name].as_str()?).ok();
    id("jti")?;
    let seconds = |name: &str| Some(claims[name].as_i64()?.to_be_bytes());
    let marked = [
        id("sub")?.as_bytes().as_slice(),
        id("sid")?.as_bytes(),
        &seconds("iat")?,
        &seconds("nbf")?,
        &seconds("exp")?,
    ]
    .concat();
    let root = Salt::new(HKDF_SHA256, b"countersign").extract(pkcs8);
    let key = root.expand(&[b"access token mark"], hmac::HMAC_SHA256);
    let tag = hmac::sign(&key.expect("a key").into(), &marked);
    let mark = tag.as_ref()[..16].try_into().expect("16 bytes");
    Some(Uuid::new_v8(mark))
}

fn set(object: &mut Value, name: &str, value: Value) {
    let members = object.as_object_mut().expect("an object");
    match value {
        Value::Null => members.remove(name),
        value => members.insert(name.to_owned(), value),
    };
}

/// The private key that `server` signs with, out of its database.
pub async fn private_key(server: &TestServer) -> Vec<u8> {
    let rows = entity::signing_key::Entity::find()
        .all(server.app.store.pool())
        .await;
    let rows = rows.expect("the database answers");
    let [row] = &rows[..] else {
        panic!("{} keys", rows.len())
    };
    let secret = ServerSecret::parse(SECRET).expect("a secret");
    let sealer = Sealer::new(&ServerSecrets::new(vec![secret]).expect("one"));
    let key = sealer.open(&row.secret_id, &row.kid, &row.sealed);
    key.expect("the key opens").to_vec()
}

/// A private key that nobody here has ever heard of.
pub fn foreign_key() -> Vec<u8> {
    Algorithm::Es256.generate().expect("randomness").to_vec()
}
