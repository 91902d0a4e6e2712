//! The keys that sign access tokens, shared by all instances.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    /// The `kid`: the public key's RFC 7638 thumbprint.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// `ES256`, `EdDSA` or `RS256`.
    pub algorithm: String,
    /// 1 for an algorithm's first key. Unique with it, so that two instances that start at once
    /// agree on one key.
    pub serial: i32,
    /// Names the server secret that the key is sealed under.
    pub secret_id: String,
    /// Nonce and ciphertext of the private key.
    pub sealed: Vec<u8>,
    pub created_at: i64,
    /// From when on it signs. 0, so at once, where a version that does not know this made it.
    pub activates_at: i64,
    pub revoked_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
