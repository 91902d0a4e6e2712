//! Logs: what they look like, and what never gets into them; metrics; and traces.

pub mod metrics;
pub mod traces;

use std::io::IsTerminal;

use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{Layer, Registry, fmt};

use self::traces::Traces;
use crate::config::{LogConfig, LogFormat};
use crate::trace_context;

/// Writes the log to standard error from now on, and traces to `traces`.
pub fn install(config: &LogConfig, traces: Option<&Traces>) {
    let layers = [
        Some(log(config, std::io::stderr)),
        traces.map(Traces::layer),
    ];
    let layers: Vec<_> = layers.into_iter().flatten().collect();
    // A second call, as in a test, changes nothing.
    let _ = tracing::subscriber::set_global_default(Registry::default().with(layers));
}

/// A layer that writes to `writer` as `config` says.
///
/// Whatever the filter asks for, libraries are heard from `WARN` upwards only: below it they log
/// what passes through them, such as headers with tokens and mails with codes.
fn log<W>(config: &LogConfig, writer: W) -> Box<dyn Layer<Registry> + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = config.filter.clone().and(only_ours_below_warn());
    match config.format {
        LogFormat::Text => {
            // Colours are for eyes, not for files.
            let colours = std::io::stderr().is_terminal();
            let lines = fmt::layer().with_writer(writer).with_ansi(colours);
            lines.with_filter(filter).boxed()
        }
        LogFormat::Json => {
            let lines = fmt::layer().json().with_writer(writer);
            lines.with_filter(filter).boxed()
        }
    }
}

fn only_ours_below_warn() -> Targets {
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target(env!("CARGO_CRATE_NAME"), Level::TRACE)
        .with_target(trace_context::TARGET, LevelFilter::OFF)
}
