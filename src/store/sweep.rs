//! Forgetting what is over, a few rows at a time, so that no sweep ever holds up a login.

use entity::{audit_event, challenge, delivery, limit, session, traffic};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, Iterable, Order,
    PrimaryKeyToColumn, QueryFilter,
};

use crate::domain::Timestamp;

/// A table that is swept, and the column that tells when a row is over.
#[derive(Clone, Copy, Debug)]
pub enum Swept {
    /// Challenges, and with each its deliveries.
    Challenges,
    /// Notices: deliveries that answer no challenge.
    Notices,
    /// Sessions.
    Sessions,
    /// Budgets: a row that is full again says as much as no row.
    Limits,
    /// Counted messages.
    Traffic,
    /// What happened.
    Audit,
}

impl Swept {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Challenges,
        Self::Notices,
        Self::Sessions,
        Self::Limits,
        Self::Traffic,
        Self::Audit,
    ];
}

/// Deletes at most `limit` rows that were over before `before`, oldest first, and tells how many.
/// Sessions stay for up to a day longer: see [`sessions::sweep_at`](super::sessions).
///
/// # Errors
/// When the database fails.
pub async fn sweep(
    db: &impl ConnectionTrait,
    table: Swept,
    before: Timestamp,
    limit: u64,
) -> Result<u64, DbErr> {
    let all = Condition::all;
    match table {
        Swept::Challenges => {
            let over_at = challenge::Column::ExpiresAt;
            delete::<challenge::Entity>(db, all(), over_at, before, limit).await
        }
        Swept::Notices => {
            let notices = all().add(delivery::Column::ChallengeId.is_null());
            let over_at = delivery::Column::Deadline;
            delete::<delivery::Entity>(db, notices, over_at, before, limit).await
        }
        Swept::Sessions => {
            let over = all().add(session::Column::ExpiresAt.lt(before.as_micros()));
            delete::<session::Entity>(db, over, session::Column::SweepAt, before, limit).await
        }
        Swept::Limits => {
            delete::<limit::Entity>(db, all(), limit::Column::FullAt, before, limit).await
        }
        Swept::Traffic => delete_oldest_slot(db, before).await,
        Swept::Audit => {
            let at = audit_event::Column::At;
            delete::<audit_event::Entity>(db, all(), at, before, limit).await
        }
    }
}

/// Counted messages have no id to pick a batch by, and need none: the rows of a slot are the
/// prefixes that somebody wrote to within ten minutes, and are over all at once.
async fn delete_oldest_slot(db: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let slot = traffic::Column::Slot;
    let oldest = Query::select()
        .expr(slot.min())
        .from(traffic::Entity)
        .and_where(slot.lt(before.as_micros()))
        .to_owned();
    let deleted = traffic::Entity::delete_many()
        .filter(slot.in_subquery(oldest))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}

async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
    which: Condition,
    over_at: E::Column,
    before: Timestamp,
    limit: u64,
) -> Result<u64, DbErr> {
    let Some(id) = E::PrimaryKey::iter()
        .next()
        .map(PrimaryKeyToColumn::into_column)
    else {
        return Ok(0);
    };
    let oldest = Query::select()
        .column(id)
        .from(E::default())
        .cond_where(which)
        .and_where(over_at.lt(before.as_micros()))
        .order_by(over_at, Order::Asc)
        .limit(limit)
        .to_owned();
    let deleted = E::delete_many()
        .filter(id.in_subquery(oldest))
        // Once more: a budget may be spent again between the look and the deletion.
        .filter(over_at.lt(before.as_micros()))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}
