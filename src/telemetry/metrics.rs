//! Counters, and a gauge, for Prometheus.

use metrics::{Unit, describe_counter, describe_gauge};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Counts from now on; the handle renders what was counted.
///
/// # Errors
/// When somebody counts already.
pub fn install() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().install_recorder()?;
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
    describe_gauge!(
        "countersign_signing_key_age_seconds",
        Unit::Seconds,
        "How long the key that signs has been doing so."
    );
    Ok(handle)
}
