//! Finding, or making, the keys that sign access tokens.

use sea_orm::DbErr;

use crate::domain::Clock;
use crate::store::Store;
use crate::store::keys::{self, SealedKey};
use crate::tokens::{Algorithm, KeyRing, Sealer, SigningKey};

/// Why there are no keys to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    /// A key cannot be read: its server secret is gone, or the row was altered.
    #[error(
        "signing key {kid} was sealed under server secret {secret_id}, which is not configured \
         (or the row was altered): add the secret that the server ran with before to `secret`, \
         after the new one"
    )]
    Sealed {
        /// Which key.
        kid: String,
        /// Which secret.
        secret_id: String,
    },
    /// A key could not be made.
    #[error("no signing key could be made")]
    Generation,
}

/// Opens the keys in the database, making the first of `algorithm` if there is none. Instances
/// that start at the same moment agree on one.
///
/// # Errors
/// When the database fails, or a key in it cannot be opened.
pub async fn open_key_ring(
    store: &Store,
    sealer: &Sealer,
    algorithm: Algorithm,
    clock: &dyn Clock,
) -> Result<KeyRing, KeyError> {
    if let Some(ring) = read_key_ring(store, sealer, algorithm).await? {
        return Ok(ring);
    }
    let key = make_first(sealer, algorithm)?;
    keys::insert_if_absent(store.pool(), key, clock.now()).await?;
    // Read back: another instance may have been faster.
    read_key_ring(store, sealer, algorithm)
        .await?
        .ok_or(KeyError::Generation)
}

/// Opens the keys in the database. `None` when none of them is for `algorithm`.
///
/// # Errors
/// When the database fails, or a key in it cannot be opened.
pub async fn read_key_ring(
    store: &Store,
    sealer: &Sealer,
    algorithm: Algorithm,
) -> Result<Option<KeyRing>, KeyError> {
    let rows = keys::all(store.pool()).await?;
    let opened: Result<Vec<_>, _> = rows.iter().map(|key| open(sealer, key)).collect();
    let mut opened = opened?;
    // Newest first: the first of the algorithm signs.
    let Some(at) = opened.iter().position(|key| key.algorithm() == algorithm) else {
        return Ok(None);
    };
    let active = opened.remove(at);
    Ok(Some(KeyRing::new(active, opened)))
}

fn open(sealer: &Sealer, key: &SealedKey) -> Result<SigningKey, KeyError> {
    let unreadable = || KeyError::Sealed {
        kid: key.kid.clone(),
        secret_id: key.secret_id.clone(),
    };
    let algorithm = Algorithm::parse(&key.algorithm).ok_or_else(unreadable)?;
    let private = sealer
        .open(&key.secret_id, &key.kid, &key.sealed)
        .ok_or_else(unreadable)?;
    SigningKey::from_pkcs8(algorithm, &private).map_err(|_| unreadable())
}

fn make_first(sealer: &Sealer, algorithm: Algorithm) -> Result<SealedKey, KeyError> {
    let private = algorithm.generate().map_err(|_| KeyError::Generation)?;
    let key = SigningKey::from_pkcs8(algorithm, &private).map_err(|_| KeyError::Generation)?;
    let (secret_id, body) = sealer.seal(key.kid(), &private);
    Ok(SealedKey {
        kid: key.kid().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        serial: 1,
        secret_id: secret_id.as_str().to_owned(),
        sealed: body,
    })
}
