//! Rows of `audit_events`. They are added and read; only the sweeper deletes, and nobody updates.

use entity::audit_event::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use super::corrupt;
use crate::domain::audit::{Event, What};
use crate::domain::contact_hash::ContactHash;
use crate::domain::device::{Label, RequestId};
use crate::domain::{SessionId, Timestamp, UserId};

/// Keeps `events`, in one statement. Those that are kept already do no harm: who does not know
/// whether a try went through may try again.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &impl ConnectionTrait, events: &[Event]) -> Result<(), DbErr> {
    if events.is_empty() {
        return Ok(());
    }
    Entity::insert_many(events.iter().map(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// What happened to a person, newest first, at most `limit` events, from the one after `after`.
/// Without the refreshes: the session tells when it was last seen.
///
/// # Errors
/// When the database fails.
pub async fn page_of(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Event>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::UserId.eq(user.0))
        // To the letter as in the index, which is made for this.
        .filter(Expr::cust(
            "user_id IS NOT NULL AND kind <> 'session_refreshed'",
        ));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// The last `limit` events up to `until`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn last(
    db: &impl ConnectionTrait,
    until: Timestamp,
    limit: u64,
) -> Result<Vec<Event>, DbErr> {
    let rows = Entity::find()
        .filter(Column::At.lte(until.as_micros()))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    rows.into_iter().rev().map(read).collect()
}

/// At most `limit` events after `after` and up to `until`, oldest first; only those at `contacts`,
/// if there are any given.
///
/// # Errors
/// When the database fails.
pub async fn following(
    db: &impl ConnectionTrait,
    after: Uuid,
    until: Timestamp,
    contacts: Option<&[ContactHash]>,
    limit: u64,
) -> Result<Vec<Event>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::Id.gt(after))
        .filter(Column::At.lte(until.as_micros()));
    if let Some(contacts) = contacts {
        let hashes = contacts.iter().map(ContactHash::as_str);
        query = query.filter(Column::ContactHash.is_in(hashes));
    }
    let rows = query.order_by_asc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

fn row(event: &Event) -> ActiveModel {
    ActiveModel {
        id: Set(event.id),
        at: Set(event.at.as_micros()),
        kind: Set(event.what.kind().to_owned()),
        outcome: Set(event.what.outcome().map(str::to_owned)),
        user_id: Set(event.user.map(|user| user.0)),
        session_id: Set(event.session.map(|session| session.0)),
        contact_hash: Set(event.contact.as_ref().map(|hash| hash.as_str().to_owned())),
        ip_address: Set(event.ip_address.map(|ip| ip.to_string())),
        user_agent: Set(event.user_agent.clone().map(Label::into_string)),
        request_id: Set(event.request_id.map(|id| id.0)),
    }
}

fn read(row: Model) -> Result<Event, DbErr> {
    let what = What::parse(&row.kind, row.outcome.as_deref());
    Ok(Event {
        id: row.id,
        at: Timestamp::from_micros(row.at),
        what: what.ok_or_else(|| corrupt("kind of an event"))?,
        user: row.user_id.map(UserId),
        session: row.session_id.map(SessionId),
        contact: row.contact_hash.map(ContactHash::from_row),
        ip_address: row.ip_address.and_then(|ip| ip.parse().ok()),
        user_agent: row.user_agent.as_deref().and_then(Label::clean),
        request_id: row.request_id.map(RequestId),
    })
}
