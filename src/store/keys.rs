//! Rows of `signing_keys`.

use entity::signing_key::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder, Set};

use crate::domain::Timestamp;

/// A signing key at rest.
#[derive(Clone, Debug)]
pub struct SealedKey {
    /// The public key's thumbprint.
    pub kid: String,
    /// What it signs with, by its name in a JOSE header.
    pub algorithm: String,
    /// 1 for the algorithm's first key.
    pub serial: i32,
    /// Names the server secret that it is sealed under.
    pub secret_id: String,
    /// The nonce and the ciphertext of its private half.
    pub sealed: Vec<u8>,
}

/// All keys, newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<SealedKey>, DbErr> {
    let rows = Entity::find().order_by_desc(Column::Serial).all(db).await?;
    let read = |row: entity::signing_key::Model| SealedKey {
        kid: row.kid,
        algorithm: row.algorithm,
        serial: row.serial,
        secret_id: row.secret_id,
        sealed: row.sealed,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps `key`, unless another instance was faster to make the key of that algorithm and serial.
///
/// # Errors
/// When the database fails.
pub async fn insert_if_absent(
    db: &impl ConnectionTrait,
    key: SealedKey,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        kid: Set(key.kid),
        algorithm: Set(key.algorithm),
        serial: Set(key.serial),
        secret_id: Set(key.secret_id),
        sealed: Set(key.sealed),
        created_at: Set(now.as_micros()),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await
        .map(drop)
}
