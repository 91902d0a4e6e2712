//! What a provider reports of a message that it took.

use entity::delivery::{Column, Entity};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Outcome, contact};
use crate::domain::{Channel, Contact, Timestamp};
use crate::store::corrupt;

/// What became of a message that a provider had taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<'a> {
    /// The person has it.
    Delivered,
    /// It did not arrive, and another courier may try.
    Returned(&'a str),
    /// It did not arrive, and never will.
    Failed(&'a str),
}

impl Report<'_> {
    /// Its name in metrics.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Returned(_) => "returned",
            Self::Failed(_) => "failed",
        }
    }
}

/// Notes what the provider of `courier` reports of the message that it calls `reference`, once: of
/// reports that come twice, late or after the message went another way, none changes anything. A returned
/// message is owed again. Tells how and where a message went that this was news of.
///
/// # Errors
/// When the database fails.
pub async fn apply(
    db: &impl ConnectionTrait,
    id: Uuid,
    (courier, reference): (&str, &str),
    report: Report<'_>,
    now: Timestamp,
) -> Result<Option<(Channel, Contact)>, DbErr> {
    let sent = Entity::update_many()
        .filter(Column::Id.eq(id))
        .filter(Column::Courier.eq(courier))
        // A receipt that nobody could read left none: the delivery's id has to do.
        .filter(
            Column::Reference
                .eq(reference)
                .or(Column::Reference.is_null()),
        )
        .filter(Column::Outcome.eq(Outcome::SENT));
    let noted = match report {
        Report::Delivered => sent.col_expr(Column::Outcome, "delivered".into()),
        Report::Failed(reason) => sent
            .col_expr(Column::Outcome, Outcome::FAILED.into())
            .col_expr(Column::Failure, reason.into()),
        Report::Returned(reason) => sent
            .col_expr(Column::Outcome, Option::<String>::None.into())
            .col_expr(Column::SettledAt, Option::<i64>::None.into())
            .col_expr(Column::Reference, Option::<String>::None.into())
            .col_expr(Column::Failure, reason.into())
            .col_expr(Column::DueAt, now.as_micros().into()),
    };
    let Some(row) = noted.exec_with_returning(db).await?.into_iter().next() else {
        return Ok(None);
    };
    let channel = Channel::parse(&row.channel).ok_or_else(|| corrupt("channel"))?;
    let contact = contact(channel, &row.recipient).ok_or_else(|| corrupt("recipient"))?;
    Ok(Some((channel, contact)))
}
