//! Spent budgets: one timestamp each (GCRA).

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limits")]
pub struct Model {
    /// Whom the budget is for, and its name: `ada@example.com:send`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The theoretical arrival time: when the budget is whole again.
    pub full_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}
