//! The parameters of a GraphQL request, from a body or a query string.

use async_graphql::Variables;
use axum::{extract::Query, http::Uri};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http::refusal::Refusal;

/// Members other than these are ignored: a token in a query string, say, which logs would keep.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    pub(super) query: String,
    pub(super) operation_name: Option<String>,
    /// Empty when absent or `null`.
    #[serde(default)]
    pub(super) variables: Variables,
    /// Decoded to refuse what is not an object; nothing here extends the protocol.
    #[serde(rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

impl Params {
    pub(super) fn from_body(body: &[u8]) -> Result<Self, Refusal> {
        // The JSON decoder checks only the strings that it keeps.
        let body = str::from_utf8(body).map_err(|_| MALFORMED)?;
        if body.trim_ascii_start().starts_with('[') {
            return Err(Refusal::BatchingNotSupported);
        }
        serde_json::from_str(body).map_err(|_| MALFORMED)
    }

    /// Needs no limit of its own: a [`Uri`] holds less than 64 KiB.
    pub(super) fn from_query(uri: &Uri) -> Result<Self, Refusal> {
        let Query(params) = Query::<QueryParams>::try_from_uri(uri).map_err(|_| MALFORMED)?;
        Ok(Self {
            query: params.query,
            operation_name: params.operation_name.filter(|name| !name.is_empty()),
            variables: decode(params.variables)?.unwrap_or_default(),
            _extensions: decode(params.extensions)?,
        })
    }
}

const MALFORMED: Refusal = Refusal::BadRequest(
    "Send an object with a string `query` and, if you like, a string `operationName` \
     and objects `variables` and `extensions`.",
);

/// As the query string has them: the objects as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueryParams {
    query: String,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// Decodes an object or `null`. In a URL, an empty parameter is an absent one.
fn decode<T: for<'de> Deserialize<'de>>(json: Option<String>) -> Result<Option<T>, Refusal> {
    match json.filter(|json| !json.is_empty()) {
        Some(json) => serde_json::from_str(&json).map_err(|_| MALFORMED),
        None => Ok(None),
    }
}
