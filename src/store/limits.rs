//! Rows of `limits`: one atomic statement each, so that budgets hold across instances.

use std::collections::HashMap;
use std::time::Duration;

use entity::limit::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{
    CaseStatement, DeleteStatement, Expr, ExprTrait, OnConflict, Query, SelectStatement,
    UpdateStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryTrait, Set,
};

use super::has_code;
use super::statement::Statement;
use super::together::Done;
use crate::domain::Timestamp;
use crate::domain::limit::{Budget, Charge};

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
    let charge = Charge {
        key: key.to_owned(),
        budget,
    };
    let charged = Entity::insert(row(&charge, now))
        .on_conflict(pushed_if_borne(&charge, now))
        .exec_without_returning(db)
        .await?;
    if charged == 1 {
        return Ok(Spent::Granted);
    }
    wait(db, key, budget, now).await.map(Spent::Refused)
}

/// The same, among other statements: it touches no row when it is refused.
#[must_use]
pub fn charge(charge: &Charge, now: Timestamp) -> Statement {
    Statement::inserting_one(row(charge, now)).on_conflict(pushed_if_borne(charge, now))
}

/// Charges one action to each of several budgets, in this order, or to none of them: it touches no
/// row when one of them is over, or one of `others`, to which nothing is charged.
///
/// A budget that others have spent since the statement began is found when its row's turn comes.
/// Then the statement fails, so that the rows before it are as they were: [`is_refusal`].
/// [`waits_told`] reads what it tells.
#[must_use]
pub fn charge_all(charges: &[Charge], others: &[Charge], now: Timestamp) -> Statement {
    let full_at = || Expr::col((Entity, Column::FullAt));
    let cost = Expr::col(("excluded", Column::FullAt)).sub(now.as_micros());
    let mut pushed = CaseStatement::new().case(
        full_at().lte(now.as_micros()),
        Expr::col(("excluded", Column::FullAt)),
    );
    for charge in charges {
        let is_its = Expr::col((Entity, Column::Key)).eq(charge.key.as_str());
        let is_borne = full_at().lte(charge.latest(now).as_micros());
        pushed = pushed.case(is_its.and(is_borne), full_at().add(cost.clone()));
    }
    // To divide by zero fails, and tells no log whose budget it was, as a NULL would where there
    // may be none. SQLite lets one write at a time: there nobody is faster.
    let pushed = pushed.finally(full_at().div(Expr::cust("0")));
    let rows = charges
        .iter()
        .map(|charge| (charge.key.clone(), charge.from_now(now).as_micros()));
    let rows = Query::select()
        .columns(["column1", "column2"])
        .from_values(rows, "asked")
        .and_where(Expr::exists(over(charges.iter().chain(others), now)).not())
        .take();
    let insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Key, Column::FullAt])
        .take();
    let mut on_conflict = OnConflict::column(Column::Key);
    on_conflict.value(Column::FullAt, pushed);
    Statement::inserting(insert, rows)
        .on_conflict(on_conflict)
        .telling::<Entity>()
}

/// Whether a statement failed because a budget was over.
#[must_use]
pub fn is_refusal(error: &DbErr) -> bool {
    has_code(error, &["22012"])
}

/// Those of `charges` that their budgets do not bear.
#[must_use]
pub fn over<'a>(charges: impl IntoIterator<Item = &'a Charge>, now: Timestamp) -> SelectStatement {
    let mut any = Condition::any();
    for charge in charges {
        let is_over = Column::FullAt.gt(charge.latest(now).as_micros());
        any = any.add(Column::Key.eq(charge.key.as_str()).and(is_over));
    }
    Query::select()
        .column(Column::Key)
        .from(Entity)
        .cond_where(any)
        .take()
}

/// How long until each of several budgets bears its charge; zero when it does. Charges nothing.
///
/// # Errors
/// When the database fails.
pub async fn waits(
    db: &impl ConnectionTrait,
    charges: &[Charge],
    now: Timestamp,
) -> Result<Vec<Duration>, DbErr> {
    let keys = charges.iter().map(|charge| charge.key.as_str());
    let rows = Entity::find()
        .filter(Column::Key.is_in(keys))
        .all(db)
        .await?;
    Ok(waits_by(charges, &rows, now))
}

/// The same, once a step has charged them all.
///
/// # Errors
/// When a row cannot be read.
pub fn waits_told(
    done: &Done,
    step: &str,
    charges: &[Charge],
    now: Timestamp,
) -> Result<Vec<Duration>, DbErr> {
    Ok(waits_by(charges, &done.rows(step)?, now))
}

fn waits_by(charges: &[Charge], rows: &[Model], now: Timestamp) -> Vec<Duration> {
    let rows: HashMap<_, _> = rows.iter().map(|row| (&row.key, row.full_at)).collect();
    let wait = |charge: &Charge| {
        let full_at = rows.get(&charge.key).copied().map(Timestamp::from_micros);
        full_at.map_or(Duration::ZERO, |full_at| full_at.since(charge.latest(now)))
    };
    charges.iter().map(wait).collect()
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

/// Takes back the charge of one action to a budget. The row may then say that the budget was whole
/// a while ago, which is as good as whole now, and never better.
#[must_use]
pub fn refund(charge: &Charge) -> UpdateStatement {
    let cost = i64::try_from(charge.budget.interval().as_micros()).unwrap_or(i64::MAX);
    Entity::update_many()
        .col_expr(Column::FullAt, Expr::col(Column::FullAt).sub(cost))
        .filter(Column::Key.eq(charge.key.as_str()))
        .into_query()
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
    let deleted = db.execute(&clearing(key)).await?;
    Ok(deleted.rows_affected() > 0)
}

/// The same, among other statements.
#[must_use]
pub fn clearing(key: &str) -> DeleteStatement {
    Entity::delete_many()
        .filter(Column::Key.eq(key))
        .into_query()
}

fn row(charge: &Charge, now: Timestamp) -> ActiveModel {
    ActiveModel {
        key: Set(charge.key.clone()),
        full_at: Set(charge.from_now(now).as_micros()),
    }
}

fn pushed_if_borne(charge: &Charge, now: Timestamp) -> OnConflict {
    let full_at = || Expr::col((Entity, Column::FullAt));
    let cost = i64::try_from(charge.budget.interval().as_micros()).unwrap_or(i64::MAX);
    let pushed = CaseStatement::new()
        .case(full_at().gt(now.as_micros()), full_at().add(cost))
        .finally(charge.from_now(now).as_micros());
    let mut on_conflict = OnConflict::column(Column::Key);
    on_conflict
        .value(Column::FullAt, pushed)
        .action_and_where(full_at().lte(charge.latest(now).as_micros()));
    on_conflict
}
