//! `countersign healthcheck`, for containers that bring no other HTTP client.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::redirect::Policy;

use super::failure::Failure;
use super::flags::Flags;

const TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn run(flags: Flags) -> Result<(), Failure> {
    // Docker knows only 0 and 1 here: a configuration that is not sound is one more failure.
    let unsound =
        |_| Failure::failed("the configuration is not sound; see `countersign config check`");
    let config = flags.config().map_err(unsound)?;
    let url = format!("http://{}/healthz", config.http.dial());
    // The server is on this machine: a proxy from the environment would ask another one.
    let client = reqwest::Client::builder()
        .no_proxy()
        // Nor is there TLS on the way to it, so that CA certificates need not be read, nor be there.
        .tls_certs_only([])
        .timeout(TIMEOUT)
        // Somebody else's health is not ours.
        .redirect(Policy::none())
        .build()
        .map_err(Failure::failed)?;
    let answer = client
        .get(&url)
        .send()
        .await
        .map_err(|error| unwell(&url, &error))?;
    match answer.status() {
        StatusCode::OK => Ok(()),
        status => Err(Failure::Failed(format!("{url} answers {status}"))),
    }
}

fn unwell(url: &str, error: &reqwest::Error) -> Failure {
    let why = if error.is_timeout() {
        format!("does not answer within {} seconds", TIMEOUT.as_secs())
    } else {
        "cannot be reached".to_owned()
    };
    Failure::Failed(format!("{url} {why}"))
}
