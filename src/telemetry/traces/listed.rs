//! What of a span leaves the process: names and numbers on a list, and nothing else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::Status;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanExporter};

/// The attributes that are exported. All of them take their values from our own words, but for the
/// ids of deliveries and the numbers of statuses.
const LISTED: [&str; 10] = [
    "channel",
    "courier",
    "db.operation",
    "db.system",
    "delivery",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "operation",
    "outcome",
];

/// An exporter that is handed listed attributes only. A library's span may hold more, such as the
/// text of a database's error, and with it an address.
#[derive(Debug)]
pub(super) struct Listed<E> {
    exporter: E,
    failing: AtomicBool,
}

impl<E> Listed<E> {
    pub(super) const fn new(exporter: E) -> Self {
        let failing = AtomicBool::new(false);
        Self { exporter, failing }
    }
}

impl<E: SpanExporter> SpanExporter for Listed<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(strip);
        let exported = self.exporter.export(batch).await;
        let was_failing = self.failing.swap(exported.is_err(), Ordering::Relaxed);
        match (&exported, was_failing) {
            // Not in its words: they hold the URL, and in it perhaps a password.
            (Err(_), false) => tracing::warn!("the collector does not take traces: some are lost"),
            (Ok(()), true) => tracing::info!("the collector takes traces again"),
            _ => {}
        }
        exported
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

fn strip(span: &mut SpanData) {
    let is_listed = |key: &str| LISTED.contains(&key);
    span.attributes
        .retain(|attribute| is_listed(attribute.key.as_str()));
    span.events = SpanEvents::default();
    if let Status::Error { description } = &mut span.status {
        *description = "".into();
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::KeyValue;
    use opentelemetry::trace::{Span, Tracer, TracerProvider};
    use opentelemetry_sdk::trace::SdkTracerProvider;

    use super::*;

    #[derive(Clone, Debug, Default)]
    struct Seen(std::sync::Arc<std::sync::Mutex<Vec<SpanData>>>);

    impl SpanExporter for Seen {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    #[test]
    fn what_is_not_listed_stays_behind() {
        let seen = Seen::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(Listed::new(seen.clone()))
            .build();
        let mut span = provider.tracer("").start("sea_orm.execute");
        span.set_attribute(KeyValue::new("db.operation", "INSERT"));
        for key in ["db.statement", "exception.message", "path", "user"] {
            span.set_attribute(KeyValue::new(key, "ada@example.com"));
        }
        span.add_event("ada@example.com", vec![]);
        span.set_status(Status::error("ada@example.com"));
        span.end();

        let spans = seen.0.lock().unwrap();
        assert_eq!(
            spans[0].attributes,
            [KeyValue::new("db.operation", "INSERT")]
        );
        assert_eq!(spans[0].status, Status::error(""));
        assert!(!format!("{spans:?}").contains("ada"), "{spans:?}");
    }
}
