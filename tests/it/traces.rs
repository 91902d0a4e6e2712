//! Traces, as a collector gets them from the real binary, and trace context, as others give it.

mod context;
mod disclosure;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use tokio::time::{sleep, timeout};

use crate::support::collector::{Collector, Exported, Manner};
use crate::support::database::TestDatabase;
use crate::support::process::{Process, command};
use crate::support::provider::Provider;

/// A server whose codes go to a webhook, and whose traces go to a collector.
struct Scene {
    server: Process,
    provider: Provider,
    collector: Collector,
    _database: TestDatabase,
    _folder: TempDir,
}

impl Scene {
    async fn start(manner: Manner, more: &[(&str, &str)]) -> Self {
        let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
        let (provider, collector) = (Provider::start().await, Collector::start(manner).await);
        let url = database.url();
        let mut environment = vec![
            ("DATABASE_URL", url.as_str()),
            ("COUNTERSIGN__SECRET", crate::support::SECRET),
            ("COUNTERSIGN__EMAIL__CHAIN", "webhook"),
            ("COUNTERSIGN__WEBHOOK__URL", &provider.url),
            (
                "COUNTERSIGN__WEBHOOK__SECRET",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url),
            // Not five seconds.
            ("OTEL_BSP_SCHEDULE_DELAY", "20"),
        ];
        environment.extend(more);
        let server = Process::start(folder.path(), &environment).await;
        Self {
            server,
            provider,
            collector,
            _database: database,
            _folder: folder,
        }
    }

    /// The code in the first message to the webhook.
    async fn code(&self) -> String {
        let coming = async {
            loop {
                if let Some(request) = self.provider.requests().first() {
                    let body: Value = serde_json::from_slice(&request.body).unwrap();
                    return body["data"]["code"].as_str().expect("a code").to_owned();
                }
                sleep(Duration::from_millis(20)).await;
            }
        };
        let came = timeout(Duration::from_secs(20), coming).await;
        came.expect("a message to the webhook")
    }

    /// Somebody signs in: their tokens.
    async fn sign_in(&self, email: &str) -> Value {
        let token = self.server.request_otp(email).await;
        let code = self.code().await;
        let signed_in = self.server.verify_otp(email, &code, &token).await;
        signed_in["tokens"].clone()
    }
}

fn names(spans: &[Exported]) -> Vec<&str> {
    spans.iter().map(|span| span.name.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_traced_down_to_its_statements_and_on_to_the_provider() {
    let scene = Scene::start(Manner::Takes, &[]).await;
    let tokens = scene.sign_in("ada@example.com").await;
    let access = tokens["accessToken"].as_str();
    scene
        .server
        .graphql("query Mine { me { id } }", Value::Null, access)
        .await;

    let collector = &scene.collector;
    for (operation, use_case) in [
        ("requestOtp", "request_otp"),
        ("verifyOtp", "verify_otp"),
        ("me", "signed_in"),
    ] {
        let request = collector.span(operation).await;
        assert_eq!(request.parent, "", "it begins a trace");
        assert_eq!(request.attribute("operation"), Some(operation));
        assert_eq!(request.attribute("outcome"), Some("answered"));
        assert_eq!(request.attribute("http.route"), Some("/graphql"));
        assert_eq!(request.attribute("http.request.method"), Some("POST"));
        assert_eq!(request.attribute("http.response.status_code"), Some("200"));
        assert_eq!(request.resource["service.name"], "countersign");
        let within = collector.within(&request);
        assert_eq!(names(&within), [use_case]);
        let statements = collector.within(&within[0]);
        assert!(!statements.is_empty(), "{operation} asks the database");
        for statement in &statements {
            assert!(statement.name.starts_with("sea_orm."), "{statement:?}");
            assert!(
                statement.attribute("db.operation").is_some(),
                "{statement:?}"
            );
        }
    }

    let deliver = collector.span("deliver").await;
    assert_eq!(deliver.parent, "", "the request was over");
    assert_eq!(deliver.attribute("channel"), Some("email"));
    let within = collector.within(&deliver);
    let send = within.iter().find(|span| span.name == "send");
    let send = send.unwrap_or_else(|| panic!("a send in {within:?}"));
    assert_eq!(send.attribute("courier"), Some("webhook"));
    assert_eq!(send.attribute("outcome"), Some("taken"));
    let told = &scene.provider.requests()[0];
    let told = told
        .header("traceparent")
        .expect("a traceparent")
        .to_owned();
    assert_eq!(told, format!("00-{}-{}-01", send.trace, send.id));

    // The worker, who looks for messages each second, leaves none of it.
    let roots = collector
        .spans()
        .into_iter()
        .filter(|span| span.parent.is_empty());
    for root in roots {
        let is_ours = !root.name.starts_with("sea_orm");
        assert!(is_ours, "a statement by itself: {root:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_or_not_graphql_is_traced_by_its_route() {
    let scene = Scene::start(Manner::Takes, &[]).await;
    scene
        .server
        .graphql("query Ada { ada { lovelace } }", Value::Null, None)
        .await;
    let refused = scene.collector.span("/graphql").await;
    assert_eq!(refused.attribute("outcome"), Some("refused"));
    assert!(!refused.is_error);
    let odd = reqwest::Method::from_bytes(b"LOVELACE").unwrap();
    let client = reqwest::Client::new();
    client
        .request(odd, scene.server.url("/ada"))
        .send()
        .await
        .unwrap();
    let unknown = scene.collector.span("none").await;
    assert_eq!(unknown.attribute("http.request.method"), Some("_OTHER"));
    assert_eq!(unknown.attribute("http.response.status_code"), Some("404"));
    let said = scene.collector.text().to_lowercase();
    assert!(
        !said.contains("lovelace") && !said.contains("ada"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_does_not_answer_holds_up_neither_a_login_nor_the_end() {
    for manner in [Manner::Hangs, Manner::Refuses] {
        // Room for no more than four spans: most are dropped.
        let small = [
            ("OTEL_BSP_MAX_QUEUE_SIZE", "4"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2"),
            // Whoever waited for the collector would wait for an hour.
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "3600000"),
        ];
        let scene = Scene::start(manner, &small).await;
        let begun = Instant::now();
        let tokens = scene.sign_in("ada@example.com").await;
        for _ in 0..50 {
            let me = "{ me { email } }";
            let answer = scene
                .server
                .graphql(me, Value::Null, tokens["accessToken"].as_str())
                .await;
            assert_eq!(answer["data"]["me"]["email"], "ada@example.com");
        }
        assert!(
            begun.elapsed() < Duration::from_mins(2),
            "{:?}",
            begun.elapsed()
        );
        assert!(!scene.collector.text().is_empty(), "it was asked");
        let begun = Instant::now();
        scene.server.terminate();
        assert!(scene.server.ended().await.success());
        assert!(
            begun.elapsed() < Duration::from_secs(25),
            "{:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_exported_at_the_end() {
    let slow = [("OTEL_BSP_SCHEDULE_DELAY", "3600000")];
    let scene = Scene::start(Manner::Takes, &slow).await;
    scene
        .server
        .graphql("{ __typename }", Value::Null, None)
        .await;
    assert!(
        scene.collector.spans().is_empty(),
        "nothing is due for an hour"
    );
    scene.server.terminate();
    assert!(scene.server.ended().await.success());
    let spans = scene.collector.spans();
    assert!(names(&spans).contains(&"introspection"), "{spans:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_ratios_are_as_the_standard_variables_say() {
    let variables = [
        ("OTEL_SERVICE_NAME", "front-door"),
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "deployment.environment.name=test",
        ),
        ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=k1"),
    ];
    let scene = Scene::start(Manner::Takes, &variables).await;
    let span = scene.collector.span("/readyz").await;
    assert_eq!(span.resource["service.name"], "front-door");
    assert_eq!(span.resource["deployment.environment.name"], "test");
    assert!(scene.collector.text().contains("\"api-key\": \"k1\""));

    let off = [("OTEL_TRACES_SAMPLER", "always_off")];
    let silent = Scene::start(Manner::Takes, &off).await;
    silent
        .server
        .graphql("{ __typename }", Value::Null, None)
        .await;
    silent.server.terminate();
    assert!(silent.server.ended().await.success());
    assert!(silent.collector.spans().is_empty());
}

#[test]
fn a_variable_that_does_not_do_is_told_with_the_way_out() {
    let folder = tempdir().unwrap();
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
    for (environment, remedy) in [
        (
            vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")],
            "http://",
        ),
        (
            vec![endpoint, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
            "4318",
        ),
        (
            vec![endpoint, ("OTEL_TRACES_SAMPLER", "sometimes")],
            "always_on",
        ),
    ] {
        let output = command(folder.path(), &environment).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        let (variable, _) = environment[environment.len() - 1];
        assert!(said.contains(variable) && said.contains(remedy), "{said}");
    }
}

/// A request that tells of a trace.
async fn ask_with(server: &Process, headers: &[(&str, &str)]) {
    let mut request = reqwest::Client::new()
        .post(server.url("/graphql"))
        .header("content-type", "application/json")
        .body(json!({ "query": "{ __typename }" }).to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    assert_eq!(request.send().await.unwrap().status(), 200);
}
