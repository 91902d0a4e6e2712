//! Several writes in one round trip: on PostgreSQL one statement, whose `WITH` has them all; on
//! SQLite, which knows no writes there and has no way to go, one transaction. Each is described
//! once, for both.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, Query, SubQueryStatement, WithQuery,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, FromQueryResult, QueryResult,
    Statement as Sent,
};

use super::Store;
use super::statement::Statement;

/// Statements that go together, each made in its turn, if those it depends on touched a row. On
/// PostgreSQL all of them see the rows as they were before the first, so that none may look for,
/// or change, a row that another has written.
///
/// An error undoes them all. A step that touches nothing undoes none: it only keeps those that
/// depend on it from being made.
#[derive(Debug)]
pub struct Together(Form);

/// As they are sent, which is some tenth of what they are made of: many may wait for a connection.
#[derive(Debug)]
enum Form {
    /// In one statement, that of the steps with these names.
    AtOnce(Sent, Vec<&'static str>),
    /// One after the other.
    InTurn(Vec<Step<Sent>>),
}

/// A statement in its place among others.
#[derive(Debug)]
pub struct Step<S = Statement> {
    name: &'static str,
    statement: S,
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

    fn into_sent(self) -> Step<Sent> {
        let sqlite = DbBackend::Sqlite;
        let statement = match self.statement.built() {
            SubQueryStatement::InsertStatement(insert) => sqlite.build(&insert),
            SubQueryStatement::UpdateStatement(update) => sqlite.build(&update),
            SubQueryStatement::DeleteStatement(delete) => sqlite.build(&delete),
            SubQueryStatement::SelectStatement(select) => sqlite.build(&select),
            SubQueryStatement::WithStatement(with) => sqlite.build(&with),
        };
        Step {
            name: self.name,
            statement,
            after: self.after,
            unless: self.unless,
        }
    }
}

impl Together {
    /// These steps, in this order, as this database takes them.
    #[must_use]
    pub fn of(backend: DbBackend, steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = steps.into_iter();
        Self(if backend == DbBackend::Postgres {
            let steps: Vec<_> = steps.collect();
            let names = steps.iter().map(|step| step.name).collect();
            Form::AtOnce(backend.build(&as_one(steps)), names)
        } else {
            Form::InTurn(steps.map(Step::into_sent).collect())
        })
    }

    /// Makes the steps, and commits them: in one round trip, if the database allows it.
    ///
    /// # Errors
    /// When the database fails, or a statement does; then nothing was done.
    pub async fn commit(&self, store: &Store) -> Result<Done, DbErr> {
        store.retrying(|| self.try_commit(store)).await
    }

    async fn try_commit(&self, store: &Store) -> Result<Done, DbErr> {
        match &self.0 {
            Form::AtOnce(one, names) => at_once(store.pool(), one, names).await,
            Form::InTurn(steps) => {
                let tx = store.begin().await?;
                let done = in_turn(&tx, steps).await?;
                tx.commit().await?;
                Ok(done)
            }
        }
    }

    /// Makes the steps as part of a transaction.
    ///
    /// # Errors
    /// When the database fails, or a statement does; then nothing else can be done in `tx`.
    pub async fn within(&self, tx: &DatabaseTransaction) -> Result<Done, DbErr> {
        match &self.0 {
            Form::AtOnce(one, names) => at_once(tx, one, names).await,
            Form::InTurn(steps) => in_turn(tx, steps).await,
        }
    }
}

async fn at_once(
    db: &impl ConnectionTrait,
    one: &Sent,
    names: &[&'static str],
) -> Result<Done, DbErr> {
    let joined = db.query_all_raw(one.clone()).await?;
    let mut touched = HashSet::new();
    // One at least, whatever was done.
    if let Some(row) = joined.first() {
        for name in names {
            if row.try_get("", name)? {
                touched.insert(*name);
            }
        }
    }
    let told = Told::Joined(joined);
    Ok(Done { touched, told })
}

async fn in_turn(tx: &DatabaseTransaction, steps: &[Step<Sent>]) -> Result<Done, DbErr> {
    let (mut touched, mut apart) = (HashSet::new(), HashMap::new());
    for step in steps {
        let is_due = step.after.is_none_or(|step| touched.contains(step))
            && !step.unless.is_some_and(|step| touched.contains(step));
        if !is_due {
            continue;
        }
        let rows = tx.query_all_raw(step.statement.clone()).await?;
        if !rows.is_empty() {
            touched.insert(step.name);
            apart.insert(step.name, rows);
        }
    }
    let told = Told::Apart(apart);
    Ok(Done { touched, told })
}

/// The outer query asks for one step after the other, in their order, which is the order in which
/// PostgreSQL then makes them, and takes their locks. What a step depends on is asked in a query
/// that depends on no row: when a row turns out to be another's just now, PostgreSQL asks its
/// conditions again, and a write cannot be made again.
fn as_one(steps: Vec<Step>) -> WithQuery {
    let one = Query::select().expr(Expr::cust("1")).take();
    let mut told = Query::select().from_subquery(one, "one").take();
    let mut all = WithQuery::new();
    for step in steps {
        let Step {
            name,
            statement,
            after,
            unless,
        } = step;
        told.expr_as(touched(name), name);
        for column in statement.told() {
            told.expr_as(Expr::col((name, *column)), prefixed(name, column));
        }
        if !statement.told().is_empty() {
            told.left_join(name, Expr::cust("TRUE"));
        }
        let gates = [after.map(touched), unless.map(|step| touched(step).not())];
        let gates = gates.into_iter().flatten();
        let statement = gates.fold(statement, Statement::only_if);
        let mut query = CommonTableExpression::new();
        query.table_name(name).query(statement.built());
        all.cte(query);
    }
    all.query(told);
    all
}

impl Done {
    /// Whether a step was made, and touched a row.
    #[must_use]
    pub fn has(&self, step: &str) -> bool {
        self.touched.contains(step)
    }

    /// The first row that a step touched, and tells.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn row<M: FromQueryResult>(&self, step: &str) -> Result<Option<M>, DbErr> {
        Ok(self.rows(step)?.into_iter().next())
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
    Expr::exists(Query::select().expr(Expr::cust("1")).from(step).take())
}

fn prefixed(step: &str, column: &str) -> String {
    format!("{step}_{column}")
}
