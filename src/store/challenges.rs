//! Rows of `challenges`.

use entity::challenge::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, QueryTrait,
    Set,
};

use super::corrupt;
use super::statement::Statement;
use super::together::Done;
use crate::domain::challenge::{Challenge, Guesser};
use crate::domain::device::Locale;
use crate::domain::{ChallengeToken, Channel, Contact, Timestamp};

/// Keeps a new challenge for `contact`.
#[must_use]
pub fn adding(challenge: &Challenge, contact: &Contact) -> Statement {
    Statement::inserting_one(ActiveModel {
        id: Set(challenge.token.as_uuid()),
        channel: Set(challenge.channel.as_str().to_owned()),
        contact: Set(contact.identity().to_owned()),
        secret_id: Set(challenge.secret_id.clone()),
        locale: Set(challenge
            .locale
            .as_ref()
            .map(|locale| locale.as_str().to_owned())),
        attempts_left: Set(challenge.attempts_left.into()),
        open_attempts_left: Set(challenge.open_attempts_left.into()),
        decoy: Set(challenge.decoy),
        created_at: Set(challenge.created_at.as_micros()),
        expires_at: Set(challenge.expires_at.as_micros()),
        consumed_at: Set(None),
    })
}

/// Takes one attempt off a challenge that can still be answered, before anybody looks at the
/// guess, and tells what is left. It touches no row when there is no such challenge, or no attempt
/// left.
#[must_use]
pub fn charging(guesser: Guesser, contact: &Contact, now: Timestamp) -> Statement {
    let (budget, which) = match guesser {
        Guesser::Holder(token) => (Column::AttemptsLeft, Column::Id.eq(token.as_uuid())),
        Guesser::Stranger => (
            Column::OpenAttemptsLeft,
            Column::Id.in_subquery(newest(contact, now)),
        ),
    };
    let charged = Entity::update_many()
        .col_expr(budget, Expr::col(budget).sub(1))
        .filter(which)
        .filter(answerable(contact, now))
        .filter(budget.gt(0))
        .into_query();
    Statement::from(charged).telling::<Entity>()
}

/// The challenge that a step told.
///
/// # Errors
/// When the row cannot be read.
pub fn told(done: &Done, step: &str) -> Result<Option<Challenge>, DbErr> {
    done.row(step)?.map(read).transpose()
}

/// The challenge that `token` names, whatever its state, to explain why it was not charged.
///
/// # Errors
/// When the database fails.
pub async fn find(
    db: &impl ConnectionTrait,
    token: ChallengeToken,
    contact: &Contact,
) -> Result<Option<Challenge>, DbErr> {
    let row = Entity::find_by_id(token.as_uuid())
        .filter(Column::Contact.eq(contact.identity()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// Spends a challenge. Of all requests that bring its right code, one touches the row.
#[must_use]
pub fn consuming(token: ChallengeToken, now: Timestamp) -> UpdateStatement {
    Entity::update_many()
        .col_expr(Column::ConsumedAt, now.as_micros().into())
        .filter(Column::Id.eq(token.as_uuid()))
        .filter(Column::ConsumedAt.is_null())
        .into_query()
}

pub(super) fn read(row: Model) -> Result<Challenge, DbErr> {
    let attempts = |left: i16| u8::try_from(left).map_err(|_| corrupt("attempts"));
    Ok(Challenge {
        token: ChallengeToken::from_uuid(row.id),
        channel: Channel::parse(&row.channel).ok_or_else(|| corrupt("channel"))?,
        secret_id: row.secret_id,
        locale: row.locale.as_deref().and_then(Locale::parse),
        attempts_left: attempts(row.attempts_left)?,
        open_attempts_left: attempts(row.open_attempts_left)?,
        decoy: row.decoy,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: Timestamp::from_micros(row.expires_at),
        consumed_at: row.consumed_at.map(Timestamp::from_micros),
    })
}

fn answerable(contact: &Contact, now: Timestamp) -> Condition {
    Condition::all()
        // Whatever the channel: an address is never a number.
        .add(Column::Contact.eq(contact.identity()))
        .add(Column::ConsumedAt.is_null())
        .add(Column::ExpiresAt.gt(now.as_micros()))
}

fn newest(contact: &Contact, now: Timestamp) -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(answerable(contact, now))
        .order_by(Column::CreatedAt, Order::Desc)
        .limit(1)
        .take()
}
