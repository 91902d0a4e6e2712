//! Codes that were asked for. The codes themselves are derived, and nowhere.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenges")]
pub struct Model {
    /// The challenge token: 128 random bits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// How its code is sent: `email`, `sms` or `whatsapp`.
    pub channel: String,
    /// The contact's identity: a case-folded address or an E.164 number.
    pub contact: String,
    /// Names the server secret that the code is derived under.
    pub secret_id: String,
    pub locale: Option<String>,
    /// Guesses left to whoever shows the token.
    pub attempts_left: i16,
    /// Guesses left to everybody else.
    pub open_attempts_left: i16,
    /// No code of this challenge is right, and none is sent.
    pub decoy: bool,
    pub created_at: i64,
    pub expires_at: i64,
    pub consumed_at: Option<i64>,
    #[sea_orm(has_many)]
    pub deliveries: HasMany<super::delivery::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
