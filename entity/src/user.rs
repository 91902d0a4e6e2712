//! People with an account.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As its owner typed it.
    pub email: Option<String>,
    /// Case-folded; what makes an address one person's.
    #[sea_orm(unique)]
    pub email_identity: Option<String>,
    /// E.164.
    #[sea_orm(unique)]
    pub phone: Option<String>,
    /// A BCP 47 tag.
    pub locale: Option<String>,
    pub created_at: i64,
    #[sea_orm(has_many)]
    pub sessions: HasMany<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
