//! Counters, durations and the use of the pool, for Prometheus.

use std::time::Duration;

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const REQUEST_SECONDS: &str = "countersign_request_seconds";
/// From an answer that asks the database nothing, to one for which somebody has long given up.
const BUCKETS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// How often durations are put into their buckets. Nobody may ask for them, and as they came they
/// would fill the memory.
const UPKEEP: Duration = Duration::from_secs(5);

/// What is counted.
#[derive(Clone)]
pub struct Counts(PrometheusHandle);

impl Counts {
    /// Counts from now on.
    ///
    /// # Errors
    /// When somebody counts already.
    pub fn install() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &BUCKETS)?
            .install_recorder()?;
        describe();
        Ok(Self(handle))
    }

    /// All of it in Prometheus's text format, with the pool's connections as they are now.
    #[must_use]
    pub fn render(&self, open: u32, idle: u32, max: u32) -> String {
        gauge!("countersign_pool_connections", "state" => "idle").set(idle);
        gauge!("countersign_pool_connections", "state" => "in_use").set(open.saturating_sub(idle));
        gauge!("countersign_pool_connections_max").set(max);
        self.0.render()
    }

    /// Keeps it in order, for ever.
    pub async fn keep(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.0.run_upkeep();
        }
    }
}

fn describe() {
    describe_histogram!(
        REQUEST_SECONDS,
        Unit::Seconds,
        "How long requests took, by operation (the field at the root of the GraphQL operation, or the route) and outcome: answered, refused, failed."
    );
    describe_gauge!(
        "countersign_pool_connections",
        Unit::Count,
        "Open connections to the database, by state: idle, in_use."
    );
    describe_gauge!(
        "countersign_pool_connections_max",
        Unit::Count,
        "How many connections to the database there may be."
    );
    describe_gauge!(
        "countersign_signing_key_age_seconds",
        Unit::Seconds,
        "How long the key that signs has been doing so."
    );
    for (name, description) in [
        (
            "countersign_events_total",
            "Events of the audit trail, by event and outcome, such as code_requested and too_soon.",
        ),
        (
            "countersign_deliveries_total",
            "Messages that are settled, by channel and outcome: sent, failed, late.",
        ),
        (
            "countersign_reports_total",
            "What providers reported of messages that they had taken, by channel and outcome: delivered, returned, failed.",
        ),
        (
            "countersign_courier_failures_total",
            "Times that a courier did not take a message, by courier.",
        ),
        (
            "countersign_circuits_opened_total",
            "Times that a courier was left alone because it kept failing, by courier.",
        ),
        (
            "countersign_unreachable_total",
            "Contacts that a provider said cannot be reached, by channel.",
        ),
        (
            "countersign_limits_hit_total",
            "Times that a budget refused a code, a guess or an account, by limit, as `countersign limits show` names it.",
        ),
        (
            "countersign_toll_refused_total",
            "Messages to telephones that were not sent, by country and reason: country, kind, budget, paused.",
        ),
        (
            "countersign_toll_pauses_total",
            "Times that sending to a prefix was paused because codes did not come back, by channel and country.",
        ),
        (
            "countersign_floods_refused_total",
            "Requests that were refused because their client address had made too many.",
        ),
    ] {
        describe_counter!(name, Unit::Count, description);
    }
}
