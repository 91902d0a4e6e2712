//! Rows of `sessions`.

use entity::session::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::statement::Statement;
use super::{corrupt, keys};
use crate::domain::device::Label;
use crate::domain::session::Generation;
use crate::domain::{Kid, Session, SessionId, Timestamp, UserId};

/// Opens a session.
#[must_use]
pub fn opening(session: &Session) -> Statement {
    let text = |label: &Option<Label>| label.as_ref().map(|label| label.as_str().to_owned());
    Statement::inserting_one(ActiveModel {
        id: Set(session.id.0),
        user_id: Set(session.user.0),
        generation: Set(number(session.generation)),
        rotated_at: Set(session.rotated_at.as_micros()),
        device_name: Set(text(&session.device_name)),
        user_agent: Set(text(&session.user_agent)),
        ip_address: Set(session.ip_address.map(|ip| ip.to_string())),
        created_at: Set(session.created_at.as_micros()),
        last_seen_at: Set(session.last_seen_at.as_micros()),
        expires_at: Set(session.expires_at.as_micros()),
        ends_at: Set(session.ends_at.as_micros()),
        revoked_at: Set(None),
        sweep_at: Set(session
            .ends_at
            .min(sweep_at(session.expires_at))
            .as_micros()),
    })
}

/// A session, live or over.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, id: SessionId) -> Result<Option<Session>, DbErr> {
    Entity::find_by_id(id.0)
        .one(db)
        .await?
        .map(read)
        .transpose()
}

/// The other sessions of the same person, live or not yet forgotten, on the same device: with its
/// name and its `User-Agent`.
#[must_use]
pub fn on_device_of(session: &Session) -> SelectStatement {
    let is = |column: Column, label: &Option<Label>| match label {
        Some(label) => column.eq(label.as_str()),
        None => column.is_null(),
    };
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::UserId.eq(session.user.0))
        .and_where(Column::Id.ne(session.id.0))
        .and_where(is(Column::DeviceName, &session.device_name))
        .and_where(is(Column::UserAgent, &session.user_agent))
        .take()
}

/// Which of the live sessions to end.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// One, whoever it belongs to: its refresh token was shown.
    One(SessionId),
    /// One, whoever it belongs to: an access token of it was shown that this key has signed, which
    /// counts while the key does.
    Signed(SessionId, Kid),
    /// One of this person's.
    OneOf(UserId, SessionId),
    /// All of this person's.
    AllOf(UserId),
    /// All of this person's but one.
    AllBut(UserId, SessionId),
}

/// Ends sessions, and gives those that were live.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    db: &impl ConnectionTrait,
    which: Which,
    now: Timestamp,
) -> Result<Vec<Session>, DbErr> {
    let whose = |user: UserId| Condition::all().add(Column::UserId.eq(user.0));
    let chosen = match which {
        Which::One(id) => Condition::all().add(Column::Id.eq(id.0)),
        Which::Signed(id, kid) => keys::in_force(kid).add(Column::Id.eq(id.0)),
        Which::OneOf(user, id) => whose(user).add(Column::Id.eq(id.0)),
        Which::AllOf(user) => whose(user),
        Which::AllBut(user, id) => whose(user).add(Column::Id.ne(id.0)),
    };
    let revoked = Entity::update_many()
        .col_expr(Column::RevokedAt, now.as_micros().into())
        .filter(chosen)
        .filter(is_live(now))
        .exec_with_returning(db)
        .await?;
    revoked.into_iter().map(read).collect()
}

/// A person's live sessions, newest first, at most `limit` of them, from the one after `after`.
///
/// # Errors
/// When the database fails.
pub async fn page(
    db: &impl ConnectionTrait,
    user: UserId,
    after: Option<SessionId>,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<Session>, DbErr> {
    let mut query = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(is_live(now));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.0));
    }
    // Ids are UUIDv7: their order is the order of time.
    let rows = query.order_by_desc(Column::Id).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

pub(super) fn is_live(now: Timestamp) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(now.as_micros()))
}

/// When to look whether a session is over: at the end of the day on which it expires. So it stays
/// the same from one refresh to the next, but once a day, and so do all indexed columns: then
/// PostgreSQL changes one page for a refresh, and no index (decision 32).
pub(super) fn sweep_at(expires_at: Timestamp) -> Timestamp {
    expires_at.end_of_day()
}

pub(super) fn number(generation: Generation) -> i32 {
    i32::try_from(generation.0).unwrap_or(i32::MAX)
}

pub(super) fn read(row: Model) -> Result<Session, DbErr> {
    Ok(Session {
        id: SessionId(row.id),
        user: UserId(row.user_id),
        generation: Generation(u32::try_from(row.generation).map_err(|_| corrupt("generation"))?),
        rotated_at: Timestamp::from_micros(row.rotated_at),
        device_name: row.device_name.as_deref().and_then(Label::clean),
        user_agent: row.user_agent.as_deref().and_then(Label::clean),
        ip_address: row.ip_address.and_then(|ip| ip.parse().ok()),
        created_at: Timestamp::from_micros(row.created_at),
        last_seen_at: Timestamp::from_micros(row.last_seen_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        ends_at: Timestamp::from_micros(row.ends_at),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
    })
}
