//! `countersign doctor`: tries everything the server leans on, and says what to do.

mod check;
mod database;
mod files;
mod keys;
mod mail;
mod twilio;
mod webhook;

use std::io::{self, Write};

use self::check::Check;
use super::failure::Failure;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let mut checks = database::checks(&config.database).await;
    // The keys are rows too: without a database in order there are none to try.
    if !checks.iter().any(Check::is_problem) {
        checks.push(keys::check(config).await);
    }
    checks.extend(files::checks(config));
    if let Some(settings) = &config.delivery.smtp {
        checks.push(mail::check(settings).await);
    }
    if let Some(settings) = &config.delivery.twilio {
        checks.push(twilio::check(settings).await);
    }
    if let Some(settings) = &config.delivery.webhook {
        checks.push(webhook::check(settings).await);
    }

    let mut out = io::stdout();
    for check in &checks {
        writeln!(out, "{check}")?;
    }
    match checks.iter().filter(|check| check.is_problem()).count() {
        0 => Ok(()),
        1 => Err(Failure::failed("the doctor found a problem")),
        count => Err(Failure::Failed(format!(
            "the doctor found {count} problems"
        ))),
    }
}
