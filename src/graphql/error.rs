//! Conditions for client middleware: `errors[].extensions.code`.

use async_graphql::{Error, ErrorExtensions};

use crate::auth::Fault;
use crate::domain::Stale;

/// Why a resolver has no answer.
///
/// It has no `Display`, so that async-graphql cannot turn it into text by itself; and a database
/// error, which has one, does not fit where an `ApiError` is asked for (D13).
#[derive(Debug)]
pub enum ApiError {
    /// The field needs to know who is calling.
    Unauthenticated(Reason),
    /// An argument that no person typed is out of its bounds. The text says which, and how.
    BadInput(&'static str),
    /// The request may not be given cookies. The text says why.
    CsrfRejected(&'static str),
    /// A fault of ours.
    Fault(Fault),
}

/// Why nobody knows who is calling: `extensions.reason` of an `UNAUTHENTICATED` error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There were no credentials.
    CredentialsMissing,
    /// They are not a token at all.
    TokenMalformed,
    /// They are not a token of ours.
    TokenInvalid,
    /// The token's time is over: refresh it.
    TokenExpired,
    /// The token's time has not come: a clock is wrong.
    TokenNotYetValid,
    /// The session was ended, or has expired: sign in again.
    SessionEnded,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::CredentialsMissing => "CREDENTIALS_MISSING",
            Self::TokenMalformed => "TOKEN_MALFORMED",
            Self::TokenInvalid => "TOKEN_INVALID",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokenNotYetValid => "TOKEN_NOT_YET_VALID",
            Self::SessionEnded => "SESSION_ENDED",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::CredentialsMissing => "Sign in first.",
            Self::TokenMalformed => "The credentials are not an access token.",
            Self::TokenInvalid => "The access token is not valid here.",
            Self::TokenExpired => "The access token has expired.",
            Self::TokenNotYetValid => "The access token is not valid yet.",
            Self::SessionEnded => "The session has ended.",
        }
    }
}

impl From<Stale> for Reason {
    fn from(stale: Stale) -> Self {
        match stale {
            Stale::Malformed => Self::TokenMalformed,
            Stale::Invalid => Self::TokenInvalid,
            Stale::Expired => Self::TokenExpired,
            Stale::NotYetValid => Self::TokenNotYetValid,
        }
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The one place where an error becomes text for the client, and a fault a line in the log.
impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Unauthenticated(reason) => Self::new(reason.message()).extend_with(|_, e| {
                e.set("code", "UNAUTHENTICATED");
                e.set("reason", reason.as_str());
            }),
            ApiError::BadInput(message) => {
                Self::new(message).extend_with(|_, e| e.set("code", "BAD_USER_INPUT"))
            }
            ApiError::CsrfRejected(message) => {
                Self::new(message).extend_with(|_, e| e.set("code", "CSRF_REJECTED"))
            }
            ApiError::Fault(fault) => {
                tracing::error!(%fault, "a request failed");
                Self::new("Something went wrong on our side. Try again later.")
                    .extend_with(|_, e| e.set("code", "INTERNAL_SERVER_ERROR"))
            }
        }
    }
}
