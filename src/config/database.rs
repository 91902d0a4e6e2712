//! The database.

use std::borrow::Cow;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use super::setting::REDACTED;
use crate::store::DatabaseSettings;

/// Where rows are kept.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// Which database, and how many connections to it.
    pub settings: DatabaseSettings,
    /// A copy of it that may be asked who is signed in.
    pub replica: Option<DatabaseSettings>,
    /// Whether `serve` brings the tables up to date.
    pub auto_migrate: bool,
}

impl DatabaseConfig {
    /// The URL for people to read, without its password.
    #[must_use]
    pub fn redacted_url(&self) -> String {
        redacted(self.settings.url.expose_secret())
    }

    /// The replica's URL, likewise.
    #[must_use]
    pub fn redacted_replica_url(&self) -> Option<String> {
        let replica = self.replica.as_ref()?;
        Some(redacted(replica.url.expose_secret()))
    }
}

const URL: Key = Key {
    name: "database.url",
    default: Default::Is("sqlite://countersign.db?mode=rwc"),
    doc: "SQLite for one server, PostgreSQL for several. Also as DATABASE_URL.",
};

const REPLICA_URL: Key = Key {
    name: "database.replica_url",
    default: Default::Unset,
    doc: "A streaming replica of a PostgreSQL database, which `me` asks first. It may be behind: a logout works there that much later.",
};

const MAX_CONNECTIONS: Key = Key {
    name: "database.max_connections",
    default: Default::Is("10"),
    doc: "Connections in the pool, and as many in that of a replica. Always 1 with SQLite, which has one writer.",
};

const AUTO_MIGRATE: Key = Key {
    name: "database.auto_migrate",
    default: Default::PerEnv {
        development: "true",
        production: "false",
    },
    doc: "Whether `serve` brings the tables up to date; otherwise `countersign migrate` does.",
};

const CONNECT_TIMEOUT: Key = Key {
    name: "database.connect_timeout",
    default: Default::Is("5s"),
    doc: "How long to wait for a connection.",
};

const WANTED: &str = "a `sqlite:`, `postgres://` or `postgresql://` URL";
const WANTED_OF_REPLICA: &str = "a `postgres://` or `postgresql://` URL";

pub(super) fn read(reader: &mut Reader) -> DatabaseConfig {
    let timeout = Form::duration(Duration::from_secs(1)..=Duration::from_mins(1));
    let url = url(reader);
    let replica_url = replica_url(reader, &url);
    let settings = DatabaseSettings {
        url,
        max_connections: reader.value(&MAX_CONNECTIONS, &Form::whole(1..=1_000)),
        connect_timeout: reader.value(&CONNECT_TIMEOUT, &timeout),
    };
    DatabaseConfig {
        replica: replica_url.map(|url| DatabaseSettings {
            url,
            ..settings.clone()
        }),
        settings,
        auto_migrate: reader.value(&AUTO_MIGRATE, &Form::flag()),
    }
}

fn url(reader: &mut Reader) -> SecretString {
    let default = SecretString::from(
        URL.default
            .value(reader.env)
            .expect("the URL has a default"),
    );
    let url = match reader.secret(&URL, WANTED) {
        None => default,
        Some(given) if is_database(given.expose_secret()) => given,
        Some(_) => {
            let remedy = format!(
                "Give {WANTED}; percent-encode what is special in the user's name and password."
            );
            reader.refuse(URL.name, format!("is not {WANTED}"), remedy);
            default
        }
    };
    reader.show(&URL, &redacted(url.expose_secret()));
    url
}

fn replica_url(reader: &mut Reader, of: &SecretString) -> Option<SecretString> {
    let url = reader.secret(&REPLICA_URL, WANTED_OF_REPLICA)?;
    if !is_postgres(url.expose_secret()) {
        let remedy = format!("Give {WANTED_OF_REPLICA}.");
        let problem = format!("is not {WANTED_OF_REPLICA}");
        reader.refuse(REPLICA_URL.name, problem, remedy);
        return None;
    }
    if !is_postgres(of.expose_secret()) {
        reader.refuse(
            REPLICA_URL.name,
            "is given, and `database.url` is SQLite, which has no replicas",
            "Leave it out, or move to PostgreSQL.",
        );
        return None;
    }
    reader.show(&REPLICA_URL, &redacted(url.expose_secret()));
    Some(url)
}

fn is_database(url: &str) -> bool {
    url.starts_with("sqlite:") || is_postgres(url)
}

fn is_postgres(url: &str) -> bool {
    let is_postgres =
        |url: Url| matches!(url.scheme(), "postgres" | "postgresql") && !url.cannot_be_a_base();
    Url::parse(url).is_ok_and(is_postgres)
}

fn redacted(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut url) = Url::parse(url) else {
        return REDACTED.to_owned();
    };
    // A placeholder that needs no percent-encoding, so that it can be found again.
    let hidden = "REDACTED";
    if url.password().is_some() && url.set_password(Some(hidden)).is_err() {
        return REDACTED.to_owned();
    }
    // The driver also takes a `password` parameter.
    if url.query_pairs().any(|(name, _)| name == "password") {
        let hide = |(name, value): (Cow<str>, Cow<str>)| {
            let value = if name == "password" {
                hidden.to_owned()
            } else {
                value.into_owned()
            };
            (name.into_owned(), value)
        };
        let pairs: Vec<_> = url.query_pairs().map(hide).collect();
        url.query_pairs_mut().clear().extend_pairs(pairs);
    }
    url.as_str().replace(hidden, REDACTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{load, refused};

    #[test]
    fn only_the_password_is_hidden() {
        assert_eq!(
            redacted("postgres://ada:hunter2@db/auth"),
            "postgres://ada:[redacted]@db/auth"
        );
        assert_eq!(
            redacted("postgresql://db/auth?password=hunter2"),
            "postgresql://db/auth?password=[redacted]"
        );
        assert_eq!(
            redacted("postgres://db/auth?sslmode=require"),
            "postgres://db/auth?sslmode=require"
        );
        assert_eq!(
            redacted("sqlite://countersign.db?mode=rwc"),
            "sqlite://countersign.db?mode=rwc"
        );
    }

    #[test]
    fn a_replica_is_of_a_postgresql_database() {
        let primary = "database.url = 'postgres://db/auth'\n";
        let with = |url: &str| format!("database.replica_url = '{url}'");
        let sound = load(
            &(primary.to_owned() + &with("postgres://ada:hunter2@copy/auth")),
            &[],
        );
        let config = sound.unwrap().database;
        let shown = config.redacted_replica_url();
        assert_eq!(
            shown.as_deref(),
            Some("postgres://ada:[redacted]@copy/auth")
        );
        for toml in [
            with("postgres://copy/auth"),
            primary.to_owned() + &with("sqlite://copy.db"),
            primary.to_owned() + &with("copy"),
        ] {
            assert_eq!(refused(&toml, &[]), ["database.replica_url"], "{toml}");
        }
    }

    #[test]
    fn other_databases_are_refused() {
        for url in ["mysql://db/auth", "postgres:db", "countersign.db", ""] {
            assert!(!is_database(url), "{url}");
        }
    }
}
