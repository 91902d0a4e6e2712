//! What happened: written once, never changed, swept when it is old.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    /// Such as `code_requested`.
    pub kind: String,
    /// How it ended, or why, where there is more than one way.
    pub outcome: Option<String>,
    pub user_id: Option<Uuid>,
    pub session_id: Option<Uuid>,
    /// A keyed hash of the address or number: tells equal ones, reveals none.
    pub contact_hash: Option<String>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
