//! Forgetting what is over, a few rows at a time, so that no sweep ever holds up a login.

use entity::{challenge, limit, session};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable, Order, PrimaryKeyToColumn,
    QueryFilter,
};

use crate::domain::Timestamp;

/// A table that is swept, and the column that tells when a row is over.
#[derive(Clone, Copy, Debug)]
pub enum Swept {
    /// Challenges, and with each its deliveries.
    Challenges,
    /// Sessions.
    Sessions,
    /// Budgets: a row that is full again says as much as no row.
    Limits,
}

impl Swept {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Challenges, Self::Sessions, Self::Limits];
}

/// Deletes at most `limit` rows that were over before `before`, oldest first, and tells how many.
///
/// # Errors
/// When the database fails.
pub async fn sweep(
    db: &impl ConnectionTrait,
    table: Swept,
    before: Timestamp,
    limit: u64,
) -> Result<u64, DbErr> {
    match table {
        Swept::Challenges => {
            delete::<challenge::Entity>(db, challenge::Column::ExpiresAt, before, limit).await
        }
        Swept::Sessions => {
            delete::<session::Entity>(db, session::Column::ExpiresAt, before, limit).await
        }
        Swept::Limits => delete::<limit::Entity>(db, limit::Column::FullAt, before, limit).await,
    }
}

async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
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
