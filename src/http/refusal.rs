//! Answers to requests that never reach the schema.

use async_graphql::Pos;
use axum::{
    Json,
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::csrf::Doubt;
use super::negotiation::MediaType;
use super::observation::{Observation, Outcome};
use crate::graphql::guard;

/// Nothing that is said at `/graphql` is for a cache to keep.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// An answer of one error and no data, for layers in front of the schema.
///
/// `message` goes to the client: it must hold nothing of the request.
#[must_use]
pub fn graphql_error(status: StatusCode, code: &'static str, message: &'static str) -> Response {
    answer(status, MediaType::Json, &error(code, message, None))
}

/// The answer to who has asked too often and may ask again in `seconds`.
#[must_use]
pub fn rate_limited(seconds: u64) -> Response {
    let mut error = error("RATE_LIMITED", "Too many requests. Try again later.", None);
    error["extensions"]["retryAfter"] = json!(seconds);
    let mut response = answer(StatusCode::TOO_MANY_REQUESTS, MediaType::Json, &error);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Why a request was refused before it reached the schema.
///
/// Every message is a constant. The request may hold a code or a token, so none of it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The method, or a mutation by `GET`. `allow` goes into the header of that name.
    MethodNotAllowed {
        /// The methods that would do.
        allow: &'static str,
    },
    /// The client accepts no media type that we speak.
    NotAcceptable,
    /// The body is not declared to be JSON in UTF-8.
    UnsupportedMediaType,
    /// The body is larger than allowed.
    BodyTooLarge,
    /// The body is a list of requests.
    BatchingNotSupported,
    /// The request does not have the form of a GraphQL request.
    BadRequest(&'static str),
    /// It has cookies, and no proof that its page may act with them.
    CsrfRejected(Doubt),
    /// The guard refused the document.
    Document(guard::Refusal),
}

impl Refusal {
    /// The answer, in the media type that the client accepts.
    #[must_use]
    pub fn answer(self, media: MediaType) -> Response {
        let at = match self {
            Self::Document(guard::Refusal::Syntax { at }) => at,
            _ => None,
        };
        let error = error(self.code(), self.message(), at);
        let mut response = answer(self.status(media), media, &error);
        if let Self::MethodNotAllowed { allow } = self {
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static(allow));
        }
        // Its status may be 200: see `negotiation`.
        response.extensions_mut().insert(Observation {
            operation: None,
            outcome: Outcome::Refused,
        });
        response
    }

    const fn status(self, media: MediaType) -> StatusCode {
        match self {
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BatchingNotSupported | Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::CsrfRejected(_) => StatusCode::FORBIDDEN,
            Self::Document(_) => media.status_before_execution(),
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::BodyTooLarge => "BODY_TOO_LARGE",
            Self::BatchingNotSupported => "BATCHING_NOT_SUPPORTED",
            Self::BadRequest(_) => "BAD_REQUEST",
            Self::CsrfRejected(_) => "CSRF_REJECTED",
            Self::Document(refusal) => refusal.code(),
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::MethodNotAllowed { .. } => {
                "Send queries by GET or POST, and mutations by POST only."
            }
            Self::NotAcceptable => "Accept application/json or application/graphql-response+json.",
            Self::UnsupportedMediaType => "Send the request as application/json in UTF-8.",
            Self::BodyTooLarge => "The request's body is larger than 64 KiB.",
            Self::BatchingNotSupported => "Send one GraphQL request at a time.",
            Self::BadRequest(message) => message,
            Self::CsrfRejected(doubt) => doubt.message(),
            Self::Document(refusal) => refusal.message(),
        }
    }
}

impl From<guard::Refusal> for Refusal {
    fn from(refusal: guard::Refusal) -> Self {
        Self::Document(refusal)
    }
}

fn error(code: &str, message: &str, at: Option<Pos>) -> Value {
    let mut error = json!({ "message": message, "extensions": { "code": code } });
    if let Some(at) = at {
        error["locations"] = json!([at]);
    }
    error
}

fn answer(status: StatusCode, media: MediaType, error: &Value) -> Response {
    let headers = [
        (CONTENT_TYPE, media.content_type()),
        (CACHE_CONTROL, NO_STORE),
    ];
    (status, headers, Json(json!({ "errors": [error] }))).into_response()
}
