//! The mail server that e-mail goes out through.

use std::path::Path;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::client::{Certificate, TlsParameters, TlsParametersBuilder};

use super::endpoint::is_loopback;
use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use super::targets::refuse_private;
use crate::delivery::smtp::{SmtpSecurity, SmtpSettings};
use crate::domain::targets::Targets;

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
    doc: "How long connecting to the mail server may take; handing it a message, three times as long.",
};

const CA_FILE: Key = Key {
    name: "smtp.ca_file",
    default: Default::Unset,
    doc: "Certificates of authorities to believe besides the usual ones: for a mail server with a private one.",
};

const MAX_CONNECTIONS: Key = Key {
    name: "smtp.max_connections",
    default: Default::Is("8"),
    doc: "How many connections to the mail server there may be at once.",
};

/// Reads and judges the keys even when mail does not go out by SMTP; `needed` says that it does,
/// and what is missing is then a problem. `None` when something is.
pub(super) fn read(reader: &mut Reader, needed: bool, targets: &Targets) -> Option<SmtpSettings> {
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
    let extra_authorities = authorities(reader);
    let max_connections = reader.value(&MAX_CONNECTIONS, &Form::whole(1..=64));

    if needed {
        let because = "e-mail goes out by SMTP";
        match &host {
            None => reader.missing(&HOST, because, "Name the mail server."),
            Some(host) => refuse_private(reader, &HOST, host, targets),
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
        extra_authorities,
        max_connections,
        targets: targets.clone(),
    })
}

fn usual_port(security: SmtpSecurity) -> &'static str {
    match security {
        SmtpSecurity::Tls => "465",
        SmtpSecurity::StartTls => "587",
        SmtpSecurity::None => "25",
    }
}

/// Read here, so that a file that is none is told before the first message needs it.
fn authorities(reader: &mut Reader) -> Vec<Certificate> {
    let Some(path) = reader.optional(&CA_FILE, &Form::text("the path of a PEM file")) else {
        return Vec::new();
    };
    match certificates(Path::new(&path)) {
        Ok(certificates) => certificates,
        Err(why) => {
            let remedy = "Name a PEM file of CA certificates that this user can read.";
            reader.refuse(CA_FILE.name, format!("{path} {why}"), remedy);
            Vec::new()
        }
    }
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    let text = std::fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let blocks = pem::parse_many(text).map_err(|_| "is not a PEM file".to_owned())?;
    let blocks = blocks.iter().filter(|block| block.tag() == "CERTIFICATE");
    let read = |block: &pem::Pem| Certificate::from_der(block.contents().to_vec()).ok();
    let certificates: Vec<_> = blocks.filter_map(read).collect();
    // Whether they are certificates is not asked before they are to be used.
    let used = TlsParameters::builder("localhost".to_owned());
    let add = |tls: TlsParametersBuilder, certificate: &Certificate| {
        tls.add_root_certificate(certificate.clone())
    };
    if certificates.is_empty() || certificates.iter().fold(used, add).build().is_err() {
        return Err("holds no CA certificates".to_owned());
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::SmtpSecurity;
    use crate::config::tests::{file, load, refused};

    #[test]
    fn smtp_knows_its_ports_and_its_credentials() {
        let toml = "
            email.chain = 'smtp'
            smtp = { host = 'mail.example.com', from = 'codes@example.com', username = 'ada', password = 'p, w', security = 'tls' }
        ";
        let smtp = load(toml, &[]).unwrap().delivery.smtp.unwrap();
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
        for connections in ["0", "65"] {
            let toml = format!("smtp.max_connections = {connections}");
            assert_eq!(refused(&toml, &[]), ["smtp.max_connections"]);
        }
    }

    #[test]
    fn a_file_of_authorities_is_read_with_the_configuration() {
        let authority = |path: &str| refused(&format!("smtp.ca_file = '{path}'"), &[]);
        let of = |text: &str| authority(file(text).path().to_str().unwrap());
        let private = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let private = private.cert.pem();
        assert_eq!(of(&private), [""; 0]);
        assert_eq!(authority("/nowhere/at/all"), ["smtp.ca_file"]);
        let broken = private.replace("MII", "AAA");
        for text in ["", "not PEM", &broken] {
            assert_eq!(of(text), ["smtp.ca_file"], "{text}");
        }
    }
}
