//! What is counted for Prometheus, read as Prometheus reads it.

use serde_json::Value;
use tempfile::tempdir;

use crate::support::database::TestDatabase;
use crate::support::process::{Process, command, free_port, with_mail};
use crate::support::smtp::{Fault, MailServer, Step};

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_reads_what_became_of_messages_on_a_socket_of_its_own() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let unknown = (Step::RcptTo, Fault::Reply("550 5.1.1 unknown"));
    let busy = (Step::RcptTo, Fault::Reply("451 later"));
    let mail = MailServer::scripted(vec![unknown, busy]).await;
    let (url, port) = (database.url(), mail.port().to_string());
    let listen = format!("127.0.0.1:{}", free_port());
    let mut environment = with_mail(&url, &port);
    environment.push(("COUNTERSIGN__METRICS__LISTEN", &listen));
    let server = Process::start(folder.path(), &environment).await;

    server.request_otp("nobody@example.com").await;
    mail.reached(Step::RcptTo).await;
    server.request_otp("ada@example.com").await;
    mail.first_mail().await;
    let again = "mutation { requestOtp(input: { recipient: { email: \"ada@example.com\" } }) \
                 { userErrors { code } } }";
    server.graphql(again, Value::Null, None).await;
    let wanted = [
        r#"countersign_limits_hit_total{limit="send"} 1"#,
        r#"countersign_deliveries_total{channel="email",outcome="failed"} 1"#,
        r#"countersign_deliveries_total{channel="email",outcome="sent"} 1"#,
        r#"countersign_unreachable_total{channel="email"} 1"#,
        r#"countersign_events_total{event="code_requested",outcome="accepted"} 2"#,
        r#"countersign_courier_failures_total{courier="smtp"} 1"#,
    ];
    let counted = async {
        loop {
            let metrics = reqwest::get(format!("http://{listen}/metrics")).await;
            let metrics = metrics.unwrap().text().await.unwrap();
            if wanted.iter().all(|line| metrics.contains(line)) {
                return metrics;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let metrics = tokio::time::timeout(std::time::Duration::from_secs(20), counted).await;
    let metrics = metrics.expect("all of it is counted");
    assert!(!metrics.contains("ada"), "{metrics}");
    let public = reqwest::get(server.url("/metrics")).await.unwrap();
    assert_eq!(public.status(), 404);
    assert!(
        server.output().contains("reply 550 5.1.1"),
        "the log has the provider's code"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn durations_are_by_operation_and_a_stranger_makes_no_series() {
    let (database, folder) = (TestDatabase::create().await, tempdir().unwrap());
    let (url, listen) = (database.url(), format!("127.0.0.1:{}", free_port()));
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("COUNTERSIGN__SECRET", crate::support::SECRET),
        ("COUNTERSIGN__METRICS__LISTEN", &listen),
        ("COUNTERSIGN__DATABASE__MAX_CONNECTIONS", "7"),
    ];
    let server = Process::start(folder.path(), &environment).await;
    let ask = async |query: &str| server.graphql(query, Value::Null, None).await;

    let code = "mutation { requestOtp(input: { recipient: { email: \"ada@example.com\" } }) \
                { userErrors { code } } }";
    ask(code).await;
    ask("query MadeUp1 { me { id } }").await;
    ask("query MadeUp2 { again: me { id } }").await;
    let nobody = Some("garbage");
    server.graphql("{ me { id } }", Value::Null, nobody).await;
    ask("query MadeUp3 { madeUp4 { id } }").await;
    ask("query MadeUp5 { me { madeUp6 } }").await;
    ask("{ __typename madeUp7").await;
    ask("{ __schema { queryType { name } } }").await;
    reqwest::get(server.url("/madeUp8?madeUp9")).await.unwrap();

    let metrics = reqwest::get(format!("http://{listen}/metrics")).await;
    let metrics = metrics.unwrap().text().await.unwrap();
    let count = |operation: &str, outcome: &str| {
        let series = format!(
            "countersign_request_seconds_count{{operation=\"{operation}\",outcome=\"{outcome}\"}} "
        );
        let line = metrics.lines().find_map(|line| line.strip_prefix(&series));
        line.map_or(0, |count| count.parse::<u64>().unwrap())
    };
    assert_eq!(count("requestOtp", "answered"), 1, "{metrics}");
    assert_eq!(count("me", "answered"), 2, "{metrics}");
    assert_eq!(count("me", "refused"), 1, "{metrics}");
    assert_eq!(count("/graphql", "refused"), 3, "{metrics}");
    assert_eq!(count("introspection", "answered"), 1, "{metrics}");
    assert_eq!(count("none", "refused"), 1, "{metrics}");
    assert!(count("/readyz", "answered") >= 1, "{metrics}");
    assert!(!metrics.to_lowercase().contains("madeup"), "{metrics}");
    for bound in ["0.0005", "0.1", "10", "+Inf"] {
        let bucket = format!("operation=\"requestOtp\",outcome=\"answered\",le=\"{bound}\"");
        assert!(metrics.contains(&bucket), "{bucket} in {metrics}");
    }

    let max = if url.starts_with("sqlite") { 1 } else { 7 };
    let gauge = |series: &str| {
        let line = metrics.lines().find_map(|line| line.strip_prefix(series));
        line.unwrap_or_else(|| panic!("no {series} in {metrics}"))
            .trim()
            .parse::<u64>()
            .unwrap()
    };
    assert_eq!(gauge("countersign_pool_connections_max "), max);
    let idle = gauge("countersign_pool_connections{state=\"idle\"}");
    let in_use = gauge("countersign_pool_connections{state=\"in_use\"}");
    assert!((1..=max).contains(&(idle + in_use)), "{idle} and {in_use}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_for_metrics_that_is_taken_is_told_with_the_way_out() {
    let folder = tempdir().unwrap();
    let server = Process::start(folder.path(), &[]).await;
    let taken = format!("127.0.0.1:{}", server.port());
    let environment = [("COUNTERSIGN__METRICS__LISTEN", taken.as_str())];
    let output = command(folder.path(), &environment).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains(&taken) && said.contains("metrics.listen"),
        "{said}"
    );
}

#[test]
fn the_alerts_and_the_dashboard_ask_for_what_is_counted() {
    let counters = include_str!("../../src/telemetry/metrics.rs");
    for asked in [
        include_str!("../../docs/operating/monitoring/alerts.yml"),
        include_str!("../../docs/operating/monitoring/dashboard.json"),
    ] {
        let words = asked.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let names: Vec<_> = words
            .filter(|word| word.starts_with("countersign_"))
            .collect();
        assert!(!names.is_empty());
        for name in names {
            let parts = ["_bucket", "_count", "_sum"];
            let part = parts.iter().find_map(|part| name.strip_suffix(part));
            let name = part.unwrap_or(name);
            assert!(counters.contains(&format!("\"{name}\"")), "{name}");
        }
    }
}
