//! What a request was and how it ended, in words for metrics and traces: all of them are ours, the
//! schema's or the router's. A stranger who could choose one would make a series out of each.

use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use tracing::Span;

use crate::trace_context;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer. What a person did wrong is one, too.
    Answered,
    /// Its sender asked for what there is not, or was not let in.
    Refused,
    /// By a fault of ours.
    Failed,
}

impl Outcome {
    /// Its label.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What `/graphql` knows of its answer and a status does not say. It is left among the answer's
/// extensions.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What was carried out, if anything was: only then the schema is known to have it.
    pub operation: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Counts the request that `response` answers, and completes its `span`.
pub fn observe(span: &Span, route: Option<MatchedPath>, response: &Response, took: Duration) {
    let status = response.status();
    let (operation, outcome) = match response.extensions().get::<Observation>() {
        Some(seen) => (seen.operation.clone(), seen.outcome),
        None => (None, by_status(status)),
    };
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let operation = operation.unwrap_or_else(|| route.clone());
    trace_context::rename(span, &operation);
    if outcome == Outcome::Failed {
        span.record("otel.status_code", "ERROR");
    }
    span.record("http.response.status_code", i64::from(status.as_u16()));
    span.record("http.route", route);
    span.record("operation", operation.as_str());
    span.record("outcome", outcome.as_str());
    metrics::histogram!(
        "countersign_request_seconds",
        "operation" => operation,
        "outcome" => outcome.as_str(),
    )
    .record(took);
}

/// The method, if it is one that is known: it may be any word.
#[must_use]
pub fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "_OTHER",
    }
}

fn by_status(status: StatusCode) -> Outcome {
    if status.is_server_error() {
        Outcome::Failed
    } else if status.is_client_error() {
        Outcome::Refused
    } else {
        Outcome::Answered
    }
}
