//! Contacts that a provider has just said cannot be reached.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbErr};

use crate::domain::limit::{Budget, Charge};
use crate::domain::{Channel, Contact, Timestamp};
use crate::store::limits;

/// How often that may be found out of one contact. While it is spent nothing more is sent there.
const ONCE_IN_A_WHILE: Budget = Budget {
    burst: 1,
    period: Duration::from_mins(15),
};

/// Notes that nothing reaches `contact` over `channel`, for whoever asks for the next code.
///
/// # Errors
/// When the database fails.
pub async fn note(
    db: &impl ConnectionTrait,
    channel: Channel,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), DbErr> {
    limits::spend(db, &key(channel, contact), ONCE_IN_A_WHILE, now).await?;
    metrics::counter!("countersign_unreachable_total", "channel" => channel.as_str()).increment(1);
    Ok(())
}

/// What [`note`] has charged, lately, where nothing reaches `contact`.
#[must_use]
pub fn noted(channel: Channel, contact: &Contact) -> Charge {
    Charge {
        key: key(channel, contact),
        budget: ONCE_IN_A_WHILE,
    }
}

fn key(channel: Channel, contact: &Contact) -> String {
    format!("{}:unreachable:{}", contact.identity(), channel.as_str())
}
