//! Rows of `deliveries`: the outbox.

mod outbox;
mod report;
mod settlements;

pub use self::outbox::{postpone, release};
pub use self::report::{Report, apply};
pub use self::settlements::Settlement;

use entity::delivery::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};
use uuid::Uuid;

use super::corrupt;
use super::statement::Statement;
use crate::domain::challenge::Challenge;
use crate::domain::device::{Client, Label, Locale};
use crate::domain::{Channel, Contact, EmailAddress, PhoneNumber, Timestamp};

/// A message that is owed.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its id; the same at every try.
    pub id: Uuid,
    /// What is owed.
    pub owed: Owed,
    /// How it goes.
    pub channel: Channel,
    /// Where it goes.
    pub contact: Contact,
    /// The language it is written in; `None` for the default.
    pub language: Option<Locale>,
    /// Who brought it about.
    pub client: Client,
    /// When it was owed.
    pub created_at: Timestamp,
    /// When sending it has become pointless.
    pub deadline: Timestamp,
    /// How often it was taken, this time included.
    pub tries: u32,
    /// Who took it before, and did not bring it.
    pub returned_by: Option<String>,
}

/// What is owed to a person.
#[derive(Clone, Debug)]
pub enum Owed {
    /// The code of this challenge.
    Code(Challenge),
    /// Word that somebody signed in from a new device.
    NewDevice,
    /// Word that a refresh token was used twice.
    TokenReuse,
}

impl Owed {
    const CODE: &str = "code";
    const NEW_DEVICE: &str = "new_device";
    const TOKEN_REUSE: &str = "token_reuse";

    const fn as_str(&self) -> &'static str {
        match self {
            Self::Code(_) => Self::CODE,
            Self::NewDevice => Self::NEW_DEVICE,
            Self::TokenReuse => Self::TOKEN_REUSE,
        }
    }
}

/// How a delivery ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A courier took it; what its provider calls it, to be recognised by in a report.
    Sent {
        /// Which courier.
        courier: &'static str,
        /// In the provider's words.
        reference: Option<String>,
    },
    /// No courier will take it.
    Failed {
        /// Which one was asked last.
        courier: &'static str,
        /// In the provider's code.
        reason: String,
    },
    /// Its code expired, or was used, first.
    Late,
    /// It was never meant to be sent.
    Suppressed,
    /// It can never be sent: nobody can read the row.
    Unreadable,
}

impl Outcome {
    const SENT: &'static str = "sent";
    const FAILED: &'static str = "failed";

    /// The name under which rows keep it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Sent { .. } => Self::SENT,
            Self::Failed { .. } | Self::Unreadable => Self::FAILED,
            Self::Late => "late",
            Self::Suppressed => "suppressed",
        }
    }
}

/// Owes a message. One that is `suppressed` is settled at birth: the same row written, nothing
/// sent.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &impl ConnectionTrait,
    delivery: &Delivery,
    suppressed: bool,
) -> Result<(), DbErr> {
    Entity::insert(row(delivery, suppressed))
        .exec_without_returning(db)
        .await
        .map(drop)
}

/// The same, among other statements.
#[must_use]
pub fn owing(delivery: &Delivery, suppressed: bool) -> Statement {
    Statement::inserting_one(row(delivery, suppressed))
}

fn row(delivery: &Delivery, suppressed: bool) -> ActiveModel {
    let challenge_id = match &delivery.owed {
        Owed::Code(challenge) => Some(challenge.token.as_uuid()),
        Owed::NewDevice | Owed::TokenReuse => None,
    };
    let born = delivery.created_at.as_micros();
    ActiveModel {
        id: Set(delivery.id),
        challenge_id: Set(challenge_id),
        purpose: Set(delivery.owed.as_str().to_owned()),
        channel: Set(delivery.channel.as_str().to_owned()),
        recipient: Set(delivery.contact.deliverable().to_owned()),
        language: Set(delivery
            .language
            .as_ref()
            .map(|language| language.as_str().to_owned())),
        user_agent: Set(delivery.client.user_agent.clone().map(Label::into_string)),
        ip_address: Set(delivery.client.ip_address.map(|ip| ip.to_string())),
        created_at: Set(born),
        due_at: Set(born),
        deadline: Set(delivery.deadline.as_micros()),
        tries: Set(0),
        settled_at: Set(suppressed.then_some(born)),
        outcome: Set(suppressed.then(|| Outcome::Suppressed.as_str().to_owned())),
        courier: Set(None),
        reference: Set(None),
        failure: Set(None),
    }
}

/// `challenge` is the one that the row names.
fn read(row: &Model, challenge: Option<Challenge>) -> Result<Delivery, DbErr> {
    let owed = match (row.purpose.as_str(), challenge) {
        (Owed::CODE, Some(challenge)) => Owed::Code(challenge),
        (Owed::CODE, None) => return Err(corrupt("challenge of a delivery")),
        (Owed::NEW_DEVICE, _) => Owed::NewDevice,
        (Owed::TOKEN_REUSE, _) => Owed::TokenReuse,
        _ => return Err(corrupt("purpose")),
    };
    let channel = Channel::parse(&row.channel).ok_or_else(|| corrupt("channel"))?;
    Ok(Delivery {
        id: row.id,
        owed,
        channel,
        contact: contact(channel, &row.recipient).ok_or_else(|| corrupt("recipient"))?,
        language: row.language.as_deref().and_then(Locale::parse),
        client: Client {
            user_agent: row.user_agent.as_deref().and_then(Label::clean),
            ip_address: row.ip_address.as_deref().and_then(|ip| ip.parse().ok()),
            accept_language: None,
            request_id: None,
        },
        created_at: Timestamp::from_micros(row.created_at),
        deadline: Timestamp::from_micros(row.deadline),
        tries: u32::try_from(row.tries).map_err(|_| corrupt("tries"))?,
        returned_by: row.courier.clone(),
    })
}

/// That a message is still owed, of rows that are found by their ids. Not in the words of the index of
/// what is owed: while its statistics do not know of a sudden backlog, a database would walk through
/// all of that to find these few.
fn is_open() -> Expr {
    let zero = || Expr::cust("0");
    let settled_at = Expr::col((Entity, Column::SettledAt));
    Expr::expr(Func::coalesce([settled_at, zero()])).eq(zero())
}

fn contact(channel: Channel, recipient: &str) -> Option<Contact> {
    match channel {
        Channel::Email => EmailAddress::parse(recipient).map(Contact::Email),
        Channel::Sms | Channel::Whatsapp => PhoneNumber::parse(recipient, None).map(Contact::Phone),
    }
}
