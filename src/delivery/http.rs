//! Asking a provider over HTTPS, and believing little of what comes back.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use super::SendError;
use super::targets::{self, Resolver};
use crate::domain::targets::Targets;
use crate::trace_context;

/// How much of an answer is read. What providers say of one message is a few hundred bytes.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How a provider answered.
pub(super) struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The whole body; `None` when it was too long, or broke off.
    body: Option<Vec<u8>>,
}

/// A client for one provider somewhere among `targets`, that gives each request `timeout`, from
/// asking for its address to the last byte of the answer.
///
/// # Errors
/// When there are no CA certificates on this machine.
pub(super) fn client(timeout: Duration, targets: &Targets) -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .timeout(timeout)
        .dns_resolver(Arc::new(Resolver::new(targets.clone())))
        // A redirected POST is another request to another server: credentials, code and all.
        .redirect(Policy::none())
        // Where messages go is in the configuration, and nowhere else.
        .no_proxy()
        // A provider's TLS end closes idle connections after a minute or so; one that is about to
        // be closed must not cost a message its first try.
        .pool_idle_timeout(Duration::from_secs(30))
        .build()
}

/// Asks, and reads the answer, as far as it is one.
///
/// # Errors
/// When no answer came; never with a word on what was asked.
pub(super) async fn ask(request: RequestBuilder) -> Result<Answer, SendError> {
    let request = request.headers(trace_context::headers());
    let mut response = request.send().await.map_err(|error| unheard(&error))?;
    let status = response.status();
    let mut body = Vec::new();
    let body = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST_ANSWER => body.extend(chunk),
            Ok(None) => break Some(body),
            // The status stands: what was taken stays taken, however its answer ends.
            Ok(Some(_)) | Err(_) => break None,
        }
    };
    Ok(Answer { status, body })
}

impl Answer {
    /// The body as JSON; `None` when it is gibberish, HTML, too long, or another JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }

    /// A refusal, judged by its status alone. What is wrong with this very request is about this
    /// message; everything else is about the provider, or about what it thinks of us.
    pub fn refusal(&self) -> SendError {
        match self.status {
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => {
                SendError::Temporary(self.in_short())
            }
            _ => SendError::Unwell(self.in_short()),
        }
    }

    /// What can be said of it without repeating it.
    pub fn in_short(&self) -> String {
        format!("status {}", self.status.as_u16())
    }
}

/// The library's own words hold the URL, and in it the account.
fn unheard(error: &reqwest::Error) -> SendError {
    let why = if targets::caused(error) {
        targets::PRIVATE
    } else if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    SendError::Unwell(why.to_owned())
}
