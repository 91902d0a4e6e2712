//! Does the present secret open the signing keys?

use super::check::Check;
use crate::server;
use crate::config::Config;

const KEYS: &str = "signing keys";

pub(super) async fn check(config: &Config) -> Check {
    match server::check_keys(config).await {
        Ok(detail) => Check::ok(KEYS, detail),
        Err(error) => {
            let remedy =
                "Put the secret they were made under back into `secret`, after the newest one.";
            Check::problem(KEYS, error.to_string(), remedy)
        }
    }
}
