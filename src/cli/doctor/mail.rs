//! Does the mail server take our greeting?

use super::check::Check;
use crate::delivery::smtp::{Smtp, SmtpSettings};
use crate::delivery::targets::PRIVATE;

const MAIL: &str = "mail";

pub(super) async fn check(settings: &SmtpSettings) -> Check {
    let server = format!("{}:{}", settings.host, settings.port);
    let greeted = match Smtp::new(settings) {
        Ok(smtp) => smtp.greet().await.map_err(|error| error.to_string()),
        Err(_) => Err("not a name that a certificate could be for".to_owned()),
    };
    match greeted {
        Ok(()) => Check::ok(MAIL, format!("{server} takes our greeting")),
        Err(why) => {
            let remedy = if why.contains(PRIVATE) {
                "If the mail server is meant to be there, add its address to \
                 `delivery.allow_private_targets`."
            } else {
                "Compare `smtp.host`, `smtp.port`, `smtp.security` and the credentials with what \
                 the mail server's operator says."
            };
            Check::problem(
                MAIL,
                format!("{server} refuses our greeting ({why})"),
                remedy,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::delivery::smtp::SmtpSecurity;
    use crate::domain::targets::Targets;

    #[tokio::test]
    async fn a_mail_server_that_is_not_there_is_a_problem() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let settings = SmtpSettings {
            host: closed.ip().to_string(),
            port: closed.port(),
            security: SmtpSecurity::None,
            credentials: None,
            from: "codes@example.com".parse().unwrap(),
            timeout: Duration::from_secs(1),
            extra_authorities: Vec::new(),
            max_connections: 1,
            targets: Targets::Anywhere,
        };
        assert!(check(&settings).await.is_problem());

        let strict = SmtpSettings {
            targets: Targets::Public { and: Vec::new() },
            ..settings
        };
        let refused = check(&strict).await.to_string();
        assert!(refused.contains("add its address to"), "{refused}");
    }
}
