//! `countersign keys list`, `countersign keys rotate` and `countersign keys revoke`

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::failure::Failure;
use crate::auth::keys::{Begins, KeyError, Listed, Revoked, Vault};
use crate::config::Config;
use crate::domain::clock::{Clock, SystemClock};
use crate::domain::rotation::{KeyDates, KeyState};
use crate::domain::{Kid, Timestamp};
use crate::http::jwks;
use crate::server;

/// Prints all keys, the newest first. Changes nothing.
pub(super) async fn list(config: &Config) -> Result<(), Failure> {
    let keys = with_vault(config, Vault::list).await?;
    print(&table(&keys))
}

/// Has a next key made, or begin.
pub(super) async fn rotate(config: &Config, begins: Begins) -> Result<(), Failure> {
    let key = with_vault(config, async |vault| vault.rotate(begins).await).await?;
    let now = SystemClock.now();
    print(&match begins {
        Begins::Published => format!(
            "{} is published, and signs from {} on.\n",
            key.kid, key.activates_at
        ),
        Begins::Now => format!("{} signs from now on.\n{}", key.kid, warning(&key, now)),
    })
}

/// Revokes a key: its tokens are refused from now on.
pub(super) async fn revoke(config: &Config, kid: &str) -> Result<(), Failure> {
    let Some(named) = Kid::parse(kid.trim()) else {
        let what = format!(
            "`{}` is not the name of a key: `countersign keys list` has them",
            kid.escape_debug()
        );
        return Err(Failure::CommandLine(what));
    };
    let now = SystemClock.now();
    match with_vault(config, async |vault| vault.revoke(named).await).await? {
        Revoked::Unknown => Err(Failure::Failed(format!("there is no key {named}"))),
        Revoked::Already(at) => print(&format!("{named} was revoked at {at}.\n")),
        Revoked::Done(signer) => print(&format!(
            "{named} is revoked: what it has signed is refused here from now on. Other backends \
             believe it until they have read the public keys again, which they may keep for {}.\n\
             {} signs.\n{}",
            humantime::format_duration(jwks::MAX_AGE),
            signer.kid,
            warning(&signer, now)
        )),
    }
}

async fn with_vault<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Vault) -> Result<T, KeyError>,
) -> Result<T, Failure> {
    let vault = server::vault(config).await.map_err(Failure::failed)?;
    let done = work(&vault).await;
    vault.store.close().await;
    done.map_err(Failure::failed)
}

/// For a key that not everybody can have read yet.
fn warning(key: &KeyDates, now: Timestamp) -> String {
    if key.created_at + jwks::MAX_AGE <= now {
        return String::new();
    }
    format!(
        "It was not published before: other backends that keep the public keys may refuse its \
         tokens for {}.\n",
        humantime::format_duration(jwks::MAX_AGE)
    )
}

fn table(keys: &[Listed]) -> String {
    let mut text = String::new();
    write_table(&mut text, keys).expect("a string takes all that is written");
    text
}

fn write_table(to: &mut String, keys: &[Listed]) -> std::fmt::Result {
    writeln!(
        to,
        "{:<43}  {:<9}  {:<7}  {:<24}  verifies until",
        "kid", "algorithm", "state", "signs from"
    )?;
    for Listed { dates, state, .. } in keys {
        let (state, until) = match state {
            KeyState::Waiting => ("waiting", "–".to_owned()),
            KeyState::Active => ("active", "–".to_owned()),
            KeyState::Retired { until } => ("retired", until.to_string()),
            KeyState::Over => ("over", "–".to_owned()),
            KeyState::Revoked => {
                let at = dates.revoked_at.unwrap_or_default();
                ("revoked", at.to_string())
            }
        };
        let KeyDates {
            kid,
            algorithm,
            activates_at,
            ..
        } = dates;
        // Times are padded as text: their own `Display` takes no width.
        let begins = activates_at.to_string();
        writeln!(
            to,
            "{kid:<43}  {algorithm:<9}  {state:<7}  {begins:<24}  {until}"
        )?;
    }
    Ok(())
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}
