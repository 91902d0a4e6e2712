//! What a person did wrong: `userErrors` on the payload.

use std::time::Duration;

use async_graphql::{Enum, Interface, SimpleObject};

use crate::domain::clock::seconds_rounded_up;

/// Something for the person to put right. Show `message` beside the input that `field` names.
#[derive(Interface)]
#[graphql(
    field(
        name = "message",
        ty = "&String",
        desc = "Plain English, fit to show. Translate by `code`."
    ),
    field(
        name = "field",
        ty = "&Option<Vec<String>>",
        desc = "The path of the input that it is about, such as `[\"input\", \"code\"]`; null when it is about none."
    )
)]
pub enum UserError {
    /// Of a sign-in or a session.
    Auth(AuthError),
}

/// Why signing in, or a change to a session, did not work.
#[derive(SimpleObject, Debug)]
pub struct AuthError {
    /// What happened, for your code to act on. Expect new values: treat one that you do not know
    /// by its message.
    code: AuthErrorCode,
    /// Plain English, fit to show. Translate by `code`.
    message: String,
    /// The path of the input that it is about, such as `["input", "code"]`; null when it is about
    /// none.
    field: Option<Vec<String>>,
    /// Seconds to wait before trying again, where waiting helps: `42`.
    retry_after: Option<i32>,
    /// Guesses left on this challenge, where the challenge token was shown: `4`.
    attempts_remaining: Option<i32>,
}

/// What went wrong.
#[derive(Enum, Copy, Clone, Debug, PartialEq, Eq)]
pub enum AuthErrorCode {
    /// Not an e-mail address, or not a telephone number. Numbers need their country code, as in
    /// `+44 7911 123456`, unless the server has a default region.
    RecipientInvalid,
    /// This address or number may not sign in here.
    RecipientNotAllowed,
    /// Nothing can be sent this way at the moment. Offer the other channel.
    ChannelUnavailable,
    /// Too often, for this recipient or from this network. Wait for `retryAfter` seconds.
    RateLimited,
    /// The code is wrong; or it may be expired or used up, and no challenge token was shown.
    OtpInvalid,
    /// The code has expired, or was used before. Ask for a new one.
    OtpExpired,
    /// Too many wrong codes for this challenge. Ask for a new one.
    OtpAttemptsExceeded,
    /// The refresh token opens nothing any more. Sign in again.
    SessionExpired,
    /// There is no such session, or it has ended.
    SessionNotFound,
}

impl AuthError {
    /// `code` for the input at `field`.
    pub fn new(code: AuthErrorCode, field: &[&str]) -> Self {
        Self {
            code,
            message: code.message().to_owned(),
            field: (!field.is_empty()).then(|| field.iter().map(|&name| name.to_owned()).collect()),
            retry_after: None,
            attempts_remaining: None,
        }
    }

    /// With the time after which to try again.
    pub fn after(self, wait: Duration) -> Self {
        Self {
            retry_after: Some(seconds_rounded_up(wait)),
            ..self
        }
    }

    /// With the guesses that are left, where that is told.
    pub fn with_attempts(self, left: Option<u8>) -> Self {
        Self {
            attempts_remaining: left.map(i32::from),
            ..self
        }
    }
}

impl AuthErrorCode {
    const fn message(self) -> &'static str {
        match self {
            Self::RecipientInvalid => "Check the address or number.",
            Self::RecipientNotAllowed => "This address or number cannot sign in here.",
            Self::ChannelUnavailable => "Codes cannot be sent this way at the moment.",
            Self::RateLimited => "Too many attempts. Wait a moment and try again.",
            Self::OtpInvalid => "That code is not right.",
            Self::OtpExpired => "That code is no longer valid. Ask for a new one.",
            Self::OtpAttemptsExceeded => "Too many wrong codes. Ask for a new one.",
            Self::SessionExpired => "You have been signed out. Sign in again.",
            Self::SessionNotFound => "There is no such session.",
        }
    }
}
