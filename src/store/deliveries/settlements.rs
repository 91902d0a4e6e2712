//! Messages that come to their end.

use entity::delivery::{Column, Entity};
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, Query, TableRef, UpdateStatement, ValueTuple, Values,
};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use uuid::Uuid;

use super::{Outcome, is_open};
use crate::domain::Timestamp;
use crate::store::Store;
use crate::store::text::{MOST, Texts, padded};

/// A message, and how it ended.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// Its id.
    pub delivery: Uuid,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Ends a delivery, unless it has ended: in one round trip, with all that end at the moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, settlement: Settlement) -> Result<(), DbErr> {
        let store = self.clone();
        let put = |all: Vec<Settlement>| async move {
            store.retrying(|| settle_all(&store.db, &all)).await?;
            Ok(all.iter().map(|_| Some(())).collect())
        };
        self.settlements.ask(settlement, put).await.map(drop)
    }
}

/// Ends each of these, unless it has ended.
async fn settle_all(db: &impl ConnectionTrait, all: &[Settlement]) -> Result<(), DbErr> {
    for some in all.chunks(MOST) {
        db.execute_raw(query(db, some)).await?;
    }
    Ok(())
}

fn query(db: &impl ConnectionTrait, all: &[Settlement]) -> Statement {
    static TEXTS: Texts = Texts::new();
    let (backend, all) = (db.get_database_backend(), Vec::from_iter(all));
    let rows = padded(&all).map(row);
    let values = Values(rows.clone().flatten().collect());
    TEXTS.of(all.len()).with(backend, values, || {
        let rows = rows.map(|row| ValueTuple::Many(row.into()));
        backend.build(&update(rows.collect()))
    })
}

/// Of what an outcome does not say, a row keeps what an earlier try has left.
fn update(rows: Vec<ValueTuple>) -> UpdateStatement {
    const SETTLED: &str = "settled";
    let said = |column: Column, number: &'static str| {
        let said = [Expr::col((SETTLED, number)), Expr::col((Entity, column))];
        (column, Func::coalesce(said).into())
    };
    Query::update()
        .table(Entity)
        .value(Column::SettledAt, Expr::col((SETTLED, "column2")))
        .value(Column::Outcome, Expr::col((SETTLED, "column3")))
        .values([
            said(Column::Courier, "column4"),
            said(Column::Reference, "column5"),
            said(Column::Failure, "column6"),
        ])
        .from(TableRef::ValuesList(rows, SETTLED.into()))
        .and_where(Expr::col((Entity, Column::Id)).equals((SETTLED, "column1")))
        .and_where(is_open())
        .take()
}

fn row(settlement: &Settlement) -> [Value; 6] {
    let (courier, reference, failure) = match &settlement.outcome {
        Outcome::Sent { courier, reference } => (Some(*courier), reference.clone(), None),
        Outcome::Failed { courier, reason } => (Some(*courier), None, Some(reason.clone())),
        Outcome::Late | Outcome::Suppressed | Outcome::Unreadable => (None, None, None),
    };
    [
        settlement.delivery.into(),
        settlement.at.as_micros().into(),
        settlement.outcome.as_str().into(),
        courier.into(),
        reference.into(),
        failure.into(),
    ]
}
