//! What a provider reports of a message that it took.

use uuid::Uuid;

use super::{Auth, Fault};
use crate::delivery::twilio::ReportState;
use crate::domain::limit::{UNREACHABLE, unreachable_key};
use crate::store::deliveries::{self, Report};
use crate::store::limits;

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
        let (reason, permanent) = match report.state {
            ReportState::OnItsWay => return Ok(true),
            ReportState::Delivered => (None, false),
            ReportState::Undelivered { code, permanent } => {
                let code =
                    code.map_or_else(|| "undelivered".to_owned(), |code| format!("error {code}"));
                (Some(code), permanent)
            }
        };
        let news = match &reason {
            None => Report::Delivered,
            Some(reason) if permanent => Report::Failed(reason),
            Some(reason) => Report::Returned(reason),
        };
        let (db, now) = (self.store.pool(), self.clock.now());
        let from = (TWILIO, report.reference.as_str());
        let noted = deliveries::apply(db, delivery, from, news, now).await?;
        if let (Some((channel, contact)), Some(reason)) = (noted, &reason) {
            tracing::warn!(id = %delivery, courier = TWILIO, reason, permanent, "not delivered after all");
            if permanent {
                let key = unreachable_key(channel, &contact);
                limits::spend(db, &key, UNREACHABLE, now).await?;
            } else {
                self.doorbell.ring(channel);
            }
        }
        Ok(true)
    }
}
