//! Rows of `traffic`: messages to telephones, counted by channel, country, prefix and time.

use std::time::Duration;

use entity::traffic::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, UpdateStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Set,
};

use super::statement::Statement;
use crate::domain::region::Region;
use crate::domain::toll::Traffic;
use crate::domain::{Channel, PhoneNumber, Timestamp};

/// How long one row counts for. The guard's window moves by as much at once.
const SLOT: Duration = Duration::from_mins(10);

/// Where numbers of no country are counted.
const NO_COUNTRY: &str = "??";

/// What is counted together, time aside.
#[derive(Clone, Copy, Debug)]
pub struct Stream<'a> {
    /// How messages go.
    pub channel: Channel,
    /// Whose numbers they go to.
    pub region: Option<Region>,
    /// What those numbers begin with, the country code first.
    pub prefix: &'a str,
    /// The country code alone.
    pub country_code: &'a str,
}

impl<'a> Stream<'a> {
    /// That of messages to `number` over `channel`, told apart by so many `digits`.
    #[must_use]
    pub fn of(channel: Channel, number: &'a PhoneNumber, digits: u8) -> Self {
        Self {
            channel,
            region: number.region(),
            prefix: number.prefix(digits),
            country_code: number.prefix(0),
        }
    }

    /// The country's name: ISO 3166, or `??`.
    #[must_use]
    pub fn country(&self) -> String {
        self.region
            .map_or_else(|| NO_COUNTRY.to_owned(), |region| region.to_string())
    }
}

/// Counts a message as sent, or, with a `count` of 0, does the same work and counts nothing.
#[must_use]
pub fn sending(stream: Stream<'_>, now: Timestamp, count: i32) -> Statement {
    let row = ActiveModel {
        sent: Set(count),
        ..blank(stream, now)
    };
    Statement::inserting_one(row).on_conflict(added(Column::Sent, count))
}

/// Counts a message that was not sent.
///
/// # Errors
/// When the database fails.
pub async fn refused(
    db: &impl ConnectionTrait,
    stream: Stream<'_>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        refused: Set(1),
        ..blank(stream, now)
    };
    Entity::insert(row)
        .on_conflict(added(Column::Refused, 1))
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// Counts a code that came back, where its message was counted; `is_new` when its number has not
/// been counted within the guard's window. A message that nobody counted is not counted now.
#[must_use]
pub fn verifying(stream: Stream<'_>, sent_at: Timestamp, is_new: bool) -> UpdateStatement {
    Entity::update_many()
        .col_expr(Column::Verified, Expr::col(Column::Verified).add(1))
        .col_expr(
            Column::People,
            Expr::col(Column::People).add(i32::from(is_new)),
        )
        .filter(is_of(stream.channel, &stream.country()))
        .filter(Column::Slot.eq(slot(sent_at)))
        .filter(Column::Prefix.eq(stream.prefix))
        .into_query()
}

/// What went out and came back since `since`, in the prefix and in its whole country. Looks at
/// whole slots, so at up to ten minutes more.
///
/// # Errors
/// When the database fails.
pub async fn lately(
    db: &impl ConnectionTrait,
    stream: Stream<'_>,
    since: Timestamp,
) -> Result<Lately, DbErr> {
    let of_prefix = |column: Column| {
        let is_of_prefix = Expr::col(Column::Prefix).eq(stream.prefix);
        let counted: Expr = CaseStatement::new()
            .case(is_of_prefix, Expr::col(column))
            .finally(0)
            .into();
        counted.sum()
    };
    let sums: Option<(Sum, Sum, Sum, Sum)> = Entity::find()
        .select_only()
        .expr_as(of_prefix(Column::Sent), "sent")
        .expr_as(of_prefix(Column::People), "people")
        .expr_as(Column::Sent.sum(), "country_sent")
        .expr_as(Column::People.sum(), "country_people")
        .filter(is_of(stream.channel, &stream.country()))
        .filter(Column::Slot.gte(slot(since)))
        .into_tuple()
        .one(db)
        .await?;
    let (sent, people, country_sent, country_people) = sums.unwrap_or_default();
    Ok(Lately {
        prefix: traffic(sent, people),
        country: traffic(country_sent, country_people),
    })
}

/// A sum over rows; `None` over none.
type Sum = Option<i64>;

/// Traffic of a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lately {
    /// In one prefix.
    pub prefix: Traffic,
    /// In the whole country.
    pub country: Traffic,
}

/// One channel's traffic to one country, or to one prefix of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counted {
    /// How messages went.
    pub channel: String,
    /// ISO 3166, or `??` for numbers of no country.
    pub country: String,
    /// The prefix; empty for the whole country.
    pub prefix: String,
    /// Messages that went out.
    pub sent: i64,
    /// Codes that came back.
    pub verified: i64,
    /// Numbers that they came back from.
    pub people: i64,
    /// Messages that did not go out.
    pub refused: i64,
}

impl Counted {
    /// What a guard goes by.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        traffic(Some(self.sent), Some(self.people))
    }
}

/// What was counted since `since` for each channel and country, by name.
///
/// # Errors
/// When the database fails.
pub async fn by_country(
    db: &impl ConnectionTrait,
    since: Timestamp,
) -> Result<Vec<Counted>, DbErr> {
    counted(since)
        .expr_as(Expr::val(""), "prefix")
        .into_model()
        .all(db)
        .await
}

/// What was counted since `since` for each channel, country and prefix, by name.
///
/// # Errors
/// When the database fails.
pub async fn by_prefix(db: &impl ConnectionTrait, since: Timestamp) -> Result<Vec<Counted>, DbErr> {
    counted(since)
        .column(Column::Prefix)
        .group_by(Column::Prefix)
        .order_by_asc(Column::Prefix)
        .into_model()
        .all(db)
        .await
}

fn counted(since: Timestamp) -> sea_orm::Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Channel, Column::Country])
        .expr_as(Column::Sent.sum(), "sent")
        .expr_as(Column::Verified.sum(), "verified")
        .expr_as(Column::People.sum(), "people")
        .expr_as(Column::Refused.sum(), "refused")
        .filter(Column::Slot.gte(slot(since)))
        .group_by(Column::Channel)
        .group_by(Column::Country)
        .order_by_asc(Column::Channel)
        .order_by_asc(Column::Country)
}

fn added(counter: Column, count: i32) -> OnConflict {
    let key = [
        Column::Channel,
        Column::Country,
        Column::Slot,
        Column::Prefix,
    ];
    OnConflict::columns(key)
        .value(counter, Expr::col((Entity, counter)).add(count))
        .to_owned()
}

fn blank(stream: Stream<'_>, at: Timestamp) -> ActiveModel {
    ActiveModel {
        channel: Set(stream.channel.as_str().to_owned()),
        country: Set(stream.country()),
        slot: Set(slot(at)),
        prefix: Set(stream.prefix.to_owned()),
        sent: Set(0),
        verified: Set(0),
        people: Set(0),
        refused: Set(0),
    }
}

fn is_of(channel: Channel, country: &str) -> Condition {
    Condition::all()
        .add(Column::Channel.eq(channel.as_str()))
        .add(Column::Country.eq(country))
}

fn slot(at: Timestamp) -> i64 {
    let length = i64::try_from(SLOT.as_micros()).unwrap_or(i64::MAX);
    at.as_micros().div_euclid(length) * length
}

fn traffic(sent: Sum, people: Sum) -> Traffic {
    let count = |sum: Sum| u64::try_from(sum.unwrap_or_default()).unwrap_or_default();
    Traffic {
        sent: count(sent),
        people: count(people),
    }
}
