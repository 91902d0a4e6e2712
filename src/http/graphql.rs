//! `/graphql`: the one door to the schema.
//!
//! A request is decoded, bounded and measured whole before any of it runs. Statuses and media types
//! follow the GraphQL-over-HTTP draft; the `graphql-http` audits hold us to it.

use std::time::Duration;

use async_graphql::{Executor, parser::types::OperationType};
use axum::{extract::Request, http::Method, response::Response};

use self::params::Params;
use super::{
    body,
    negotiation::{self, MediaType},
    refusal::Refusal,
};
use crate::graphql::guard::{self, Guard, Subject};

mod disclosure;
mod outcome;
mod params;

/// Answers HTTP requests with a schema.
#[derive(Debug)]
pub struct Door<E> {
    schema: E,
    guard: Guard,
    patience: Duration,
}

impl<E: Executor> Door<E> {
    /// A door to `schema` that lets through what `guard` admits, and waits for a body no longer than
    /// `patience`.
    pub const fn new(schema: E, guard: Guard, patience: Duration) -> Self {
        Self {
            schema,
            guard,
            patience,
        }
    }

    /// Answers one request. `context` adds what the resolvers must know of it, such as the caller;
    /// it is asked only once the request has been let through.
    pub async fn answer(
        &self,
        request: Request,
        context: impl FnOnce(async_graphql::Request) -> async_graphql::Request + Send,
    ) -> Response {
        let media = match MediaType::accepted_by(request.headers()) {
            Ok(media) => media,
            Err(refusal) => return refusal.answer(MediaType::Json),
        };
        match self.admit(request).await {
            Ok((subject, request)) => {
                let response = self.schema.execute(context(request)).await;
                outcome::answer(response, media, &subject)
            }
            Err(refusal) => refusal.answer(media),
        }
    }

    async fn admit(&self, request: Request) -> Result<(Subject, async_graphql::Request), Refusal> {
        let (parts, body) = request.into_parts();
        let params = if parts.method == Method::POST {
            negotiation::require_json(&parts.headers)?;
            Params::from_body(&body::read(&parts.headers, body, self.patience).await?)?
        } else if parts.method == Method::GET {
            Params::from_query(&parts.uri)?
        } else {
            return Err(Refusal::MethodNotAllowed { allow: "GET, POST" });
        };

        guard::admit_variables(&params.variables)?;
        let name = params.operation_name.as_deref();
        let admitted = self.guard.admit(&params.query, name)?;
        // A link or an image on any page can make a browser send a GET, with its cookies.
        if parts.method == Method::GET && admitted.operation != OperationType::Query {
            return Err(Refusal::MethodNotAllowed { allow: "POST" });
        }

        // The source stays behind: no extension or log can repeat what it does not have.
        let mut request = async_graphql::Request::new("").variables(params.variables);
        request.operation_name = params.operation_name;
        request.set_parsed_query(admitted.document);
        Ok((admitted.subject, request))
    }
}

#[cfg(test)]
mod tests;
