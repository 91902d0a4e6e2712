//! The outbox: messages that are owed.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose code it brings. Notices bring none.
    pub challenge_id: Option<Uuid>,
    /// `code`, `new_device` or `token_reuse`.
    pub purpose: String,
    /// `email`, `sms` or `whatsapp`.
    pub channel: String,
    /// Where to send: the address as typed, or an E.164 number.
    pub recipient: String,
    /// The language it is written in.
    pub language: Option<String>,
    /// The `User-Agent` that brought it about.
    pub user_agent: Option<String>,
    /// The network address that brought it about.
    pub ip_address: Option<String>,
    pub created_at: i64,
    /// When a worker may take it. Taking it moves this ahead: a lease that a dead worker lets go
    /// by itself.
    pub due_at: i64,
    /// When sending it has become pointless.
    pub deadline: i64,
    /// How often it was taken.
    pub tries: i32,
    pub settled_at: Option<i64>,
    /// `sent`, `delivered`, `failed`, `late` or `suppressed`, once settled.
    pub outcome: Option<String>,
    /// Who took it last.
    pub courier: Option<String>,
    /// What that courier's provider calls it.
    pub reference: Option<String>,
    /// Why it failed, in the provider's code.
    pub failure: Option<String>,
    #[sea_orm(belongs_to, from = "challenge_id", to = "id", on_delete = "Cascade")]
    pub challenge: BelongsTo<Option<super::challenge::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
