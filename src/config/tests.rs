//! What operators may rely on, and how the sections' own tests load a configuration. No test sees
//! the machine's own environment.

use std::io::Write;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::*;
use crate::domain::{Channel, Timestamp};

pub(super) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Sources from a file's text and from variables.
pub(super) fn sources(toml: &str, variables: &[(&str, &str)]) -> (Sources, NamedTempFile) {
    let file = file(toml);
    let environment = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    (
        Sources {
            file: Some(file.path().to_owned()),
            environment,
            flags: Vec::new(),
            now: Timestamp::from_micros(1_795_608_000_000_000),
        },
        file,
    )
}

pub(super) fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub(super) fn load(toml: &str, variables: &[(&str, &str)]) -> Result<Config, Problems> {
    let (sources, _file) = sources(toml, variables);
    Config::load(sources)
}

/// The keys that are refused.
pub(super) fn refused(toml: &str, variables: &[(&str, &str)]) -> Vec<String> {
    load(toml, variables)
        .err()
        .map_or_else(Vec::new, |problems| {
            problems.iter().map(|p| p.key.clone()).collect()
        })
}

/// What one section makes of a file, and the keys that it refuses.
pub(super) fn section<T>(toml: &str, read: impl FnOnce(&mut Reader) -> T) -> (T, Vec<String>) {
    let (sources, _file) = sources(toml, &[]);
    let now = sources.now;
    let mut reader = Reader::new(sources.merge().unwrap(), now);
    let settings = read(&mut reader);
    let problems = reader.finish().1.err();
    let keys = problems.map_or_else(Vec::new, |problems| {
        problems.iter().map(|problem| problem.key.clone()).collect()
    });
    (settings, keys)
}

/// A sound production file with `more` in place of, or beside, what it says.
pub(super) fn production(more: &[(&str, &str)]) -> Vec<String> {
    let sound = [
        ("COUNTERSIGN__ENV", "production"),
        ("COUNTERSIGN__PUBLIC_URL", "https://id.example.com"),
        ("COUNTERSIGN__SECRET", SECRET),
        ("COUNTERSIGN__SMTP__HOST", "mail.example.com"),
        ("COUNTERSIGN__SMTP__FROM", "Example <codes@example.com>"),
        ("COUNTERSIGN__TOLL__COUNTRIES", "GB"),
    ];
    refused("", &[&sound, more].concat())
}

#[test]
fn nothing_need_be_configured_in_development() {
    let config = Config::load(Sources::default()).unwrap();
    assert_eq!(config.env, Env::Development);
    assert_eq!(config.public_url.as_str(), "http://127.0.0.1:8000/");
    assert_eq!(config.tokens.access.issuer, "http://127.0.0.1:8000");
    assert_eq!(config.tokens.access.audience, config.tokens.access.issuer);
    assert!(
        config.secrets.is_none()
            && config.graphql.limits.introspection
            && config.database.auto_migrate
    );
    assert_eq!(
        config.delivery.chain(Channel::Email),
        [CourierName::Console]
    );
    assert_eq!(config.http.allowed_origins, AllowedOrigins::Any);
    assert_eq!(
        config.database.settings.sqlite_file(),
        Some("countersign.db".into())
    );
}

#[test]
fn flags_lie_above_the_environment_and_that_above_the_file() {
    let toml = "[http]\nport = 1\nhost = '10.0.0.1'\nshutdown_grace = '1m'\n[log]\nfilter = 'warn'";
    let variables = [
        ("PORT", "2"),
        ("COUNTERSIGN__HTTP__PORT", "3"),
        ("COUNTERSIGN__HTTP__HOST", "10.0.0.2"),
        ("COUNTERSIGN__HTTP__SHUTDOWN_GRACE", ""),
        ("RUST_LOG", "debug"),
    ];
    let (mut sources, _file) = sources(toml, &variables);
    sources.flags = vec![("http.host", "10.0.0.3".to_owned())];
    let config = Config::load(sources).unwrap();
    assert_eq!(config.http.listen.to_string(), "10.0.0.3:3");
    assert_eq!(
        config.http.shutdown_grace,
        Duration::from_mins(1),
        "an empty variable is an absent one"
    );
    assert_eq!(config.log.filter.to_string(), "debug");
}

#[test]
fn every_problem_is_told_at_once_with_its_remedy() {
    let toml = "
        env = 'staging'
        colour = 'blue'
        sms = 'console'
        http = { prot = 8000, port = 0, host = 'localhost' }
        otp = { digits = 5, attempts = [1], sms_lifetime = 300 }
        graphql = { playground = 'perhaps' }
        signup = { open = true }
    ";
    let problems = load(toml, &[]).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|p| (p.key.as_str(), p.remedy.as_str()))
        .collect();
    let wanted = [
        (
            "env",
            "Give `development` or `production`, or leave it out for `development`.",
        ),
        (
            "http.host",
            "Give an IP address, or leave it out for `127.0.0.1`.",
        ),
        (
            "http.port",
            "Give a whole number from 1 to 65535, or leave it out for `8000`.",
        ),
        (
            "graphql.playground",
            "Give `true` or `false`, or leave it out for `true`.",
        ),
        (
            "otp.digits",
            "Give a whole number from 6 to 8, or leave it out for `6`.",
        ),
        (
            "otp.attempts",
            "Give a whole number from 1 to 10, or leave it out for `5`.",
        ),
        (
            "otp.sms_lifetime",
            "Give a duration from 1m to 10m, or leave it out for `5m`.",
        ),
        (
            "colour",
            "Remove it; countersign.example.toml lists every key.",
        ),
        ("http.prot", "Did you mean `http.port`?"),
        (
            "signup.open",
            "Remove it; countersign.example.toml lists every key.",
        ),
        (
            "sms",
            "It is a section: set what is in it, such as `sms.chain`.",
        ),
    ];
    assert_eq!(told, wanted);
    assert!(
        problems
            .to_string()
            .contains("otp.digits: `5` is not a whole number from 6 to 8\n"),
        "{problems}"
    );
}

#[test]
fn bounds_belong_to_the_range() {
    for (key, inside, outside) in [
        ("TOKENS__ACCESS_LIFETIME", ["1m", "1h"], ["59s", "61m"]),
        ("SESSION__REFRESH_GRACE", ["0s", "2m"], ["121s", "-1s"]),
        ("OTP__DIGITS", ["6", "8"], ["5", "9"]),
        ("OTP__EMAIL_LIFETIME", ["1m", "30m"], ["59s", "31m"]),
        ("LIMITS__GUESSES_PER_CONTACT", ["3", "100"], ["2", "101"]),
        ("DATABASE__MAX_CONNECTIONS", ["1", "1000"], ["0", "1001"]),
    ] {
        let key = format!("COUNTERSIGN__{key}");
        for value in inside {
            assert!(refused("", &[(&key, value)]).is_empty(), "{key} = {value}");
        }
        for value in outside {
            assert_eq!(refused("", &[(&key, value)]).len(), 1, "{key} = {value}");
        }
    }
}

#[test]
fn a_chain_names_each_courier_once_and_none_alone() {
    let chain = |value| {
        let config = load("", &[("COUNTERSIGN__SMS__CHAIN", value)]).unwrap();
        config.delivery.chain(Channel::Sms).to_vec()
    };
    assert_eq!(chain("console"), [CourierName::Console]);
    assert_eq!(chain("none"), []);
    for wrong in ["console, none", "console, console", "smtp", "pigeon"] {
        assert_eq!(
            refused("", &[("COUNTERSIGN__SMS__CHAIN", wrong)]),
            ["sms.chain"],
            "{wrong}"
        );
    }
}

#[test]
fn a_session_cannot_end_before_it_may_idle() {
    let toml = "session = { refresh_lifetime = '30d', absolute_lifetime = '7d' }";
    assert_eq!(refused(toml, &[]), ["session.absolute_lifetime"]);
}

#[test]
fn lists_are_arrays_or_text_with_commas() {
    let only = |config: Config| match config.http.allowed_origins {
        AllowedOrigins::Only(origins) => {
            origins.iter().map(ToString::to_string).collect::<Vec<_>>()
        }
        AllowedOrigins::Any => panic!("exact origins were given"),
    };
    let wanted = ["https://a.example", "https://b.example"];
    let toml = "http.allowed_origins = ['https://a.example', 'https://b.example']";
    assert_eq!(only(load(toml, &[]).unwrap()), wanted);
    let variable = (
        "COUNTERSIGN__HTTP__ALLOWED_ORIGINS",
        "https://a.example, https://b.example",
    );
    assert_eq!(only(load("", &[variable]).unwrap()), wanted);
    assert_eq!(
        refused("http.allowed_origins = ['*', 'https://a.example']", &[]),
        ["http.allowed_origins"]
    );
}

#[test]
fn production_refuses_what_is_only_safe_on_ones_own_machine() {
    assert_eq!(production(&[]), [""; 0]);
    assert_eq!(
        refused("env = 'production'", &[]),
        ["public_url", "secret", "smtp.host", "smtp.from"]
    );
    for (variable, value, key) in [
        ("PUBLIC_URL", "http://id.example.com", "public_url"),
        ("PUBLIC_URL", "id.example.com", "public_url"),
        ("SECRET", "", "secret"),
        ("HTTP__ALLOWED_ORIGINS", "*", "http.allowed_origins"),
        ("EMAIL__CHAIN", "console", "email.chain"),
        ("SMS__CHAIN", "console", "sms.chain"),
        ("EMAIL__CHAIN", "smtp,console", "email.chain"),
        ("SMTP__SECURITY", "none", "smtp.security"),
    ] {
        assert_eq!(
            production(&[(&format!("COUNTERSIGN__{variable}"), value)]),
            [key],
            "{variable}={value}"
        );
    }
    let relay_here = [
        ("COUNTERSIGN__SMTP__SECURITY", "none"),
        ("COUNTERSIGN__SMTP__HOST", "localhost"),
        ("COUNTERSIGN__DELIVERY__ALLOW_PRIVATE_TARGETS", "127.0.0.1"),
    ];
    assert_eq!(production(&relay_here), [""; 0]);
    assert_eq!(production(&relay_here[..2]), ["smtp.host"]);
}
