//! The gateway is not asked: whatever is posted to it is a message. Its name is.

use super::check::Check;
use crate::delivery::targets::Resolver;
use crate::delivery::webhook::WebhookSettings;

const WEBHOOK: &str = "webhook";

pub(super) async fn check(settings: &WebhookSettings) -> Check {
    let url = &settings.url;
    // Without what follows the host, which may hold a secret.
    let origin = url.origin().ascii_serialization();
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().unwrap_or_default();
    let resolver = Resolver::new(settings.targets.clone());
    match resolver.resolve(host, port).await {
        Ok(_) => Check::ok(
            WEBHOOK,
            format!("{origin} was not asked: a call would be a message"),
        ),
        Err(error) => Check::problem(
            WEBHOOK,
            format!("{origin} cannot be reached ({error})"),
            "See that `webhook.url` is right. If the gateway is meant to be on a private address, \
             add that to `delivery.allow_private_targets`.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::targets::Targets;

    #[tokio::test]
    async fn a_gateway_on_a_private_address_is_a_problem_with_a_name() {
        let settings = |targets| WebhookSettings {
            url: "https://localhost:1/s3cret".parse().unwrap(),
            secrets: Vec::new(),
            timeout: Duration::from_secs(1),
            targets,
        };
        let refused = check(&settings(Targets::Public { and: Vec::new() })).await;
        let said = refused.to_string();
        assert!(
            refused.is_problem() && said.contains("delivery.allow_private_targets"),
            "{said}"
        );
        assert!(!said.contains("s3cret"), "{said}");
        assert!(!check(&settings(Targets::Anywhere)).await.is_problem());
    }
}
