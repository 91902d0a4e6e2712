//! The outbox: messages that are owed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub challenge_id: Uuid,
    /// `email` or `sms`.
    pub channel: String,
    /// Where to send: the address as typed, or an E.164 number.
    pub recipient: String,
    /// When a worker may take it. Taking it moves this ahead: a lease that a dead worker lets go
    /// by itself.
    pub due_at: i64,
    /// When sending it has become pointless.
    pub deadline: i64,
    /// How often it was taken.
    pub tries: i32,
    pub settled_at: Option<i64>,
    /// `sent`, `failed`, `late` or `suppressed`, once settled.
    pub outcome: Option<String>,
    #[sea_orm(belongs_to, from = "challenge_id", to = "id", on_delete = "Cascade")]
    pub challenge: BelongsTo<super::challenge::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
