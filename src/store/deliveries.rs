//! Rows of `deliveries`: the outbox.

use std::time::Duration;

use entity::challenge;
use entity::delivery::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, Set,
};
use uuid::Uuid;

use super::{challenges, corrupt};
use crate::domain::challenge::Challenge;
use crate::domain::{Channel, Contact, EmailAddress, PhoneNumber, Timestamp};

/// A message that a worker holds the lease of.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id; the same at every try.
    pub id: Uuid,
    /// Where it goes.
    pub contact: Contact,
    /// Whose code it carries.
    pub challenge: Challenge,
    /// When sending it has become pointless.
    pub deadline: Timestamp,
    /// How often it was taken, this time included.
    pub tries: u32,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A provider took it.
    Sent,
    /// No provider will.
    Failed,
    /// Its code expired first.
    Late,
    /// It was never meant to be sent.
    Suppressed,
}

impl Outcome {
    /// The name under which rows keep it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Late => "late",
            Self::Suppressed => "suppressed",
        }
    }
}

/// Owes a message with the code of `challenge` to `contact`. A decoy's is settled at birth: the
/// same row written, nothing sent.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    challenge: &Challenge,
    contact: &Contact,
) -> Result<(), DbErr> {
    let born = challenge.created_at.as_micros();
    let row = ActiveModel {
        id: Set(id),
        challenge_id: Set(challenge.token.as_uuid()),
        channel: Set(contact.channel().as_str().to_owned()),
        recipient: Set(contact.deliverable().to_owned()),
        due_at: Set(born),
        deadline: Set(challenge.expires_at.as_micros()),
        tries: Set(0),
        settled_at: Set(challenge.decoy.then_some(born)),
        outcome: Set(challenge
            .decoy
            .then(|| Outcome::Suppressed.as_str().to_owned())),
    };
    Entity::insert(row)
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Takes up to `limit` due messages, each for as long as `lease`: nobody else gets them until
/// then, and everybody may afterwards, should this worker have died.
///
/// # Errors
/// When the database fails.
pub async fn take_due(
    db: &impl ConnectionTrait,
    now: Timestamp,
    lease: Duration,
    limit: u64,
) -> Result<Vec<Delivery>, DbErr> {
    let due = || {
        Condition::all()
            .add(Column::SettledAt.is_null())
            .add(Column::DueAt.lte(now.as_micros()))
    };
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .cond_where(due())
        .order_by(Column::DueAt, Order::Asc)
        .limit(limit)
        .to_owned();
    let rows = Entity::update_many()
        .col_expr(Column::DueAt, (now + lease).as_micros().into())
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.in_subquery(oldest))
        // Once more: PostgreSQL asks this again of a row that another worker was just taking.
        .filter(due())
        .exec_with_returning(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }

    let ids = rows.iter().map(|row| row.challenge_id);
    let found = challenge::Entity::find()
        .filter(challenge::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let challenge = found.iter().find(|found| found.id == row.challenge_id);
        match read(&row, challenge) {
            Ok(delivery) => taken.push(delivery),
            // One that cannot be read must not hold up the others, today and at each try.
            Err(error) => {
                tracing::error!(id = %row.id, %error, "a delivery that cannot be read");
                settle(db, row.id, Outcome::Failed, now).await?;
            }
        }
    }
    Ok(taken)
}

/// Ends a delivery.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    db: &impl ConnectionTrait,
    id: Uuid,
    outcome: Outcome,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SettledAt, now.as_micros().into())
        .col_expr(Column::Outcome, outcome.as_str().into())
        .filter(Column::Id.eq(id))
        .filter(Column::SettledAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

/// Lets a delivery be taken again from `due_at` on: gives it back, or renews the lease on it.
///
/// # Errors
/// When the database fails.
pub async fn release(db: &impl ConnectionTrait, id: Uuid, due_at: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::DueAt, due_at.as_micros().into())
        .filter(Column::Id.eq(id))
        .filter(Column::SettledAt.is_null())
        .exec(db)
        .await
        .map(drop)
}

fn read(row: &Model, challenge: Option<&challenge::Model>) -> Result<Delivery, DbErr> {
    let challenge = challenge.ok_or_else(|| corrupt("challenge of a delivery"))?;
    Ok(Delivery {
        id: row.id,
        contact: contact(&row.channel, &row.recipient).ok_or_else(|| corrupt("recipient"))?,
        challenge: challenges::read(challenge.clone())?,
        deadline: Timestamp::from_micros(row.deadline),
        tries: u32::try_from(row.tries).map_err(|_| corrupt("tries"))?,
    })
}

fn contact(channel: &str, recipient: &str) -> Option<Contact> {
    match Channel::parse(channel)? {
        Channel::Email => EmailAddress::parse(recipient).map(Contact::Email),
        Channel::Sms => PhoneNumber::parse(recipient, None).map(Contact::Phone),
    }
}
