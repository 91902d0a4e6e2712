//! The command line: one file per command.

mod audit;
mod configuration;
mod doctor;
mod failure;
mod flags;
mod healthcheck;
mod keys;
mod limits;
mod migrate;
mod schema;
mod serve;
mod sessions;
mod sms;
mod templates;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use uuid::Uuid;

use self::audit::Since;
use self::failure::Failure;
use self::flags::Flags;
use crate::auth::keys::Begins;

/// A self-hosted, passwordless GraphQL authentication server.
///
/// Exits with 0 when all went well, 1 when it did not, and 2 when the command line or the
/// configuration is to be put right first.
#[derive(Parser)]
#[command(name = "countersign", version, about)]
pub struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Subcommand)]
enum Command {
    /// Serve until told to stop. The default.
    Serve,
    /// Bring the database's tables up to date.
    Migrate,
    /// Print the GraphQL schema.
    Schema,
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Try the wording of messages out.
    #[command(subcommand)]
    Templates(TemplatesCommand),
    /// Look for what is wrong with the database, the mail server, the keys and the clock.
    Doctor,
    /// Ask a running server on this machine whether it is well.
    Healthcheck,
    /// Look at messages to telephones.
    #[command(subcommand)]
    Sms(SmsCommand),
    /// Look at what happened: sign-ins, refusals, ended sessions.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look at the budgets of a contact or a client address, or make them whole.
    #[command(subcommand)]
    Limits(LimitsCommand),
    /// Look at the sessions of a person, or end them.
    #[command(subcommand)]
    Sessions(SessionsCommand),
    /// Look at the keys that sign access tokens, put the next one to use, or revoke one.
    #[command(subcommand)]
    Keys(KeysCommand),
}

#[derive(Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Tell every problem of the configuration.
    Check,
    /// Print the values in force, secrets redacted.
    Show,
}

#[derive(Clone, Copy, Subcommand)]
enum SmsCommand {
    /// Print what was sent and came back, per country, and where sending is paused.
    Report {
        /// How far back to look; 35 days are kept.
        #[arg(long, default_value = "24h", value_parser = humantime::parse_duration)]
        since: Duration,
    },
}

#[derive(Clone, Subcommand)]
enum AuditCommand {
    /// Print the last 50 events.
    Tail {
        /// Go on with those that happen from now on.
        #[arg(long)]
        follow: bool,
    },
    /// Print events as JSON, one object in each line.
    Export {
        /// How far back to begin: a time (RFC 3339), or a duration such as 24h.
        #[arg(long, value_parser = Since::read)]
        since: Since,
        /// Only what happened at this e-mail address or telephone number. Others see a command
        /// line; the database never sees the contact.
        #[arg(long)]
        contact: Option<String>,
    },
}

#[derive(Clone, Subcommand)]
enum LimitsCommand {
    /// Print what is left of each budget, and when it is whole again.
    Show {
        /// An e-mail address, a telephone number or an IP address.
        who: String,
    },
    /// Make all budgets whole, for somebody who was kept out.
    Clear {
        /// An e-mail address, a telephone number or an IP address.
        who: String,
    },
}

#[derive(Clone, Subcommand)]
enum SessionsCommand {
    /// Print the live sessions of a person, newest first.
    List {
        /// Their e-mail address or telephone number.
        who: String,
    },
    /// End all sessions of a person, at once: a lost telephone, somebody who has left.
    End {
        /// Their e-mail address or telephone number.
        who: String,
        /// Only this one, by its id in `countersign sessions list`.
        #[arg(long)]
        session: Option<Uuid>,
    },
}

#[derive(Clone, Subcommand)]
enum KeysCommand {
    /// Print all keys, the newest first.
    List,
    /// Make the next key before its time. It signs once it was public for `tokens.publish_before`.
    Rotate {
        /// Have the next key sign at once. Other backends may not know it yet.
        #[arg(long)]
        now: bool,
    },
    /// Refuse, from now on, all that a key has signed. If it is the one that signs, the next does.
    Revoke {
        /// Which key, as `countersign keys list` and the JWKS call it.
        // One name in 64 begins with a hyphen.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
}

#[derive(Clone, Subcommand)]
enum TemplatesCommand {
    /// Make every message in every language, and tell what is missing or wrong.
    Check,
    /// Write every message as a file, to look at.
    Preview {
        /// The folder to write to.
        #[arg(default_value = "preview")]
        folder: PathBuf,
    },
}

impl Cli {
    /// Runs the command and tells how it ended.
    pub async fn run(self) -> ExitCode {
        // On the heap, as below: these futures are too large to pass about on the stack.
        match Box::pin(self.command.unwrap_or(Command::Serve).run(self.flags)).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.report(),
        }
    }
}

impl Command {
    async fn run(self, flags: Flags) -> Result<(), Failure> {
        match self {
            Self::Serve => Box::pin(serve::run(flags.config()?)).await,
            Self::Migrate => migrate::run(&flags.config()?).await,
            Self::Schema => schema::run(),
            Self::Config(ConfigCommand::Check) => configuration::check(flags),
            Self::Config(ConfigCommand::Show) => configuration::show(flags),
            Self::Templates(TemplatesCommand::Check) => templates::check(flags),
            Self::Templates(TemplatesCommand::Preview { folder }) => {
                templates::preview(flags, &folder)
            }
            Self::Doctor => doctor::run(&flags.config()?).await,
            Self::Healthcheck => healthcheck::run(flags).await,
            Self::Sms(SmsCommand::Report { since }) => sms::report(&flags.config()?, since).await,
            Self::Audit(AuditCommand::Tail { follow }) => {
                audit::tail(&flags.config()?, follow).await
            }
            Self::Audit(AuditCommand::Export { since, contact }) => {
                audit::export(&flags.config()?, since, contact.as_deref()).await
            }
            Self::Limits(LimitsCommand::Show { who }) => limits::show(&flags.config()?, &who).await,
            Self::Limits(LimitsCommand::Clear { who }) => {
                limits::clear(&flags.config()?, &who).await
            }
            Self::Sessions(SessionsCommand::List { who }) => {
                sessions::list(&flags.config()?, &who).await
            }
            Self::Sessions(SessionsCommand::End { who, session }) => {
                sessions::end(&flags.config()?, &who, session).await
            }
            Self::Keys(KeysCommand::List) => keys::list(&flags.config()?).await,
            Self::Keys(KeysCommand::Rotate { now }) => {
                let begins = if now { Begins::Now } else { Begins::Published };
                keys::rotate(&flags.config()?, begins).await
            }
            Self::Keys(KeysCommand::Revoke { kid }) => keys::revoke(&flags.config()?, &kid).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_may_stand_on_either_side_of_the_command() {
        for line in [
            ["countersign", "--port", "1", "doctor"],
            ["countersign", "doctor", "--port", "1"],
        ] {
            let cli = Cli::try_parse_from(line).unwrap();
            assert!(matches!(cli.command, Some(Command::Doctor)));
        }
    }
}
