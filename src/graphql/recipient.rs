//! Whom a code is for.

use async_graphql::OneofObject;

use super::user_error::{AuthError, AuthErrorCode};
use crate::auth::Auth;
use crate::domain::Contact;

/// Whom a code is for: exactly one of the two. Take what the person typed as it is.
#[derive(OneofObject)]
pub enum OtpRecipientInput {
    /// An e-mail address: `ada@example.com`. Surrounding spaces and letter case do not matter.
    Email(String),
    /// A telephone number, with its country code unless the server has a default region:
    /// `+44 7911 123456`.
    Phone(String),
}

impl OtpRecipientInput {
    /// The contact, or what to tell the person beside the input.
    pub fn contact(&self, auth: &Auth) -> Result<Contact, AuthError> {
        let (contact, name) = match self {
            Self::Email(typed) => (auth.email(typed), "email"),
            Self::Phone(typed) => (auth.phone(typed), "phone"),
        };
        let path = ["input", "recipient", name];
        contact.ok_or_else(|| AuthError::new(AuthErrorCode::RecipientInvalid, &path))
    }
}
