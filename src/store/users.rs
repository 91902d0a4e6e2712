//! Rows of `users`.

use entity::user::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable, PaginatorTrait, QueryFilter, Set,
};

use super::corrupt;
use super::statement::Statement;
use super::together::Done;
use crate::domain::device::Locale;
use crate::domain::{Contact, EmailAddress, PhoneNumber, Timestamp, User, UserId};

/// The account that `contact` belongs to.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &impl ConnectionTrait, contact: &Contact) -> Result<Option<User>, DbErr> {
    let row = Entity::find()
        .filter(column(contact).eq(contact.identity()))
        .one(db)
        .await?;
    row.map(read).transpose()
}

/// The same, among other statements.
#[must_use]
pub fn finding(contact: &Contact) -> Statement {
    let found = Query::select()
        .columns(Column::iter())
        .from(Entity)
        .and_where(column(contact).eq(contact.identity()))
        .take();
    Statement::from(found).telling::<Entity>()
}

/// The account that a step told.
///
/// # Errors
/// When the row cannot be read.
pub fn told(done: &Done, step: &str) -> Result<Option<User>, DbErr> {
    done.row(step)?.map(read).transpose()
}

/// Whether there is an account of `contact`. Counts, so that one row comes back either way: a row
/// more or less to read is what a stopwatch would see (D7).
///
/// # Errors
/// When the database fails.
pub async fn exists(db: &impl ConnectionTrait, contact: &Contact) -> Result<bool, DbErr> {
    let accounts = Entity::find()
        .filter(column(contact).eq(contact.identity()))
        .count(db)
        .await?;
    Ok(accounts > 0)
}

/// The account of `id`.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(db: &impl ConnectionTrait, id: UserId) -> Result<Option<User>, DbErr> {
    let row = Entity::find_by_id(id.0).one(db).await?;
    row.map(read).transpose()
}

/// Opens the account `user`, unless another request has just opened one for the same contact.
///
/// # Errors
/// When the database fails.
pub async fn insert_if_absent(db: &impl ConnectionTrait, user: &User) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.as_ref().map(|email| email.as_typed().to_owned())),
        email_identity: Set(user.email.as_ref().map(|email| email.identity().to_owned())),
        phone: Set(user.phone.as_ref().map(|phone| phone.as_e164().to_owned())),
        locale: Set(user
            .locale
            .as_ref()
            .map(|locale| locale.as_str().to_owned())),
        created_at: Set(user.created_at.as_micros()),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(inserted == 1)
}

pub(super) fn read(row: Model) -> Result<User, DbErr> {
    let email = row
        .email
        .map(|text| EmailAddress::parse(&text).ok_or_else(|| corrupt("address")));
    let phone = row
        .phone
        .map(|text| PhoneNumber::parse(&text, None).ok_or_else(|| corrupt("number")));
    Ok(User {
        id: UserId(row.id),
        email: email.transpose()?,
        phone: phone.transpose()?,
        locale: row.locale.as_deref().and_then(Locale::parse),
        created_at: Timestamp::from_micros(row.created_at),
    })
}

fn column(contact: &Contact) -> Column {
    match contact {
        Contact::Email(_) => Column::EmailIdentity,
        Contact::Phone(_) => Column::Phone,
    }
}
