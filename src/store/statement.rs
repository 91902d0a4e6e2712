//! Statements that may be made with others: see [`Together`](super::together::Together).

use sea_orm::sea_query::{
    DeleteStatement, Expr, InsertStatement, OnConflict, Query, SelectStatement, SubQueryStatement,
    UpdateStatement,
};
use sea_orm::{ActiveModelTrait, ActiveValue, EntityName, EntityTrait, IdenStatic, Iterable};

/// A statement that may be made with others.
#[derive(Debug)]
pub struct Statement {
    what: What,
    tells: Vec<&'static str>,
}

#[derive(Debug)]
enum What {
    Insert(Box<InsertStatement>, SelectStatement),
    Update(UpdateStatement),
    Delete(DeleteStatement),
    Select(SelectStatement),
}

impl Statement {
    /// Inserts `rows`.
    #[must_use]
    pub fn inserting(into: InsertStatement, rows: SelectStatement) -> Self {
        Self::from(What::Insert(Box::new(into), rows))
    }

    /// Inserts `row`.
    #[must_use]
    pub fn inserting_one<A: ActiveModelTrait>(mut row: A) -> Self {
        let (mut columns, mut values) = (Vec::new(), Query::select());
        for column in <A::Entity as EntityTrait>::Column::iter() {
            if let ActiveValue::Set(value) | ActiveValue::Unchanged(value) = row.take(column) {
                columns.push(column);
                values.expr(Expr::val(value));
            }
        }
        let into = Query::insert()
            .into_table(A::Entity::default().table_ref())
            .columns(columns)
            .take();
        Self::inserting(into, values)
    }

    /// What an insert does where there is such a row already.
    #[must_use]
    pub fn on_conflict(mut self, on_conflict: OnConflict) -> Self {
        if let What::Insert(into, _) = &mut self.what {
            into.on_conflict(on_conflict);
        }
        self
    }

    /// It brings back the rows of `E` that it touches. Of two that do one may touch several.
    #[must_use]
    pub fn telling<E: EntityTrait>(self) -> Self {
        Self {
            tells: E::Column::iter().map(|column| column.as_str()).collect(),
            ..self
        }
    }

    /// It is made only if this is so.
    #[must_use]
    pub fn only_if(mut self, condition: Expr) -> Self {
        match &mut self.what {
            What::Insert(_, rows) => drop(rows.and_where(condition)),
            What::Update(update) => drop(update.and_where(condition)),
            What::Delete(delete) => drop(delete.and_where(condition)),
            What::Select(select) => drop(select.and_where(condition)),
        }
        self
    }

    /// The columns that it brings back.
    pub(super) fn told(&self) -> &[&'static str] {
        &self.tells
    }

    /// As it is sent, bringing back something for each row.
    pub(super) fn built(self) -> SubQueryStatement {
        let told = match self.tells.as_slice() {
            [] => Query::returning().expr(Expr::cust("1")),
            columns => Query::returning().columns(columns.to_vec()),
        };
        match self.what {
            What::Insert(mut into, mut rows) => {
                // SQLite takes the `ON` of a conflict for that of a join where there is no `WHERE`.
                rows.and_where(Expr::cust("TRUE"));
                let insert = into.select_from(rows).expect("a value for each column");
                insert.returning(told).take().into()
            }
            What::Update(mut update) => update.returning(told).take().into(),
            What::Delete(mut delete) => delete.returning(told).take().into(),
            What::Select(select) => select.into(),
        }
    }
}

impl From<What> for Statement {
    fn from(what: What) -> Self {
        let tells = Vec::new();
        Self { what, tells }
    }
}

impl From<UpdateStatement> for Statement {
    fn from(update: UpdateStatement) -> Self {
        What::Update(update).into()
    }
}

impl From<DeleteStatement> for Statement {
    fn from(delete: DeleteStatement) -> Self {
        What::Delete(delete).into()
    }
}

impl From<SelectStatement> for Statement {
    fn from(select: SelectStatement) -> Self {
        What::Select(select).into()
    }
}
