//! Several writes in one round trip: on PostgreSQL one statement, whose `WITH` has them all; on
//! SQLite, which knows no writes there and has no way to go, one transaction. Each is described
//! once, for both.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, Query, SubQueryStatement, WithClause, WithQuery,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, QueryResult,
};

use super::Store;
use super::statement::Statement;

/// Statements that go together, each made in its turn, if those it depends on touched a row. On
/// PostgreSQL all of them see the rows as they were before the first, so that none may look for,
/// or change, a row that another has written.
///
/// An error undoes them all. A step that touches nothing undoes none: it only keeps those that
/// depend on it from being made.
#[derive(Debug, Default)]
pub struct Together(Vec<Step>);

/// A statement in its place among others.
#[derive(Clone, Debug)]
pub struct Step {
    name: &'static str,
    statement: Statement,
    after: Option<&'static str>,
    unless: Option<&'static str>,
}

/// What became of the steps.
#[derive(Debug)]
pub struct Done {
    touched: HashSet<&'static str>,
    told: Told,
}

#[derive(Debug)]
enum Told {
    /// All steps in one result: each row has the columns of all of them.
    Joined(Vec<QueryResult>),
    /// Each step in its own.
    Apart(HashMap<&'static str, Vec<QueryResult>>),
}

impl Step {
    /// A step that others, and [`Done`], know by `name`.
    #[must_use]
    pub fn new(name: &'static str, statement: impl Into<Statement>) -> Self {
        Self {
            name,
            statement: statement.into(),
            after: None,
            unless: None,
        }
    }

    /// It is made only if this one touched a row.
    #[must_use]
    pub fn after(self, step: &'static str) -> Self {
        Self {
            after: Some(step),
            ..self
        }
    }

    /// It is made only if this one touched none.
    #[must_use]
    pub fn unless(self, step: &'static str) -> Self {
        Self {
            unless: Some(step),
            ..self
        }
    }
}

impl Together {
    /// These steps, in this order.
    #[must_use]
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self(steps.into_iter().collect())
    }

    /// One more step.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Makes the steps, and commits them: in one round trip, if the database allows it.
    ///
    /// # Errors
    /// When the database fails, or a statement does; then nothing was done.
    pub async fn commit(&self, store: &Store) -> Result<Done, DbErr> {
        store.retrying(|| self.try_commit(store)).await
    }

    async fn try_commit(&self, store: &Store) -> Result<Done, DbErr> {
        if store.pool().get_database_backend() == DbBackend::Postgres {
            return self.at_once(store.pool()).await;
        }
        let tx = store.begin().await?;
        let done = self.one_by_one(&tx).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Makes the steps as part of a transaction.
    ///
    /// # Errors
    /// When the database fails, or a statement does; then nothing else can be done in `tx`.
    pub async fn within(&self, tx: &DatabaseTransaction) -> Result<Done, DbErr> {
        if tx.get_database_backend() == DbBackend::Postgres {
            return self.at_once(tx).await;
        }
        self.one_by_one(tx).await
    }

    async fn at_once(&self, db: &impl ConnectionTrait) -> Result<Done, DbErr> {
        // Only the text waits for a connection: what it is made of is some ten times as large.
        let one = db.get_database_backend().build(&self.as_one());
        let joined = db.query_all_raw(one).await?;
        let mut touched = HashSet::new();
        // One at least, whatever was done.
        if let Some(row) = joined.first() {
            for step in &self.0 {
                if row.try_get("", step.name)? {
                    touched.insert(step.name);
                }
            }
        }
        let told = Told::Joined(joined);
        Ok(Done { touched, told })
    }

    /// The outer query asks for one step after the other, in their order, which is the order in
    /// which PostgreSQL then makes them, and takes their locks. What a step depends on is asked in
    /// a query that depends on no row: when a row turns out to be another's just now, PostgreSQL
    /// asks its conditions again, and a write cannot be made again.
    fn as_one(&self) -> WithQuery {
        let mut with = WithClause::new();
        let one = Query::select().expr(Expr::cust("1")).to_owned();
        let mut told = Query::select().from_subquery(one, "one").to_owned();
        for step in &self.0 {
            let gates = [
                step.after.map(touched),
                step.unless.map(|step| touched(step).not()),
            ];
            let statement = step.statement.clone();
            let query = gates
                .into_iter()
                .flatten()
                .fold(statement, Statement::only_if);
            let (name, query) = (step.name, query.built());
            with.cte(
                CommonTableExpression::new()
                    .table_name(name)
                    .query(query)
                    .to_owned(),
            );
            told.expr_as(touched(name), name);
            for column in step.statement.told() {
                told.expr_as(Expr::col((name, *column)), prefixed(name, column));
            }
            if !step.statement.told().is_empty() {
                told.left_join(name, Expr::cust("TRUE"));
            }
        }
        with.query(told)
    }

    async fn one_by_one(&self, tx: &DatabaseTransaction) -> Result<Done, DbErr> {
        let (mut touched, mut apart) = (HashSet::new(), HashMap::new());
        for step in &self.0 {
            let is_due = step.after.is_none_or(|step| touched.contains(step))
                && !step.unless.is_some_and(|step| touched.contains(step));
            if !is_due {
                continue;
            }
            let rows = match step.statement.clone().built() {
                SubQueryStatement::InsertStatement(insert) => tx.query_all(&insert).await?,
                SubQueryStatement::UpdateStatement(update) => tx.query_all(&update).await?,
                SubQueryStatement::DeleteStatement(delete) => tx.query_all(&delete).await?,
                SubQueryStatement::SelectStatement(select) => tx.query_all(&select).await?,
                SubQueryStatement::WithStatement(with) => tx.query_all(&with).await?,
            };
            if !rows.is_empty() {
                touched.insert(step.name);
                apart.insert(step.name, rows);
            }
        }
        let told = Told::Apart(apart);
        Ok(Done { touched, told })
    }
}

impl Done {
    /// Whether a step was made, and touched a row.
    #[must_use]
    pub fn has(&self, step: &str) -> bool {
        self.touched.contains(step)
    }

    /// The rows that a step touched, and tells.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn rows<M: FromQueryResult>(&self, step: &str) -> Result<Vec<M>, DbErr> {
        if !self.has(step) {
            return Ok(Vec::new());
        }
        let (rows, prefix) = match &self.told {
            Told::Joined(rows) => (Some(rows), prefixed(step, "")),
            Told::Apart(apart) => (apart.get(step), String::new()),
        };
        let rows = rows.into_iter().flatten();
        rows.map(|row| M::from_query_result(row, &prefix)).collect()
    }
}

fn touched(step: &'static str) -> Expr {
    Expr::exists(Query::select().expr(Expr::cust("1")).from(step).to_owned())
}

fn prefixed(step: &str, column: &str) -> String {
    format!("{step}_{column}")
}
