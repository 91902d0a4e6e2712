//! Rows of `signing_keys`.

use entity::signing_key::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, Set,
};

use crate::domain::rotation::KeyDates;
use crate::domain::{Kid, Timestamp};

/// A signing key at rest.
#[derive(Clone, Debug)]
pub struct SealedKey {
    /// Its name, and when it is used.
    pub dates: KeyDates,
    /// Names the server secret that it is sealed under.
    pub secret_id: String,
    /// The nonce and the ciphertext of its private half.
    pub sealed: Vec<u8>,
}

/// All keys.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<SealedKey>, DbErr> {
    let rows = Entity::find().all(db).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Keeps `key`, unless another instance was faster to make the key of that algorithm and serial.
///
/// # Errors
/// When the database fails.
pub async fn insert_if_absent(db: &impl ConnectionTrait, key: SealedKey) -> Result<bool, DbErr> {
    let SealedKey {
        dates,
        secret_id,
        sealed,
    } = key;
    let row = ActiveModel {
        kid: Set(dates.kid),
        algorithm: Set(dates.algorithm),
        serial: Set(dates.serial),
        secret_id: Set(secret_id),
        sealed: Set(sealed),
        created_at: Set(dates.created_at.as_micros()),
        activates_at: Set(dates.activates_at.as_micros()),
        revoked_at: Set(None),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(inserted == 1)
}

/// Has the keys that wait begin now, and tells whether there were any.
///
/// # Errors
/// When the database fails.
pub async fn activate_waiting(db: &impl ConnectionTrait, now: Timestamp) -> Result<bool, DbErr> {
    let activated = Entity::update_many()
        .col_expr(Column::ActivatesAt, now.as_micros().into())
        .filter(Column::ActivatesAt.gt(now.as_micros()))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(activated.rows_affected > 0)
}

/// Revokes a key, once. `false` when there is none of that name that is not revoked.
///
/// # Errors
/// When the database fails.
pub async fn revoke(db: &impl ConnectionTrait, kid: Kid, now: Timestamp) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, now.as_micros().into())
        .filter(Column::Kid.eq(kid.to_string()))
        .filter(Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(revoked.rows_affected == 1)
}

/// Whether tokens by a key count: it is there, and not revoked.
///
/// # Errors
/// When the database fails.
pub async fn is_in_force(db: &impl ConnectionTrait, kid: Kid) -> Result<bool, DbErr> {
    let found = Entity::find().filter(kept(kid)).count(db).await?;
    Ok(found > 0)
}

/// Puts `sealed` in the place of what was sealed under `key`'s secret, unless somebody was faster.
///
/// # Errors
/// When the database fails.
pub async fn reseal(
    db: &impl ConnectionTrait,
    key: &SealedKey,
    secret_id: &str,
    sealed: Vec<u8>,
) -> Result<bool, DbErr> {
    let resealed = Entity::update_many()
        .col_expr(Column::SecretId, secret_id.into())
        .col_expr(Column::Sealed, sealed.into())
        .filter(Column::Kid.eq(key.dates.kid.as_str()))
        .filter(Column::SecretId.eq(key.secret_id.as_str()))
        .exec(db)
        .await?;
    Ok(resealed.rows_affected == 1)
}

/// Forgets a key.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &impl ConnectionTrait, kid: &str) -> Result<bool, DbErr> {
    let deleted = Entity::delete_by_id(kid).exec(db).await?;
    Ok(deleted.rows_affected == 1)
}

/// For a statement that believes a token signed by `kid`: that the key is there, and not revoked.
pub(super) fn in_force(kid: Kid) -> Condition {
    let query = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .cond_where(kept(kid))
        .to_owned();
    Condition::all().add(Expr::exists(query))
}

fn kept(kid: Kid) -> Condition {
    Condition::all()
        .add(Column::Kid.eq(kid.to_string()))
        .add(Column::RevokedAt.is_null())
}

fn read(row: Model) -> SealedKey {
    let created_at = Timestamp::from_micros(row.created_at);
    // A version that knows nothing of beginnings begins at once.
    let activates_at = match row.activates_at {
        0 => created_at,
        micros => Timestamp::from_micros(micros),
    };
    SealedKey {
        dates: KeyDates {
            kid: row.kid,
            algorithm: row.algorithm,
            serial: row.serial,
            created_at,
            activates_at,
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
        },
        secret_id: row.secret_id,
        sealed: row.sealed,
    }
}
