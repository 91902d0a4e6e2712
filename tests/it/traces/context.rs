//! What others tell of a trace, and what is made of it.

use super::{Scene, ask_with};
use crate::support::collector::Manner;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const UNSAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
const PROXY: (&str, &str) = ("COUNTERSIGN__HTTP__TRUSTED_PROXIES", "127.0.0.1");

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxys_trace_goes_on_and_the_log_names_it() {
    let json = ("COUNTERSIGN__LOG__FORMAT", "json");
    let debug = ("RUST_LOG", "debug");
    let scene = Scene::start(Manner::Takes, &[PROXY, json, debug]).await;
    ask_with(&scene.server, &[("traceparent", SAMPLED)]).await;
    let request = scene.collector.span("introspection").await;
    assert_eq!(
        (request.trace.as_str(), request.parent.as_str()),
        (TRACE, "00f067aa0ba902b7")
    );
    let log = scene.server.output();
    let line = log.lines().find(|line| line.contains(TRACE));
    let line = line.unwrap_or_else(|| panic!("no line of the trace in {log}"));
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["span"]["trace_id"], TRACE);
    assert!(line["span"]["id"].is_string(), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_decides_what_is_kept() {
    let scene = Scene::start(Manner::Takes, &[PROXY]).await;
    ask_with(&scene.server, &[("traceparent", UNSAMPLED)]).await;
    scene.server.terminate();
    assert!(scene.server.ended().await.success());
    let spans = scene.collector.spans();
    assert!(
        spans.iter().all(|span| span.name != "introspection"),
        "{spans:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_trace_is_pointed_to_and_decides_nothing() {
    for sent in [UNSAMPLED, SAMPLED] {
        let scene = Scene::start(Manner::Takes, &[]).await;
        let state = ("tracestate", "who=ada-lovelace");
        ask_with(&scene.server, &[("traceparent", sent), state]).await;
        let request = scene.collector.span("introspection").await;
        assert_ne!(request.trace, TRACE);
        assert_eq!(request.parent, "");
        assert_eq!(request.links, [TRACE]);
        assert!(!scene.collector.text().contains("lovelace"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_have_everything_kept() {
    // Keeps almost nothing of its own accord; of the trace ids that end in zeros, all.
    let ratio = ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
    let share = ("OTEL_TRACES_SAMPLER_ARG", "0.000001");
    let scene = Scene::start(Manner::Takes, &[ratio, share]).await;
    let chosen = "00-4bf92f3577b34da60000000000000001-00f067aa0ba902b7-01";
    for sent in [SAMPLED, chosen] {
        ask_with(&scene.server, &[("traceparent", sent)]).await;
    }
    scene.server.terminate();
    assert!(scene.server.ended().await.success());
    assert!(
        scene.collector.spans().is_empty(),
        "{:?}",
        scene.collector.spans()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_traceparent_that_is_none_begins_a_trace() {
    let scene = Scene::start(Manner::Takes, &[PROXY]).await;
    for sent in [
        "",
        "garbage",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
    ] {
        ask_with(&scene.server, &[("traceparent", sent)]).await;
    }
    scene.server.terminate();
    assert!(scene.server.ended().await.success());
    let spans = scene.collector.spans();
    let requests: Vec<_> = spans
        .iter()
        .filter(|it| it.name == "introspection")
        .collect();
    assert_eq!(requests.len(), 6, "{spans:?}");
    for request in requests {
        assert_eq!(request.parent, "");
        assert!(request.links.is_empty() && request.trace != TRACE);
    }
}
