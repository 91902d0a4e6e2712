//! The use cases, one file each. What a person did wrong comes back as data; an error is always a
//! fault of ours.

mod admit;
mod bill;
mod issue;

pub mod audit;
pub mod current;
pub mod delivery_report;
pub mod end;
pub mod keys;
pub mod limits;
pub mod notices;
pub mod open;
pub mod operator;
pub mod page;
pub mod refresh;
pub mod request_otp;
pub mod scribe;
pub mod security_events;
pub mod sweeper;
pub mod toll;
pub mod verify_otp;

use std::sync::Arc;

use sea_orm::DbErr;

use self::audit::Trail;
use self::keys::Keeper;
use crate::delivery::twilio::Callbacks;
use crate::delivery::{Couriers, Doorbell};
use crate::domain::allowance::LimitPolicy;
use crate::domain::notice::NoticePolicy;
use crate::domain::otp::{OtpDeriver, OtpPolicy};
use crate::domain::phone::Region;
use crate::domain::session::SessionPolicy;
use crate::domain::test_identity::TestIdentities;
use crate::domain::toll::TollPolicy;
use crate::domain::user::Signup;
use crate::domain::{Clock, Contact, EmailAddress, Entropy, Languages, PhoneNumber};
use crate::store::together::{Step, Together};
use crate::store::{AsDbErr, Store};
use crate::tokens::{AccessTokens, RefreshTokens};

/// The rules of the house.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What codes look like and how long they live.
    pub otp: OtpPolicy,
    /// How long sessions last.
    pub session: SessionPolicy,
    /// Who may get an account.
    pub signup: Signup,
    /// How often things may happen.
    pub limits: LimitPolicy,
    /// Whose numbers may be written without their country code.
    pub default_region: Option<Region>,
    /// What people are told of.
    pub notices: NoticePolicy,
    /// What messages to telephones may cost.
    pub toll: TollPolicy,
}

/// Everything the use cases work with. `app.rs` puts it together.
pub struct Auth {
    /// The rules of the house.
    pub policy: Policy,
    /// The database.
    pub store: Store,
    /// Derives codes.
    pub codes: Arc<OtpDeriver>,
    /// Issues and verifies access tokens.
    pub access_tokens: AccessTokens,
    /// Keeps the keys that sign them.
    pub keys: Arc<Keeper>,
    /// Writes and reads refresh tokens.
    pub refresh_tokens: RefreshTokens,
    /// What languages there are messages in.
    pub languages: Languages,
    /// Whose code is fixed.
    pub test_identities: TestIdentities,
    /// Who may report what became of a message.
    pub callbacks: Option<Callbacks>,
    /// Which channels are offered.
    pub couriers: Couriers,
    /// Wakes the outbox worker.
    pub doorbell: Doorbell,
    /// Takes note of what happened.
    pub trail: Trail,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Auth {
    /// Steps that go together, for our database.
    fn together(&self, steps: impl IntoIterator<Item = Step>) -> Together {
        Together::of(self.store.pool().get_database_backend(), steps)
    }

    /// Reads an e-mail address that a person typed.
    #[must_use]
    pub fn email(&self, typed: &str) -> Option<Contact> {
        EmailAddress::parse(typed).map(Contact::Email)
    }

    /// Reads a telephone number that a person typed.
    #[must_use]
    pub fn phone(&self, typed: &str) -> Option<Contact> {
        PhoneNumber::parse(typed, self.policy.default_region).map(Contact::Phone)
    }
}

/// A fault of ours: logged with its request, shown to the client as a constant.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// An access token could not be signed.
    #[error("signing: {0}")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

impl AsDbErr for Fault {
    fn as_db_err(&self) -> Option<&DbErr> {
        match self {
            Self::Database(error) => Some(error),
            Self::Signing(_) => None,
        }
    }
}
