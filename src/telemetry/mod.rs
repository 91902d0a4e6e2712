//! Logs: what they look like, and what never gets into them; and metrics.

pub mod metrics;

use std::io::IsTerminal;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::config::{LogConfig, LogFormat};

/// Writes the log to standard error from now on.
pub fn install(config: &LogConfig) {
    // A second call, as in a test, changes nothing.
    let _ = tracing::subscriber::set_global_default(subscriber(config, std::io::stderr));
}

/// A subscriber that writes to `writer` as `config` says.
///
/// Whatever the filter asks for, libraries are heard from `WARN` upwards only: below it they log
/// what passes through them, such as headers with tokens and mails with codes.
pub fn subscriber<W>(config: &LogConfig, writer: W) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = config.filter.clone().and(only_ours_below_warn());
    match config.format {
        LogFormat::Text => {
            // Colours are for eyes, not for files.
            let colours = std::io::stderr().is_terminal();
            let lines = fmt::layer().with_writer(writer).with_ansi(colours);
            Box::new(layered(lines, filter))
        }
        LogFormat::Json => Box::new(layered(fmt::layer().json().with_writer(writer), filter)),
    }
}

fn layered(
    lines: impl Layer<Registry> + Send + Sync,
    filter: impl tracing_subscriber::layer::Filter<Registry> + Send + Sync + 'static,
) -> impl tracing::Subscriber + Send + Sync {
    Registry::default().with(lines.with_filter(filter))
}

fn only_ours_below_warn() -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(env!("CARGO_CRATE_NAME"), Level::TRACE)
}
