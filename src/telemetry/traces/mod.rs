//! Traces, to an OTLP collector. Off unless `OTEL_EXPORTER_OTLP_ENDPOINT`, or the one of that name
//! for traces, says where to.

mod listed;
mod settings;

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tracing::Metadata;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::DynFilterFn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::{Layer, Registry};

use self::listed::Listed;
pub use self::settings::Misset;
use crate::trace_context::TARGET;

/// Why traces cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// A variable has a value that does not do.
    #[error("{0}")]
    Misset(#[from] Misset),
    /// The exporter cannot be made.
    #[error(
        "traces cannot be exported: {0}\n  Check the `OTEL_EXPORTER_OTLP_…` variables, or unset them."
    )]
    Exporter(#[from] ExporterBuildError),
}

/// What collects spans and sends them, by a thread of its own. No request waits for it: when the
/// collector is slow, spans that find the queue full are dropped.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// As the standard `OTEL_…` variables say; `None` when they ask for no traces. What they may be
    /// is judged here, since the SDK ignores what it cannot read; all else is the SDK's own reading.
    ///
    /// # Errors
    /// When a variable has a value that does not do.
    pub fn from_environment() -> Result<Option<Self>, TracesError> {
        if !settings::judge(&|name| std::env::var(name).ok())? {
            return Ok(None);
        }
        let exporter = SpanExporter::builder().with_http().build()?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Listed::new(exporter))
            .with_resource(resource())
            .build();
        global::set_text_map_propagator(TraceContextPropagator::new());
        Ok(Some(Self { provider }))
    }

    /// The layer that makes spans into what is exported.
    pub(super) fn layer(&self) -> Box<dyn Layer<Registry> + Send + Sync> {
        let layer = tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(env!("CARGO_PKG_NAME")))
            .with_location(false)
            .with_target(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        // The crate's default for what it does not know is to ask each time, of every library.
        let filter = DynFilterFn::new(is_exported)
            .with_callsite_filter(|metadata| {
                let ours = metadata.target() == TARGET;
                match metadata.is_span() && (ours || is_statement(metadata)) {
                    false => tracing::subscriber::Interest::never(),
                    true if ours => tracing::subscriber::Interest::always(),
                    true => tracing::subscriber::Interest::sometimes(),
                }
            })
            .with_max_level_hint(LevelFilter::INFO);
        layer.with_filter(filter).boxed()
    }

    /// Sends what is left, for as long as `limit` at most.
    pub async fn stop(self, limit: Duration) {
        // It waits for its thread, and so must not be on one of ours.
        let stopping = spawn_blocking(move || self.provider.shutdown_with_timeout(limit));
        if !matches!(timeout(limit * 2, stopping).await, Ok(Ok(Ok(())))) {
            tracing::warn!("some traces were not exported");
        }
    }
}

/// Spans that are meant to be, and within them those that the database library makes of statements:
/// outside, where the worker looks for messages each second, they would be a trace each. No events:
/// they are in the log, which is written with other eyes in mind.
fn is_exported(metadata: &Metadata<'_>, context: &Context<'_, Registry>) -> bool {
    metadata.is_span()
        && (metadata.target() == TARGET
            || (is_statement(metadata) && context.lookup_current().is_some()))
}

fn is_statement(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= tracing::Level::INFO && metadata.target().starts_with("sea_orm")
}

/// Who we are, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` says otherwise.
fn resource() -> Resource {
    let detected = Resource::builder().build();
    let name = detected.get(&"service.name".into());
    let is_named = name.is_some_and(|name| !name.as_str().starts_with("unknown_service"));
    let builder = Resource::builder();
    let builder = if is_named {
        builder
    } else {
        builder.with_service_name(env!("CARGO_PKG_NAME"))
    };
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    builder.with_attribute(version).build()
}
