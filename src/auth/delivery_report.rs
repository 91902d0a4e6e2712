//! What a provider reports of a message that it took.

use uuid::Uuid;

use super::{Auth, Fault};
use crate::delivery::twilio::ReportState;
use crate::delivery::unreachable;
use crate::store::deliveries::{self, Report};
use crate::trace_context::TARGET;

/// The couriers that go through it have its name.
const TWILIO: &str = "twilio";

impl Auth {
    /// Notes Twilio's report on `delivery`. `false` when it is not Twilio's.
    ///
    /// A message that did not arrive goes by the channel's next courier, unless the person cannot
    /// be reached at all.
    ///
    /// # Errors
    /// When the database fails.
    #[tracing::instrument(target = TARGET, skip_all)]
    pub async fn note_twilio_report(
        &self,
        delivery: Uuid,
        signature: &str,
        form: &[(String, String)],
    ) -> Result<bool, Fault> {
        let Some(callbacks) = &self.callbacks else {
            return Ok(false);
        };
        let Some(report) = callbacks.read(delivery, signature, form) else {
            return Ok(false);
        };
        let reason = reason(report.state);
        let news = match report.state {
            ReportState::OnItsWay => return Ok(true),
            ReportState::Delivered => Report::Delivered,
            ReportState::Undelivered {
                permanent: true, ..
            } => Report::Failed(&reason),
            ReportState::Undelivered { .. } => Report::Returned(&reason),
        };
        let (db, now) = (self.store.pool(), self.clock.now());
        let from = (TWILIO, report.reference.as_str());
        let Some((channel, contact)) = deliveries::apply(db, delivery, from, news, now).await?
        else {
            return Ok(true);
        };
        let (way, outcome) = (channel.as_str(), news.as_str());
        metrics::counter!("countersign_reports_total", "channel" => way, "outcome" => outcome)
            .increment(1);
        if news != Report::Delivered {
            tracing::warn!(id = %delivery, courier = TWILIO, reason, outcome, "not delivered after all");
        }
        match news {
            Report::Delivered => {}
            Report::Failed(_) => unreachable::note(db, channel, &contact, now).await?,
            Report::Returned(_) => self.doorbell.ring(channel),
        }
        Ok(true)
    }
}

/// In Twilio's number, where it gives one.
fn reason(state: ReportState) -> String {
    match state {
        ReportState::Undelivered {
            code: Some(code), ..
        } => format!("error {code}"),
        _ => "undelivered".to_owned(),
    }
}
