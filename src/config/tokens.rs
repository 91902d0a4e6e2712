//! Access tokens.

use std::time::Duration;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::tokens::access::AccessPolicy;
use crate::tokens::keys::Algorithm;

/// How access tokens are made.
#[derive(Clone, Debug)]
pub struct TokensConfig {
    /// What they say and how long they last.
    pub access: AccessPolicy,
    /// How they are signed.
    pub algorithm: Algorithm,
}

const ISSUER: Key = Key {
    name: "tokens.issuer",
    default: Default::Follows("`public_url`"),
    doc: "The `iss` of access tokens.",
};

const AUDIENCE: Key = Key {
    name: "tokens.audience",
    default: Default::Follows("`tokens.issuer`"),
    doc: "The `aud` of access tokens, which the backends that verify them expect.",
};

const ALGORITHM: Key = Key {
    name: "tokens.algorithm",
    default: Default::Is("ES256"),
    doc: "How access tokens are signed.",
};

const ACCESS_LIFETIME: Key = Key {
    name: "tokens.access_lifetime",
    default: Default::Is("15m"),
    doc: "How long an access token is good for. Other backends honour it until then, even after logout.",
};

pub(super) fn read(reader: &mut Reader, public_url: &url::Url) -> TokensConfig {
    let issuer = reader.value_or(
        &ISSUER,
        public_url.as_str().trim_end_matches('/'),
        &Form::text("an issuer"),
    );
    let audience = reader.value_or(&AUDIENCE, &issuer, &Form::text("an audience"));
    let lifetime = Form::duration(Duration::from_mins(1)..=Duration::from_hours(1));
    let algorithms = Form::choice([
        ("ES256", Algorithm::Es256),
        ("EdDSA", Algorithm::EdDsa),
        ("RS256", Algorithm::Rs256),
    ]);
    TokensConfig {
        algorithm: reader.value(&ALGORITHM, &algorithms),
        access: AccessPolicy {
            issuer,
            audience,
            lifetime: reader.value(&ACCESS_LIFETIME, &lifetime),
        },
    }
}
