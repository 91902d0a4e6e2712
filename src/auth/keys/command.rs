//! What an operator tells the keys to do, by the command line.

use sea_orm::DatabaseTransaction;

use super::KeyError;
use super::vault::{Vault, timeline};
use crate::domain::audit::{Rotated, What};
use crate::domain::rotation::{KeyDates, Timeline};
use crate::domain::{Kid, Timestamp};
use crate::store::keys;

/// When the next key shall begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// When everybody can have read it.
    Published,
    /// At once, read or not.
    Now,
}

/// What became of a revocation.
#[derive(Debug)]
pub enum Revoked {
    /// There is no such key.
    Unknown,
    /// It was revoked before.
    Already(Timestamp),
    /// It is revoked. This one signs.
    Done(KeyDates),
}

impl Vault {
    /// Has the next key begin, and makes it if there is none. Gives the key; one that waits
    /// already is left to its time.
    ///
    /// # Errors
    /// When the database fails, or no key can be made.
    pub async fn rotate(&self, begins: Begins) -> Result<KeyDates, KeyError> {
        loop {
            let (rows, now) = (self.rows().await?, self.clock.now());
            let timeline = timeline(&rows);
            match (begins, timeline.next(now)) {
                (Begins::Published, Some(next)) => return Ok(next.clone()),
                (Begins::Published, None) => {
                    let begins = match timeline.newest() {
                        Some(_) => now + self.policy.publish_before,
                        None => now,
                    };
                    self.add(&rows, begins, Some(Rotated::Commanded)).await?;
                }
                (Begins::Now, Some(_)) => {
                    if self.store.retrying(|| self.activate(now)).await? {
                        return self.signer().await;
                    }
                }
                (Begins::Now, None) => {
                    if self.add(&rows, now, Some(Rotated::Commanded)).await? {
                        return self.signer().await;
                    }
                }
            }
            // Made, here or there: look what there is.
        }
    }

    /// Revokes the key named `kid`. If it is the one that signs, those that wait begin at once, or
    /// else a new one does, in the same transaction.
    ///
    /// # Errors
    /// When the database fails, or no key can be made.
    pub async fn revoke(&self, kid: Kid) -> Result<Revoked, KeyError> {
        let is_revoked = self.store.retrying(|| self.try_to_revoke(kid)).await?;
        if is_revoked {
            return Ok(Revoked::Done(self.signer().await?));
        }
        let rows = self.rows().await?;
        let row = rows.iter().find(|row| row.dates.kid == kid.to_string());
        Ok(match row.and_then(|row| row.dates.revoked_at) {
            Some(at) => Revoked::Already(at),
            None => Revoked::Unknown,
        })
    }

    async fn activate(&self, now: Timestamp) -> Result<bool, KeyError> {
        let tx = self.store.begin().await?;
        let is_activated = keys::activate_waiting(&tx, now).await?;
        if is_activated {
            self.record(&tx, What::KeyRotated(Rotated::Commanded))
                .await?;
        }
        tx.commit().await?;
        Ok(is_activated)
    }

    async fn try_to_revoke(&self, kid: Kid) -> Result<bool, KeyError> {
        let tx = self.store.begin().await?;
        let now = self.clock.now();
        // First: what the others do with this key, they do before or after all of this.
        if !keys::revoke(&tx, kid, now).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        self.replace(&tx, kid, now).await?;
        self.record(&tx, What::KeyRevoked).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Has another key sign in the place of `revoked`, if that was the one that did.
    async fn replace(
        &self,
        tx: &DatabaseTransaction,
        revoked: Kid,
        now: Timestamp,
    ) -> Result<(), KeyError> {
        let revoked = revoked.to_string();
        let mut rows = keys::all(tx).await?;
        let as_it_was = rows.iter().map(|row| {
            let mut dates = row.dates.clone();
            dates.revoked_at = dates.revoked_at.filter(|_| dates.kid != revoked);
            dates
        });
        let before = Timeline::new(as_it_was);
        if before.signer(now).is_none_or(|key| key.kid != revoked) {
            return Ok(());
        }
        // Those that wait are known everywhere already.
        while !keys::activate_waiting(tx, now).await?
            && !keys::insert_if_absent(tx, self.make(&rows, now)?).await?
        {
            rows = keys::all(tx).await?;
        }
        Ok(())
    }

    async fn signer(&self) -> Result<KeyDates, KeyError> {
        let (rows, now) = (self.rows().await?, self.clock.now());
        let signer = timeline(&rows).signer(now).cloned();
        signer.ok_or(KeyError::Generation)
    }
}
