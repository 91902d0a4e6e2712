//! People with an account.

use uuid::Uuid;

use super::{Contact, EmailAddress, PhoneNumber, Timestamp};
use crate::domain::device::Locale;

/// A person's id; the `sub` of their access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserId(pub Uuid);

/// A person with an account, known by at least one verified contact.
#[derive(Clone, Debug)]
pub struct User {
    /// Their id, for ever.
    pub id: UserId,
    /// Their verified address.
    pub email: Option<EmailAddress>,
    /// Their verified number.
    pub phone: Option<PhoneNumber>,
    /// The language they signed up in.
    pub locale: Option<Locale>,
    /// When they first signed in.
    pub created_at: Timestamp,
}

impl User {
    /// A new account for whoever proved to hold `contact`.
    #[must_use]
    pub fn new(
        id: UserId,
        contact: Contact,
        locale: Option<Locale>,
        created_at: Timestamp,
    ) -> Self {
        let (email, phone) = match contact {
            Contact::Email(email) => (Some(email), None),
            Contact::Phone(phone) => (None, Some(phone)),
        };
        Self {
            id,
            email,
            phone,
            locale,
            created_at,
        }
    }
}

/// Who may get an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signup {
    /// Whoever proves to hold a contact.
    Open,
    /// Nobody new; people with an account sign in as before.
    Closed,
}
