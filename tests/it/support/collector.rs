//! An OpenTelemetry collector: takes traces by OTLP over HTTP, or does not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

/// How a collector treats what it is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    Refuses,
    /// Never answers.
    Hangs,
}

/// A span as it came.
#[derive(Clone, Debug)]
pub struct Exported {
    pub trace: String,
    pub id: String,
    /// Empty when there is none.
    pub parent: String,
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// The traces that it points to.
    pub links: Vec<String>,
    pub is_error: bool,
    /// Where it comes from: `service.name` and more.
    pub resource: BTreeMap<String, String>,
}

impl Exported {
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.get(key).map(String::as_str)
    }
}

/// The collector.
#[derive(Clone)]
pub struct Collector {
    /// `http://127.0.0.1:` and its port.
    pub url: String,
    spans: Arc<Mutex<Vec<Exported>>>,
    /// Everything as it came, decoded.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let collector = Self {
            url: format!("http://{}", listener.local_addr().expect("an address")),
            spans: Arc::default(),
            requests: Arc::default(),
        };
        let ours = collector.clone();
        let take = post(async move |headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
            ours.note(&request, &headers);
            match manner {
                Manner::Takes => StatusCode::OK,
                Manner::Refuses => StatusCode::BAD_REQUEST,
                Manner::Hangs => std::future::pending().await,
            }
        });
        let router = Router::new().route("/v1/traces", take);
        tokio::spawn(async move { axum::serve(listener, router).await });
        collector
    }

    fn note(&self, request: &ExportTraceServiceRequest, headers: &HeaderMap) {
        let text = format!("{headers:?} {request:?}");
        self.requests.lock().unwrap().push(text);
        for of_resource in &request.resource_spans {
            let resource = of_resource.resource.as_ref().expect("a resource");
            let resource = attributes(&resource.attributes);
            let spans = of_resource
                .scope_spans
                .iter()
                .flat_map(|scope| &scope.spans);
            let spans = spans.map(|span| exported(span, &resource));
            self.spans.lock().unwrap().extend(spans);
        }
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Exported> {
        self.spans.lock().unwrap().clone()
    }

    /// Everything that came, as text.
    pub fn text(&self) -> String {
        self.requests.lock().unwrap().join("\n")
    }

    /// The first span of that name, when it has come.
    pub async fn span(&self, name: &str) -> Exported {
        let coming = async {
            loop {
                let found = self.spans().into_iter().find(|span| span.name == name);
                match found {
                    Some(span) => return span,
                    None => sleep(Duration::from_millis(20)).await,
                }
            }
        };
        let came = timeout(Duration::from_secs(20), coming).await;
        came.unwrap_or_else(|_| panic!("no {name} among {:#?}", self.spans()))
    }

    /// The spans right inside `span`, of those that came so far.
    pub fn within(&self, span: &Exported) -> Vec<Exported> {
        let all = self.spans().into_iter();
        all.filter(|it| it.parent == span.id && it.trace == span.trace)
            .collect()
    }
}

fn exported(span: &Span, resource: &BTreeMap<String, String>) -> Exported {
    Exported {
        trace: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        name: span.name.clone(),
        attributes: attributes(&span.attributes),
        links: span.links.iter().map(|link| hex(&link.trace_id)).collect(),
        is_error: span.status.as_ref().is_some_and(|status| status.code == 2),
        resource: resource.clone(),
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match pair.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(text.clone()),
        any_value::Value::IntValue(number) => Some(number.to_string()),
        other => Some(format!("{other:?}")),
    };
    let pairs = pairs.iter();
    pairs
        .filter_map(|pair| Some((pair.key.clone(), text(pair)?)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().concat()
}
