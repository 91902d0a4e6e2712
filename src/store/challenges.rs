//! Rows of `challenges`.

use entity::challenge::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, Set,
};

use super::corrupt;
use crate::domain::challenge::{Challenge, Guesser};
use crate::domain::device::Locale;
use crate::domain::{ChallengeToken, Channel, Contact, Timestamp};

/// Keeps a new challenge for `contact`.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &impl ConnectionTrait,
    challenge: &Challenge,
    contact: &Contact,
) -> Result<(), DbErr> {
    let row = ActiveModel {
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
    };
    Entity::insert(row)
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Takes one attempt off a challenge that can still be answered, before anybody looks at the
/// guess, and returns what is left. `None` when there is no such challenge or no attempt left.
///
/// # Errors
/// When the database fails.
pub async fn charge(
    db: &impl ConnectionTrait,
    guesser: Guesser,
    contact: &Contact,
    now: Timestamp,
) -> Result<Option<Challenge>, DbErr> {
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
        .exec_with_returning(db)
        .await?;
    charged.into_iter().next().map(read).transpose()
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

/// Spends a challenge. Of all requests that bring its right code, one gets `true`.
///
/// # Errors
/// When the database fails.
pub async fn consume(
    db: &impl ConnectionTrait,
    token: ChallengeToken,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let spent = Entity::update_many()
        .col_expr(Column::ConsumedAt, now.as_micros().into())
        .filter(Column::Id.eq(token.as_uuid()))
        .filter(Column::ConsumedAt.is_null())
        .exec(db)
        .await?;
    Ok(spent.rows_affected == 1)
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
        .to_owned()
}
