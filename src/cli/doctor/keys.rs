//! Do the present secrets open the signing keys, and are all of them needed for that?

use super::check::Check;
use crate::auth::keys::{KeyError, Listed, Vault};
use crate::config::Config;
use crate::domain::rotation::KeyState;
use crate::server::{self, StartError};

const KEYS: &str = "signing keys";

pub(super) async fn check(config: &Config) -> Check {
    match tried(config).await {
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

async fn tried(config: &Config) -> Result<String, StartError> {
    let vault = server::vault(config).await?;
    let tried = told(&vault).await;
    vault.store.close().await;
    Ok(tried?)
}

/// Makes no key, and changes none.
async fn told(vault: &Vault) -> Result<String, KeyError> {
    vault.check().await?;
    let keys = vault.list().await?;
    let Some(signer) = keys.iter().find(|key| key.state == KeyState::Active) else {
        return Ok("none yet: the first start makes one".to_owned());
    };
    let (kid, algorithm) = (&signer.dates.kid, &signer.dates.algorithm);
    let is_of_an_older = |key: &&Listed| key.state.verifies() && !key.is_sealed_anew;
    let older = match keys.iter().filter(is_of_an_older).count() {
        0 => "all are sealed under the newest secret",
        _ => "an older secret is still needed; an hour after its start the server seals anew",
    };
    Ok(format!("{kid} signs with {algorithm}; {older}"))
}
