//! Does the present secret open the signing keys?

use super::check::Check;
use crate::auth::keys::KeyError;
use crate::config::Config;
use crate::server::{self, StartError};

const KEYS: &str = "signing keys";

pub(super) async fn check(config: &Config) -> Check {
    match server::check_keys(config).await {
        Ok(detail) => Check::ok(KEYS, detail),
        Err(StartError::Keys(KeyError::Sealed { kid, secret_id })) => {
            let what = format!(
                "{kid} was sealed under server secret {secret_id}, which is not configured"
            );
            Check::problem(
                KEYS,
                what,
                "Put that secret back into `secret`, after the newest one.",
            )
        }
        Err(error) => Check::problem(KEYS, error.to_string(), "Put that right, and ask again."),
    }
}
