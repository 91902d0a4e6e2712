//! Keeping the keys in the background: each instance follows the database, and makes, retires and
//! seals anew what is due. Whoever is first does it for all.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::KeyError;
use super::vault::{Vault, timeline};
use crate::domain::Timestamp;
use crate::domain::audit::Rotated;
use crate::domain::rotation::{KeyState, OUTLIVES, Timeline};
use crate::store::keys::{self, SealedKey};
use crate::tokens::{KeyRing, RingHolder};

/// How often to look at the table, which has a handful of rows.
const INTERVAL: Duration = Duration::from_secs(5);
/// How soon after a look for a key that nobody here knows there may be another: whoever makes up
/// keys must not make us look at every request.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// How long a key is kept after it is over: so far may the clocks of instances be apart.
const KEEP: Duration = Duration::from_hours(1);
/// How long an instance runs before it seals keys anew: by then those that were started before it,
/// with fewer secrets, were started again, too.
const SETTLED: Duration = Duration::from_hours(1);

/// Keeps the keys of one instance.
pub struct Keeper {
    vault: Vault,
    ring: Arc<RingHolder>,
    started_at: Timestamp,
    /// Held from the reading of rows to the swap of the ring, so that none is swapped for an older.
    looking: Mutex<Looking>,
}

#[derive(Default)]
struct Looking {
    /// When somebody last showed a key that was not known.
    last: Timestamp,
    /// Rows that cannot be opened, and were complained about.
    unreadable: BTreeSet<String>,
}

impl Keeper {
    /// Opens the keys in the database, making the first if there is none, and the next if the
    /// newest is not of the algorithm that is wanted. Instances that start at the same moment
    /// agree on one.
    ///
    /// # Errors
    /// When the database fails, or a key in it that verifies cannot be opened.
    pub async fn open(vault: Vault) -> Result<Self, KeyError> {
        let now = vault.clock.now();
        let mut rows = vault.rows().await?;
        let (mut ring, mut unreadable) = opened(&vault, &rows, None, now);
        if unreadable.is_empty()
            && let Some((begins, because)) = due_at_start(&vault, &timeline(&rows), now)
        {
            vault.add(&rows, begins, because).await?;
            // Read back: another instance may have been faster.
            rows = vault.rows().await?;
            (ring, unreadable) = opened(&vault, &rows, None, now);
        }
        if let Some(error) = unreadable.pop() {
            return Err(error);
        }
        Ok(Self {
            ring: Arc::new(RingHolder::new(ring.ok_or(KeyError::Generation)?)),
            started_at: now,
            looking: Mutex::default(),
            vault,
        })
    }

    /// Where the ring of this instance is.
    #[must_use]
    pub fn ring(&self) -> &Arc<RingHolder> {
        &self.ring
    }

    /// Keeps them until `stop`.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut is_well = true;
        while !stop.is_cancelled() {
            // A panic is one look's: the next one goes on.
            let kept = AssertUnwindSafe(self.keep()).catch_unwind().await;
            match &kept {
                Ok(Err(error)) if is_well => {
                    tracing::error!(%error, "the signing keys cannot be kept, and stay as they are");
                }
                Err(_) if is_well => tracing::error!("keeping the signing keys panicked"),
                _ => {}
            }
            is_well = matches!(kept, Ok(Ok(())));
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Looks at the table once, and does what is due.
    ///
    /// # Errors
    /// When the database fails, or a key cannot be made. The ring stays as it is.
    pub async fn keep(&self) -> Result<(), KeyError> {
        let vault = &self.vault;
        let now = vault.clock.now();
        let mut rows = self.look(&mut *self.looking.lock().await, now).await?;
        if let Some(begins) = vault.policy.due(&timeline(&rows), now) {
            vault.add(&rows, begins, Some(Rotated::Scheduled)).await?;
            rows = self.look(&mut *self.looking.lock().await, now).await?;
        }
        let signs_since = self
            .ring
            .current()
            .timeline()
            .signer(now)
            .map(|key| key.activates_at);
        if let Some(since) = signs_since {
            metrics::gauge!("countersign_signing_key_age_seconds")
                .set(now.since(since).as_secs_f64());
        }
        self.forget(&rows, now).await?;
        if now >= self.started_at + SETTLED {
            self.seal_anew(&rows, now).await?;
        }
        Ok(())
    }

    /// Looks at the table because somebody shows a token by a key that is not known here, or not
    /// known to be revoked; at most once a second.
    pub async fn look_again(&self) {
        let mut looking = self.looking.lock().await;
        let now = self.vault.clock.now();
        if now >= looking.last && now.since(looking.last) < BETWEEN_LOOKS {
            return;
        }
        looking.last = now;
        if let Err(error) = self.look(&mut looking, now).await {
            tracing::warn!(%error, "the signing keys cannot be read");
        }
    }

    /// Has the keys in the table in force here, and gives them. A row that cannot be opened, since
    /// its secret is not known here yet, takes nothing from those that are open.
    async fn look(
        &self,
        looking: &mut Looking,
        now: Timestamp,
    ) -> Result<Vec<SealedKey>, KeyError> {
        let rows = self.vault.rows().await?;
        let (ring, unreadable) = opened(&self.vault, &rows, Some(&self.ring.current()), now);
        for error in unreadable {
            if looking.unreadable.insert(error.to_string()) {
                tracing::error!(%error, "a signing key cannot be opened, and is not used here");
            }
        }
        if let Some(ring) = ring {
            self.ring.swap(ring);
        }
        Ok(rows)
    }

    /// Deletes keys whose last token has expired, an hour later.
    async fn forget(&self, rows: &[SealedKey], now: Timestamp) -> Result<(), KeyError> {
        let timeline = timeline(rows);
        for SealedKey { dates, .. } in rows {
            let is_over = match dates.revoked_at {
                Some(revoked_at) => revoked_at + OUTLIVES + KEEP < now,
                None => timeline.state(&dates.kid, now - KEEP) == KeyState::Over,
            };
            if is_over && keys::delete(self.vault.store.pool(), &dates.kid).await? {
                tracing::info!(kid = %dates.kid, "a signing key was forgotten: its last token has expired");
            }
        }
        Ok(())
    }

    /// Seals under the newest secret what was sealed under an older one, so that the older can go.
    async fn seal_anew(&self, rows: &[SealedKey], now: Timestamp) -> Result<(), KeyError> {
        let vault = &self.vault;
        let timeline = timeline(rows);
        for row in rows {
            let kid = &row.dates.kid;
            if !timeline.state(kid, now).verifies() {
                continue;
            }
            let Some((secret_id, sealed)) = vault.sealer.reseal(&row.secret_id, kid, &row.sealed)
            else {
                continue;
            };
            let secret_id = secret_id.as_str();
            if keys::reseal(vault.store.pool(), row, secret_id, sealed).await? {
                tracing::info!(%kid, secret_id, "a signing key was sealed under the newest secret");
            }
        }
        Ok(())
    }
}

/// The ring of the keys in `rows` that verify, and why some of them are not in it. What is open
/// already is not opened again: one name is one key.
fn opened(
    vault: &Vault,
    rows: &[SealedKey],
    known: Option<&KeyRing>,
    now: Timestamp,
) -> (Option<KeyRing>, Vec<KeyError>) {
    let timeline = timeline(rows);
    let (mut opened, mut unreadable) = (Vec::new(), Vec::new());
    for row in rows {
        let kid = &row.dates.kid;
        if !timeline.state(kid, now).verifies() {
            continue;
        }
        match known.and_then(|ring| ring.opened(kid)) {
            Some(key) => opened.push(Arc::clone(key)),
            None => match vault.open(row) {
                Ok(key) => opened.push(Arc::new(key)),
                Err(error) => unreadable.push(error),
            },
        }
    }
    (KeyRing::new(timeline, opened), unreadable)
}

/// A key that has to be made before the first token: there is none, or the configuration has just
/// got another algorithm. Only at the start, since instances that were configured differently
/// would else make keys against each other.
fn due_at_start(
    vault: &Vault,
    timeline: &Timeline,
    now: Timestamp,
) -> Option<(Timestamp, Option<Rotated>)> {
    match timeline.newest() {
        None => Some((now, None)),
        Some(newest) if newest.algorithm != vault.algorithm.as_str() => {
            let begins = vault.policy.after_all(timeline, now);
            Some((begins, Some(Rotated::Algorithm)))
        }
        Some(_) => None,
    }
}
