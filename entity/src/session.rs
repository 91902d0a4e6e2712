//! Sessions: one row per signed-in device, however often it refreshes.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// How often the refresh token was rotated; the one of this generation is valid.
    pub generation: i32,
    pub rotated_at: i64,
    pub device_name: Option<String>,
    pub user_agent: Option<String>,
    pub ip_address: Option<String>,
    pub created_at: i64,
    pub last_seen_at: i64,
    /// Over unless refreshed before.
    pub expires_at: i64,
    /// Over even if refreshed.
    pub ends_at: i64,
    pub revoked_at: Option<i64>,
    /// When to look whether it is over: not before it is, and a day later at most.
    pub sweep_at: i64,
    #[sea_orm(belongs_to, from = "user_id", to = "id", on_delete = "Cascade")]
    pub user: BelongsTo<super::user::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
