//! Taking what is owed, and giving it back.

use std::time::Duration;

use entity::challenge;
use entity::delivery::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Order, QueryFilter, UpdateMany};
use uuid::Uuid;

use super::settlements::Settlement;
use super::{Delivery, Outcome, is_open, read};
use crate::domain::{Channel, Timestamp};
use crate::store::{Store, challenges};

impl Store {
    /// Takes up to `limit` due messages of `channel`, each for as long as `lease`: nobody else gets
    /// them until then, and everybody may afterwards, should this worker have died.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_due(
        &self,
        channel: Channel,
        now: Timestamp,
        lease: Duration,
        limit: u64,
    ) -> Result<Vec<Delivery>, DbErr> {
        // Two workers may come upon the same rows, in another order.
        let take = || take(&self.db, channel, now, lease, limit);
        let rows = self.retrying(take).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }

        let ids = rows.iter().filter_map(|row| row.challenge_id);
        let found = challenge::Entity::find()
            .filter(challenge::Column::Id.is_in(ids))
            .all(&self.db)
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
                    let unreadable = Settlement {
                        delivery: row.id,
                        outcome: Outcome::Unreadable,
                        at: now,
                    };
                    self.settle(unreadable).await?;
                }
            }
        }
        Ok(taken)
    }
}

async fn take(
    db: &impl ConnectionTrait,
    channel: Channel,
    now: Timestamp,
    lease: Duration,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::SettledAt.is_null())
        .and_where(Column::Channel.eq(channel.as_str()))
        .and_where(Column::DueAt.lte(now.as_micros()))
        .order_by(Column::DueAt, Order::Asc)
        .limit(limit)
        .take();
    Entity::update_many()
        .col_expr(Column::DueAt, (now + lease).as_micros().into())
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.in_subquery(oldest))
        // Once more: PostgreSQL asks this again of a row that another worker was just taking.
        .filter(is_open())
        .filter(Column::DueAt.lte(now.as_micros()))
        .exec_with_returning(db)
        .await
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
        .filter(is_open())
}
