//! `countersign audit tail` and `countersign audit export`. Both read the database, and change
//! nothing.

mod record;
mod since;

use std::io::{self, ErrorKind, Write};
use std::time::Duration;

use sea_orm::DbErr;
use uuid::Uuid;

pub(super) use self::since::Since;
use super::failure::Failure;
use crate::config::Config;
use crate::domain::audit::Event;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::contact_hash::{ContactHash, ContactHasher};
use crate::domain::{Contact, Timestamp, sequence};
use crate::server;
use crate::store::{Store, audit};

/// How many events `tail` begins with.
const TAIL: u64 = 50;
/// Events in memory at once.
const PAGE: u64 = 500;
/// How often `--follow` looks.
const POLL: Duration = Duration::from_secs(1);
/// `--follow` shows events only after this long: by then every instance has written its own, and
/// none comes in before one that was shown.
const LAG: Duration = Duration::from_secs(1);

/// Prints the last events, and with `follow` those to come.
pub(super) async fn tail(config: &Config, follow: bool) -> Result<(), Failure> {
    with_store(config, async |store| {
        let lag = if follow { LAG } else { Duration::ZERO };
        let until = SystemClock.now() - lag;
        let events = audit::last(store.pool(), until, TAIL).await?;
        let mut after = print(&events, record::line)?.unwrap_or_else(|| sequence::floor(until));
        if !follow {
            return Ok(());
        }
        loop {
            tokio::time::sleep(POLL).await;
            after = all(store, after, SystemClock.now() - lag, None, record::line).await?;
        }
    })
    .await
}

/// Prints all events `since` then, one JSON object in each line; only those at `contact`, if one is
/// given.
pub(super) async fn export(
    config: &Config,
    since: Since,
    contact: Option<&str>,
) -> Result<(), Failure> {
    let contacts = match contact {
        Some(text) => Some(hashes(config, text)?),
        None => None,
    };
    let now = SystemClock.now();
    let first = sequence::floor(since.before(now));
    with_store(config, async |store| {
        all(store, first, now, contacts.as_deref(), record::json).await?;
        Ok(())
    })
    .await
}

/// Under each of the secrets: an event keeps the hash of the one that was newest then.
fn hashes(config: &Config, text: &str) -> Result<Vec<ContactHash>, Failure> {
    let Some(contact) = Contact::parse(text, config.phone.default_region) else {
        let what = "--contact is neither an e-mail address nor a telephone number";
        return Err(Failure::failed(what));
    };
    let secrets = server::secrets(config).map_err(Failure::failed)?;
    Ok(ContactHasher::new(&secrets).all(&contact))
}

/// Prints what follows `after`, page by page, and gives the id of the last.
async fn all(
    store: &Store,
    mut after: Uuid,
    until: Timestamp,
    contacts: Option<&[ContactHash]>,
    write: fn(&Event) -> String,
) -> Result<Uuid, Ending> {
    loop {
        let events = audit::following(store.pool(), after, until, contacts, PAGE).await?;
        let Some(last) = print(&events, write)? else {
            return Ok(after);
        };
        after = last;
    }
}

/// Prints `events`, and gives the id of the last.
fn print(events: &[Event], write: fn(&Event) -> String) -> io::Result<Option<Uuid>> {
    let mut out = io::stdout().lock();
    for event in events {
        writeln!(out, "{}", write(event))?;
    }
    out.flush()?;
    Ok(events.last().map(|event| event.id))
}

async fn with_store(
    config: &Config,
    read: impl AsyncFnOnce(&Store) -> Result<(), Ending>,
) -> Result<(), Failure> {
    let store = Store::connect(&config.database.settings).await;
    let store = store.map_err(Failure::failed)?;
    let done = read(&store).await;
    store.close().await;
    match done {
        // Who reads has enough, like `head`.
        Err(Ending::Output(error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done.map_err(Failure::failed),
    }
}

/// Why no more is printed.
#[derive(Debug, thiserror::Error)]
enum Ending {
    #[error("the database failed: {0}")]
    Database(#[from] DbErr),
    #[error("{0}")]
    Output(#[from] io::Error),
}
