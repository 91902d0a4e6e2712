//! Taking what is owed, and saying what became of it.

use std::time::Duration;

use entity::challenge;
use entity::delivery::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, UpdateMany};
use uuid::Uuid;

use super::{Delivery, Outcome, read};
use crate::domain::{Channel, Timestamp};
use crate::store::challenges;

/// Takes up to `limit` due messages of `channel`, each for as long as `lease`: nobody else gets
/// them until then, and everybody may afterwards, should this worker have died.
///
/// # Errors
/// When the database fails.
pub async fn take_due(
    db: &impl ConnectionTrait,
    channel: Channel,
    now: Timestamp,
    lease: Duration,
    limit: u64,
) -> Result<Vec<Delivery>, DbErr> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::SettledAt.is_null())
        .and_where(Column::Channel.eq(channel.as_str()))
        .and_where(Column::DueAt.lte(now.as_micros()))
        .order_by(Column::DueAt, Order::Asc)
        .limit(limit)
        .take();
    let rows = Entity::update_many()
        .col_expr(Column::DueAt, (now + lease).as_micros().into())
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.in_subquery(oldest))
        // Once more: PostgreSQL asks this again of a row that another worker was just taking. Not
        // in the words of the index, though: while its statistics do not know of a sudden backlog,
        // it would walk through all of that to find these few.
        .filter(Expr::expr(Func::coalesce([Expr::col(Column::SettledAt), 0.into()])).eq(0))
        .filter(Column::DueAt.lte(now.as_micros()))
        .exec_with_returning(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }

    let ids = rows.iter().filter_map(|row| row.challenge_id);
    let found = challenge::Entity::find()
        .filter(challenge::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let challenge = found
            .iter()
            .find(|found| Some(found.id) == row.challenge_id);
        let challenge = challenge.cloned().map(challenges::read).transpose();
        match challenge.and_then(|challenge| read(&row, challenge)) {
            Ok(delivery) => taken.push(delivery),
            // One that cannot be read must not hold up the others, today and at each try.
            Err(error) => {
                tracing::error!(id = %row.id, %error, "a delivery that cannot be read");
                settle(db, row.id, Outcome::Unreadable, now).await?;
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
    outcome: Outcome<'_>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let mut settled = open(id)
        .col_expr(Column::SettledAt, now.as_micros().into())
        .col_expr(Column::Outcome, outcome.as_str().into());
    match outcome {
        Outcome::Sent { courier, reference } => {
            settled = settled
                .col_expr(Column::Courier, courier.into())
                .col_expr(Column::Reference, reference.into());
        }
        Outcome::Failed { courier, reason } => {
            settled = settled
                .col_expr(Column::Courier, courier.into())
                .col_expr(Column::Failure, reason.into());
        }
        Outcome::Late | Outcome::Suppressed | Outcome::Unreadable => {}
    }
    settled.exec(db).await.map(drop)
}

/// Lets a delivery be taken again from `due_at` on: gives it back, or renews the lease on it.
///
/// # Errors
/// When the database fails.
pub async fn release(db: &impl ConnectionTrait, id: Uuid, due_at: Timestamp) -> Result<(), DbErr> {
    open(id)
        .col_expr(Column::DueAt, due_at.as_micros().into())
        .exec(db)
        .await
        .map(drop)
}

/// Lets a delivery that nobody was asked to carry be taken again from `due_at` on. It was no try.
///
/// # Errors
/// When the database fails.
pub async fn postpone(db: &impl ConnectionTrait, id: Uuid, due_at: Timestamp) -> Result<(), DbErr> {
    open(id)
        .col_expr(Column::DueAt, due_at.as_micros().into())
        .col_expr(Column::Tries, Expr::col(Column::Tries).sub(1))
        .exec(db)
        .await
        .map(drop)
}

fn open(id: Uuid) -> UpdateMany<Entity> {
    Entity::update_many()
        .filter(Column::Id.eq(id))
        .filter(Column::SettledAt.is_null())
}
