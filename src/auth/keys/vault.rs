//! Opening the keys in the database, and adding to them.

use std::sync::Arc;

use sea_orm::ConnectionTrait;

use super::KeyError;
use crate::auth::audit::count;
use crate::domain::audit::{Event, Rotated, What};
use crate::domain::rotation::{KeyDates, KeyState, RotationPolicy, Timeline};
use crate::domain::{Clock, Entropy, Timestamp};
use crate::store::keys::{self, SealedKey};
use crate::store::{Store, audit};
use crate::tokens::{Algorithm, Sealer, SigningKey};

/// The keys in the database, and what it takes to open and to make them.
pub struct Vault {
    /// The database.
    pub store: Store,
    /// Opens and seals private keys.
    pub sealer: Sealer,
    /// What the next key is for.
    pub algorithm: Algorithm,
    /// How often there is a next key.
    pub policy: RotationPolicy,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// For the ids of events.
    pub entropy: Arc<dyn Entropy>,
}

/// A key, for people to look at.
#[derive(Debug)]
pub struct Listed {
    /// Its name, and when it is used.
    pub dates: KeyDates,
    /// What it is good for.
    pub state: KeyState,
    /// Whether it is sealed under the newest server secret.
    pub is_sealed_anew: bool,
}

impl Vault {
    /// All keys, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self) -> Result<Vec<Listed>, KeyError> {
        let (rows, now) = (self.rows().await?, self.clock.now());
        let timeline = timeline(&rows);
        let newest = self.sealer.newest().as_str();
        let listed = rows.into_iter().map(|row| Listed {
            state: timeline.state(&row.dates.kid, now),
            is_sealed_anew: row.secret_id == newest,
            dates: row.dates,
        });
        let mut listed: Vec<_> = listed.collect();
        listed.sort_by_key(|key| std::cmp::Reverse((key.dates.activates_at, key.dates.created_at)));
        Ok(listed)
    }

    /// Opens every key that verifies, to see whether the secrets do. Makes none.
    ///
    /// # Errors
    /// When they do not.
    pub async fn check(&self) -> Result<(), KeyError> {
        let (rows, now) = (self.rows().await?, self.clock.now());
        let timeline = timeline(&rows);
        let mut verifying = rows
            .iter()
            .filter(|row| timeline.state(&row.dates.kid, now).verifies());
        verifying.try_for_each(|row| self.open(row).map(drop))
    }

    pub(super) async fn rows(&self) -> Result<Vec<SealedKey>, KeyError> {
        Ok(keys::all(self.store.pool()).await?)
    }

    pub(super) fn open(&self, row: &SealedKey) -> Result<SigningKey, KeyError> {
        let (kid, secret_id) = (&row.dates.kid, &row.secret_id);
        let unreadable = || KeyError::Sealed {
            kid: kid.clone(),
            secret_id: secret_id.clone(),
        };
        let algorithm = Algorithm::parse(&row.dates.algorithm).ok_or_else(unreadable)?;
        let private = self
            .sealer
            .open(secret_id, kid, &row.sealed)
            .ok_or_else(unreadable)?;
        SigningKey::from_pkcs8(algorithm, &private).map_err(|_| unreadable())
    }

    /// Adds a key that begins at `activates_at`, and the event that it is, in one transaction.
    /// `false` when another instance was faster.
    pub(super) async fn add(
        &self,
        rows: &[SealedKey],
        activates_at: Timestamp,
        because: Option<Rotated>,
    ) -> Result<bool, KeyError> {
        let key = self.make(rows, activates_at)?;
        let add = async || {
            let tx = self.store.begin().await?;
            let is_added = keys::insert_if_absent(&tx, key.clone()).await?;
            if let Some(because) = because.filter(|_| is_added) {
                self.record(&tx, What::KeyRotated(because)).await?;
            }
            tx.commit().await?;
            Ok::<_, KeyError>(is_added)
        };
        let is_added = self.store.retrying(add).await?;
        if is_added {
            let (kid, begins) = (&key.dates.kid, activates_at);
            tracing::info!(%kid, %begins, "a signing key was made");
        }
        Ok(is_added)
    }

    /// The key that follows those in `rows`, not kept yet.
    pub(super) fn make(
        &self,
        rows: &[SealedKey],
        activates_at: Timestamp,
    ) -> Result<SealedKey, KeyError> {
        let algorithm = self.algorithm.as_str();
        let same = rows.iter().filter(|row| row.dates.algorithm == algorithm);
        let last = same.map(|row| row.dates.serial).max().unwrap_or_default();
        let failed = |_| KeyError::Generation;
        let private = self.algorithm.generate().map_err(failed)?;
        let key = SigningKey::from_pkcs8(self.algorithm, &private);
        let kid = key.map_err(|_| KeyError::Generation)?.kid().to_string();
        let (secret_id, sealed) = self.sealer.seal(&kid, &private);
        Ok(SealedKey {
            secret_id: secret_id.as_str().to_owned(),
            sealed,
            dates: KeyDates {
                kid,
                algorithm: algorithm.to_owned(),
                serial: last + 1,
                created_at: self.clock.now(),
                activates_at,
                revoked_at: None,
            },
        })
    }

    /// Writes an event down at once: nobody waits for these, and a command has no scribe.
    pub(super) async fn record(
        &self,
        db: &impl ConnectionTrait,
        what: What,
    ) -> Result<(), KeyError> {
        count(what);
        let now = self.clock.now();
        let event = Event::unasked(self.entropy.id(now), now, what);
        Ok(audit::insert(db, &[event]).await?)
    }
}

pub(super) fn timeline(rows: &[SealedKey]) -> Timeline {
    Timeline::new(rows.iter().map(|row| row.dates.clone()))
}
