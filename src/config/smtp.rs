//! The mail server that e-mail goes out through.

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::Mailbox;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::delivery::smtp::{SmtpSecurity, SmtpSettings};

const HOST: Key = Key {
    name: "smtp.host",
    default: Default::Unset,
    doc: "The mail server's name.",
};

const PORT: Key = Key {
    name: "smtp.port",
    default: Default::Follows("465 with `tls`, 587 with `starttls`, 25 with `none`"),
    doc: "The mail server's port.",
};

const SECURITY: Key = Key {
    name: "smtp.security",
    default: Default::Is("starttls"),
    doc: "How the connection is encrypted. `none` is refused in production, except to this very machine.",
};

const USERNAME: Key = Key {
    name: "smtp.username",
    default: Default::Unset,
    doc: "The user to sign in as, if any.",
};

const PASSWORD: Key = Key {
    name: "smtp.password",
    default: Default::Unset,
    doc: "That user's password.",
};

const FROM: Key = Key {
    name: "smtp.from",
    default: Default::Unset,
    doc: "The sender that people see.",
};

const TIMEOUT: Key = Key {
    name: "smtp.timeout",
    default: Default::Is("10s"),
    doc: "How long the mail server may take to answer.",
};

/// Reads and judges the keys even when mail does not go out by SMTP; `needed` says that it does,
/// and what is missing is then a problem. `None` when something is.
pub(super) fn read(reader: &mut Reader, needed: bool) -> Option<SmtpSettings> {
    let host = reader.optional(&HOST, &Form::text("a host name"));
    let security = Form::choice([
        ("tls", SmtpSecurity::Tls),
        ("starttls", SmtpSecurity::StartTls),
        ("none", SmtpSecurity::None),
    ]);
    let security = reader.value(&SECURITY, &security);
    let port = reader.value_or(&PORT, usual_port(security), &Form::whole(1..=u16::MAX));
    let username = reader.optional(&USERNAME, &Form::text("a user's name"));
    let password = reader.secret(&PASSWORD, "a password");
    let mailbox = Form::new("a sender such as `Example <codes@example.com>`", |text| {
        text.parse::<Mailbox>().ok()
    });
    let from = reader.optional(&FROM, &mailbox);
    let timeout = reader.value(
        &TIMEOUT,
        &Form::duration(Duration::from_secs(1)..=Duration::from_mins(1)),
    );

    if needed {
        let because = "e-mail goes out by SMTP";
        if host.is_none() {
            reader.missing(&HOST, because, "Name the mail server.");
        }
        if from.is_none() {
            reader.missing(&FROM, because, format!("Give {}.", mailbox.wanted));
        }
        if username.is_some() && password.is_none() {
            reader.missing(
                &PASSWORD,
                "`smtp.username` is given",
                "Give it in a file, as `smtp.password_file`.",
            );
        }
        if username.is_none() && password.is_some() {
            reader.missing(
                &USERNAME,
                "a password is given",
                "Name the user whose password it is.",
            );
        }
        let in_the_clear = security == SmtpSecurity::None
            && host.as_deref().is_some_and(|host| !is_loopback(host));
        if in_the_clear && reader.env.is_production() {
            let problem = "`none` would send people's codes in clear text over the network";
            reader.refuse(
                SECURITY.name,
                problem,
                "Use `tls` or `starttls`, or a relay on this very machine.",
            );
        }
    }
    Some(SmtpSettings {
        host: host?,
        port,
        security,
        credentials: username.zip(password),
        from: from?,
        timeout,
        extra_authorities: Vec::new(),
        max_connections: 8,
    })
}

fn usual_port(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Tls => "465",
        SmtpSecurity::StartTls => "587",
        SmtpSecurity::None => "25",
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::SmtpSecurity;
    use crate::config::tests::{load, refused};

    #[test]
    fn smtp_knows_its_ports_and_its_credentials() {
        let toml = "
            email.chain = 'smtp'
            smtp = { host = 'mail.example.com', from = 'codes@example.com', username = 'ada', password = 'p, w', security = 'tls' }
        ";
        let smtp = load(toml, &[]).unwrap().smtp.unwrap();
        assert_eq!((smtp.port, smtp.security), (465, SmtpSecurity::Tls));
        let (user, password) = smtp.credentials.unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("ada", "p, w"));

        let without_password = toml.replace(", password = 'p, w'", "");
        assert_eq!(refused(&without_password, &[]), ["smtp.password"]);
        assert_eq!(
            refused("smtp.from = 'nobody'", &[]),
            ["smtp.from"],
            "judged though nobody asked for SMTP"
        );
    }
}
