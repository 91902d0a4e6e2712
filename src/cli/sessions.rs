//! `countersign sessions list` and `countersign sessions end`

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::sync::Arc;

use sea_orm::DbErr;
use uuid::Uuid;

use super::failure::Failure;
use crate::auth::operator::Operator;
use crate::config::Config;
use crate::domain::clock::SystemClock;
use crate::domain::device::Label;
use crate::domain::entropy::SystemEntropy;
use crate::domain::{Contact, Session, SessionId};
use crate::store::Store;

/// Prints the live sessions of `who`. Changes nothing.
pub(super) async fn list(config: &Config, who: &str) -> Result<(), Failure> {
    let contact = read(config, who)?;
    let sessions = with_operator(config, async |it| it.sessions(&contact).await).await?;
    match sessions {
        None => Err(nobody(&contact)),
        Some(sessions) => print(&table(&contact, &sessions)),
    }
}

/// Ends the sessions of `who`, or one of them.
pub(super) async fn end(config: &Config, who: &str, only: Option<Uuid>) -> Result<(), Failure> {
    let contact = read(config, who)?;
    let only = only.map(SessionId);
    let ended = with_operator(config, async |it| it.end(&contact, only).await).await?;
    let Some(ended) = ended else {
        return Err(nobody(&contact));
    };
    let whose = contact.identity();
    if let (Some(session), []) = (only, ended.as_slice()) {
        let what = format!("{whose} has no live session {}", session.0);
        return Err(Failure::Failed(what));
    }
    print(&match ended.as_slice() {
        [] => format!("{whose} has no live session.\n"),
        ended => format!(
            "Ended of {whose}: {}. What these sessions hold opens nothing here any more. Other \
             backends believe their access tokens until those expire.\n",
            counted(ended.len())
        ),
    })
}

fn read(config: &Config, who: &str) -> Result<Contact, Failure> {
    let who = who.trim();
    Contact::parse(who, config.phone.default_region).ok_or_else(|| {
        Failure::CommandLine(format!(
            "`{}` is neither an e-mail address nor a telephone number with its country code",
            who.escape_debug()
        ))
    })
}

fn nobody(contact: &Contact) -> Failure {
    Failure::Failed(format!("nobody has an account of {}", contact.identity()))
}

async fn with_operator<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Operator) -> Result<T, DbErr>,
) -> Result<T, Failure> {
    let store = Store::connect(&config.database.settings).await;
    let operator = Operator {
        store: store.map_err(Failure::failed)?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    let done = work(&operator).await;
    operator.store.close().await;
    done.map_err(Failure::failed)
}

fn table(contact: &Contact, sessions: &[Session]) -> String {
    let mut text = String::new();
    write_table(&mut text, contact, sessions).expect("a string takes all that is written");
    text
}

fn write_table(to: &mut String, contact: &Contact, sessions: &[Session]) -> std::fmt::Result {
    let count = counted(sessions.len());
    writeln!(to, "Live sessions of {}: {count}.", contact.identity())?;
    for session in sessions {
        let shown = |label: &Option<Label>| match label {
            Some(label) => label.as_str().to_owned(),
            None => "–".to_owned(),
        };
        let from = session
            .ip_address
            .map_or_else(|| "–".to_owned(), |ip| ip.to_string());
        writeln!(to, "\n{}", session.id.0)?;
        writeln!(to, "  opened     {} from {from}", session.created_at)?;
        writeln!(to, "  last seen  {}", session.last_seen_at)?;
        writeln!(to, "  expires    {}", session.expires_at)?;
        writeln!(to, "  device     {}", shown(&session.device_name))?;
        writeln!(to, "  agent      {}", shown(&session.user_agent))?;
    }
    Ok(())
}

fn counted(sessions: usize) -> String {
    match sessions {
        1 => "1 session".to_owned(),
        count => format!("{count} sessions"),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}
