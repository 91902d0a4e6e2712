//! Messages to telephones, counted: one row for each channel, country, ten minutes and prefix.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "traffic")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub channel: String,
    /// ISO 3166, or `??` for numbers of no country.
    #[sea_orm(primary_key, auto_increment = false)]
    pub country: String,
    /// When its ten minutes began.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i64,
    /// The country code and some digits: `44740`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub prefix: String,
    /// Messages that went out in these ten minutes.
    pub sent: i32,
    /// Those of them whose code came back, whenever it did.
    pub verified: i32,
    /// The same, with each number counted once in the guard's window.
    pub people: i32,
    /// Messages that did not go out.
    pub refused: i32,
}

impl ActiveModelBehavior for ActiveModel {}
