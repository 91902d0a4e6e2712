//! Whose trace a piece of work belongs to: [W3C trace context], in and out.
//!
//! Without an exporter (`telemetry::traces`) there is no propagator and no span is traced, so that
//! nothing here does anything.
//!
//! [W3C trace context]: https://www.w3.org/TR/trace-context/

use headers::HeaderMap;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, global};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The target of the spans that are for traces. No other span of ours is exported, and none of
/// these is logged: what is written for one of the two cannot get into the other by itself.
pub const TARGET: &str = "countersign::traces";

/// Reads `traceparent` and `tracestate`. From who is `trusted`, `span` goes on with the trace they
/// tell of, and with the decision whether it is kept. From anybody else it begins a trace of its own
/// and only points to theirs; what they wrote into `tracestate` is not kept at all.
pub fn join(span: &Span, headers: &HeaderMap, trusted: bool) {
    let told = global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers))
    });
    let theirs = told.span().span_context().clone();
    if !theirs.is_valid() {
        return;
    }
    if trusted {
        // It fails where no span is traced.
        let _ = span.set_parent(told);
    } else {
        let (trace, parent) = (theirs.trace_id(), theirs.span_id());
        let (flags, state) = (TraceFlags::NOT_SAMPLED, TraceState::NONE);
        span.add_link(SpanContext::new(trace, parent, flags, true, state));
    }
}

/// The trace that `span` belongs to, for log lines; `None` when there is none.
#[must_use]
pub fn trace_id(span: &Span) -> Option<String> {
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// Calls `span` by another name, once it is known what it is about. To `tracing` a span's name is
/// fixed.
pub fn rename(span: &Span, name: &str) {
    span.context().span().update_name(name.to_owned());
}

/// `traceparent` and `tracestate` for a request to somebody else, made within the present span.
#[must_use]
pub fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    let context = Span::current().context();
    global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut HeaderInjector(&mut headers));
    });
    headers
}
