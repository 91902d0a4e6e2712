//! The gateway is not asked: whatever is posted to it is a message.

use super::check::Check;
use crate::delivery::webhook::WebhookSettings;

pub(super) fn check(settings: &WebhookSettings) -> Check {
    // Without what follows the host, which may hold a secret.
    let origin = settings.url.origin().ascii_serialization();
    Check::ok(
        "webhook",
        format!("{origin} was not asked: a call would be a message"),
    )
}
