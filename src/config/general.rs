//! What concerns the whole server: its address in the world, its secret, who may sign up.

use std::net::SocketAddr;

use secrecy::ExposeSecret;
use url::Url;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::ServerSecrets;
use crate::domain::secret::ServerSecret;
use crate::domain::user::Signup;

const PUBLIC_URL: Key = Key {
    name: "public_url",
    default: Default::Follows("`http://{http.host}:{http.port}`"),
    doc: "Where browsers and other backends reach this server. Production asks for https.",
};

const SECRET: Key = Key {
    name: "secret",
    default: Default::Follows(
        "in development one is made and kept beside the database; production asks for it",
    ),
    doc: "Every key is derived from it. To rotate, give a list, newest first: the older ones still verify.",
};

const SIGNUP: Key = Key {
    name: "signup",
    default: Default::Is("open"),
    doc: "Whether whoever proves to hold a contact gets an account, or only people who have one come in.",
};

const MAKE_A_SECRET: &str =
    "Make one with `openssl rand -hex 32` and give it in a file, as `secret_file`.";

pub(super) fn public_url(reader: &mut Reader, listening: SocketAddr) -> Url {
    let form = Form::new("an http or https URL without query and fragment", |text| {
        let web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty();
        let plain = |url: &Url| {
            url.password().is_none() && url.query().is_none() && url.fragment().is_none()
        };
        Url::parse(text).ok().filter(|url| web(url) && plain(url))
    });
    let url = reader.value_or(&PUBLIC_URL, &format!("http://{listening}"), &form);
    let is_judged = reader.is_refused(&PUBLIC_URL);
    if reader.env.is_production() && url.scheme() != "https" && !is_judged {
        let problem = format!(
            "`{url}` is not https, and sign-in codes and tokens would travel in clear text"
        );
        reader.refuse(
            PUBLIC_URL.name,
            problem,
            "Give the https URL that people reach this server by.",
        );
    }
    url
}

pub(super) fn secrets(reader: &mut Reader) -> Option<ServerSecrets> {
    let wanted =
        "base64url or hexadecimal text of at least 32 bytes, or a list of such, newest first";
    let texts = reader.secrets(&SECRET, wanted);
    let mut secrets = Vec::with_capacity(texts.len());
    for (position, text) in texts.iter().enumerate() {
        match ServerSecret::parse(text.expose_secret()) {
            Ok(secret) => secrets.push(secret),
            Err(error) => reader.refuse(
                SECRET.name,
                format!("number {} {error}", position + 1),
                MAKE_A_SECRET,
            ),
        }
    }
    let secrets = ServerSecrets::new(secrets);
    if secrets.is_none() && reader.env.is_production() {
        reader.missing(
            &SECRET,
            "every instance and every restart needs the same one",
            MAKE_A_SECRET,
        );
    }
    secrets
}

pub(super) fn signup(reader: &mut Reader) -> Signup {
    reader.value(
        &SIGNUP,
        &Form::choice([("open", Signup::Open), ("closed", Signup::Closed)]),
    )
}
