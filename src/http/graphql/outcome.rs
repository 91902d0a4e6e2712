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
use crate::graphql::guard::Subject;
use crate::http::{
    negotiation::MediaType,
    observation::{Observation, Outcome},
    refusal::NO_STORE,
};

/// Enough to mend a document by. A small document can earn thousands.
const MAX_ERRORS: usize = 20;

/// The HTTP response for the schema's `response`, which is about `subject`.
pub(super) fn answer(
    response: async_graphql::Response,
    media: MediaType,
    subject: &Subject,
) -> Response {
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
    let observation = Observation {
        // What was not validated may ask for a field by any name.
        operation: executed.then(|| subject.as_str().to_owned()),
        outcome: outcome(&body.errors),
    };
    let headers = [
        (CONTENT_TYPE, media.content_type()),
        (CACHE_CONTROL, NO_STORE),
    ];
    let mut answer = (status, headers, Json(body)).into_response();
    answer.extensions_mut().insert(observation);
    answer
}

fn outcome(errors: &[ServerError]) -> Outcome {
    let is_fault = |error: &ServerError| {
        let code = error.extensions.as_ref().and_then(|it| it.get("code"));
        code == Some(&Value::from("INTERNAL_SERVER_ERROR"))
    };
    if errors.iter().any(is_fault) {
        Outcome::Failed
    } else if errors.is_empty() {
        Outcome::Answered
    } else {
        Outcome::Refused
    }
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
