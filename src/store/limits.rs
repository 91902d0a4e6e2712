//! Rows of `limits`: one atomic statement each, so that budgets hold across instances.

use std::time::Duration;

use entity::limit::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use crate::domain::Timestamp;
use crate::domain::limit::Budget;

/// Whether a budget bore one more action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It did, and the action is charged.
    Granted,
    /// It did not, and nothing is charged. It will after this long.
    Refused(Duration),
}

/// Charges one action to the budget kept under `key`.
///
/// # Errors
/// When the database fails.
pub async fn spend(
    db: &impl ConnectionTrait,
    key: &str,
    budget: Budget,
    now: Timestamp,
) -> Result<Spent, DbErr> {
    let full_at = || Expr::col((Entity, Column::FullAt));
    let cost = i64::try_from(budget.interval().as_micros()).unwrap_or(i64::MAX);
    let from_now = (now + budget.interval()).as_micros();
    let latest = now + budget.tolerance();
    let pushed = CaseStatement::new()
        .case(full_at().gt(now.as_micros()), full_at().add(cost))
        .finally(from_now);

    let row = ActiveModel {
        key: Set(key.to_owned()),
        full_at: Set(from_now),
    };
    let charged = Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::Key)
                .value(Column::FullAt, pushed)
                .action_and_where(full_at().lte(latest.as_micros()))
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    if charged == 1 {
        return Ok(Spent::Granted);
    }
    wait(db, key, budget, now).await.map(Spent::Refused)
}

/// How long until the budget kept under `key` bears one more action; zero when it does. Charges
/// nothing.
///
/// # Errors
/// When the database fails.
pub async fn wait(
    db: &impl ConnectionTrait,
    key: &str,
    budget: Budget,
    now: Timestamp,
) -> Result<Duration, DbErr> {
    let latest = now + budget.tolerance();
    let full_at = full_at(db, key).await?;
    Ok(full_at.map_or(Duration::ZERO, |full_at| full_at.since(latest)))
}

/// Takes back the charge of one action to the budget kept under `key`. The row may then say that
/// the budget was whole a while ago, which is as good as whole now, and never better.
///
/// # Errors
/// When the database fails.
pub async fn refund(db: &impl ConnectionTrait, key: &str, budget: Budget) -> Result<(), DbErr> {
    let cost = i64::try_from(budget.interval().as_micros()).unwrap_or(i64::MAX);
    Entity::update_many()
        .col_expr(Column::FullAt, Expr::col(Column::FullAt).sub(cost))
        .filter(Column::Key.eq(key))
        .exec(db)
        .await
        .map(drop)
}

/// When the budget kept under `key` is whole again; `None` when nothing is charged to it.
///
/// # Errors
/// When the database fails.
pub async fn full_at(db: &impl ConnectionTrait, key: &str) -> Result<Option<Timestamp>, DbErr> {
    let row = Entity::find_by_id(key).one(db).await?;
    Ok(row.map(|row| Timestamp::from_micros(row.full_at)))
}

/// Makes the budget kept under `key` whole again; whether anything was charged to it.
///
/// # Errors
/// When the database fails.
pub async fn clear(db: &impl ConnectionTrait, key: &str) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::Key.eq(key))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected > 0)
}
