//! From what the schema answered to what goes over the wire.

use async_graphql::{ServerError, Value};
use axum::{
    Json,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::disclosure::disclosed;
use crate::http::{negotiation::MediaType, refusal::NO_STORE};

/// Enough to mend a document by. A small document can earn thousands.
const MAX_ERRORS: usize = 20;

/// The HTTP response for the schema's `response`.
pub(super) fn answer(response: async_graphql::Response, media: MediaType) -> Response {
    let executed = was_executed(&response);
    let status = if executed {
        StatusCode::OK
    } else {
        media.status_before_execution()
    };
    let body = Body {
        data: executed.then_some(response.data),
        errors: response
            .errors
            .into_iter()
            .take(MAX_ERRORS)
            .map(disclosed)
            .collect(),
    };
    let headers = [
        (CONTENT_TYPE, media.content_type()),
        (CACHE_CONTROL, NO_STORE),
    ];
    (status, headers, Json(body)).into_response()
}

/// async-graphql does not say whether it came to execution. But an error of validation has no path,
/// and an error of execution has one.
fn was_executed(response: &async_graphql::Response) -> bool {
    response.data != Value::Null
        || response.errors.is_empty()
        || response.errors.iter().any(|error| !error.path.is_empty())
}

#[derive(Serialize)]
struct Body {
    /// Absent, not `null`, if nothing was executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}
