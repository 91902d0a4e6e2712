//! What is logged, and how.

use tracing_subscriber::EnvFilter;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// How a line looks.
    pub format: LogFormat,
    /// Which lines there are.
    pub filter: EnvFilter,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

const FORMAT: Key = Key {
    name: "log.format",
    default: Default::PerEnv {
        development: "text",
        production: "json",
    },
    doc: "How a line of the log looks: for people, or for machines.",
};

const FILTER: Key = Key {
    name: "log.filter",
    default: Default::Is("info"),
    doc: "What is logged. Also as RUST_LOG.",
};

pub(super) fn read(reader: &mut Reader) -> LogConfig {
    let filter = Form::new(
        "a filter such as `info` or `info,countersign=debug`",
        |text| EnvFilter::try_new(text).ok(),
    );
    LogConfig {
        format: reader.value(
            &FORMAT,
            &Form::choice([("text", LogFormat::Text), ("json", LogFormat::Json)]),
        ),
        filter: reader.value(&FILTER, &filter),
    }
}
